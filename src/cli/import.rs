//! `persona import`: other documents as cards, shown first, written when asked to.
//!
//! What a document states is read below `exchange`; here files are found, and what comes of them is said.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use super::changes::{counted, patch};
use super::style::{Style, safe, wrap};
use super::{OK, print, source};
use crate::card::LARGEST_FILE;
use crate::card::kinds::Kind;
use crate::card::words::nearest;
use crate::catalog::{self, CardEdit, Catalog, FileChange};
use crate::exchange::import::draft::{Draft, Reading, Unread};
use crate::exchange::import::merge::{Outcome, Overwrite, Plan, plan, said};
use crate::exchange::import::sheets::mapping::Mapping;
use crate::exchange::import::words::Vocabulary;
use crate::exchange::import::{FORMATS, Format, Source, finish, guess, too_large};
use crate::store;

/// Make cards of other documents: shown as new and changed cards, written with --apply
///
/// Cards that are there are known by id, name or alias. What they lack is added; where they say
/// otherwise they stay as they are, and the difference is shown. What is not understood is listed with
/// file and line; what a document does not say is left open.
#[derive(Debug, Args)]
#[command(after_help = "Formats:
  a2a         agent cards of the A2A protocol, 0.3 and 1.0
  agent-md    custom agents with front matter, *.agent.md
  auto        guessed, and said
  azure       role assignments and definitions, of the command line and the REST API
  backstage   catalogs: User, Group, Component, API, Resource, System
  csv         one row a persona, a grant, a person, ..., or a matrix of roles
  json        what persona export json wrote, and cards as JSON
  kubernetes  Role, ClusterRole and their bindings
  markdown    persona cards, tables of personas, matrices of roles; plain text too
  mcp         configurations of MCP clients; values of env, headers and args are never copied
  xlsx        workbooks with such tables, a sheet each

Examples:
  persona import markdown team.md --into personas        what would become of it
  persona import markdown team.md --into personas --apply
  persona import auto docs/ .vscode/mcp.json
  persona import mcp .mcp.json --apply
  az role assignment list --all > roles.json && persona import azure roles.json
  persona import xlsx rights.xlsx --save-mapping rights.yaml
  persona import xlsx rights.xlsx --mapping rights.yaml --apply
  persona import a2a agent-card.json --overwrite description --apply")]
pub struct Arguments {
    /// Which format, or auto.
    #[arg(value_name = "FORMAT")]
    format: String,
    /// What to read; of a folder, every file that looks like the format.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The folder of the catalog, which is begun where there is none [default: upward from here, then ./personas].
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Write the cards.
    #[arg(long, conflicts_with = "dry_run")]
    apply: bool,
    /// Write nothing, which is so without --apply too.
    #[arg(long)]
    dry_run: bool,
    /// Let the input win where a card says otherwise: in these fields, or without FIELDS in all.
    #[arg(long, value_name = "FIELDS", num_args = 0..=1, value_delimiter = ',', require_equals = true, default_missing_value = "")]
    overwrite: Option<Vec<String>>,
    /// Of tables: read their columns as this file says, which --save-mapping wrote.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Of tables: write how their columns were read, to be changed by hand.
    #[arg(long, value_name = "FILE")]
    save_mapping: Option<PathBuf>,
    /// Leave out the lines of the changed files.
    #[arg(long)]
    brief: bool,
}

pub fn run(arguments: &Arguments, style: Style) -> anyhow::Result<u8> {
    let format = chosen(&arguments.format)?;
    let target = Target::find(arguments.into.as_deref())?;
    let mut vocabulary = Vocabulary::of(&target.catalog);
    if let Some(path) = &arguments.mapping {
        vocabulary.mapping = Some(mapping(path)?);
    }
    let mut out = String::new();
    let mut reading = Reading::default();
    let several = arguments.paths.len() > 1 || arguments.paths.iter().any(|path| path.is_dir());
    for path in files(&arguments.paths)? {
        let shown = path.display().to_string().replace('\\', "/");
        let bytes = match read(&path) {
            Ok(bytes) => bytes,
            Err(why) => {
                reading.extend(Reading::nothing(&shown, 1, why));
                continue;
            }
        };
        let source = Source { path: &shown, bytes: &bytes };
        let own = match format {
            Some(format) if several && (format.sniff)(&source) == 0 => continue,
            Some(format) => format,
            None => match guess(&source) {
                Some(format) => {
                    out.push_str(&format!("{}: read as {}\n", safe(&shown), format.name));
                    format
                }
                None => {
                    reading.extend(Reading::nothing(
                        &shown,
                        1,
                        "this looks like no format that is known; name one",
                    ));
                    continue;
                }
            },
        };
        reading.extend((own.read)(&source, &vocabulary));
    }
    finish(&mut reading, &vocabulary);
    if let Some(path) = &arguments.save_mapping {
        if reading.mapping.sheets.is_empty() {
            bail!("there is no table in it, so there is no mapping to save; leave --save-mapping out");
        }
        store::write_file(path, reading.mapping.text().as_bytes())?;
        out.push_str(&format!(
            "The mapping of columns was written to {}.\n",
            safe(&path.display().to_string())
        ));
    }
    let overwrite = match &arguments.overwrite {
        None => Overwrite::Nothing,
        Some(fields) if fields.iter().all(String::is_empty) => Overwrite::Everything,
        Some(fields) => Overwrite::Fields(fields.clone()),
    };
    let drafts = std::mem::take(&mut reading.drafts);
    let mut plan = plan(&target.catalog, drafts, &overwrite);
    let has_settings = plan.cards.iter().any(|card| card.draft.kind == Kind::Catalog);
    if target.is_new && !plan.edits.is_empty() && !has_settings {
        plan.edits.push(CardEdit::Write(target.first_card()));
    }
    let changes = target.catalog.changes(&plan.edits).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    out.push_str(&report(&plan, &reading, style));
    if !changes.is_empty() && !arguments.brief {
        out.push('\n');
        out.push_str(&patch(&changes, style));
    }
    out.push('\n');
    if changes.is_empty() {
        out.push_str("Nothing is to be written.\n");
    } else if arguments.apply {
        target.write(&changes)?;
        out.push_str(&format!("Wrote {}.\n", counted(&changes)));
    } else {
        out.push_str(&format!("Nothing was written; --apply writes {}.\n", counted(&changes)));
    }
    print(&out)?;
    Ok(OK)
}

fn mapping(path: &Path) -> anyhow::Result<Mapping> {
    let shown = safe(&path.display().to_string());
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    Mapping::read(&text).map_err(|why| anyhow::anyhow!("{shown}: {}", safe(&why)))
}

/// The format of a name; none where it is to be guessed.
fn chosen(name: &str) -> anyhow::Result<Option<&'static Format>> {
    if name == "auto" {
        return Ok(None);
    }
    if let Some(format) = FORMATS.iter().find(|format| format.name == name) {
        return Ok(Some(format));
    }
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).chain(["auto"]).collect();
    let guess = nearest(name, names.iter().copied())
        .map_or_else(String::new, |near| format!("; did you mean {near}?"));
    bail!("{} cannot be imported: {}{guess}", safe(name), names.join(", "))
}

/// The catalog that cards go into.
struct Target {
    folder: PathBuf,
    catalog: Catalog,
    is_new: bool,
}

impl Target {
    fn find(into: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(folder) = into {
            let empty = match std::fs::read_dir(folder) {
                Ok(mut entries) => entries.next().is_none(),
                Err(error) => error.kind() == std::io::ErrorKind::NotFound,
            };
            if empty {
                let input = catalog::Input {
                    folder: folder
                        .file_name()
                        .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
                    path: folder.display().to_string(),
                    files: Vec::new(),
                    problems: Vec::new(),
                };
                return Ok(Self {
                    folder: folder.to_path_buf(),
                    catalog: catalog::build(input),
                    is_new: true,
                });
            }
        }
        let root = source::root(into)?;
        let catalog = source::catalog(Some(&root.path))?;
        Ok(Self { folder: root.path, catalog, is_new: false })
    }

    /// The card that makes a new folder a catalog.
    fn first_card(&self) -> FileChange {
        let name = crate::card::node::Node::Text(self.catalog.name.as_str().into());
        let text = crate::card::edit::card_text("Catalog", &[("name".into(), name)]);
        FileChange { path: "catalog.yaml".into(), before: None, after: Some(text.into()) }
    }

    fn write(&self, changes: &[FileChange]) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.folder)
            .with_context(|| format!("{} cannot be made", safe(&self.folder.display().to_string())))?;
        Ok(store::save(&self.folder, changes)?)
    }
}

/// So many files of folders are looked at.
const MOST_FILES: usize = 10_000;

/// The files of paths; of folders all that are not hidden, in order.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in paths {
        let shown = || safe(&path.display().to_string());
        let found = std::fs::metadata(path).with_context(|| format!("{} cannot be read", shown()))?;
        if !found.is_dir() {
            out.push(path.clone());
            continue;
        }
        let walk = ignore::WalkBuilder::new(path).sort_by_file_name(Ord::cmp).build();
        let inner =
            walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        out.extend(inner.map(ignore::DirEntry::into_path));
        if out.len() > MOST_FILES {
            bail!("{} holds more than {MOST_FILES} files; name the folder that matters", shown());
        }
    }
    Ok(out)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("this file cannot be read: {error}");
    let found = std::fs::metadata(path).map_err(failed)?;
    if found.len() > LARGEST_FILE {
        return Err(too_large(found.len()));
    }
    if !found.is_file() {
        return Err("this is no file".to_owned());
    }
    std::fs::read(path).map_err(failed)
}

fn report(plan: &Plan, reading: &Reading, style: Style) -> String {
    let mut out = String::new();
    let new = plan.cards.iter().filter(|card| card.outcome == Outcome::New);
    heading(&mut out, "New cards", new.clone().count(), style);
    for card in new {
        let draft = &card.draft;
        let id = draft.text("id").map_or_else(String::new, |id| format!(" ({})", safe(id)));
        let place = style.faint(&format!("{}:{}", safe(&draft.file), draft.line));
        out.push_str(&format!("  + {} {}{id}  {place}\n", draft.kind.word().to_lowercase(), called(draft)));
    }
    let mut changed = 0;
    let mut known = String::new();
    for card in &plan.cards {
        let Outcome::Known { added, differs } = &card.outcome else { continue };
        if added.is_empty() && differs.is_empty() {
            continue;
        }
        changed += 1;
        let draft = &card.draft;
        let place = style.faint(&format!("{}:{}", safe(&draft.file), draft.line));
        known.push_str(&format!("  ~ {} {}  {place}\n", draft.kind.word().to_lowercase(), called(draft)));
        for line in added {
            known.push_str(&style.added(&format!("      + {}", safe(line))));
            known.push('\n');
        }
        for own in differs {
            let (card, input) = (safe(&said(&own.card)), safe(&said(&own.input)));
            let end = if own.taken { "overwritten" } else { "kept" };
            known.push_str(&format!(
                "      ! {}: the card says {card}; the input says {input} ({end})\n",
                own.field
            ));
        }
    }
    heading(&mut out, "Changed cards", changed, style);
    out.push_str(&known);
    let same = plan.cards.iter().filter(|card| {
        matches!(&card.outcome, Outcome::Known { added, differs } if added.is_empty() && differs.is_empty())
    });
    match same.count() {
        0 => {}
        1 => out.push_str("\n1 card says all of it already.\n"),
        several => out.push_str(&format!("\n{several} cards say all of it already.\n")),
    }
    list(&mut out, "Concluded, not read", &reading.notes, style);
    list(&mut out, "Not understood", &reading.unread, style);
    out
}

/// What a draft is called; a decision has no name, and is called by its finding.
fn called(draft: &Draft) -> String {
    match draft.get("finding") {
        Some(finding) if draft.name().is_empty() => safe(&said(finding)),
        _ => safe(draft.name()),
    }
}

fn heading(out: &mut String, title: &str, count: usize, style: Style) {
    if count > 0 {
        let gap = if out.is_empty() { "" } else { "\n" };
        out.push_str(&format!("{gap}{} ({count})\n", style.strong(title)));
    }
}

fn list(out: &mut String, title: &str, lines: &[Unread], style: Style) {
    heading(out, title, lines.len(), style);
    for own in lines {
        let lines = if own.last_line > own.line {
            format!("{}-{}", own.line, own.last_line)
        } else {
            own.line.to_string()
        };
        let text = format!("{}:{lines}: {}", safe(&own.file), safe(&own.why));
        out.push_str(&format!("  {}", wrap(&text, style.width.saturating_sub(2), "    ").trim_start()));
    }
}
