//! What nobody means to type, and what nobody means to keep on a disk: a clear sentence, no hang,
//! no panic, and the rest still loads.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const DAY: &str = "2026-11-23";
const GOOD: &str = "kind: Persona\nid: P1\nname: Good\n";

fn persona(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("persona"));
    command.args(arguments).env_remove("NO_COLOR").env("LC_ALL", "C.UTF-8");
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = persona(arguments).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("a code"), text(stdout), text(stderr))
}

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn check(folder: &Path) -> (i32, Value) {
    let folder = folder.to_str().expect("a path");
    let (code, out, error) = run(&["check", folder, "--format", "json", "--at", DAY]);
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{error}")))
}

fn messages(report: &Value, list: &str) -> Vec<(String, String)> {
    let problems = report[list].as_array().expect("a list").iter();
    let text = |problem: &Value, key: &str| problem[key].as_str().expect("text").to_owned();
    problems.map(|problem| (text(problem, "file"), text(problem, "message"))).collect()
}

#[test]
fn options_may_stand_before_the_command() {
    let after = run(&["check", "personas", "--at", DAY, "--color", "always"]);
    let before = run(&["--at", DAY, "--color", "always", "check", "personas"]);
    assert_eq!(before, after);
    assert_eq!(after.0, 1);
    for wrong in
        [&["personas", "check"][..], &["--theme", "dark", "check"], &["--no-mouse", "list", "skills"]]
    {
        let (code, _, error) = run(wrong);
        assert_eq!(code, 64, "{wrong:?}");
        assert!(error.contains("stands before a command"), "{error}");
    }
}

#[test]
fn a_misspelt_command_is_guessed_and_a_missing_folder_is_not() {
    let (code, _, error) = run(&["chekc"]);
    assert_eq!(code, 64);
    assert!(error.contains("did you mean `persona check`?"), "{error}");
    let (code, _, error) = run(&["./chekc"]);
    assert_eq!(code, 2);
    assert!(error.contains("there is no folder ./chekc"), "{error}");
    assert!(error.contains("persona init ./chekc"), "{error}");
}

#[test]
fn no_color_and_what_overrules_it() {
    let colored = |arguments: &[&str], value: Option<&str>| {
        let mut command = persona(arguments);
        if let Some(value) = value {
            command.env("NO_COLOR", value);
        }
        command.output().expect("it runs").stdout.contains(&0x1b)
    };
    let check = ["check", "personas", "--at", DAY];
    let always = ["check", "personas", "--at", DAY, "--color", "always"];
    assert!(!colored(&check, Some("1")));
    assert!(colored(&always, Some("1")), "what is typed overrules the environment");
    assert!(colored(&always, None));
}

#[test]
fn every_command_survives_a_closed_pipe() {
    for arguments in [
        &["--help"][..],
        &["--plain", "personas"],
        &["check", "personas", "--fail-on", "never"],
        &["check", "personas", "--format", "json", "--fail-on", "never"],
        &["completions", "zsh"],
        &["explain"],
        &["list", "components"],
        &["man"],
        &["path", "P010", "Azure Container Registry"],
        &["show", "P006"],
    ] {
        let mut command = persona(arguments);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let output = persona(&["list", "personas"]).stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"), "{output:?}");
}

#[test]
fn a_card_that_is_far_too_large_is_refused_unread() {
    let folder = folder_with(&[("good.yaml", GOOD)]);
    let file = fs::File::create(folder.path().join("big.yaml")).expect("a file");
    file.set_len(100_000_000).expect("a length");
    let (code, report) = check(folder.path());
    assert_eq!(code, 2);
    let message = "this file has 100 MB, and more than 16 MB are not read".to_owned();
    assert_eq!(messages(&report, "problems"), [("big.yaml".to_owned(), message)]);
    assert_eq!(report["catalog"]["personas"], 1);
}

#[test]
fn a_pattern_that_is_none_is_said() {
    let folder = folder_with(&[
        ("catalog.yaml", "kind: Catalog\nexclude: [\"[z-a]\", \"old/**\"]\n"),
        ("old/x.yaml", "kind: Persona\nname: [\n"),
    ]);
    let (code, report) = check(folder.path());
    assert_eq!(code, 0, "{report:#}");
    let problems = messages(&report, "problems");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].1.starts_with("`[z-a]` under `exclude` is no pattern"), "{problems:?}");
    assert_eq!(report["problems"][0]["level"], "warning");
    assert_eq!(report["problems"][0]["line"], 2);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_that_break_loop_or_leave() {
        let outside = folder_with(&[("far.yaml", "kind: Team\nname: Far\n")]);
        let folder = folder_with(&[("cards/good.yaml", GOOD)]);
        let top = folder.path();
        symlink("nowhere", top.join("broken.yaml")).expect("a link");
        symlink("round.yaml", top.join("round.yaml")).expect("a link");
        symlink(outside.path(), top.join("away")).expect("a link");
        symlink("..", top.join("cards/up")).expect("a link");
        symlink("cards", top.join("again")).expect("a link");
        let (code, report) = check(top);
        assert_eq!(code, 2);
        let files = |list| messages(&report, list).into_iter().map(|(file, _)| file).collect::<Vec<_>>();
        assert_eq!(files("problems"), ["broken.yaml", "round.yaml"]);
        assert_eq!(files("notes"), ["away"]);
        assert_eq!(report["catalog"]["personas"], 1, "read once, though three paths lead to it");
        let doubled = report["findings"].as_array().expect("findings").iter();
        assert_eq!(doubled.filter(|finding| finding["rule"] == "duplicate-name").count(), 0);
    }

    #[test]
    fn names_of_files_that_no_terminal_should_see() {
        let folder = folder_with(&[
            ("new\nline.yaml", "kind: Persona\nname: One\ncolour: red\n"),
            ("esc\u{1b}[31m.yaml", "kind: Persona\nname: Two\ncolour: red\n"),
            ("rtl\u{202e}.yaml", "kind: Persona\nname: Three\ncolour: red\n"),
        ]);
        for (name, text) in [(&b"bad\xfe.yaml"[..], "kind: Team\nname: A\n"), (b"bad\xff.yaml", GOOD)] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), text).expect("a file");
        }
        let path = folder.path().to_str().expect("a path");
        for arguments in [
            &["check", path, "--color", "never"][..],
            &["check", path, "--format", "plain"],
            &["--plain", path],
            &["show", "One", "--in", path],
            &["list", "personas", "--in", path],
        ] {
            let (_, out, error) = run(arguments);
            assert!(!out.contains(['\u{1b}', '\u{202e}']), "{arguments:?}: {out}");
            assert_eq!(error, "", "{arguments:?}");
        }
        let (_, report) = check(folder.path());
        assert_eq!(report["catalog"]["personas"], 4);
        let plain = run(&["check", path, "--format", "plain"]).1;
        assert!(plain.lines().any(|line| line.starts_with("new line.yaml:3:")), "{plain}");
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = folder_with(&[("dir.yaml/in.yaml", GOOD)]);
        let pipe = folder.path().join("pipe.yaml");
        let made = Command::new("mkfifo").arg(&pipe).status();
        let (code, report) = check(folder.path());
        assert_eq!(report["catalog"]["personas"], 1, "a folder named like a file is walked");
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(code, 2);
            assert_eq!(messages(&report, "problems"), [("pipe.yaml".into(), "this is no file".into())]);
        }
    }

    #[test]
    fn what_may_not_be_read_is_said() {
        let folder = folder_with(&[("good.yaml", GOOD), ("closed.yaml", GOOD), ("shut/in.yaml", GOOD)]);
        for name in ["closed.yaml", "shut"] {
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o000)).expect("a mode");
        }
        let privileged = fs::read(folder.path().join("closed.yaml")).is_ok();
        let (code, report) = check(folder.path());
        // So that the folder can be cleared away.
        fs::set_permissions(folder.path().join("shut"), fs::Permissions::from_mode(0o700)).expect("a mode");
        // An administrator may read everything, and sees three cards of one name instead.
        if privileged {
            return;
        }
        assert_eq!(code, 2);
        let problems = messages(&report, "problems");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems.iter().all(|(_, message)| message.contains("Permission denied")), "{problems:?}");
        assert_eq!(report["catalog"]["personas"], 1);
    }
}

#[test]
fn nothing_that_is_there_is_overwritten_and_no_id_leaves_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let top = folder.path().join("team");
    let path = top.to_str().expect("a path");
    assert_eq!(run(&["init", path]).0, 0);
    for (id, name) in [("../../../etc/x", "Up"), ("/abs", "Root"), ("a\nb", "Line"), ("..", "Dots")] {
        let (code, out, error) = run(&["new", "persona", name, "--id", id, "--into", path]);
        assert_eq!(code, 0, "{id:?}: {error}");
        let made = Path::new(out.trim_end()).canonicalize().expect("it is there");
        assert!(made.starts_with(top.canonicalize().expect("a folder")), "{out}");
    }
    let around: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(around.len(), 1, "{around:?}");
    // A starter file that is there already: nothing is written at all.
    let other = folder_with(&[("skills.yaml", "mine")]);
    let (code, _, error) = run(&["init", other.path().to_str().expect("a path")]);
    assert_eq!(code, 2);
    assert!(error.contains("nothing was written"), "{error}");
    assert_eq!(fs::read_to_string(other.path().join("skills.yaml")).expect("text"), "mine");
    assert_eq!(fs::read_dir(other.path()).expect("a folder").count(), 1);
}
