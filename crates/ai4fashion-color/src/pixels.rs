//! A borrowed picture, with or without alpha.

use palette::{LinSrgb, Oklab, Srgb};

/// Smallest alpha that counts as garment: the half, as in colorthief.
const OPAQUE: u8 = 125;

/// Pixels of `CHANNELS` bytes, row by row: 3 for RGB, 4 for RGBA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pixels<'a, const CHANNELS: usize> {
    bytes: &'a [[u8; CHANNELS]],
    width: usize,
    height: usize,
}

impl<'a, const CHANNELS: usize> Pixels<'a, CHANNELS> {
    /// `bytes` holds `width * height` pixels, as the buffers of `image` guarantee.
    pub(crate) fn new(bytes: &'a [u8], width: u32, height: u32) -> Self {
        const { assert!(CHANNELS == 3 || CHANNELS == 4) };
        let (pixels, _) = bytes.as_chunks();
        let (width, height) = (width as usize, height as usize);
        // A buffer may be larger than its picture.
        Self::of(&pixels[..width * height], width, height)
    }

    /// `bytes` holds `width * height` pixels.
    pub(crate) fn of(bytes: &'a [[u8; CHANNELS]], width: usize, height: usize) -> Self {
        Self { bytes, width, height }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// One pixel as it is.
    pub(crate) fn pixel(&self, place: usize) -> [u8; CHANNELS] {
        self.bytes[place]
    }

    /// The colour of one pixel, alpha left aside.
    pub(crate) fn rgb(&self, place: usize) -> [u8; 3] {
        let pixel = self.bytes[place];
        [pixel[0], pixel[1], pixel[2]]
    }

    /// Whether one pixel can be seen at all.
    pub(crate) fn is_opaque(&self, place: usize) -> bool {
        CHANNELS == 3 || self.bytes[place][CHANNELS - 1] >= OPAQUE
    }
}

/// Encoded sRGB bytes as Oklab: lightness 0 to 1, `a` and `b` within about 0.4 of zero.
///
/// The matrices are those of B. Ottosson, *A perceptual color space for image processing*, 2020, as palette has them;
/// palette's own conversion takes three times as long, most of it for exact cube roots.
pub(crate) fn oklab(rgb: [u8; 3]) -> Oklab {
    let LinSrgb { red, green, blue, .. } = Srgb::from(rgb).into_linear::<f32>();
    let cone = |[r, g, b]: [f32; 3]| cube_root(r * red + g * green + b * blue);
    let (l, m, s) = (
        cone([0.412_221_46, 0.536_332_55, 0.051_445_995]),
        cone([0.211_903_5, 0.680_699_5, 0.107_396_96]),
        cone([0.088_302_46, 0.281_718_85, 0.629_978_7]),
    );
    Oklab::new(
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    )
}

/// Within 1e-6 of the cube root of a number in [0, 1]: a third of the exponent, and two of Halley's steps.
fn cube_root(x: f32) -> f32 {
    // Kahan's constant: two thirds of the exponent's bias.
    let mut root = f32::from_bits(x.to_bits() / 3 + 709_921_077);
    for _ in 0..2 {
        let cube = root * root * root;
        root *= (cube + 2.0 * x) / (2.0 * cube + x);
    }
    root
}

/// Where a hue stands on its circle, in [0, 1), within 1e-4; the arctangent is the polynomial 4.4.49 of
/// M. Abramowitz and I. Stegun, *Handbook of Mathematical Functions*, 1964.
pub(crate) fn turn(a: f32, b: f32) -> f32 {
    let (across, along) = (a.abs().min(b.abs()), a.abs().max(b.abs()));
    let slope = if along > 0.0 { across / along } else { 0.0 };
    let square = slope * slope;
    let eighth = slope
        * (0.999_866
            + square * (-0.330_299_5 + square * (0.180_141 + square * (-0.085_133 + square * 0.020_835_1))));
    let quarter = if b.abs() > a.abs() {
        std::f32::consts::FRAC_PI_2 - eighth
    } else {
        eighth
    };
    let half = if a < 0.0 {
        std::f32::consts::PI - quarter
    } else {
        quarter
    };
    let whole = half / std::f32::consts::TAU;
    if b < 0.0 && whole > 0.0 {
        1.0 - whole
    } else {
        whole
    }
}

#[cfg(test)]
mod tests {
    use palette::convert::IntoColorUnclamped;

    use super::*;

    #[test]
    fn oklab_is_palettes() {
        for rgb in (0..4096_u32).map(|i| [i, i / 16, i / 256].map(|level| (level % 16 * 17) as u8)) {
            let linear: LinSrgb = Srgb::from(rgb).into_linear();
            let expected: Oklab = linear.into_color_unclamped();
            let found = oklab(rgb);
            let distances = [found.l - expected.l, found.a - expected.a, found.b - expected.b];
            assert!(
                distances.iter().all(|distance| distance.abs() < 1e-5),
                "{rgb:?}: {distances:?}"
            );
        }
    }

    #[test]
    fn turn_is_the_angle() {
        for degree in 0..360_u16 {
            let (sine, cosine) = f32::from(degree).to_radians().sin_cos();
            let expected = f32::from(degree) / 360.0;
            let distance = (turn(cosine * 0.1, sine * 0.1) - expected).abs();
            assert!(distance.min(1.0 - distance) < 1e-4, "{degree}: {distance}");
        }
        assert_eq!(turn(0.0, 0.0), 0.0);
    }
}
