//! What matters first: how much ends at no human, what is beyond and why, who, on what.

use super::super::style::{Style, safe, table, wrap};
use super::report::{Shown, events, number, percent};
use crate::analysis::Severity;
use crate::audit::usage::Usage;

/// How many lines of a list are shown.
const LINES: usize = 12;

/// The summary.
pub fn print(shown: &Shown<'_>, style: Style) -> String {
    let (summary, counts) = (shown.summary, shown.summary.counts);
    let mut out = String::new();
    if counts.events == 0 {
        out.push_str("There is no event that counts.\n");
    } else {
        let share = percent(counts.unattributed, counts.events);
        let (sign, severity) = if counts.unattributed == 0 {
            ("no event ends without a human", None)
        } else {
            ("of all events end at no human", Some(Severity::Critical))
        };
        let headline = match severity {
            None => "Every event ends at a human who answers for it.".to_owned(),
            Some(_) => {
                format!("{share} {sign} ({} of {}).", number(counts.unattributed), number(counts.events))
            }
        };
        let headline = style.strong(&headline);
        out.push_str(&match severity {
            Some(severity) => format!("{} {headline}\n", style.badge(severity)),
            None => format!("{headline}\n"),
        });
        let span = shown.span().map_or(String::new(), |(first, last)| format!(", {first} to {last}"));
        let logs = shown.totals.sources;
        let logs = if logs == 1 { "1 log".to_owned() } else { format!("{logs} logs") };
        let history = if shown.history {
            format!(", judged by {} versions of the catalog", shown.versions().count())
        } else {
            String::new()
        };
        out.push_str(&style.faint(&format!("{} of {logs}{span}{history}", events(counts.events))));
        out.push_str("\n\n");
        verdicts(shown, style, &mut out);
        agents(shown, style, &mut out);
        crossings(shown, style, &mut out);
        components(shown, style, &mut out);
        grants(shown, style, &mut out);
    }
    let remarks = shown.remarks();
    if !remarks.is_empty() {
        out.push_str(&format!("{}\n", style.strong("Noticed")));
        remarks.iter().for_each(|remark| out.push_str(&wrap(&safe(remark), style.width, "  ")));
        out.push('\n');
    }
    let wrong = shown.wrong();
    if !wrong.is_empty() {
        out.push_str(&format!("{}\n", style.severity(Severity::High, "Not read")));
        wrong.iter().for_each(|line| out.push_str(&format!("  {line}\n")));
        out.push('\n');
    }
    if counts.beyond > 0 && summary.crossings.len() > LINES {
        out.push_str("`persona audit LOGS verdict:beyond --format jsonl` has them all, an event a line.\n");
    }
    out
}

fn verdicts(shown: &Shown<'_>, style: Style, out: &mut String) {
    let counts = shown.summary.counts;
    let mut rows = Vec::new();
    let mut row = |sign: &str, word: String, count: u64, rest: String| {
        rows.push(vec![
            format!("  {sign}"),
            word,
            format!("{:>12}", number(count)),
            format!("{:>8}", percent(count, counts.events)),
            rest,
        ]);
    };
    let (good, bad, open) = if style.ascii { ("+", "!", "-") } else { ("✓", "✗", "·") };
    row(good, "allowed".to_owned(), counts.allowed, String::new());
    let refused = if counts.refused > 0 {
        format!("{} refused when asked for", number(counts.refused))
    } else {
        String::new()
    };
    let word = if counts.beyond > 0 { style.severity(Severity::High, "beyond") } else { "beyond".to_owned() };
    row(bad, word, counts.beyond, refused);
    if counts.unjudged > 0 {
        row(open, "unjudged".to_owned(), counts.unjudged, "they name no component".to_owned());
    }
    out.push_str(&table_of(&rows));
    let reasons: Vec<Vec<String>> = shown
        .summary
        .reasons
        .iter()
        .map(|(reason, count)| {
            vec![
                "     ".to_owned(),
                reason.word().to_owned(),
                format!("{:>9}", number(*count)),
                style.faint(reason.phrase()),
            ]
        })
        .collect();
    out.push_str(&table_of(&reasons));
    out.push('\n');
}

/// A table whose painted cells do not count their paint.
fn table_of(rows: &[Vec<String>]) -> String {
    let bare = |cell: &str| {
        let mut width = 0;
        let mut escape = false;
        for character in cell.chars() {
            match (escape, character) {
                (false, '\u{1b}') => escape = true,
                (true, 'm') => escape = false,
                (false, other) => width += unicode_width::UnicodeWidthChar::width(other).unwrap_or(0),
                _ => {}
            }
        }
        width
    };
    if rows.iter().flatten().all(|cell| !cell.contains('\u{1b}')) {
        return table(rows);
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| bare(cell)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        let line: String = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(bare(cell)) + 2)))
            .collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn more(count: usize, what: &str, style: Style) -> String {
    if count > LINES { style.faint(&format!("  and {} more {what}\n", count - LINES)) } else { String::new() }
}

fn agents(shown: &Shown<'_>, style: Style, out: &mut String) {
    out.push_str(&format!("{}\n", style.strong("Who")));
    let agents = &shown.summary.agents;
    let arrow = style.arrow();
    let mut rows = vec![
        ["  who", "      events", "    beyond", "ends at", "set to work by"]
            .map(|head| style.faint(head))
            .to_vec(),
    ];
    for line in agents.iter().take(LINES) {
        let chain = match shown.chain(line) {
            Some(chain) => safe(&chain).replace(" > ", &format!(" {arrow} ")),
            None => style.severity(Severity::Critical, "no human"),
        };
        let beyond = format!("{:>10}", number(line.counts.beyond));
        let set_by = shown.set_by(line);
        rows.push(vec![
            format!("  {}", cut(&safe(&shown.actor(&line.actor)), 44)),
            format!("{:>12}", number(line.counts.events)),
            if line.counts.beyond > 0 { style.severity(Severity::High, &beyond) } else { beyond },
            chain,
            safe(&set_by.iter().take(2).cloned().collect::<Vec<_>>().join(", ")),
        ]);
    }
    out.push_str(&table_of(&rows));
    out.push_str(&more(agents.len(), "who acted", style));
    out.push('\n');
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(['~']).collect()
    }
}

fn crossings(shown: &Shown<'_>, style: Style, out: &mut String) {
    let crossings = &shown.summary.crossings;
    if crossings.is_empty() {
        return;
    }
    out.push_str(&format!("{}\n", style.strong("Beyond the boundary")));
    let mut rows = Vec::new();
    for one in crossings.iter().take(LINES) {
        let environment =
            shown.environment(one.environment).map_or(String::new(), |word| format!(" in {word}"));
        rows.push(vec![
            format!("  {:>9}", number(one.when.count)),
            format!(
                "{} {} {}{}",
                cut(&safe(&shown.actor(&one.actor)), 34),
                style.arrow(),
                cut(&safe(&shown.component(&one.component)), 30),
                safe(&environment)
            ),
            one.reason.word().to_owned(),
            style.faint(&safe(&shown.place(one).unwrap_or_default())),
        ]);
    }
    out.push_str(&table_of(&rows));
    out.push_str(&more(crossings.len(), "crossings", style));
    out.push('\n');
}

fn components(shown: &Shown<'_>, style: Style, out: &mut String) {
    let components = &shown.summary.components;
    if components.is_empty() {
        return;
    }
    out.push_str(&format!("{}\n", style.strong("On what")));
    let mut rows = vec![["  component", "      events", "    beyond"].map(|head| style.faint(head)).to_vec()];
    for (component, counts) in components.iter().take(LINES) {
        let beyond = format!("{:>10}", number(counts.beyond));
        rows.push(vec![
            format!("  {}", cut(&safe(&shown.component(component)), 44)),
            format!("{:>12}", number(counts.events)),
            if counts.beyond > 0 { style.severity(Severity::High, &beyond) } else { beyond },
        ]);
    }
    out.push_str(&table_of(&rows));
    out.push_str(&more(components.len(), "components", style));
    out.push('\n');
}

fn grants(shown: &Shown<'_>, style: Style, out: &mut String) {
    let Some(usage) = shown.usage else { return };
    out.push_str(&format!("{}\n", style.strong(&format!("Grants unused for {} days", usage.days))));
    let unused: Vec<_> = usage.unused().collect();
    let rows: Vec<Vec<String>> = unused
        .iter()
        .take(LINES)
        .map(|one| {
            let (who, what, place) = shown.grant(one);
            vec![format!("  {}", safe(&who)), safe(&what), style.faint(&safe(&place))]
        })
        .collect();
    out.push_str(&table_of(&rows));
    out.push_str(&more(unused.len(), "grants", style));
    if unused.is_empty() {
        out.push_str("  none is proven to be\n");
    }
    for (why, count) in usage.open() {
        let covered = if why == crate::audit::usage::Why::TooShort {
            format!(" ({} days)", usage.covered)
        } else {
            String::new()
        };
        out.push_str(&style.faint(&format!("  of {count} nothing can be said: {}{covered}\n", why.phrase())));
    }
    if let Some(creep) = Usage::creep(&usage.grants) {
        let worst: Vec<String> =
            shown.creeps().iter().take(3).map(|(who, creep)| format!("{} {creep:.0}", safe(who))).collect();
        out.push_str(&wrap(
            &format!(
                "Creep {creep:.0} of 100 (0: all that is granted is used). Highest: {}.",
                worst.join(", ")
            ),
            style.width,
            "  ",
        ));
    }
    out.push('\n');
}
