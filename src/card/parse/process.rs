//! Processes and their steps.

use super::persona::{skills, uses};
use super::*;

pub(super) fn process(header: Header, fields: &mut Fields<'_>) -> ProcessCard {
    ProcessCard {
        header,
        part_of: fields.listed("part_of"),
        process_loop: fields.choice("loop", &ProcessLoop::ALL, ProcessLoop::word),
        phases: fields.names("phases"),
        uses: uses(fields),
        skills: skills(fields),
        steps: steps(fields),
    }
}

pub(super) fn steps(fields: &mut Fields<'_>) -> Vec<StepCard> {
    let items = fields.items("steps");
    exactly(items.filter_map(|(at, path, node)| {
        // A step with an id may do without a name, but that is said.
        let key = if node.get("name").is_none() && node.get("id").is_some() { "id" } else { "name" };
        if key == "id" {
            fields.found().error(
                path,
                "a step here has an id, but no name".to_owned(),
                "Add a line `name: ...`.",
            );
        }
        let (name, mut inner) = named(fields, key, "step", path, node)?;
        let id = inner.name("id");
        inner.skip("name");
        let step = StepCard {
            id,
            name,
            description: inner.notes(),
            environments: inner.environments(),
            phase: inner.name("phase"),
            uses: uses(&mut inner),
            skills: skills(&mut inner),
            performers: each(&mut inner, "performers", "persona", "performer", |persona, inner, at| {
                PerformerCard { persona, level: inner.name("level"), at }
            }),
            next: next(&mut inner),
            lane: inner.name("lane"),
            at,
        };
        inner.finish();
        Some(step)
    }))
}

pub(super) fn next(fields: &mut Fields<'_>) -> Vec<NextCard> {
    let items = fields.items("next");
    exactly(items.filter_map(|(at, path, node)| match node {
        Node::Text(text) => {
            let step = fields.found().word(text);
            if step.is_empty() {
                fields.found().error(path, "a next step here has no name".to_owned(), "Write a step's id.");
                return None;
            }
            Some(NextCard { process: None, step: Some(step), at })
        }
        Node::Map(entries) => {
            let mut inner = Fields::new(entries, path, "next step", fields.found());
            let next = NextCard { process: inner.name("process"), step: inner.name("step"), at };
            inner.finish();
            if next.process.is_none() && next.step.is_none() {
                fields.found().error(
                    path,
                    "a next step here names neither a step nor a process".to_owned(),
                    "Write a step's id, or {process: NAME, step: ID}.",
                );
                return None;
            }
            Some(next)
        }
        _ => {
            fields.found().error(
                path,
                format!("a next step should be a name or a mapping, but is {}", node.what()),
                "Write a step's id, or {process: NAME, step: ID}.",
            );
            None
        }
    }))
}
