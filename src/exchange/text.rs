//! A picture as text: the same cells as on the screen, below its title and above what its lines mean.

use crate::layout::picture::{Area, Picture};
use crate::layout::raster::{Raster, stroke};

/// The picture as lines of text, ended by what its lines mean.
#[must_use]
pub fn text(picture: &Picture, ascii: bool) -> String {
    let mut out = format!("{}\n{}\n\n", picture.title, picture.description);
    let whole = Area::new(0, 0, picture.width, picture.height);
    let drawn = Raster::of(picture, whole, ascii).text();
    out.push_str(&if ascii { drawn.replace('…', "~") } else { drawn });
    if !picture.legend.is_empty() {
        out.push('\n');
    }
    for key in &picture.legend {
        out.push_str(&format!("{}  {}\n", stroke(key.weight, ascii).repeat(3), key.text));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HOSTILE, graph};
    use super::*;

    #[test]
    fn ascii_is_ascii_and_nothing_is_a_command() {
        let (_, picture) = graph(HOSTILE, false);
        let drawn = text(&picture, false);
        assert!(drawn.contains("━▶") && drawn.contains('╌'), "{drawn}");
        assert!(!drawn.contains('\u{1b}'));
        let (_, picture) = graph(HOSTILE, true);
        let plain = text(&picture, true).replace('␛', "");
        assert!(plain.is_ascii(), "{plain}");
        assert!(plain.contains("=>") && plain.contains("...  missing"), "{plain}");
    }
}
