//! `persona follow`: a review that runs in another terminal, read-only.

use std::path::PathBuf;

use clap::Args;

use super::open::{self, OpenArguments};
use super::style::Style;
use super::{Common, OK, print};
use crate::session::meeting::summary;

/// Follow a review that runs in another terminal: the same page, read-only
///
/// It waits for a review to begin, goes from gap to gap with it, shows what is decided before it is
/// saved, and ends when the review ends. No key changes anything: q leaves, j and k scroll. As many as
/// like may follow.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona follow                    on a second terminal, or on the projector
  persona follow team/personas --theme high-contrast")]
pub struct Arguments {
    /// The folder of the catalog [default: upward from here, then ./personas].
    path: Option<PathBuf>,
    /// The look [default: by the terminal's background].
    #[arg(long, value_name = "THEME")]
    theme: Option<String>,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let place = OpenArguments::themed(arguments.path.clone(), arguments.theme.clone());
    if let Some(meeting) = open::follow(&place, common, style)? {
        let said = summary(&meeting).join("\n");
        let minutes = meeting.minutes.as_deref().map_or(String::new(), |path| format!("Minutes: {path}\n"));
        print(&format!("The review has ended.\n{said}\n{}", super::style::lines(&minutes)))?;
    }
    Ok(OK)
}
