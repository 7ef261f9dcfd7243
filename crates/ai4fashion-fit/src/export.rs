//! The trained network as the file that `ai4fashion-garment` reads.

use ai4fashion_garment::__private::{LARGEST, shape::LAYOUT_CHANNELS};
use ai4fashion_kernels::nn::{BatchNorm, Conv2d};
use burn::{module::Param, nn::Linear, tensor::Tensor};

use crate::{
    network::Network,
    tensors::{Tensors, values},
};

/// Room above the largest activation that was seen.
const ROOM: f32 = 1.2;

/// Writes a network with weights of 8 bits, batch normalization folded into the convolutions.
///
/// `images` show how large activations are.
pub(crate) fn to_bytes(network: &Network, images: Tensor<4>) -> Vec<u8> {
    let units = network
        .largest(images)
        .map(|largest| largest * ROOM / f32::from(LARGEST));
    let mut all = Tensors::new();
    for (layer, block) in network.blocks.iter().enumerate() {
        let [factors, summands] = affine(&block.norm);
        let (input, weights) = match layer {
            0 => (1.0, of_bytes(weight(&block.conv))),
            _ => (units[layer - 1], weight(&block.conv)),
        };
        let factors = scaled(&factors, input / units[layer]);
        let summands = scaled(&summands, 1.0 / units[layer]);
        all.add_conv(&format!("conv.{layer}"), weights, &factors, &summands);
    }
    let [factors, summands] = affine(&network.reduce.norm);
    let factors = scaled(&factors, units[4]);
    all.add_conv("reduce", weight(&network.reduce.conv), &factors, &summands);
    let [factors, summands] = affine(&network.merge);
    let [fine, coarse] = [units[2], units[4]].map(|unit| scaled(&factors, unit));
    let nothing = vec![0.0; summands.len()];
    all.add_conv("lateral", weight(&network.lateral), &fine, &summands);
    all.add_conv("top_down", weight(&network.top_down), &coarse, &nothing);
    all.add_f32("unit", vec![1], &[units[4]]);
    let (maps, shape) = weight(&network.maps);
    all.add_f32("maps.weight", vec![shape[0], shape[3]], &maps);
    let bias = network.maps.bias.as_ref().map(|bias| values(bias.val()));
    all.add_f32("maps.bias", vec![shape[0]], &bias.unwrap_or_default());
    for (name, layer) in [
        ("map_weights", &network.map_weights),
        ("class", &network.class),
        ("alone", &network.alone),
        ("embedding", &network.embedding),
        ("hidden", &network.hidden),
        ("color", &network.color),
    ] {
        all.add_linear(name, layer);
    }
    all.add_linear("layout", &channels_last(&network.layout));
    all.into_bytes()
}

/// The layer for a feature map whose channels come last.
fn channels_last(layout: &Linear) -> Linear {
    let weight = layout.weight.val();
    let [inputs, outputs] = weight.dims();
    let weight: Tensor<3> = weight.reshape([LAYOUT_CHANNELS, inputs / LAYOUT_CHANNELS, outputs]);
    let weight: Tensor<2> = weight.permute([1, 0, 2]).reshape([inputs, outputs]);
    Linear {
        weight: Param::from_tensor(weight),
        bias: layout.bias.clone(),
    }
}

fn scaled(values: &[f32], factor: f32) -> Vec<f32> {
    values.iter().map(|value| value * factor).collect()
}

/// Factor and summand of each channel.
fn affine(norm: &BatchNorm) -> [Vec<f32>; 2] {
    norm.running_affine().map(values)
}

/// Weights as `[outputs, kernel, kernel, inputs]`.
fn weight(conv: &Conv2d) -> (Vec<f32>, Vec<usize>) {
    let weight = conv.weight.val().permute([0, 2, 3, 1]);
    let shape = weight.dims().to_vec();
    (values(weight), shape)
}

/// The first layer for 255 minus red, green and blue, in place of opponent colours; see
/// `augment::opponent`.
fn of_bytes((weights, shape): (Vec<f32>, Vec<usize>)) -> (Vec<f32>, Vec<usize>) {
    let (pixels, _) = weights.as_chunks::<3>();
    let converted = pixels.iter().flat_map(|[lightness, red_green, yellow_blue]| {
        [
            lightness / 255.0 - red_green * 4.0 / 255.0 - yellow_blue * 2.0 / 255.0,
            lightness / 255.0 + red_green * 4.0 / 255.0 - yellow_blue * 2.0 / 255.0,
            lightness / 255.0 + yellow_blue * 4.0 / 255.0,
        ]
    });
    (converted.collect(), shape)
}
