//! Two real pseudo-terminals: a meeting in one, and who follows it in others.
#![allow(clippy::disallowed_methods)]
#![cfg(unix)]

#[path = "common/pty.rs"]
mod pty;

use std::fs;

use pty::Terminal;

const CARDS: &str = "kind: Persona
id: P1
name: Bot
type: agent
team: Run
accountable: P2
monitored_by: [P1]
---
kind: Persona
id: P2
name: Ana
team: Run
";

#[test]
fn followers_see_the_page_what_is_decided_and_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.yaml"), CARDS).expect("cards");
    let state = tempfile::tempdir().expect("a folder");
    let follow = || Terminal::follow(folder.path(), state.path());
    let mut early = follow();
    early.until("running on this machine");
    let mut leader = Terminal::open(folder.path(), state.path(), &[]);
    leader.until("P1  Bot");
    leader.press("6");
    leader.until("Begin");
    leader.press("\r");
    leader.until("1 of");
    early.until("1 of");
    let mut late = follow();
    late.until("1 of");
    leader.press("n");
    leader.until("2 of");
    early.until("2 of");
    late.until("2 of");
    // No key of theirs changes anything.
    early.press("nnwu");
    leader.press("wAna\rfor now\r");
    leader.until("3 of");
    early.until("3 of");
    leader.press("b");
    early.until("accepted until 2027-02-23 by Ana: for now");
    // One may leave, the other sees the end.
    late.press("q");
    assert_eq!(late.ended(), 0);
    assert!(late.restored());
    leader.press("m");
    early.until("not reached");
    leader.press("\r");
    leader.until("its minutes are in minutes/2026-11-23.md");
    assert_eq!(early.ended(), 0);
    early.until("Minutes: minutes/2026-11-23.md");
    let minutes = fs::read_to_string(folder.path().join("minutes/2026-11-23.md")).expect("minutes");
    assert!(minutes.contains("**Accepted:** by Ana on 2026-11-23 until 2027-02-23"), "{minutes}");
    assert!(fs::read_to_string(folder.path().join("decisions.yaml")).expect("cards").contains("for now"));
    leader.press("q");
    assert_eq!(leader.ended(), 0);
}
