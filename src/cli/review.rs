//! `persona review`: a meeting about the gaps, or its agenda as text.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};

use super::open::{self, OpenArguments};
use super::style::{Style, safe, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::filter::Words;
use crate::analysis::{Analysis, Severity};
use crate::session::meeting::{Course, Item, Meeting, Scope, Since, agenda, known_of};
use crate::store::{self, Root};

/// Review the gaps in a meeting, one a page; or print its agenda
///
/// In the meeting one key decides about a gap: apply a fix, accept or defer until a day, reject, track as
/// a work item. Decisions become cards, and at the end there are minutes. Decisions that have run out come
/// back by themselves. A meeting can be left and taken up again tomorrow.
#[derive(Debug, Args)]
#[command(after_help = "FILTER is as for `persona check`.

Examples:
  persona review                          the meeting, from choosing its agenda on
  persona review severity:high            the same, with words chosen already
  persona review --agenda                 what would be on it
  persona review --agenda --since main    what is new or worse since main
  persona review --agenda --since-review  what is new or worse since the last review
  persona follow                          the same pages on a second terminal
  persona minutes                         what was decided")]
pub struct Arguments {
    /// Which gaps.
    filter: Vec<String>,
    #[command(flatten)]
    path: PathArgument,
    /// Print the agenda, and open nothing.
    #[arg(long)]
    agenda: bool,
    /// Only what is new or worse since a commit, a branch or a tag.
    #[arg(long, value_name = "REF", conflicts_with = "since_review")]
    since: Option<String>,
    /// Only what is new or worse since the last review on this machine.
    #[arg(long)]
    since_review: bool,
    /// Only gaps that are so severe at least.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    severity: Option<Least>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Least {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let quoted = |word: &String| match word.split_once(':') {
        _ if !word.contains(char::is_whitespace) => word.clone(),
        Some((key, value)) => format!("{key}:\"{value}\""),
        None => format!("\"{word}\""),
    };
    let since = match (&arguments.since, arguments.since_review) {
        (Some(name), _) => Since::Commit(name.clone()),
        (None, true) => Since::Review,
        (None, false) => Since::Ever,
    };
    let words: Vec<String> = arguments.filter.iter().map(quoted).collect();
    let severity = arguments.severity.map(|least| match least {
        Least::Critical => Severity::Critical,
        Least::High => Severity::High,
        Least::Medium => Severity::Medium,
        Least::Low => Severity::Low,
        Least::Info => Severity::Info,
    });
    let scope = Scope { words: words.join(" "), since, severity };
    if !arguments.agenda && !common.plain && open::in_terminal() {
        return open::review(&OpenArguments::themed(arguments.path.path.clone(), None), scope, common, style);
    }
    let root = source::root(arguments.path.path.as_deref())?;
    let analysis = source::analysis_of(&root, common.day())?;
    if let Some(mistake) = Words::new(&scope.words).mistakes(&analysis).into_iter().next() {
        bail!("{}", safe(&mistake));
    }
    print(&listed(&analysis, &root, scope, style)?)?;
    Ok(OK)
}

fn listed(analysis: &Analysis, root: &Root, scope: Scope, style: Style) -> anyhow::Result<String> {
    let last = store::read_meeting(&root.path).as_deref().and_then(Meeting::read);
    let known = match (&scope.since, &last) {
        (Since::Review, Some(last)) => Some(last.seen()),
        (Since::Review, None) => {
            return Err(anyhow!(
                "no review of {} is known on this machine: leave out --since-review",
                root.shown
            ));
        }
        (Since::Commit(name), _) => Some(known_of(&source::analysis_at(root, name, analysis.day)?)),
        (Since::Ever, _) => None,
    };
    let places = agenda(analysis, &scope, known.as_ref());
    let meeting = Meeting::begin(analysis, scope, &places);
    let count = meeting.items.len();
    let gaps = if count == 1 { "1 gap".to_owned() } else { format!("{count} gaps") };
    let mut out = format!(
        "{} on {}: {}\n",
        style.strong(&format!("{gaps} on the agenda")),
        meeting.began,
        safe(&meeting.scope.to_string())
    );
    for (place, item) in meeting.items.iter().enumerate() {
        out.push_str(&point(place, item, style));
    }
    if let Some(last) = last.filter(|last| last.course != Course::Over) {
        out.push_str(&format!(
            "\nThe review of {} was not ended: {} of {} decided. `persona review` takes it up again.\n",
            last.began,
            last.tally().decided(),
            last.items.len()
        ));
    }
    Ok(out)
}

fn point(place: usize, item: &Item, style: Style) -> String {
    let number = format!("{:>4}  ", place + 1);
    let mut out = format!("{number}{} {}\n", style.badge(item.severity), style.faint(&item.rule));
    out.push_str(&wrap(&safe(&item.message), style.width, "      "));
    if let Some(earlier) = &item.earlier {
        let word = if item.expired { "back again" } else { "before" };
        out.push_str(&wrap(&safe(&format!("{word}: {earlier}")), style.width, "      "));
    }
    out
}
