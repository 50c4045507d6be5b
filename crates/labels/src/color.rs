//! Colours of labels, and whether GitHub draws them so that they can be read.
//!
//! GitHub stores six hexadecimal digits and draws from them, in its light theme, black or white
//! text on the colour itself; in its dark theme, the colour made lighter on a thin layer of the
//! colour over the page. The formulas are those of its stylesheet (the custom properties
//! `--perceived-lightness`, `--lightness-threshold`, `--lighten-by` and `--background-alpha` of
//! a label). Contrast is the ratio of WCAG 2.2,
//! <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.

use std::fmt;

/// What text of normal size needs: WCAG 2.2, success criterion 1.4.3 (level AA).
pub const LEAST_CONTRAST: f64 = 4.5;

/// The page behind a label in the dark theme.
const DARK_PAGE: Color = Color { red: 0x0d, green: 0x11, blue: 0x17 };
/// Colours that seem darker than this get white text in the light theme.
const LIGHT_THRESHOLD: f64 = 0.453;
/// Colours that seem darker than this are made lighter in the dark theme.
const DARK_THRESHOLD: f64 = 0.6;
/// How much of the colour is in the background in the dark theme.
const DARK_ALPHA: f64 = 0.18;

/// A colour, 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    /// Reads six hexadecimal digits, perhaps with `#` in front.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self { red: channel(0)?, green: channel(2)?, blue: channel(4)? })
    }

    /// The contrast of the text of a label in GitHub's light theme, from 1 to 21.
    #[must_use]
    pub fn contrast_in_light_theme(self) -> f64 {
        let text = if self.perceived_lightness() < LIGHT_THRESHOLD { 1.0 } else { 0.0 };
        contrast([text; 3], self.channels())
    }

    /// The contrast of the text of a label in GitHub's dark theme, from 1 to 21.
    #[must_use]
    pub fn contrast_in_dark_theme(self) -> f64 {
        let [hue, saturation, lightness] = hsl(self.channels());
        let lighter = (DARK_THRESHOLD - self.perceived_lightness()).max(0.0);
        let text = rgb([hue, saturation, (lightness + lighter).min(1.0)]);
        let mut behind = DARK_PAGE.channels();
        for (page, color) in behind.iter_mut().zip(self.channels()) {
            *page = color * DARK_ALPHA + *page * (1.0 - DARK_ALPHA);
        }
        contrast(text, behind)
    }

    fn channels(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| f64::from(channel) / 255.0)
    }

    fn perceived_lightness(self) -> f64 {
        weigh(self.channels())
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// How bright the eye takes red, green and blue to be together.
fn weigh([red, green, blue]: [f64; 3]) -> f64 {
    red * 0.2126 + green * 0.7152 + blue * 0.0722
}

fn contrast(text: [f64; 3], behind: [f64; 3]) -> f64 {
    let luminance = |color: [f64; 3]| {
        weigh(color.map(|channel| {
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        }))
    };
    let (one, other) = (luminance(text), luminance(behind));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Hue from 0 to 6, saturation and lightness from 0 to 1.
fn hsl([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let most = red.max(green).max(blue);
    let least = red.min(green).min(blue);
    let lightness = f64::midpoint(most, least);
    let chroma = most - least;
    if chroma == 0.0 {
        return [0.0, 0.0, lightness];
    }
    let saturation = chroma / (1.0 - (2.0 * lightness - 1.0).abs());
    let hue = if most == red {
        ((green - blue) / chroma).rem_euclid(6.0)
    } else if most == green {
        (blue - red) / chroma + 2.0
    } else {
        (red - green) / chroma + 4.0
    };
    [hue, saturation, lightness]
}

/// The way back from [`hsl`].
fn rgb([hue, saturation, lightness]: [f64; 3]) -> [f64; 3] {
    let chroma = (1.0 - (2.0 * lightness - 1.0).abs()) * saturation;
    // Red, green and blue are a third of the circle apart.
    [0.0, 4.0, 2.0].map(|offset| {
        let distance = ((hue + offset).rem_euclid(6.0) - 3.0).abs();
        lightness + chroma * ((distance - 1.0).clamp(0.0, 1.0) - 0.5)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn color(text: &str) -> Color {
        Color::parse(text).unwrap()
    }

    #[test]
    fn six_digits_are_a_colour_and_nothing_else_is() {
        assert_eq!(color("#0E8a16").to_string(), "0e8a16");
        for text in ["", "fff", "12345g", "1234567", "яяя", "##12345"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn black_on_white_has_the_greatest_contrast() {
        assert!((color("ffffff").contrast_in_light_theme() - 21.0).abs() < 1e-9);
        assert!((color("000000").contrast_in_light_theme() - 21.0).abs() < 1e-9);
        // Light grey on dark grey: made lighter up to the threshold.
        assert!(color("000000").contrast_in_dark_theme() > 6.0);
    }

    #[test]
    fn there_are_colours_that_github_draws_badly() {
        // Black on a middle blue, which the eye takes for darker than the formula does.
        assert!(color("ff4444").contrast_in_light_theme() < LEAST_CONTRAST);
    }

    proptest! {
        #[test]
        fn hsl_and_back_is_the_same_colour(red: u8, green: u8, blue: u8) {
            let channels = Color { red, green, blue }.channels();
            for (one, other) in rgb(hsl(channels)).into_iter().zip(channels) {
                prop_assert!((one - other).abs() < 1e-9);
            }
        }
    }
}
