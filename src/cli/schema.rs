//! `persona schema`: what editors check and explain while one types.

use std::path::{Path, PathBuf};

use clap::Args;

use super::style::safe;
use super::{OK, print, source};
use crate::card::schema::{Subject, schema_text};
use crate::store::{SCHEMA_FILE, write_schema};

/// Print the JSON Schema of cards, or put it into a catalog for editors
///
/// Editors with a YAML language server then complete fields, explain each under the cursor, and mark
/// what `persona check` would report of the file. A card points at its schema in its first line, as
/// `init` and `new` write it:
///
///   # yaml-language-server: $schema=.persona/schema.json
///
/// The path is relative to the card: from a folder below the catalog it begins with `../`.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:
  persona schema                    of any card
  persona schema persona            of a persona
  persona schema persona-list       of a list of personas
  persona schema --save             write .persona/schema.json into the catalog around here
  persona schema --save --in team/personas

KIND is catalog, persona, process, component, skill, team, person, scenario or decision, or one of
them with -list. The schema is of draft 2020-12."
)]
pub struct Arguments {
    /// The kind [default: any].
    #[arg(value_name = "KIND", value_parser = subject)]
    kind: Option<Subject>,
    /// Write it to .persona/schema.json of the catalog, where `init` puts it and `new` points to.
    #[arg(long, conflicts_with = "kind")]
    save: bool,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH", requires = "save")]
    path: Option<PathBuf>,
}

fn subject(word: &str) -> Result<Subject, String> {
    Subject::of(word).ok_or_else(|| {
        let words: Vec<String> = Subject::all().map(Subject::word).collect();
        match crate::card::words::nearest(word, words.iter().map(String::as_str)) {
            Some(near) => format!("there is no such kind; did you mean {near}?"),
            None => format!("there is no such kind; known are {}", words.join(", ")),
        }
    })
}

pub fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    if !arguments.save {
        print(&schema_text(arguments.kind.unwrap_or(Subject::Any)))?;
        return Ok(OK);
    }
    let root = source::root(arguments.path.as_deref())?;
    let changed = write_schema(&root.path, &schema_text(Subject::Any))?;
    let shown = safe(&Path::new(&root.shown).join(SCHEMA_FILE).display().to_string());
    let done = if changed { "was written" } else { "is up to date" };
    print(&format!("{shown} {done}.\nA card points at it in its first line: {}\n", modeline(0).trim_end()))?;
    Ok(OK)
}

/// The line that tells an editor's YAML server where the schema of a card is; the card stands `depth`
/// folders below the catalog's.
#[must_use]
pub fn modeline(depth: usize) -> String {
    format!("# yaml-language-server: $schema={}{SCHEMA_FILE}\n", "../".repeat(depth))
}

/// A file's text with that line at the top of each of its documents: a server reads each by itself.
#[must_use]
pub fn with_modelines(text: &str, path: &Path) -> String {
    let depth = path.components().count().saturating_sub(1);
    let line = modeline(depth);
    let mut out = line.clone();
    for part in text.split_inclusive('\n') {
        out.push_str(part);
        if part.trim_end() == "---" {
            out.push_str(&line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_document_says_where_its_schema_is_from_where_it_stands() {
        let text = with_modelines("kind: Team\n---\nkind: Team\n", Path::new("a/b/c.yaml"));
        let line = "# yaml-language-server: $schema=../../.persona/schema.json\n";
        assert_eq!(text, format!("{line}kind: Team\n---\n{line}kind: Team\n"));
        assert!(modeline(0).contains("$schema=.persona/schema.json"));
    }

    #[test]
    fn kinds_are_known_however_they_are_spelt() {
        for word in ["persona-list", "PersonaList", "personalist", "PERSONA_LIST"] {
            assert_eq!(Subject::of(word).map(Subject::word).as_deref(), Some("persona-list"), "{word}");
        }
        assert!(subject("persno").is_err_and(|message| message.contains("did you mean person")));
    }
}
