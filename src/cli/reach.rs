//! `persona reach`: what one who holds something can touch, who answers for it, and what holds it
//! together; of a component, who can touch it.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::report::{EntityPart, entity};
use super::show::find;
use super::style::{Style, safe, table, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::reach::phrases::{access_phrase, answers, blast, cuts, labels};
use crate::analysis::reach::{Reach, Via, reach};
use crate::analysis::view::line_of;
use crate::analysis::{Analysis, Severity};
use crate::catalog::{Entity, Place};

/// Show what a persona, a person or a team reaches, hop by hop, or who reaches a component
#[derive(Debug, Args)]
#[command(after_help = "A hop is a hand-over: an agent sets to work whom it invokes, a scenario's router the
first of each route, and each of a route the next. Grants count that are in force on the day, those held
just in time as well.

The blast radius is what can be written in production through all hops, as a share of all that anybody can
write there. A choke point is an edge on every way to something: without it that is no longer reached.

Examples:
  persona reach P010
  persona reach \"Data scientist B\"
  persona reach component:\"Azure DevOps\"
  persona reach P010 --format json | jq '.blast.share'

The schema of the JSON is assets/schema/reach-1.json.")]
pub struct Arguments {
    /// Whose reach: a persona, a person, a team, or a component.
    who: String,
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Hop by hop, with lines.
    Terminal,
    /// One fact a line.
    Plain,
    /// For other programs.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let who = find(&analysis.catalog, &arguments.who)?;
    let Some(found) = reach(&analysis, who) else {
        anyhow::bail!(
            "{} is a {}; personas, people, teams and components have a reach",
            safe(&analysis.catalog.label(who)),
            analysis.catalog.kind(who).word()
        );
    };
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&report(&analysis, &found))? + "\n",
        Format::Terminal if !common.plain => terminal(&analysis, &found, style),
        Format::Terminal | Format::Plain => plain(&analysis, &found),
    };
    print(&text)?;
    Ok(OK)
}

fn edge(analysis: &Analysis, via: &Via, arrow: &str) -> String {
    let label = |entity: Entity| safe(&analysis.catalog.label(entity));
    format!("{} {} {arrow} {}", label(via.from), via.verb, label(via.to))
}

fn terminal(analysis: &Analysis, found: &Reach, style: Style) -> String {
    let mut out = String::new();
    let title = if found.incoming { "Who reaches" } else { "The reach of" };
    out.push_str(&format!(
        "{}\n\n",
        style.strong(&format!("{title} {}", safe(&analysis.catalog.label(found.who))))
    ));
    for hop in &found.hops {
        let label = style.strong(&safe(&analysis.catalog.label(hop.entity)));
        let via = hop.via.map(|via| {
            let from = safe(&analysis.catalog.label(via.from));
            (
                format!("{from} {} {} ", style.faint(via.verb), style.arrow()),
                safe(&line_of(analysis, via.place)),
            )
        });
        let (via, line) = via.unwrap_or_default();
        let line = if line.is_empty() { line } else { format!("  {}", style.faint(&line)) };
        out.push_str(&format!("{:>2}  {via}{label}{line}\n", hop.distance));
        if let Some((right, text)) = answers(analysis, hop) {
            let text = safe(&text);
            let text = if right { style.faint(&text) } else { style.severity(Severity::Critical, &text) };
            out.push_str(&format!("    {text}\n"));
        }
        let rows: Vec<Vec<String>> = hop
            .access
            .iter()
            .map(|access| {
                let sign = match (access.writes, style.ascii) {
                    (true, false) => "▲",
                    (true, true) => "^",
                    (false, false) => "·",
                    (false, true) => "-",
                };
                vec![
                    format!("     {sign}"),
                    safe(&analysis.catalog.label(access.component.into())),
                    safe(&access_phrase(analysis, hop, access)),
                    safe(&line_of(analysis, access.place)),
                ]
            })
            .collect();
        out.push_str(&table(&rows));
    }
    let sign = match (found.writes.is_empty(), style.ascii) {
        (true, false) => "·",
        (true, true) => "-",
        (false, false) => "▲",
        (false, true) => "^",
    };
    out.push_str(&format!("\n{}\n", style.strong("Blast radius")));
    let writes = if found.writes.is_empty() {
        String::new()
    } else {
        format!(": {}", safe(&labels(analysis, &found.writes)))
    };
    out.push_str(&wrap(&format!("{sign} {}{writes}", safe(&blast(analysis, found))), style.width, "  "));
    if !found.chokes.is_empty() {
        out.push_str(&format!(
            "\n{}\n",
            style.strong("Choke points: the edge whose removal cuts most comes first")
        ));
        for (number, choke) in found.chokes.iter().enumerate() {
            let line = safe(&line_of(analysis, choke.via.place));
            out.push_str(&format!(
                "  {}. {}  {}\n     {}\n",
                number + 1,
                edge(analysis, &choke.via, style.arrow()),
                style.faint(&line),
                safe(&cuts(analysis, found, choke))
            ));
        }
    }
    out
}

fn plain(analysis: &Analysis, found: &Reach) -> String {
    let label = |entity: Entity| safe(&analysis.catalog.label(entity));
    let mut out = String::new();
    for hop in &found.hops {
        let via = hop.via.map_or(String::new(), |via| {
            format!(": {} ({})", edge(analysis, &via, "->"), safe(&line_of(analysis, via.place)))
        });
        let answers = answers(analysis, hop).map_or(String::new(), |(_, text)| format!("; {}", safe(&text)));
        out.push_str(&format!("hop {}: {}{via}{answers}\n", hop.distance, label(hop.entity)));
        for access in &hop.access {
            let writes = if access.writes { ", writes in production" } else { "" };
            let conditional = if access.conditional { ", conditional" } else { "" };
            out.push_str(&format!(
                "access of {}: {}: {}{writes}{conditional} ({})\n",
                label(hop.entity),
                label(access.component.into()),
                safe(&access_phrase(analysis, hop, access)),
                safe(&line_of(analysis, access.place))
            ));
        }
    }
    out.push_str(&format!("blast radius: {}\n", safe(&blast(analysis, found))));
    for choke in &found.chokes {
        out.push_str(&format!(
            "choke point: {}: {} ({})\n",
            edge(analysis, &choke.via, "->"),
            safe(&cuts(analysis, found, choke)),
            safe(&line_of(analysis, choke.via.place))
        ));
    }
    out
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    catalog: CatalogPart<'a>,
    at: String,
    who: EntityPart,
    direction: &'static str,
    hops: Vec<HopPart<'a>>,
    touches: Vec<EntityPart>,
    blast: BlastPart,
    chokes: Vec<ChokePart<'a>>,
}

#[derive(Serialize)]
struct CatalogPart<'a> {
    name: &'a str,
    path: &'a str,
    personas: usize,
}

#[derive(Serialize)]
struct HopPart<'a> {
    distance: usize,
    #[serde(flatten)]
    entity: EntityPart,
    via: Option<ViaPart<'a>>,
    answers: Vec<EntityPart>,
    access: Vec<AccessPart<'a>>,
}

#[derive(Serialize)]
struct ViaPart<'a> {
    from: EntityPart,
    relation: &'static str,
    to: EntityPart,
    location: LocationPart<'a>,
}

#[derive(Serialize)]
struct AccessPart<'a> {
    component: EntityPart,
    writes: bool,
    conditional: bool,
    location: LocationPart<'a>,
}

#[derive(Serialize)]
struct BlastPart {
    writes: Vec<EntityPart>,
    of: usize,
    share: Option<f64>,
}

#[derive(Serialize)]
struct ChokePart<'a> {
    #[serde(flatten)]
    via: ViaPart<'a>,
    writes: Vec<EntityPart>,
    touches: Vec<EntityPart>,
    loses: Vec<EntityPart>,
}

#[derive(Serialize)]
struct LocationPart<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

fn report<'a>(analysis: &'a Analysis, found: &Reach) -> Report<'a> {
    let catalog = &analysis.catalog;
    let part = |one: Entity| entity(catalog, one);
    let parts = |all: &[Entity]| all.iter().map(|one| part(*one)).collect::<Vec<_>>();
    let location = |place: Place| {
        let found = catalog.locate(place);
        LocationPart { file: found.file, line: found.position.line, column: found.position.column }
    };
    let via = |via: &Via| ViaPart {
        from: part(via.from),
        relation: via.verb,
        to: part(via.to),
        location: location(via.place),
    };
    Report {
        schema: "persona-workbench/reach/1",
        catalog: CatalogPart { name: &catalog.name, path: &catalog.path, personas: catalog.personas.len() },
        at: analysis.day.to_string(),
        who: part(found.who),
        direction: if found.incoming { "in" } else { "out" },
        hops: found
            .hops
            .iter()
            .map(|hop| HopPart {
                distance: hop.distance,
                entity: part(hop.entity),
                via: hop.via.as_ref().map(via),
                answers: parts(&hop.answers),
                access: hop
                    .access
                    .iter()
                    .map(|access| AccessPart {
                        component: part(access.component.into()),
                        writes: access.writes,
                        conditional: access.conditional,
                        location: location(access.place),
                    })
                    .collect(),
            })
            .collect(),
        touches: parts(&found.touches),
        blast: BlastPart { writes: parts(&found.writes), of: found.of, share: found.share() },
        chokes: found
            .chokes
            .iter()
            .map(|choke| ChokePart {
                via: via(&choke.via),
                writes: parts(&choke.writes),
                touches: parts(&choke.touches),
                loses: parts(&choke.loses),
            })
            .collect(),
    }
}
