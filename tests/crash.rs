//! A process that saves is killed at random moments: no card is ever torn, the files of a step stay of one
//! version, and no draft that was said to be kept is lost.
#![allow(clippy::disallowed_methods)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use persona_workbench::card::FileChange;
use persona_workbench::store::{recover, save, write_drafts};

const CHILD: &str = "PERSONA_CRASH_TEST";
const ROUNDS: u32 = 18;
/// A step of so many files takes long enough to be cut off in the middle.
const FILES: u64 = 30;

fn name(file: u64) -> String {
    format!("team-{file:02}.yaml")
}

/// A card of a version, long enough not to be written at once.
fn card(name: &str, version: u64) -> String {
    let filler = "# filler\n".repeat(400);
    format!("kind: Team\nname: {name}\nx-version: {version}\n{filler}# end {version}\n")
}

/// A journal of a version, so long that writing it takes a while.
fn journal(version: u64) -> String {
    let filler = "# a line of a journal that is long\n".repeat(60_000);
    format!("x-version: {version}\n{filler}# end {version}\n")
}

/// The journal of drafts in a state folder.
fn kept_in(state: &Path) -> Option<PathBuf> {
    std::fs::read_dir(state).ok()?.map(|entry| entry.expect("an entry").path()).find(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        name.starts_with("drafts-") && name.ends_with(".json")
    })
}

fn version(text: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix("x-version: ")).expect("a whole card");
    line.parse().expect("a number")
}

/// The process that is killed: saves many files and a journal, over and over, and says what is done.
#[test]
#[ignore = "it is started by the other test, and never ends"]
fn child() {
    let Ok(root) = std::env::var(CHILD) else { return };
    let root = Path::new(&root);
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("a card");
    let mut now = version(&read(&name(0)));
    let mut out = std::io::stdout();
    loop {
        let next = now + 1;
        write_drafts(root, Some(&journal(next))).expect("a journal");
        writeln!(out, "\nkept {next}").expect("a parent");
        let writes: Vec<FileChange> = (0..FILES)
            .map(|file| FileChange {
                path: name(file).into(),
                before: Some(card(&name(file), now).into()),
                after: Some(card(&name(file), next).into()),
            })
            .collect();
        save(root, &writes).expect("saved");
        writeln!(out, "\nsaved {next}").expect("a parent");
        now = next;
    }
}

#[test]
fn whenever_a_process_is_killed_cards_are_whole_and_drafts_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("catalog");
    std::fs::create_dir(&root).expect("a folder");
    for name in (0..FILES).map(name) {
        std::fs::write(root.join(&name), card(&name, 0)).expect("a card");
    }
    // The state folder is an environment variable; it is given to the children, and to a child that
    // recovers, so that this process stays as it is.
    let state = folder.path().join("state");
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let (mut kept, mut saved) = (0, 0);
    for round in 0..ROUNDS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let lines = 1 + (seed >> 33) % 12;
        let spins = (seed >> 20) % 200_000;
        let mut child = Command::new(std::env::current_exe().expect("a program"))
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env(CHILD, &root)
            .env("PERSONA_STATE_DIR", &state)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut seen = 0;
        let mut note = |line: &str| {
            if let Some(number) = line.strip_prefix("kept ") {
                kept = number.trim().parse().expect("a number");
            } else if let Some(number) = line.strip_prefix("saved ") {
                saved = number.trim().parse().expect("a number");
            } else {
                return false;
            }
            true
        };
        let mut line = String::new();
        while seen < lines {
            line.clear();
            assert!(
                output.read_line(&mut line).expect("output") > 0,
                "round {round}: the child ended by itself"
            );
            seen += u64::from(note(&line));
        }
        // As soon as one of the files is another: in the middle of the renames, or of the journal.
        let watched = match round % 3 {
            0 => Some(root.join(name((seed >> 40) % (FILES - 1)))),
            1 => kept_in(&state),
            _ => None,
        };
        if let Some(watched) = watched {
            let written = || {
                let known = std::fs::metadata(&watched).ok();
                known.and_then(|known| known.modified().ok().map(|time| (time, known.len())))
            };
            let before = written();
            while written() == before {
                assert!(
                    child.try_wait().expect("a state").is_none(),
                    "round {round}: the child ended by itself"
                );
            }
        } else {
            // A varying amount of work after a line that it wrote, not of time.
            std::hint::black_box((0..spins).fold(0_u64, |sum, next| sum.rotate_left(1) ^ next));
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        for rest in output.lines().map_while(Result::ok) {
            note(&rest);
        }
        let done = Command::new(std::env::current_exe().expect("a program"))
            .args(["--exact", "recovering", "--ignored", "--nocapture"])
            .env(CHILD, &root)
            .env("PERSONA_STATE_DIR", &state)
            .output()
            .expect("a recovery");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("a card");
        let now = version(&read(&name(0)));
        for name in (0..FILES).map(name) {
            let text = read(&name);
            assert_eq!(text, card(&name, version(&text)), "round {round}: {name} is torn");
            assert_eq!(version(&text), now, "round {round}: {name} without the other files of its step");
        }
        assert!(now >= saved, "round {round}: {saved} was said to be saved, and {now} is there");
        let draft = std::fs::read_to_string(kept_in(&state).expect("a journal")).expect("a journal");
        assert!(draft.starts_with("x-version: ") && draft.ends_with('\n'), "round {round}: a torn journal");
        let own = version(&draft);
        assert!(draft == journal(own), "round {round}: a torn journal");
        assert!(own >= kept, "round {round}: the draft {kept} was said to be kept, and {own} is there");
    }
    assert!(saved > 0, "nothing was ever saved");
}

/// What the next start does first.
#[test]
#[ignore = "it is started by the other test"]
fn recovering() {
    let Ok(root) = std::env::var(CHILD) else { return };
    let _ = recover(Path::new(&root));
}
