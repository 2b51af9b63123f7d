//! `persona diff`: what is different between two catalogs, or one catalog at two commits.
//!
//! What is compared is what the cards mean: findings and score. For the text there is `git diff`.

mod json;
mod markdown;
mod plain;
mod terminal;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;

use super::check::{FailOn, write};
use super::formats::{score_words, spot};
use super::style::{Style, safe};
use super::{BROKEN, Common, FOUND, OK, source};
use crate::analysis::Analysis;
use crate::analysis::compare::{Change, Comparison, Kind};
use crate::card::problem::Level;
use crate::store::{self, GitError, Root};

/// Compare two catalogs, or one at two commits: which findings are new, changed or gone, and why
#[derive(Debug, Args)]
#[command(
    after_help = "A and B are folders, or names that git has for commits; where there is a folder of the name, that
is meant. REF... is where the branch of REF and HEAD parted. REF:FOLDER names a folder at a commit,
from the top of the repository. Findings are the same where rule, subject, object and environment
are; lines that only moved are no difference.

Each difference names the lines that made it so, on both sides. `because` is proven: with only these
lines as they were, or only these as they are, the finding would be too. Where it took several
changes together, or there are too many to try, the changed lines of its proof or of its cards are
named instead.

Exit status:
  0  they were compared, and --fail-on found nothing
  1  an open finding at or above --fail-on is new or worse
  2  a catalog could not be read, or the later one has errors
  64 wrong usage

Examples:
  persona diff main                   the catalog around here, against main
  persona diff main... --format markdown
  persona diff v1.0 v1.1 --in team/personas
  persona diff personas /tmp/proposal"
)]
pub struct Arguments {
    /// What was: a folder or a commit.
    #[arg(value_name = "A")]
    before: String,
    /// What is: a folder or a commit [default: the files of the catalog around here].
    #[arg(value_name = "B")]
    after: Option<String>,
    /// The folder of the catalog that commits are looked up for [default: the other folder that is
    /// named; else upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_parser = parser(), default_value = "terminal")]
    format: &'static Format,
    /// Write there, and nothing to the terminal.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Exit with 1 where an open finding of this severity or worse is new or worse.
    #[arg(long, value_enum, default_value_t = FailOn::Never, value_name = "SEVERITY")]
    fail_on: FailOn,
}

/// A format of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    name: &'static str,
    summary: &'static str,
    print: fn(&Compared<'_>, Style) -> anyhow::Result<String>,
}

/// The formats, in alphabetical order.
static FORMATS: &[&Format] = &[&json::FORMAT, &markdown::FORMAT, &plain::FORMAT, &terminal::FORMAT];

fn parser() -> impl TypedValueParser<Value = &'static Format> {
    let values = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.summary));
    PossibleValuesParser::new(values).map(|name| {
        let named = FORMATS.iter().find(|format| format.name == name);
        *named.unwrap_or(&&terminal::FORMAT)
    })
}

/// Two catalogs, compared.
pub struct Compared<'a> {
    comparison: Comparison<'a>,
    /// What each side is called.
    names: [String; 2],
}

impl Compared<'_> {
    fn count(&self, kind: Kind) -> usize {
        self.comparison.of_kind(kind).count()
    }

    /// How many findings are new, worse, changed, gone, and as they were.
    fn counts(&self) -> String {
        let counts = Kind::ALL.map(|kind| format!("{} {}", self.count(kind), kind.word()));
        format!("{}; {} as before", counts.join(", "), self.comparison.same)
    }

    fn scores(&self) -> [String; 2] {
        [self.comparison.before, self.comparison.after].map(score_words)
    }

    /// Where a finding was, and where it is.
    fn places(&self, change: &Change) -> [Option<String>; 2] {
        let place = |analysis: &Analysis, place: Option<usize>| {
            let finding = &analysis.findings[place?];
            Some(match spot(&analysis.catalog, finding) {
                Some(spot) => format!("{}:{}:{}", spot.file, spot.line, spot.column),
                None => analysis.catalog.id(finding.subject).into_owned(),
            })
        };
        [place(self.comparison.before, change.before), place(self.comparison.after, change.after)]
    }

    /// A sentence for each side of which files have problems: what they hide looks like a difference.
    fn warnings(&self) -> Vec<String> {
        let sides = [self.comparison.before, self.comparison.after].into_iter().zip(&self.names);
        sides
            .filter_map(|(analysis, name)| {
                let problems: Vec<_> = analysis.catalog.real_problems().chain(&analysis.problems).collect();
                let first = problems.first()?;
                Some(format!(
                    "{} has {} problems of files, the first {}:{}: {}. What they hide counts as a difference.",
                    safe(name),
                    problems.len(),
                    safe(&first.file),
                    first.line,
                    safe(&first.message)
                ))
            })
            .collect()
    }
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let current = std::env::current_dir().context("the current folder is gone")?;
    let folder = |word: &str| Some(PathBuf::from(word)).filter(|path| current.join(path).exists());
    let named = [Some(&arguments.before), arguments.after.as_ref()];
    let other = named.into_iter().flatten().find_map(|word| folder(word));
    // Found when it is needed: two folders need no catalog around.
    let around = || source::root(arguments.path.as_deref().or(other.as_deref()));
    let side = |word: &str| -> anyhow::Result<(String, Analysis)> {
        match folder(word) {
            Some(path) => {
                Ok((word.to_owned(), source::analysis_of(&source::root(Some(&path))?, common.day())?))
            }
            None => Ok((word.to_owned(), at(&around()?, word, common.day())?)),
        }
    };
    let (before_name, before) = side(&arguments.before)?;
    let (after_name, after) = match &arguments.after {
        Some(word) => side(word)?,
        None => {
            let root = source::root(arguments.path.as_deref())?;
            (root.shown.clone(), source::analysis_of(&root, common.day())?)
        }
    };
    let comparison = Comparison::of(&before, &after);
    let found = arguments.fail_on.severity().is_some_and(|limit| comparison.adds(limit));
    let compared = Compared { comparison, names: [before_name, after_name] };
    let style = if arguments.output.is_some() { Style { color: false, ..style } } else { style };
    let plain = common.plain && arguments.format.name == "terminal";
    let format = if plain { &plain::FORMAT } else { arguments.format };
    let text = (format.print)(&compared, style)?;
    let mut problems = after.catalog.problems.iter().chain(&after.problems);
    let code = match (problems.any(|problem| problem.level == Level::Error), found) {
        (true, _) => BROKEN,
        (false, true) => FOUND,
        (false, false) => OK,
    };
    match write(arguments.output.as_deref(), &text) {
        Err(error) if super::is_closed_pipe(&error) => Ok(code),
        other => other.map(|()| code),
    }
}

/// A catalog at a commit; what is neither a folder nor a commit is said to be neither.
fn at(root: &Root, word: &str, day: Date) -> anyhow::Result<Analysis> {
    if !Path::new(word).is_absolute() && !word.starts_with("./") && !word.starts_with("../") {
        let found = source::analysis_at(root, word, day);
        let neither = found.as_ref().err().and_then(|error| error.downcast_ref::<GitError>());
        if !matches!(neither, Some(GitError::UnknownCommit(_) | GitError::NoRepository(_))) {
            return found;
        }
        if let Some(error @ GitError::UnknownCommit(_)) = neither {
            bail!("there is no folder {word}, and {error}");
        }
        if let Some(error) = neither {
            bail!("there is no folder {word}, and no commit: {error}");
        }
    }
    Err(store::StoreError::Missing(word.to_owned()).into())
}
