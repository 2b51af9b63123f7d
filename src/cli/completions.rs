//! `persona completions`: what a shell needs to complete this command.

use clap::Args;
use clap_complete::Shell;

use super::{OK, print};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:
  persona completions bash > ~/.local/share/bash-completion/completions/persona")]
pub struct Arguments {
    /// The shell.
    shell: Shell,
}

pub fn run(arguments: &Arguments, command: &mut clap::Command) -> anyhow::Result<u8> {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, command, "persona", &mut out);
    print(&String::from_utf8_lossy(&out))?;
    Ok(OK)
}
