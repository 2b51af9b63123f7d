//! Meetings: what stands, what comes back, what follows, and what the minutes say.

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::analysis::decide::{self, decide};
use crate::analysis::testing::{analysis, analysis_of};

const TEXT: &str = "\
kind: Persona
id: P1
name: Ana <b>
component_access:
  - {component: Forge, level: write, environments: [prod]}
  - {component: Meter, level: read, environments: [dev]}
";

fn all(analysis: &Analysis) -> Vec<usize> {
    agenda(analysis, &Scope::default(), None)
}

fn later(before: &Analysis, day: Date) -> Analysis {
    Analysis::of(before.catalog.clone(), day)
}

fn verdict(act: Act, until: Option<Date>) -> Verdict {
    Verdict {
        act,
        by: "Bo".into(),
        why: "it `moves` | in spring".into(),
        decided: date(2026, 11, 23),
        until,
        work_item: None,
        fix: None,
        changes: Vec::new(),
        closes: Vec::new(),
        opens: Vec::new(),
    }
}

/// The cards after a verdict about the point on the screen.
fn decided(meeting: &mut Meeting, before: &Analysis, mut verdict: Verdict) -> Analysis {
    let card = decide::Verdict {
        action: verdict.act.action().unwrap(),
        reason: Some(verdict.why.clone()),
        by: Some(verdict.by.clone()),
        decided: verdict.decided,
        until: verdict.until,
        work_item: None,
    };
    let edits = decide(before, &[meeting.place().unwrap()], &card).unwrap();
    let outcome = before.outcome(&edits).unwrap();
    verdict.changes = outcome.changes.iter().map(Changed::from).collect();
    meeting.decide(verdict);
    let after = Arc::into_inner(outcome.after).unwrap();
    assert_eq!(meeting.follow(&after), None);
    after
}

#[test]
fn a_decision_stands_as_long_as_its_card_does() {
    let before = analysis(TEXT);
    let mut meeting = Meeting::begin(&before, Scope::default(), &all(&before));
    let count = meeting.items.len();
    assert!(count > 2);
    let after = decided(&mut meeting, &before, verdict(Act::Accept, Some(date(2027, 2, 1))));
    assert_eq!((meeting.items[0].standing, meeting.tally().decided()), (Standing::Decided, 1));
    assert_eq!(meeting.items.len(), count, "what was decided brings no new point");
    meeting.go_on();
    assert_eq!(meeting.at, 1);
    // It is undone, and done again.
    assert_eq!(meeting.follow(&before), Some(0));
    assert_eq!((meeting.items[0].standing, meeting.tally().decided()), (Standing::Open, 0));
    assert_eq!(meeting.follow(&after), None);
    assert_eq!(meeting.items[0].standing, Standing::Decided);
}

#[test]
fn a_decision_that_has_run_out_comes_back_marked_and_once() {
    let before = analysis(TEXT);
    let mut meeting = Meeting::begin(&before, Scope::default(), &all(&before));
    let key = meeting.items[0].key.clone();
    let after = decided(&mut meeting, &before, verdict(Act::Defer, Some(date(2027, 2, 1))));
    let known = meeting.seen();
    let again = |day| {
        let now = later(&after, day);
        let since = Scope { since: Since::Review, ..Scope::default() };
        let places = agenda(&now, &since, Some(&known));
        Meeting::begin(&now, since, &places).items
    };
    let waiting: Vec<String> = again(date(2027, 2, 1)).into_iter().map(|item| item.key).collect();
    assert!(!waiting.contains(&key), "{waiting:?}");
    let back = again(date(2027, 2, 2));
    let item = back.iter().find(|item| item.key == key).unwrap();
    assert!(item.expired);
    assert_eq!(item.earlier.as_deref(), Some("deferred until 2027-02-01 by Bo: it `moves` | in spring"));
    assert!(back.iter().all(|item| item.rule != "stale-decision"), "the gap itself comes back");
}

#[test]
fn since_the_last_review_leaves_out_what_was_looked_at_and_nothing_else() {
    let before = analysis(TEXT);
    let mut meeting = Meeting::begin(&before, Scope::default(), &all(&before));
    meeting.go_to(1);
    let since = Scope { since: Since::Review, ..Scope::default() };
    let left = agenda(&before, &since, Some(&meeting.seen()));
    assert_eq!(left.len(), meeting.items.len() - 2);
    // What has become worse since comes back.
    let mut known = meeting.seen();
    let severity = known.get_mut(&agenda::hash(&meeting.items[0].key)).unwrap();
    *severity = Severity::Info;
    let worse = agenda(&before, &since, Some(&known));
    assert_eq!(worse.len(), left.len() + 1);
    assert_eq!(keys(&before)[worse[0]].to_string(), meeting.items[0].key);
}

#[test]
fn the_agenda_follows_the_cards() {
    let before = analysis_of(&[("a.yaml", TEXT)]);
    let mut meeting = Meeting::begin(&before, Scope::default(), &all(&before));
    let at = meeting.items.iter().position(|item| item.message.contains("Meter")).unwrap();
    meeting.go_to(at);
    // The grant goes, and an agent comes.
    let without: String = TEXT
        .lines()
        .filter(|line| !line.contains("Meter"))
        .fold(String::new(), |text, line| text + line + "\n");
    let bot = "kind: Persona\nname: Bot\ntype: agent\n";
    let after = analysis_of(&[("a.yaml", &without), ("b.yaml", bot)]);
    meeting.follow(&after);
    assert_eq!((meeting.at, meeting.item().unwrap().standing), (at, Standing::Closed));
    assert_eq!(meeting.place(), None);
    assert!(meeting.items.iter().any(|item| item.late && item.rule == "unaccountable-agent"));
    let text = meeting.write().unwrap();
    let mut read = Meeting::read(&text).unwrap();
    read.locate(&after);
    assert_eq!(read, meeting);
    assert_eq!(Meeting::read("{}"), None);
}

#[test]
fn words_severity_and_none_at_all() {
    let before = analysis(TEXT);
    let scope = Scope { words: "forge".into(), severity: Some(Severity::High), ..Scope::default() };
    let places = agenda(&before, &scope, None);
    assert!(!places.is_empty() && places.len() < all(&before).len());
    assert_eq!(scope.to_string(), "gaps of high severity or worse that match forge");
    let mut nothing = Meeting::begin(&before, scope, &[]);
    assert_eq!((nothing.item(), nothing.place()), (None, None));
    nothing.go_on();
    nothing.pass(70);
    assert!(markdown(&nothing).contains("0 of 0 decided"));
}

#[test]
fn minutes_say_who_what_why_until_and_what_was_not_reached() {
    let before = analysis(TEXT);
    let mut meeting = Meeting::begin(&before, Scope::default(), &all(&before));
    decided(&mut meeting, &before, verdict(Act::Accept, Some(date(2027, 2, 1))));
    meeting.go_to(1);
    meeting.pass(125);
    insta::assert_snapshot!("minutes_markdown", markdown(&meeting));
    let page = html(&meeting);
    assert!(page.contains("Ana &lt;b&gt;") && !page.contains("<b>"));
    assert!(page.contains("<dt>Accepted</dt><dd>by Bo on 2026-11-23 until 2027-02-01</dd>"));
    assert!(page.contains("<ins>+action: accept</ins>") || page.contains("action: accept"));
    assert_eq!(default_path(&meeting), "minutes/2026-11-23.md");
}
