//! The workbench in a real pseudo-terminal: what only a terminal shows.
#![allow(clippy::disallowed_methods)]
#![cfg(unix)]

#[path = "common/pty.rs"]
mod pty;

use std::fs;
use std::time::Instant;

use portable_pty::PtySize;
use pty::{CARD, PATIENCE, Terminal, catalog, cells, give_a_team, journal_says};

#[test]
fn it_starts_navigates_and_leaves_the_terminal_as_it_was() {
    let (folder, state) = catalog();
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("P1  Ana");
    terminal.press("5");
    terminal.until("Gaps (");
    terminal.press("1\r");
    terminal.until("Processes");
    terminal.press("qq");
    assert_eq!(terminal.ended(), 0);
    assert!(terminal.restored());
}

#[test]
fn a_file_changed_by_somebody_else_is_shown_and_a_broken_one_keeps_its_cards() {
    let (folder, state) = catalog();
    let terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("P1  Ana");
    let path = folder.path().join("a.yaml");
    // As editors save: a new file takes the old one's place.
    fs::write(folder.path().join("a.yaml.tmp"), CARD.replace("Ana", "Beate")).expect("a card");
    fs::rename(folder.path().join("a.yaml.tmp"), &path).expect("a rename");
    terminal.until("P1  Beate");
    fs::write(&path, "kind: Persona\nname: [\n").expect("a broken card");
    terminal.until("1 problem");
    assert!(terminal.contents().contains("P1  Beate"), "{}", terminal.contents());
    fs::write(&path, CARD).expect("a card");
    terminal.until("P1  Ana");
    terminal.wait_for("the problem to go", |screen| !screen.contains("1 problem"));
}

#[test]
fn a_resize_keeps_the_selection() {
    let (folder, state) = catalog();
    fs::write(folder.path().join("b.yaml"), CARD.replace("P1", "P2").replace("Ana", "Bo")).expect("a card");
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("P2  Bo");
    terminal.press("j");
    let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
    terminal.screen.lock().expect("the screen").screen_mut().set_size(cells(40), cells(120));
    terminal.master.resize(size).expect("a resize");
    terminal.until(" P2   Bo");
}

#[test]
fn signals_restore_the_terminal() {
    for name in ["TERM", "HUP", "INT"] {
        let (folder, state) = catalog();
        let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
        terminal.until("P1  Ana");
        terminal.signal(name);
        terminal.ended();
        assert!(terminal.restored(), "{name}");
    }
}

#[test]
fn ctrl_c_leaves_at_once() {
    let (folder, state) = catalog();
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("P1  Ana");
    terminal.press(":\u{3}");
    assert_eq!(terminal.ended(), 0);
    assert!(terminal.restored());
}

#[test]
fn the_editor_opens_at_the_line_and_what_it_wrote_is_shown() {
    let (folder, state) = catalog();
    let editor = state.path().join("editor.sh");
    fs::write(&editor, "#!/bin/sh\nsed -i.bak \"s/Ana/Line $1/\" \"$2\"\n").expect("an editor");
    let editor = format!("sh {}", editor.display());
    let mut terminal = Terminal::open(folder.path(), state.path(), &[("VISUAL", ""), ("EDITOR", &editor)]);
    terminal.until("P1  Ana");
    terminal.press("E");
    terminal.until("P1  Line +1");
}

#[test]
fn the_session_comes_back() {
    let (folder, state) = catalog();
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("P1  Ana");
    terminal.press("5/work\r");
    terminal.until("filter: work");
    terminal.press("q");
    terminal.ended();
    let terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("filter: work");
}

#[test]
fn an_edit_is_saved_undone_and_saved_again() {
    let (folder, state) = catalog();
    let card = || fs::read_to_string(folder.path().join("a.yaml")).expect("the card");
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    give_a_team(&mut terminal, "Ops");
    assert_eq!(card(), CARD, "nothing is written unasked");
    terminal.press("\u{13}");
    terminal.until("saved a.yaml");
    assert_eq!(card(), CARD.replace("processes", "team: Ops\nprocesses"));
    terminal.press("u");
    terminal.until("undone");
    terminal.press("\u{13}");
    terminal.until("saved a.yaml");
    assert_eq!(card(), CARD);
}

#[test]
fn however_it_ends_unsaved_edits_are_offered_and_come_back() {
    for name in ["KILL", "TERM", "HUP"] {
        let (folder, state) = catalog();
        let card = || fs::read_to_string(folder.path().join("a.yaml")).expect("the card");
        let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
        give_a_team(&mut terminal, "Ops");
        journal_says(state.path(), "team: Ops");
        terminal.signal(name);
        terminal.ended();
        assert_eq!(card(), CARD, "{name}");
        let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
        terminal.until("bring them back");
        terminal.press("r");
        terminal.until("unsaved edits are back");
        terminal.press("\u{13}");
        terminal.until("saved a.yaml");
        assert_eq!(card(), CARD.replace("processes", "team: Ops\nprocesses"), "{name}");
    }
}

#[test]
fn an_offer_that_is_not_answered_is_made_again() {
    let (folder, state) = catalog();
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    give_a_team(&mut terminal, "Ops");
    journal_says(state.path(), "team: Ops");
    terminal.signal("KILL");
    terminal.ended();
    for _ in 0..2 {
        let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
        terminal.until("bring them back");
        terminal.press("\u{3}");
        terminal.ended();
    }
}

#[test]
fn what_is_left_unsaved_is_said_on_the_way_out() {
    let (folder, state) = catalog();
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    give_a_team(&mut terminal, "Ops");
    terminal.press("\u{1b}");
    terminal.wait_for("the form to close", |screen| !screen.contains("edit or open"));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    terminal.until("a.yaml has unsaved edits; they are kept");
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_merged_or_asked_about_and_never_lost() {
    let (folder, state) = catalog();
    let path = folder.path().join("a.yaml");
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    give_a_team(&mut terminal, "Ops");
    // Elsewhere in the file: both stay.
    let theirs = CARD.replace("kind: Persona\n", "# ours\nkind: Persona\n");
    fs::write(&path, &theirs).expect("a card");
    terminal.until("merged with it");
    terminal.press("\u{13}");
    terminal.until("saved a.yaml");
    let both = theirs.replace("processes", "team: Ops\nprocesses");
    assert_eq!(fs::read_to_string(&path).expect("the card"), both);
    // In the same place: it is asked, and nothing is written before.
    terminal.press("\r");
    terminal.until("type to find");
    terminal.press("Field");
    terminal.until("use Field as it is");
    terminal.press("\r");
    terminal.until("undoes it");
    let other = both.replace("team: Ops", "team: Platform");
    fs::write(&path, &other).expect("a card");
    terminal.until("changed on disk where you changed it too");
    terminal.press("\u{13}");
    terminal.until("on disk (t takes all)");
    let shown = terminal.contents();
    assert!(shown.contains("team: Field") && shown.contains("team: Platform"), "{shown}");
    assert_eq!(fs::read_to_string(&path).expect("the card"), other);
    terminal.press("m");
    terminal.until("settled");
    terminal.press("\u{13}");
    terminal.until("saved a.yaml");
    assert_eq!(fs::read_to_string(&path).expect("the card"), both.replace("team: Ops", "team: Field"));
}

#[test]
fn a_new_card_and_a_rename_are_saved_and_undone_to_the_byte() {
    let (folder, state) = catalog();
    let before = fs::read_to_string(folder.path().join("work.yaml")).expect("a card");
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("P1  Ana");
    terminal.press("i");
    terminal.until("New persona");
    // Pasted, it is text, whatever it looks like.
    terminal.press("\u{1b}[200~Load Test\r\nAgent\u{1b}[201~");
    terminal.until("P2-load-test-agent.yaml");
    terminal.press("\r");
    terminal.until("Load Test Agent (P2)");
    terminal.press("\u{13}");
    terminal.until("saved P2-load-test-agent.yaml");
    let card = fs::read_to_string(folder.path().join("P2-load-test-agent.yaml")).expect("the new card");
    assert!(card.contains("id: P2\nname: Load Test Agent\n"), "{card}");
    terminal.press("\u{1b}");
    terminal.wait_for("the form to close", |screen| !screen.contains("not stated"));
    // Work is called Run, in both files.
    terminal.press("v");
    terminal.until("Processes (1)");
    terminal.press("R");
    terminal.until("Rename Work");
    terminal.press("\u{15}Run\r");
    terminal.until("rename Work to Run");
    terminal.press(":save all\r");
    terminal.until("saved 2 files");
    let of = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a card");
    assert_eq!(of("a.yaml"), CARD.replace("Work", "Run"));
    assert_eq!(of("work.yaml"), before.replace("Work", "Run"));
    terminal.press("u");
    terminal.until("undone: rename Work to Run");
    terminal.press("u");
    terminal.until("undone: add persona Load Test Agent");
    terminal.press(":save all\r");
    terminal.until("saved 3 files");
    assert_eq!((of("a.yaml").as_str(), of("work.yaml")), (CARD, before));
    assert!(!folder.path().join("P2-load-test-agent.yaml").exists());
    terminal.press("\u{3}");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn with_autosave_each_step_is_on_disk_and_so_is_its_undoing() {
    let (folder, state) = catalog();
    let settings = state.path().join("settings.yaml");
    fs::write(&settings, "autosave: true\n").expect("settings");
    let settings = settings.display().to_string();
    let mut terminal = Terminal::open(folder.path(), state.path(), &[("PERSONA_CONFIG", &settings)]);
    terminal.until("P1  Ana");
    let on_disk = |wanted: &str| {
        let deadline = Instant::now() + PATIENCE;
        while fs::read_to_string(folder.path().join("a.yaml")).expect("the card") != wanted {
            assert!(Instant::now() < deadline, "{wanted} did not come to the disk");
            std::thread::yield_now();
        }
    };
    terminal.press("R");
    terminal.until("Rename Ana");
    terminal.press("\t\u{15}Bea\r");
    terminal.until("to Bea");
    on_disk(&CARD.replace("Ana", "Bea"));
    terminal.press("u");
    terminal.until("undone");
    on_disk(CARD);
    terminal.press("\u{3}");
}

#[test]
fn logs_are_read_beside_the_work_and_remembered_for_the_next_time() {
    let (folder, state) = catalog();
    let log = concat!(
        r#"{"time":"2026-11-01T08:00:00Z","event":"1","agent":"P1","component":"Store"}"#,
        "\n",
        r#"{"time":"2026-11-02T08:00:00Z","event":"2","agent":"ghost","component":"Store"}"#,
        "\nbroken\n",
    );
    fs::write(folder.path().join("trail.jsonl"), log).expect("a log");
    let mut terminal = Terminal::open_with(folder.path(), state.path(), &["--audit", "trail.jsonl"]);
    terminal.until("50 % of 2 events end at no human");
    terminal.until("1 bad line");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    terminal.until("50 % of 2 events end at no human");
    // What is appended is read when that is asked for.
    fs::write(folder.path().join("trail.jsonl"), format!("{log}{}", log.replace(":\"1\"", ":\"3\"")))
        .expect("a log");
    terminal.press("\u{12}");
    terminal.until("of 3 events end at no human");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}
