//! One image of the catalogue.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;
use image::RgbImage;
use rand::{Rng, RngExt};
use tiny_skia::{Mask, Path};

use crate::{
    canvas::{Canvas, bent, circle, mirrored, polygon},
    cloth::{Cloth, Pattern, cloth},
    ground_truth::View,
    shape::{Shape, shape},
};

const BLACK: [u8; 3] = [0; 3];
const WHITE: [u8; 3] = [255; 3];
const STEEL: [u8; 3] = [150, 150, 155];
/// The largest error of a component, like the noise of a camera's sensor.
const NOISE: i16 = 2;

/// Renders a garment.
pub(crate) fn render(
    rng: &mut impl Rng,
    (width, height): (u32, u32),
    color: BasicColor,
    product_type: ProductType,
    view: View,
) -> RgbImage {
    let cloth = cloth(color, rng);
    let shape = shape(product_type, rng);
    let rendered = Canvas::new(width, height).and_then(|mut canvas| {
        let outline = mirrored(&shape.half)?;
        let inside = canvas.mask(&outline)?;
        if view == View::OnModel {
            model(&mut canvas, rng)?;
        } else {
            shadow(&mut canvas, &outline);
            if shape.hangs && rng.random_bool(0.2) {
                hanger(&mut canvas, &shape)?;
            }
        }
        canvas.fill(&outline, cloth.base, 1.0, None);
        pattern(&mut canvas, &cloth, &inside, rng)?;
        folds(&mut canvas, &inside, rng)?;
        sewing(&mut canvas, &shape, &outline, &inside)?;
        Some(canvas.into_rgb())
    });
    let mut image = rendered.unwrap_or_else(|| RgbImage::from_pixel(width, height, image::Rgb(WHITE)));
    for component in image.iter_mut() {
        // White paper is overexposed and stays white.
        if *component < 255 {
            let error = rng.random_range(-NOISE..=NOISE);
            *component = component.saturating_add_signed(error as i8);
        }
    }
    image
}

/// Draws a soft shadow around the garment, strongest beside its edge.
fn shadow(canvas: &mut Canvas, outline: &Path) {
    for ring in 1..=5 {
        canvas.stroke(outline, BLACK, 0.012, 0.008 * ring as f32, None);
    }
}

fn hanger(canvas: &mut Canvas, shape: &Shape) -> Option<()> {
    let (_, neck) = *shape.half.get(1)?;
    let arm = polygon([(0.0, neck - 0.03), (0.13, neck + 0.02), (-0.13, neck + 0.02)])?;
    canvas.stroke(&arm, STEEL, 1.0, 0.008, None);
    let hook = bent((0.0, neck - 0.03), (0.0, neck - 0.10), (0.03, neck - 0.07))?;
    canvas.stroke(&hook, STEEL, 1.0, 0.007, None);
    Some(())
}

/// Draws a model in front of a wall.
fn model(canvas: &mut Canvas, rng: &mut impl Rng) -> Option<()> {
    let wall = [
        rng.random_range(150..230),
        rng.random_range(150..230),
        rng.random_range(150..230),
    ];
    canvas.fill(
        &polygon([(-1.0, -1.0), (1.0, -1.0), (1.0, 2.0), (-1.0, 2.0)])?,
        wall,
        1.0,
        None,
    );
    let light: f32 = rng.random_range(0.45..1.0);
    let skin = [232.0, 190.0, 160.0].map(|component: f32| (component * light) as u8);
    let body = mirrored(&[
        (0.0, 0.08),
        (0.05, 0.1),
        (0.18, 0.17),
        (0.32, 0.66),
        (0.25, 0.68),
        (0.16, 0.4),
        (0.15, 0.98),
        (0.0, 0.98),
    ])?;
    canvas.fill(&body, skin, 1.0, None);
    canvas.fill(&circle(0.0, 0.055, 0.055)?, skin, 1.0, None);
    Some(())
}

fn pattern(canvas: &mut Canvas, cloth: &Cloth, inside: &Mask, rng: &mut impl Rng) -> Option<()> {
    let Cloth { second, .. } = *cloth;
    let step: f32 = rng.random_range(0.05..0.09);
    let places = || (0..(1.2 / step) as u32).map(|place| -0.6 + step * place as f32);
    match cloth.pattern {
        Pattern::Plain => {}
        Pattern::Stripes => {
            for y in places() {
                canvas.stroke(
                    &bent((-0.5, y + 0.6), (0.0, y + 0.61), (0.5, y + 0.6))?,
                    second,
                    1.0,
                    step * 0.25,
                    Some(inside),
                );
            }
        }
        Pattern::Columns => {
            for x in places() {
                canvas.stroke(
                    &bent((x, 0.0), (x * 1.1, 0.5), (x, 1.0))?,
                    second,
                    1.0,
                    step * 0.22,
                    Some(inside),
                );
            }
        }
        Pattern::Dots => {
            for (row, y) in places().enumerate() {
                for x in places() {
                    let shift = if row % 2 == 0 { 0.0 } else { step / 2.0 };
                    canvas.fill(
                        &circle(x + shift, y + 0.6, step * 0.2)?,
                        second,
                        1.0,
                        Some(inside),
                    );
                }
            }
        }
        Pattern::Print => {
            let (x, y) = (rng.random_range(-0.03..0.03), rng.random_range(0.4..0.5));
            canvas.fill(&circle(x, y, 0.07)?, second, 0.9, Some(inside));
            canvas.fill(&circle(x, y, 0.035)?, cloth.base, 0.9, Some(inside));
        }
    }
    Some(())
}

/// Draws folds and shade. Light comes from above left: a fold is a dark line beside a bright one,
/// and the right side is darker.
fn folds(canvas: &mut Canvas, inside: &Mask, rng: &mut impl Rng) -> Option<()> {
    for step in 0..8 {
        let x = 0.12 + 0.03 * step as f32;
        canvas.fill(
            &polygon([(x, 0.0), (0.6, 0.0), (0.6, 1.0), (x + 0.03, 1.0)])?,
            BLACK,
            0.025,
            Some(inside),
        );
    }
    for _ in 0..rng.random_range(3..7) {
        let x: f32 = rng.random_range(-0.22..0.22);
        let y: f32 = rng.random_range(0.2..0.6);
        let (length, lean) = (rng.random_range(0.12..0.35), rng.random_range(-0.06..0.06));
        let fold = |shift: f32| {
            bent(
                (x + shift, y),
                (x + shift + lean, y + length / 2.0),
                (x + shift, y + length),
            )
        };
        canvas.stroke(&fold(0.0)?, BLACK, 0.08, 0.014, Some(inside));
        canvas.stroke(&fold(-0.012)?, WHITE, 0.06, 0.010, Some(inside));
    }
    Some(())
}

/// Draws edge, seams, closure and collar.
fn sewing(canvas: &mut Canvas, shape: &Shape, outline: &Path, inside: &Mask) -> Option<()> {
    canvas.stroke(outline, BLACK, 0.22, 0.006, None);
    for [from, to] in &shape.seams {
        for side in [1.0, -1.0] {
            let (from, to) = ((from.0 * side, from.1), (to.0 * side, to.1));
            let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
            canvas.stroke(&bent(from, middle, to)?, BLACK, 0.25, 0.005, Some(inside));
        }
    }
    if let Some((top, bottom)) = shape.closure {
        canvas.stroke(
            &bent((0.0, top), (0.004, (top + bottom) / 2.0), (0.0, bottom))?,
            BLACK,
            0.3,
            0.004,
            Some(inside),
        );
        for button in 1..6 {
            let y = top + (bottom - top) * button as f32 / 6.0;
            canvas.fill(&circle(0.012, y, 0.006)?, BLACK, 0.35, Some(inside));
        }
    }
    if shape.has_collar {
        let (x, y) = *shape.half.get(1)?;
        let (_, throat) = *shape.half.first()?;
        for side in [1.0, -1.0] {
            let flap = polygon([
                (0.0, throat),
                (x * side, y),
                (x * side * 1.15, throat + 0.02),
                (x * side * 0.55, throat + 0.06),
            ])?;
            canvas.fill(&flap, BLACK, 0.08, None);
            canvas.stroke(&flap, BLACK, 0.3, 0.004, None);
        }
    }
    Some(())
}
