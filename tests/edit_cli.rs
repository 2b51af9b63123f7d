//! The commands that edit cards, as a user types them, on a copy of the example.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

const P006: &str = "cards/P006-genai-data-scientist.yaml";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

struct Example {
    folder: tempfile::TempDir,
}

impl Example {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("personas"), &folder.path().join("personas"));
        Self { folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("personas").join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("a card")
    }

    fn all(&self) -> String {
        let mut files: Vec<PathBuf> = Vec::new();
        let mut folders = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files.iter().map(|path| fs::read_to_string(path).expect("text")).collect()
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::cargo_bin("persona")
            .expect("the program")
            .args(arguments)
            .args(["--at", "2026-11-23"])
            .env("PERSONA_STATE_DIR", self.folder.path().join("state"))
            .env("LC_ALL", "C.UTF-8")
            .current_dir(self.folder.path())
            .output()
            .expect("it runs");
        (
            output.status.code().expect("a code"),
            String::from_utf8(output.stdout).expect("UTF-8"),
            String::from_utf8(output.stderr).expect("UTF-8"),
        )
    }
}

#[test]
fn a_trial_shows_the_difference_and_writes_nothing() {
    let example = Example::new();
    let before = example.all();
    for arguments in [
        &["set", "P006", "team=Red", "--dry-run"][..],
        &["grant", "P006", "GitHub", "--level", "read", "--environment", "dev", "-n"],
        &["revoke", "P006", "Azure Storage", "-n"],
        &["narrow", "Azure Storage", "--level", "read", "-n"],
        &["rename", "Azure Storage", "Azure Blob Storage", "-n"],
        &["set", "P010", "P011", "component_access[*].mode=eligible", "-n"],
        &["remove", "P006", "--references", "remove", "-n"],
        &["duplicate", "P006", "Second", "--id", "P099", "-n"],
    ] {
        let (code, out, error) = example.run(arguments);
        assert_eq!((code, error.as_str()), (0, ""), "{arguments:?}");
        assert!(out.contains("--- ") && out.contains("Open gaps "), "{out}");
        assert!(out.ends_with("Nothing was written.\n"), "{out}");
    }
    assert_eq!(example.all(), before);
}

#[test]
fn only_the_line_of_the_value_changes() {
    let example = Example::new();
    let before = example.read(P006);
    let (code, out, _) = example.run(&["set", "P006", "team=Red"]);
    assert_eq!(code, 0, "{out}");
    assert_eq!(example.read(P006), before.replace("team: AI Team", "team: Red"));
    assert!(out.contains(&format!("Wrote {P006}.")), "{out}");
    let (_, out, _) = example.run(&["set", "P006", "team=Red"]);
    assert_eq!(out, "It is so already; nothing was written.\n");
}

#[test]
fn revoked_access_that_is_needed_opens_a_gap_and_says_so() {
    let example = Example::new();
    let (code, out, _) = example.run(&["revoke", "P006", "Azure AI Foundry"]);
    assert_eq!(code, 0);
    assert!(out.contains("+ opens missing-access"), "{out}");
    assert!(!example.read(P006).contains("component: Azure AI Foundry"));
}

#[test]
fn a_rename_leaves_no_place_behind_and_opens_no_gap() {
    let example = Example::new();
    let (code, out, error) = example.run(&["rename", "P006", "P106"]);
    assert_eq!(code, 0, "{error}");
    assert!(!out.contains("+ opens"), "{out}");
    let (code, out, _) = example.run(&["rename", "Azure Key Vault", "Key Safe"]);
    assert_eq!(code, 0);
    assert!(!out.contains("+ opens"), "{out}");
    assert!(!example.all().contains("component: Azure Key Vault"));
    let (_, out, _) = example.run(&["show", "P106"]);
    assert!(out.contains("Key Safe"), "{out}");
}

#[test]
fn what_cannot_be_done_is_said_and_nothing_is_written() {
    let example = Example::new();
    let before = example.all();
    for (arguments, says) in [
        (&["set", "P006"][..], "what to set"),
        (&["set", "P0066", "team=x"], "did you mean"),
        (&["set", "P006", "skills-=Cobol"], "is not in skills"),
        (&["grant", "P006", "GitHub", "--level", "raed"], "did you mean read?"),
        (&["narrow", "GitHub"], "to which level"),
        (&["narrow", "GitHub", "P0066", "--level", "read"], "did you mean"),
        (&["revoke", "P006", "GitHubb"], "no component"),
        (&["rename", "GitHub", "G1", "--id"], "has no id"),
        (&["rename", "P006", "P001"], "already"),
        (&["remove", "P006"], "--references remove"),
        (&["duplicate", "P006", "Second"], "--id"),
    ] {
        let (code, out, error) = example.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(error.starts_with("persona: ") && error.contains(says), "{arguments:?}: {error}");
    }
    assert_eq!(example.all(), before);
}

#[test]
fn a_grant_has_all_fields_that_a_card_has() {
    let example = Example::new();
    let (code, out, error) = example.run(&[
        "grant",
        "P006",
        "Azure Container Registry",
        "--role",
        "AcrPush",
        "--level",
        "read",
        "--environment",
        "stage",
        "--mode",
        "eligible",
        "--max-duration",
        "8h",
        "--starts",
        "2027-01-01",
        "--expires",
        "2027-02-01",
        "--reason",
        "for the move",
    ]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    let card = example.read(P006);
    for line in
        ["role: AcrPush", "level: read", "max_duration: 8h", "starts: 2027-01-01", "reason: for the move"]
    {
        assert!(card.contains(line), "{card}");
    }
    assert!(!out.contains("note: "), "{out}");
    let (code, _, _) = example.run(&["fmt", "--check"]);
    assert_eq!(code, 0, "what is added is laid out as all is");
}

#[test]
fn everybody_is_narrowed_on_a_component() {
    let example = Example::new();
    let (code, out, error) =
        example.run(&["narrow", "Azure Storage", "--level", "read", "--environment", "dev"]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    let (_, out, _) = example.run(&["who", "Azure Storage", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let personas = report["personas"].as_array().expect("personas");
    let grants: Vec<&serde_json::Value> =
        personas.iter().flat_map(|own| own["grants"].as_array().expect("grants")).collect();
    assert!(!grants.is_empty());
    assert!(grants.iter().all(|grant| grant["phrase"].to_string().contains("read in dev")), "{grants:?}");
    let (_, again, _) = example.run(&["narrow", "Azure Storage", "--level", "read", "--environment", "dev"]);
    assert_eq!(again, "It is so already; nothing was written.\n");
}

#[test]
fn an_id_is_renamed_by_any_word_of_its_card() {
    let example = Example::new();
    let before = example.all();
    let (code, out, error) = example.run(&["rename", "GenAI Data Scientist", "P106", "--id"]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert!(!out.contains("opens") && !out.contains("closes"), "{out}");
    assert!(example.all().contains("name: GenAI Data Scientist\n"));
    let (code, out, _) = example.run(&["rename", "P106", "Language Model Engineer", "--name"]);
    assert!(code == 0 && !out.contains("opens"), "{out}");
    let (code, _, _) = example.run(&["rename", "P106", "GenAI Data Scientist", "--name"]);
    assert_eq!(code, 0);
    let (code, _, _) = example.run(&["rename", "P106", "P006"]);
    assert_eq!(code, 0);
    assert_eq!(example.all(), before, "and back again, byte by byte");
}
