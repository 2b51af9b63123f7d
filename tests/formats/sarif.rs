//! SARIF: its schema, places that exist, fingerprints that stay, and fixes that close their findings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use super::{HOSTILE, check, formatted, json, list, repository, write};

fn sarif_schema() -> Value {
    let mut schema = json(include_str!("../schemas/sarif-2.1.0.json"));
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
