//! A Cedar policy set: permits what each grant admits, and forbids the persona all else, so that no other
//! policy of the same store widens the boundary.
//!
//! Levels and risks are numbers from 0, in the catalog's order; days are numbers such as 20261123. A
//! condition holds only where the request states what it is about: what is left out of a request is not
//! permitted, which is stricter than an audit, where it is not compared. A grant that is not standing
//! permits once `activated` is true, and one that needs an approval once `approved_by` names somebody
//! whose approval counts, as `persona:ID` or `person:NAME`.

use super::{Policy, Written, environments, grants, level_of};
use crate::analysis::Analysis;
use crate::analysis::effective::{Context, phases};
use crate::analysis::view::line_of;
use crate::card::kinds::Mode;
use crate::card::visible::visible;
use crate::card::words::Name;
use crate::catalog::{Actor, Catalog, ComponentId, Grant, Level, PersonaId};

/// See the module.
pub static POLICY: Policy = Policy {
    name: "cedar",
    summary: "a Cedar policy set, with its schema in assets/policy/persona.cedarschema",
    write,
};

/// The schema that the policies keep to.
pub const SCHEMA: &str = include_str!("../../../assets/policy/persona.cedarschema");

fn write(analysis: &Analysis, persona: PersonaId, context: &Context) -> Written {
    let catalog = &analysis.catalog;
    let own = &catalog.personas[persona.index()];
    let mut out = format!("// What {} may do.\n", plain(&catalog.label(persona.into())));
    out.push_str(&format!("// Levels: {}. ", ladder(&catalog.settings.access_levels)));
    out.push_str(&format!("Risks: {}.\n", ladder(&catalog.settings.risk_levels)));
    let principal = format!("principal == Persona::{}", quoted(own.id.written()));
    let mut components: Vec<(ComponentId, Vec<String>)> = Vec::new();
    let mut remarks = Vec::new();
    for (place, grant) in grants(analysis, persona, context) {
        if !components.iter().any(|(known, _)| *known == grant.component) {
            components.push((grant.component, Vec::new()));
        }
        let Some(conditions) = conditions(analysis, grant, context) else {
            remarks.push(format!(
                "the grant at {} permits nothing: nobody whom its approval names is known",
                line_of(analysis, grant.place)
            ));
            continue;
        };
        out.push_str(&format!(
            "\n@id({})\n@grant({})\n",
            quoted(&format!("{}/{}", own.id, place + 1)),
            quoted(&line_of(analysis, grant.place))
        ));
        out.push_str(&annotations(grant));
        out.push_str(&format!(
            "permit (\n  {principal},\n  action == Action::\"access\",\n  resource == Component::{}\n)",
            quoted(&catalog.id(grant.component.into()))
        ));
        if !conditions.is_empty() {
            out.push_str(&format!("\nwhen {{\n  {}\n}}", conditions.join(" &&\n  ")));
        }
        out.push_str(";\n");
        if let Some((_, all)) = components.iter_mut().find(|(known, _)| *known == grant.component) {
            all.push(if conditions.is_empty() {
                "true".to_owned()
            } else {
                format!("({})", conditions.join(" && "))
            });
        }
    }
    for (component, all) in components.iter().filter(|(_, all)| all.iter().all(|one| one != "true")) {
        out.push_str(&format!(
            "\n@id({})\nforbid (\n  {principal},\n  action == Action::\"access\",\n  resource == Component::{}\n)",
            quoted(&format!("{}/only/{}", own.id, catalog.id((*component).into()))),
            quoted(&catalog.id((*component).into()))
        ));
        if !all.is_empty() {
            out.push_str(&format!("\nunless {{\n  {}\n}}", all.join(" ||\n  ")));
        }
        out.push_str(";\n");
    }
    let known: Vec<String> = components
        .iter()
        .map(|(component, _)| format!("Component::{}", quoted(&catalog.id((*component).into()))))
        .collect();
    out.push_str(&format!(
        "\n@id({})\nforbid (\n  {principal},\n  action == Action::\"access\",\n  resource\n)",
        quoted(&format!("{}/nothing-else", own.id))
    ));
    if !known.is_empty() {
        out.push_str(&format!("\nunless {{\n  [{}].contains(resource)\n}}", known.join(", ")));
    }
    out.push_str(";\n");
    Written { text: out, remarks }
}

fn annotations(grant: &Grant) -> String {
    let mut out = String::new();
    let mut put = |key: &str, value: String| out.push_str(&format!("@{key}({})\n", quoted(&value)));
    if let Some(mode) = grant.mode {
        put("mode", mode.word().to_owned());
    }
    if let Some(most) = grant.max_duration {
        put("max_duration", most.to_string());
    }
    if let Some(auth) = &grant.auth {
        put("auth", auth.written().to_owned());
    }
    if let Some(reason) = &grant.reason {
        put("reason", reason.clone());
    }
    out
}

/// What a request has to state for a grant to admit it; none where no request can.
fn conditions(analysis: &Analysis, grant: &Grant, context: &Context) -> Option<Vec<String>> {
    let catalog = &analysis.catalog;
    let settings = &catalog.settings;
    let mut out = Vec::new();
    let number = |key: &str, what: String| format!("context has {key} && context.{key} {what}");
    // The level that a grant gives may differ from environment to environment.
    let mut levels: Vec<(Option<Level>, Vec<Name>)> = Vec::new();
    for environment in environments(grant, context) {
        let level = level_of(grant, environment);
        let name = environment.and_then(|environment| settings.environments.get(environment).cloned());
        match levels.iter_mut().find(|(known, _)| *known == level) {
            Some((_, names)) => names.extend(name),
            None => levels.push((level, name.into_iter().collect())),
        }
    }
    let mut places = Vec::new();
    for (level, names) in levels {
        let mut parts = Vec::new();
        if !names.is_empty() {
            parts.push(one_of("environment", names.into_iter()));
        }
        if let Some(level) = level {
            parts.push(number("level", format!("<= {}", level.0)));
        }
        places.push(parts);
    }
    match places.as_slice() {
        [] => {}
        [one] => out.extend(one.iter().cloned()),
        several => {
            let several: Vec<String> = several.iter().map(|one| format!("({})", one.join(" && "))).collect();
            out.push(format!("({})", several.join(" || ")));
        }
    }
    if !grant.tools.is_empty() && !grant.has_every_tool() {
        let tools = grant.tools.iter().map(|tool| spelling_of_tool(catalog, grant.component, tool));
        out.push(one_of("tool", tools));
    }
    if !grant.phases.is_empty() {
        let known = phases(catalog);
        let spelt = grant
            .phases
            .iter()
            .map(|phase| known.iter().find(|known| *known == phase).unwrap_or(phase).clone());
        out.push(one_of("phase", spelt));
    }
    if let Some(most) = grant.max_risk {
        out.push(number("risk", format!("<= {}", most.0)));
    }
    let day = |day: jiff::civil::Date| {
        i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
    };
    if let Some(first) = grant.starts {
        out.push(number("day", format!(">= {}", day(first))));
    }
    if let Some(last) = grant.expires {
        out.push(number("day", format!("<= {}", day(last))));
    }
    if matches!(grant.mode, Some(Mode::Eligible | Mode::JustInTime)) {
        out.push("context has activated && context.activated".to_owned());
    }
    if !grant.approval.is_empty() {
        let names = approvers(analysis, grant);
        if names.is_empty() {
            return None;
        }
        let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        out.push(format!(
            "context has approved_by && context.approved_by.containsAny([{}])",
            names.join(", ")
        ));
    }
    Some(out)
}

/// Whose approval counts: those whom the grant names, and the active people who embody these.
fn approvers(analysis: &Analysis, grant: &Grant) -> Vec<String> {
    let catalog = &analysis.catalog;
    let mut out: Vec<String> = Vec::new();
    for actor in grant.approval.iter().filter_map(|named| named.target) {
        let name = catalog.id(actor.into());
        match actor {
            Actor::Person(_) => out.push(format!("person:{name}")),
            Actor::Persona(id) => {
                out.push(format!("persona:{name}"));
                let people = analysis.facts.embodied_by[id.index()].iter();
                out.extend(people.map(|person| format!("person:{}", catalog.id((*person).into()))));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    out.retain(|name| seen.insert(name.clone()));
    out
}

/// As the component's card spells a tool, else as the grant does.
fn spelling_of_tool(catalog: &Catalog, component: ComponentId, tool: &Name) -> Name {
    let known = catalog.components[component.index()].tools.iter().map(|(name, _)| name);
    known.into_iter().find(|name| *name == tool).unwrap_or(tool).clone()
}

fn one_of(key: &str, words: impl Iterator<Item = Name>) -> String {
    let words: Vec<String> = words.map(|word| quoted(word.written())).collect();
    match words.as_slice() {
        [one] => format!("context has {key} && context.{key} == {one}"),
        several => format!("context has {key} && [{}].contains(context.{key})", several.join(", ")),
    }
}

/// "0 read, 1 write, 2 admin".
fn ladder(words: &[Name]) -> String {
    let words = words.iter().enumerate().map(|(place, word)| format!("{place} {}", plain(word.written())));
    words.collect::<Vec<_>>().join(", ")
}

/// Text in a comment: one line, whatever it holds.
fn plain(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A string as Cedar writes it. What cannot be seen is written by its number.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if letter.is_control() || is_hidden(letter) => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Marks of direction and joiners, which show nothing and turn what follows.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
