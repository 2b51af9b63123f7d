//! Components, skills, people, scenarios and decisions.

use super::persona::skills;
use super::*;

pub(super) fn component(header: Header, fields: &mut Fields<'_>) -> ComponentCard {
    ComponentCard {
        header,
        platform: fields.name("platform"),
        layer: fields.name("layer"),
        roles: roles(fields),
        skills: each(fields, "skills", "skill", "skill", |skill, inner, at| ComponentSkillCard {
            skill,
            from: inner.name("from"),
            level: inner.skill_level("level"),
            at,
        }),
        tools: words_to_levels(fields, "tools"),
        auth: fields.names("auth"),
        audit_log: fields.text("audit_log"),
        flows_to: each(fields, "flows_to", "component", "flow", |component, inner, at| FlowCard {
            component,
            label: inner.text("label"),
            at,
        }),
        alternatives: each(fields, "alternatives", "component", "alternative", |component, inner, at| {
            AlternativeCard { component, removes: inner.listed("removes"), at }
        }),
        role_table: fields.text("role_table"),
    }
}

pub(super) fn roles(fields: &mut Fields<'_>) -> Vec<RoleCard> {
    each(fields, "roles", "name", "role", |name, inner, at| RoleCard {
        name,
        level: inner.name("level"),
        environments: inner.environments(),
        at,
    })
}

pub(super) fn skill(header: Header, fields: &mut Fields<'_>) -> SkillCard {
    let implies = fields.listed("implies");
    let mut learn = Vec::new();
    for (at, path, node) in fields.items("learn") {
        match node {
            Node::Text(text) if text.contains("://") => {
                learn.push(CourseCard { title: None, url: Some(text.to_string()), at });
            }
            Node::Text(text) => learn.push(CourseCard { title: Some(text.to_string()), url: None, at }),
            Node::Map(entries) => {
                let mut inner = Fields::new(entries, path, "course", fields.found());
                learn.push(CourseCard { title: inner.text("title"), url: inner.text("url"), at });
                inner.finish();
            }
            _ => fields.found().error(
                path,
                format!("a course should be a mapping, but is {}", node.what()),
                "Write {title: ..., url: ...}.",
            ),
        }
    }
    SkillCard { header, implies, learn }
}

pub(super) fn person(header: Header, fields: &mut Fields<'_>) -> PersonCard {
    let personas = each(fields, "personas", "persona", "persona", |persona, inner, at| EmbodiedCard {
        persona,
        context: inner.text("context"),
        at,
    });
    let skills = skills(fields);
    let active = fields.flag("active").unwrap_or(true);
    let stated = fields.number("allocation");
    let allocation = stated.filter(|share| *share > 0.0 && share.is_finite());
    if stated.is_some() && allocation.is_none() {
        fields.found().warning(
            fields.path().key("allocation"),
            "`allocation` is no share of a full week".to_owned(),
            "Write a number above 0, such as 0.5 for half a week; somebody who is away has `active: false`.",
        );
    }
    PersonCard { header, personas, skills, active, allocation: allocation.unwrap_or(1.0) }
}

pub(super) fn scenario(header: Header, fields: &mut Fields<'_>) -> ScenarioCard {
    let router = fields.listed("router");
    let items = fields.items("triggers");
    let triggers = exactly(items.filter_map(|(at, path, node)| {
        let (change, mut inner) = match node {
            Node::Map(entries) => {
                let mut inner = Fields::new(entries, path, "trigger", fields.found());
                (inner.name("change"), inner)
            }
            _ => {
                let (change, inner) = named(fields, "change", "trigger", path, node)?;
                (Some(change), inner)
            }
        };
        let trigger = TriggerCard {
            change,
            phase: inner.name("phase"),
            risk: inner.name("risk"),
            route: inner.listed("route"),
            joins: inner.listed("joins"),
            leaves: inner.listed("leaves"),
            at,
        };
        inner.finish();
        Some(trigger)
    }));
    ScenarioCard { header, router, triggers }
}

pub(super) fn decision(fields: &mut Fields<'_>) -> DecisionCard {
    fields.skip("name");
    fields.skip("id");
    let path = fields.path().key("finding");
    let (mut rule, mut subject, mut object, mut environment) = (None, None, None, None);
    match fields.value("finding") {
        Some(Node::Map(entries)) => {
            let mut inner = Fields::new(entries, path, "finding", fields.found());
            rule = inner.name("rule");
            subject = entity(&mut inner, "subject");
            object = entity(&mut inner, "object");
            environment = inner.environments().into_iter().next();
            inner.finish();
        }
        Some(node) => fields.found().error(
            path,
            format!("`finding` should be a mapping, but is {}", node.what()),
            "Write {rule: ..., subject: ...}.",
        ),
        None => missing(fields, "finding", "this decision does not say which finding it is about"),
    }
    let action = fields.choice("action", &DecisionAction::ALL, DecisionAction::word);
    DecisionCard {
        rule,
        subject,
        object,
        environment,
        action,
        reason: fields.text("reason"),
        by: fields.name("by"),
        decided: fields.date("decided"),
        until: fields.date("until"),
        work_item: fields.name("work_item"),
    }
}

/// A name, or `{skill: NAME}` where two kinds share it.
pub(super) fn entity(fields: &mut Fields<'_>, key: &'static str) -> Option<EntityCardRef> {
    match fields.value(key)? {
        Node::Map(entries) => match entries.as_slice() {
            [(kind, Node::Text(name))] => {
                Some(EntityCardRef { kind: Some(fields.found().word(kind)), name: fields.found().word(name) })
            }
            _ => {
                fields.found().error(
                    fields.path().key(key),
                    format!("`{key}` should name one entity"),
                    "Write its id or name, or {skill: NAME} where two kinds share the name.",
                );
                None
            }
        },
        _ => Some(EntityCardRef { kind: None, name: fields.name(key)? }),
    }
}

/// `{Reader: read}`, or a list of bare names and such mappings.
pub(super) fn words_to_levels(fields: &mut Fields<'_>, key: &'static str) -> Vec<(Name, Option<Name>)> {
    let mut out = Vec::new();
    for (_, path, node) in fields.items(key) {
        match node {
            Node::Text(text) => out.push((fields.found().word(text), None)),
            Node::Map(entries) => {
                for (place, (name, level)) in entries.iter().enumerate() {
                    if is_free(name) {
                        continue;
                    }
                    let level = match level {
                        Node::Null => None,
                        Node::Text(level) => Some(fields.found().word(level)),
                        other => {
                            fields.found().error(
                                path.index(u32::try_from(place).unwrap_or(u32::MAX)),
                                format!("the level of `{name}` should be a word, but is {}", other.what()),
                                "Write one of the catalog's access levels.",
                            );
                            None
                        }
                    };
                    out.push((fields.found().word(name), level));
                }
            }
            _ => fields.found().error(
                path,
                format!("`{key}` should be a mapping or names, but is {}", node.what()),
                "Write one `name: level` a line.",
            ),
        }
    }
    out
}
