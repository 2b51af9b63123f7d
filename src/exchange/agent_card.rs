//! An agent card of the A2A protocol, 1.0 or 0.3, of an agent or a service.
//!
//! What the catalog does not know (where the agent is reached, which release it is, what it takes and
//! gives) is left open and named, never made up. Who answers, who can stop it, whom it escalates to and
//! what it may touch stand in an extension, with the fields of a card, as
//! `assets/schema/agent-governance-1.json` says; importing the card brings them back.

use serde_json::{Map, Value, json};

use crate::analysis::Analysis;
use crate::card::kinds::Mode;
use crate::card::words::Name;
use crate::catalog::{Actor, Grant, Named, PersonaId};

/// The name of the extension.
pub const EXTENSION: &str = "urn:persona-workbench:agent-governance:1";

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 0.3.
    V03,
    /// 1.0.
    V10,
}

/// What is said of the agent beside its card.
#[derive(Clone, Debug, Default)]
pub struct Service<'a> {
    /// Where it is reached.
    pub url: Option<&'a str>,
    /// How: `JSONRPC`, `GRPC` or `HTTP+JSON`.
    pub binding: Option<&'a str>,
    /// Which release it is.
    pub release: Option<&'a str>,
}

/// The agent card of a persona, and what it leaves open, as sentences.
///
/// # Errors
/// A sentence where the persona is a human one.
pub fn agent_card(
    analysis: &Analysis,
    persona: PersonaId,
    version: Version,
    service: &Service<'_>,
) -> Result<(Value, Vec<String>), String> {
    let catalog = &analysis.catalog;
    let own = &catalog.personas[persona.index()];
    if own.is_human() {
        return Err(format!(
            "{} is a human persona; agents and services have agent cards",
            catalog.label(persona.into())
        ));
    }
    let mut open = Vec::new();
    let mut field = |value: Option<&str>, what: &str| {
        value.map_or_else(
            || {
                open.push(what.to_owned());
                String::new()
            },
            str::to_owned,
        )
    };
    let description = field(own.description.as_deref(), "description: the card has none");
    let release =
        field(service.release, "version: which release of the agent this is; say so with --release");
    let url = field(service.url, "url: where the agent is reached; say so with --url");
    let binding = service
        .url
        .map(|_| field(service.binding, "binding: how it is reached there; say so with --binding"));
    field(None, "defaultInputModes and defaultOutputModes: what it takes and gives");
    let mut undescribed = Vec::new();
    let skills: Vec<Value> = own
        .skills
        .iter()
        .map(|skill| {
            let stated = &catalog.skills[skill.skill.index()];
            if stated.description.is_none() {
                undescribed.push(stated.name.to_string());
            }
            json!({
                "id": slug(stated.name.written()),
                "name": stated.name.written(),
                "description": stated.description.as_deref().unwrap_or_default(),
                "tags": [],
            })
        })
        .collect();
    if skills.is_empty() {
        open.push("skills: the card lists none".to_owned());
    }
    if !undescribed.is_empty() {
        open.push(format!("description of the skills {}: their cards have none", undescribed.join(", ")));
    }
    if analysis.facts.answerable[persona.index()].is_empty() {
        open.push("owner: no human answers for it; state one under `accountable`".to_owned());
    }
    let extension = json!({
        "uri": EXTENSION,
        "description": "Who answers for the agent, who can stop it, whom it escalates to, and what it may touch.",
        "required": false,
        "params": governance(analysis, persona),
    });
    let mut card = Map::new();
    let mut put = |key: &str, value: Value| {
        card.insert(key.to_owned(), value);
    };
    put("name", json!(own.name.written()));
    put("description", json!(description));
    put("version", json!(release));
    match version {
        Version::V10 => {
            let interfaces = binding
                .map(|binding| json!({"url": url, "protocolBinding": binding, "protocolVersion": "1.0"}));
            put("supportedInterfaces", json!(interfaces.into_iter().collect::<Vec<_>>()));
        }
        Version::V03 => {
            put("protocolVersion", json!("0.3.0"));
            put("url", json!(url));
            if let Some(binding) = binding.filter(|binding| !binding.is_empty()) {
                put("preferredTransport", json!(binding));
            }
        }
    }
    put("capabilities", json!({"extensions": [extension]}));
    put("defaultInputModes", json!([]));
    put("defaultOutputModes", json!([]));
    put("skills", json!(skills));
    Ok((Value::Object(card), open))
}

/// The parameters of the extension: the fields of the persona's card that say who it is, who answers and
/// what it may touch, and the chain that follows from them.
#[must_use]
pub fn governance(analysis: &Analysis, persona: PersonaId) -> Value {
    let catalog = &analysis.catalog;
    let settings = &catalog.settings;
    let own = &catalog.personas[persona.index()];
    let words = |names: &[Name]| json!(names.iter().map(Name::written).collect::<Vec<_>>());
    let mut part = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = match &value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        if !empty {
            part.insert(key.to_owned(), value);
        }
    };
    put("id", json!(own.id.written()));
    put("type", json!(own.persona_type.word()));
    put("aliases", words(&own.aliases));
    put("section", json!(own.section.as_ref().map(Name::written)));
    put("team", json!(own.team.map(|team| catalog.teams[team.index()].name.written())));
    put("accountable", json!(names(&own.accountable)));
    let answers: Vec<String> = analysis.facts.answerable[persona.index()]
        .iter()
        .map(|actor: &Actor| catalog.id((*actor).into()).into_owned())
        .collect();
    put("answers", json!(answers));
    put("escalates_to", json!(names(&own.escalates_to)));
    let mut stop = Map::new();
    if !own.override_by.is_empty() {
        stop.insert("by".to_owned(), json!(names(&own.override_by)));
    }
    if let Some(how) = &own.override_how {
        stop.insert("how".to_owned(), json!(how));
    }
    put("override", Value::Object(stop));
    put("monitored_by", json!(names(&own.monitored_by)));
    put("invokes", json!(names(&own.invokes)));
    if let Some(identity) = &own.identity {
        let mut fields = Map::new();
        for (key, value) in [("provider", &identity.provider), ("id", &identity.id)] {
            if let Some(value) = value {
                fields.insert(key.to_owned(), json!(value.written()));
            }
        }
        put("identity", Value::Object(fields));
    }
    let interactions = own.interactions.iter().map(|one| {
        let mut fields = Map::from_iter([("with".to_owned(), json!(one.name.written()))]);
        for (key, value) in [("protocol", &one.protocol), ("auth", &one.auth), ("cadence", &one.cadence)] {
            if let Some(value) = value {
                fields.insert(key.to_owned(), json!(value.written()));
            }
        }
        Value::Object(fields)
    });
    put("primary_interaction", json!(interactions.collect::<Vec<_>>()));
    let processes = own.processes.iter().map(|one| {
        let name = catalog.processes[one.process.index()].name.written();
        match one.responsibility {
            None => json!(name),
            Some(part) => json!({"process": name, "responsibility": part.word()}),
        }
    });
    put("processes", json!(processes.collect::<Vec<_>>()));
    let skills = own.skills.iter().map(|one| {
        let name = catalog.skills[one.skill.index()].name.written();
        match one.level {
            None => json!(name),
            Some(level) => json!({"skill": name, "level": level.index() + 1}),
        }
    });
    put("skills", json!(skills.collect::<Vec<_>>()));
    let access = own.grants.iter().map(|grant| grant_part(analysis, grant));
    put("component_access", json!(access.collect::<Vec<_>>()));
    let ladder = |names: &[Name]| names.iter().map(|name| name.written().to_owned()).collect::<Vec<_>>();
    put(
        "vocabulary",
        json!({
            "environments": ladder(&settings.environments),
            "access_levels": ladder(&settings.access_levels),
            "risk_levels": ladder(&settings.risk_levels),
        }),
    );
    Value::Object(part)
}

fn names<T>(all: &[Named<T>]) -> Vec<&str> {
    all.iter().map(|named| named.name.written()).collect()
}

/// A grant as a card states it, with the persona's defaults in place.
fn grant_part(analysis: &Analysis, grant: &Grant) -> Value {
    let settings = &analysis.catalog.settings;
    let words = |names: &[Name]| json!(names.iter().map(Name::written).collect::<Vec<_>>());
    let mut part = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            part.insert(key.to_owned(), value);
        }
    };
    let some = |names: &[Name]| (!names.is_empty()).then(|| words(names));
    put("component", Some(json!(analysis.catalog.id(grant.component.into()))));
    put("role", some(&grant.roles));
    put("level", grant.level.map(|level| json!(settings.level(level))));
    let environments: Vec<&str> =
        grant.environments.iter().map(|environment| settings.environment(environment)).collect();
    put("environments", (!environments.is_empty()).then(|| json!(environments)));
    put("tools", some(&grant.tools));
    put("mode", grant.mode.map(Mode::word).map(|word| json!(word)));
    put("phases", some(&grant.phases));
    put("max_risk", grant.max_risk.map(|risk| json!(settings.risk(risk))));
    put("max_duration", grant.max_duration.map(|most| json!(most.to_string())));
    put("starts", grant.starts.map(|day| json!(day.to_string())));
    put("expires", grant.expires.map(|day| json!(day.to_string())));
    put("auth", grant.auth.as_ref().map(|auth| json!(auth.written())));
    put("approval", (!grant.approval.is_empty()).then(|| json!(names(&grant.approval))));
    put("reason", grant.reason.as_ref().map(|reason| json!(reason)));
    Value::Object(part)
}

/// "web-application-architecture": letters and digits, all else a dash.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{analysis, analysis_of};
    use crate::card::edit::card_text;
    use crate::exchange::import::{Source, guess, words::Vocabulary};

    const BOT: &str = "kind: Persona\nid: P1\nname: Bot \"one\"\naliases: [B]\ntype: agent\nteam: Red\nsection: Dev\ndescription: Does it.\nprimary_interaction: [{with: Other, protocol: a2a, auth: oauth2}, Blue]\ngrant_defaults: {mode: jit, auth: managed-identity}\ncomponent_access:\n- Lake\n- {component: Store, role: [Reader, Odd], level: write, environments: [dev, prod], tools: ['*'], phases: [test], max_risk: medium, max_duration: 90m, starts: 2026-01-01, expires: 2027-01-01, approval: [H, Ana], reason: for trial}\nprocesses: [Build, {process: Run, responsibility: consulted}]\nskills: [SQL, {skill: Python, level: 3}]\nidentity: {provider: entra, id: x-1}\naccountable: P2\nescalates_to: [P2, H]\noverride: {by: H, how: pull the plug}\ninvokes: [P2]\nmonitored_by: P2\n";
    const REST: &str = "kind: PersonaList\nitems: [{id: P2, name: Other, type: service, accountable: H}, {id: H, name: Human}]\n---\nkind: PersonList\nitems: [{name: Ana, personas: [H]}]\n";

    /// The agent card, imported again in the place of the card it came from.
    fn back(text: &str, version: Version) -> (Analysis, Analysis) {
        let before = analysis_of(&[("a.yaml", text), ("b.yaml", REST)]);
        let (card, _) = agent_card(&before, PersonaId::from_index(0), version, &Service::default())
            .unwrap_or_else(|why| panic!("{why}"));
        let bytes = card.to_string().into_bytes();
        let source = Source { path: "agent-card.json", bytes: &bytes };
        let format = guess(&source).unwrap_or_else(|| panic!("it looks like nothing: {card}"));
        assert_eq!(format.name, "a2a");
        let reading = (format.read)(&source, &Vocabulary::of(&before.catalog));
        assert_eq!(reading.unread, [], "{card}");
        let text = card_text("Persona", &reading.drafts[0].fields);
        (before, analysis_of(&[("a.yaml", &text), ("b.yaml", REST)]))
    }

    #[test]
    fn imported_again_it_is_the_same_agent() {
        for version in [Version::V03, Version::V10] {
            let (before, after) = back(BOT, version);
            assert!(after.catalog.problems.is_empty(), "{:?}", after.catalog.problems);
            let first = PersonaId::from_index(0);
            assert_eq!(governance(&before, first), governance(&after, first));
            let (old, new) = (&before.catalog.personas[0], &after.catalog.personas[0]);
            assert_eq!((&old.name, &old.description), (&new.name, &new.description));
            let levels = |analysis: &Analysis| {
                let grants = analysis.catalog.personas[0].grants.iter();
                grants.map(|grant| (grant.highest_level(), grant.max_duration)).collect::<Vec<_>>()
            };
            assert_eq!(levels(&before), levels(&after));
            let (least, _) = back("kind: Persona\nname: Bare\ntype: service\n", version);
            assert!(least.catalog.problems.is_empty());
        }
    }

    #[test]
    fn what_is_not_known_is_left_open_and_said() {
        let analysis = analysis(&format!("{BOT}---\n{REST}"));
        let first = PersonaId::from_index(0);
        let (card, open) =
            agent_card(&analysis, first, Version::V10, &Service::default()).unwrap_or_default();
        assert_eq!((&card["supportedInterfaces"], &card["version"]), (&json!([]), &json!("")));
        assert!(open.iter().any(|what| what.starts_with("url:")), "{open:?}");
        let service = Service { url: Some("https://x.example"), binding: Some("GRPC"), release: Some("1.2") };
        let (card, open) = agent_card(&analysis, first, Version::V10, &service).unwrap_or_default();
        assert_eq!(card["supportedInterfaces"][0]["protocolBinding"], "GRPC");
        assert!(
            open.iter().all(|what| !what.starts_with("url:") && !what.starts_with("version:")),
            "{open:?}"
        );
        let human = agent_card(&analysis, PersonaId::from_index(2), Version::V10, &service);
        assert!(human.is_err_and(|why| why.contains("human persona")));
        assert_eq!(slug("Web application (front end/back end)"), "web-application-front-end-back-end");
    }
}
