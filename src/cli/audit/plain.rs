//! One fact a line: for screen readers, grep and logs of CI.

use std::io::Write as _;

use super::report::{Shown, percent};
use crate::audit::usage::Usage;
use crate::card::visible::visible;

/// The summary.
pub fn print(shown: &Shown<'_>) -> String {
    let (summary, counts) = (shown.summary, shown.summary.counts);
    let mut lines = vec![
        format!(
            "ends at no human: {} of {} events ({})",
            counts.unattributed,
            counts.events,
            percent(counts.unattributed, counts.events)
        ),
        format!("allowed: {}", counts.allowed),
        format!("beyond: {} ({} refused when asked for)", counts.beyond, counts.refused),
        format!("unjudged: {}", counts.unjudged),
    ];
    lines.extend(
        summary
            .reasons
            .iter()
            .map(|(reason, count)| format!("reason {}: {count}: {}", reason.word(), reason.phrase())),
    );
    for line in &summary.agents {
        let chain = shown
            .chain(line)
            .map_or_else(|| "ends at no human".to_owned(), |chain| format!("ends at a human: {chain}"));
        let set_by = shown.set_by(line);
        let set_by =
            if set_by.is_empty() { String::new() } else { format!("; set to work by {}", set_by.join(", ")) };
        lines.push(format!(
            "who: {}: {} events, {} beyond; {chain}{set_by}",
            shown.actor(&line.actor),
            line.counts.events,
            line.counts.beyond
        ));
    }
    for one in &summary.crossings {
        let environment =
            shown.environment(one.environment).map_or(String::new(), |word| format!(" in {word}"));
        let place = shown.place(one).map_or(String::new(), |place| format!("; nearest grant {place}"));
        lines.push(format!(
            "beyond: {} on {}{environment}: {}: {} events{place}",
            shown.actor(&one.actor),
            shown.component(&one.component),
            one.reason.word(),
            one.when.count
        ));
    }
    for (component, counts) in &summary.components {
        lines.push(format!(
            "component: {}: {} events, {} beyond",
            shown.component(component),
            counts.events,
            counts.beyond
        ));
    }
    if let Some(usage) = shown.usage {
        for one in usage.unused() {
            let (who, what, place) = shown.grant(one);
            lines.push(format!("unused for {} days: {who} on {what} ({place})", usage.days));
        }
        lines.extend(
            usage
                .open()
                .iter()
                .map(|(why, count)| format!("use not known: {count} grants: {}", why.phrase())),
        );
        lines.extend(Usage::creep(&usage.grants).map(|creep| format!("creep: {creep:.1} of 100")));
        lines.extend(shown.creeps().iter().map(|(who, creep)| format!("creep of {who}: {creep:.1} of 100")));
    }
    lines.extend(shown.remarks().into_iter().map(|remark| format!("noticed: {remark}")));
    lines.extend(shown.wrong().into_iter().map(|line| format!("not read: {}", line.trim_start())));
    lines.iter().map(|line| visible(line).into_owned() + "\n").collect()
}

/// What was noticed, beside rows that go to standard output.
pub fn remarks(shown: &Shown<'_>) {
    let mut out = std::io::stderr().lock();
    for line in shown.remarks().into_iter().chain(shown.wrong()) {
        let _ = writeln!(out, "persona: {}", visible(&line));
    }
}
