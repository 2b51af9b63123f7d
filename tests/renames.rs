//! A rename is followed in every form of a reference, in files of every style, and nothing else changes.

use std::sync::Arc;

use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::card::parse_text;
use persona_workbench::card::path::FieldPath;
use persona_workbench::catalog::{Catalog, Input, build};
use persona_workbench::session::deeds::{entity, new_problems, rename};
use proptest::prelude::*;

/// Words of a catalog, each with what it is called at first.
const WORDS: &[(&str, &str)] = &[
    ("persona-id", "P1"),
    ("persona-name", "Data Engineer"),
    ("persona-alias", "DE"),
    ("agent", "Build Bot"),
    ("process", "Model Ops"),
    ("process-alias", "MLOps"),
    ("component", "Blob Store"),
    ("component-alias", "Bucket"),
    ("skill", "Py Spark"),
    ("team", "Blue Team"),
    ("person", "Kim"),
    ("step", "make it"),
    ("scenario", "Routing"),
];

/// Every kind of reference in every form. `⟦word⟧` stands where a word of the table is written,
/// `⟦word^⟧` where it is written in capitals and with other blanks.
const FILES: &[(&str, &str)] = &[
    (
        "catalog.yaml",
        "\
kind: Catalog
name: all  # of it
separation_of_duties:
  - name: two
    duties: [{process: ⟦process⟧}, {component: ⟦component^⟧, level: write}]
    max: 1
  - {name: three, duties: [{component: ⟦component-alias⟧}, {process: ⟦process-alias⟧}]}
",
    ),
    (
        "people/personas.yaml",
        "\
# who works here
kind: Persona
id: ⟦persona-id⟧   # the id
name: ⟦persona-name⟧
aliases: [⟦persona-alias⟧, other]
team: ⟦team⟧
primary_interaction:
  - ⟦team^⟧
  - {with: ⟦agent⟧, protocol: a2a}
  - with: ⟦agent^⟧   # again
component_access:
  - ⟦component⟧          # a name
  - ⟦component^⟧: read   # and a level
  - ⟦component-alias⟧: [read, Owner]
  - ⟦component⟧: {level: write, environments: [dev], approval: ⟦person⟧}
  - component: ⟦component⟧

    level: write
    approval: [⟦persona-id⟧, ⟦person^⟧]
  - {component: ⟦component-alias⟧, reason: 'Blob Store and P1 and DE'}
processes: [⟦process⟧, {process: ⟦process-alias⟧, responsibility: consulted}]
skills:
- ⟦skill⟧
- {skill: ⟦skill^⟧, level: 3}
x-owner: {team: Blue Team, persona: P1}
notes: Blob Store
---
kind: Persona
name: ⟦agent⟧
type: agent
grant_defaults: {approval: ⟦persona-name⟧}
component_access: ⟦component⟧
accountable: ⟦persona-alias⟧
escalates_to: [⟦persona-id^⟧, ⟦person⟧]
override:
  by: ⟦persona-name⟧
  how: ask Kim
monitored_by: ⟦persona-id⟧
skills: ⟦skill⟧
---
kind: Persona
name: Runner
type: agent
invokes: [⟦agent⟧]
monitored_by: [⟦agent^⟧]
override: [⟦persona-name⟧, ⟦person⟧]
---
kind: PersonList
items:
  - {name: ⟦person⟧, personas: [⟦persona-id⟧, {persona: ⟦agent⟧, context: Build Bot}], skills: ⟦skill⟧}
",
    ),
    (
        "work.yaml",
        "\
kind: Process
name: ⟦process⟧
aliases: ⟦process-alias⟧
uses: ⟦component⟧
skills: [⟦skill⟧]
steps:
  - name: ⟦step⟧
    uses:
      - ⟦component⟧: write
      - {component: ⟦component-alias⟧, level: read}
    skills: ⟦skill^⟧
    performers: [⟦persona-id⟧, {persona: ⟦persona-alias⟧, level: read}]
    next: last
  - name: last
    next: [⟦step⟧, {process: ⟦process⟧, step: ⟦step^⟧}]
---
kind: Process
name: Outer
part_of: ⟦process-alias⟧
steps:
  - {name: go, performers: ⟦persona-name⟧, next: {process: ⟦process^⟧, step: ⟦step⟧}}
---
kind: Scenario
name: ⟦scenario⟧
router: ⟦agent⟧
triggers:
  - {change: code, route: [⟦agent⟧, Runner], joins: [⟦persona-alias⟧], leaves: ⟦agent^⟧}
---
kind: Decision
finding: {rule: excess-level, subject: ⟦persona-id⟧, object: ⟦component⟧, environment: prod}
by: ⟦person⟧
---
kind: Decision
finding:
  rule: missing-skill
  subject: {persona: ⟦persona-name⟧}
  object: {skill: ⟦skill⟧}
---
kind: Decision
finding: {rule: missing-persona, subject: ⟦process⟧ / ⟦step⟧}
by: Platform lead
",
    ),
    (
        "things.yaml",
        "\
kind: ComponentList
items:
  - name: ⟦component⟧
    aliases: [⟦component-alias⟧]
    skills: [⟦skill⟧, {skill: ⟦skill⟧, from: write}]
    flows_to: [{component: Hub, label: Blob Store}, Hub]
  - Hub
  - {name: Lake, flows_to: ⟦component^⟧, alternatives: [{component: ⟦component⟧, removes: [⟦skill⟧]}]}
---
kind: SkillList
items: [⟦skill⟧, {name: Python, implies: [⟦skill^⟧]}]
---
kind: Team
name: ⟦team⟧
",
    ),
];

const DAY: jiff::civil::Date = date(2026, 11, 23);

/// The pieces of a template: text between words, and the words.
fn pieces(template: &str) -> Vec<(&str, Option<&str>)> {
    let mut pieces = Vec::new();
    for part in template.split('⟦') {
        match part.split_once('⟧') {
            Some((word, text)) => pieces.push((text, Some(word))),
            None => pieces.push((part, None)),
        }
    }
    pieces
}

fn old(word: &str) -> &'static str {
    let word = word.trim_end_matches('^');
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, old)| *old).expect("a word of the table")
}

fn text(template: &str) -> String {
    let of_word = |word: &str| {
        let own = old(word);
        if word.ends_with('^') { own.to_uppercase().replace(' ', "  ") } else { own.to_owned() }
    };
    pieces(template).into_iter().map(|(text, word)| word.map(of_word).unwrap_or_default() + text).collect()
}

/// The file after the rename is the template with the new word in its places, in whatever quotes.
fn follows(template: &str, changed: &str, new: &str, mut after: &str) -> Result<(), String> {
    let quoted = serde_json::to_string(new).expect("a text");
    let forms = [new.to_owned(), quoted, format!("'{}'", new.replace('\'', "''"))];
    let of_old = |word: &str| text(&format!("⟦{word}⟧"));
    for (text, word) in pieces(template) {
        if let Some(word) = word {
            let is_new = word.trim_end_matches('^') == changed;
            let old = [of_old(word)];
            let forms: &[String] = if is_new { &forms } else { &old };
            let found = forms
                .iter()
                .find_map(|form| after.strip_prefix(form.as_str()).filter(|rest| rest.starts_with(text)));
            after = found.ok_or_else(|| format!("{word} is not followed before {after}"))?;
        }
        after = after.strip_prefix(text).ok_or_else(|| format!("{text:?} is not kept in {after}"))?;
    }
    if after.is_empty() { Ok(()) } else { Err(format!("{after} is too much")) }
}

fn catalog(files: &[(&str, String)]) -> Catalog {
    let files = files.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    build(Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() })
}

/// What a catalog means, with everything by number: a rename changes nothing of it.
fn meaning(catalog: &Catalog) -> Vec<String> {
    let analysis = Analysis::of(Arc::new(catalog.with(&[])), DAY);
    let mut all: Vec<String> = analysis
        .findings
        .iter()
        .map(|finding| {
            let (subject, object) = (finding.subject, finding.object);
            format!(
                "{} {subject:?} {object:?} {:?} {:?}",
                finding.rule.id, finding.environment, finding.decision
            )
        })
        .collect();
    all.extend(catalog.personas.iter().map(|own| {
        let grants: Vec<_> = own
            .grants
            .iter()
            .map(|grant| {
                (
                    grant.component,
                    grant.highest_level(),
                    grant.approval.iter().map(|a| a.target).collect::<Vec<_>>(),
                )
            })
            .collect();
        format!(
            "{:?} {:?} {:?} {grants:?}",
            own.team,
            own.accountable.iter().map(|a| a.target).collect::<Vec<_>>(),
            own.invokes.len()
        )
    }));
    all.extend(catalog.steps.iter().map(|step| {
        let next: Vec<_> = step.next.iter().map(|next| (next.process, next.step)).collect();
        let by: Vec<_> = step.performers.iter().map(|own| own.persona).collect();
        format!("{next:?} {by:?} {:?}", step.uses.iter().map(|used| used.component).collect::<Vec<_>>())
    }));
    all.sort();
    all
}

#[test]
fn the_template_is_a_catalog_without_problems() {
    let files: Vec<_> = FILES.iter().map(|(path, template)| (*path, text(template))).collect();
    let catalog = catalog(&files);
    assert!(catalog.problems.is_empty(), "{:#?}", catalog.problems);
    let analysis = Analysis::of(Arc::new(catalog), DAY);
    let wrong: Vec<_> = analysis
        .findings
        .iter()
        .filter(|finding| finding.rule.id.starts_with("unknown-") && finding.rule.id != "unknown-role")
        .map(|finding| &finding.message)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rename_changes_the_word_wherever_it_is_meant_and_nothing_else(
        which in prop::sample::select(WORDS),
        new in prop::sample::select(vec![
            "Forge", "Neu es Ding", "P 9", "a: b", "- x", "# no", "yes", "5", "it's", "x, y", "[z]", "東京 本社",
            "emoji 😀 name", "👩‍👩‍👧 joined", "e\u{301}t\u{e9}", "\"said\"", "back\\slash", "{curly}", "x / y", "end:",
        ]),
        windows in any::<bool>(),
        ends in any::<bool>(),
    ) {
        let style = |text: String| {
            let text = if windows { text.replace('\n', "\r\n") } else { text };
            if ends { text } else { text.trim_end().to_owned() }
        };
        let files: Vec<_> = FILES.iter().map(|(path, template)| (*path, style(text(template)))).collect();
        let before = catalog(&files);
        let (word, old) = which;
        let deed = rename(&before, entity(&before, old).expect("one entity"), old, new);
        let deed = deed.unwrap_or_else(|why| panic!("{old} to {new}: {why}"));
        let changes = before.changes(&deed.edits).unwrap_or_else(|why| panic!("{old} to {new}: {why}"));
        for (path, template) in FILES {
            let own = changes.iter().find(|change| &*change.path == *path);
            let known = files.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str());
            let after = own.map_or(known, |change| change.after.as_deref()).expect("a text");
            let template = style((*template).to_owned());
            // The one place where a word is a part of another.
            let template = template.replace("⟦process⟧ / ⟦step⟧", "⟦both⟧");
            let both = match word {
                "process" => format!("{new} / make it"),
                "step" => format!("Model Ops / {new}"),
                _ => "Model Ops / make it".to_owned(),
            };
            let places: Vec<&str> = template.split("⟦both⟧").collect();
            let after = match places.as_slice() {
                [ahead, behind] => {
                    let quoted = serde_json::to_string(&both).expect("a text");
                    let forms = [quoted, format!("'{}'", both.replace('\'', "''")), both.clone()];
                    let form = forms.iter().find(|form| after.contains(form.as_str()));
                    let form = form.unwrap_or_else(|| panic!("{both} is not in {after}"));
                    let (left, right) = after.rsplit_once(form.as_str()).expect("it is there");
                    prop_assert_eq!(follows(ahead, word, new, left), Ok(()), "{} to {}", old, new);
                    prop_assert_eq!(follows(behind, word, new, right), Ok(()), "{} to {}", old, new);
                    continue;
                }
                _ => after,
            };
            prop_assert_eq!(follows(&template, word, new, after), Ok(()), "{} to {}", old, new);
        }
        let after = before.with(&changes);
        prop_assert!(new_problems(&before, &after).is_empty(), "{:?}", new_problems(&before, &after));
        prop_assert_eq!(meaning(&before), meaning(&after), "{} to {}", old, new);
    }
}

#[test]
fn what_stands_behind_an_anchor_is_refused_with_the_reason() {
    let files = [
        ("a.yaml", "kind: Persona\nname: A\ncomponent_access: &all [Blob Store]\nx-same: *all\n".to_owned()),
        (
            "b.yaml",
            "kind: Persona\nname: B\nteam: &t Blue\nsection: *t\ncomponent_access: [Hub]\n---\nkind: Team\nname: Blue\n"
                .to_owned(),
        ),
        ("c.yaml", "kind: Component\nname: Blob Store\n".to_owned()),
    ];
    let catalog = catalog(&files);
    for (old, new) in [("Blob Store", "Bucket"), ("Blue", "Red")] {
        let deed = rename(&catalog, entity(&catalog, old).expect("one"), old, new).expect("a deed");
        let refusal = catalog.changes(&deed.edits).expect_err("it would change two places");
        assert!(refusal.reason.contains("anchor") && !refusal.hint.is_empty(), "{refusal}");
    }
    let hub = rename(&catalog, entity(&catalog, "Hub").expect("one"), "Hub", "Forge").expect("a deed");
    let changes = catalog.changes(&hub.edits).expect("beside an anchor it can be");
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].after.as_deref(), Some(files[1].1.replace("Hub", "Forge").as_str()));
    let grants = catalog.personas[0].place.with(FieldPath::CARD.key("component_access"));
    assert!(catalog.value_at(grants).is_some());
}
