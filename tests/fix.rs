//! `persona fix`, as a user types it, in a scratch copy of the example.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn persona(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::cargo_bin("persona")
        .unwrap()
        .args(["--at", "2026-11-23"])
        .args(arguments)
        .current_dir(folder)
        .env("PERSONA_STATE_DIR", folder.join(".state"))
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), text)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn scratch() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("personas"), &folder.path().join("personas"));
    folder
}

const P006: &str = "personas/cards/P006-genai-data-scientist.yaml";

#[test]
fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let folder = scratch();
    let before = fs::read_to_string(folder.path().join(P006)).unwrap();
    let (code, text) =
        persona(folder.path(), &["fix", "-n", "--unsafe", "P006", "rule:unneeded-environment"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Take prod out of the access to Azure OpenAI Service"), "{text}");
    assert!(text.contains("-      - prod") && text.contains("Nothing was written."), "{text}");
    assert_eq!(fs::read_to_string(folder.path().join(P006)).unwrap(), before);
}

#[test]
fn a_fix_changes_its_lines_and_no_other_and_is_then_done() {
    let folder = scratch();
    let before = fs::read_to_string(folder.path().join(P006)).unwrap();
    let (code, text) = persona(folder.path(), &["fix", "--unsafe", "P006", "rule:unneeded-environment"]);
    assert_eq!(code, 0, "{text}");
    let after = fs::read_to_string(folder.path().join(P006)).unwrap();
    let gone: Vec<_> = before.lines().count().checked_sub(after.lines().count()).into_iter().collect();
    assert_eq!(gone, [1], "{text}");
    let mut lines = before.lines();
    assert!(after.lines().all(|line| lines.any(|old| old == line)), "every line that is left was there");
    let (code, text) = persona(folder.path(), &["fix", "--unsafe", "P006", "rule:unneeded-environment"]);
    assert_eq!((code, text.as_str()), (0, "No open gap matches.\n"));
}

#[test]
fn nothing_that_changes_access_is_done_unasked() {
    let folder = scratch();
    let (code, text) = persona(folder.path(), &["fix", "severity:medium"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("no fix that is safe to apply unasked"), "{text}");
    let (code, text) = persona(folder.path(), &["fix", "rule:undeclared"]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn all_that_has_a_fix_can_be_closed() {
    let folder = scratch();
    let (_, text) = persona(folder.path(), &["fix", "--unsafe"]);
    assert!(text.contains("score 71.7 (C) -> "), "{text}");
    let (code, text) = persona(folder.path(), &["check", "--plain", "--fail-on", "medium"]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn the_list_says_what_each_way_out_comes_to() {
    let folder = scratch();
    let (code, text) = persona(folder.path(), &["fix", "--list", "P001", "rule:excess-level"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("1. Narrow Azure SQL Database to read"), "{text}");
    assert!(text.contains("2. Split Azure SQL Database by environment: read in prod"), "{text}");
    assert!(text.contains("closes 1 gap; score 71.7 (C) -> "), "{text}");
    let (code, text) = persona(folder.path(), &["fix", "--format", "json", "P001", "rule:excess-level"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, value["schema"].as_str()), (0, Some("persona-workbench/fixes/1")));
    let fix = &value["findings"][0]["fixes"][0];
    assert_eq!(fix["way"], "narrow");
    assert!(fix["edits"][0]["diff"].as_str().unwrap().contains("-    level: write"));
    let picked = persona(folder.path(), &["fix", "--unsafe", "--pick", "2", "P001", "rule:excess-level"]);
    assert!(picked.1.contains("Split Azure SQL Database"), "{}", picked.1);
}

#[test]
fn a_word_that_means_nothing_is_said() {
    let folder = scratch();
    let (code, text) = persona(folder.path(), &["fix", "rule:exces-level"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("excess-level"), "{text}");
}
