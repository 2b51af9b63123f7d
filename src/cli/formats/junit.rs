//! JUnit XML: findings as test cases, for CI servers that list tests.
//!
//! A suite holds a category. An open finding that fails the check is a failure, so that the report and
//! the exit status agree; one that does not is a case that passes and says in its output what was
//! found; one that was decided on is skipped. A rule that found nothing is a case that passes.

use std::io::Cursor;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::super::style::safe;
use super::{Format, Item, Shown, decided, score_words, spot};
use crate::analysis::outside::OUTSIDE;
use crate::analysis::{Category, RULES, Rule};
use crate::card::problem::{Level, Problem};

pub static FORMAT: Format = Format {
    name: "junit",
    aliases: &[],
    summary: "JUnit XML, a test case a finding",
    print: |shown, _| print(shown),
};

/// What became of a case.
enum Outcome {
    Passed,
    Failed { kind: &'static str, message: String },
    Broken { kind: &'static str, message: String },
    Skipped { message: String },
}

struct Case {
    class: String,
    name: String,
    place: Option<(String, u32)>,
    outcome: Outcome,
    output: String,
}

fn print(shown: &Shown<'_>) -> anyhow::Result<String> {
    let mut suites = vec![("files", problems(shown))];
    for category in Category::ALL {
        suites.push((category.word(), of_category(shown, category)));
    }
    suites.retain(|(_, cases)| !cases.is_empty());
    let mut writer = Writer::new_with_indent(Cursor::new(Vec::new()), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    let name = text(&shown.catalog().name);
    let mut top = writer.create_element("testsuites").with_attribute(("name", name.as_str()));
    for (name, count) in counts(all()) {
        top = top.with_attribute((name, count.as_str()));
    }
    top.write_inner_content(|writer| {
        for (position, (name, cases)) in suites.iter().enumerate() {
            let mut suite = writer.create_element("testsuite").with_attribute(("name", *name));
            for (name, count) in counts(cases.iter()) {
                suite = suite.with_attribute((name, count.as_str()));
            }
            suite.write_inner_content(|writer| {
                // The format has no place of its own for a score.
                if position == 0 {
                    properties(writer, shown)?;
                }
                cases.iter().try_for_each(|case| write(writer, case))
            })?;
        }
        Ok(())
    })?;
    Ok(String::from_utf8(writer.into_inner().into_inner())? + "\n")
}

fn counts<'c>(cases: impl Iterator<Item = &'c Case>) -> [(&'static str, String); 4] {
    let (mut all, mut failed, mut broken, mut skipped) = (0, 0, 0, 0);
    for case in cases {
        all += 1;
        match case.outcome {
            Outcome::Passed => {}
            Outcome::Failed { .. } => failed += 1,
            Outcome::Broken { .. } => broken += 1,
            Outcome::Skipped { .. } => skipped += 1,
        }
    }
    [("tests", all), ("failures", failed), ("errors", broken), ("skipped", skipped)]
        .map(|(name, count): (_, u32)| (name, count.to_string()))
}

type Xml = Writer<Cursor<Vec<u8>>>;

fn properties(writer: &mut Xml, shown: &Shown<'_>) -> std::io::Result<()> {
    let mut values = vec![
        ("at", shown.analysis.day.to_string()),
        ("score", score_words(shown.analysis)),
        ("coverage", format!("{:.2}", shown.analysis.score.coverage)),
    ];
    if !shown.filter.is_empty() {
        values.push(("filter", text(shown.filter)));
    }
    if let Some(since) = &shown.since {
        values.push(("since", text(since.name)));
        values.push(("score before", score_words(since.comparison.before)));
        values.push(("old", since.old.to_string()));
        values.push(("gone", since.gone.to_string()));
    }
    writer.create_element("properties").write_inner_content(|writer| {
        for (name, value) in &values {
            let property = writer.create_element("property").with_attribute(("name", *name));
            property.with_attribute(("value", value.as_str())).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write(writer: &mut Xml, case: &Case) -> std::io::Result<()> {
    let mut element = writer.create_element("testcase").with_attribute(("classname", case.class.as_str()));
    element = element.with_attribute(("name", case.name.as_str()));
    let line = case.place.as_ref().map(|(_, line)| line.to_string());
    if let (Some((file, _)), Some(line)) = (&case.place, &line) {
        element = element.with_attribute(("file", file.as_str())).with_attribute(("line", line.as_str()));
    }
    if matches!(case.outcome, Outcome::Passed) && case.output.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|writer| {
        let output = BytesText::new(&case.output);
        match &case.outcome {
            Outcome::Passed => {
                writer.create_element("system-out").write_text_content(output)?;
            }
            Outcome::Skipped { message } => {
                let skipped = writer.create_element("skipped").with_attribute(("message", message.as_str()));
                skipped.write_empty()?;
                writer.create_element("system-out").write_text_content(output)?;
            }
            Outcome::Failed { kind, message } => result(writer, "failure", kind, message, output)?,
            Outcome::Broken { kind, message } => result(writer, "error", kind, message, output)?,
        }
        Ok(())
    })?;
    Ok(())
}

fn result(
    writer: &mut Xml,
    name: &str,
    kind: &str,
    message: &str,
    output: BytesText<'_>,
) -> std::io::Result<()> {
    let element = writer.create_element(name).with_attribute(("type", kind));
    element.with_attribute(("message", message)).write_text_content(output)?;
    Ok(())
}

fn problems(shown: &Shown<'_>) -> Vec<Case> {
    let case = |problem: &Problem| {
        let message = text(&problem.message);
        let kind = problem.level.word();
        Case {
            class: "files".to_owned(),
            name: text(&format!("{}:{} {}", problem.file, problem.line, problem.message)),
            place: Some((text(&shown.from_top(&problem.file)), problem.line)),
            outcome: match problem.level {
                Level::Error | Level::Warning => Outcome::Broken { kind, message: message.clone() },
                Level::Note => Outcome::Passed,
            },
            output: format!("{message}. {}", text(&problem.hint)),
        }
    };
    shown.problems().map(case).collect()
}

fn of_category(shown: &Shown<'_>, category: Category) -> Vec<Case> {
    let mut cases = Vec::new();
    // Without logs nothing was looked for in them.
    let outside = OUTSIDE.iter().filter(|_| shown.audit.is_some());
    for rule in RULES.iter().chain(outside).filter(|rule| rule.category == category) {
        let found = shown.items.iter().filter(|item| item.finding.rule.id == rule.id);
        let before = cases.len();
        cases.extend(found.map(|item| of_finding(shown, item)));
        // With a filter it is not known whether a rule would have found something.
        if cases.len() == before && shown.filter.is_empty() {
            cases.push(of_rule(shown, rule));
        }
    }
    cases
}

fn of_rule(shown: &Shown<'_>, rule: &Rule) -> Case {
    let rules = &shown.catalog().settings.rules;
    let off = rules.iter().any(|(name, severity)| name.is(rule.id) && severity.is("off"));
    Case {
        class: class(rule),
        name: rule.summary.to_owned(),
        place: None,
        outcome: if off {
            Outcome::Skipped { message: "off in catalog.yaml".to_owned() }
        } else {
            Outcome::Passed
        },
        output: String::new(),
    }
}

fn of_finding(shown: &Shown<'_>, item: &Item<'_>) -> Case {
    let (catalog, finding) = (shown.catalog(), item.finding);
    let mut name = text(&catalog.label(finding.subject));
    for part in [
        finding.object.map(|object| catalog.label(object)),
        finding.environment.map(|environment| catalog.settings.environment(environment).to_owned()),
    ]
    .into_iter()
    .flatten()
    {
        name.push_str(&format!(" / {}", text(&part)));
    }
    let message = text(&finding.message);
    let mut output =
        format!("{}, confidence {}: {message}", finding.severity.word(), finding.confidence.word());
    for edge in &finding.evidence {
        let place = catalog.locate(edge.place);
        let detail =
            if edge.detail.is_empty() { String::new() } else { format!(" ({})", text(&edge.detail)) };
        let (from, to) = (text(&catalog.label(edge.from)), text(&catalog.label(edge.to)));
        let file = text(&shown.from_top(place.file));
        output.push_str(&format!("\n{from} {} {to}{detail}: {file}:{}", edge.relation, place.position.line));
    }
    for (place, fix) in item.fixes.iter().enumerate() {
        output.push_str(&format!("\n{}", text(&fix.line(place))));
    }
    let kind = finding.severity.word();
    let fails = shown.fails.is_some_and(|limit| finding.severity.at_least(limit));
    let outcome = match decided(catalog, finding) {
        Some(decided) => Outcome::Skipped { message: format!("decided on: {}", text(&decided)) },
        None if fails => Outcome::Failed { kind, message },
        None => Outcome::Passed,
    };
    Case {
        class: class(finding.rule),
        name,
        place: spot(catalog, finding).map(|spot| (text(&shown.from_top(spot.file)), spot.line)),
        outcome,
        output,
    }
}

fn class(rule: &Rule) -> String {
    format!("{}.{}", rule.category.word(), rule.id)
}

/// Text without the characters that XML cannot hold, escaped or not.
fn text(text: &str) -> String {
    safe(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
