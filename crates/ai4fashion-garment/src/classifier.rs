//! The classifier.

use std::{
    fmt, fs,
    path::Path,
    sync::{Arc, LazyLock},
};

use ai4fashion_color::{
    __private::{Named, Seen, classify_within, explain_within, photo},
    Classification, ColorClassifier, Explanation, ImageView,
};

use crate::{
    classification::GarmentClassification,
    error::{Error, ErrorKind},
    hint::TypeHint,
    network::{Buffers, Network},
    product_type::ProductType,
    scores::{Likely, Scores, highest, lead},
    shape::CLASSES,
    weights::Weights,
    workspace::{GarmentWorkspace, Place},
};

/// The weights that the crate ships, as a file.
pub static SHIPPED: &[u8] = include_bytes!("data/garment.safetensors");

/// Probability of a colour below which the mirrored image is looked at, too. A third of the photos
/// of a catalogue are below.
const DOUBT: f32 = 0.65;

/// Lead of the most probable colour, by image and mirrored image, below which both are looked at as
/// a photo of half the size would show them. A seventh of the photos of a catalogue are below.
const CLOSE: f32 = 0.2;

/// Least fraction of the image border that the cloth of a close-up fills. A person who is cut off
/// at the waist fills less.
const CLOSE_UP: f32 = 0.6;

/// The shipped weights, read.
static SHIPPED_WEIGHTS: LazyLock<Arc<Weights>> = LazyLock::new(|| {
    let weights = Weights::read(SHIPPED);
    #[expect(clippy::expect_used, reason = "a test reads them")]
    Arc::new(weights.expect("weights of this crate"))
});

/// Names a garment's colour and product type, on a model or alone, and finds where it is.
///
/// 1. The image is scaled to 60x80 pixels; a frame around the photo, and paper that makes it wider
///    or taller than 3:4, are cut off first.
/// 2. A convolutional network tells the product type and whether the garment is alone. With the
///    type, or what it takes for it, it weighs the places of the image, and names the colour of
///    what it sees there. Its feature maps are whole numbers, the same on every CPU. If it is in
///    doubt about the colour, it looks at the mirrored image, too, and if two colours are close, at
///    both as photos of half the size would show them; the mean of the scores counts.
/// 3. The more likely the garment is alone, the more the model of `ai4fashion-color` has a say: 0.7
///    times that probability from 100 pixels on, 0.3 times below. On a close-up, where the two
///    disagree, and on an image of paper alone, the confidence is below 0.2.
/// 4. Fractions and the dominant colour are those of the garment mask of `ai4fashion-color` at the
///    places that count.
///
/// ```
/// use ai4fashion_garment::{GarmentClassifier, TypeHint, color::image::{Rgb, RgbImage}};
///
/// let photo = RgbImage::from_pixel(60, 80, Rgb([30, 60, 160]));
/// let found = GarmentClassifier::new().classify(&photo, TypeHint::Unknown);
/// println!("{}, {:?}", found.color().name(), found.product_type());
/// ```
#[derive(Clone)]
pub struct GarmentClassifier {
    weights: Arc<Weights>,
    color: ColorClassifier,
}

impl GarmentClassifier {
    /// Creates a classifier with the weights that the crate ships.
    #[must_use]
    pub fn new() -> Self {
        Self::of(SHIPPED_WEIGHTS.clone())
    }

    /// Creates a classifier with weights of one's own, in the format of those.
    ///
    /// # Errors
    /// If they are damaged, or of another format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self::of(Arc::new(Weights::read(bytes)?)))
    }

    /// Creates a classifier with the weights of a file.
    ///
    /// # Errors
    /// If the file cannot be read, or its weights are damaged or of another format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| {
            let path = path.to_owned();
            Error::new(ErrorKind::Read { path, source })
        })?;
        Self::from_bytes(&bytes).map_err(|error| match error.kind() {
            ErrorKind::Weights { reason } => {
                let (path, reason) = (path.to_owned(), reason.clone());
                Error::new(ErrorKind::File { path, reason })
            }
            _ => error,
        })
    }

    /// Returns the SHA-256 of the weights, as hexadecimal digits.
    #[must_use]
    pub fn weights_sha256(&self) -> &str {
        &self.weights.sha256
    }

    fn of(weights: Arc<Weights>) -> Self {
        Self {
            weights,
            color: ColorClassifier::default(),
        }
    }

    /// Classifies an image.
    ///
    /// Classifying cannot fail. An image without pixels is classified like white paper.
    ///
    /// ```
    /// use ai4fashion_garment::{GarmentClassifier, ProductType, TypeHint, color::image::RgbImage};
    ///
    /// let photo = RgbImage::new(168, 224);
    /// let found = GarmentClassifier::new().classify(&photo, TypeHint::Garment(ProductType::Jeans));
    /// assert!((0.0..=1.0).contains(&found.color().confidence()));
    /// ```
    ///
    /// The image is a `&RgbImage`, a `&RgbaImage` or an [`ImageView`] of any size.
    #[must_use]
    pub fn classify<'a>(&self, image: impl Into<ImageView<'a>>, hint: TypeHint) -> GarmentClassification {
        self.classify_with(&mut GarmentWorkspace::new(), image, hint)
    }

    /// Classifies many images on all cores, in their order.
    ///
    /// ```
    /// use ai4fashion_garment::{GarmentClassifier, TypeHint, color::image::RgbImage};
    ///
    /// let images = [RgbImage::new(60, 80), RgbImage::new(30, 40)];
    /// let found = GarmentClassifier::new().classify_batch(&images, TypeHint::Unknown);
    /// assert_eq!(found.len(), 2);
    /// ```
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn classify_batch<'a, T>(&self, images: &'a [T], hint: TypeHint) -> Vec<GarmentClassification>
    where
        T: Sync,
        &'a T: Into<ImageView<'a>>,
    {
        use rayon::prelude::*;
        let found = images
            .par_iter()
            .map_init(GarmentWorkspace::new, |workspace, image| {
                self.classify_with(workspace, image, hint)
            });
        found.collect()
    }

    /// Classifies an image, with reused buffers.
    ///
    /// It allocates nothing once the workspace has seen images of as many colours.
    ///
    /// ```
    /// use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint, color::image::RgbImage};
    ///
    /// let (classifier, mut workspace) = (GarmentClassifier::new(), GarmentWorkspace::new());
    /// for image in [RgbImage::new(60, 80), RgbImage::new(168, 224)] {
    ///     let found = classifier.classify_with(&mut workspace, &image, TypeHint::Unknown);
    ///     assert!(found.type_confidence() > 0.0);
    /// }
    /// ```
    #[must_use]
    pub fn classify_with<'a>(
        &self,
        workspace: &mut GarmentWorkspace,
        image: impl Into<ImageView<'a>>,
        hint: TypeHint,
    ) -> GarmentClassification {
        let image = photo(&mut workspace.color, image.into());
        let looked = self.look(workspace, image, hint);
        let GarmentWorkspace { color, place } = workspace;
        let color = classify_within(
            &self.color,
            color,
            image,
            |across, down| place.is_inside(across, down),
            |own| looked.mixed(own),
        );
        looked.result(color)
    }

    /// Classifies an image like [`classify`](Self::classify), and each pixel of it: those where the
    /// network did not look are background.
    ///
    /// Its classification is the colour's.
    #[must_use]
    pub fn explain<'a>(&self, image: impl Into<ImageView<'a>>, hint: TypeHint) -> Explanation {
        let workspace = &mut GarmentWorkspace::new();
        let image = photo(&mut workspace.color, image.into());
        let looked = self.look(workspace, image, hint);
        let GarmentWorkspace { color, place } = workspace;
        explain_within(
            &self.color,
            color,
            image,
            |across, down| place.is_inside(across, down),
            |own| looked.mixed(own),
        )
    }

    /// Runs the network, again where it is in doubt.
    fn look(&self, workspace: &mut GarmentWorkspace, image: ImageView<'_>, hint: TypeHint) -> Looked {
        self.look_once(workspace, image, hint);
        let place = &mut workspace.place;
        place.set_threshold();
        let buffers = &mut place.buffers;
        let mut scores = Scores::of(buffers);
        let mut likely = scores.calibrated(self.weights.temperatures);
        if likely.colors[highest(&likely.colors)] < DOUBT {
            let kept = buffers.kept();
            buffers.mirror();
            scores.add(&self.again(buffers, hint));
            likely = scores.calibrated(self.weights.temperatures);
            if lead(&likely.colors) < CLOSE {
                buffers.coarsen();
                let mut coarse = self.again(buffers, hint);
                buffers.mirror();
                coarse.add(&self.again(buffers, hint));
                // Two sums, so that the order of the images makes no difference.
                scores.add(&coarse);
                likely = scores.calibrated(self.weights.temperatures);
            }
            buffers.restore(kept);
        }
        Looked {
            share_of_color_model: share_of_color_model(likely.garment_only, image),
            likely,
        }
    }

    fn again(&self, buffers: &mut Buffers, hint: TypeHint) -> Scores {
        self.run(buffers, hint);
        Scores::of(buffers)
    }

    /// Runs the network once.
    pub(crate) fn look_once(&self, workspace: &mut GarmentWorkspace, image: ImageView<'_>, hint: TypeHint) {
        let Place { scaler, buffers, .. } = &mut workspace.place;
        scaler.scale(image, &mut buffers.input);
        self.run(buffers, hint);
    }

    fn run(&self, buffers: &mut Buffers, hint: TypeHint) {
        let network = &self.weights.network;
        network.look(buffers);
        network.name(&hinted(Network::guess(buffers), hint), buffers);
    }
}

/// What the network says of an image.
struct Looked {
    likely: Likely,
    share_of_color_model: f32,
}

impl Looked {
    /// The probabilities of the colours, with those of the colour model if it sees a garment.
    fn mixed(&self, seen: Option<Seen>) -> Named {
        let Some(Seen { likely, cropped }) = seen else {
            return Named {
                likely: self.likely.colors,
                is_in_doubt: true,
                is_close_up: false,
            };
        };
        let is_close_up = cropped >= CLOSE_UP;
        let (colors, share) = (&self.likely.colors, self.share_of_color_model);
        Named {
            likely: std::array::from_fn(|name| share * likely[name] + (1.0 - share) * colors[name]),
            // The network has learned whole garments.
            is_in_doubt: is_close_up && highest(&likely) != highest(colors),
            is_close_up,
        }
    }

    fn result(&self, color: Classification) -> GarmentClassification {
        let (product_type, type_confidence) = most_likely_type(&self.likely.classes);
        let has_garment = color.garment_fraction() > 0.0;
        GarmentClassification {
            color,
            product_type,
            type_confidence,
            garment_only_probability: if has_garment {
                self.likely.garment_only
            } else {
                0.0
            },
        }
    }
}

impl fmt::Debug for GarmentClassifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GarmentClassifier")
            .field("weights_sha256", &self.weights.sha256)
            .finish_non_exhaustive()
    }
}

impl Default for GarmentClassifier {
    fn default() -> Self {
        Self::new()
    }
}

/// Probabilities of the classes, given what is known.
fn hinted(mut classes: [f32; CLASSES], hint: TypeHint) -> [f32; CLASSES] {
    let is_possible = |class: usize| match hint {
        TypeHint::Unknown => true,
        TypeHint::Garment(known) => class == usize::from(known.number()) - 1,
        TypeHint::Other => class >= ProductType::COUNT,
    };
    for (class, probability) in classes.iter_mut().enumerate() {
        *probability = if is_possible(class) {
            probability.max(1e-6)
        } else {
            0.0
        };
    }
    let total: f32 = classes.iter().sum();
    classes.map(|probability| probability / total)
}

/// The most likely of the twelve types and none of them.
fn most_likely_type(classes: &[f32; CLASSES]) -> (Option<ProductType>, f32) {
    let (types, others) = classes.split_at(ProductType::COUNT);
    let mut best = (None, others.iter().sum());
    for (known, &probability) in ProductType::ALL.into_iter().zip(types) {
        if probability > best.1 {
            best = (Some(known), probability);
        }
    }
    best
}

/// Share of the model of `ai4fashion-color`, which sees more pixels, on garments alone.
fn share_of_color_model(garment_only_probability: f32, image: ImageView<'_>) -> f32 {
    let is_large = image.width().min(image.height()) >= 100;
    garment_only_probability * if is_large { 0.7 } else { 0.3 }
}
