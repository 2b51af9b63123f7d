//! The architecture map: components in layers, the flows between them, and who has access.

use anyhow::bail;

use super::{Export, Exporter, persona, picture};
use crate::card::words::fold;
use crate::cli::style::safe;
use crate::layout::architecture_map::views::{View, views};
use crate::layout::architecture_map::{Request, draw, of_persona};

/// See the module.
pub static EXPORTER: Exporter = Exporter {
    name: "architecture-map",
    formats: &["svg", "dot", "mermaid", "text"],
    options: &["--persona", "--view"],
    make,
};

fn make(export: &Export<'_>) -> anyhow::Result<Vec<u8>> {
    let analysis = export.analysis;
    let view =
        export.arguments.view.as_deref().map(|word| find(views(&analysis.catalog), word)).transpose()?;
    let who = persona(export)?;
    let mut map = draw(analysis, &Request { view, width: 180, ascii: export.ascii, ..Request::default() });
    anyhow::ensure!(
        !map.spots.is_empty(),
        "there is nothing to draw: no component is declared or used; write its card, with `layer:` and `flows_to:`"
    );
    if let Some(who) = who {
        let touched = of_persona(&map, who);
        map.picture.dim(&touched.into_iter().collect());
    }
    Ok(picture(export, &map.picture))
}

/// The picture of a number, a name, or one of its layers.
fn find(views: Vec<View>, word: &str) -> anyhow::Result<View> {
    let wanted = fold(word);
    let names: Vec<String> =
        views.iter().enumerate().map(|(place, view)| format!("{} {}", place + 1, safe(&view.name))).collect();
    let matches = |(place, view): &(usize, View)| {
        (place + 1).to_string() == wanted
            || fold(&view.name) == wanted
            || view.layers.iter().any(|layer| fold(layer) == wanted)
    };
    match views.into_iter().enumerate().find(matches) {
        Some((_, view)) => Ok(view),
        None if names.is_empty() => bail!("this architecture is one picture; leave --view out"),
        None => bail!("there is no view {}; there are: {}", safe(word), names.join(", ")),
    }
}
