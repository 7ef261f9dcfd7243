use ai4fashion_kernels::{burn::tensor::{Tensor, ops::ConvOptions}, conv2d, cpu};

fn main() {
    let x = Tensor::<4>::ones([2, 3, 8, 8], &cpu());
    let weight = Tensor::<4>::ones([5, 3, 4, 4], &cpu());
    let y = conv2d(x, weight, None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1));
    assert_eq!(y.dims(), [2, 5, 4, 4]);
}
