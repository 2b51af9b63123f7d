//! Counts, score and what it is made of, in sentences.

use super::super::style::{Style, safe, wrap};
use super::Shown;
use crate::analysis::{Analysis, Severity};

/// How many findings there are, what was left out and why, and the score of the whole catalog.
pub fn summary(shown: &Shown<'_>, style: Style) -> String {
    let analysis = shown.analysis;
    let counts = Severity::ALL.map(|severity| shown.open().filter(|one| one.severity == severity).count());
    let open: usize = counts.iter().sum();
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{} {count}", style.badge(severity)))
        .collect();
    let what = if shown.since.is_some() { "new or worse open finding" } else { "open finding" };
    let mut out = match open {
        0 => format!("No {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{open} {what}s"),
    };
    if let Some(since) = &shown.since {
        out.push_str(&format!(" since {}", safe(since.name)));
    }
    if !shown.filter.is_empty() {
        out.push_str(&format!(" for {}", safe(shown.filter)));
    }
    out.push_str(&if parts.is_empty() { ".".to_owned() } else { format!(": {}", parts.join("  ")) });
    let decided = shown.items.len() - open;
    if decided > 0 {
        out.push_str(&format!("   {decided} decided on"));
    }
    out.push('\n');
    if let Some(audit) = &shown.audit {
        let text = format!(
            "Of {} events in the logs {} are beyond a grant, and {} end at no human.",
            audit.events, audit.beyond, audit.unattributed
        );
        out.push_str(&wrap(&text, style.width, ""));
    }
    match &shown.since {
        Some(since) => {
            let old = match since.old {
                0 => "Nothing is old".to_owned(),
                1 => "1 old finding is not shown".to_owned(),
                old => format!("{old} old findings are not shown"),
            };
            out.push_str(&format!("{old}; {} gone.\n", since.gone));
            let broken = since.comparison.before.catalog.real_problems().count();
            if broken > 0 {
                let text = format!(
                    "Problems of the files at {}: {broken}. What they hide counts as new.",
                    safe(since.name)
                );
                out.push_str(&wrap(&text, style.width, ""));
            }
        }
        None if shown.filter.is_empty() => {}
        None => {
            let rest = analysis.findings.len() - shown.items.len();
            out.push_str(&format!("{rest} other findings are not shown.\n"));
        }
    }
    let (items, clean) = analysis
        .score
        .personas
        .iter()
        .fold((0, 0), |(items, clean), score| (items + score.items.len(), clean + score.clean()));
    let score = match (analysis.score.value, &shown.since) {
        (None, _) => "No score".to_owned(),
        (Some(_), None) => format!("Score {}", score_words(analysis)),
        (Some(_), Some(since)) => {
            format!("Score {}, before {}", score_words(analysis), score_words(since.comparison.before))
        }
    };
    let made_of = format!(
        "{score}: the mean over {} personas; {clean} of {items} items are clean. Coverage {:.0} %.",
        analysis.score.personas.iter().filter(|score| !score.items.is_empty()).count(),
        analysis.score.coverage * 100.0
    );
    out.push_str(&wrap(&made_of, style.width, ""));
    if let Some(why) = analysis.score.why_no_grade() {
        out.push_str(&wrap(&format!("There is no grade: {why}."), style.width, ""));
    }
    out
}

/// A score in words: `71.7 (C)`, `71.7, no grade`, `none`.
#[must_use]
pub fn score_words(analysis: &Analysis) -> String {
    match (analysis.score.value, analysis.score.grade()) {
        (Some(value), Some(grade)) => format!("{value:.1} ({grade})"),
        (Some(value), None) => format!("{value:.1}, no grade"),
        (None, _) => "none".to_owned(),
    }
}
