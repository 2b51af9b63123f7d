//! `persona man`: the manual page.

use clap::Args;

use super::{OK, print};

/// Print the manual page
#[derive(Debug, Args)]
#[command(after_help = "Example:
  persona man | man -l -")]
pub struct Arguments {}

pub fn run(_: &Arguments, command: clap::Command) -> anyhow::Result<u8> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out)?;
    print(&String::from_utf8_lossy(&out))?;
    Ok(OK)
}
