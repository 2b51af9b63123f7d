//! What was decided about findings, as edits: a Decision card each, or the one there is changed.
//!
//! What decisions do to findings is for [`super::decisions`].

use jiff::civil::Date;

use crate::card::edit::Change;
use crate::card::kinds::{DecisionAction, Kind};
use crate::card::node::Node;
use crate::catalog::{CardEdit, Entity};

use super::decisions::matches;
use super::{Analysis, Finding};

/// What was decided.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What.
    pub action: DecisionAction,
    /// Why.
    pub reason: Option<String>,
    /// By whom, as the user said it.
    pub by: Option<String>,
    /// When.
    pub decided: Date,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is tracked.
    pub work_item: Option<String>,
}

/// The edits that write a verdict down for the findings at these places.
///
/// # Errors
/// A sentence where accepting or deferring has no end, or one that has passed.
pub fn decide(analysis: &Analysis, places: &[usize], verdict: &Verdict) -> Result<Vec<CardEdit>, String> {
    let ends = matches!(verdict.action, DecisionAction::Accept | DecisionAction::Defer);
    match verdict.until {
        None if ends => {
            return Err(format!(
                "to {} a gap takes a last day; say --until 2027-02-01 or --until 90d",
                verdict.action.word()
            ));
        }
        Some(until) if until < verdict.decided => {
            return Err(format!("{until} is before {}; the decision would never hold", verdict.decided));
        }
        _ => {}
    }
    let mut edits = Vec::new();
    for finding in places.iter().filter_map(|place| analysis.findings.get(*place)) {
        if matches!(finding.subject, Entity::Decision(_) | Entity::Ignore(_)) {
            return Err("nothing is decided about a decision; change or remove it".to_owned());
        }
        edits.extend(written(analysis, finding, verdict));
    }
    Ok(edits)
}

/// The last day that a word names: a day such as 2027-03-01, or a length from today such as `90d`,
/// `2 weeks`, `3 months` or `1 year`.
///
/// # Errors
/// A sentence where it is neither, or too far away.
pub fn last_day(word: &str, today: Date) -> Result<Date, String> {
    let word = word.trim();
    if let Ok(day) = word.parse() {
        return Ok(day);
    }
    let digits = word.len() - word.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (count, unit) = word.split_at(digits);
    let count: Option<i64> = count.parse().ok();
    let span = count.and_then(|count| {
        let span = jiff::Span::new();
        match unit.trim().to_lowercase().as_str() {
            "d" | "day" | "days" => span.try_days(count).ok(),
            "w" | "week" | "weeks" => span.try_weeks(count).ok(),
            "m" | "month" | "months" => span.try_months(count).ok(),
            "y" | "year" | "years" => span.try_years(count).ok(),
            _ => None,
        }
    });
    match span {
        Some(span) => today.checked_add(span).map_err(|_| format!("{word} is too far away")),
        None => {
            Err(format!("a last day is a day such as 2027-03-01 or a length such as 3 months, not {word}"))
        }
    }
}

fn written(analysis: &Analysis, finding: &Finding, verdict: &Verdict) -> Vec<CardEdit> {
    let catalog = &analysis.catalog;
    let text = |word: &str| Node::Text(word.into());
    let mut said: Vec<(&str, Option<Node>)> = vec![
        ("action", Some(text(verdict.action.word()))),
        ("reason", verdict.reason.as_deref().map(text)),
        ("by", verdict.by.as_deref().map(text)),
        ("decided", Some(text(&verdict.decided.to_string()))),
        ("until", verdict.until.map(|until| text(&until.to_string()))),
        ("work_item", verdict.work_item.as_deref().map(text)),
    ];
    // The same gap is decided on once; what is not said anew stays, but an old end does not.
    let known = catalog.decisions.iter().find(|decision| matches(catalog, decision, finding));
    if let Some(known) = known {
        let path = |field: &str| known.place.with(known.place.path.key(field));
        return said
            .into_iter()
            .filter_map(|(field, value)| match value {
                Some(value) => Some(CardEdit::at(path(field), Change::Set(value))),
                None if field == "until" && known.until.is_some() => {
                    Some(CardEdit::at(path(field), Change::Remove))
                }
                None => None,
            })
            .collect();
    }
    let reference = |entity: Entity| {
        let name = catalog.id(entity);
        let shared = catalog.find(&name).len() > 1;
        match shared {
            true => Node::Map(vec![(catalog.kind(entity).word().into(), text(&name))]),
            false => text(&name),
        }
    };
    let mut key: Vec<(Box<str>, Node)> =
        vec![("rule".into(), text(finding.rule.id)), ("subject".into(), reference(finding.subject))];
    key.extend(finding.object.map(|object| (Box::from("object"), reference(object))));
    key.extend(
        finding
            .environment
            .map(|environment| (Box::from("environment"), text(catalog.settings.environment(environment)))),
    );
    let mut fields: Vec<(Box<str>, Node)> = vec![("finding".into(), Node::Map(key))];
    fields.extend(said.drain(..).filter_map(|(field, value)| Some((Box::from(field), value?))));
    vec![CardEdit::Add { kind: Kind::Decision, fields }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "kind: Persona\nid: P1\nname: Ana\ncomponent_access:\n  - {component: Forge, level: read, environments: [prod]}\n  - {component: Ana, level: read, environments: [prod]}\n";

    fn verdict(action: DecisionAction, until: Option<&str>) -> Verdict {
        Verdict {
            action,
            reason: Some("for now".into()),
            by: None,
            decided: jiff::civil::date(2026, 11, 23),
            until: until.map(|day| day.parse().unwrap()),
            work_item: None,
        }
    }

    #[test]
    fn every_finding_can_be_decided_on_and_is_marked_then() {
        for text in [TEXT, include_str!("../../tests/catalogs/fixes.yaml")] {
            let before = analysis(text);
            for (place, finding) in before.findings.iter().enumerate() {
                if finding.rule.id == "stale-decision" {
                    continue;
                }
                let edits =
                    decide(&before, &[place], &verdict(DecisionAction::Accept, Some("2027-01-01"))).unwrap();
                let after = before.outcome(&edits).unwrap().after;
                let same = after.findings.iter().find(|other| {
                    other.rule.id == finding.rule.id
                        && after.catalog.id(other.subject) == before.catalog.id(finding.subject)
                        && other.object.map(|object| after.catalog.id(object))
                            == finding.object.map(|object| before.catalog.id(object))
                        && other.environment == finding.environment
                });
                assert!(same.is_some_and(|same| !same.is_open()), "{}", finding.message);
                let late = Analysis::of(after.catalog.clone(), jiff::civil::date(2027, 1, 2));
                assert!(late.findings.iter().any(|finding| finding.rule.id == "stale-decision"));
            }
        }
    }

    #[test]
    fn a_second_decision_changes_the_first() {
        let before = analysis(TEXT);
        let edits = decide(&before, &[0], &verdict(DecisionAction::Accept, Some("2027-01-01"))).unwrap();
        let once = before.outcome(&edits).unwrap().after;
        let place = once.findings.iter().position(|finding| !finding.is_open()).unwrap();
        let edits = decide(&once, &[place], &verdict(DecisionAction::Fix, None)).unwrap();
        let twice = once.outcome(&edits).unwrap().after;
        assert_eq!(twice.catalog.decisions.len(), 1);
        assert_eq!(twice.catalog.decisions[0].action, Some(DecisionAction::Fix));
        assert_eq!(twice.catalog.decisions[0].until, None);
        assert!(twice.findings.iter().all(|finding| finding.is_open()));
    }

    #[test]
    fn a_last_day_is_a_day_or_a_length() {
        let today = jiff::civil::date(2026, 11, 30);
        let day = |word: &str| last_day(word, today).map(|day| day.to_string());
        assert_eq!(day(" 2027-02-01 "), Ok("2027-02-01".into()));
        assert_eq!(day("90d"), Ok("2027-02-28".into()));
        assert_eq!(day("3 months"), Ok("2027-02-28".into()));
        assert_eq!(day("2 Weeks"), Ok("2026-12-14".into()));
        assert_eq!(day("1 year"), Ok("2027-11-30".into()));
        for wrong in ["", "soon", "3", "3 moons", "-1 day", "99999999999999999999 days", "9999 years"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn accepting_takes_an_end_that_is_still_to_come() {
        let before = analysis(TEXT);
        assert!(decide(&before, &[0], &verdict(DecisionAction::Accept, None)).is_err());
        assert!(decide(&before, &[0], &verdict(DecisionAction::Defer, Some("2026-01-01"))).is_err());
    }
}
