//! The network while it is trained.

use ai4fashion_kernels::{
    Activation, add, fan_out, global_avg_pool,
    nn::{BatchNorm, Conv2d},
};
use burn::{
    module::Module,
    nn::{BatchNormConfig, Linear, LinearConfig, PaddingConfig2d, conv::Conv2dConfig},
    tensor::{
        Device, Tensor,
        activation::{relu, sigmoid, softmax},
    },
};

use ai4fashion_garment::__private::shape::{
    CHANNELS, CLASSES, EMBEDDING, HEIGHT, HIDDEN, LAST, LAYOUT, LAYOUT_CHANNELS, MAPS, MIDDLE, STRIDES, WIDE,
    WIDTH,
};
use ai4fashion_garment::color::BasicColor;

use crate::{enlarge::enlarge, pooling::max};

/// A convolution, batch normalization and ReLU.
#[derive(Module, Debug)]
pub(crate) struct Block {
    pub(crate) conv: Conv2d,
    pub(crate) norm: BatchNorm,
}

impl Block {
    fn new([inputs, outputs]: [usize; 2], kernel: usize, stride: usize, device: &Device) -> Self {
        let padding = kernel / 2;
        let conv = Conv2dConfig::new([inputs, outputs], [kernel, kernel])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .with_bias(false);
        let norm: BatchNorm = BatchNormConfig::new(outputs).init(device).into();
        Self {
            conv: conv.init(device).into(),
            norm: norm.with_activation(Activation::Relu),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.norm.forward(self.conv.forward(x))
    }
}

/// The network.
#[derive(Module, Debug)]
pub(crate) struct Network {
    pub(crate) blocks: Vec<Block>,
    pub(crate) lateral: Conv2d,
    pub(crate) top_down: Conv2d,
    pub(crate) merge: BatchNorm,
    pub(crate) maps: Conv2d,
    pub(crate) map_weights: Linear,
    pub(crate) reduce: Block,
    pub(crate) layout: Linear,
    pub(crate) class: Linear,
    pub(crate) alone: Linear,
    pub(crate) embedding: Linear,
    pub(crate) hidden: Linear,
    pub(crate) color: Linear,
}

/// What the network says of a batch, as logits.
#[derive(Debug)]
pub(crate) struct Output {
    /// Colours, `[batch, 11]`
    pub(crate) color: Tensor<2>,
    /// Classes, `[batch, CLASSES]`
    pub(crate) class: Tensor<2>,
    /// A garment alone, `[batch, 1]`
    pub(crate) garment_only: Tensor<2>,
}

impl Network {
    /// Creates a network with random weights.
    pub(crate) fn new(device: &Device) -> Self {
        let conv1 = |inputs, outputs, bias| -> Conv2d {
            let conv = Conv2dConfig::new([inputs, outputs], [1, 1]).with_bias(bias);
            conv.init(device).into()
        };
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        let merge: BatchNorm = BatchNormConfig::new(MIDDLE).init(device).into();
        Self {
            blocks: (0..CHANNELS.len())
                .map(|layer| {
                    let inputs = if layer == 0 { 3 } else { CHANNELS[layer - 1] };
                    Block::new([inputs, CHANNELS[layer]], 3, STRIDES[layer], device)
                })
                .collect(),
            lateral: conv1(MIDDLE, MIDDLE, false),
            top_down: conv1(WIDE, MIDDLE, false),
            merge: merge.with_activation(Activation::Relu),
            maps: conv1(MIDDLE, MAPS, true),
            map_weights: linear(CLASSES, MAPS),
            reduce: Block::new([WIDE, LAYOUT_CHANNELS], 1, 1, device),
            layout: linear(LAYOUT_CHANNELS * LAST[0] * LAST[1], LAYOUT),
            class: linear(2 * WIDE + LAYOUT, CLASSES),
            alone: linear(2 * WIDE + LAYOUT, 1),
            embedding: linear(CLASSES, EMBEDDING),
            hidden: linear(MIDDLE + 2 * WIDE + EMBEDDING, HIDDEN),
            color: linear(HIDDEN, BasicColor::COUNT),
        }
    }

    /// Returns the largest activation of each block.
    pub(crate) fn largest(&self, x: Tensor<4>) -> [f32; CHANNELS.len()] {
        let mut x = x;
        std::array::from_fn(|layer| {
            x = self.blocks[layer].forward(x.clone());
            x.clone().max().into_scalar::<f32>()
        })
    }

    /// Runs the network.
    ///
    /// # Shapes
    /// - `x`: `[batch, 3, HEIGHT, WIDTH]`, see `crate::augment`
    /// - `known`: `[batch, CLASSES]`, one-hot where the class is given, else zeros
    pub(crate) fn forward(&self, x: Tensor<4>, known: Tensor<2>) -> Output {
        let batch = x.dims()[0];
        debug_assert_eq!(x.dims()[2..], [HEIGHT, WIDTH]);
        let x = self.blocks[0].forward(x);
        let x = self.blocks[1].forward(x);
        let fine = self.blocks[2].forward(x);
        let [fine, below] = fan_out(fine);
        let coarse = self.blocks[4].forward(self.blocks[3].forward(below));

        let [of_mean, of_max, of_layout, coarse] = fan_out(coarse);
        let mean = global_avg_pool(of_mean);
        let max = max(of_max);
        let layout: Tensor<2> = self.reduce.forward(of_layout).flatten(1, 3);
        let layout = relu(self.layout.forward(layout));
        let global = Tensor::cat(vec![mean.clone(), max.clone(), layout], 1);
        let class = self.class.forward(global.clone());
        let garment_only = self.alone.forward(global);

        let is_known = known.clone().sum_dim(1);
        let guess = softmax(class.clone().detach(), 1);
        let guess = known + guess * (is_known.neg() + 1.0);

        let low = enlarge(self.top_down.forward(coarse));
        let merged = self.merge.forward(add(self.lateral.forward(fine), low));
        let [_, _, rows, columns] = merged.dims();
        let [merged, of_maps] = fan_out(merged);
        let weights: Tensor<3> = self.map_weights.forward(guess.clone()).reshape([batch, MAPS, 1]);
        // Channels lie last in memory, so that nothing moves.
        let pixels = |x: Tensor<4>| -> Tensor<3> {
            let channels = x.dims()[1];
            x.permute([0, 2, 3, 1]).reshape([batch, rows * columns, channels])
        };
        let mask = sigmoid(pixels(self.maps.forward(of_maps)).matmul(weights));
        let mask = mask.swap_dims(1, 2);
        let total: Tensor<2> = mask.clone().sum_dim(2).reshape([batch, 1]) + 1e-3;
        let pooled = mask.matmul(pixels(merged)).reshape([batch, MIDDLE]) / total;

        let embedding = self.embedding.forward(guess);
        let all = Tensor::cat(vec![pooled, mean, max, embedding], 1);
        let color = self.color.forward(relu(self.hidden.forward(all)));
        Output {
            color,
            class,
            garment_only,
        }
    }
}
