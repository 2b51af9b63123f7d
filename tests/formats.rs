//! The formats of `persona check`: golden files, and what each format's readers rely on.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use quick_xml::events::Event;
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

fn sarif_schema() -> Value {
    let mut schema = json(include_str!("schemas/sarif-2.1.0.json"));
    // A bracket in it has no other half: the validator refuses the pattern, and we state no language.
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"]["pattern"] = Value::String("^..".to_owned());
    }
    schema
}

#[test]
fn sarif_is_valid_and_leads_to_files() {
    let schema = sarif_schema();
    let validator =
        jsonschema::options().should_validate_formats(true).build(&schema).expect("a valid schema");
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0"})), "it would accept anything");
    let top = repository();
    for catalog in ["personas", "team/odd", "empty"] {
        let report = json(&formatted(top.path(), catalog, "sarif"));
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{catalog}: {errors:#?}");
        let run = &report["runs"][0];
        let rules: Vec<&Value> = list(&run["tool"]["driver"], "rules").iter().collect();
        let mut fingerprints = BTreeSet::new();
        for result in list(run, "results") {
            let place = usize::try_from(result["ruleIndex"].as_u64().expect("a place")).expect("small");
            assert_eq!(rules[place]["id"], result["ruleId"]);
            assert!(
                rules[place]["help"]["markdown"]
                    .as_str()
                    .is_some_and(|help| help.contains("## How to fix it"))
            );
            let print = result["fingerprints"]["personaFindingKey/v1"].as_str().expect("a fingerprint");
            assert!(fingerprints.insert(print.to_owned()), "{print} stands twice");
        }
        let mut places = Vec::new();
        places_of(run, &mut places);
        assert_eq!(places.is_empty(), catalog == "empty");
        for place in places {
            let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
            let path = decoded(uri);
            let text =
                fs::read_to_string(top.path().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            let line =
                usize::try_from(place["region"]["startLine"].as_u64().expect("a line")).expect("small");
            // What ends too early is wrong where it ends: on the line after the last.
            let line =
                text.lines().chain([""]).nth(line - 1).unwrap_or_else(|| panic!("{path} has no line {line}"));
            let column = place["region"]["endColumn"].as_u64().or(place["region"]["startColumn"].as_u64());
            let column = usize::try_from(column.expect("a column")).expect("small");
            assert!(column <= line.chars().count() + 1, "{path}: {line} has no column {column}");
        }
    }
}

fn places_of<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("physicalLocation"));
            fields.values().for_each(|value| places_of(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| places_of(value, found)),
        _ => {}
    }
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
            let digits = std::str::from_utf8(&digits).expect("ASCII").to_owned();
            bytes.push(u8::from_str_radix(&digits, 16).expect("hexadecimal"));
        } else {
            assert!(byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte), "{uri}");
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn sarif_says_what_was_decided_and_what_could_not_be_read() {
    let top = repository();
    let report = json(&formatted(top.path(), "team/odd", "sarif"));
    let run = &report["runs"][0];
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for result in list(run, "results") {
        let kind =
            list(result, "suppressions").first().map_or("open", |one| one["kind"].as_str().expect("a kind"));
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    assert_eq!((kinds["external"], kinds["inSource"]), (1, 1), "{kinds:?}");
    assert!(kinds["open"] > 3);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let levels: Vec<&str> = list(&run["invocations"][0], "toolExecutionNotifications")
        .iter()
        .map(|one| one["level"].as_str().expect("a level"))
        .collect();
    for level in ["error", "warning", "note"] {
        assert!(levels.contains(&level), "{levels:?}");
    }
}

#[test]
fn fingerprints_stay_when_lines_and_files_move() {
    let top = repository();
    let prints = |format: &str| -> BTreeSet<String> {
        let report = json(&formatted(top.path(), "team/odd", format));
        match format {
            "sarif" => list(&report["runs"][0], "results")
                .iter()
                .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].to_string())
                .collect(),
            _ => {
                report.as_array().expect("a list").iter().map(|one| one["fingerprint"].to_string()).collect()
            }
        }
    };
    let before = [prints("sarif"), prints("gitlab")];
    assert!(before[0].len() > 5);
    let decisions = top.path().join("team/odd/decisions.yaml");
    let moved = format!("# moved\n\n{}", fs::read_to_string(&decisions).expect("a file"));
    fs::write(top.path().join("team/odd/reviews.yaml"), moved).expect("a file");
    fs::remove_file(decisions).expect("gone");
    let card = top.path().join("team/odd").join(HOSTILE[1].0);
    let text = fs::read_to_string(&card).expect("a file");
    fs::write(&card, format!("# a remark\n{text}")).expect("a file");
    assert_eq!([prints("sarif"), prints("gitlab")], before);
}

#[test]
fn junit_is_well_formed_and_counts_what_it_holds() {
    let top = repository();
    for (catalog, fail_on) in [
        ("personas", "high"),
        ("personas", "never"),
        ("personas", "info"),
        ("team/odd", "high"),
        ("empty", "high"),
    ] {
        let (code, text, _) = check(top.path(), &[catalog, "--format", "junit", "--fail-on", fail_on]);
        let counts = junit(&text);
        assert_eq!(counts["failure"] > 0, code == 1 || catalog == "team/odd", "{catalog} {fail_on}");
        assert_eq!(counts["error"] > 0, code == 2);
        assert!(counts["testcase"] >= 51);
    }
}

type Counts = BTreeMap<String, usize>;

/// Reads a report as strictly as the common schema of it; returns how many of each element it holds.
fn junit(text: &str) -> Counts {
    let allowed: BTreeMap<&str, (&[&str], &[&str])> = BTreeMap::from([
        ("testsuites", (&["testsuite"][..], &["name", "tests", "failures", "errors", "skipped"][..])),
        ("testsuite", (&["properties", "testcase"], &["name", "tests", "failures", "errors", "skipped"])),
        ("properties", (&["property"], &[])),
        ("property", (&[], &["name", "value"])),
        (
            "testcase",
            (&["failure", "error", "skipped", "system-out"], &["classname", "name", "file", "line"]),
        ),
        ("failure", (&[], &["type", "message"])),
        ("error", (&[], &["type", "message"])),
        ("skipped", (&[], &["message"])),
        ("system-out", (&[], &[])),
    ]);
    let mut counts: Counts = allowed.keys().map(|name| ((*name).to_owned(), 0)).collect();
    // Per open suite, and for all: what it says of itself, and what was met.
    let mut open: Vec<(String, Counts, Counts)> = Vec::new();
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut path: Vec<String> = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error} in {text}"));
        match event {
            Event::Eof => break,
            Event::Decl(_) => assert!(path.is_empty()),
            Event::Start(ref element) | Event::Empty(ref element) => {
                let name = element.name().as_ref().to_owned();
                let (_, attributes) = allowed.get(name.as_str()).unwrap_or_else(|| panic!("<{name}>"));
                match path.last() {
                    Some(parent) => {
                        assert!(allowed[parent.as_str()].0.contains(&name.as_str()), "<{name}> in <{parent}>")
                    }
                    None => assert_eq!(name, "testsuites"),
                }
                let mut said = BTreeMap::new();
                for attribute in element.attributes() {
                    let attribute = attribute.expect("an attribute");
                    let key = attribute.key.as_ref().to_owned();
                    assert!(attributes.contains(&key.as_str()), "{key} of <{name}>");
                    let value = attribute
                        .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                        .expect("escaped")
                        .into_owned();
                    legal(&value);
                    if let Ok(count) = value.parse() {
                        said.insert(key, count);
                    }
                }
                *counts.entry(name.clone()).or_default() += 1;
                for (_, _, met) in &mut open {
                    *met.entry(name.clone()).or_default() += 1;
                }
                if matches!(event, Event::Start(_)) {
                    if name.starts_with("testsuite") {
                        open.push((name.clone(), said, BTreeMap::new()));
                    }
                    path.push(name);
                }
            }
            Event::End(_) => {
                let name = path.pop().expect("something is open");
                if open.last().is_some_and(|(suite, ..)| *suite == name) {
                    let (_, said, met) = open.pop().expect("a suite");
                    for (attribute, element) in [
                        ("tests", "testcase"),
                        ("failures", "failure"),
                        ("errors", "error"),
                        ("skipped", "skipped"),
                    ] {
                        assert_eq!(
                            said.get(attribute).copied(),
                            Some(met.get(element).copied().unwrap_or(0)),
                            "{attribute}"
                        );
                    }
                }
            }
            Event::Text(text) => {
                let text = text.to_string();
                legal(&text);
                let inside = path.last().map(String::as_str);
                assert!(
                    text.trim().is_empty() || matches!(inside, Some("failure" | "error" | "system-out")),
                    "{text}"
                );
            }
            Event::GeneralRef(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(path.is_empty());
    counts
}

/// The characters that XML 1.0 can hold.
fn legal(text: &str) {
    let wrong = text.chars().find(|character| {
        !matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
    });
    assert_eq!(wrong, None, "{text}");
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

#[test]
fn fixes_of_sarif_close_their_findings() {
    let top = repository();
    let arguments = ["personas", "--format", "sarif", "category:access", "--fixes"];
    let report = json(&check(top.path(), &arguments).1);
    let schema = sarif_schema();
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut applied = 0;
    for result in list(&report["runs"][0], "results") {
        let Some(fixes) = result["fixes"].as_array() else { continue };
        let kept: Vec<(String, Option<String>)> = list(&fixes[0], "artifactChanges")
            .iter()
            .map(|change| {
                let path = decoded(change["artifactLocation"]["uri"].as_str().expect("an address"));
                let text = fs::read_to_string(top.path().join(&path)).ok();
                write(
                    top.path(),
                    &path,
                    &replaced(text.as_deref().unwrap_or(""), list(change, "replacements")),
                );
                (path, text)
            })
            .collect();
        let after = json(&check(top.path(), &["personas", "--format", "sarif"]).1);
        let print = &result["fingerprints"];
        let left = list(&after["runs"][0], "results").iter().any(|other| other["fingerprints"] == *print);
        assert!(!left, "{}", result["message"]["text"]);
        assert_eq!(after["runs"][0]["invocations"][0]["executionSuccessful"], true);
        applied += 1;
        for (path, text) in kept {
            match text {
                Some(text) => write(top.path(), &path, &text),
                None => fs::remove_file(top.path().join(path)).expect("gone"),
            }
        }
    }
    assert!(applied >= 10, "{applied}");
}

/// A text with its replacements, which stand from top to bottom.
fn replaced(text: &str, replacements: &[Value]) -> String {
    let mut text = text.to_owned();
    for one in replacements.iter().rev() {
        let region = &one["deletedRegion"];
        let at = |line: &str, column: &str| {
            let number =
                |name: &str| usize::try_from(region[name].as_u64().expect("a number")).expect("small");
            let start: usize = text.split_inclusive('\n').take(number(line) - 1).map(str::len).sum();
            let rest = &text[start..];
            start + rest.char_indices().nth(number(column) - 1).map_or(rest.len(), |(byte, _)| byte)
        };
        let range = at("startLine", "startColumn")..at("endLine", "endColumn");
        text.replace_range(range, one["insertedContent"]["text"].as_str().expect("a text"));
    }
    text
}

#[test]
fn words_narrow_what_is_listed_and_the_exit_status_but_not_the_score() {
    let top = repository();
    let all = json(&formatted(top.path(), "personas", "json"));
    for words in [
        &["P006", "category:access"][..],
        &["rule:excess-level"],
        &["severity:critical"],
        &["type:human", "unneeded"],
    ] {
        let mut arguments = vec!["personas", "--format", "json"];
        arguments.extend(words);
        let (_, out, _) = check(top.path(), &arguments);
        let some = json(&out);
        assert_eq!(some["score"], all["score"]);
        assert_eq!(some["filter"], words.join(" "));
        let (found, every) = (list(&some, "findings"), list(&all, "findings"));
        assert!(!found.is_empty() && found.len() < every.len(), "{words:?}");
        assert!(found.iter().all(|finding| every.contains(finding)));
    }
    assert_eq!(check(top.path(), &["personas", "severity:high"]).0, 1);
    assert_eq!(check(top.path(), &["personas", "P006", "rule:unspecified"]).0, 0);
    assert_eq!(check(top.path(), &["personas", "P006", "rule:unneeded-access", "--fail-on", "medium"]).0, 1);
    // Problems of files count whatever the words.
    assert_eq!(check(top.path(), &["team/odd", "severity:info"]).0, 2);
}

#[test]
fn the_help_names_every_key_of_the_filter() {
    let help = check(Path::new("."), &["--help"]).1;
    for (key, _) in persona_workbench::analysis::filter::KEYS {
        let named = help.split_whitespace().any(|word| word.starts_with(&format!("{key}:")));
        assert!(named, "{key} is not in {help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
}

#[test]
fn a_free_word_is_a_folder_where_there_is_one() {
    let top = repository();
    let in_example = top.path().join("personas");
    let (code, out, _) = check(&in_example, &["P012", "severity:critical", "--format", "plain"]);
    assert_eq!(code, 1);
    assert!(
        out.starts_with("cards/P012") && out.contains("1 open finding for P012 severity:critical"),
        "{out}"
    );
    // A folder of that name is meant, unless the catalog is named otherwise.
    fs::create_dir(in_example.join("P012")).expect("a folder");
    assert_eq!(check(&in_example, &["P012"]).0, 0);
    assert_eq!(check(&in_example, &["P012", "--in", "."]).0, 1);
    for (arguments, code, words) in [
        (&["nowhere"][..], 64, "nothing in AI workload is called nowhere"),
        (&["severity:hihg"], 64, "did you mean high?"),
        (&["rule:exces-level"], 64, "did you mean excess-level?"),
        (&["./nowhere"], 2, "there is no folder ./nowhere"),
    ] {
        let (found, _, error) = check(&in_example, arguments);
        assert_eq!(found, code, "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
    // Where a file is broken, what is named may be in it.
    let (code, out, _) = check(&top.path().join("team/odd"), &["P404", "--format", "plain"]);
    assert_eq!(code, 2);
    assert!(out.contains("broken.yaml:3:1: error") && out.contains("No open findings for P404."), "{out}");
    let (code, _, error) = check(tempfile::tempdir().expect("a folder").path(), &["nowhere"]);
    assert_eq!(code, 2);
    assert!(error.contains("there is no folder nowhere"), "{error}");
}
