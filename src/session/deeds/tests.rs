//! Deeds on a small catalog in many spellings: what the cards say afterwards.

use std::sync::Arc;

use super::*;
use crate::card::parse_text;
use crate::catalog::{Input, build};

const CARDS: &str = "\
kind: Persona
id: P1
name: Ana  # she
team: Blue
component_access:
  - Store: write          # short
  - {component: Hub, level: read, environments: [dev, prod]}
  - Meter
skills: [SQL, {skill: RAG, level: 2}]
processes: [Build]
---
kind: Persona
id: P2
name: Bot \u{1F600}
type: agent
accountable: P1
skills: SQL
";
const WORK: &str = "\
kind: Process\r
name: Build\r
steps:\r
  - name: make\r
    uses: [{Store: write}]\r
    performers: [ana, {persona: P2}]\r
    next: [test]\r
  - test # last\r
---\r
kind: Catalog\r
separation_of_duties:\r
  - name: two\r
    duties: [{component: store, level: write}, {process: build}]\r
---\r
kind: ComponentList\r
items:\r
  - {name: Store, aliases: [Blob], flows_to: [Hub]}\r
  - Hub";

fn catalog() -> Catalog {
    let files = [("a.yaml", CARDS), ("b.yaml", WORK)];
    let files = files.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    build(Input { files, ..Input::default() })
}

/// The two files after a deed.
fn after(deed: &Result<Deed, String>) -> (String, String) {
    let catalog = catalog();
    let deed = deed.as_ref().unwrap();
    let after = catalog.after(&deed.edits).unwrap_or_else(|refusal| panic!("{refusal} {deed:?}"));
    let mut texts = after.files().map(|file| file.text.to_string());
    (texts.next().unwrap(), texts.next().unwrap())
}

fn set(word: &str, assignment: &str) -> Result<Deed, String> {
    let catalog = catalog();
    assign(&catalog, &[entity(&catalog, word)?], &[Assignment::read(assignment)?])
}

#[test]
fn fields_are_set_added_to_and_taken_from() {
    let lines = |assignment: &str, from: &str, to: &str| {
        assert!(CARDS.contains(from));
        assert_eq!(after(&set("P1", assignment)).0, CARDS.replacen(from, to, 1), "{assignment}");
    };
    lines("team=AI Team", "team: Blue", "team: AI Team");
    lines("team=", "team: Blue\n", "");
    lines("skills+=Go", "level: 2}]", "level: 2}, Go]");
    lines("skills-=rag", "[SQL, {skill: RAG, level: 2}]", "[SQL]");
    lines("component_access[hub].level=admin", "level: read", "level: admin");
    lines("component_access[1].level=admin", "level: read", "level: admin");
    lines("skills+=sql", "team: Blue", "team: Blue");
    assert_eq!(after(&set("P2", "skills-=SQL")).0, CARDS.replace("\nskills: SQL\n", "\n"));
    assert!(after(&set("P2", "identity.id=x")).0.contains("identity:\n  id: x\n"));
    for wrong in ["team", "=x", "skills+=", "a..b=c", "a[=x"] {
        assert!(Assignment::read(wrong).is_err(), "{wrong}");
    }
    assert!(set("P1", "skills-=Go").is_err_and(|why| why.contains("Go is not in skills")));
    assert!(set("P3", "team=x").is_err());
    assert!(set("Meter", "layer=x").is_err_and(|why| why.contains("no card")));
}

#[test]
fn what_a_field_does_not_take_is_a_new_problem() {
    let before = catalog();
    let after = before.after(&set("P2", "type=robot").unwrap().edits).unwrap();
    assert!(new_problems(&before, &after).iter().any(|problem| problem.message.contains("robot")));
    assert!(new_problems(&before, &before).is_empty());
}

#[test]
fn access_is_given_narrowed_and_taken() {
    let words = |level: &str, places: &[&str]| GrantWords {
        level: Some(level.into()),
        environments: places.iter().map(|place| (*place).to_owned()).collect(),
        fields: vec![("expires", vec!["2027-01-31".into()])],
    };
    let text = after(&grant(&catalog(), "P1", "blob", &words("Read", &["prod"]))).0;
    assert!(text.contains("component: Store") && text.contains("- Store: write          # short"), "{text}");
    assert!(text.contains("expires: 2027-01-31"), "{text}");
    let text = after(&grant(&catalog(), "P1", "Hub", &words("write", &[]))).0;
    assert!(text.contains("level: write, environments: [dev, prod], expires: 2027-01-31}"), "{text}");
    let level = GrantWords { level: Some("read".into()), ..GrantWords::default() };
    let text = after(&grant(&catalog(), "P1", "Store", &level)).0;
    assert_eq!(text, CARDS.replace("Store: write ", "Store: read "));
    assert!(grant(&catalog(), "P1", "Hub", &words("wirte", &[])).is_err_and(|why| why.contains("write?")));
    assert!(grant(&catalog(), "P1", "Hub", &words("read", &["prd"])).is_err_and(|why| why.contains("prod?")));

    let text = after(&revoke(&catalog(), "P1", "Hub", Some("prod"))).0;
    assert_eq!(text, CARDS.replace("[dev, prod]", "[dev]"));
    let text = after(&revoke(&catalog(), "P1", "meter", None)).0;
    assert_eq!(text, CARDS.replace("  - Meter\n", ""));
    let text = after(&revoke(&catalog(), "P1", "Meter", Some("prod"))).0;
    assert!(text.contains("component: Meter") && text.contains("dev") && text.contains("stage"), "{text}");
    assert!(revoke(&catalog(), "P2", "Hub", None).is_err());
    assert!(revoke(&catalog(), "P1", "Hub", Some("stage")).is_err());
}

#[test]
fn a_cell_is_changed_in_its_environment_only() {
    let catalog = catalog();
    let hub = catalog.find_component(&crate::card::words::Name::new("Hub")).unwrap();
    let persona = catalog.find_persona(&crate::card::words::Name::new("P1")).unwrap();
    let in_prod = |level| {
        let after = catalog.after(&set_access(&catalog, persona, hub, 2, level).edits).unwrap();
        let grants = &after.personas[persona.index()].grants;
        let at = |place| {
            let of =
                grants.iter().filter(|grant| grant.component == hub && grant.environments.contains(place));
            of.filter_map(|grant| grant.level_in(place)).max().map(|level| level.0)
        };
        [at(0), at(1), at(2)]
    };
    assert_eq!(in_prod(Some(crate::catalog::Level(2))), [Some(0), None, Some(2)]);
    assert_eq!(in_prod(None), [Some(0), None, None]);
    let sql = catalog.find_skill(&crate::card::words::Name::new("sql")).unwrap();
    let text = after(&toggle_skill(&catalog, persona, sql)).0;
    assert!(text.contains("skills: [{skill: RAG, level: 2}]"), "{text}");
    let build = catalog.find_process(&crate::card::words::Name::new("build")).unwrap();
    assert!(!after(&toggle_process(&catalog, persona, build)).0.contains("Build"));
}

#[test]
fn a_rename_follows_in_all_files_and_every_spelling() {
    let renamed = |old: &str, new: &str| {
        let catalog = catalog();
        let found = entity(&catalog, old).unwrap();
        rename(&catalog, found, old, new)
    };
    let (cards, work) = after(&renamed("Store", "Lager \u{1F4E6}"));
    assert!(cards.contains("- Lager \u{1F4E6}: write          # short\n"), "{cards}");
    for part in ["uses: [{Lager", "{component: Lager", "{name: Lager"] {
        assert!(work.contains(part), "{part}: {work}");
    }
    assert!(work.contains("aliases: [Blob]") && work.ends_with("- Hub") && work.contains("\r\n"));
    let (cards, work) = after(&renamed("P1", "P9"));
    assert!(cards.contains("id: P9\nname: Ana") && cards.contains("accountable: P9"), "{cards}");
    assert!(work.contains("performers: [ana, "), "what names it otherwise stays: {work}");
    let (cards, work) = after(&renamed("Ana", "Bea"));
    assert!(
        cards.contains("id: P1\nname: Bea  # she") && work.contains("performers: [Bea, "),
        "{cards}{work}"
    );
    let (_, work) = after(&renamed("Build", "Bauen"));
    assert!(work.contains("name: Bauen\r\n") && work.contains("{process: Bauen}"), "{work}");
    let (_, work) = after(&renamed("test", "check"));
    assert!(work.contains("next: [check]\r\n  - check # last"), "{work}");
    let (cards, work) = after(&renamed("Hub", "HUB"));
    assert!(cards.contains("component: HUB") && work.ends_with("- HUB") && work.contains("flows_to: [HUB]"));
    assert!(renamed("P1", "P2").is_err_and(|why| why.contains("already")));
    assert!(renamed("Store", "Hub").is_err());
    assert!(renamed("Store", " ").is_err());
}

#[test]
fn a_card_goes_with_or_without_what_names_it() {
    let catalog = catalog();
    let (store, hub) = (entity(&catalog, "Store").unwrap(), entity(&catalog, "Hub").unwrap());
    let (cards, work) = after(&remove(&catalog, store, References::Leave));
    assert!(cards.contains("Store: write") && !work.contains("Blob"), "{cards}{work}");
    let (cards, work) = after(&remove(&catalog, store, References::Remove));
    assert!(!cards.contains("Store") && !work.to_lowercase().contains("store"), "{cards}{work}");
    let (cards, work) = after(&remove(&catalog, store, References::Replace(hub)));
    assert!(!cards.contains("Store") && work.contains("uses: [{Hub: write}]"), "{cards}{work}");
    assert_eq!(cards.matches("Hub").count(), 1, "a list that names both keeps one: {cards}");
    let persona = entity(&catalog, "P1").unwrap();
    assert!(remove(&catalog, store, References::Replace(persona)).is_err());
    assert!(remove(&catalog, entity(&catalog, "Meter").unwrap(), References::Leave).is_err());
}

#[test]
fn a_copy_has_words_of_its_own() {
    let catalog = catalog();
    let deed = duplicate(&catalog, entity(&catalog, "P1").unwrap(), "P7", "Cy").unwrap();
    let changes = catalog.changes(&deed.edits).unwrap();
    let [copy] = changes.as_slice() else { panic!("{changes:?}") };
    let text = copy.after.as_deref().unwrap();
    assert!(copy.before.is_none() && text.contains("id: P7\nname: Cy\nteam: Blue\n"), "{text}");
    assert!(duplicate(&catalog, entity(&catalog, "P1").unwrap(), "P2", "Cy").is_err());
    let one = build(Input {
        files: vec![Arc::new(parse_text(
            "cards/p1.yaml",
            "kind: Persona\nid: P1 # own\nname: Ana\naliases: [A]\n",
        ))],
        ..Input::default()
    });
    let deed = duplicate(&one, entity(&one, "P1").unwrap(), "P7", "Cy").unwrap();
    let changes = one.changes(&deed.edits).unwrap();
    assert_eq!(&*changes[0].path, "cards/P7-cy.yaml");
    assert_eq!(changes[0].after.as_deref(), Some("kind: Persona\nid: P7 # own\nname: Cy\n"));
    let fields = vec![("name".into(), crate::card::node::Node::Text("Hub".into()))];
    assert!(add(&catalog, crate::card::kinds::Kind::Component, fields).is_err());
}
