//! The verdict, condition by condition; the other side of `assets/audit.md`.

use std::sync::Arc;

use super::event::Event;
use super::judge::{Judgement, judge};
use super::mapping::Mapping;
use super::readers::{READERS, Reader};
use super::versions::Versions;
use crate::analysis::testing::analysis;

const CATALOG: &str = include_str!("../../tests/audit/catalog.yaml");

fn own() -> &'static Reader {
    READERS.iter().find(|reader| reader.name == "events").expect("our own")
}

fn judged(versions: &Versions, text: &str) -> Judgement {
    let mut found = None;
    let mut sink = |event: &Event<'_>| found = Some(judge(versions.now(), 0, versions.now(), event));
    (own().read)(text.as_bytes(), &mut sink).expect("an event");
    found.expect("an event")
}

fn verdict(versions: &Versions, text: &str) -> &'static str {
    let found = judged(versions, text);
    found.reason.map_or(found.verdict.word(), |reason| reason.word())
}

#[test]
fn every_verdict_and_what_is_compared() {
    let versions = Versions::only(Arc::new(analysis(CATALOG)), &Mapping::default());
    let base = r#""agent":"A1","component":"Store""#;
    let cases = [
        // Nothing but who and what: the grant admits it, whatever it asks for.
        (r#""agent":"H1","component":"Bus""#.to_owned(), "allowed"),
        (r#""agent":"nobody","component":"Bus""#.to_owned(), "unknown-actor"),
        (r#""component":"Bus""#.to_owned(), "unknown-actor"),
        (r#""agent":"H1","component":"Nothing""#.to_owned(), "unknown-component"),
        (r#""agent":"H1""#.to_owned(), "unjudged"),
        (r#""agent":"H1","component":"Tools""#.to_owned(), "no-grant"),
        // Each condition, on a day in the window.
        (
            format!(
                r#"{base},"time":"2026-09-01T00:00:00Z","environment":"dev","level":"read","phase":"TEST","risk":"medium""#
            ),
            "allowed",
        ),
        (format!(r#"{base},"environment":"dev","level":"write","phase":"test""#), "level"),
        (format!(r#"{base},"environment":"dev","level":"read","phase":"deploy""#), "phase"),
        (format!(r#"{base},"environment":"dev","level":"read","risk":"high""#), "risk"),
        (
            format!(r#"{base},"environment":"dev","level":"read","time":"2026-08-31T23:00:00-11:00""#),
            "window",
        ),
        (format!(r#"{base},"environment":"dev","level":"read","time":"2026-10-15T23:59:59Z""#), "allowed"),
        (format!(r#"{base},"environment":"dev","level":"read","time":"2026-10-16""#), "window"),
        (format!(r#"{base},"environment":"prod","level":"admin""#), "approval-missing"),
        (format!(r#"{base},"environment":"prod","level":"admin","approval":"A2""#), "approval-wrong"),
        (format!(r#"{base},"environment":"prod","level":"admin","approval":"Keeper of keys""#), "allowed"),
        // A person whom the grant names, one who embodies the persona, and one who is gone.
        (format!(r#"{base},"environment":"prod","approval":"Chris""#), "allowed"),
        (format!(r#"{base},"environment":"prod","approval":"Ana""#), "allowed"),
        (format!(r#"{base},"environment":"prod","approval":"Ben""#), "approval-wrong"),
        // An environment that the catalog has not is another one; other words count as not stated.
        (format!(r#"{base},"environment":"qa","level":"read","approval":"H2""#), "environment"),
        (format!(r#"{base},"environment":"dev","level":"sideways","risk":"odd""#), "allowed"),
        // Without an environment any row will do: the one in production needs an approval.
        (format!(r#"{base},"level":"admin","approval":"H2""#), "allowed"),
        (format!(r#"{base},"level":"admin""#), "approval-missing"),
        // Tools: listed, not listed, all of them; the level of a tool is on the component's card.
        (r#""agent":"A1","component":"Tools","tool":"run_tests""#.to_owned(), "allowed"),
        (r#""agent":"A1","component":"Tools","tool":"drop_table""#.to_owned(), "level"),
        (r#""agent":"A1","component":"Tools","tool":"drop_table","level":"read""#.to_owned(), "tool"),
        (r#""agent":"A2","component":"Tools","tool":"drop_table","environment":"dev""#.to_owned(), "allowed"),
        (r#""agent":"A2","component":"More tools","tool":"say \\ it's""#.to_owned(), "level"),
        (r#""agent":"A2","tool":"run_tests""#.to_owned(), "allowed"),
        (r#""agent":"A2","tool":"read_log""#.to_owned(), "unjudged"),
        // A role may mean different levels in different environments; a person holds what the personas hold.
        (r#""agent":"H2","component":"Store","level":"admin","environment":"dev""#.to_owned(), "allowed"),
        (r#""agent":"H2","component":"Store","level":"write","environment":"prod""#.to_owned(), "level"),
        (r#""agent":"Ana","component":"Store","level":"write","environment":"prod""#.to_owned(), "allowed"),
        // An approval by nobody who exists cannot be given.
        (r#""agent":"A3","component":"Bus","approval":"Nobody known""#.to_owned(), "approval-wrong"),
    ];
    for (fields, wanted) in cases {
        assert_eq!(verdict(&versions, &format!("{{{fields}}}")), wanted, "{fields}");
    }
}

#[test]
fn the_nearest_grant_gives_the_reason() {
    let versions = Versions::only(Arc::new(analysis(CATALOG)), &Mapping::default());
    // In stage the first grant fails by level alone; the one in prod by environment and approval.
    let found =
        judged(&versions, r#"{"agent":"A1","component":"Store","environment":"stage","level":"admin"}"#);
    let row = &versions.now().rows[found.row.expect("a row") as usize];
    assert_eq!(
        (found.reason.map(|reason| reason.word()), row.grant, row.environment),
        (Some("level"), 0, Some(1))
    );
}

#[test]
fn a_mapping_wins_over_the_catalog() {
    let mapping = super::mapping::read(
        "agents: {A2: A1, robot: A2}\nenvironments: {eu-1: prod}\nlevels: {own: admin}\n",
        "m.yaml",
    )
    .expect("a map");
    let versions = Versions::only(Arc::new(analysis(CATALOG)), &mapping);
    assert_eq!(
        verdict(&versions, r#"{"agent":"robot","component":"Tools","environment":"eu-1"}"#),
        "environment"
    );
    assert_eq!(
        verdict(
            &versions,
            r#"{"agent":"A2","component":"Store","environment":"eu-1","level":"own","approval":"H2"}"#
        ),
        "allowed"
    );
}

#[test]
fn an_event_ends_at_a_human_or_at_none() {
    let versions = Versions::only(Arc::new(analysis(CATALOG)), &Mapping::default());
    let ends =
        |agent: &str| !judged(&versions, &format!(r#"{{"agent":"{agent}","component":"Bus"}}"#)).unattributed;
    assert!(ends("A1") && ends("A2") && ends("H1") && ends("Ben"));
    assert!(!ends("A3") && !ends("nobody"));
}
