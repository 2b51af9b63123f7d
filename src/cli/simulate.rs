//! `persona simulate`: what agents would do in a scenario, as an audit trail; or every route that there is.

mod json;
mod markdown;
mod plain;
mod run;
mod terminal;

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};

use super::style::{Style, lines, safe};
use super::{Common, OK, PathArgument, USAGE, check, source};
use crate::analysis::Analysis;
use crate::analysis::effective::known;
use crate::analysis::routes::{Exploration, Hop, Outcome, Route, explore};
use crate::audit::event::{day, moment};
use crate::audit::simulate::Plan;
use crate::catalog::{Catalog, ScenarioId, Trigger};

/// When the first change comes, where nothing else is said.
const START: &str = "2026-11-23T09:00:00Z";

/// Play a scenario's agents from a seed as an audit trail, or walk every route that it has
///
/// A change goes from the router along the route of its trigger; agents join and leave on the way, ask for
/// what their steps need, and now and then for more. Grants are activated just in time and revoked, humans
/// are asked to approve, what no grant admits is refused and goes to whom the agent escalates to. The
/// trail has the form of our own events (assets/schema/audit-event-1.json), and `persona audit` of it
/// finds what the catalog says. The same catalog, seed and start give the same bytes everywhere.
#[derive(Debug, Args)]
#[command(
    after_help = "With --exhaustive nothing is drawn: every trigger, router and set of agents that can be there is walked,
and all orders in which agents join and leave on the way are counted, by how they end. The bounds are 10
joins and leaves a trigger, and 4096 ways of being there; what goes beyond them is said. For each route:
what is taken by which grant, who approves, who answers, the moment at which most is held, and where it is
stuck and why. What is held weighs, in each environment of a grant, its level from the bottom, from 1 on.

Who joins in some trigger is not there until then; all others are there from the start. What humans do on
a route is theirs and is not played. An agent whose steps say nothing may do what its grants give.

Examples:
  persona simulate \"CI/CD change routing\" --seed 7 --events 1000 > trail.jsonl
  persona simulate \"CI/CD change routing\" --events 50 --format terminal
  persona simulate --events 1000000 --out trail.jsonl && persona audit trail.jsonl
  persona simulate \"CI/CD change routing\" --exhaustive
  persona simulate --exhaustive --format json | jq '.routes[].outcomes[] | select(.stuck)'

The schema of the JSON of --exhaustive is assets/schema/simulate-1.json."
)]
pub struct Arguments {
    /// Which scenario [default: the only one there is].
    scenario: Option<String>,
    /// From which seed chance is drawn.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many events; the last routing is cut off there, as a log is.
    #[arg(long, value_name = "K", default_value_t = 100)]
    events: u64,
    /// When the first change comes [default: 2026-11-23T09:00:00Z, or nine o'clock of the day of --at].
    #[arg(long, value_name = "TIME", value_parser = start)]
    start: Option<i64>,
    /// In how many of a hundred cases an agent asks for something that is not its task.
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    strays: u8,
    /// How many of a hundred approvals are refused.
    #[arg(long, value_name = "PERCENT", default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=100))]
    refusals: u8,
    /// Draw nothing: walk every route that there is.
    #[arg(long, conflicts_with_all = ["seed", "events", "start", "strays", "refusals"])]
    exhaustive: bool,
    /// How to print [default: jsonl; with --exhaustive: terminal; with --plain: plain].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write the trail, or with --exhaustive the report, there. What a trail came to is then printed.
    #[arg(long, short, visible_alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With --exhaustive: for other programs.
    Json,
    /// An audit event a line.
    Jsonl,
    /// With --exhaustive: for a wiki or a pull request.
    Markdown,
    /// One fact a line.
    Plain,
    /// For people.
    Terminal,
}

fn start(text: &str) -> Result<i64, String> {
    let whole = if text.len() == 10 { format!("{text}T09:00:00Z") } else { text.to_owned() };
    moment(&whole)
        .ok_or_else(|| "write a day, as 2026-11-23, or a moment, as 2026-11-23T10:00:00Z".to_owned())
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let root = source::root(arguments.catalog.path.as_deref())?;
    if arguments.exhaustive {
        let analysis = source::analysis_of(&root, common.day())?;
        return exhaustive(arguments, common, style, &analysis);
    }
    let start = match (arguments.start, common.at) {
        (Some(start), _) => start,
        (None, Some(day)) => start(&day.to_string()).map_err(|why| anyhow!(why))?,
        (None, None) => start(START).map_err(|why| anyhow!(why))?,
    };
    // What is needed is the same on all days; what holds is looked up on the day of each event.
    let day = day(&crate::audit::event::written(start)).ok_or_else(|| anyhow!("this start is no day"))?;
    let analysis = source::analysis_of(&root, day)?;
    let scenario = scenario(&analysis.catalog, arguments.scenario.as_deref())?;
    let plan = Plan {
        scenario,
        seed: arguments.seed,
        events: arguments.events,
        start,
        strays: arguments.strays,
        refusals: arguments.refusals,
    };
    let told = match (arguments.format, common.plain) {
        (Some(Format::Json | Format::Markdown), _) => {
            return Ok(misused(
                "a trail is printed as jsonl, plain or terminal; json and markdown are for --exhaustive",
            ));
        }
        (Some(Format::Jsonl), _) | (None, false) => run::Told::Events,
        (Some(Format::Plain), _) | (None | Some(Format::Terminal), true) => run::Told::Plain,
        (Some(Format::Terminal), false) => run::Told::Terminal,
    };
    run::run(&analysis, &plan, told, arguments.out.as_deref(), style)?;
    Ok(OK)
}

fn exhaustive(
    arguments: &Arguments,
    common: &Common,
    style: Style,
    analysis: &Analysis,
) -> anyhow::Result<u8> {
    let found = explore(analysis, scenario(&analysis.catalog, arguments.scenario.as_deref())?);
    let style = if arguments.out.is_some() { Style { color: false, ..style } } else { style };
    let shown = Shown { analysis, found: &found };
    let text = match arguments.format {
        Some(Format::Jsonl) => {
            return Ok(misused(
                "--exhaustive draws no events; its formats are json, markdown, plain and terminal",
            ));
        }
        Some(Format::Json) => json::print(&shown)?,
        Some(Format::Markdown) => markdown::print(&shown),
        None | Some(Format::Terminal) if !common.plain => terminal::print(&shown, style),
        None | Some(Format::Plain | Format::Terminal) => plain::print(&shown),
    };
    check::write(arguments.out.as_deref(), &text)?;
    Ok(OK)
}

fn misused(mistake: &str) -> u8 {
    use std::io::Write as _;
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "persona: {mistake}");
    let _ = writeln!(out, "  persona simulate --help   says how it is used");
    USAGE
}

fn scenario(catalog: &Catalog, word: Option<&str>) -> anyhow::Result<ScenarioId> {
    let names: Vec<_> = catalog.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
    let place = match (word, names.as_slice()) {
        (None, [_]) => 0,
        (None, []) => bail!("the catalog has no scenario; state one as a card of `kind: Scenario`"),
        (None, names) => {
            let names: Vec<&str> = names.iter().map(crate::card::words::Name::written).collect();
            bail!("which scenario? The catalog has {}", safe(&names.join(", ")))
        }
        (Some(word), names) => known(word, names, "scenario").map_err(|why| anyhow!("{}", lines(&why)))?,
    };
    Ok(ScenarioId::from_index(place))
}

/// What all formats show of all routes.
struct Shown<'a> {
    analysis: &'a Analysis,
    found: &'a Exploration,
}

impl Shown<'_> {
    fn trigger(&self, route: &Route) -> &Trigger {
        &self.analysis.catalog.scenarios[self.found.scenario.index()].triggers[route.trigger]
    }

    fn name(&self) -> &str {
        self.analysis.catalog.scenarios[self.found.scenario.index()].name.written()
    }

    /// What a hop is called.
    fn label(&self, hop: &Hop) -> String {
        hop.persona.map_or_else(|| hop.name.to_string(), |id| self.analysis.catalog.label(id.into()))
    }

    /// How many routes get to the end in every order, in some, and in none.
    fn totals(&self) -> [usize; 3] {
        let mut totals = [0; 3];
        for route in &self.found.routes {
            let through = route.outcomes.iter().any(|one| one.stuck.is_none());
            let stuck = route.outcomes.iter().any(|one| one.stuck.is_some());
            totals[match (through, stuck) {
                (true, false) => 0,
                (true, true) => 1,
                (false, _) => 2,
            }] += 1;
        }
        totals
    }

    /// "after swap": what was set off before.
    fn after(&self, route: &Route) -> Option<String> {
        let triggers = &self.analysis.catalog.scenarios[self.found.scenario.index()].triggers;
        let words: Vec<String> = route
            .after
            .iter()
            .map(|place| {
                let change = triggers[*place].change.as_ref().map_or("any change", |change| change.written());
                format!("{change} ({})", place + 1)
            })
            .collect();
        (!words.is_empty()).then(|| format!("after {}", words.join(", then ")))
    }
}

/// The hop of an outcome at which most is held.
fn widest(route: &Route, outcome: &Outcome) -> Option<usize> {
    let last = outcome.stuck.as_ref().map_or(route.hops.len(), |(at, _)| at + 1);
    let reached = route.hops.iter().enumerate().take(last);
    // Of equals the first.
    reached.rev().max_by_key(|(_, hop)| hop.width).map(|(place, _)| place)
}

fn orders(count: u128, all: u128) -> String {
    if all == 1 { "in the only order".to_owned() } else { format!("in {count} of {all} orders") }
}

fn all_orders(route: &Route) -> u128 {
    route.outcomes.iter().fold(0, |sum: u128, one| sum.saturating_add(one.orders))
}

/// "1 route", "2 routes".
fn routes(count: usize) -> String {
    if count == 1 { "1 route".to_owned() } else { format!("{count} routes") }
}
