//! `persona audit`: what agents did, against what they may do, and who answers for it.

mod csv;
mod drive;
mod json;
mod markdown;
mod plain;
mod report;
mod terminal;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::style::Style;
use super::{BROKEN, Common, FOUND, OK, PathArgument, USAGE, check, source};
use crate::analysis::Analysis;
use crate::audit::engine::Engine;
use crate::audit::event::moment;
use crate::audit::filter::Filter;
use crate::audit::mapping::{Mapping, read as read_mapping};
use crate::audit::readers::{READERS, Reader};
use crate::audit::rows::Rows;
use crate::audit::sql::{DIALECTS, Dialect};
use crate::audit::summary::Summary;
use crate::audit::usage::usage;
use crate::audit::versions::Versions;
use crate::store;

pub use drive::{Reading, read};
pub use report::Shown;

/// The most commits that are looked at with --history.
const COMMITS: usize = 200;

/// Judge logs of what agents did: allowed or beyond their grants, and who answers for each event
#[derive(Debug, Args)]
#[command(
    after_help = "An event belongs to the persona whose id, name, alias or identity its agent is, ends at the human
at the end of that one's accountable chain, and is allowed where one active grant admits it: component,
environment, level, tool, phase, risk, day and approval, each compared where both sides state it. Else it
is beyond, for the reason that the nearest grant gives: unknown-actor, unknown-component, no-grant,
environment, level, tool, phase, risk, window, approval-missing, approval-wrong. An event that names no
component is unjudged. `persona explain audit` says it all.

LOGS are files, folders, or - for standard input; gzip and zstd are unpacked. What a log is shows in how it
begins; --from says so where it does not. Words narrow what counts: agent:, component:, verdict:, reason:.

Exit status:
  0  all that counts is allowed, or unjudged
  1  something is beyond
  2  a log, the mapping file or the catalog could not be read
  64 wrong usage

Examples:
  persona audit logs/
  persona audit activity.jsonl --from azure-activity --map identities.yaml
  persona audit logs/ verdict:beyond agent:P011 --format jsonl
  persona audit logs/ --since 2026-10-01 --history
  zcat trail.json.gz | persona audit -
  persona audit --emit-sql duckdb > audit.sql     the same verdicts where the logs are"
)]
pub struct Arguments {
    /// Files, folders or - for standard input, and words that narrow what counts.
    #[arg(value_name = "LOGS | WORD", required_unless_present = "emit_sql")]
    logs: Vec<PathBuf>,
    /// What the logs are [default: by how each begins].
    #[arg(long, value_parser = reader_parser(), value_name = "FORMAT")]
    from: Option<&'static Reader>,
    /// Whom and what words of the logs mean, and which columns hold what: YAML or CSV.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Judge each event by the catalog as git has it for the time of the event.
    #[arg(long)]
    history: bool,
    /// A grant is unused when it was not used for so many days.
    #[arg(long, value_name = "N", default_value_t = 90)]
    unused_days: u32,
    /// Only events of this day or moment and later.
    #[arg(long, value_name = "DAY", value_parser = since)]
    since: Option<i64>,
    /// Only events of this day or moment and earlier.
    #[arg(long, value_name = "DAY", value_parser = until)]
    until: Option<i64>,
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Write there, and nothing to the terminal.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Read no logs; print the boundary as tables, and one query that gives the same verdicts, for an
    /// engine that holds the logs.
    #[arg(long, value_parser = dialect_parser(), value_name = "ENGINE")]
    emit_sql: Option<&'static Dialect>,
    #[command(flatten)]
    catalog: PathArgument,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A row an event, as a table.
    Csv,
    /// One document for other programs.
    Json,
    /// A JSON object an event.
    Jsonl,
    /// For a wiki or a pull request.
    Markdown,
    /// One fact a line.
    Plain,
    /// What matters first.
    Terminal,
}

/// The formats of logs, by name.
pub fn reader_parser() -> impl clap::builder::TypedValueParser<Value = &'static Reader> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
    let values = READERS.iter().map(|reader| PossibleValue::new(reader.name).help(reader.summary));
    PossibleValuesParser::new(values)
        .try_map(|name| crate::audit::readers::find(&name).ok_or("there is no such format"))
}

fn dialect_parser() -> impl clap::builder::TypedValueParser<Value = &'static Dialect> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
    let values = DIALECTS.iter().map(|dialect| PossibleValue::new(dialect.name).help(dialect.summary));
    PossibleValuesParser::new(values)
        .try_map(|name| crate::audit::sql::find(&name).ok_or("there is no such engine"))
}

/// A day from its first moment on, or a moment.
fn since(text: &str) -> Result<i64, String> {
    match whole_day(text) {
        Some(day) => moment(&format!("{day}T00:00:00Z")),
        None => moment(text),
    }
    .ok_or_else(|| "write a day, as 2026-11-23, or a moment, as 2026-11-23T10:00:00Z".to_owned())
}

/// After a whole day, or after a moment.
fn until(text: &str) -> Result<i64, String> {
    match whole_day(text) {
        Some(day) => {
            day.tomorrow().map_err(|error| error.to_string()).and_then(|next| since(&next.to_string()))
        }
        None => since(text).map(|moment| moment.saturating_add(1)),
    }
}

/// A day, and not the day of a moment that has an offset.
fn whole_day(text: &str) -> Option<jiff::civil::Date> {
    Some(text).filter(|text| text.len() == 10)?.parse().ok()
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let (paths, words) = split(&arguments.logs);
    let filter = match Filter::of(&words) {
        Ok(mut filter) => {
            (filter.since, filter.until) = (arguments.since, arguments.until);
            filter
        }
        Err(mistake) => return Ok(misused(&mistake)),
    };
    if paths.is_empty() && arguments.emit_sql.is_none() {
        return Ok(misused("there is no log; name files, folders, or - for standard input"));
    }
    let mapping = mapping(arguments.map.as_deref())?;
    let root = source::root(arguments.catalog.path.as_deref())?;
    let analysis = Arc::new(source::analysis_of(&root, common.day())?);
    if let Some(dialect) = arguments.emit_sql {
        let versions = Versions::only(analysis, &mapping);
        check::write(arguments.output.as_deref(), &crate::audit::sql::emit(dialect, &versions))?;
        return Ok(OK);
    }
    let versions = if arguments.history {
        history(&root, analysis, &mapping)?
    } else {
        Versions::only(analysis, &mapping)
    };
    let rows = match arguments.format {
        Format::Jsonl => Some(Rows::JsonLines),
        Format::Csv => Some(Rows::Csv),
        _ => None,
    };
    let whole = filter.is_open() && filter.since.is_none() && filter.until.is_none();
    let engine = Engine { versions, filter, rows };
    let reading = Reading { paths, from: arguments.from, mapping: &mapping, progress: true };
    let totals = match rows {
        None => read(&engine, &reading, None)?,
        Some(rows) => csv::write_rows(&engine, &reading, rows, arguments.output.as_deref())?,
    };
    let summary = Summary::of(&engine.versions, &totals);
    let usage = whole.then(|| usage(&engine.versions, &totals, arguments.unused_days));
    let shown = Shown {
        engine: &engine,
        totals: &totals,
        summary: &summary,
        usage: usage.as_ref(),
        history: arguments.history,
    };
    let style = if arguments.output.is_some() { Style { color: false, ..style } } else { style };
    let text = match arguments.format {
        Format::Csv | Format::Jsonl => {
            plain::remarks(&shown);
            String::new()
        }
        Format::Json => json::print(&shown)?,
        Format::Markdown => markdown::print(&shown),
        Format::Terminal if !common.plain => terminal::print(&shown, style),
        Format::Plain | Format::Terminal => plain::print(&shown),
    };
    if !text.is_empty() {
        match check::write(arguments.output.as_deref(), &text) {
            Err(error) if !super::is_closed_pipe(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(match (totals.unreadable.is_empty(), summary.counts.beyond) {
        (false, _) => BROKEN,
        (true, 0) => OK,
        (true, _) => FOUND,
    })
}

/// Which of the free arguments are logs, and which are words.
fn split(arguments: &[PathBuf]) -> (Vec<PathBuf>, Vec<String>) {
    let (mut paths, mut words) = (Vec::new(), Vec::new());
    for argument in arguments {
        let text = argument.to_string_lossy();
        let keyed = text.split_once(':').is_some_and(|(key, _)| {
            key.len() > 1 && key.chars().all(|character| character.is_ascii_lowercase())
        });
        if keyed && !argument.exists() {
            words.push(text.into_owned());
        } else {
            paths.push(argument.clone());
        }
    }
    (paths, words)
}

fn misused(mistake: &str) -> u8 {
    use std::io::Write as _;
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "persona: {}", super::style::safe(mistake));
    let _ = writeln!(out, "  persona audit --help   says how it is used");
    USAGE
}

/// Reads a mapping file.
///
/// # Errors
/// Where it cannot be read, or says what cannot be.
pub fn mapping(path: Option<&Path>) -> anyhow::Result<Mapping> {
    let Some(path) = path else { return Ok(Mapping::default()) };
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    read_mapping(&text, &path.display().to_string()).map_err(|what| anyhow::anyhow!(what))
}

/// The catalog as it was at each commit that changed it, and as it is.
///
/// # Errors
/// Where git does not have it.
pub fn history(root: &store::Root, now: Arc<Analysis>, mapping: &Mapping) -> anyhow::Result<Versions> {
    let mut commits = store::commits(root)?;
    let all = commits.len();
    if all > COMMITS {
        commits.drain(..all - COMMITS);
        eprintln!("persona: of {all} commits that changed the catalog the latest {COMMITS} are looked at");
    }
    let day = now.day;
    let mut earlier = Vec::new();
    for (hash, seconds) in commits {
        match source::analysis_at(root, &hash, day) {
            Ok(analysis) => earlier.push((seconds.saturating_mul(1_000_000), Arc::new(analysis))),
            // A commit that took the catalog away, to bring it back later.
            Err(error) if error.to_string().contains("there was no catalog") => {}
            Err(error) => return Err(error),
        }
    }
    let moment = jiff::Timestamp::now().as_microsecond();
    Ok(Versions::of(earlier, (moment, now), mapping))
}
