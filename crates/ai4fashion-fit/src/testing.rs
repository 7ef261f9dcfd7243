//! What tests share.

use ai4fashion_garment::__private::shape::LAST;
use burn::tensor::{DType, Tensor, TensorData};

/// Output and gradient to the input of a sum weighted by place, in `f64` where there is no
/// kernel.
pub(crate) fn output_and_gradient<const D: usize>(
    dtype: DType,
    function: fn(Tensor<4>) -> Tensor<D>,
) -> [Vec<f32>; 2] {
    let device = ai4fashion_kernels::cpu().autodiff();
    let values = |count| (0..count).map(|at| (at * 7 % 31) as f32).collect::<Vec<f32>>();
    let shape = [2, 3, LAST[0], LAST[1]];
    let x = TensorData::new(values(shape.iter().product()), shape);
    let x = Tensor::<4>::from_data(x, &device).cast(dtype).require_grad();
    let output = function(x.clone());
    let weights = TensorData::new(values(output.shape().num_elements()), output.shape());
    let weights = Tensor::<D>::from_data(weights, &device).cast(dtype);
    let grads = (output.clone() * weights).sum().backward();
    [
        output.cast(DType::F32).into_data().try_to_vec().unwrap(),
        x.grad(&grads)
            .unwrap()
            .cast(DType::F32)
            .into_data()
            .try_to_vec()
            .unwrap(),
    ]
}
