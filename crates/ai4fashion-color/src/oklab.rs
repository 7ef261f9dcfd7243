//! Conversion from sRGB bytes to Oklab, at a third of palette's cost.

use palette::{LinSrgb, Oklab, Srgb};

/// Converts encoded sRGB bytes to Oklab: lightness 0 to 1, `a` and `b` within about 0.4 of zero.
///
/// The matrices are from B. Ottosson, *A perceptual color space for image processing*, 2020, with
/// palette's digits. Palette's own conversion takes three times as long, most of it for exact cube
/// roots.
pub(crate) fn oklab(rgb: [u8; 3]) -> Oklab {
    from_linear(Srgb::from(rgb).into_linear())
}

/// Converts a mean of sRGB bytes, each component 0 to 255, to linear light.
///
/// It interpolates between bytes: in dark colours half a byte is a tenth of the light.
pub(crate) fn linear_between(rgb: [f32; 3]) -> [f32; 3] {
    let low = rgb.map(|component| component as u8);
    let high = low.map(|byte| byte.saturating_add(1));
    let [low_linear, high_linear]: [LinSrgb; 2] = [low, high].map(|rgb| Srgb::from(rgb).into_linear());
    let above: [f32; 3] = std::array::from_fn(|place| rgb[place] - f32::from(low[place]));
    (low_linear + (high_linear - low_linear) * LinSrgb::from(above)).into()
}

/// Converts many colours from linear red, green and blue to Oklab's coordinates, in place.
pub(crate) fn all_from_linear([red, green, blue]: [&mut [f32]; 3]) {
    for ((red, green), blue) in red.iter_mut().zip(green).zip(blue) {
        let Oklab { l, a, b, .. } = from_linear(LinSrgb::new(*red, *green, *blue));
        (*red, *green, *blue) = (l, a, b);
    }
}

#[inline(always)]
fn from_linear(LinSrgb { red, green, blue, .. }: LinSrgb) -> Oklab {
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

/// Returns the cube root of a number in [0, 1], within 1e-6: a third of the exponent, then two of
/// Halley's steps.
#[inline(always)]
fn cube_root(x: f32) -> f32 {
    // Kahan's constant: two thirds of the exponent's bias.
    let mut root = f32::from_bits(x.to_bits() / 3 + 709_921_077);
    for _ in 0..2 {
        let cube = root * root * root;
        root *= (cube + 2.0 * x) / (2.0 * cube + x);
    }
    // Steps from 0 underflow.
    if x > 0.0 { root } else { 0.0 }
}

/// Returns the hue as a fraction of a turn, in [0, 1], within 1e-4.
///
/// The arctangent is polynomial 4.4.49 of M. Abramowitz and I. Stegun, *Handbook of Mathematical
/// Functions*, 1964.
#[inline(always)]
pub(crate) fn turn(a: f32, b: f32) -> f32 {
    let (across, along) = (a.abs().min(b.abs()), a.abs().max(b.abs()));
    let ratio = if along > 0.0 { across / along } else { 0.0 };
    let square = ratio * ratio;
    let eighth = ratio
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
        assert!((0.99..=1.0).contains(&turn(1.0, -1e-12)));
    }
}
