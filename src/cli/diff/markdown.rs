//! Markdown: scores and counts, then a table of differences, for a comment on a pull request.

use super::super::formats::markdown::{ROOM, cause, escaped, place};
use super::super::style::Style;
use super::{Compared, Format};
use crate::analysis::compare::{Change, Kind};

pub static FORMAT: Format = Format {
    name: "markdown",
    summary: "a table for a comment on a pull request",
    print: |compared, style| Ok(print(compared, style)),
};

fn print(compared: &Compared<'_>, style: Style) -> String {
    let style = Style { color: false, ..style };
    let arrow = escaped(style.arrow());
    let [before, after] = compared.scores();
    let [old, new] = &compared.names;
    let catalog = &compared.comparison.after.catalog.name;
    let mut out = format!("### {}: score {before} {arrow} {after}\n\n", escaped(catalog));
    let titles = Kind::ALL.map(Kind::word);
    let counts = Kind::ALL.map(|kind| compared.count(kind).to_string());
    out.push_str(&format!("| {} | as before |\n", titles.join(" | ")));
    out.push_str("| ---: | ---: | ---: | ---: | ---: |\n");
    out.push_str(&format!("| {} | {} |\n\n", counts.join(" | "), compared.comparison.same));
    out.push_str(&format!("From {} to {}.\n\n", escaped(old), escaped(new)));
    for warning in compared.warnings() {
        out.push_str(&format!("**Warning:** {}\n\n", escaped(&warning)));
    }
    let (worse, rest): (Vec<&Change>, Vec<&Change>) =
        compared.comparison.changes.iter().partition(|change| super::super::formats::is_worse(change));
    if !worse.is_empty() {
        table(compared, style, &worse, &mut out);
    }
    if !rest.is_empty() {
        out.push_str(&format!(
            "<details><summary>{} gone, or changed and no worse</summary>\n\n",
            rest.len()
        ));
        table(compared, style, &rest, &mut out);
        out.push_str("</details>\n");
    }
    out
}

fn table(compared: &Compared<'_>, style: Style, changes: &[&Change], out: &mut String) {
    out.push_str("| Change | Finding | Lines |\n| --- | --- | --- |\n");
    for (count, change) in changes.iter().enumerate() {
        if out.len() > ROOM {
            let rest = changes.len() - count;
            out.push_str(&format!("\n{rest} more are left out; `persona diff` lists all.\n"));
            break;
        }
        out.push_str(&row(compared, style, change));
    }
    out.push('\n');
}

fn row(compared: &Compared<'_>, style: Style, change: &Change) -> String {
    let (_, finding) = compared.comparison.finding(change);
    let mut what = vec![format!("{}<br>`{}`", escaped(&finding.message), finding.rule.id)];
    let arrow = escaped(style.arrow());
    for one in &change.differences {
        what.push(format!("{}: {} {arrow} {}", one.what, escaped(&one.before), escaped(&one.after)));
    }
    if !finding.is_open() {
        what.push("**decided on**".to_owned());
    }
    let mut lines: Vec<String> = change.causes.iter().map(|one| cause(one, "", style)).collect();
    if lines.is_empty() {
        // No line did it alone: where it stands is all there is.
        let places = compared.places(change).into_iter().flatten();
        lines.push(places.map(|text| code_of(&text)).collect::<Vec<_>>().join(&format!(" {arrow} ")));
    }
    format!(
        "| **{}** {}&nbsp;{} | {} | {} |\n",
        change.kind.word(),
        style.badge(finding.severity),
        finding.severity.word(),
        what.join("<br>"),
        lines.join("<br>")
    )
}

/// `file:line:column` without the column.
fn code_of(text: &str) -> String {
    let mut parts = text.rsplitn(3, ':');
    let (_, line, file) = (parts.next(), parts.next(), parts.next());
    match (file, line.and_then(|line| line.parse().ok())) {
        (Some(file), Some(line)) => place(file, line),
        _ => escaped(text),
    }
}
