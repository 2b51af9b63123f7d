//! `persona policy`: the boundary of a persona in the words of what enforces it.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::Args;

use super::show::find;
use super::style::{lines, safe};
use super::{Common, OK, PathArgument, check, source};
use crate::analysis::effective::Context;
use crate::catalog::Entity;
use crate::exchange::policy::{POLICIES, Policy};

/// Write what a persona may do as a policy: Cedar, Azure roles, or the tools of MCP servers
///
/// With an environment, a phase or a risk only the grants that hold there are written. What a format
/// cannot say, and what the catalog does not know, is said on standard error.
#[derive(Debug, Args)]
#[command(after_help = "Formats:
  azure-role  custom roles and role assignments, as a draft: scopes, and the actions of services that are
              not known, are left open
  cedar       a policy set: a permit for each grant, and forbids for all else. Requests are of the form that
              assets/policy/persona.cedarschema says; what a request leaves out is not permitted
  mcp         the tools of each MCP server, for mcpServers of a client's configuration

Examples:
  persona policy P010 --format cedar > p010.cedar
  persona policy P011 --format mcp --environment dev --phase test
  persona policy P009 --format azure-role --environment prod -o p009.json")]
pub struct Arguments {
    /// Whose boundary: id, name or alias of a persona.
    persona: String,
    /// In which format.
    #[arg(long, value_name = "FORMAT", value_parser = parser())]
    format: &'static Policy,
    /// Only grants that hold in this environment.
    #[arg(long, short, value_name = "ENVIRONMENT")]
    environment: Option<String>,
    /// Only grants that hold in this phase.
    #[arg(long, value_name = "PHASE")]
    phase: Option<String>,
    /// Only grants that hold at this risk.
    #[arg(long, value_name = "RISK")]
    risk: Option<String>,
    /// Where to write it [default: standard output].
    #[arg(long, short, visible_alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    catalog: PathArgument,
}

fn parser() -> impl clap::builder::TypedValueParser<Value = &'static Policy> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
    let values = POLICIES.iter().map(|policy| PossibleValue::new(policy.name).help(policy.summary));
    PossibleValuesParser::new(values)
        .try_map(|name| crate::exchange::policy::find(&name).ok_or("there is no such format"))
}

pub fn run(arguments: &Arguments, common: &Common) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let Entity::Persona(persona) = find(&analysis.catalog, &arguments.persona)? else {
        bail!("{} is no persona; personas have a boundary", safe(&arguments.persona));
    };
    let context = Context::of_words(
        &analysis.catalog,
        arguments.environment.as_deref(),
        arguments.phase.as_deref(),
        arguments.risk.as_deref(),
    )
    .map_err(|why| anyhow!("{}", lines(&why)))?;
    let written = (arguments.format.write)(&analysis, persona, &context);
    check::write(arguments.out.as_deref(), &written.text)?;
    let mut err = std::io::stderr().lock();
    for remark in written.remarks {
        let _ = writeln!(err, "note: {}", safe(&remark));
    }
    Ok(OK)
}
