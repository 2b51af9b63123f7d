//! `persona grant`: access given to a persona.

use std::path::PathBuf;

use clap::Args;

use super::assign::{EditOptions, carry_out};
use super::style::Style;
use super::{Common, source};
use crate::session::deeds::{GrantWords, grant};

/// Give a persona access to a component
///
/// A grant of the component for the same environments is changed rather than made twice. The difference
/// is shown, and which gaps it closes and opens.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona grant P006 \"Azure Storage\" --level read --environment prod
  persona grant P006 GitHub --level write --environment dev --environment stage --mode jit
  persona grant P011 \"Azure AI Search\" --level read --tool search --expires 2027-03-31 --dry-run
  persona grant P004 \"Azure Storage\" --role Reader --starts 2027-01-01 --mode eligible --max-duration 8h

Exit status: 0 done, or nothing to do; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The persona.
    persona: String,
    /// The component.
    component: String,
    /// The access level.
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// Where; can be given several times.
    #[arg(long, value_name = "ENVIRONMENT")]
    environment: Vec<String>,
    /// A role, instead of a level or beside it; can be given several times.
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// Whether it is always on: standing, jit, ...
    #[arg(long, value_name = "MODE")]
    mode: Option<String>,
    /// In which phase; can be given several times.
    #[arg(long, value_name = "PHASE")]
    phase: Vec<String>,
    /// Up to which risk.
    #[arg(long, value_name = "RISK")]
    max_risk: Option<String>,
    /// For how long at a time at most, as 8h or 30m.
    #[arg(long, value_name = "DURATION")]
    max_duration: Option<String>,
    /// The first day, as 2027-01-01.
    #[arg(long, value_name = "DAY")]
    starts: Option<String>,
    /// The last day, as 2027-02-01.
    #[arg(long, value_name = "DAY")]
    expires: Option<String>,
    /// Who approves; can be given several times.
    #[arg(long, value_name = "NAME")]
    approval: Vec<String>,
    /// A tool that may be called; can be given several times.
    #[arg(long, value_name = "TOOL")]
    tool: Vec<String>,
    /// How it proves who it is.
    #[arg(long, value_name = "AUTH")]
    auth: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    options: EditOptions,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let one = |word: &Option<String>| word.iter().cloned().collect::<Vec<_>>();
    let words = GrantWords {
        level: arguments.level.clone(),
        environments: arguments.environment.clone(),
        fields: vec![
            ("role", arguments.role.clone()),
            ("tools", arguments.tool.clone()),
            ("mode", one(&arguments.mode)),
            ("phases", arguments.phase.clone()),
            ("max_risk", one(&arguments.max_risk)),
            ("max_duration", one(&arguments.max_duration)),
            ("starts", one(&arguments.starts)),
            ("expires", one(&arguments.expires)),
            ("auth", one(&arguments.auth)),
            ("approval", arguments.approval.clone()),
            ("reason", one(&arguments.reason)),
        ],
    };
    let deed = grant(&analysis.catalog, &arguments.persona, &arguments.component, &words);
    carry_out(&analysis, deed, arguments.path.as_deref(), &arguments.options, style)
}
