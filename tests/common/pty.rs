//! What tests of a real pseudo-terminal share: the workbench in one, keys, signals, and what is on the screen.
#![allow(dead_code, reason = "each test takes what it needs of this")]

use std::fs;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Long enough for the slowest machine; nothing waits for it that goes well.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const CARD: &str = "kind: Persona\nid: P1\nname: Ana\nprocesses: [Work]\n";

pub fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("more than none")
}

pub struct Terminal {
    pub master: Box<dyn MasterPty + Send>,
    pub writer: Box<dyn Write + Send>,
    pub child: Box<dyn Child + Send + Sync>,
    pub screen: Arc<Mutex<vt100::Parser>>,
    pub raw: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    pub fn open(folder: &Path, state: &Path, environment: &[(&str, &str)]) -> Self {
        Self::run(&assert_cmd::cargo::cargo_bin("persona"), folder, state, environment)
    }

    /// The same, started by another program.
    pub fn run(program: &Path, folder: &Path, state: &Path, environment: &[(&str, &str)]) -> Self {
        Self::command(program, &[], folder, state, environment, &[])
    }

    /// The same, with more on the command line.
    #[allow(dead_code, reason = "each test takes what it needs of this")]
    pub fn open_with(folder: &Path, state: &Path, more: &[&str]) -> Self {
        Self::command(&assert_cmd::cargo::cargo_bin("persona"), &[], folder, state, &[], more)
    }

    /// Who follows a review.
    pub fn follow(folder: &Path, state: &Path) -> Self {
        Self::command(&assert_cmd::cargo::cargo_bin("persona"), &["follow"], folder, state, &[], &[])
    }

    fn command(
        program: &Path,
        words: &[&str],
        folder: &Path,
        state: &Path,
        environment: &[(&str, &str)],
        more: &[&str],
    ) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(words);
        command.args(["--theme", "dark", "--at", "2026-11-23"]);
        command.arg(folder);
        command.args(more);
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

    pub fn contents(&self) -> String {
        self.screen.lock().expect("the screen").screen().contents()
    }

    pub fn wait_for(&self, what: &str, test: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !test(&self.contents()) {
            assert!(Instant::now() < deadline, "{what} did not come:\n{}", self.contents());
            std::thread::yield_now();
        }
    }

    pub fn until(&self, text: &str) {
        self.wait_for(text, |screen| screen.contains(text));
    }

    pub fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("keys");
        self.writer.flush().expect("keys");
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("an id").to_string();
        let done =
            std::process::Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill");
        assert!(done.success());
    }

    pub fn ended(&mut self) -> u32 {
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
    pub fn restored(&self) -> bool {
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

pub fn catalog() -> (tempfile::TempDir, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.yaml"), CARD).expect("a card");
    fs::write(folder.path().join("work.yaml"), "kind: Process\nname: Work\nuses: Store\n").expect("a card");
    (folder, tempfile::tempdir().expect("a folder"))
}

/// Gives Ana a team in the form of her card; the form stays open.
pub fn give_a_team(terminal: &mut Terminal, team: &str) {
    terminal.until("P1  Ana");
    terminal.press("e");
    terminal.until("edit or open");
    terminal.press("jjjjj\r");
    terminal.until("team: ");
    terminal.press(team);
    terminal.press("\r");
    // Not the message that names the undo: where edits cannot be kept, another takes its place at once.
    terminal.wait_for(team, |screen| {
        screen.contains("edit or open") && screen.contains(team) && !screen.contains("team: ")
    });
}

/// Waits until the journal of unsaved edits says something.
pub fn journal_says(state: &Path, text: &str) {
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
