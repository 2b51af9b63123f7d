//! Others write too, and disks fail: two workbenches, `git` under a running one, a disk that would not.
#![allow(clippy::disallowed_methods)]
#![cfg(unix)]

#[path = "common/pty.rs"]
mod pty;

use std::fs;
use std::path::Path;
use std::process::Command;

use pty::{CARD, Terminal, catalog, give_a_team, journal_says};

const SAVE: &str = "\u{13}";

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn with_team(team: &str) -> String {
    CARD.replace("processes", &format!("team: {team}\nprocesses"))
}

/// Leaves the form, so that the card is seen.
fn close_the_form(terminal: &mut Terminal) {
    terminal.press("\u{1b}");
    terminal.wait_for("the form to close", |screen| !screen.contains("edit or open"));
}

#[test]
fn two_workbenches_know_of_each_other_and_neither_writes_over_the_other() {
    let (folder, state) = catalog();
    let card = || fs::read_to_string(folder.path().join("a.yaml")).expect("the card");
    let mut first = Terminal::open(folder.path(), state.path(), &[]);
    first.until("P1  Ana");
    let mut second = Terminal::open(folder.path(), state.path(), &[]);
    second.until("another workbench");
    give_a_team(&mut second, "Field");
    give_a_team(&mut first, "Ops");
    first.press(SAVE);
    first.until("saved a.yaml");
    assert_eq!(card(), with_team("Ops"));
    // The second has another team unsaved: it is asked.
    second.until("changed on disk where you changed it too");
    second.press(SAVE);
    second.until("on disk (t takes all)");
    assert_eq!(card(), with_team("Ops"));
    second.press("m");
    second.until("settled");
    second.press(SAVE);
    second.until("saved a.yaml");
    assert_eq!(card(), with_team("Field"));
    // The first one sees what the second wrote, and can take back its own no more without a word.
    close_the_form(&mut first);
    first.press("\r");
    first.until("Field");
}

#[test]
fn git_may_change_the_files_under_it() {
    let (folder, state) = catalog();
    let folder = folder.path();
    let card = || fs::read_to_string(folder.join("a.yaml")).expect("the card");
    git(folder, &["init", "-q", "-b", "main"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "-qm", "first"]);
    git(folder, &["checkout", "-qb", "other"]);
    let theirs = CARD.replace("name: Ana\n", "name: Anabel\n");
    fs::write(folder.join("a.yaml"), &theirs).expect("a card");
    fs::write(folder.join("new.yaml"), "kind: Persona\nid: P2\nname: Neo\n").expect("a card");
    git(folder, &["add", "."]);
    git(folder, &["commit", "-qm", "second"]);
    git(folder, &["checkout", "-q", "main"]);

    let mut terminal = Terminal::open(folder, state.path(), &[]);
    terminal.until("P1  Ana ");
    git(folder, &["checkout", "-q", "other"]);
    terminal.until("P1  Anabel");
    terminal.until("P2  Neo");
    git(folder, &["checkout", "-q", "main"]);
    terminal
        .wait_for("the other branch to go", |screen| !screen.contains("Neo") && !screen.contains("Anabel"));

    // An unsaved edit goes along from branch to branch.
    give_a_team(&mut terminal, "Ops");
    close_the_form(&mut terminal);
    git(folder, &["checkout", "-q", "other"]);
    terminal.until("merged with it");
    terminal.until("P2  Neo");
    terminal.press(SAVE);
    terminal.until("saved a.yaml");
    assert_eq!(card(), theirs.replace("processes", "team: Ops\nprocesses"));

    // What is saved goes into the stash, and comes back out of it.
    terminal.press("\r");
    terminal.until("Ops");
    git(folder, &["stash", "-q"]);
    terminal.wait_for("the stash to take it", |screen| !screen.contains("Ops"));
    assert_eq!(card(), theirs);
    git(folder, &["stash", "pop", "-q"]);
    terminal.until("Ops");
    assert_eq!(card(), theirs.replace("processes", "team: Ops\nprocesses"));
    // And it can be undone still.
    terminal.press("u");
    terminal.until("undone");
    terminal.press(SAVE);
    terminal.until("saved a.yaml");
    assert_eq!(card(), theirs);
}

#[test]
fn a_file_that_may_not_be_written_is_said_and_the_edit_is_kept() {
    let (folder, state) = catalog();
    let path = folder.path().join("a.yaml");
    let mode = |read_only: bool| {
        let mut permissions = fs::metadata(&path).expect("the card").permissions();
        permissions.set_readonly(read_only);
        fs::set_permissions(&path, permissions).expect("a mode");
    };
    let mut terminal = Terminal::open(folder.path(), state.path(), &[]);
    give_a_team(&mut terminal, "Ops");
    close_the_form(&mut terminal);
    mode(true);
    terminal.press(SAVE);
    terminal.until("you may not write there");
    assert_eq!(fs::read_to_string(&path).expect("the card"), CARD);
    journal_says(state.path(), "team: Ops");
    mode(false);
    terminal.press(SAVE);
    terminal.until("saved a.yaml");
    assert_eq!(fs::read_to_string(&path).expect("the card"), with_team("Ops"));
    let left = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(left, 2, "nothing is left beside the cards");
}

#[test]
fn a_folder_that_vanishes_takes_no_edit_with_it() {
    let (folder, state) = catalog();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (root, away) = (folder.path().join("team"), elsewhere.path().join("team"));
    fs::create_dir(&root).expect("a folder");
    fs::rename(folder.path().join("a.yaml"), root.join("a.yaml")).expect("a card");
    fs::rename(folder.path().join("work.yaml"), root.join("work.yaml")).expect("a card");
    let mut terminal = Terminal::open(&root, state.path(), &[]);
    give_a_team(&mut terminal, "Ops");
    close_the_form(&mut terminal);
    journal_says(state.path(), "team: Ops");
    fs::rename(&root, &away).expect("it goes");
    terminal.press(SAVE);
    terminal.until("not there any more");
    terminal.until("P1  Ana");
    // One more edit meanwhile is kept for a crash as well.
    give_a_team(&mut terminal, "Field");
    journal_says(state.path(), "team: Field");
    close_the_form(&mut terminal);
    fs::rename(&away, &root).expect("it comes back");
    terminal.press(SAVE);
    terminal.until("saved a.yaml");
    assert_eq!(fs::read_to_string(root.join("a.yaml")).expect("the card"), with_team("Field"));
}

/// A limit on the size of files is a disk that is full: what is written ends in the middle.
#[test]
fn a_full_disk_is_said_and_nothing_is_torn() {
    let (folder, state) = catalog();
    let long = format!("{CARD}# {}\n", "a long comment ".repeat(400));
    fs::write(folder.path().join("a.yaml"), &long).expect("a card");
    let persona = assert_cmd::cargo::cargo_bin("persona");
    let full = |arguments: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" {arguments}");
        let output = Command::new("sh")
            .args(["-c", &script])
            .arg(&persona)
            .current_dir(folder.path())
            .env("PERSONA_STATE_DIR", state.path())
            .output()
            .expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, error) = full("set P1 team=Ops --in .");
    assert_eq!(code, Some(2), "{error}");
    assert!(
        error.contains("a.yaml could not be written") && error.contains("nothing was changed"),
        "{error}"
    );
    let (code, error) = full("rename P1 P9 --in .");
    assert_eq!(code, Some(2), "{error}");
    assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).expect("the card"), long);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "nothing is left behind");

    // The workbench on such a disk goes on, says so, and keeps the edit in sight.
    let bin = tempfile::tempdir().expect("a folder");
    let wrapper = bin.path().join("full");
    let script = format!("#!/bin/sh\ntrap '' XFSZ\nulimit -f 1\nexec '{}' \"$@\"\n", persona.display());
    fs::write(&wrapper, script).expect("a script");
    let mut permissions = fs::metadata(&wrapper).expect("the script").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    fs::set_permissions(&wrapper, permissions).expect("a mode");
    let mut terminal = Terminal::run(&wrapper, folder.path(), state.path(), &[]);
    give_a_team(&mut terminal, "Ops");
    close_the_form(&mut terminal);
    terminal.press(SAVE);
    terminal.until("could not be written");
    assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).expect("the card"), long);
    terminal.press("\r");
    terminal.until("Ops");
    terminal.press("\u{3}");
    terminal.ended();
    assert!(terminal.restored());
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "nothing is left behind");
}
