//! `persona init`: a small catalog to begin with, and the schema that editors check its cards by.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use include_dir::{Dir, include_dir};

use super::schema::with_modelines;
use super::{OK, print};
use crate::card::schema::{Subject, schema_text};
use crate::store::{SCHEMA_FILE, create_file, write_schema};

static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/starter");

/// Begin a catalog in a folder
#[derive(Debug, Args)]
#[command(after_help = "Example:
  persona init personas
  persona personas")]
pub struct Arguments {
    /// The folder; it is made if it is not there.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let folder = &arguments.folder;
    if folder.join("catalog.yaml").exists() {
        bail!("{} holds a catalog already, and was left as it is", folder.display());
    }
    let files = files(&STARTER);
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists()) {
        bail!("{} is there already, and nothing was written", folder.join(path).display());
    }
    let mut out = String::new();
    for (path, text) in files {
        let text = with_modelines(text, &path);
        let path = folder.join(path);
        create_file(&path, &text)?;
        out.push_str(&format!("{}\n", path.display()));
    }
    write_schema(folder, &schema_text(Subject::Any))?;
    out.push_str(&format!("{}\n", folder.join(SCHEMA_FILE).display()));
    out.push_str(&format!("\nNext: persona {}\n", folder.display()));
    print(&out)?;
    Ok(OK)
}

/// The text files of an embedded folder, with their paths in it.
pub fn files<'a>(folder: &'a Dir<'_>) -> Vec<(PathBuf, &'a str)> {
    let mut files: Vec<(PathBuf, &str)> =
        folder.files().filter_map(|file| Some((file.path().to_path_buf(), file.contents_utf8()?))).collect();
    files.extend(folder.dirs().flat_map(files_below));
    files.sort();
    files
}

fn files_below<'a>(folder: &'a Dir<'_>) -> Vec<(PathBuf, &'a str)> {
    files(folder)
}
