//! Deeds on a small catalog in many spellings: what the cards say afterwards.

use std::sync::Arc;

use super::*;
use crate::card::node::Node;
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

const GRANTS: &str = "\
kind: Persona
id: P1
name: Ana
component_access:
  - Store   # bare
  - Store: Owner
  - Store: [write, Keeper]
  - Store: {level: admin, environments: [dev, prod]}
  - {component: Store, role: Keeper, environment: prod}   # by role
  - component: Store
    level: read
    environments: [stage]
  - Hub
---
kind: Persona
id: P2
name: Bea
grant_defaults: {role: Owner}
component_access: Store
---
kind: Component
name: Store
roles:
  - {name: Keeper, level: admin, environments: [dev, prod]}
  - {name: Keeper, level: read, environments: [stage]}
";

fn grants_after(deed: Result<Deed, String>) -> String {
    let catalog = one_file(GRANTS);
    let after = catalog.after(&deed.unwrap().edits).unwrap();
    after.files().next().unwrap().text.to_string()
}

fn one_file(text: &str) -> Catalog {
    build(Input { files: vec![Arc::new(parse_text("a.yaml", text))], ..Input::default() })
}

#[test]
fn grants_in_every_form_are_narrowed_and_never_widened() {
    let catalog = one_file(GRANTS);
    let own = crate::catalog::PersonaId::from_index(0);
    let bounds = |level: Option<&str>, places: &[&str]| Bounds {
        level: level.map(str::to_owned),
        environments: places.iter().map(|place| (*place).to_owned()).collect(),
    };
    let text = grants_after(narrow(&catalog, &[own], "store", &bounds(Some("write"), &[])));
    let expected = "  - Store: write   # bare\n  - Store: write\n";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("  - Store: {level: write, environments: [dev, prod]}\n"), "{text}");
    assert!(text.contains("  - {component: Store, level: write, environment: prod}   # by role\n"), "{text}");
    assert!(text.contains("    level: read\n    environments: [stage]\n  - Hub\n"), "{text}");
    let text = grants_after(narrow(&catalog, &[own], "Store", &bounds(None, &["dev"])));
    assert!(text.contains("environments: [dev]}\n") && !text.contains("by role"), "{text}");
    assert!(!text.contains("stage]\n  - Hub"), "{text}");

    for (level, places) in [
        (Some("read"), &[][..]),
        (Some("write"), &["stage", "prod"]),
        (None, &["prod"]),
        (Some("admin"), &[]),
        (Some("write"), &[]),
    ] {
        let deed = narrow(&catalog, &[own], "Store", &bounds(level, places)).unwrap();
        let after = catalog.after(&deed.edits).unwrap();
        assert!(new_problems(&catalog, &after).is_empty());
        let most =
            level.and_then(|level| catalog.settings.access_levels.iter().position(|own| own.is(level)));
        let reach = |catalog: &Catalog, place: usize| {
            let grants = catalog.personas[0].grants.iter();
            let store = grants.filter(|grant| catalog.id(grant.component.into()) == "Store");
            let there =
                store.filter(|grant| grant.environments.is_empty() || grant.environments.contains(place));
            there.filter_map(|grant| grant.level_in(place)).max()
        };
        for place in 0..3 {
            let (was, is) = (reach(&catalog, place), reach(&after, place));
            assert!(is <= was, "{level:?} {places:?} {place}");
            assert!(is.is_none_or(|is| most.is_none_or(|most| is.index() <= most)), "{level:?} {places:?}");
            let word = catalog.settings.environment(place);
            assert_eq!(is.is_some(), places.is_empty() || places.contains(&word), "{level:?} {places:?}");
        }
    }
    let other = crate::catalog::PersonaId::from_index(1);
    let kept = narrow(&catalog, &[other], "Store", &bounds(Some("read"), &[]));
    assert!(kept.is_err_and(|why| why.contains("grant_defaults")));
    assert!(narrow(&catalog, &[own], "Store", &bounds(None, &[])).is_err());
    assert!(narrow(&catalog, &[other], "Hub", &bounds(Some("read"), &[])).is_err());
    assert!(
        narrow(&catalog, &[own], "Store", &bounds(Some("raed"), &[])).is_err_and(|why| why.contains("read?"))
    );
}

#[test]
fn a_role_that_means_less_somewhere_is_split_when_it_is_narrowed() {
    let text = GRANTS.replace("  - Store   # bare\n", "").replace("  - Store: Owner\n", "");
    let text =
        text.replace("  - Store: [write, Keeper]\n", "  - {component: Store, role: Keeper, mode: jit}\n");
    let catalog = one_file(&text);
    let own = crate::catalog::PersonaId::from_index(0);
    let write = Bounds { level: Some("write".into()), environments: Vec::new() };
    let deed = narrow(&catalog, &[own], "Store", &write).unwrap();
    let after = catalog.after(&deed.edits).unwrap();
    let text = after.files().next().unwrap().text.to_string();
    assert!(
        text.contains("  - {component: Store, level: read, environments: [stage], mode: jit}\n"),
        "{text}"
    );
    let copy = "  - component: Store\n    level: write\n    environments:\n      - dev\n      - prod\n    mode: jit\n";
    assert!(text.contains(copy), "{text}");
}

#[test]
fn a_field_of_all_grants_is_set_whatever_their_form() {
    let catalog = one_file(GRANTS);
    let both: Vec<_> = (0..2).map(crate::catalog::PersonaId::from_index).collect();
    let value = Node::Text("jit".into());
    let deed = set_on_grants(&catalog, &both, None, "mode", Some(&value)).unwrap();
    let after = catalog.after(&deed.edits).unwrap();
    let all = after.personas.iter().flat_map(|own| &own.grants);
    assert!(all.clone().all(|grant| grant.mode == Some(crate::card::kinds::Mode::JustInTime)));
    let levels = |catalog: &Catalog| -> Vec<_> {
        let all = catalog.personas.iter().flat_map(|own| &own.grants);
        all.map(|grant| (grant.highest_level(), grant.environments)).collect()
    };
    assert_eq!(levels(&catalog), levels(&after), "nothing else changes");
    let text = after.files().next().unwrap().text.to_string();
    assert!(text.contains("# bare") && text.contains("mode: jit}   # by role"), "{text}");
    // As it is written on the command line, several fields at once.
    let set = |words: &[&str]| {
        let words: Vec<_> = words.iter().map(|word| Assignment::read(word).unwrap()).collect();
        let cards = [entity(&catalog, "P1").unwrap(), entity(&catalog, "P2").unwrap()];
        catalog.after(&assign(&catalog, &cards, &words).unwrap().edits).unwrap()
    };
    let after = set(&["component_access[*].mode=jit", "component_access[*].tools+=run"]);
    let all: Vec<_> = after.personas.iter().flat_map(|own| &own.grants).collect();
    assert!(all.iter().all(|grant| grant.mode.is_some() && grant.tools.len() == 1), "{all:?}");
    assert_eq!(levels(&catalog), levels(&after));
    let after = set(&["component_access[*].mode="]);
    assert_eq!(after.files().next().unwrap().text, catalog.files().next().unwrap().text);
    let hub = Assignment::read("component_access[hub].level=read").unwrap();
    let text = grants_after(assign(&catalog, &[entity(&catalog, "P1").unwrap()], &[hub]));
    assert_eq!(text, GRANTS.replace("  - Hub\n", "  - Hub: read\n"));
    assert!(set_on_grants(&catalog, &both[1..], Some("Hub"), "mode", None).is_err());
}

#[test]
fn an_id_and_a_name_are_renamed_apart_from_each_other() {
    let text = "\
kind: Persona
id: P1
name: Ana
---
kind: Persona
name: Bot
type: agent
accountable: P1
invokes: [bot]
escalates_to: [Ana]
---
kind: Process
name: Build
steps:
  - {id: make, name: Make it, next: [test]}
  - test
  - {name: ship, next: [Make it, make, {process: Build, step: MAKE}]}
---
kind: Decision
finding: {rule: missing-persona, subject: Build / make}
---
kind: Decision
finding: {rule: missing-persona, subject: {step: build / Test}}
---
kind: Decision
finding: {rule: no-override, subject: persona/Bot}
";
    let catalog = one_file(text);
    let done = |deed: Result<Deed, String>| {
        let after = catalog.after(&deed.unwrap().edits).unwrap();
        assert_eq!(new_problems(&catalog, &after), Vec::<&Problem>::new());
        after.files().next().unwrap().text.to_string()
    };
    let word = |old: &str, word, new: &str| rename_word(&catalog, entity(&catalog, old).unwrap(), word, new);
    let after = done(word("Ana", Word::Id, "P9"));
    assert_eq!(after, text.replace("P1", "P9"));
    let after = done(word("P1", Word::Name, "Eve"));
    assert_eq!(after, text.replace("Ana", "Eve"));
    let after = done(word("Bot", Word::Id, "P7"));
    assert_eq!(after, text.replace("name: Bot", "id: P7\nname: Bot"), "who names it by its name still does");
    let after = done(word("Build / make", Word::Id, "m1"));
    let expected = text.replace("id: make", "id: m1").replace("Build / make", "Build / m1");
    assert_eq!(
        after,
        expected.replace("it, make, {process: Build, step: MAKE}", "it, m1, {process: Build, step: m1}")
    );
    let after = done(word("test", Word::Id, "t1"));
    let expected = text.replace("  - test\n", "  - id: t1\n    name: test\n");
    assert_eq!(after, expected.replace("build / Test", "Build / t1"));
    let whole = |old: &str, new: &str| rename(&catalog, entity(&catalog, old).unwrap(), old, new);
    let after = done(whole("Build", "Forge"));
    let expected = text.replace("name: Build", "name: Forge").replace("process: Build", "process: Forge");
    assert_eq!(
        after,
        expected.replace("Build / make", "Forge / make").replace("build / Test", "Forge / test")
    );
    let after = done(whole("Bot", "Machine"));
    let expected = text.replace("name: Bot", "name: Machine").replace("persona/Bot", "persona/Machine");
    assert_eq!(after, expected.replace("[bot]", "[Machine]"));
    assert!(word("Build", Word::Id, "x").is_err_and(|why| why.contains("no id")));
    assert!(word("P1", Word::Id, "bot").is_err_and(|why| why.contains("already")));
}
