//! What an audit shows, in whatever format: names, places and numbers as people read them.

use std::sync::Arc;

use crate::audit::collect::Totals;
use crate::audit::engine::Engine;
use crate::audit::event::written;
use crate::audit::judge::Known;
use crate::audit::summary::{AgentLine, Crossing, Summary, name};
use crate::audit::usage::{GrantUse, Usage};
use crate::audit::versions::Versions;
use crate::card::visible::visible;

/// How many hand-overs that the catalog does not state are told one by one.
const HAND_OVERS: usize = 5;

/// What an audit shows.
pub struct Shown<'a> {
    /// What it was judged with.
    pub engine: &'a Engine,
    /// All that was read.
    pub totals: &'a Totals,
    /// Summed up.
    pub summary: &'a Summary,
    /// What it says of grants; none where a filter left something out.
    pub usage: Option<&'a Usage>,
    /// Whether each event was judged by the catalog of its time.
    pub history: bool,
}

impl Shown<'_> {
    /// The versions of the catalog.
    pub fn versions(&self) -> &Versions {
        &self.engine.versions
    }

    /// Who acted.
    pub fn actor(&self, known: &Known) -> Arc<str> {
        name(self.versions(), known, true)
    }

    /// On what.
    pub fn component(&self, known: &Known) -> Arc<str> {
        name(self.versions(), known, false)
    }

    /// The word of an environment.
    pub fn environment(&self, environment: Option<usize>) -> Option<&str> {
        let settings = &self.versions().now().analysis.catalog.settings;
        environment.map(|environment| settings.environment(environment))
    }

    /// Where the grant nearest to a crossing stands.
    pub fn place(&self, crossing: &Crossing) -> Option<String> {
        let (version, row) = crossing.row?;
        self.versions().version(version as usize).line(row)
    }

    /// The chain from one who acted to a human; none where it ends at none.
    pub fn chain(&self, line: &AgentLine) -> Option<Arc<str>> {
        let acting = line.actor.number().and_then(|number| self.versions().acting(number))?;
        acting.answered.then(|| acting.chain.clone())
    }

    /// Who set somebody to work: `P010 (parent, 12)`.
    pub fn set_by(&self, line: &AgentLine) -> Vec<String> {
        let id =
            |number: u32| self.versions().directory.actors.get(number as usize).map_or("?", |(_, id)| &**id);
        line.set_by
            .iter()
            .map(|(number, how, count)| format!("{} ({}, {count})", id(*number), how.word()))
            .collect()
    }

    /// A grant: whose, on what, and where it stands.
    pub fn grant(&self, one: &GrantUse) -> (String, String, String) {
        let catalog = &self.versions().now().analysis.catalog;
        let grant = &catalog.personas[one.persona.index()].grants[one.grant];
        let location = catalog.locate(grant.place);
        (
            catalog.label(one.persona.into()),
            catalog.label(one.component.into()),
            format!("{}:{}", location.file, location.position.line),
        )
    }

    /// The creep score of each persona with grants of which the logs can tell, the highest first.
    pub fn creeps(&self) -> Vec<(String, f64)> {
        let Some(usage) = self.usage else { return Vec::new() };
        let catalog = &self.versions().now().analysis.catalog;
        let groups = usage.grants.chunk_by(|left, right| left.persona == right.persona);
        let mut out: Vec<(String, f64)> = groups
            .filter_map(|group| Some((catalog.label(group.first()?.persona.into()), Usage::creep(group)?)))
            .collect();
        out.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        out
    }

    /// From when to when, as days.
    pub fn span(&self) -> Option<(String, String)> {
        let (first, last) = self.summary.when.first.zip(self.summary.when.last)?;
        let day = |moment: i64| written(moment).chars().take(10).collect::<String>();
        Some((day(first), day(last)))
    }

    /// What was noticed on the way, a sentence each.
    pub fn remarks(&self) -> Vec<String> {
        let (totals, summary) = (self.totals, self.summary);
        let mut out = Vec::new();
        let mut say = |count: u64, one: &str, many: &str| {
            if count > 0 {
                out.push(format!("{} {}.", number(count), if count == 1 { one } else { many }));
            }
        };
        say(
            totals.duplicates,
            "event was there before and is left out",
            "events were there before and are left out",
        );
        say(
            totals.passed_over,
            "record is no access and was passed over",
            "records are no access and were passed over",
        );
        say(
            totals.without_time,
            "event has no time that can be read",
            "events have no time that can be read",
        );
        say(totals.future, "event is from the future", "events are from the future");
        say(
            summary.strange_words,
            "event states an environment, level or risk that the catalog does not have",
            "events state an environment, level or risk that the catalog does not have",
        );
        say(
            summary.unshown_approvals,
            "event is allowed by a grant that needs an approval, which this log does not show",
            "events are allowed by grants that need an approval, which these logs do not show",
        );
        let (count, back) = totals.out_of_order;
        if count > 0 {
            out.push(format!(
                "{} stand after later ones of their log, {} at most.",
                events(count),
                seconds(back)
            ));
        }
        let (count, skew) = totals.before_parent;
        if count > 0 {
            out.push(format!(
                "{} are before the event that led to them, {} at most: clocks differ.",
                events(count),
                seconds(skew)
            ));
        }
        for (from, to, count) in summary.unstated_hand_overs.iter().take(HAND_OVERS) {
            let label = |number: u32| {
                self.versions().acting(number).map_or_else(|| "?".into(), |acting| acting.label.clone())
            };
            out.push(format!(
                "{} set {} to work {} times, which the catalog does not state.",
                label(*from),
                label(*to),
                number(*count)
            ));
        }
        let more = summary.unstated_hand_overs.len().saturating_sub(HAND_OVERS);
        if more > 0 {
            out.push(format!("{more} more hand-overs are not stated in the catalog."));
        }
        out
    }

    /// Lines that could not be read, and logs: what, and how often.
    pub fn wrong(&self) -> Vec<String> {
        let mut out: Vec<String> = self
            .totals
            .unreadable
            .iter()
            .map(|(log, why)| visible(&format!("{log} cannot be read: {why}")).into_owned())
            .collect();
        let count: u64 = self.totals.wrong.values().sum();
        if count > 0 {
            out.push(format!(
                "{} {} no event:",
                number(count),
                if count == 1 { "line is" } else { "lines are" }
            ));
            out.extend(
                self.totals
                    .wrong
                    .iter()
                    .map(|(what, count)| format!("  {} times: {}", number(*count), visible(what))),
            );
            let told = self.totals.bad.iter();
            out.extend(
                told.map(|bad| visible(&format!("  {}:{}: {}", bad.source, bad.line, bad.what)).into_owned()),
            );
        }
        out
    }
}

/// A number with its thousands apart.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many events.
pub fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{} events", number(count)) }
}

/// A share in percent. What is not all is not said to be all, and what is not nothing not nothing.
pub fn percent(part: u64, of: u64) -> String {
    if of == 0 {
        return "0 %".to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "a share is shown with a digit or two")]
    let share = 100.0 * part as f64 / of as f64;
    match share {
        share if part > 0 && share < 0.1 => "< 0.1 %".to_owned(),
        share if part < of && share > 99.9 => "> 99.9 %".to_owned(),
        share if part == 0 || part == of || share >= 10.0 => format!("{share:.0} %"),
        share => format!("{share:.1} %"),
    }
}

fn seconds(microseconds: i64) -> String {
    let seconds = microseconds.div_euclid(1_000_000);
    match seconds {
        0 => "less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", seconds / 60),
        7_200..=172_799 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares_as_people_read_them() {
        assert_eq!((number(1_234_567), number(12)), ("1,234,567".to_owned(), "12".to_owned()));
        let shares = [(0, 10), (10, 10), (1, 100_000), (99_999, 100_000), (1, 3), (1, 40), (99, 100)];
        assert_eq!(
            shares.map(|(part, of)| percent(part, of)),
            ["0 %", "100 %", "< 0.1 %", "> 99.9 %", "33 %", "2.5 %", "99 %"]
        );
    }
}
