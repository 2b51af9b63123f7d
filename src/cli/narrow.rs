//! `persona narrow`: what is granted on a component, of everybody or of some, made smaller.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::assign::{EditOptions, carry_out};
use super::style::{Style, safe};
use super::{Common, source};
use crate::analysis::whatif::persona;
use crate::catalog::PersonaId;
use crate::session::deeds::{Bounds, narrow};

/// Narrow what personas are granted on a component
///
/// Every grant of the component is cut to the level and the environments; one that would hold nowhere
/// goes. Nothing gets wider: a role that means less somewhere stays there as it is. Without personas it is
/// done to all.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona narrow \"Azure SQL Database\" P001 --level read --dry-run
  persona narrow \"Azure Storage\" P004 P006 --level write --environment dev --environment stage
  persona narrow \"Azure AI Foundry\" P006 --environment dev

Exit status: 0 done, or nothing to do; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The component.
    component: String,
    /// The personas [default: all].
    personas: Vec<String>,
    /// The highest level that is left.
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// The only places that are left; can be given several times.
    #[arg(long, value_name = "ENVIRONMENT")]
    environment: Vec<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    options: EditOptions,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let catalog = &analysis.catalog;
    let named: Result<Vec<PersonaId>, String> =
        arguments.personas.iter().map(|word| persona(catalog, word)).collect();
    let mut personas = named.map_err(|why| anyhow!("{}", safe(&why)))?;
    if personas.is_empty() {
        personas = (0..catalog.personas.len()).map(PersonaId::from_index).collect();
    }
    let bounds = Bounds { level: arguments.level.clone(), environments: arguments.environment.clone() };
    let deed = narrow(catalog, &personas, &arguments.component, &bounds);
    carry_out(&analysis, deed, arguments.path.as_deref(), &arguments.options, style)
}
