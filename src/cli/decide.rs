//! `persona decide`: write down what a team decided about a gap.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};

use super::changes::{counted, patch, write};
use super::style::{Style, safe};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::decide::{Verdict, decide, last_day};
use crate::analysis::filter::Words;
use crate::card::kinds::DecisionAction;

/// Write down what was decided about a gap: a Decision card
///
/// A gap that is accepted or deferred stays in every list, marked, and counts neither for the score
/// nor for the exit status of `persona check`, until the day given. A decision about the same gap is
/// changed rather than made twice.
#[derive(Debug, Args)]
#[command(after_help = "FILTER is as for `persona check`; it should leave one gap, or say --all.

Examples:
  persona decide accept P006 rule:unneeded-access --until 2027-02-01 --reason \"until the move\"
  persona decide defer rule:excess-level P001 --until 90d --by \"Data engineer A\"
  persona decide fix rule:unscoped-tools P011 --work-item AB#31
  persona decide reject rule:unneeded-access P003 --reason \"it goes next week\"")]
pub struct Arguments {
    /// What was decided.
    #[arg(value_enum)]
    action: Action,
    /// Which gap.
    #[arg(required = true)]
    filter: Vec<String>,
    #[command(flatten)]
    path: PathArgument,
    /// Why.
    #[arg(long)]
    reason: Option<String>,
    /// By whom: a persona or a person.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The last day on which it holds, as 2027-02-01, or from today as 90d or 3 months.
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Where it is tracked.
    #[arg(long, value_name = "ID")]
    work_item: Option<String>,
    /// All gaps that match, not just one.
    #[arg(long)]
    all: bool,
    /// Show the difference, and write nothing.
    #[arg(long, short = 'n')]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Action {
    /// It stays as it is, until a day.
    Accept,
    /// It is looked at again on a day.
    Defer,
    /// It is to be closed.
    Fix,
    /// It is no gap, the team says; it counts all the same.
    Reject,
}

impl From<Action> for DecisionAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Accept => Self::Accept,
            Action::Defer => Self::Defer,
            Action::Fix => Self::Fix,
            Action::Reject => Self::Reject,
        }
    }
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.path.as_deref(), common.day())?;
    let words = Words::of(arguments.filter.iter().cloned());
    if let Some(mistake) = words.mistakes(&analysis).into_iter().next() {
        bail!("{}", safe(&mistake));
    }
    let places: Vec<usize> = (0..analysis.findings.len())
        .filter(|place| words.finding_with_text(&analysis, &analysis.findings[*place]))
        .collect();
    match places.as_slice() {
        [] => bail!("no gap matches"),
        [_, _, ..] if !arguments.all => {
            let several = places.as_slice();
            let shown: Vec<String> = several
                .iter()
                .take(6)
                .map(|place| {
                    let finding = &analysis.findings[*place];
                    format!("  {}: {}", finding.rule.id, safe(&finding.message))
                })
                .collect();
            bail!("{} gaps match; narrow the words, or say --all:\n{}", several.len(), shown.join("\n"));
        }
        _ => {}
    }
    let until = arguments.until.as_deref().map(|word| last_day(word, common.day())).transpose();
    let until = until.map_err(|why| anyhow!("--until: {}", safe(&why)))?;
    let verdict = Verdict {
        action: arguments.action.into(),
        reason: arguments.reason.clone(),
        by: arguments.by.clone(),
        decided: common.day(),
        until,
        work_item: arguments.work_item.clone(),
    };
    let edits = decide(&analysis, &places, &verdict).map_err(|why| anyhow!("{}", safe(&why)))?;
    let changes = analysis.catalog.changes(&edits)?;
    let mut out = patch(&changes, style);
    if arguments.dry_run {
        out.push_str("\nNothing was written.\n");
    } else {
        write(arguments.path.path.as_deref(), &changes)?;
        out.push_str(&format!("\nWrote {}.\n", counted(&changes)));
    }
    print(&out)?;
    Ok(OK)
}
