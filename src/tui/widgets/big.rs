//! Letters that are several rows high, for those who sit far away.
//!
//! Each letter is a bitmap of eight by eight. Where there is room its dots are as wide as they are high,
//! else they are half as wide. What has no bitmap, or no room, is for the caller to write small.

use font8x8::UnicodeFonts;

/// How many rows big letters take.
pub const HEIGHT: usize = 4;

/// A word in big letters, as rows; none where it is too wide, or a letter has no bitmap.
#[must_use]
pub fn big(text: &str, width: usize) -> Option<Vec<String>> {
    let glyphs: Vec<[u8; 8]> =
        text.chars().map(|letter| font8x8::BASIC_FONTS.get(letter)).collect::<Option<_>>()?;
    let dots = glyphs.len() * 8;
    if dots == 0 {
        return None;
    }
    if dots <= width {
        return Some(rows(&glyphs, 1));
    }
    (dots.div_ceil(2) <= width).then(|| rows(&glyphs, 2))
}

/// Two rows of dots to a row of text, and one column of dots or two to a column.
fn rows(glyphs: &[[u8; 8]], across: usize) -> Vec<String> {
    let is_set = |x: usize, y: usize| {
        let row = glyphs.get(x / 8).and_then(|glyph| glyph.get(y)).copied().unwrap_or_default();
        row >> (x % 8) & 1 == 1
    };
    (0..HEIGHT)
        .map(|row| {
            let mut line: String = (0..glyphs.len() * 8)
                .step_by(across)
                .map(|x| {
                    let right = if across == 2 { x + 1 } else { x };
                    let corners = [(x, 0), (right, 0), (x, 1), (right, 1)];
                    let mut number = 0;
                    for (place, (x, y)) in corners.into_iter().enumerate() {
                        number |= usize::from(is_set(x, row * 2 + y)) << place;
                    }
                    QUADRANTS[number]
                })
                .collect();
            line.truncate(line.trim_end().len());
            line
        })
        .collect()
}

/// By which corners are set: upper left, upper right, lower left, lower right.
const QUADRANTS: [char; 16] =
    [' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'];

/// A text with its letters apart: wider, where there is no room for higher.
#[must_use]
pub fn apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (place, letter) in text.chars().enumerate() {
        if place > 0 {
            out.push(' ');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_as_wide_as_there_is_room() {
        let wide = big("Hi", 16).expect("room");
        assert_eq!(wide, ["██  ██    ▀▀", "██▄▄██   ▀██", "██  ██    ██", "▀▀  ▀▀   ▀▀▀▀"]);
        let narrow = big("Hi", 15).expect("room");
        assert!(narrow.iter().all(|line| line.chars().count() <= 8), "{narrow:?}");
        assert_eq!(big("Hi", 7), None);
        assert_eq!((big("", 80), big("日", 80)), (None, None));
        assert_eq!(apart("a bc"), "a   b c");
    }
}
