//! The process map: steps by environment, with who performs them.

use anyhow::Context as _;

use super::{Export, Exporter, persona, picture};
use crate::card::words::Name;
use crate::catalog::ProcessId;
use crate::cli::style::safe;
use crate::layout::process_map::{Request, day_of, draw};

/// See the module.
pub static EXPORTER: Exporter = Exporter {
    name: "process-map",
    formats: &["svg", "dot", "mermaid", "text"],
    options: &["--persona", "--process"],
    make,
};

fn make(export: &Export<'_>) -> anyhow::Result<Vec<u8>> {
    let analysis = export.analysis;
    let mut chosen: Vec<ProcessId> = Vec::new();
    for word in &export.arguments.process {
        let process = analysis.catalog.find_process(&Name::new(word)).with_context(|| {
            format!("there is no process {}; `persona list processes` names them", safe(word))
        })?;
        chosen.extend(&analysis.facts.parts[process.index()]);
    }
    let processes = (!chosen.is_empty()).then_some(chosen);
    let who = persona(export)?;
    let mut map = draw(analysis, &Request { processes, ascii: export.ascii, ..Request::default() });
    anyhow::ensure!(
        !map.spots.is_empty(),
        "there is nothing to draw: no process here has steps; write them under `steps:` of a Process"
    );
    if let Some(who) = who {
        let day = day_of(&map, who);
        map.picture.dim(&day.into_iter().collect());
    }
    Ok(picture(export, &map.picture))
}
