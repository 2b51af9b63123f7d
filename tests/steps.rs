//! Random deeds over several files, undone and redone: every byte comes back, in any order of saving,
//! keeping and starting again.

use std::collections::BTreeMap;
use std::sync::Arc;

use persona_workbench::card::kinds::Kind;
use persona_workbench::card::node::Node;
use persona_workbench::card::parse_text;
use persona_workbench::card::problem::Level;
use persona_workbench::catalog::{Catalog, Entity, Input, PersonaId, build};
use persona_workbench::session::deeds::{
    Assignment, Bounds, Deed, GrantWords, References, Word, add, assign, duplicate, entity, grant, narrow,
    remove, rename, rename_word, revoke, set_on_grants,
};
use persona_workbench::session::{Journal, Session};
use proptest::prelude::*;

const FILES: &[(&str, &str)] = &[
    (
        "a.yaml",
        "\
# two in one
kind: Persona
id: P1
name: Ana 😀   # she
team: Blue
component_access:
  - Store: write          # short
  - {component: Hub, level: admin, environments: [dev, prod]}
  - Meter
  # why it is there
  - component: Lake
    role: Owner
    environments:
    - dev
skills: [SQL, {skill: RAG, level: 2}]
processes: [Build]
---
kind: Persona
id: P2
name: 'Bot'
type: agent
accountable: P1
component_access: Store
skills: SQL
",
    ),
    (
        "b/work.yaml",
        "\
kind: Process\r
name: Build\r
steps:\r
  - name: make\r
    uses: [{Store: write}, Hub]\r
    performers: [ana 😀, {persona: P2}]\r
    next: [test]\r
\r
  - test # last\r
---\r
kind: Scenario\r
name: Route\r
router: P2\r
triggers: [{change: x, route: [P2, P3]}]\r
",
    ),
    (
        "c.yaml",
        "kind: ComponentList\nitems:\n  - {name: Store, aliases: [Blob], flows_to: [Hub]}\n  - Hub\n  - Lake",
    ),
    (
        "d.yaml",
        "kind: Persona\nid: P3\nname: Cy\nteam: Blue\ninvokes: [Bot]\nmonitored_by: P2\ncomponent_access:\n- Hub: Reader\n",
    ),
    ("e.yaml", "kind: SkillList\nitems: [SQL, RAG]\n---\nkind: Team\nname: Blue\n"),
];

fn first() -> Catalog {
    let files = FILES.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    build(Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() })
}

fn texts(catalog: &Catalog) -> BTreeMap<String, String> {
    catalog.files().map(|file| (file.path.to_string(), file.text.to_string())).collect()
}

/// A deed that numbers choose; none where it cannot be done now.
fn deed(catalog: &Catalog, what: u8, which: usize, other: usize) -> Option<Deed> {
    let everybody: Vec<PersonaId> =
        catalog.personas.iter().filter_map(|own| catalog.find_persona(&own.id)).collect();
    let persona = |which: usize| everybody.get(which % everybody.len().max(1)).copied();
    let id = |which: usize| persona(which).map(|own| catalog.id(own.into()).into_owned());
    let component = || {
        let all = &catalog.components;
        (!all.is_empty()).then(|| all[other % all.len()].name.written().to_owned())
    };
    let mut all: Vec<Entity> = everybody.iter().map(|own| (*own).into()).collect();
    for word in
        ["Store", "Blob", "Hub", "Lake", "SQL", "RAG", "Blue", "Build", "Build / make", "Route", "New 1"]
    {
        all.extend(entity(catalog, word).ok());
    }
    let any = |which: usize| all.get(which % all.len().max(1)).copied();
    let new = format!("{} {other}", ["New", "Né w", "東 x", "a: b"][which % 4]);
    let set = |word: &str| {
        let cards: Vec<Entity> = persona(which).into_iter().map(Entity::from).collect();
        assign(catalog, &cards, &[Assignment::read(word).expect("an assignment")])
    };
    match what {
        0 => set(["team=Red", "team=", "section=Run", "color=#ff0000"][other % 4]),
        1 => set(["skills+=Go", "skills-=SQL", "processes+=Build", "notes=a long\\nnote"][other % 4]),
        2 => set([
            "component_access[*].mode=jit",
            "component_access[*].tools+=run",
            "component_access[0].level=read",
        ][other % 3]),
        3 => grant(
            catalog,
            &id(which)?,
            &component()?,
            &GrantWords {
                level: Some(["read", "write"][other % 2].into()),
                environments: if which.is_multiple_of(2) { vec!["stage".into()] } else { Vec::new() },
                fields: vec![("mode", vec!["eligible".into()])],
            },
        ),
        4 => revoke(catalog, &id(which)?, &component()?, [None, Some("prod"), Some("dev")][other % 3]),
        5 => {
            let level = [Some("read".to_owned()), None][other % 2].clone();
            let bounds = Bounds { level, environments: vec!["dev".into()] };
            narrow(catalog, &everybody, &component()?, &bounds)
        }
        6 => {
            let own = any(which)?;
            let old = catalog.name(own).into_owned();
            rename(catalog, own, &old, &new)
        }
        7 => rename_word(catalog, any(which)?, Word::Id, &format!("N{other}")),
        8 => {
            let references = match other % 3 {
                0 => References::Leave,
                1 => References::Remove,
                _ => References::Replace(any(other)?),
            };
            remove(catalog, any(which)?, references)
        }
        9 => duplicate(catalog, any(which)?, &format!("D{other}"), &new),
        10 => add(
            catalog,
            [Kind::Persona, Kind::Component, Kind::Person][which % 3],
            vec![("name".into(), Node::Text(new.as_str().into()))],
        ),
        _ => set_on_grants(catalog, &everybody, None, "auth", Some(&Node::Text("oauth2".into()))),
    }
    .ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_undone_is_as_it_was_and_what_is_redone_as_it_became(
        deeds in prop::collection::vec((0..12u8, 0..40usize, 0..40usize, 0..6u8), 1..14),
    ) {
        let mut now = first();
        let mut session = Session::default();
        // What is on the disk, as somebody who saves leaves it.
        let mut disk = texts(&now);
        let mut states = vec![texts(&now)];
        for (what, which, other, between) in deeds {
            let Some(deed) = deed(&now, what, which, other) else { continue };
            let before = texts(&now);
            let Ok(changes) = session.apply(&now, &deed.name, "12:00", &deed.edits) else { continue };
            now = now.with(&changes);
            let after = texts(&now);
            let errors = |catalog: &Catalog| {
                catalog.problems.iter().filter(|problem| problem.level == Level::Error).count()
            };
            prop_assert_eq!(errors(&now), 0, "{}: {:#?}", deed.name, now.problems);
            let named: Vec<&str> = changes.iter().map(|change| &*change.path).collect();
            for (path, text) in &before {
                let is_same = after.get(path) == Some(text);
                prop_assert_eq!(is_same, !named.contains(&path.as_str()), "{}: {}", deed.name, path);
            }
            if !changes.is_empty() {
                states.push(after);
            }
            match between {
                0 => {
                    let written = session.to_save(None);
                    for change in &written {
                        prop_assert_eq!(change.before.as_deref(), disk.get(&*change.path).map(String::as_str));
                        match &change.after {
                            Some(text) => drop(disk.insert(change.path.to_string(), text.to_string())),
                            None => drop(disk.remove(&*change.path)),
                        }
                    }
                    session.saved(&written);
                    prop_assert_eq!(session.unsaved().count(), 0);
                    prop_assert_eq!(&disk, states.last().expect("a state"));
                }
                1 => {
                    let kept = serde_json::to_string(&Journal::of(&session, "12:01")).expect("JSON");
                    let read: Journal = serde_json::from_str(&kept).expect("a journal");
                    session = read.session(true).expect("a session");
                }
                2 => {
                    // There and back again at once.
                    let turned = session.undo(&now);
                    prop_assert!(turned.is_ok() || states.len() == 1, "{:?}", turned);
                    if let Ok(turned) = turned {
                        now = now.with(&turned.changes);
                        prop_assert_eq!(&texts(&now), &states[states.len() - 2]);
                        let turned = session.redo(&now).expect("a step again");
                        now = now.with(&turned.changes);
                        prop_assert_eq!(&texts(&now), states.last().expect("a state"));
                    }
                }
                _ => {}
            }
        }
        for state in states.iter().rev().skip(1) {
            let turned = session.undo(&now).expect("a step back");
            now = now.with(&turned.changes);
            prop_assert_eq!(&texts(&now), state, "{}", turned.name);
        }
        prop_assert!(session.undo(&now).is_err());
        prop_assert_eq!(&texts(&now), &texts(&first()));
        for state in &states[1..] {
            let turned = session.redo(&now).expect("a step again");
            now = now.with(&turned.changes);
            prop_assert_eq!(&texts(&now), state, "{}", turned.name);
        }
        prop_assert!(session.redo(&now).is_err());
        // What is unsaved is what differs from the disk, and nothing else.
        let last = texts(&now);
        let unsaved: Vec<&str> = session.unsaved().map(|path| &**path).collect();
        let paths = last.keys().chain(disk.keys());
        for path in paths {
            let differs = last.get(path) != disk.get(path);
            prop_assert_eq!(unsaved.contains(&path.as_str()), differs, "{}", path);
        }
    }
}
