//! `persona generate`: catalogs of any size with known gaps, for benchmarks and tests. Hidden.
//!
//! The same seed gives the same catalog, on every machine.

mod events;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::{OK, print};
use crate::audit::simulate::chance::Chance;
use crate::store::create_file;

/// Make a catalog for tests
#[derive(Debug, Args)]
#[command(after_help = "Example:
  persona generate --personas 1000 --seed 1 /tmp/thousand
  persona generate --events 100000 --in /tmp/thousand /tmp/events.jsonl")]
pub struct Arguments {
    /// How many personas.
    #[arg(long, default_value_t = 100, value_name = "N")]
    personas: usize,
    /// What the chance begins with.
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// Make so many audit events of a catalog instead, in a file, or on standard output for -.
    #[arg(long, value_name = "N")]
    events: Option<usize>,
    #[command(flatten)]
    catalog: super::PathArgument,
    /// The folder; it must not hold a catalog. Of events, the file.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub fn run(arguments: &Arguments, common: &super::Common) -> anyhow::Result<u8> {
    if let Some(count) = arguments.events {
        let analysis = super::source::analysis(arguments.catalog.path.as_deref(), common.day())?;
        events::generate(std::sync::Arc::new(analysis), &arguments.folder, count, arguments.seed)?;
        return Ok(OK);
    }
    let gaps = generate(&arguments.folder, arguments.personas, arguments.seed)?;
    print(&format!(
        "{}: {} personas, {gaps} planted gaps of unneeded-access\n",
        arguments.folder.display(),
        arguments.personas
    ))?;
    Ok(OK)
}

/// Writes the catalog; returns how many accesses that nothing needs were planted.
///
/// # Errors
/// Where a file is there already, or the disk would not.
pub fn generate(folder: &Path, personas: usize, seed: u64) -> anyhow::Result<usize> {
    let processes = (personas / 5).max(3);
    let components = (personas / 10).clamp(10, 2_000);
    let skills = (personas / 10).clamp(10, 2_000);
    let settings =
        format!("kind: Catalog\nname: Generated {personas}\npersona_count:\n  min: 1\n  max: {personas}\n");
    create_file(&folder.join("catalog.yaml"), &settings)?;
    create_file(&folder.join("components.yaml"), &component_list(components, skills))?;
    create_file(&folder.join("skills.yaml"), &skill_list(skills))?;
    let teams: String = (0..personas / 10 + 1).map(|team| format!("  - Team {team}\n")).collect();
    create_file(&folder.join("teams.yaml"), &format!("kind: TeamList\nitems:\n{teams}"))?;
    (0..processes).into_par_iter().try_for_each(|process| {
        let path = folder.join(format!("processes/{:03}/process-{process}.yaml", process / 1000));
        create_file(&path, &process_card(process, components, skills))
    })?;
    let planted: Result<Vec<usize>, _> = (0..personas)
        .into_par_iter()
        .map(|persona| {
            let (text, planted) = persona_card(persona, processes, components, skills, seed);
            let path = folder.join(format!("cards/{:03}/P{persona:06}.yaml", persona / 1000));
            create_file(&path, &text).map(|()| planted)
        })
        .collect();
    Ok(planted?.into_iter().sum())
}

fn component_list(components: usize, skills: usize) -> String {
    let mut out = "kind: ComponentList\nitems:\n".to_owned();
    for component in 0..components {
        let _ = write!(
            out,
            "  - name: Component {component}\n    platform: azure\n    layer: Layer {}\n    skills:\n      - skill: Skill {}\n        from: write\n    audit_log: Activity log\n",
            component % 6,
            component_skill(component, skills)
        );
    }
    out
}

fn skill_list(skills: usize) -> String {
    let mut out = "kind: SkillList\nitems:\n".to_owned();
    for skill in 0..skills {
        let _ = writeln!(out, "  - name: Skill {skill}");
        if skill % 7 == 3 {
            let _ = writeln!(out, "    implies:\n      - Skill {}", skill / 2);
        }
    }
    out
}

fn process_card(process: usize, components: usize, skills: usize) -> String {
    let mut out = format!("kind: Process\nname: Process {process}\nsteps:\n");
    for step in 0..3 {
        let environment = ["dev", "stage", "prod"][step];
        let _ = write!(
            out,
            "  - id: step-{step}\n    name: Step {step} of process {process}\n    environments:\n      - {environment}\n    uses:\n"
        );
        for used in uses(process, step, components) {
            let _ = writeln!(out, "      - Component {used}: {}", if step == 0 { "write" } else { "read" });
        }
        let _ = write!(out, "    skills:\n      - Skill {}\n", step_skill(process, step, skills));
        if step < 2 {
            let _ = writeln!(out, "    next:\n      - step-{}", step + 1);
        }
    }
    out
}

/// What a step asks for, and a component, follow from their places, for the same reason.
fn step_skill(process: usize, step: usize, skills: usize) -> usize {
    (process * 11 + step * 13) % skills
}

fn component_skill(component: usize, skills: usize) -> usize {
    (component * 7 + 3) % skills
}

/// What a step uses follows from its place, so that a persona's needs are known when it is made.
fn uses(process: usize, step: usize, components: usize) -> [usize; 2] {
    [(process * 3 + step) % components, (process * 5 + step * 7 + 1) % components]
}

fn persona_card(
    persona: usize,
    processes: usize,
    components: usize,
    skills: usize,
    seed: u64,
) -> (String, usize) {
    let mut chance = Chance::new(seed, 3, persona);
    let agent = chance.below(4) == 0;
    let mut own = vec![persona % processes, chance.below(processes)];
    own.dedup();
    let kind = if agent { "type: agent\n" } else { "" };
    let mut out = format!(
        "kind: Persona\nid: P{persona:06}\nname: Persona {persona}\n{kind}section: Section {}\nteam: Team {}\n",
        persona % 12,
        persona / 10
    );
    let _ = write!(out, "primary_interaction:\n  - Team {}\n", (persona / 10).saturating_sub(1));
    out.push_str("component_access:\n");
    let mut needed = Vec::new();
    let mut granted = Vec::new();
    for process in &own {
        for step in 0..3 {
            for component in uses(*process, step, components) {
                needed.push(component);
                let grant = (component, step);
                if granted.contains(&grant) {
                    continue;
                }
                granted.push(grant);
                let level = if step == 0 { "write" } else { "read" };
                let environment = ["dev", "stage", "prod"][step];
                let _ = write!(
                    out,
                    "  - component: Component {component}\n    level: {level}\n    environments:\n      - {environment}\n    mode: jit\n    phases:\n      - run\n"
                );
            }
        }
    }
    let mut planted = 0;
    if persona.is_multiple_of(5) {
        let extra = (0..components).map(|offset| (persona + offset) % components);
        if let Some(extra) = extra.into_iter().find(|component| !needed.contains(component)) {
            let _ = write!(
                out,
                "  - component: Component {extra}\n    level: read\n    environments:\n      - dev\n    mode: jit\n    phases:\n      - run\n"
            );
            planted = 1;
        }
    }
    out.push_str("processes:\n");
    for process in &own {
        let _ = writeln!(out, "  - Process {process}");
    }
    out.push_str("skills:\n");
    let mut known = Vec::new();
    for process in &own {
        known.extend((0..3).map(|step| step_skill(*process, step, skills)));
        known.extend(uses(*process, 0, components).map(|component| component_skill(component, skills)));
    }
    known.sort_unstable();
    known.dedup();
    // Every seventh persona lacks one skill.
    if persona % 7 == 6 {
        known.pop();
    }
    for skill in known {
        let _ = writeln!(out, "  - Skill {skill}");
    }
    if agent {
        let human = (persona + 1) % processes.max(1);
        let _ = write!(
            out,
            "accountable: P{human:06}\nescalates_to:\n  - P{human:06}\noverride:\n  - P{human:06}\nmonitored_by:\n  - P{human:06}\n"
        );
    }
    (out, planted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    #[test]
    fn the_planted_gaps_are_what_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let planted = generate(folder.path(), 120, 7).expect("a catalog");
        let root = store::find(Some(folder.path()), folder.path()).expect("a root");
        let catalog = crate::catalog::build(super::super::source::input(store::load(&root).expect("files")));
        assert!(catalog.problems.is_empty(), "{:?}", catalog.problems);
        let day = jiff::civil::date(2026, 11, 23);
        let analysis = crate::analysis::Analysis::of(std::sync::Arc::new(catalog), day);
        let found = analysis.findings.iter().filter(|finding| finding.rule.id == "unneeded-access").count();
        assert!(planted > 0);
        assert_eq!(found, planted);
        assert!(!analysis.findings.iter().any(|finding| finding.rule.id == "missing-access"));
        for file in analysis.catalog.files() {
            let laid_out = crate::card::format::format(&file.text).expect("a card").text;
            assert_eq!(laid_out, *file.text, "{}", file.path);
        }
    }
}
