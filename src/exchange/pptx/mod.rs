//! A deck of slides: a title, an overview, one card a slide, one slide a map, as PowerPoint and
//! LibreOffice read it (Office Open XML).
//!
//! All is text and shapes that can be edited; there are no pictures. What does not fit becomes smaller, and
//! then goes on on a next slide. How long a text is, is estimated on the safe side: which fonts the reader
//! has is not known. `parts` is the package, `shapes` what stands on a slide, `cards` and `maps` what it says.

mod cards;
mod maps;
mod parts;
mod shapes;
#[cfg(test)]
mod tests;

use crate::analysis::Analysis;

/// The deck of an analysed catalog, as the bytes of a `.pptx` file; the same for the same catalog and day.
///
/// # Errors
/// Where the package cannot be put together: it is too large for its format.
pub fn pptx(analysis: &Analysis) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut slides = vec![cards::title(analysis), cards::overview(analysis)];
    slides.extend(cards::cards(analysis));
    slides.extend(maps::maps(analysis));
    parts::package(&analysis.catalog.name, &slides)
}
