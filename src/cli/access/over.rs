//! `persona access --over`: a persona's access step by step, over time, risk or phases.
//!
//! What a step is, and what changes from one to the next, is computed in `analysis::strip`.

use serde_json::{Value, json};

use super::{access_part, context_part, grant_part};
use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::evidence::grant_phrase;
use crate::analysis::strip::{
    Change, Direction, Effect, Held, Hold, Position, Step, Strip, Tools, held_words, position_words,
    tools_words,
};
use crate::analysis::view::line_of;
use crate::card::words::Name;
use crate::catalog::{Entity, Grant};
use crate::cli::report::{self, entity};
use crate::cli::style::{Style, safe, table, wrap};

/// For people: a row a step, then what changes at each.
pub fn terminal(analysis: &Analysis, strip: &Strip, style: Style) -> String {
    let settings = &analysis.catalog.settings;
    let environments = environments(analysis, strip);
    let mut head = vec![strip.axis.word().to_owned()];
    head.extend(environments.iter().map(|environment| safe(settings.environment(*environment))));
    head.extend(["at once", "activated", "refused", "not covered"].map(str::to_owned));
    let mut rows = vec![head];
    let mut notes: Vec<&str> = Vec::new();
    for (place, step) in strip.steps.iter().enumerate() {
        let mut row = vec![safe(&position_words(analysis, &step.at))];
        for environment in &environments {
            let (at_once, activated) = step.most(analysis, *environment);
            let cell = held_words(settings, at_once, activated);
            if cell.contains('(') && !notes.contains(&"(...) once activated") {
                notes.push("(...) once activated");
            }
            if cell.contains('?') && !notes.contains(&"? no level is stated") {
                notes.push("? no level is stated");
            }
            row.push(safe(&cell));
        }
        let access = &step.access;
        for count in
            [access.at_once.len(), access.activated.len(), access.refused.len(), access.uncovered.len()]
        {
            row.push(count.to_string());
        }
        if strip.here == Some(place) {
            let arrow = if style.ascii { "<-" } else { "←" };
            row.push(format!("{arrow} {}", here_word(strip)));
        }
        rows.push(row);
    }
    let text = table(&rows);
    let mut lines = text.lines();
    let mut out = format!("{}\n\n", style.strong(&head_words(analysis, strip)));
    out.push_str(&format!("{}\n", style.faint(lines.next().unwrap_or_default())));
    lines.for_each(|line| out.push_str(&format!("{line}\n")));
    notes.insert(0, "the most that is held of anything, environment by environment");
    out.push_str(&format!("\n{}\n", style.faint(&notes.join("; "))));
    let changing: Vec<&Step> = strip.steps.iter().filter(|step| !step.changes.is_empty()).collect();
    if changing.is_empty() {
        out.push_str("\nWhat it may do is the same in all steps.\n");
    }
    for step in changing {
        let title = format!("{}: {}", position_words(analysis, &step.at), sentence(step.direction()));
        out.push_str(&format!("\n{}\n", style.strong(&safe(&title))));
        for change in &step.changes {
            let component = safe(&analysis.catalog.label(change.component.into()));
            let effects = effects_words(analysis, change, style.arrow());
            out.push_str(&wrap(&format!("{component}: {}", safe(&effects)), style.width, "  "));
            for reason in reasons(analysis, strip, change) {
                out.push_str(&wrap(&safe(&reason), style.width, "    "));
            }
        }
    }
    out
}

/// One fact a line.
pub fn plain(analysis: &Analysis, strip: &Strip) -> String {
    let settings = &analysis.catalog.settings;
    let who = head_words(analysis, strip);
    let mut out = String::new();
    for (place, step) in strip.steps.iter().enumerate() {
        let at = safe(&position_words(analysis, &step.at));
        let most: Vec<String> = environments(analysis, strip)
            .into_iter()
            .map(|environment| {
                let (at_once, activated) = step.most(analysis, environment);
                format!("{} {}", settings.environment(environment), held_words(settings, at_once, activated))
            })
            .collect();
        let here = if strip.here == Some(place) { format!(", {}", here_word(strip)) } else { String::new() };
        let access = &step.access;
        out.push_str(&format!(
            "{who}: {at}{here}: {}; {} at once, {} activated, {} refused, {} not covered\n",
            safe(&most.join(", ")),
            access.at_once.len(),
            access.activated.len(),
            access.refused.len(),
            access.uncovered.len()
        ));
        for change in &step.changes {
            let component = safe(&analysis.catalog.label(change.component.into()));
            let mut words = vec![effects_words(analysis, change, "to")];
            words.extend(reasons(analysis, strip, change));
            out.push_str(&format!(
                "{who}: {at}: {}: {component}: {}\n",
                change.direction().word(),
                safe(&words.join("; "))
            ));
        }
    }
    out
}

/// For other programs.
pub fn json(analysis: &Analysis, who: Entity, axis: &str, context: &Context, strips: &[Strip]) -> Value {
    let catalog = &analysis.catalog;
    let personas: Vec<Value> = strips
        .iter()
        .map(|strip| {
            json!({
                "persona": entity(catalog, strip.persona.into()),
                "here": strip.here,
                "steps": strip.steps.iter().map(|step| step_part(analysis, strip, step)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": "persona-workbench/access-over/1",
        "catalog": report::catalog(catalog),
        "at": analysis.day.to_string(),
        "who": entity(catalog, who),
        "over": axis,
        "context": context_part(analysis, context),
        "personas": personas,
    })
}

fn step_part(analysis: &Analysis, strip: &Strip, step: &Step) -> Value {
    let settings = &analysis.catalog.settings;
    let at = match &step.at {
        Position::Days { first, last } => json!({
            "first": first.map(|day| day.to_string()),
            "last": last.map(|day| day.to_string()),
        }),
        Position::Phase(phase) => json!({"phase": phase.as_ref().map(Name::written)}),
        Position::Risk(risk) => json!({"risk": settings.risk(*risk)}),
    };
    let most: Vec<Value> = environments(analysis, strip)
        .into_iter()
        .map(|environment| {
            let (at_once, activated) = step.most(analysis, environment);
            json!({
                "environment": settings.environment(environment),
                "at_once": hold_part(analysis, at_once),
                "activated": hold_part(analysis, activated),
            })
        })
        .collect();
    let mut part = access_part(analysis, &step.access);
    part.insert("at".to_owned(), at);
    part.insert("direction".to_owned(), json!(step.direction().word()));
    part.insert("most".to_owned(), json!(most));
    let changes: Vec<Value> =
        step.changes.iter().map(|change| change_part(analysis, strip, change)).collect();
    part.insert("changes".to_owned(), json!(changes));
    Value::Object(part)
}

fn change_part(analysis: &Analysis, strip: &Strip, change: &Change) -> Value {
    let settings = &analysis.catalog.settings;
    let side = |held: &Held| {
        let tools: Option<Vec<&str>> = match &held.tools {
            Tools::Every => None,
            Tools::Listed(tools) => Some(tools.iter().map(Name::written).collect()),
        };
        json!({
            "at_once": hold_part(analysis, held.at_once),
            "activated": hold_part(analysis, held.activated),
            "tools": tools,
        })
    };
    let effects: Vec<Value> = change
        .effects
        .iter()
        .map(|effect| {
            json!({
                "environment": settings.environment(effect.environment),
                "direction": effect.direction().word(),
                "before": side(&effect.before),
                "after": side(&effect.after),
            })
        })
        .collect();
    let came = change.came.iter().filter_map(|place| grant_of(analysis, strip, *place));
    let went = change
        .went
        .iter()
        .filter_map(|(place, why)| Some(grant_part(analysis, grant_of(analysis, strip, *place)?, &[*why])));
    json!({
        "component": entity(&analysis.catalog, change.component.into()),
        "direction": change.direction().word(),
        "came": came.map(|grant| grant_part(analysis, grant, &[])).collect::<Vec<_>>(),
        "went": went.collect::<Vec<_>>(),
        "effects": effects,
    })
}

fn hold_part(analysis: &Analysis, hold: Hold) -> Value {
    match hold {
        Hold::Nothing => json!({"held": false, "level": null}),
        Hold::Unstated => json!({"held": true, "level": null}),
        Hold::Level(level) => json!({"held": true, "level": analysis.catalog.settings.level(level)}),
    }
}

fn grant_of<'a>(analysis: &'a Analysis, strip: &Strip, place: usize) -> Option<&'a Grant> {
    analysis.catalog.personas[strip.persona.index()].grants.get(place)
}

fn environments(analysis: &Analysis, strip: &Strip) -> Vec<usize> {
    match strip.context.environment {
        Some(one) => vec![one],
        None => (0..analysis.catalog.settings.environments.len()).collect(),
    }
}

fn head_words(analysis: &Analysis, strip: &Strip) -> String {
    let context = &strip.context;
    let context =
        if context.is_open() { String::new() } else { format!(", {}", context.phrase(&analysis.catalog)) };
    safe(&format!(
        "{}, over {}{context}, on {}",
        analysis.catalog.label(strip.persona.into()),
        strip.axis.word(),
        analysis.day
    ))
}

fn here_word(strip: &Strip) -> &'static str {
    match strip.axis {
        crate::analysis::strip::Axis::Time => "the day",
        crate::analysis::strip::Axis::Phase | crate::analysis::strip::Axis::Risk => "asked for",
    }
}

fn sentence(direction: Direction) -> &'static str {
    match direction {
        Direction::Widens => "it widens",
        Direction::Narrows => "it narrows",
        Direction::Shifts => "it widens here and narrows there",
        Direction::Stays => "grants come or go, and what it may do stays the same",
    }
}

/// "read (write) -> read in dev; tools log, run -> log in dev".
fn effects_words(analysis: &Analysis, change: &Change, arrow: &str) -> String {
    let settings = &analysis.catalog.settings;
    // Environments in which the same happens are named together.
    let mut groups: Vec<(&Effect, Vec<&str>)> = Vec::new();
    for effect in &change.effects {
        let name = settings.environment(effect.environment);
        match groups
            .iter_mut()
            .find(|(known, _)| known.before == effect.before && known.after == effect.after)
        {
            Some((_, names)) => names.push(name),
            None => groups.push((effect, vec![name])),
        }
    }
    let words: Vec<String> = groups
        .into_iter()
        .map(|(effect, names)| {
            let level = |held: &Held| held_words(settings, held.at_once, held.activated);
            let mut words = Vec::new();
            let (was, is) = (level(&effect.before), level(&effect.after));
            if was != is {
                words.push(format!("{was} {arrow} {is}"));
            }
            if effect.before.tools != effect.after.tools && has_tools(effect) {
                let (was, is) = (tools_words(&effect.before.tools), tools_words(&effect.after.tools));
                words.push(format!("with {was} {arrow} {is}"));
            }
            format!("{} in {}", words.join(", "), names.join(", "))
        })
        .collect();
    if words.is_empty() { "other grants give as much".to_owned() } else { words.join("; ") }
}

/// Whether its tools are worth a word: some grant lists some.
fn has_tools(effect: &Effect) -> bool {
    [&effect.before, &effect.after]
        .iter()
        .any(|held| matches!(&held.tools, Tools::Listed(tools) if !tools.is_empty()))
}

/// Why each grant came or went.
fn reasons(analysis: &Analysis, strip: &Strip, change: &Change) -> Vec<String> {
    let catalog = &analysis.catalog;
    let words =
        |grant: &Grant| format!("{} ({})", grant_phrase(catalog, grant), line_of(analysis, grant.place));
    let came = change.came.iter().filter_map(|place| grant_of(analysis, strip, *place));
    let went = change.went.iter().filter_map(|(place, why)| Some((grant_of(analysis, strip, *place)?, *why)));
    came.map(|grant| format!("comes: {}", words(grant)))
        .chain(went.map(|(grant, why)| {
            let why = why.phrase(analysis, grant, &Context::default());
            format!("goes: {}; {why}", words(grant))
        }))
        .collect()
}
