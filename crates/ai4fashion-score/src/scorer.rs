//! All scores of a set of generated images.

use ai4fashion_garment::{GarmentClassifier, ProductType, color::BasicColor};
use image::RgbImage;
use rayon::prelude::*;
use serde::Serialize;

use crate::{
    comparison::Comparison,
    draws::{Draw, Draws, Score},
    error::Error,
    features::{Features, check_count},
    image_set::ImageSet,
    images::check_images,
    label_network::Seen,
    labels::{LabelScore, fidelity, label_score},
    metrics::frechet::frechet_distance,
    metrics::kernel_distance::kernel_distance,
    metrics::ms_ssim::ms_ssim,
    metrics::neighbors::{PrecisionRecall, precision_recall},
    metrics::patches::patch_distances,
    metrics::pyramid::LEAST,
    metrics::sliced::sliced_distance,
    novelty::{Novelty, novelty},
    random::{Stream, rng, shuffled},
    type_label::TypeLabel,
};

/// Computes all scores, each with its floor and its spread.
///
/// ```
/// use ai4fashion_score::{Comparison, ImageSet, Scorer, image::{Rgb, RgbImage}};
///
/// let images = |shift: u8| (0..16).map(move |place| {
///     RgbImage::from_fn(64, 64, |x, y| Rgb([(x * 3) as u8, (y * 2) as u8, place * 9 + shift]))
/// });
/// let (real, fake) = (ImageSet::new(images(0)), ImageSet::new(images(90)));
/// let scores = Scorer::new().score(&Comparison::new(&real, &fake))?;
/// let kid = scores.features.kid_own;
/// assert!(kid.value > kid.floor);
/// # Ok::<(), ai4fashion_score::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scorer {
    classifier: GarmentClassifier,
    draws: usize,
    neighbors: usize,
    seed: u64,
}

/// Scores of images.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ImageScores {
    /// The sliced Wasserstein distance of patches; lower is better.
    pub swd: PatchScore,
    /// The mean multi-scale structural similarity of pairs of generated images, 0 to 1; its floor
    /// is that of pairs of real images. Above it, diversity is missing.
    pub ms_ssim: Score,
    /// The scores of their features.
    #[serde(flatten)]
    pub features: FeatureScores,
    /// The colours of real and generated images.
    pub colors: LabelScore,
    /// The product types of real and generated images, `none` where it is none of the twelve.
    pub types: LabelScore,
}

/// Scores of features. With those of the label network they are called `-own`, as they cannot be
/// compared with scores of other features, such as FID and KID of Inception.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FeatureScores {
    /// The kernel distance; lower is better, about 0 is the best.
    pub kid_own: Score,
    /// The Fréchet distance; lower is better.
    pub fd_own: Score,
    /// The sliced Wasserstein distance of features; lower is better.
    pub mind_own: Score,
    /// Fraction of generated images that look real, 0 to 1.
    pub precision: Score,
    /// Fraction of real images that could have been generated, 0 to 1.
    pub recall: Score,
    /// As precision, but unbounded and robust to outliers; about 1 is the best.
    pub density: Score,
    /// As recall, but robust to outliers; 0 to 1.
    pub coverage: Score,
    /// Whether training images were copied.
    pub novelty: Novelty,
}

/// The sliced Wasserstein distance of patches, and of each level.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PatchScore {
    /// The mean of all levels.
    #[serde(flatten)]
    pub score: Score,
    /// The side of each level in pixels, with its distance.
    pub levels: Vec<(usize, f64)>,
}

impl Default for Scorer {
    fn default() -> Self {
        Self::new()
    }
}

impl Scorer {
    /// Five draws, neighbourhoods of five, and the label network that `ai4fashion-garment` ships.
    #[must_use]
    pub fn new() -> Self {
        Self {
            classifier: GarmentClassifier::new(),
            draws: 5,
            neighbors: 5,
            seed: 0,
        }
    }

    /// Sets the label network.
    #[must_use]
    pub fn with_classifier(mut self, classifier: GarmentClassifier) -> Self {
        self.classifier = classifier;
        self
    }

    /// Sets the number of draws for floor and spread, at least 2.
    ///
    /// # Panics
    /// If it is below 2.
    #[must_use]
    pub fn with_draws(mut self, draws: usize) -> Self {
        assert!(draws >= 2, "{draws} draws have no spread");
        self.draws = draws;
        self
    }

    /// Sets the random seed of the draws.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The least number of real and of generated images.
    #[must_use]
    pub fn least(&self) -> usize {
        2 * (self.neighbors + 1)
    }

    /// Scores generated images beside real ones of the same size.
    ///
    /// # Errors
    /// If a set has fewer images than [`least`](Self::least), or an image is smaller than 16x16 or
    /// differs in size from the first real one.
    pub fn score(&self, sets: &Comparison<'_, ImageSet>) -> Result<ImageScores, Error> {
        let Comparison { real, fake, .. } = *sets;
        let both = [real.images(), fake.images()];
        check_images(both, self.least(), LEAST)?;
        let draws = self.draw(real.len(), fake.len());
        let [seen, seen_fake] = both.map(|images| Seen::new(&self.classifier, images));
        let features = |images: &ImageSet| Seen::new(&self.classifier, images.images()).features;
        let (training, held_out) = (sets.training.map(features), sets.held_out.map(features));
        let own = Comparison {
            real: &seen.features,
            fake: &seen_fake.features,
            training: training.as_ref(),
            held_out: held_out.as_ref(),
        };
        let colors = |seen: &Seen| seen.colors.iter().copied().map(Some).collect::<Vec<_>>();
        let color_fidelity = fidelity::<BasicColor>(
            (fake.colors(), &colors(&seen_fake)),
            (real.colors(), &colors(&seen)),
        );
        let type_fidelity =
            fidelity::<ProductType>((fake.types(), &seen_fake.types), (real.types(), &seen.types));
        let types = |seen: &Seen| seen.types.iter().copied().map(TypeLabel).collect::<Vec<_>>();
        Ok(ImageScores {
            swd: patch_score(both, &draws),
            ms_ssim: self.similarity(both, &draws)?,
            features: self.feature_scores(&own, &draws)?,
            colors: label_score(&seen.colors, &seen_fake.colors, &draws, color_fidelity),
            types: label_score(&types(&seen), &types(&seen_fake), &draws, type_fidelity),
        })
    }

    /// Scores features of generated images beside those of real ones.
    ///
    /// # Errors
    /// If a set has fewer rows than [`least`](Self::least), or rows of another length.
    pub fn score_features(&self, sets: &Comparison<'_, Features>) -> Result<FeatureScores, Error> {
        let (real, fake) = (sets.real.len(), sets.fake.len());
        check_count("real features", real, self.least())?;
        check_count("generated features", fake, self.least())?;
        self.feature_scores(sets, &self.draw(real, fake))
    }

    fn draw(&self, real: usize, fake: usize) -> Draws {
        Draws::new(real, fake, self.draws, self.seed)
    }

    fn feature_scores(&self, sets: &Comparison<'_, Features>, draws: &Draws) -> Result<FeatureScores, Error> {
        let Comparison { real, fake, .. } = *sets;
        let n = real.len().min(fake.len());
        let all = Scored::of(real, fake, self.neighbors)?;
        let each = draws.map(|draw| {
            let [one, other] = [&draw.real, &draw.other].map(|indices| real.select(indices));
            let generated = fake.select(&draw.fake);
            Ok([
                Scored::of(&one, &generated, self.neighbors)?,
                Scored::of(&one, &other, self.neighbors)?,
            ])
        })?;
        let score = |value: fn(&Scored) -> f64| {
            let each: Vec<[f64; 2]> = each
                .iter()
                .map(|[fake, real]| [value(fake), value(real)])
                .collect();
            Score::new(value(&all), n, draws, &each)
        };
        Ok(FeatureScores {
            kid_own: score(|it| it.kernel),
            fd_own: score(|it| it.frechet),
            mind_own: score(|it| it.sliced),
            precision: score(|it| it.neighbors.precision),
            recall: score(|it| it.neighbors.recall),
            density: score(|it| it.neighbors.density),
            coverage: score(|it| it.neighbors.coverage),
            novelty: novelty(sets, draws)?,
        })
    }

    fn similarity(&self, [real, fake]: [&[RgbImage]; 2], draws: &Draws) -> Result<Score, Error> {
        let order = shuffled(&mut rng(self.seed, Stream::Pairs, 0), fake.len());
        let value = mean_similarity(fake, &order);
        let scores = draws.map(
            |Draw {
                 real: one,
                 fake: generated,
                 ..
             }| { Ok([mean_similarity(fake, generated), mean_similarity(real, one)]) },
        )?;
        Ok(Score::new(value, fake.len(), draws, &scores))
    }
}

fn patch_score(both: [&[RgbImage]; 2], draws: &Draws) -> PatchScore {
    let (distance, each) = patch_distances(both, &draws.all);
    let n = both[0].len().min(both[1].len());
    PatchScore {
        score: Score::new(distance.mean(), n, draws, &each),
        levels: distance.levels,
    }
}

/// The mean similarity of pairs: the first with the second image, the third with the fourth.
fn mean_similarity(images: &[RgbImage], order: &[usize]) -> f64 {
    let pairs: Vec<f64> = order
        .as_chunks::<2>()
        .0
        .par_iter()
        .map(|[a, b]| ms_ssim(&images[*a], &images[*b]))
        .collect();
    pairs.iter().sum::<f64>() / pairs.len() as f64
}

/// The scores of two sets of features.
struct Scored {
    kernel: f64,
    frechet: f64,
    sliced: f64,
    neighbors: PrecisionRecall,
}

impl Scored {
    fn of(real: &Features, fake: &Features, neighbors: usize) -> Result<Self, Error> {
        Ok(Self {
            kernel: kernel_distance(real, fake)?,
            frechet: frechet_distance(real, fake)?,
            sliced: sliced_distance(real, fake)?,
            neighbors: precision_recall(real, fake, neighbors)?,
        })
    }
}
