//! The Cedar policies of `persona policy` against what the analysis says, on drawn requests: decided by the
//! reference implementation of Cedar, for the example, generated catalogs, and one with hostile names.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::sync::Arc;

use cedar_policy::{
    Authorizer, Context as CedarContext, Decision, Entities, EntityId, EntityUid, PolicySet, Request, Schema,
    ValidationMode, Validator,
};
use jiff::civil::{Date, date};
use persona_workbench::analysis::Analysis;
use persona_workbench::analysis::effective::{Context, access_on, phases};
use persona_workbench::analysis::routes::asks::{Ask, Setting, nearest};
use persona_workbench::audit::simulate::chance::Chance;
use persona_workbench::card::parse_text;
use persona_workbench::card::words::Name;
use persona_workbench::catalog::{Actor, ComponentId, Grant, Input, Level, PersonaId, build};
use persona_workbench::exchange::policy::{CEDAR_SCHEMA, find};
use persona_workbench::store;
use serde_json::{Map, Value, json};

const DAY: Date = date(2026, 11, 23);

fn read(folder: &Path) -> Analysis {
    let root = store::find(Some(folder), folder).expect("a catalog");
    let loaded = store::load(&root).expect("files");
    let input = Input {
        folder: loaded.folder,
        path: loaded.root.shown,
        files: loaded.files,
        problems: loaded.problems,
    };
    Analysis::of(Arc::new(build(input)), DAY)
}

fn of_text(text: &str) -> Analysis {
    let files = vec![Arc::new(parse_text("a.yaml", text))];
    let input = Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() };
    Analysis::of(Arc::new(build(input)), DAY)
}

/// All that a request states.
#[derive(Clone, Debug)]
struct Asked {
    component: ComponentId,
    environment: usize,
    level: Level,
    tool: Name,
    phase: Name,
    risk: Level,
    day: Date,
    activated: bool,
    approved_by: Vec<Actor>,
}

fn drawn(analysis: &Analysis, persona: PersonaId, chance: &mut Chance) -> Asked {
    let catalog = &analysis.catalog;
    let settings = &catalog.settings;
    let grants = &catalog.personas[persona.index()].grants;
    let grant = chance.one_of(grants);
    let known = grant.filter(|_| chance.percent(85)).map(|grant| grant.component);
    let component = known.unwrap_or_else(|| {
        let any = chance.one_of(&catalog.components).expect("one at least");
        catalog.find_component(&any.name).expect("its own")
    });
    let mut tools: Vec<Name> =
        catalog.components[component.index()].tools.iter().map(|(tool, _)| tool.clone()).collect();
    // What no card declares is spelt as the grant does.
    let listed = grants.iter().filter(|grant| grant.component == component).flat_map(|grant| &grant.tools);
    for tool in listed.filter(|tool| !tool.is("*")) {
        if !tools.contains(tool) {
            tools.push(tool.clone());
        }
    }
    tools.push(Name::new("another tool"));
    let mut all_phases = phases(catalog);
    all_phases.push(Name::new("another phase"));
    let edges: Vec<Date> = grants.iter().flat_map(|grant| [grant.starts, grant.expires]).flatten().collect();
    let day = chance.one_of(&edges).copied().unwrap_or(DAY);
    let day = match chance.below(3) {
        0 => day.yesterday().expect("a day"),
        1 => day.tomorrow().expect("a day"),
        _ => day,
    };
    let named: Vec<Actor> =
        grants.iter().flat_map(|grant| &grant.approval).filter_map(|named| named.target).collect();
    let mut approved_by = Vec::new();
    if chance.percent(60) {
        approved_by.extend(chance.one_of(&named).copied());
    }
    if chance.percent(40) {
        let any = chance.one_of(&catalog.people).and_then(|any| catalog.find_person(&any.name));
        approved_by.extend(any.map(Actor::Person));
    }
    let level =
        |chance: &mut Chance, words: &[Name]| Level(u8::try_from(chance.below(words.len())).expect("few"));
    Asked {
        component,
        environment: chance.below(settings.environments.len()),
        level: level(chance, &settings.access_levels),
        tool: chance.one_of(&tools).expect("one at least").clone(),
        phase: chance.one_of(&all_phases).expect("one at least").clone(),
        risk: level(chance, &settings.risk_levels),
        day,
        activated: chance.percent(70),
        approved_by,
    }
}

/// What the analysis says: the grants that hold, at once or once activated, and what an access takes of one.
fn may(analysis: &Analysis, persona: PersonaId, asked: &Asked) -> bool {
    let context = Context {
        environment: Some(asked.environment),
        phase: Some(asked.phase.clone()),
        risk: Some(asked.risk),
    };
    let access = access_on(analysis, persona, &context, asked.day);
    let grants = &analysis.catalog.personas[persona.index()].grants;
    let activated = access.activated.iter().filter(|_| asked.activated);
    access.at_once.iter().chain(activated).map(|place| &grants[*place]).any(|grant| {
        let level = grant.level_in(asked.environment);
        let approved =
            grant.approval.is_empty() || asked.approved_by.iter().any(|by| counts(analysis, grant, *by));
        let tool = grant.tools.is_empty() || grant.has_every_tool() || grant.tools.contains(&asked.tool);
        grant.component == asked.component
            && level.is_none_or(|level| asked.level <= level)
            && tool
            && approved
    })
}

fn counts(analysis: &Analysis, grant: &Grant, by: Actor) -> bool {
    grant.approval.iter().filter_map(|named| named.target).any(|named| match (named, by) {
        (Actor::Persona(persona), Actor::Person(person)) => {
            analysis.facts.embodied_by[persona.index()].contains(&person)
        }
        (named, by) => named == by,
    })
}

fn context(analysis: &Analysis, asked: &Asked) -> Map<String, Value> {
    let catalog = &analysis.catalog;
    let by = |actor: &Actor| match actor {
        Actor::Persona(id) => format!("persona:{}", catalog.id((*id).into())),
        Actor::Person(id) => format!("person:{}", catalog.id((*id).into())),
    };
    let day = i64::from(asked.day.year()) * 10_000
        + i64::from(asked.day.month()) * 100
        + i64::from(asked.day.day());
    let fields = json!({
        "environment": catalog.settings.environment(asked.environment),
        "level": asked.level.0,
        "tool": asked.tool.written(),
        "phase": asked.phase.written(),
        "risk": asked.risk.0,
        "day": day,
        "activated": asked.activated,
        "approved_by": asked.approved_by.iter().map(by).collect::<Vec<_>>(),
    });
    fields.as_object().expect("an object").clone()
}

struct Cedar {
    schema: Schema,
    policies: PolicySet,
    /// The same beside a policy that permits everything to everybody.
    open: PolicySet,
}

impl Cedar {
    fn of(analysis: &Analysis, persona: PersonaId) -> Self {
        let written = (find("cedar").expect("the format").write)(analysis, persona, &Context::default());
        let text = written.text;
        let policies: PolicySet = text.parse().unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        let (schema, _) = Schema::from_cedarschema_str(CEDAR_SCHEMA).expect("a schema");
        let result = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        assert!(result.validation_passed(), "{result}\n{text}");
        let open = format!("{text}\npermit (principal, action, resource);\n").parse().expect("policies");
        Self { schema, policies, open }
    }

    fn permits(&self, policies: &PolicySet, who: &str, what: &str, context: Map<String, Value>) -> bool {
        let uid = |kind: &str, id: &str| {
            EntityUid::from_type_name_and_id(kind.parse().expect("a type"), EntityId::new(id))
        };
        let shown = format!("{who} {what} {context:?}");
        let context = CedarContext::from_json_value(Value::Object(context), None).expect("a context");
        let request = Request::new(
            uid("Persona", who),
            uid("Action", "access"),
            uid("Component", what),
            context,
            Some(&self.schema),
        )
        .expect("a request of the schema");
        let answer = Authorizer::new().is_authorized(&request, policies, &Entities::empty());
        assert_eq!(answer.diagnostics().errors().count(), 0, "{shown}");
        answer.decision() == Decision::Allow
    }
}

/// Requests that were permitted, and that were not.
fn compare(analysis: &Analysis, seed: u64, requests: usize) -> (usize, usize) {
    let catalog = &analysis.catalog;
    let (mut permitted, mut denied) = (0, 0);
    for (index, own) in catalog.personas.iter().enumerate() {
        let persona = catalog.find_persona(&own.id).expect("its own");
        let cedar = Cedar::of(analysis, persona);
        let who = own.id.written();
        for number in 0..requests {
            let mut chance = Chance::new(seed, index as u64, number);
            let asked = drawn(analysis, persona, &mut chance);
            let what = catalog.id(asked.component.into());
            let whole = context(analysis, &asked);
            let wanted = may(analysis, persona, &asked);
            assert_eq!(cedar.permits(&cedar.policies, who, &what, whole.clone()), wanted, "{who}: {asked:?}");
            assert_eq!(
                cedar.permits(&cedar.open, who, &what, whole.clone()),
                wanted,
                "{who}, beside others: {asked:?}"
            );
            assert!(!cedar.permits(&cedar.policies, "somebody else", &what, whole.clone()));
            *(if wanted { &mut permitted } else { &mut denied }) += 1;
            // What a request leaves out is never taken for granted.
            let mut part = whole;
            part.retain(|_, _| chance.percent(70));
            if cedar.permits(&cedar.policies, who, &what, part.clone()) {
                let approved_by = asked.approved_by.iter().copied();
                let has = |key: &str| part.contains_key(key);
                let ask = Ask {
                    component: asked.component,
                    environment: has("environment").then_some(asked.environment),
                    level: has("level").then_some(asked.level),
                    tool: has("tool").then(|| asked.tool.clone()),
                };
                let setting = Setting {
                    phase: has("phase").then(|| asked.phase.clone()),
                    risk: has("risk").then_some(asked.risk),
                    day: asked.day,
                };
                let admits = |by: Option<Actor>| {
                    nearest(analysis, persona, &ask, &setting, by).is_some_and(|(_, lacks)| lacks.is_empty())
                };
                let by: Vec<Option<Actor>> = approved_by.map(Some).chain([None]).collect();
                assert!(!has("day") || by.into_iter().any(admits), "{who}: {part:?}");
            }
        }
    }
    (permitted, denied)
}

#[test]
fn the_example_is_permitted_and_forbidden_what_the_analysis_says() {
    let analysis = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("personas"));
    let (permitted, denied) = compare(&analysis, 1, 150);
    assert!(permitted > 40 && denied > 400, "{permitted} {denied}");
}

#[test]
fn generated_catalogs_are_too() {
    for seed in [1_u8, 2] {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("catalog");
        let done = assert_cmd::Command::cargo_bin("persona")
            .expect("the program")
            .args(["generate", "--personas", "25", "--seed", &seed.to_string()])
            .arg(&place)
            .output()
            .expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let (permitted, denied) = compare(&read(&place), u64::from(seed), 40);
        assert!(permitted > 40 && denied > 200, "{permitted} {denied}");
    }
}

/// Every condition at once, and names that would end a string, a comment or a policy.
const HOSTILE: &str = "kind: Catalog
environments: [dev, 'st\"age', \"pr\\nod\\u202e\"]
---
kind: PersonaList
items:
- id: \"A\\\") ; permit (principal, action, resource); //\\n\"
  name: \"n\\nforbid\\u2028x\"
  type: agent
  component_access:
  - {component: \"S\\\\\\\"*\", level: write, environments: [dev, 'st\"age'], mode: jit, phases: [Test, \"de\\\"ploy\"], max_risk: medium, starts: 2026-11-20, expires: 2026-11-25, approval: [H, \"An\\\"a\"], reason: \"\\\"; x\"}
  - {component: \"S\\\\\\\"*\", role: Odd, tools: [run, 'dr\"op']}
  - {component: T, role: Mixed, environments: [dev, 'st\"age'], mode: eligible}
  - {component: T, level: read, approval: Nobody}
  - {component: U, approval: Nobody}
  - V
- {id: H, name: Human}
- {id: Bare, name: Bare}
---
kind: ComponentList
items:
- {name: \"S\\\\\\\"*\", tools: {RUN: read, 'dr\"op': write}}
- {name: T, roles: [{name: Mixed, level: admin, environments: [dev]}, {name: Mixed, level: read, environments: ['st\"age']}]}
- {name: W}
---
kind: PersonList
items: [{name: \"An\\\"a\", personas: [H]}, {name: Bo, personas: [H], active: false}]
";

#[test]
fn hostile_names_and_every_condition_are_too() {
    let analysis = of_text(HOSTILE);
    assert!(
        analysis.catalog.personas.len() == 3 && analysis.catalog.problems.is_empty(),
        "{:?}",
        analysis.catalog.problems
    );
    let (permitted, denied) = compare(&analysis, 3, 1_500);
    assert!(permitted > 100 && denied > 1_000, "{permitted} {denied}");
    let first = analysis.catalog.find_persona(&analysis.catalog.personas[0].id).expect("its own");
    let text = (find("cedar").expect("the format").write)(&analysis, first, &Context::default());
    assert!(text.text.lines().all(|line| !line.starts_with("forbid\u{2028}") && !line.contains('\u{202e}')));
    assert_eq!(text.remarks.len(), 2, "{:?}", text.remarks);
}
