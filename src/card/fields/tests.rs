//! The table says what the reader asks for, and examples that it takes.

use std::collections::BTreeSet;

use super::{Takes, mapping_of, mappings};
use crate::card::kinds::Kind;
use crate::card::parse_text;
use crate::card::reader::asked;

/// Every mapping of every kind, in its long form.
const EVERYTHING: &str = "
kind: Catalog
persona_count: {}
separation_of_duties: [{name: a, duties: [{process: b}]}]
---
kind: Persona
name: a
primary_interaction: {with: b}
grant_defaults: {}
component_access: {component: c}
processes: {process: d}
skills: {skill: e}
work_items: {id: f}
identity: {}
override: {}
---
kind: Process
name: a
skills: []
uses: {component: b}
steps: {name: c, performers: {persona: d}, next: {step: e}}
---
kind: Component
name: a
roles: {name: b}
skills: {skill: c}
flows_to: {component: d}
alternatives: {component: e}
---
kind: Skill
name: a
learn: {}
---
{kind: Team, name: a}
---
{kind: Person, name: a, personas: {persona: b}}
---
{kind: Scenario, name: a, triggers: {}}
---
{kind: Decision, finding: {}}
";

#[test]
fn the_table_has_the_fields_that_the_reader_asks_for() {
    let _ = asked::take();
    let file = parse_text("x.yaml", EVERYTHING);
    assert!(file.problems.is_empty(), "{:?}", file.problems);
    let read = asked::take();
    let mut stated = BTreeSet::new();
    for mapping in mappings() {
        // `notes` are everybody's, and nobody asks for them. What names a grant is looked for before.
        let names = mapping.fields.iter().map(|field| field.name).filter(|name| *name != "notes");
        stated.insert((mapping.what, names.collect::<BTreeSet<_>>()));
    }
    let only_read: Vec<_> = read.difference(&stated).collect();
    let only_stated: Vec<_> = stated.difference(&read).collect();
    assert!(only_read.is_empty() && only_stated.is_empty(), "{only_read:#?}\n{only_stated:#?}");
}

#[test]
fn every_field_is_said_once_with_what_it_is_for_and_an_example() {
    let mut ids = BTreeSet::new();
    for mapping in mappings() {
        assert!(ids.insert(mapping.id), "two mappings are called {}", mapping.id);
        let names: BTreeSet<_> = mapping.fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), mapping.fields.len(), "{} has a field twice", mapping.id);
        assert!(names.contains("notes"), "{} has no notes", mapping.id);
        for field in mapping.fields {
            let place = format!("{}.{}", mapping.id, field.name);
            assert!(field.about.ends_with(['.', '?']), "{place}: {}", field.about);
            assert!(!field.examples.is_empty(), "{place} has no example");
            if let Takes::Choice(words) = field.takes {
                assert!(words.contains(&field.examples[0]), "{place}");
            }
        }
    }
}

#[test]
fn the_examples_of_the_fields_of_a_card_are_read_without_a_word() {
    for kind in Kind::ALL {
        for field in mapping_of(kind).fields.iter().filter(|field| field.name != "kind") {
            for example in field.examples {
                let mut text = format!("kind: {}\n{}: {example}\n", kind.word(), field.name);
                for needed in
                    mapping_of(kind).fields.iter().filter(|own| own.required && own.name != field.name)
                {
                    text.push_str(&format!("{}: {}\n", needed.name, needed.examples[0]));
                }
                let file = parse_text("x.yaml", &text);
                assert!(file.problems.is_empty(), "{text}\n{:?}", file.problems);
            }
        }
    }
}
