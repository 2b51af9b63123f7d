//! `persona check`: the gaps of a catalog, for people and for CI.

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::formats::{self, Audit, Format, Shown};
use super::style::Style;
use super::{BROKEN, Common, FOUND, OK, USAGE, audit, print, source};
use crate::analysis::compare::Comparison;
use crate::analysis::filter::Words;
use crate::analysis::{Analysis, Severity};
use crate::audit::engine::Engine;
use crate::audit::filter::Filter;
use crate::audit::findings::findings;
use crate::audit::readers::Reader;
use crate::audit::summary::{Counts, Summary};
use crate::audit::usage::{Usage, usage};
use crate::audit::versions::Versions;
use crate::card::problem::Level as ProblemLevel;
use crate::store::{self, Root};

/// List the gaps of a catalog, worst first
#[derive(Debug, Args)]
#[command(
    after_help = "Words are those of the workbench's filter: severity:high (or worse), rule:excess, category:access,
finding:, component:, env:, kind:, persona:, process:, skill:, team:, type:. Words of one key are
alternatives; different keys must all hold. A word without a key is the id, name or alias of
something, and lists what is about that; any other text must stand in the finding's sentence, in its
rule, or in the names of what it is about. A word that can match nothing is an error.

With words, or with --since, the exit status looks at the findings that are listed only. Problems of
files always count, and the score is always that of the whole catalog.

With --since, only open findings count that are new, more severe, or open again since that commit.
REF is any name that git has for a commit; REF... is where its branch and HEAD parted; REF:FOLDER
is for a catalog that stood elsewhere, from the top of the repository.

Exit status:
  0  no open finding at or above --fail-on
  1  some
  2  the catalog has errors (with --strict also warnings), or could not be read
  64 wrong usage

Examples:
  persona check
  persona check team/personas --fail-on medium
  persona check P006 severity:medium category:access
  persona check --since main...       what this branch adds
  persona check P006 --fixes          with what would close each gap
  persona check --format json | jq '.findings[].message'
  persona check --format sarif --output persona.sarif
  persona check --audit logs/         with what the logs prove: beyond, unattributed, unused
  persona check --audit activity.jsonl --from azure-activity --history
  persona check --at 2027-01-01       what will have expired by then"
)]
pub struct Arguments {
    /// The folder of the catalog [default: upward from here, then ./personas], and words that
    /// narrow what is listed. The first is taken for a folder where there is one of that name.
    #[arg(value_name = "PATH | WORD")]
    words: Vec<OsString>,
    /// The folder of the catalog; then all that stands free is words.
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_parser = formats::parser(), default_value = "terminal")]
    format: &'static Format,
    /// Write there, and nothing to the terminal.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List only what is new or worse since a commit.
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Say the ways out of each open finding that is listed. Each is tried first, which takes long
    /// on a large catalog: narrow what is listed.
    #[arg(long)]
    fixes: bool,
    /// Compare these logs with the catalog too: files, folders, or - for standard input. What is beyond a
    /// grant, ends at no human, or is proven unused becomes a finding.
    #[arg(long, value_name = "LOGS")]
    audit: Vec<PathBuf>,
    /// What these logs are, as in `persona audit --from` [default: by how each begins].
    #[arg(long, value_parser = audit::reader_parser(), value_name = "FORMAT", requires = "audit")]
    from: Option<&'static Reader>,
    /// Judge each event of these logs by the catalog as git has it for the time of the event.
    #[arg(long, requires = "audit")]
    history: bool,
    /// What words of these logs mean, as in `persona audit --map`.
    #[arg(long, value_name = "FILE", requires = "audit")]
    map: Option<PathBuf>,
    /// A grant is unused when these logs show no use for so many days.
    #[arg(long, value_name = "N", default_value_t = 90, requires = "audit")]
    unused_days: u32,
    /// Exit with 1 where an open finding is of this severity or worse.
    #[arg(long, value_enum, default_value_t = FailOn::High, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Exit with 2 on warnings too.
    #[arg(long)]
    strict: bool,
}

/// From which severity on a finding fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Info,
    /// Never exit with 1.
    Never,
}

impl FailOn {
    /// The least severity that fails.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let (root, words) = root_and_words(arguments)?;
    let (analysis, audited) = audited(arguments, &root, source::analysis_of(&root, common.day())?)?;
    // The process ends with this command: giving back the memory of each card takes longer than
    // many rules do.
    let analysis = ManuallyDrop::new(analysis);
    let filter = words.join(" ");
    let words = Words::of(words);
    // Where files are broken, what is named may be in them; they are what must be said then.
    if !is_broken(&analysis) {
        let mistakes = words.mistakes(&analysis);
        if !mistakes.is_empty() {
            return Ok(misused(&mistakes));
        }
    }
    let before = arguments
        .since
        .as_deref()
        .map(|reference| anyhow::Ok((reference, source::analysis_at(&root, reference, common.day())?)));
    let before = before.transpose()?;
    let compared = before.as_ref().map(|(reference, before)| (*reference, Comparison::of(before, &analysis)));
    let since = compared.as_ref().map(|(reference, compared)| (*reference, compared));
    let mut shown = Shown::new(&analysis, &words, &filter, since);
    shown.fails = arguments.fail_on.severity();
    shown.audit = audited;
    shown.prefix = store::prefix(&root, &std::env::current_dir().unwrap_or_default());
    if arguments.fixes {
        shown.add_fixes();
    }
    let style = if arguments.output.is_some() { Style { color: false, ..style } } else { style };
    let format = if common.plain && arguments.format.name == "terminal" {
        &formats::plain::FORMAT
    } else {
        arguments.format
    };
    let text = (format.print)(&shown, style)?;
    let code = code(&shown, arguments.strict);
    match write(arguments.output.as_deref(), &text) {
        Err(error) if super::is_closed_pipe(&error) => Ok(code),
        other => other.map(|()| code),
    }
}

/// The analysis with what logs prove, where there are logs.
fn audited(
    arguments: &Arguments,
    root: &Root,
    analysis: Analysis,
) -> anyhow::Result<(Analysis, Option<Audit>)> {
    if arguments.audit.is_empty() {
        return Ok((analysis, None));
    }
    let mapping = audit::mapping(arguments.map.as_deref())?;
    // The boundary is of the catalog alone, and is kept apart from the findings that come of it.
    let alone = std::sync::Arc::new(Analysis::of(analysis.catalog.clone(), analysis.day));
    let versions = if arguments.history {
        audit::history(root, alone, &mapping)?
    } else {
        Versions::only(alone, &mapping)
    };
    let engine = Engine { versions, filter: Filter::default(), rows: None };
    let reading = audit::Reading {
        paths: arguments.audit.clone(),
        from: arguments.from,
        mapping: &mapping,
        progress: true,
    };
    let totals = audit::read(&engine, &reading, None)?;
    if let Some((log, why)) = totals.unreadable.first() {
        anyhow::bail!("{} cannot be read: {}", super::style::safe(log), super::style::safe(why));
    }
    let summary = Summary::of(&engine.versions, &totals);
    let usage = usage(&engine.versions, &totals, arguments.unused_days);
    let found = findings(&engine.versions, &summary, Some(&usage));
    let Counts { events, allowed, beyond, unjudged, unattributed, .. } = summary.counts;
    let creep = Usage::creep(&usage.grants).map(|creep| (creep * 10.0).round() / 10.0);
    let bad_lines = totals.wrong.values().sum();
    let all = Audit { events, allowed, beyond, unjudged, unattributed, bad_lines, creep };
    Ok((analysis.with_outside(found), Some(all)))
}

/// To a file, or to the terminal.
pub fn write(output: Option<&Path>, text: &str) -> anyhow::Result<()> {
    match output {
        None => print(text),
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))
        }
    }
}

/// Which of the free words is the folder.
fn root_and_words(arguments: &Arguments) -> anyhow::Result<(Root, Vec<String>)> {
    let current = std::env::current_dir().context("the current folder is gone")?;
    let text = |words: &[OsString]| words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let Some((first, rest)) = arguments.words.split_first().filter(|_| arguments.path.is_none()) else {
        return Ok((store::find(arguments.path.as_deref(), &current)?, text(&arguments.words)));
    };
    let path = Path::new(first);
    let keyed = first.to_string_lossy().contains(':');
    // A name without a folder around it may be anything; where there is one of that name it is meant.
    let is_path =
        path.components().count() > 1 || first.to_string_lossy().starts_with('.') || path.is_absolute();
    if current.join(path).exists() || (is_path && !keyed) {
        return Ok((store::find(Some(path), &current)?, text(rest)));
    }
    match store::find(None, &current) {
        Ok(root) => Ok((root, text(&arguments.words))),
        Err(_) if !keyed => Ok((store::find(Some(path), &current)?, text(rest))),
        Err(error) => Err(error.into()),
    }
}

fn misused(mistakes: &[String]) -> u8 {
    use std::io::Write as _;
    let mut out = std::io::stderr().lock();
    for mistake in mistakes {
        let _ = writeln!(out, "persona: {}", super::style::safe(mistake));
    }
    let _ = writeln!(out, "  persona check --help   says which words there are; PATH must be a folder");
    USAGE
}

fn is_broken(analysis: &Analysis) -> bool {
    let mut problems = analysis.catalog.problems.iter().chain(&analysis.problems);
    problems.any(|problem| problem.level == ProblemLevel::Error)
}

fn code(shown: &Shown<'_>, strict: bool) -> u8 {
    let worst = if strict { ProblemLevel::Warning } else { ProblemLevel::Error };
    if shown.problems().any(|problem| problem.level >= worst) {
        return BROKEN;
    }
    let found = shown.fails.is_some_and(|limit| shown.open().any(|finding| finding.severity.at_least(limit)));
    if found { FOUND } else { OK }
}
