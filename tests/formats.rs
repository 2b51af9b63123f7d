//! The formats of `persona check`: golden files, and what each format's readers rely on.
#![allow(clippy::disallowed_methods)]

#[path = "formats/junit.rs"]
mod junit;
#[path = "formats/sarif.rs"]
mod sarif;
#[path = "formats/words.rs"]
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const DAY: &str = "2026-11-23";
const FORMATS: [&str; 9] =
    ["github", "gitlab", "json", "json-lines", "junit", "markdown", "plain", "sarif", "terminal"];

/// A repository's top with the example in `personas` and a hostile catalog in `team/odd`.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("personas"), &folder.path().join("personas"));
    for (path, text) in HOSTILE {
        write(folder.path(), &format!("team/odd/{path}"), text);
    }
    write(folder.path(), "empty/catalog.yaml", "kind: Catalog\npersona_count: {min: 0}\n");
    folder
}

/// Names that mean something to a terminal, to Markdown, to XML, to workflow commands or to addresses;
/// problems of every level; and findings that were decided on, both ways.
const HOSTILE: &[(&str, &str)] = &[
    (
        "catalog.yaml",
        "kind: Catalog\nname: \"Odd | `team` <b>\"\nrules:\n  undescribed-process: off\n  no-such-rule: low\n",
    ),
    (
        "100% a#b, 'c' é/card.yaml",
        "kind: Persona
id: \"../P|1\"
name: \"a\\e[31m|b`c <script>&amp; ]]> @team #12 ::error::x%0A\\n\\r::warning::y \\u202e\\uFFFE\"
type: agent
primary_interaction: \"[click](https://example.org) www.example.org ![x](y)\"
component_access:
  - component: \"Key | Vault\"
    level: admin
    environments: [prod]
  - component: Store # persona: ignore[standing-agent-access] agreed | <in> review
    level: write
    environments: [dev]
skills:
  - \"*Bold* _skill_\" # persona: ignore[missing-skill] hits nothing
colour: red
",
    ),
    (
        "decisions.yaml",
        "kind: Decision
finding: {rule: unaccountable-agent, subject: \"../P|1\"}
action: accept
reason: \"agreed | <in> review\\n::error::\"
by: Lead
decided: 2026-11-01
until: 2027-03-31
---
kind: Decision
finding: {rule: no-override, subject: P404}
action: defer
until: 2027-03-31
",
    ),
    ("broken.yaml", "kind: Persona\nname: [1\n"),
    ("other.yaml", "kind: Deployment\n"),
];

fn write(top: &Path, path: &str, text: &str) {
    let path = top.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, text).expect("a file");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target)
        } else {
            fs::copy(&path, &target).map(|_| ()).expect("a copy")
        }
    }
}

fn check(top: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("persona").expect("the program");
    command.env_remove("NO_COLOR").env("LC_ALL", "C.UTF-8").current_dir(top);
    let output = command.arg("check").args(arguments).args(["--at", DAY]).output().expect("it runs");
    (
        output.status.code().expect("a code"),
        String::from_utf8(output.stdout).expect("UTF-8"),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}

fn formatted(top: &Path, catalog: &str, format: &str) -> String {
    check(top, &[catalog, "--format", format]).1
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("{name} of {value:#}"))
}

#[test]
fn golden_files() {
    let top = repository();
    for format in FORMATS {
        for (catalog, name) in [("personas", "example"), ("team/odd", "hostile")] {
            let text = formatted(top.path(), catalog, format);
            let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "goldens" }, {
                insta::assert_snapshot!(format!("{format}-{name}"), text);
            });
        }
    }
}

#[test]
fn the_list_here_is_that_of_the_program() {
    let top = repository();
    let (code, _, error) = check(top.path(), &["--format", "nonsense"]);
    assert_eq!(code, 64);
    for format in FORMATS {
        assert!(error.contains(format), "{format} is not in {error}");
    }
    let listed = error.lines().find(|line| line.contains("possible values")).expect("a list");
    assert_eq!(listed.matches(", ").count() + 1, FORMATS.len(), "{error}");
}

#[test]
fn no_format_writes_control_characters_and_all_exit_alike() {
    let top = repository();
    for format in FORMATS {
        for (catalog, code) in [("personas", 1), ("team/odd", 2), ("empty", 0)] {
            let (found, out, _) = check(top.path(), &[catalog, "--format", format, "--color", "never"]);
            assert_eq!(found, code, "{format} of {catalog}");
            assert!(!out.is_empty() && out.ends_with('\n'), "{format} of {catalog}");
            let wild = out.chars().find(|character| {
                (character.is_control() && *character != '\n') || matches!(character, '\u{202a}'..='\u{202e}')
            });
            // What stands in JSON is escaped by its readers, and must stay what the card says.
            let raw = matches!(format, "json" | "json-lines" | "sarif");
            assert!(wild.is_none() || (raw && wild == Some('\u{202e}')), "{format} of {catalog}: {wild:?}");
        }
    }
}

#[test]
fn what_was_decided_on_is_there_and_marked() {
    let top = repository();
    for format in FORMATS {
        let text = formatted(top.path(), "team/odd", format);
        let reason = match format {
            "markdown" => "agreed \\| &lt;in&gt; review",
            "junit" => "agreed | &lt;in&gt; review",
            _ => "agreed | <in> review",
        };
        // One by a card, one by a comment; the example of the terminal shows the comment's line as well.
        assert!(text.matches(reason).count() >= 2, "{format}: {text}");
    }
}

#[test]
fn colours_are_for_the_terminal_alone() {
    let top = repository();
    for format in FORMATS {
        let (_, out, _) = check(top.path(), &["personas", "--format", format, "--color", "always"]);
        assert_eq!(out.contains('\u{1b}'), format == "terminal", "{format}");
        let (_, ascii, _) = check(top.path(), &["personas", "--format", format, "--ascii"]);
        assert!(ascii.is_ascii(), "{format}: {:?}", ascii.chars().find(|character| !character.is_ascii()));
    }
}

#[test]
fn a_file_takes_what_the_terminal_would_show() {
    let top = repository();
    for format in FORMATS {
        let (code, shown, _) = check(top.path(), &["personas", "--format", format]);
        let (same, out, _) = check(top.path(), &["personas", "--format", format, "--output", "out.txt"]);
        assert_eq!((code, out.as_str()), (same, ""));
        assert_eq!(fs::read_to_string(top.path().join("out.txt")).expect("a file"), shown, "{format}");
    }
    let (code, _, error) = check(top.path(), &["personas", "--output", "no/such/folder/x"]);
    assert_eq!(code, 2);
    assert!(error.contains("no/such/folder/x could not be written"), "{error}");
}

#[test]
fn every_line_of_a_workflow_is_a_command_or_the_summary() {
    let top = repository();
    for catalog in ["personas", "team/odd", "empty"] {
        let report = json(&formatted(top.path(), catalog, "json"));
        let expected: usize =
            ["problems", "findings", "notes"].iter().map(|name| list(&report, name).len()).sum();
        let text = formatted(top.path(), catalog, "github");
        let commands: Vec<&str> = text.lines().take_while(|line| line.starts_with("::")).collect();
        assert_eq!(commands.len(), expected, "{text}");
        for command in &commands {
            let (head, _) = command[2..].split_once("::").expect("an end of its properties");
            let (name, properties) = head.split_once(' ').expect("properties");
            assert!(["error", "warning", "notice"].contains(&name), "{command}");
            for property in properties.split(',') {
                let (name, value) =
                    property.split_once('=').unwrap_or_else(|| panic!("{property} of {command}"));
                assert!(["file", "line", "col", "endColumn", "title"].contains(&name), "{command}");
                assert!(!value.contains(':'), "{command}");
                if name == "file" {
                    assert!(
                        top.path().join(value.replace("%25", "%").replace("%2C", ",")).is_file(),
                        "{value}"
                    );
                }
            }
        }
        let rest: Vec<&str> = text.lines().skip(commands.len()).collect();
        assert!(!rest.is_empty() && rest.iter().all(|line| !line.contains("::")), "{rest:?}");
    }
}

#[test]
fn issues_of_code_quality_have_what_the_reader_needs() {
    let top = repository();
    for catalog in ["personas", "team/odd", "empty"] {
        let issues = json(&formatted(top.path(), catalog, "gitlab"));
        let issues = issues.as_array().expect("a list");
        let mut seen = BTreeSet::new();
        for issue in issues {
            assert!(seen.insert(issue["fingerprint"].as_str().expect("a fingerprint")), "{issue}");
            assert!(issue["description"].as_str().is_some_and(|text| !text.is_empty()));
            assert!(issue["check_name"].is_string());
            let severity = issue["severity"].as_str().expect("a severity");
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
            let path = issue["location"]["path"].as_str().expect("a path");
            assert!(top.path().join(path).is_file(), "{path}");
            assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0));
        }
    }
}

#[test]
fn lines_are_what_the_document_holds() {
    let schema = json(include_str!("../assets/schema/findings-1.json"));
    let mut line_schema = serde_json::json!({"$ref": "#/$defs/line"});
    line_schema["$defs"] = schema["$defs"].clone();
    let validator = jsonschema::validator_for(&line_schema).expect("a valid schema");
    assert!(!validator.is_valid(&serde_json::json!({"finding": {}})), "it would accept anything");
    let top = repository();
    for catalog in ["personas", "team/odd", "empty"] {
        let report = json(&formatted(top.path(), catalog, "json"));
        let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for (place, line) in formatted(top.path(), catalog, "json-lines").lines().enumerate() {
            let line = json(line);
            let errors: Vec<String> = validator.iter_errors(&line).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{line}: {errors:?}");
            assert_eq!(place == 0, line.get("check").is_some());
            for name in ["problem", "finding", "note"] {
                lists.entry(name).or_default().extend(line.get(name).cloned());
            }
            if let Some(check) = line.get("check") {
                assert_eq!((&check["score"], &check["catalog"]), (&report["score"], &report["catalog"]));
            }
        }
        for (name, items) in lists {
            assert_eq!(&items, list(&report, &format!("{name}s")), "{name} of {catalog}");
        }
    }
}

#[test]
fn tables_of_markdown_keep_their_columns() {
    let top = repository();
    for catalog in ["personas", "team/odd", "empty"] {
        let text = formatted(top.path(), catalog, "markdown");
        let mut columns = None;
        for line in text.lines() {
            if !line.starts_with('|') {
                columns = None;
                continue;
            }
            let cells = line.replace("\\|", "").matches('|').count() - 1;
            assert_eq!(*columns.get_or_insert(cells), cells, "{line}");
        }
        let mut bare = text.clone();
        for tag in
            ["<br>", "<!-- -->", "<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>"]
        {
            bare = bare.replace(tag, "");
        }
        assert!(!bare.contains('<'), "{bare}");
        assert!(!text.contains("@team") && !text.contains("#12"), "{text}");
        assert!(text.starts_with("### "), "{text}");
    }
}

#[test]
fn a_long_report_fits_into_a_comment() {
    let folder = tempfile::tempdir().expect("a folder");
    let personas: String = (0..900)
        .map(|number| format!("  - {{name: Agent {number}, type: agent, team: {}}}\n", "x".repeat(60)))
        .collect();
    write(folder.path(), "a/personas.yaml", &format!("kind: PersonaList\nitems:\n{personas}"));
    let text = formatted(folder.path(), "a", "markdown");
    assert!((50_000..65_536).contains(&text.len()), "{}", text.len());
    assert!(text.contains("more are left out") && text.ends_with("</sub>\n"));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
}

#[test]
fn every_format_says_the_ways_out_where_they_are_asked_for() {
    let top = repository();
    let words = ["personas", "P006", "rule:unneeded-access"];
    for format in FORMATS {
        let plain = check(top.path(), &[&words[..], &["--format", format]].concat()).1;
        let fixes = check(top.path(), &[&words[..], &["--format", format, "--fixes"]].concat()).1;
        let title = "Remove the access to Azure Key Vault";
        assert!(!plain.contains(title) && fixes.contains(title), "{format}: {fixes}");
    }
    let schema = json(include_str!("../assets/schema/findings-1.json"));
    let report = json(&check(top.path(), &[&words[..], &["--format", "json", "--fixes"]].concat()).1);
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(!list(&list(&report, "findings")[0], "fixes").is_empty());
}
