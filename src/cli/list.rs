//! `persona list`: all entities of a kind, a line each.

use clap::{Args, ValueEnum};

use super::report::entity;
use super::style::{Style, safe, table};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::Analysis;
use crate::analysis::view::subtitle;
use crate::catalog::{
    ComponentId, Entity, PersonId, PersonaId, ProcessId, ScenarioId, SkillId, StepId, TeamId,
};

/// List the entities of a kind
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona list personas
  persona list components --in team/personas
  persona list skills --format names")]
pub struct Arguments {
    /// The kind.
    #[arg(value_enum, value_name = "KIND")]
    kind: KindArgument,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindArgument {
    #[value(alias = "component")]
    Components,
    #[value(alias = "person")]
    People,
    #[value(alias = "persona")]
    Personas,
    #[value(alias = "process")]
    Processes,
    #[value(alias = "scenario")]
    Scenarios,
    #[value(alias = "skill")]
    Skills,
    #[value(alias = "step")]
    Steps,
    #[value(alias = "team")]
    Teams,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns.
    Table,
    /// For other programs.
    Json,
    /// Ids only, a line each.
    Names,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let entities = entities(&analysis, arguments.kind);
    let text = match arguments.format {
        Format::Names => entities.iter().map(|id| format!("{}\n", safe(&analysis.catalog.id(*id)))).collect(),
        Format::Json => {
            let parts: Vec<_> = entities.iter().map(|id| entity(&analysis.catalog, *id)).collect();
            format!("{}\n", serde_json::to_string_pretty(&parts)?)
        }
        Format::Table => rows(&analysis, &entities, style),
    };
    print(&text)?;
    Ok(OK)
}

fn entities(analysis: &Analysis, kind: KindArgument) -> Vec<Entity> {
    let catalog = &analysis.catalog;
    match kind {
        KindArgument::Components => {
            (0..catalog.components.len()).map(|index| ComponentId::from_index(index).into()).collect()
        }
        KindArgument::People => {
            (0..catalog.people.len()).map(|index| PersonId::from_index(index).into()).collect()
        }
        KindArgument::Personas => {
            (0..catalog.personas.len()).map(|index| PersonaId::from_index(index).into()).collect()
        }
        KindArgument::Processes => {
            (0..catalog.processes.len()).map(|index| ProcessId::from_index(index).into()).collect()
        }
        KindArgument::Scenarios => {
            (0..catalog.scenarios.len()).map(|index| ScenarioId::from_index(index).into()).collect()
        }
        KindArgument::Skills => {
            (0..catalog.skills.len()).map(|index| SkillId::from_index(index).into()).collect()
        }
        KindArgument::Steps => {
            (0..catalog.steps.len()).map(|index| StepId::from_index(index).into()).collect()
        }
        KindArgument::Teams => {
            (0..catalog.teams.len()).map(|index| TeamId::from_index(index).into()).collect()
        }
    }
}

fn rows(analysis: &Analysis, entities: &[Entity], style: Style) -> String {
    let catalog = &analysis.catalog;
    let rows: Vec<Vec<String>> = entities
        .iter()
        .map(|&id| {
            let worst = analysis.worst(id);
            let sign = Style { color: false, ..style };
            let sign = worst.map_or(String::new(), |severity| sign.badge(severity));
            let count = analysis.about(id).filter(|(_, finding)| finding.is_open()).count();
            let gaps = match count {
                0 => String::new(),
                1 => "1 gap".to_owned(),
                count => format!("{count} gaps"),
            };
            let (key, name) = (safe(&catalog.id(id)), safe(&catalog.name(id)));
            let name = if key == name { String::new() } else { name };
            vec![sign, key, name, safe(&subtitle(catalog, id)), gaps]
        })
        .collect();
    // An empty column is no column.
    let columns: Vec<usize> =
        (0..5).filter(|&column| rows.iter().any(|row| !row[column].is_empty())).collect();
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|row| columns.iter().map(|&column| row[column].clone()).collect()).collect();
    table(&rows)
}
