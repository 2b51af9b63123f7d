//! `persona export` and `persona import` of tables as a user types them: csv, json, markdown and xlsx, folders that
//! hold other things, and mappings of columns.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_persona"))
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("it runs");
    (
        output.status.code().expect("a code"),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}

/// A folder with a copy of the example in `personas`.
fn example() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).expect("copied");
            }
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("personas"), &folder.path().join("personas"));
    folder
}

/// The findings of a catalog, without the files and lines that state them.
fn findings(folder: &Path, catalog: &str) -> Vec<String> {
    let (_, out, _) = run(folder, &["check", catalog, "--format", "json", "--at", "2026-11-23"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["problems"], json!([]));
    let all = report["findings"].as_array().expect("a list").iter();
    all.map(|own| format!("{} {} {} {}", own["rule"], own["subject"], own["object"], own["environment"]))
        .collect()
}

#[test]
fn every_format_comes_back_with_the_same_findings() {
    let folder = example();
    let expected = findings(folder.path(), "personas");
    assert!(expected.len() > 20);
    for (format, to) in
        [("csv", "tables"), ("json", "team.json"), ("markdown", "wiki"), ("xlsx", "team.xlsx")]
    {
        let (code, _, err) = run(folder.path(), &["export", format, "--out", to]);
        assert_eq!(code, 0, "{err}");
        assert!(err.contains("Not carried:\n") && err.contains("comments and the layout of YAML"), "{err}");
        let into = format!("from-{format}");
        let (code, out, err) =
            run(folder.path(), &["import", format, to, "--into", &into, "--apply", "--brief"]);
        assert!(code == 0 && err.is_empty() && !out.contains("Not understood"), "{out}{err}");
        assert_eq!(findings(folder.path(), &into), expected, "{format}");
        let (_, out, _) = run(folder.path(), &["import", format, to, "--brief"]);
        assert!(
            out.contains("say all of it already.") && out.ends_with("Nothing is to be written.\n"),
            "{out}"
        );
        assert!(!out.contains("New cards") && !out.contains("Changed cards"), "{out}");
    }
}

#[test]
fn the_json_is_what_its_schema_says() {
    let folder = example();
    let (code, out, _) = run(folder.path(), &["export", "json"]);
    assert_eq!(code, 0);
    let document: Value = serde_json::from_str(&out).expect("JSON");
    let schema = serde_json::from_str(include_str!("../assets/schema/export-1.json")).expect("a schema");
    let errors: Vec<String> = jsonschema::draft202012::new(&schema)
        .expect("a schema")
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let (_, schema, _) = run(folder.path(), &["schema"]);
    let card = jsonschema::draft202012::new(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    for own in document["cards"].as_array().expect("cards") {
        let mut fields = own["fields"].clone();
        fields["kind"] = own["kind"].clone();
        assert!(card.is_valid(&fields), "{fields}");
    }
    // The same catalog makes the same text.
    assert_eq!(run(folder.path(), &["export", "json"]).1, out);
}

#[test]
fn a_folder_of_others_is_left_alone() {
    let folder = example();
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).expect("a folder");
    fs::write(mine.join("access.csv"), "mine").expect("written");
    let (code, _, err) = run(folder.path(), &["export", "csv", "--out", "mine"]);
    assert!(code != 0 && err.contains("mine holds other things, such as access.csv"), "{err}");
    assert_eq!(fs::read_to_string(mine.join("access.csv")).expect("text"), "mine");
    let (code, _, err) = run(folder.path(), &["export", "csv", "--out", "mine", "--force"]);
    assert!(code == 0 && err.starts_with("mine: "), "{err}");
    let (code, _, err) = run(folder.path(), &["export", "csv", "--out", "mine"]);
    assert!(code == 0 && err.starts_with("mine: 0 files written, "), "{err}");
    let (code, _, err) = run(folder.path(), &["export", "csv"]);
    assert!(code != 0 && err.contains("say where: persona export csv --out DIR"), "{err}");
    let (code, _, err) = run(folder.path(), &["export", "csv", "P006", "--out", "x"]);
    assert!(code != 0 && err.contains("ENTITY means nothing to csv"), "{err}");
    let (code, _, err) = run(folder.path(), &["export", "json", "--force"]);
    assert!(code != 0 && err.contains("--force means nothing to json"), "{err}");
}

#[test]
fn a_mapping_is_guessed_saved_changed_and_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let rights = "Rights of the team\n\nWho?,System,Right,Env,Remark\nAnalyst (P1),Lake,RW,Development,since May\nAnalyst (P1),Vault,Reader,production,\n";
    fs::write(folder.path().join("rights.csv"), rights).expect("written");
    let (code, out, _) = run(
        folder.path(),
        &["import", "csv", "rights.csv", "--into", "cards", "--save-mapping", "map.yaml", "--brief"],
    );
    assert_eq!(code, 0);
    assert!(out.contains("The mapping of columns was written to map.yaml."), "{out}");
    for words in [
        "rights.csv:3: each row is taken for a grant",
        "the column \"Right\" is read as level",
        "the column \"Remark\" is no field of a grant that is known",
        "\"RW\" is no level of the catalog",
        "rights.csv:1: text above the titles: \"Rights of the team\"",
    ] {
        assert!(out.contains(words) || out.replace("\n    ", " ").contains(words), "{words}\n{out}");
    }
    let text = fs::read_to_string(folder.path().join("map.yaml")).expect("text");
    assert!(
        text.contains("rows: grant") && text.contains("Who?: persona") && text.contains("Remark:"),
        "{text}"
    );
    let text = format!("{}    values: {{RW: write}}\n", text.replace("Remark:", "Remark: reason #"));
    fs::write(folder.path().join("map.yaml"), &text).expect("written");
    let (code, out, err) = run(
        folder.path(),
        &["import", "csv", "rights.csv", "--into", "cards", "--mapping", "map.yaml", "--apply", "--brief"],
    );
    assert!(code == 0 && !out.contains("RW") && !out.contains("is no field"), "{text}{out}{err}");
    let (_, out, _) = run(folder.path(), &["show", "P1", "--in", "cards", "--format", "yaml"]);
    for words in ["name: Analyst", "level: write", "- dev", "reason: since May", "Vault"] {
        assert!(out.contains(words), "{words}: {out}");
    }
    fs::write(folder.path().join("map.yaml"), "kind: Mapping\nsheets: [{sheet: '*', rows: cars}]\n")
        .expect("written");
    let (_, out, _) =
        run(folder.path(), &["import", "csv", "rights.csv", "--mapping", "map.yaml", "--into", "other"]);
    assert!(
        out.replace("\n    ", " ").contains("the mapping says rows: cars, which are none that are known"),
        "{out}"
    );
    fs::write(folder.path().join("map.yaml"), "sheets: 1\n").expect("written");
    let (code, _, err) =
        run(folder.path(), &["import", "csv", "rights.csv", "--mapping", "map.yaml", "--into", "other"]);
    assert!(code != 0 && err.contains("map.yaml: a mapping begins with `kind: Mapping`"), "{err}");
}
