//! JUnit XML: well-formed, of the elements that its readers know, and with counts that add up.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::{check, repository};

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
