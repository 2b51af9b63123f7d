//! `persona whatif`, `plan` and `decide`, as a user types them, in a scratch copy of the example.
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

#[test]
fn a_supposition_says_what_comes_and_what_goes_and_writes_nothing() {
    let folder = scratch();
    let (code, text) = persona(folder.path(), &["whatif", "--remove-person", "App developer A"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Nobody who is there embodies GenAI Chat Developer (P007)"), "{text}");
    assert!(text.contains("score 71.7 (C) -> 69.9 (D)"), "{text}");
    assert!(persona(folder.path(), &["check", "--plain"]).1.contains("71.7"));
    let (code, text) = persona(folder.path(), &["whatif", "--format", "json", "--merge", "P001,P003"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, value["schema"].as_str()), (0, Some("persona-workbench/whatif/1")));
    let (code, text) = persona(folder.path(), &["whatif", "--disable", "P0012"]);
    assert!(code == 2 && text.contains("did you mean P0"), "{text}");
    let (code, text) = persona(folder.path(), &["whatif"]);
    assert!(code == 2 && text.contains("nothing is supposed"), "{text}");
}

#[test]
fn what_is_kept_is_what_was_shown() {
    let folder = scratch();
    let (code, text) = persona(folder.path(), &["whatif", "--merge", "P001,P003", "--apply"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Open gaps 40 -> 39"), "{text}");
    assert!(!folder.path().join("personas/cards/P003-bi-analyst.yaml").exists());
    let (_, list) = persona(folder.path(), &["check", "--plain"]);
    assert!(list.contains("39 gaps") || list.contains("72.4"), "{list}");
}

#[test]
fn the_trade_off_has_a_row_for_each_number() {
    let folder = scratch();
    let (code, text) = persona(folder.path(), &["whatif", "--counts", "3-15", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let points = value["points"].as_array().unwrap();
    assert_eq!((code, points.len()), (0, 13));
    let excess: Vec<u64> = points.iter().map(|point| point["excess"].as_u64().unwrap()).collect();
    assert!(excess.is_sorted_by(|left, right| left >= right), "{excess:?}");
    let (code, text) = persona(folder.path(), &["whatif", "--counts", "9-3"]);
    assert!(code == 2 && text.contains("the smaller first"), "{text}");
}

#[test]
fn a_plan_reaches_its_target_when_it_is_applied() {
    let folder = scratch();
    let (code, text) = persona(folder.path(), &["plan", "--target", "b", "--apply"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("reach grade B") && text.contains("proven"), "{text}");
    let (code, text) = persona(folder.path(), &["plan", "--target", "B"]);
    assert!(code == 0 && text.contains("has grade B already"), "{text}");
    let (code, text) = persona(folder.path(), &["plan", "--clear", "critical"]);
    assert!(code == 0 && text.contains("1 fix that cost"), "{text}");
    assert!(text.contains("; proven: no cheaper set"), "{text}");
}

#[test]
fn a_decision_takes_a_gap_out_of_the_score_until_its_day() {
    let folder = scratch();
    let gap = ["decide", "accept", "P006", "rule:unneeded-access"];
    let (code, text) = persona(folder.path(), &gap);
    assert!(code == 2 && text.contains("takes a last day"), "{text}");
    let (code, text) =
        persona(folder.path(), &[&gap[..], &["--until", "90d", "--reason", "until the move"]].concat());
    assert_eq!(code, 0, "{text}");
    let card = fs::read_to_string(folder.path().join("personas/decisions.yaml")).unwrap();
    assert!(card.contains("until: 2027-02-21") && card.contains("object: Azure Key Vault"), "{card}");
    let (_, text) = persona(folder.path(), &["check", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let decided =
        value["findings"].as_array().unwrap().iter().filter(|finding| !finding["decision"].is_null());
    assert_eq!(decided.count(), 1);
    let (code, text) = persona(folder.path(), &["decide", "fix", "severity:medium"]);
    assert!(code == 2 && text.contains("gaps match; narrow the words"), "{text}");
}
