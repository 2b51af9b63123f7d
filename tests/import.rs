//! `persona import` as a user types it: shown first, written when asked to, nothing overwritten unasked.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("persona").expect("the program");
    command.env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").current_dir(folder);
    let output = command.args(arguments).output().expect("it runs");
    (
        output.status.code().expect("a code"),
        String::from_utf8(output.stdout).expect("UTF-8"),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}

const TEAM: &str = "# Team\n\n## Analyst (P1)\n\n- **Team:** BI\n- **Component access:** Lake (read), Notebook\n- **Skills:** SQL\n\n## Router Agent (P2)\n\n- **Area or Team**: Eng\n- Mood: good\n";

#[test]
fn a_new_catalog_from_markdown_and_the_same_again() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("team.md"), TEAM).expect("a file");
    let (code, out, _) = run(folder.path(), &["import", "auto", "team.md", "--into", "cards"]);
    assert_eq!(code, 0);
    assert!(out.contains("team.md: read as markdown") && out.contains("New cards (2)"), "{out}");
    assert!(
        out.contains("team.md:12: \"Mood: good\"") && out.contains("Nothing was written; --apply"),
        "{out}"
    );
    assert!(!folder.path().join("cards").exists());
    let (code, out, _) = run(folder.path(), &["import", "markdown", "team.md", "--into", "cards", "--apply"]);
    assert!(code == 0 && out.contains("Wrote 3 files."), "{out}");
    let (_, out, _) = run(folder.path(), &["check", "cards", "--format", "json", "--at", "2026-11-23"]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["catalog"]["personas"], 2);
    assert_eq!(report["problems"], serde_json::json!([]));
    let (_, out, _) = run(folder.path(), &["import", "markdown", "team.md", "--into", "cards", "--apply"]);
    assert!(
        out.contains("2 cards say all of it already.") && out.contains("Nothing is to be written."),
        "{out}"
    );
}

#[test]
fn what_a_card_says_stays_until_overwriting_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("team.md"), TEAM).expect("a file");
    fs::create_dir(folder.path().join("personas")).expect("a folder");
    let card = folder.path().join("personas/a.yaml");
    let before = "# mine\nkind: Persona\nid: P1\nname: Analyst\nteam: Red   # ours\n";
    fs::write(&card, before).expect("a card");
    let (_, out, _) = run(folder.path(), &["import", "markdown", "team.md", "--apply"]);
    assert!(out.contains("! team: the card says Red; the input says BI (kept)"), "{out}");
    let text = fs::read_to_string(&card).expect("a card");
    assert!(text.starts_with("# mine\nkind: Persona\nid: P1\nname: Analyst\nteam: Red   # ours\n"), "{text}");
    assert!(text.contains("- component: Lake\n    level: read\n"), "{text}");
    run(folder.path(), &["import", "markdown", "team.md", "--overwrite=team", "--apply"]);
    assert!(fs::read_to_string(&card).expect("a card").contains("team: BI   # ours\n"));
}

#[test]
fn bad_input_gets_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("personas")).expect("a folder");
    for (name, bytes) in [
        ("a.md", &b"## X\n- Team: \xff\n"[..]),
        ("b.json", b"{\"mcpServers\": {"),
        ("c.md", b"\0\0"),
        ("d.bin", b""),
    ] {
        fs::write(folder.path().join(name), bytes).expect("a file");
        let (code, out, err) = run(folder.path(), &["import", "auto", name]);
        assert!(code == 0 && out.contains("Not understood (1)") && err.is_empty(), "{name}: {out}{err}");
    }
    fs::File::create(folder.path().join("big.md")).and_then(|file| file.set_len(100 << 20)).expect("a file");
    let (_, out, _) = run(folder.path(), &["import", "markdown", "big.md"]);
    assert!(out.contains("are not read; split it"), "{out}");
    fs::write(folder.path().join("e.md"), "## \u{1b}[31mX\n- Team: \u{1b}]0;y\u{7}\n").expect("a file");
    let (_, out, _) = run(folder.path(), &["import", "markdown", "e.md"]);
    assert!(!out.contains('\u{1b}') && out.contains("New cards (1)"), "{out}");
    let (code, _, err) = run(folder.path(), &["import", "markdwon", "a.md"]);
    assert!(code == 2 && err.contains("did you mean markdown?"), "{err}");
}

#[test]
fn secrets_of_servers_reach_no_card() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = r#"{"mcpServers": {"files": {"command": "npx", "args": ["s3cret"], "env": {"K": "s3cret"}, "tools": ["read"]}}}"#;
    fs::write(folder.path().join("mcp.json"), text).expect("a file");
    let (code, out, _) = run(folder.path(), &["import", "auto", "mcp.json", "--into", "new", "--apply"]);
    assert!(code == 0 && !out.contains("s3cret"), "{out}");
    let card = fs::read_to_string(folder.path().join("new/components.yaml")).expect("a card");
    assert!(
        card.contains("platform: mcp") && card.contains("read: null") && !card.contains("s3cret"),
        "{card}"
    );
}
