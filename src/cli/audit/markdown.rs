//! The summary for a wiki, a ticket or a pull request.

use super::super::formats::markdown::escaped as escape;
use super::report::{Shown, events, number, percent};
use crate::audit::usage::Usage;

/// How many lines of a list are shown.
const LINES: usize = 30;

/// The summary.
pub fn print(shown: &Shown<'_>) -> String {
    let (summary, counts) = (shown.summary, shown.summary.counts);
    let mut out = String::from("# Audit\n\n");
    out.push_str(&format!(
        "**{} of {} end at no human.**",
        percent(counts.unattributed, counts.events),
        events(counts.events)
    ));
    if let Some((first, last)) = shown.span() {
        out.push_str(&format!(" {first} to {last}."));
    }
    out.push_str("\n\n| verdict | events | share |\n| --- | ---: | ---: |\n");
    for (word, count) in
        [("allowed", counts.allowed), ("beyond", counts.beyond), ("unjudged", counts.unjudged)]
    {
        out.push_str(&format!("| {word} | {} | {} |\n", number(count), percent(count, counts.events)));
    }
    section(
        &mut out,
        "Why beyond",
        "| reason | events | |\n| --- | ---: | --- |",
        summary.reasons.iter().map(|(reason, count)| {
            format!("| {} | {} | {} |", reason.word(), number(*count), reason.phrase())
        }),
    );
    section(
        &mut out,
        "Who",
        "| who | events | beyond | ends at |\n| --- | ---: | ---: | --- |",
        summary.agents.iter().map(|line| {
            let chain = shown
                .chain(line)
                .map_or_else(|| "**no human**".to_owned(), |chain| escape(&chain.replace(" > ", " → ")));
            format!(
                "| {} | {} | {} | {chain} |",
                escape(&shown.actor(&line.actor)),
                number(line.counts.events),
                number(line.counts.beyond)
            )
        }),
    );
    section(
        &mut out,
        "Beyond the boundary",
        "| who | on what | where | why | events | nearest grant |\n| --- | --- | --- | --- | ---: | --- |",
        summary.crossings.iter().map(|one| {
            format!(
                "| {} | {} | {} | {} | {} | {} |",
                escape(&shown.actor(&one.actor)),
                escape(&shown.component(&one.component)),
                escape(shown.environment(one.environment).unwrap_or("")),
                one.reason.word(),
                number(one.when.count),
                escape(&shown.place(one).unwrap_or_default())
            )
        }),
    );
    if let Some(usage) = shown.usage {
        section(
            &mut out,
            &format!("Grants unused for {} days", usage.days),
            "| who | on what | line |\n| --- | --- | --- |",
            usage.unused().map(|one| {
                let (who, what, place) = shown.grant(one);
                format!("| {} | {} | {} |", escape(&who), escape(&what), escape(&place))
            }),
        );
        if let Some(creep) = Usage::creep(&usage.grants) {
            out.push_str(&format!("\nCreep: {creep:.0} of 100.\n"));
        }
    }
    let noticed: Vec<String> = shown.remarks().into_iter().chain(shown.wrong()).collect();
    if !noticed.is_empty() {
        out.push_str("\n## Noticed\n\n");
        noticed.iter().for_each(|line| out.push_str(&format!("- {}\n", escape(line.trim_start()))));
    }
    out
}

fn section(out: &mut String, title: &str, head: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() {
        return;
    }
    out.push_str(&format!("\n## {title}\n\n{head}\n"));
    rows.iter().take(LINES).for_each(|row| out.push_str(&format!("{row}\n")));
    if rows.len() > LINES {
        out.push_str(&format!("\nAnd {} more.\n", rows.len() - LINES));
    }
}
