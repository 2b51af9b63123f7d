//! The minutes of a meeting, as Markdown and as a page of its own: who decided what, why, until when,
//! what changed, the score before and after, and what was not reached.
//!
//! They are made of the meeting alone. Text of cards is text: nothing of it is markup or is run.

use std::fmt::Write as _;

use similar::TextDiff;

use super::{Act, Changed, Course, Item, Meeting, Standing, Verdict};
use crate::analysis::Severity;
use crate::card::visible::visible;

/// Where the minutes are written unless somebody says otherwise, below the catalog's root.
#[must_use]
pub fn default_path(meeting: &Meeting) -> String {
    format!("minutes/{}.md", meeting.began)
}

/// What came of the meeting, in few sentences without markup.
#[must_use]
pub fn summary(meeting: &Meeting) -> Vec<String> {
    let tally = meeting.tally();
    let acts: Vec<String> = Act::ALL
        .into_iter()
        .zip(tally.acts)
        .filter(|(_, count)| *count > 0)
        .map(|(act, count)| format!("{count} {}", act.word()))
        .collect();
    let of_all = format!("{} of {} decided", tally.decided(), meeting.items.len());
    let mut first = if acts.is_empty() { of_all } else { format!("{of_all}: {}", acts.join(", ")) };
    for (count, words) in [
        (tally.closed, "closed on the way"),
        (tally.left, "looked at and left open"),
        (tally.unreached, "not reached"),
    ] {
        if count > 0 {
            let _ = write!(first, "; {count} {words}");
        }
    }
    vec![
        format!("{first}."),
        format!("Score {} before, {} now.", meeting.before.words(), meeting.now.words()),
        format!("Open gaps {} before, {} now.", meeting.before.open, meeting.now.open),
    ]
}

/// "27 minutes".
fn duration(seconds: u64) -> String {
    match seconds.div_ceil(60) {
        0 => "no time".to_owned(),
        1 => "1 minute".to_owned(),
        minutes if minutes < 120 => format!("{minutes} minutes"),
        minutes => format!("{} hours {} minutes", minutes / 60, minutes % 60),
    }
}

/// A heading, and what stands below it.
struct Section {
    title: &'static str,
    entries: Vec<Entry>,
}

/// A point of the agenda, as the minutes have it.
struct Entry {
    severity: Severity,
    rule: String,
    message: String,
    /// What is said of it: a word, and a sentence.
    said: Vec<(&'static str, String)>,
    path: Vec<String>,
    difference: String,
}

fn sections(meeting: &Meeting) -> Vec<Section> {
    let of = |title, wanted: &dyn Fn(&Item) -> bool| Section {
        title,
        entries: meeting.items.iter().filter(|item| wanted(item)).map(entry).collect(),
    };
    let open = |item: &Item| item.standing == Standing::Open;
    vec![
        of("Decided", &|item| item.decided().is_some()),
        of("Closed on the way", &|item| item.standing == Standing::Closed),
        of("Looked at and left open", &|item| open(item) && item.seen),
        of("Not reached", &|item| open(item) && !item.seen),
    ]
}

fn entry(item: &Item) -> Entry {
    let mut said = Vec::new();
    if let Some(earlier) = &item.earlier {
        said.push((if item.expired { "Before, and run out" } else { "Before" }, earlier.clone()));
    }
    if item.late {
        said.push(("Came up", "while the meeting ran".to_owned()));
    }
    let mut difference = String::new();
    if let Some(verdict) = item.decided() {
        say(verdict, &mut said);
        difference = verdict.changes.iter().map(patch).collect();
    }
    Entry {
        severity: item.severity,
        rule: item.rule.clone(),
        message: item.message.clone(),
        said,
        path: item.path.clone(),
        difference,
    }
}

fn say(verdict: &Verdict, said: &mut Vec<(&'static str, String)>) {
    let label = match verdict.act {
        Act::Fix => "Fixed",
        Act::Accept => "Accepted",
        Act::Defer => "Deferred",
        Act::Reject => "Rejected",
        Act::Track => "Tracked",
    };
    let until = verdict.until.map_or(String::new(), |day| format!(" until {day}"));
    let item = verdict.work_item.as_deref().map_or(String::new(), |item| format!(" as {item}"));
    let fix = verdict.fix.as_deref().map_or(String::new(), |fix| format!(": {fix}"));
    said.push((label, format!("by {} on {}{until}{item}{fix}", verdict.by, verdict.decided)));
    if !verdict.why.is_empty() {
        said.push(("Why", verdict.why.clone()));
    }
    said.extend(verdict.closes.iter().map(|message| ("Closed with it", message.clone())));
    said.extend(verdict.opens.iter().map(|message| ("Opened by it", message.clone())));
}

fn patch(change: &Changed) -> String {
    let (before, after) = (change.before.as_deref(), change.after.as_deref());
    let name = |side: &str, text: Option<&str>| match text {
        Some(_) => format!("{side}/{}", change.path),
        None => "/dev/null".to_owned(),
    };
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
    diff.unified_diff().context_radius(2).header(&name("a", before), &name("b", after)).to_string()
}

fn deciders(meeting: &Meeting) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for verdict in meeting.items.iter().filter_map(Item::decided) {
        if !names.contains(&verdict.by.as_str()) {
            names.push(&verdict.by);
        }
    }
    names
}

/// What stands at the top: a word, and what belongs to it.
fn head(meeting: &Meeting) -> Vec<(&'static str, String)> {
    let mut head = vec![
        ("Held", format!("on {}, {}", meeting.began, duration(meeting.seconds))),
        ("Agenda", meeting.scope.to_string()),
    ];
    let names = deciders(meeting);
    if !names.is_empty() {
        head.push(("Decided by", names.join(", ")));
    }
    head.push(("Outcome", summary(meeting).join(" ")));
    if meeting.course != Course::Over {
        head.push(("State", "the meeting has not ended; this is how it stands".to_owned()));
    }
    head
}

/// The minutes as Markdown.
#[must_use]
pub fn markdown(meeting: &Meeting) -> String {
    let mut out = format!("# Minutes of a review of {}\n\n", marked(&meeting.catalog));
    for (label, text) in head(meeting) {
        let _ = writeln!(out, "- **{label}:** {}", marked(&text));
    }
    let mut number = 0;
    for section in sections(meeting) {
        if section.entries.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {} ({})", section.title, section.entries.len());
        for entry in &section.entries {
            number += 1;
            let _ = writeln!(out, "\n### {number}. {}: {}\n", entry.severity.word(), entry.rule);
            let _ = writeln!(out, "{}", marked(&entry.message));
            if !entry.said.is_empty() || !entry.path.is_empty() {
                out.push('\n');
            }
            for (label, text) in &entry.said {
                let _ = writeln!(out, "- **{label}:** {}", marked(text));
            }
            for step in &entry.path {
                let _ = writeln!(out, "- {}", marked(step));
            }
            if !entry.difference.is_empty() {
                let text = visible_lines(&entry.difference);
                let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(longest.max(2) + 1);
                let _ = write!(out, "\n{fence}diff\n{text}{fence}\n");
            }
        }
    }
    let files = meeting.files();
    if !files.is_empty() {
        out.push_str("\n## Files changed\n\n");
        for file in files {
            let _ = writeln!(out, "- {}", marked(&file));
        }
    }
    out
}

const STYLE: &str = "
:root { color-scheme: light dark; --ground: #fbfbfa; --raised: #f0f1f3; --text: #1f2430; --faint: #606779;
  --line: #d5d8de; --bad: #b81430; --good: #24662a; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161c; --raised: #1e2129; --text: #dfe3ee;
  --faint: #9aa1b4; --line: #343945; --bad: #ff8298; --good: #a3e0a0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 60rem; background: var(--ground);
  color: var(--text); font: 17px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 0; }
article { border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; margin: .7rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .6rem 0; }
dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
ol { margin: .4rem 0; padding-left: 1.25rem; color: var(--faint); } li { overflow-wrap: anywhere; }
pre { background: var(--raised); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; font-size: .85rem; }
ins { color: var(--good); text-decoration: none; } del { color: var(--bad); text-decoration: none; }
@media print { article { break-inside: avoid; } }
";

/// The minutes as a page: nothing is loaded from elsewhere, and nothing runs.
#[must_use]
pub fn html(meeting: &Meeting) -> String {
    let name = escaped(&visible(&meeting.catalog));
    let list = |pairs: &[(&'static str, String)]| {
        let rows: String = pairs
            .iter()
            .map(|(label, text)| format!("<dt>{label}</dt><dd>{}</dd>\n", escaped(&visible(text))))
            .collect();
        if rows.is_empty() { rows } else { format!("<dl>\n{rows}</dl>\n") }
    };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Minutes of a review of {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Minutes of a review of {name}</h1>\n{}",
        list(&head(meeting))
    );
    for section in sections(meeting) {
        if section.entries.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<section>\n<h2>{} ({})</h2>", section.title, section.entries.len());
        for entry in &section.entries {
            let _ = writeln!(
                out,
                "<article>\n<h3>{}: {}</h3>\n<p>{}</p>\n{}",
                entry.severity.word(),
                entry.rule,
                escaped(&visible(&entry.message)),
                list(&entry.said).trim_end()
            );
            if !entry.path.is_empty() {
                let steps: String =
                    entry.path.iter().map(|step| format!("<li>{}</li>", escaped(&visible(step)))).collect();
                let _ = writeln!(out, "<ol>{steps}</ol>");
            }
            if !entry.difference.is_empty() {
                let _ = writeln!(out, "<pre>{}</pre>", coloured(&entry.difference));
            }
            out.push_str("</article>\n");
        }
        out.push_str("</section>\n");
    }
    let files = meeting.files();
    if !files.is_empty() {
        let rows: String = files.iter().map(|file| format!("<li>{}</li>", escaped(&visible(file)))).collect();
        let _ = writeln!(out, "<section>\n<h2>Files changed</h2>\n<ul>{rows}</ul>\n</section>");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn coloured(difference: &str) -> String {
    visible_lines(difference)
        .lines()
        .map(|line| {
            let text = escaped(line);
            match line.as_bytes().first() {
                Some(b'+') => format!("<ins>{text}</ins>\n"),
                Some(b'-') => format!("<del>{text}</del>\n"),
                _ => format!("{text}\n"),
            }
        })
        .collect()
}

/// Control characters as stand-ins, but for the ends of lines.
fn visible_lines(text: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        out.push_str(&visible(line));
        out.push('\n');
        out
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Text in which nothing is markup.
fn marked(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out
}
