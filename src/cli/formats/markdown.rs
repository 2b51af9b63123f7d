//! Markdown: score and counts, then tables, as a comment on a pull request shows them well.
//!
//! What is worth a look stands open; findings of low severity and those decided on are folded away.
//! Text of cards is escaped, so that it makes no markup, no links and no mentions.

use super::super::style::{Style, safe};
use super::cause::{link_words, shortened};
use super::{Format, Item, Shown, decided, score_words, spot};
use crate::analysis::causes::{Cause, Side};
use crate::analysis::{Confidence, Severity};

pub static FORMAT: Format = Format {
    name: "markdown",
    aliases: &["md"],
    summary: "tables for a comment on a pull request",
    print: |shown, style| Ok(print(shown, style)),
};

/// Comments take 65,536 characters; the end of the report must still fit.
pub const ROOM: usize = 60_000;

fn print(shown: &Shown<'_>, style: Style) -> String {
    let style = Style { color: false, ..style };
    let mut out = head(shown, style);
    problems(shown, &mut out);
    let of = |wanted: fn(&Item<'_>) -> bool| -> Vec<&Item<'_>> {
        shown.items.iter().filter(|item| wanted(item)).collect()
    };
    let small = |item: &Item<'_>| !item.finding.severity.at_least(Severity::Medium);
    let worth: Vec<&Item<'_>> =
        of(|item| item.finding.is_open()).into_iter().filter(|item| !small(item)).collect();
    let rest: Vec<&Item<'_>> =
        of(|item| item.finding.is_open()).into_iter().filter(|item| small(item)).collect();
    let decided = of(|item| !item.finding.is_open());
    if !worth.is_empty() {
        table(shown, style, &worth, &mut out);
    }
    for (items, title) in [(rest, "of low severity, or good to know"), (decided, "decided on")] {
        if !items.is_empty() {
            out.push_str(&format!("<details><summary>{} {title}</summary>\n\n", items.len()));
            table(shown, style, &items, &mut out);
            out.push_str("</details>\n\n");
        }
    }
    out.push_str(
        "<sub>`persona explain RULE` says why a rule matters, and how to mend what it finds.</sub>\n",
    );
    out
}

fn head(shown: &Shown<'_>, style: Style) -> String {
    let analysis = shown.analysis;
    let score = match &shown.since {
        None => score_words(analysis),
        Some(since) => format!("{}, before {}", score_words(analysis), score_words(since.comparison.before)),
    };
    let mut out = format!("### {}: score {score}\n\n", escaped(&shown.catalog().name));
    let mut columns: Vec<(String, usize)> = Severity::ALL
        .into_iter()
        .map(|severity| {
            let count = shown.open().filter(|finding| finding.severity == severity).count();
            (format!("{} {}", style.badge(severity), severity.word()), count)
        })
        .collect();
    columns.push(("decided on".to_owned(), shown.items.len() - shown.open().count()));
    if let Some(since) = &shown.since {
        columns.push(("old, not shown".to_owned(), since.old));
        columns.push(("gone".to_owned(), since.gone));
    }
    columns.push(("problems of files".to_owned(), shown.real_problems().count()));
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(columns.iter().map(|(title, _)| title.clone()).collect()));
    out.push_str(&row(columns.iter().map(|_| "---:".to_owned()).collect()));
    out.push_str(&row(columns.iter().map(|(_, count)| count.to_string()).collect()));
    out.push('\n');
    if let Some(since) = &shown.since {
        out.push_str(&format!("Only what is new or worse since {} is listed.\n", escaped(since.name)));
    }
    if !shown.filter.is_empty() {
        out.push_str(&format!(
            "Only findings for {} are listed; the score is that of the whole catalog.\n",
            escaped(shown.filter)
        ));
    }
    out.push_str(&format!(
        "Coverage {:.0} %, {} personas, on {}.",
        analysis.score.coverage * 100.0,
        analysis.catalog.personas.len(),
        analysis.day
    ));
    if let Some(why) = analysis.score.why_no_grade() {
        out.push_str(&format!(" There is no grade: {why}."));
    }
    out.push_str("\n\n");
    out
}

fn problems(shown: &Shown<'_>, out: &mut String) {
    let mut rows = shown.real_problems().peekable();
    if rows.peek().is_none() {
        return;
    }
    out.push_str("| Problem | Where | What to do |\n| --- | --- | --- |\n");
    for (count, problem) in rows.enumerate() {
        if out.len() > ROOM / 2 {
            let rest = shown.real_problems().count() - count;
            out.push_str(&format!("\n{rest} more problems are left out; `persona check` lists all.\n"));
            break;
        }
        out.push_str(&format!(
            "| **{}** {} | {} | {} |\n",
            problem.level.word(),
            escaped(&problem.message),
            place(&shown.from_top(&problem.file), problem.line),
            escaped(&problem.hint)
        ));
    }
    out.push('\n');
}

fn table(shown: &Shown<'_>, style: Style, items: &[&Item<'_>], out: &mut String) {
    let changed = shown.since.is_some();
    out.push_str(if changed {
        "| Severity | Finding | Where | Why now |\n| --- | --- | --- | --- |\n"
    } else {
        "| Severity | Finding | Where |\n| --- | --- | --- |\n"
    });
    for (count, item) in items.iter().enumerate() {
        if out.len() > ROOM {
            out.push_str(&format!(
                "\n{} more are left out; `persona check` lists all.\n",
                items.len() - count
            ));
            break;
        }
        out.push_str(&row(shown, style, item));
    }
    out.push('\n');
}

fn row(shown: &Shown<'_>, style: Style, item: &Item<'_>) -> String {
    let (catalog, finding) = (shown.catalog(), item.finding);
    let mut what = format!("{}<br>`{}`", escaped(&finding.message), finding.rule.id);
    if finding.confidence == Confidence::Low {
        what.push_str(", not sure");
    }
    if let Some(decided) = decided(catalog, finding) {
        what.push_str(&format!("<br>**decided:** {}", escaped(&decided)));
    }
    for (place, fix) in item.fixes.iter().enumerate() {
        what.push_str(&format!("<br>{}", escaped(&fix.line(place))));
    }
    let place =
        spot(catalog, finding).map_or(String::new(), |spot| place(&shown.from_top(spot.file), spot.line));
    let mut line =
        format!("| {}&nbsp;{} | {what} | {place} |", style.badge(finding.severity), finding.severity.word());
    if let Some(change) = item.change {
        let mut cells = vec![format!("**{}**", change.kind.word())];
        let differences = change.differences.iter();
        cells.extend(differences.map(|one| {
            format!(
                "{}: {} {} {}",
                one.what,
                escaped(&one.before),
                escaped(style.arrow()),
                escaped(&one.after)
            )
        }));
        cells.extend(change.causes.iter().map(|one| cause(one, &shown.prefix, style)));
        line.push_str(&format!(" {} |", cells.join("<br>")));
    }
    line.push('\n');
    line
}

/// The lines that made a difference, both sides named.
#[must_use]
pub fn cause(cause: &Cause, prefix: &str, style: Style) -> String {
    let side = |side: &Option<Side>| match side {
        None => "no file".to_owned(),
        Some(side) => {
            let place = place(&format!("{prefix}{}", side.file), side.line);
            let text = side.text.as_deref().map_or("nothing".to_owned(), |text| code(&shortened(text)));
            format!("{place} {text}")
        }
    };
    let (before, after) = (side(&cause.before), side(&cause.after));
    format!("{} {before} {} {after}", link_words(cause.link), escaped(style.arrow()))
}

/// `file:line` as code.
#[must_use]
pub fn place(file: &str, line: u32) -> String {
    code(&format!("{file}:{line}"))
}

/// Text as code in a cell of a table.
#[must_use]
pub fn code(text: &str) -> String {
    let text = safe(text).replace('|', "\\|");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank beside the fence is taken off again, and keeps a backtick from being part of it.
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text that means itself: no markup, no links, no HTML, no mentions, no references.
#[must_use]
pub fn escaped(text: &str) -> String {
    let text = safe(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(character);
            }
            '!' if rest.peek() == Some(&'[') => out.push_str("\\!"),
            ':' if rest.peek() == Some(&'/') => out.push_str("\\:"),
            '.' if out.ends_with("www") || out.ends_with("WWW") => out.push_str("\\."),
            // An empty comment shows nothing, and what follows is no name or number any more.
            '@' | '#' if rest.peek().is_some_and(|next| next.is_alphanumeric()) => {
                out.push(character);
                out.push_str("<!-- -->");
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_makes_no_markup() {
        assert_eq!(escaped("a|b <b> & `c` *d* _e_"), "a\\|b &lt;b&gt; &amp; \\`c\\` \\*d\\* \\_e\\_");
        assert_eq!(escaped("![x](http://y) www.z.org"), "\\!\\[x\\](http\\://y) www\\.z.org");
        assert_eq!(escaped("ask @team about #12, AB#7"), "ask @<!-- -->team about #<!-- -->12, AB#<!-- -->7");
        assert_eq!(escaped("C# @ 5"), "C# @ 5");
    }

    #[test]
    fn code_holds_backticks_and_bars() {
        assert_eq!(code("a.yaml:1"), "`a.yaml:1`");
        assert_eq!(code("a`|``b.yaml:1"), "```a`\\|``b.yaml:1```");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
