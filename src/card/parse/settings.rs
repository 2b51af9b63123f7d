//! The catalog's own card.

use super::things::words_to_levels;
use super::*;

pub(super) fn catalog(fields: &mut Fields<'_>) -> CatalogCard {
    let name = fields.name("name");
    let description = fields.notes();
    let environments = fields.environments();
    let access_levels = fields.names("access_levels");
    let risk_levels = fields.names("risk_levels");
    let skill_levels = fields.names("skill_levels");
    let roles = fields.value("roles").is_some().then(|| words_to_levels(fields, "roles"));
    let persona_count = match fields.value("persona_count") {
        None => (None, None),
        Some(Node::Map(entries)) => {
            let path = fields.path().key("persona_count");
            let mut inner = Fields::new(entries, path, "persona count", fields.found());
            let range = (inner.whole("min"), inner.whole("max"));
            inner.finish();
            range
        }
        Some(node) => {
            fields.found().error(
                fields.path().key("persona_count"),
                format!("`persona_count` should be a mapping, but is {}", node.what()),
                "Write {min: 5, max: 10}.",
            );
            (None, None)
        }
    };
    let rules = rules(fields);
    let separation_of_duties = duty_sets(fields);
    let exclude = fields.names("exclude").iter().map(|name| name.written().to_owned()).collect();
    CatalogCard {
        name,
        description,
        environments,
        access_levels,
        risk_levels,
        skill_levels,
        roles,
        persona_count,
        rules,
        separation_of_duties,
        exclude,
    }
}

pub(super) fn rules(fields: &mut Fields<'_>) -> Vec<(Name, Name)> {
    let path = fields.path().key("rules");
    match fields.value("rules") {
        None => Vec::new(),
        Some(Node::Map(entries)) => entries
            .iter()
            .enumerate()
            .filter(|(_, (rule, _))| !is_free(rule))
            .filter_map(|(place, (rule, severity))| match severity {
                Node::Text(word) => Some((Name::new(rule), Name::new(word))),
                // Older YAML reads `off` as false, and so do some editors that rewrite files.
                Node::Bool(false) => Some((Name::new(rule), Name::new("off"))),
                Node::Null => None,
                other => {
                    fields.found().error(
                        path.index(u32::try_from(place).unwrap_or(u32::MAX)),
                        format!("the severity of `{rule}` should be a word, but is {}", other.what()),
                        "Write critical, high, medium, low, info, or off.",
                    );
                    None
                }
            })
            .collect(),
        Some(node) => {
            fields.found().error(
                path,
                format!("`rules` should be a mapping, but is {}", node.what()),
                "Write one `rule: severity` a line.",
            );
            Vec::new()
        }
    }
}

pub(super) fn duty_sets(fields: &mut Fields<'_>) -> Vec<DutySetCard> {
    each(fields, "separation_of_duties", "name", "set of duties", |name, inner, at| {
        let mut duties = Vec::new();
        for (at, path, node) in inner.items("duties") {
            match node {
                Node::Text(text) => {
                    let process = Some(inner.found().word(text)).filter(|name| !name.is_empty());
                    if process.is_none() {
                        inner.found().error(
                            path,
                            "a duty here has no name".to_owned(),
                            "Write the name of a process.",
                        );
                        continue;
                    }
                    duties.push(DutyCard { process, component: None, level: None, at });
                }
                Node::Map(entries) => {
                    let mut duty = Fields::new(entries, path, "duty", inner.found());
                    let process = duty.name("process");
                    let component = duty.name("component");
                    let level = duty.name("level");
                    duty.finish();
                    if process.is_none() && component.is_none() {
                        inner.found().error(
                            path,
                            "a duty here names neither a process nor a component".to_owned(),
                            "Write {process: NAME}, or {component: NAME, level: write}.",
                        );
                        continue;
                    }
                    duties.push(DutyCard { process, component, level, at });
                }
                _ => inner.found().error(
                    path,
                    format!("a duty should be a mapping, but is {}", node.what()),
                    "Write {process: NAME}, or {component: NAME, level: write}.",
                ),
            }
        }
        DutySetCard { name, duties, max: inner.whole("max"), at }
    })
}
