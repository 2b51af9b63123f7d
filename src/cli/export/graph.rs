//! The graph around something, or all of it, as a layered picture.

use super::{Export, Exporter, Hops, LayersArgument, OverlayArgument};
use crate::analysis::effective::Context;
use crate::analysis::lens::{Lens, Overlay};
use crate::cli::show::find;
use crate::layout::graph::{Layers, Request, draw};
use crate::layout::picture::Zoom;

/// See the module.
pub static EXPORTER: Exporter = Exporter {
    name: "graph",
    formats: &["svg", "dot", "mermaid", "text"],
    options: &["ENTITY", "--hops", "--overlay", "--layers"],
    make,
};

/// So many boxes of a kind are drawn; more are folded.
const MOST: usize = 200;

fn make(export: &Export<'_>) -> anyhow::Result<Vec<u8>> {
    let Export { analysis, arguments, ascii, .. } = export;
    let focus = arguments.entity.as_deref().map(|word| find(&analysis.catalog, word)).transpose()?;
    let hops = match (arguments.hops, focus) {
        (Some(Hops::Some(hops)), Some(_)) => Some(hops),
        (Some(Hops::Some(_)), None) => {
            anyhow::bail!("hops are counted from something; say from what: persona export graph ENTITY")
        }
        (None, Some(_)) => Some(1),
        (Some(Hops::All), _) | (None, None) => None,
    };
    let overlay = match arguments.overlay {
        None | Some(OverlayArgument::All) => Overlay::All,
        Some(OverlayArgument::Access) => Overlay::Access,
        Some(OverlayArgument::Skills) => Overlay::Skills,
        Some(OverlayArgument::Findings) => Overlay::Findings,
    };
    let layers = match arguments.layers {
        None | Some(LayersArgument::Kind) => Layers::Kind,
        Some(LayersArgument::Rank) => Layers::Rank,
    };
    let context = Context::default();
    let request = Request {
        focus,
        hops,
        layers,
        zoom: Zoom::Boxes,
        most: MOST,
        unfolded: std::collections::BTreeSet::new(),
        ascii: *ascii,
    };
    let picture = draw(analysis, Lens { overlay, context: &context }, &request).picture;
    Ok(super::picture(export, &picture))
}
