//! The workbench in a real pseudo-terminal: what only a terminal shows.
#![allow(clippy::disallowed_methods)]
#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Long enough for the slowest machine; nothing waits for it that goes well.
const PATIENCE: Duration = Duration::from_secs(30);

const CARD: &str = "kind: Persona\nid: P1\nname: Ana\nprocesses: [Work]\n";

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("more than none")
}

struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    screen: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    fn open(folder: &Path, state: &Path, environment: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(assert_cmd::cargo::cargo_bin("persona"));
        command.args(["--theme", "dark", "--at", "2026-11-23"]);
        command.arg(folder);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        command.env("PERSONA_STATE_DIR", state);
        command.env("PERSONA_CONFIG", state.join("no-config.yaml"));
        command.env_remove("NO_COLOR");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(24), cells(80), 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let (shown, kept) = (screen.clone(), raw.clone());
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 {
                    break;
                }
                kept.lock().expect("the bytes").extend_from_slice(&bytes[..count]);
                shown.lock().expect("the screen").process(&bytes[..count]);
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        Self { master: pair.master, writer, child, screen, raw }
    }

    fn contents(&self) -> String {
        self.screen.lock().expect("the screen").screen().contents()
    }

    fn wait_for(&self, what: &str, test: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !test(&self.contents()) {
            assert!(Instant::now() < deadline, "{what} did not come:\n{}", self.contents());
            std::thread::yield_now();
        }
    }

    fn until(&self, text: &str) {
        self.wait_for(text, |screen| screen.contains(text));
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("keys");
        self.writer.flush().expect("keys");
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("an id").to_string();
        let done =
            std::process::Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill");
        assert!(done.success());
    }

    fn ended(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "it did not end:\n{}", self.contents());
            std::thread::yield_now();
        }
    }

    /// Whether the alternate screen was left after it was entered.
    fn restored(&self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let raw = String::from_utf8_lossy(&self.raw.lock().expect("the bytes")).into_owned();
            let (entered, left) = (raw.rfind("\u{1b}[?1049h"), raw.rfind("\u{1b}[?1049l"));
            if left > entered && entered.is_some() {
                return true;
            }
            if Instant::now() > deadline {
                return false;
            }
            std::thread::yield_now();
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn catalog() -> (tempfile::TempDir, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.yaml"), CARD).expect("a card");
    fs::write(folder.path().join("work.yaml"), "kind: Process\nname: Work\nuses: Store\n").expect("a card");
    (folder, tempfile::tempdir().expect("a folder"))
}

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

/// Gives Ana a team in the form of her card; the form stays open.
fn give_a_team(terminal: &mut Terminal, team: &str) {
    terminal.until("P1  Ana");
    terminal.press("e");
    terminal.until("edit or open");
    terminal.press("jjjjj\r");
    terminal.until("team: ");
    terminal.press(team);
    terminal.press("\r");
    terminal.until("undoes it");
}

/// Waits until the journal of unsaved edits says something.
fn journal_says(state: &Path, text: &str) {
    let deadline = Instant::now() + PATIENCE;
    let says = || {
        let entries = fs::read_dir(state).expect("the state folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("drafts-")))
            .any(|path| fs::read_to_string(path).is_ok_and(|journal| journal.contains(text)))
    };
    while !says() {
        assert!(Instant::now() < deadline, "the journal does not say {text}");
        std::thread::yield_now();
    }
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
