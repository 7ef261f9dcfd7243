//! Adam with its state under the parameters' paths.

use std::collections::BTreeMap;

use burn::{
    module::{Module, ModuleMapper, Param},
    optim::GradientsParams,
    tensor::Tensor,
};

use crate::{
    adam::Adam,
    ops::{AdamOutput, accumulate, adam_step},
};

/// Adam's state for a whole module, by parameter path.
///
/// Burn's optimizers keep their state under the parameters' ids, which change from load to load.
/// Here it is kept under paths such as `blocks.0.conv.weight`, the names that weights have in
/// files: saved and loaded beside the weights it continues a training run to the bit.
///
/// ```
/// use ai4fashion_kernels::{
///     burn::{nn::{Linear, LinearConfig}, optim::GradientsParams, tensor::Tensor},
///     cpu, optim::{Adam, AdamState},
/// };
///
/// let device = cpu().autodiff();
/// let mut model: Linear = LinearConfig::new(3, 2).init(&device);
/// let mut state = AdamState::new();
/// for _ in 0..2 {
///     let loss = model.forward(Tensor::<2>::ones([4, 3], &device)).square().mean();
///     let grads = GradientsParams::from_grads(loss.backward(), &model);
///     model = state.step(Adam::default().with_lr(0.01), model, grads);
/// }
/// assert_eq!(state.updates(), 2);
/// let paths: Vec<&str> = state.moments().map(|(path, _)| path).collect();
/// assert_eq!(paths, ["bias", "weight"]);
///
/// // As a file would hold it.
/// let parts = state.moments().map(|(path, moments)| (path.to_owned(), moments.clone()));
/// let saved: Vec<_> = parts.collect();
/// let restored = AdamState::from_moments(state.updates(), saved);
/// assert_eq!(restored.updates(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct AdamState {
    updates: i32,
    /// Flat, since parameters differ in rank.
    moments: BTreeMap<String, [Tensor<1>; 2]>,
}

impl AdamState {
    /// Creates the state before the first update.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates the state after `updates` updates, from what [`moments`](Self::moments) returns.
    ///
    /// A parameter without moments begins with zeros.
    #[must_use]
    pub fn from_moments(updates: i32, moments: impl IntoIterator<Item = (String, [Tensor<1>; 2])>) -> Self {
        Self {
            updates,
            moments: moments.into_iter().collect(),
        }
    }

    /// Returns the number of updates so far.
    #[must_use]
    pub fn updates(&self) -> i32 {
        self.updates
    }

    /// Iterates over the first and second moment of each parameter that has had a gradient.
    ///
    /// They come in the order of the paths.
    ///
    /// # Shapes
    /// - each moment: `[number of the parameter's values]`
    pub fn moments(&self) -> impl Iterator<Item = (&str, &[Tensor<1>; 2])> {
        self.moments
            .iter()
            .map(|(path, moments)| (path.as_str(), moments))
    }

    /// Updates each parameter that has a gradient, as [`adam_step`] does.
    ///
    /// # Panics
    /// If a setting of `adam` is outside its interval, or the moments under a parameter's path are
    /// not of its size.
    #[must_use]
    #[track_caller]
    pub fn step<M: Module>(&mut self, adam: Adam, module: M, grads: GradientsParams) -> M {
        self.step_of_sum(adam, module, vec![grads])
    }

    /// Updates each parameter that has a gradient, as [`step`](Self::step) does, by the sum of
    /// these gradients: those of a loss whose terms were differentiated one by one.
    ///
    /// ```
    /// use ai4fashion_kernels::{
    ///     burn::{nn::{Linear, LinearConfig}, optim::GradientsParams, tensor::Tensor},
    ///     cpu, optim::{Adam, AdamState},
    /// };
    ///
    /// let device = cpu().autodiff();
    /// let mut model: Linear = LinearConfig::new(3, 2).init(&device);
    /// let output = model.forward(Tensor::<2>::ones([4, 3], &device));
    /// let again = model.forward(Tensor::<2>::zeros([4, 3], &device));
    /// let terms = [output.square().mean(), again.abs().mean()];
    /// let grads = terms.map(|term| GradientsParams::from_grads(term.backward(), &model));
    /// model = AdamState::new().step_of_sum(Adam::default(), model, grads.into());
    /// ```
    ///
    /// # Panics
    /// As [`step`](Self::step).
    #[must_use]
    #[track_caller]
    pub fn step_of_sum<M: Module>(&mut self, adam: Adam, module: M, grads: Vec<GradientsParams>) -> M {
        // More updates than this no training run makes.
        self.updates = self.updates.saturating_add(1);
        let path = Vec::new();
        module.map(&mut Update {
            state: self,
            adam,
            grads,
            path,
        })
    }
}

/// One update, on its way through a module.
struct Update<'a> {
    state: &'a mut AdamState,
    adam: Adam,
    grads: Vec<GradientsParams>,
    path: Vec<String>,
}

impl ModuleMapper for Update<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        let grads = self.grads.iter_mut().filter_map(|grads| grads.remove::<D>(id));
        let Some(grad) = grads.reduce(accumulate) else {
            return Param::from_mapped_value(id, tensor, mapper);
        };
        let path = self.path.join(".");
        let shape = tensor.dims();
        let moments = match self.state.moments.remove(&path) {
            Some(moments) => moments.map(|moment| moment.reshape(shape)),
            None => [grad.zeros_like(), grad.zeros_like()],
        };
        let AdamOutput { parameter, moments } =
            adam_step(tensor.inner(), grad, moments, self.adam, self.state.updates);
        let moments = moments.map(|moment| moment.flatten(0, D - 1));
        self.state.moments.insert(path, moments);
        Param::from_mapped_value(id, Tensor::from_inner(parameter).require_grad(), mapper)
    }
}
