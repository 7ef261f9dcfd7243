#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, deprecated)]
use ai4fashion_dcgan::{DcganConfig, TrainState};
use burn::tensor::{Device, Tensor, TensorData};
fn data(shape: [usize; 4], start: u32) -> TensorData {
    let len = shape.iter().product();
    let value = |i: u32| ((f64::from(i) * 0.618_033_988_749_895).fract() * 2.0 - 1.0) as f32;
    TensorData::new((start..).take(len).map(value).collect::<Vec<f32>>(), shape)
}
#[test]
fn train() {
    for (n, device) in [("ndarray", Device::ndarray()), ("flex", Device::flex())] {
        for spectral in [false, true] {
            let config = DcganConfig::tutorial().with_spectral_norm(spectral);
            let mut state = TrainState::new(&config, &device).unwrap();
            for step in 0..3 {
                let real = Tensor::<4>::from_data(data([16, 3, 64, 64], step * 77), &device);
                let noise = Tensor::<4>::from_data(data([16, 100, 1, 1], step * 991 + 5), &device);
                let l = state.step(real, noise);
                println!("TRAIN {n} {spectral} {step} {:x} {:x} {:x} {:x} {:x}", l.loss_d.to_bits(), l.loss_g.to_bits(), l.d_x.to_bits(), l.d_g_z1.to_bits(), l.d_g_z2.to_bits());
            }
        }
    }
}
