//! `persona agent-card`: an agent's card for the A2A protocol, with who answers for it as an extension.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};

use super::show::find;
use super::style::safe;
use super::{Common, OK, PathArgument, check, source};
use crate::catalog::Entity;
use crate::exchange::agent_card::{Service, Version, agent_card};

/// Write an agent card of the A2A protocol: who it is, who answers, who can stop it, what it may touch
///
/// The extension urn:persona-workbench:agent-governance:1 holds who answers, whom it escalates to, who can
/// stop it, whom it hands work to, and its access, in the words of its card. What the catalog does not
/// know is left open, and said on standard error. `persona import a2a` of it gives the agent back.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona agent-card P010 > agent-card.json
  persona agent-card P010 --url https://router.example/a2a --binding JSONRPC --release 1.4.0
  persona agent-card P010 --version 0.3 -o agent-card.json
  persona agent-card P010 2>/dev/null | jq '.capabilities.extensions[0].params.accountable'

The schema of the extension's parameters is assets/schema/agent-governance-1.json.")]
pub struct Arguments {
    /// Which agent or service: id, name or alias.
    agent: String,
    /// The version of the protocol.
    #[arg(long, value_enum, default_value_t = ProtocolVersion::V10, value_name = "VERSION")]
    version: ProtocolVersion,
    /// Where the agent is reached.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// How it is reached there.
    #[arg(long, value_name = "BINDING", requires = "url", value_parser = ["GRPC", "HTTP+JSON", "JSONRPC"])]
    binding: Option<String>,
    /// Which release of the agent this is.
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Where to write it [default: standard output].
    #[arg(long, short, visible_alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProtocolVersion {
    /// 0.3.
    #[value(name = "0.3")]
    V03,
    /// 1.0.
    #[value(name = "1.0")]
    V10,
}

pub fn run(arguments: &Arguments, common: &Common) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let Entity::Persona(persona) = find(&analysis.catalog, &arguments.agent)? else {
        bail!("{} is no persona; agents and services have agent cards", safe(&arguments.agent));
    };
    let version = match arguments.version {
        ProtocolVersion::V03 => Version::V03,
        ProtocolVersion::V10 => Version::V10,
    };
    let service = Service {
        url: arguments.url.as_deref(),
        binding: arguments.binding.as_deref(),
        release: arguments.release.as_deref(),
    };
    let (card, open) =
        agent_card(&analysis, persona, version, &service).map_err(|why| anyhow!("{}", safe(&why)))?;
    check::write(arguments.out.as_deref(), &(serde_json::to_string_pretty(&card)? + "\n"))?;
    let mut err = std::io::stderr().lock();
    for what in open {
        let _ = writeln!(err, "left open: {}", safe(&what));
    }
    Ok(OK)
}
