//! A deck of slides: the overview, one card a slide, one slide a map, all of it to be edited further.

use anyhow::Context as _;

use super::{Export, Exporter};

/// See the module.
pub static EXPORTER: Exporter = Exporter { name: "pptx", formats: &["pptx"], options: &[], make };

fn make(export: &Export<'_>) -> anyhow::Result<Vec<u8>> {
    crate::exchange::pptx::pptx(export.analysis).context("the deck cannot be put together")
}
