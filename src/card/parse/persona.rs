//! Personas: the six fields, grants in their short and long forms, and what agents owe.

use super::*;
use crate::card::fields::GRANT;

pub(super) fn persona(header: Header, fields: &mut Fields<'_>) -> PersonaCard {
    let persona_type = fields.choice("type", &PersonaType::ALL, PersonaType::word).unwrap_or_default();
    let section = fields.name("section");
    let team = fields.name("team");
    let color = fields.text("color");
    let primary_interaction =
        each(fields, "primary_interaction", "with", "interaction", |with, inner, at| InteractionCard {
            with,
            protocol: inner.name("protocol"),
            auth: inner.name("auth"),
            cadence: inner.name("cadence"),
            at,
        });
    let grant_defaults = match fields.value("grant_defaults") {
        None => GrantFields::default(),
        Some(Node::Map(entries)) => {
            let path = fields.path().key("grant_defaults");
            let mut inner = Fields::new(entries, path, "grant", fields.found());
            let defaults = grant_fields(&mut inner);
            inner.finish();
            defaults
        }
        Some(node) => {
            fields.found().error(
                fields.path().key("grant_defaults"),
                format!("`grant_defaults` should be a mapping, but is {}", node.what()),
                "Write the fields of a grant, such as {mode: jit}.",
            );
            GrantFields::default()
        }
    };
    let component_access = grants(fields);
    let processes = each(fields, "processes", "process", "process", |process, inner, at| {
        let responsibility = inner.choice("responsibility", &Responsibility::ALL, Responsibility::word);
        ProcessPartCard { process, responsibility, at }
    });
    let skills = skills(fields);
    let work_items = each(fields, "work_items", "id", "work item", |id, inner, at| WorkItemCard {
        id,
        item_type: inner.name("type"),
        title: inner.text("title"),
        parent: inner.name("parent"),
        at,
    });
    let identity = identity(fields);
    let accountable = fields.listed("accountable");
    let escalates_to = fields.listed("escalates_to");
    let (override_by, override_how, override_has_by) = overrides(fields);
    PersonaCard {
        header,
        persona_type,
        section,
        team,
        color,
        primary_interaction,
        grant_defaults,
        component_access,
        processes,
        skills,
        work_items,
        identity,
        accountable,
        escalates_to,
        override_by,
        override_has_by,
        override_how,
        invokes: fields.listed("invokes"),
        monitored_by: fields.listed("monitored_by"),
    }
}

pub(super) fn identity(fields: &mut Fields<'_>) -> Option<IdentityCard> {
    let path = fields.path().key("identity");
    match fields.value("identity")? {
        Node::Text(text) => Some(IdentityCard { provider: None, id: Some(fields.found().word(text)) }),
        Node::Map(entries) => {
            let mut inner = Fields::new(entries, path, "identity", fields.found());
            let identity = IdentityCard { provider: inner.name("provider"), id: inner.name("id") };
            inner.finish();
            Some(identity)
        }
        node => {
            fields.found().error(
                path,
                format!("`identity` should be a mapping, but is {}", node.what()),
                "Write {provider: entra, id: ...}.",
            );
            None
        }
    }
}

pub(super) fn overrides(fields: &mut Fields<'_>) -> (Vec<Listed>, Option<String>, bool) {
    if let Some(Node::Map(entries)) = fields.value("override") {
        let path = fields.path().key("override");
        let mut inner = Fields::new(entries, path, "override", fields.found());
        let by = inner.listed("by");
        let how = inner.text("how");
        inner.finish();
        return (by, how, true);
    }
    (fields.listed("override"), None, false)
}

pub(super) fn grant_fields(fields: &mut Fields<'_>) -> GrantFields {
    let roles = fields.either("role", "roles");
    let phases = fields.either("phases", "phase");
    GrantFields {
        level_or_roles: Vec::new(),
        level: fields.name("level"),
        roles,
        environments: fields.environments(),
        tools: fields.names("tools"),
        mode: fields.choice("mode", &Mode::ALL, Mode::word),
        phases,
        max_risk: fields.name("max_risk"),
        max_duration: fields.duration("max_duration"),
        starts: fields.date("starts"),
        expires: fields.date("expires"),
        auth: fields.name("auth"),
        approval: fields.listed("approval"),
        reason: fields.text("reason"),
    }
}

/// A grant or a use in one of its short forms, or as a mapping with `component`.
#[expect(clippy::large_enum_variant, reason = "it is taken apart as soon as it is made")]
pub(super) enum Shorthand<'n> {
    Name(Name),
    Words(Name, Vec<Name>),
    Fields(Name, Fields<'n>),
}

pub(super) fn shorthand<'n>(
    fields: &Fields<'n>,
    what: &'static str,
    path: FieldPath,
    node: &'n Node,
) -> Option<Shorthand<'n>> {
    let found = fields.found();
    let entries = match node {
        Node::Map(entries) if node.get("component").is_none() => entries,
        _ => {
            let (name, inner) = named(fields, "component", what, path, node)?;
            return Some(match node {
                Node::Text(_) => Shorthand::Name(name),
                _ => Shorthand::Fields(name, inner),
            });
        }
    };
    let mut stated = entries.iter().enumerate().filter(|(_, (key, _))| !is_free(key));
    let hint = "Write `NAME: read`, or a mapping with `component: NAME`.";
    let (Some((place, (key, value))), None) = (stated.next(), stated.next()) else {
        found.error(path, format!("a {what} here does not say which `component`"), hint);
        return None;
    };
    let name = found.word(key);
    if name.is_empty() || GRANT.field(key).is_some() {
        found.error(path, format!("a {what} here does not say which `component`"), hint);
        return None;
    }
    let path = path.index(u32::try_from(place).unwrap_or(u32::MAX));
    match value {
        Node::Null => Some(Shorthand::Name(name)),
        Node::Text(word) => Some(Shorthand::Words(name, vec![found.word(word)])),
        Node::Map(inner) => Some(Shorthand::Fields(name, Fields::new(inner, path, what, found))),
        Node::List(words) if words.iter().all(|word| matches!(word, Node::Text(_))) => {
            let words = words.iter().filter_map(|word| match word {
                Node::Text(word) => Some(found.word(word)),
                _ => None,
            });
            Some(Shorthand::Words(name, words.collect()))
        }
        other => {
            found.error(
                path,
                format!(
                    "what `{name}` is granted should be a level, a role or a mapping, but is {}",
                    other.what()
                ),
                hint,
            );
            None
        }
    }
}

pub(super) fn grants(fields: &mut Fields<'_>) -> Vec<GrantCard> {
    let items = fields.items("component_access");
    exactly(items.filter_map(|(at, path, node)| {
        Some(match shorthand(fields, "grant", path, node)? {
            Shorthand::Name(component) => GrantCard { component, fields: GrantFields::default(), at },
            Shorthand::Words(component, level_or_roles) => {
                GrantCard { component, fields: GrantFields { level_or_roles, ..GrantFields::default() }, at }
            }
            Shorthand::Fields(component, mut inner) => {
                let grant = grant_fields(&mut inner);
                inner.finish();
                GrantCard { component, fields: grant, at }
            }
        })
    }))
}

pub(super) fn uses(fields: &mut Fields<'_>) -> Vec<UseCard> {
    let items = fields.items("uses");
    let bare =
        |component, level, at| UseCard { component, level, environments: Vec::new(), tools: Vec::new(), at };
    exactly(items.filter_map(|(at, path, node)| {
        Some(match shorthand(fields, "use", path, node)? {
            Shorthand::Name(component) => bare(component, None, at),
            Shorthand::Words(component, words) => bare(component, words.into_iter().next(), at),
            Shorthand::Fields(component, mut inner) => {
                let level = inner.name("level");
                let environments = inner.environments();
                let tools = inner.names("tools");
                inner.finish();
                UseCard { component, level, environments, tools, at }
            }
        })
    }))
}

pub(super) fn skills(fields: &mut Fields<'_>) -> Vec<SkillCardRef> {
    each(fields, "skills", "skill", "skill", |skill, inner, at| SkillCardRef {
        skill,
        level: inner.skill_level("level"),
        at,
    })
}
