//! `persona revoke`: access taken from a persona.

use std::path::PathBuf;

use clap::Args;

use super::assign::{EditOptions, carry_out};
use super::style::Style;
use super::{Common, source};
use crate::session::deeds::revoke;

/// Take a persona's access to a component, everywhere or in one environment
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona revoke P006 \"Azure Storage\"
  persona revoke P006 \"Azure OpenAI Service\" --environment prod --dry-run

Exit status: 0 done, or nothing to do; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The persona.
    persona: String,
    /// The component.
    component: String,
    /// Only there.
    #[arg(long, value_name = "ENVIRONMENT")]
    environment: Option<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    options: EditOptions,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let place = arguments.environment.as_deref();
    let deed = revoke(&analysis.catalog, &arguments.persona, &arguments.component, place);
    carry_out(&analysis, deed, arguments.path.as_deref(), &arguments.options, style)
}
