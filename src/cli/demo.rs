//! `persona demo`: the example catalog, in a scratch copy.

use clap::Args;
use include_dir::{Dir, include_dir};

use super::init::files;
use super::open::{self, OpenArguments};
use super::style::Style;
use super::{Common, OK, print};
use crate::store::create_file;

static EXAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/personas");

/// Open a scratch copy of the example catalog
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona demo
  persona check $(persona demo --path-only)")]
pub struct Arguments {
    /// Only make the copy, and print its folder.
    #[arg(long)]
    path_only: bool,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let folder = tempfile::Builder::new().prefix("persona-demo-").tempdir()?.keep().join("personas");
    for (path, text) in files(&EXAMPLE) {
        create_file(&folder.join(path), text)?;
    }
    if arguments.path_only {
        print(&format!("{}\n", folder.display()))?;
        return Ok(OK);
    }
    open::run(&OpenArguments::of(folder), common, style)
}
