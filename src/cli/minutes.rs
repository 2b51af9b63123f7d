//! `persona minutes`: the minutes of the last review, or of the one that runs.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::{OK, PathArgument, source};
use crate::session::meeting::{Meeting, html, markdown};
use crate::store;

/// Print the minutes of the last review, or of the one that runs: who decided what, why, until when
///
/// They come from what this machine remembers of the review. Where a review ended, its minutes stand
/// beside the catalog too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona minutes
  persona minutes --format html -o minutes.html")]
pub struct Arguments {
    #[command(flatten)]
    path: PathArgument,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// Write there, and nothing to the terminal.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people and pull requests.
    Markdown,
    /// A page of its own.
    Html,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let root = source::root(arguments.path.path.as_deref())?;
    let Some(text) = store::read_meeting(&root.path) else {
        bail!("no review of {} is known on this machine; `persona review` begins one", root.shown);
    };
    let Some(meeting) = Meeting::read(&text) else {
        bail!("the last review of {} was kept by another version, and cannot be read", root.shown);
    };
    let text = match arguments.format {
        Format::Markdown => markdown(&meeting),
        Format::Html => html(&meeting),
    };
    super::check::write(arguments.output.as_deref(), &text)?;
    Ok(OK)
}
