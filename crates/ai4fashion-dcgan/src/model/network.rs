//! What the trainer and the files of weights ask of a network.

use burn::{module::Module, tensor::Tensor};

/// A network whose weights can be saved.
///
/// Parts of it that are named in [`file_names`](Self::file_names) have these names in files, the others their own.
pub trait Network: Module {
    /// What a part's tensors begin with here and in files, e.g. `("output.", "main.12.")`, to the letter; of several that
    /// fit a tensor the longest counts. Parts that end in `.norm.` are taken to be batch norms, as PyTorch's `BatchNorm2d`.
    fn file_names(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// Draws pictures from noise.
pub trait Draw: Network {
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - `classes`: `[batch, classes]`, see [`Condition::one_hot`](crate::Condition::one_hot); `None` without a condition
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    fn draw(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4>;
}

/// Tells real pictures from drawn ones.
pub trait Judge: Network {
    /// # Shapes
    /// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - `classes`: as in [`Draw::draw`]
    /// - returns: the logit of each picture being real, `[batch]`
    fn judge(&self, pictures: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1>;
}

/// Convolution, batch norm and activation of a block are three entries of the tutorial's
/// `nn.Sequential`; behind the last block stands the last convolution.
pub(super) fn block_names(first: usize, blocks: usize) -> Vec<(String, String)> {
    let mut names: Vec<_> = (0..blocks)
        .flat_map(|block| {
            let at = first + 3 * block;
            [
                (format!("blocks.{block}.conv."), format!("main.{at}.")),
                (format!("blocks.{block}.norm."), format!("main.{}.", at + 1)),
            ]
        })
        .collect();
    names.push(("output.".into(), format!("main.{}.", first + 3 * blocks)));
    names
}
