//! Events of any number for a catalog: most of them within the boundary, some beyond it in each way.
//!
//! The same catalog, seed and number give the same events, whatever the machine.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rayon::prelude::*;

use crate::analysis::Analysis;
use crate::audit::boundary::{Boundary, Directory, Row};
use crate::audit::event::written;
use crate::audit::mapping::Mapping;
use crate::audit::simulate::chance::Chance;

/// How many events are made at once.
const AT_ONCE: usize = 20_000;
/// The moment of the first event: 1 August 2026.
const START: i64 = 1_785_542_400_000_000;
/// Over how many days events are spread.
const DAYS: i64 = 110;

/// Writes events to a file, or to standard output for `-`.
///
/// # Errors
/// Where the catalog grants nothing, or the file cannot be written.
pub fn generate(analysis: Arc<Analysis>, file: &Path, events: usize, seed: u64) -> anyhow::Result<()> {
    let boundary = Boundary::of(analysis, &Mapping::default(), &mut Directory::default());
    anyhow::ensure!(
        !boundary.rows.is_empty(),
        "this catalog grants nothing, so there is nothing to make events of"
    );
    let mut out: Box<dyn Write> = if file.as_os_str() == "-" {
        Box::new(std::io::stdout().lock())
    } else {
        Box::new(
            std::fs::File::create(file)
                .with_context(|| format!("{} could not be written", file.display()))?,
        )
    };
    let starts: Vec<usize> = (0..events).step_by(AT_ONCE).collect();
    for batch in starts.chunks(rayon::current_num_threads().max(1) * 2) {
        let texts: Vec<String> = batch
            .par_iter()
            .map(|start| {
                let mut text = String::with_capacity(AT_ONCE * 330);
                (*start..events.min(start + AT_ONCE))
                    .for_each(|number| event(&boundary, events, number, seed, &mut text));
                text
            })
            .collect();
        for text in texts {
            out.write_all(text.as_bytes())?;
        }
    }
    out.flush()?;
    Ok(())
}

fn field(out: &mut String, name: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    out.push_str(if out.ends_with('\n') || out.is_empty() { "{" } else { "," });
    // Text as JSON; writing to memory does not fail.
    let value = serde_json::to_string(value).unwrap_or_default();
    let _ = write!(out, "\"{name}\":{value}");
}

fn event(boundary: &Boundary, events: usize, number: usize, seed: u64, out: &mut String) {
    let catalog = &boundary.analysis.catalog;
    let settings = &catalog.settings;
    let mut chance = Chance::new(seed, 11, number);
    let row = &boundary.rows[chance.below(boundary.rows.len())];
    let persona = &catalog.personas[row.persona.index()];
    let grant = boundary.grant(row);
    // Of 100 events 88 keep to the grant; the others leave it in one way each, or in two.
    let mut ways = [false; 9];
    if chance.below(100) >= 88 {
        ways[chance.below(9)] = true;
        if chance.below(3) == 0 {
            ways[chance.below(9)] = true;
        }
    }
    let [unknown_actor, unknown_component, level, environment, tool, phase, risk, approval, bare] = ways;
    #[expect(clippy::cast_possible_wrap, reason = "numbers of events are far below")]
    let step = number as i64 * (DAYS * 86_400_000_000 / events.max(1) as i64);
    field(out, "time", &written(START + step + (chance.below(2_000_000) as i64)));
    field(out, "event", &format!("{seed:x}-{number:012x}"));
    let agent = match chance.below(4) {
        _ if unknown_actor => format!("stranger-{}", chance.below(40)),
        0 => persona.name.written().to_owned(),
        1 => persona
            .identity
            .as_ref()
            .and_then(|one| one.id.as_ref())
            .map_or(persona.id.written(), |id| id.written())
            .to_owned(),
        _ => persona.id.written().to_owned(),
    };
    field(out, "agent", &agent);
    let component = catalog.components[grant.component.index()].name.written();
    let component =
        if unknown_component { format!("Somewhere {}", chance.below(40)) } else { component.to_owned() };
    field(out, "component", &component);
    let tools = row.tools.as_deref().unwrap_or_default();
    if tool {
        field(out, "tool", "drop_everything");
    } else if !tools.is_empty() {
        field(out, "tool", &tools[chance.below(tools.len())]);
    }
    let words = ["models/read", "datasets/list", "deployments/write", "jobs/start", "secrets/get"];
    field(out, "action", words[chance.below(words.len())]);
    let top = settings.access_levels.len();
    let most = row.level.map_or(top, |level| level.index() + 1);
    let asked = if level { top - 1 } else { chance.below(most) };
    if !bare {
        field(out, "level", settings.access_levels[asked.min(top - 1)].written());
        let of_row = row.environment.unwrap_or_else(|| chance.below(settings.environments.len()));
        let other = chance.below(settings.environments.len());
        field(out, "environment", settings.environment(if environment { other } else { of_row }));
        conditions(boundary, row, phase, risk, &mut chance, out);
    }
    field(out, "decision", "allow");
    field(out, "outcome", if chance.below(50) == 0 { "denied" } else { "success" });
    if row.needs_approval && !(approval && chance.below(2) == 0) {
        let named = grant.approval.first().map_or("", |named| named.name.written());
        field(out, "approval", if approval { "P999" } else { named });
    }
    // Eight events make a trace; each but the first was led to by the one before.
    let place = number % 8;
    if place > 0 {
        field(out, "parent", &format!("{seed:x}-{:012x}", number - 1));
    }
    field(out, "trace", &format!("{seed:08x}{:024x}", number / 8));
    out.push_str("}\n");
}

fn conditions(
    boundary: &Boundary,
    row: &Row,
    phase: bool,
    risk: bool,
    chance: &mut Chance,
    out: &mut String,
) {
    let settings = &boundary.analysis.catalog.settings;
    let known = if row.phases.is_empty() { "run" } else { &row.phases[chance.below(row.phases.len())] };
    field(out, "phase", if phase { "holiday" } else { known });
    let levels = settings.risk_levels.len();
    let most = row.max_risk.map_or(levels, |risk| risk.index() + 1);
    if let Some(word) = settings.risk_levels.get(if risk { levels - 1 } else { chance.below(most) }) {
        field(out, "risk", word.written());
    }
}
