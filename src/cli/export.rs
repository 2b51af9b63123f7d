//! `persona export`: pictures and tables as files for other programs.
//!
//! A thin dispatcher: what can be exported, and in which formats, is in one table, one file each.

mod architecture_map;
mod csv;
mod graph;
mod html;
mod json;
mod markdown;
mod pptx;
mod process_map;
mod xlsx;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use super::style::{Style, safe};
use super::{Common, OK, PathArgument, source};
use crate::analysis::Analysis;
use crate::card::words::{Name, nearest};
use crate::catalog::PersonaId;
use crate::exchange::{dot, mermaid, svg, text};
use crate::layout::picture::Picture;
use crate::store;

/// Write a picture or a table to a file
#[derive(Debug, Args)]
#[command(after_help = "What:
  architecture-map  components in layers, flows, who has access: svg, dot, mermaid, text
  csv               all cards, findings and matrices, a file each in the folder DIR
  graph             the graph around something, in layers: svg, dot, mermaid, text
  html              a report of everything, as one page that needs no network: html
  json              everything: cards, what each shows, findings, score
  markdown          a page for each card, with links, and what follows, in the folder DIR
  pptx              a deck of slides: overview, one card a slide, one slide a map: pptx
  process-map       steps by environment, with who performs them: svg, dot, mermaid, text
  xlsx              all cards, findings and matrices, as a workbook

csv, json, markdown and xlsx carry every field of every card, so that persona import reads them back;
what they do not carry (comments, above all) is listed. A folder that holds other things is left alone.

Without --format the ending of FILE says which; without FILE it is printed.

Examples:
  persona export html -o report.html
  persona export pptx -o personas.pptx
  persona export graph P010 -o p010.svg
  persona export graph \"component:Azure Machine Learning\" --hops 2 --overlay access -o access.svg
  persona export graph --hops all --layers rank --format dot | dot -Tpdf > graph.pdf
  persona export graph P006 --format mermaid
  persona export graph P006 --format text --ascii
  persona export process-map -o process-map.svg
  persona export process-map --process MLOps --persona P009 --format text
  persona export architecture-map --view Frontend -o generative-ai.svg
  persona export xlsx --out team.xlsx
  persona export csv --out tables/
  persona export markdown --out wiki/
  persona export json | jq '.cards[] | select(.kind == \"Persona\")'")]
pub struct Arguments {
    /// What to export.
    #[arg(value_name = "WHAT")]
    what: String,
    /// What it is about: id, name or alias.
    #[arg(value_name = "ENTITY")]
    pub(super) entity: Option<String>,
    /// In which format [default: by the ending of FILE, else the first that WHAT has].
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Where to write it: a file, `-` for the standard output, or a folder where WHAT makes several files.
    #[arg(long, short, visible_alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Of several files: write into a folder that holds other things, and over files that were changed.
    #[arg(long)]
    force: bool,
    /// How far around ENTITY: 1, 2, 3 or more hops, or all.
    #[arg(long, value_name = "N", value_parser = hops)]
    pub(super) hops: Option<Hops>,
    /// Which relations.
    #[arg(long, value_enum, value_name = "OVERLAY")]
    pub(super) overlay: Option<OverlayArgument>,
    /// What makes the layers: what things are, or what leads to what.
    #[arg(long, value_enum, value_name = "LAYERS")]
    pub(super) layers: Option<LayersArgument>,
    /// Of a map: all but what this persona does or touches steps back.
    #[arg(long, value_name = "PERSONA")]
    pub(super) persona: Option<String>,
    /// Of the process map: only this process, with its parts; can be repeated.
    #[arg(long, value_name = "PROCESS")]
    pub(super) process: Vec<String>,
    /// Of the architecture map: one of its pictures, by its name, one of its layers, or its number.
    #[arg(long, value_name = "VIEW")]
    pub(super) view: Option<String>,
    #[command(flatten)]
    catalog: PathArgument,
}

/// How far around something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hops {
    /// So many.
    Some(usize),
    /// Everything.
    All,
}

fn hops(word: &str) -> Result<Hops, String> {
    match word {
        "all" => Ok(Hops::All),
        _ => match word.parse() {
            Ok(hops) if hops > 0 => Ok(Hops::Some(hops)),
            _ => Err("write a number from 1 on, or all".to_owned()),
        },
    }
}

/// See [`crate::analysis::lens::Overlay`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OverlayArgument {
    /// All relations.
    All,
    /// Who may touch what.
    Access,
    /// Who knows what.
    Skills,
    /// Only what findings are about.
    Findings,
}

/// See [`crate::layout::graph::Layers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayersArgument {
    /// Teams and people, personas, processes, steps, components, skills.
    Kind,
    /// By what leads to what.
    Rank,
}

/// Something that can be exported.
pub struct Exporter {
    /// Its name.
    pub name: &'static str,
    /// Its formats; the first is taken where none is asked for.
    pub formats: &'static [&'static str],
    /// The options that mean something to it: `ENTITY`, `--hops` and so on.
    pub options: &'static [&'static str],
    /// Makes it, in one of its formats.
    pub make: fn(&Export<'_>) -> anyhow::Result<Vec<u8>>,
}

/// Something that is exported as several files.
pub struct FolderExporter {
    /// Its name.
    pub name: &'static str,
    /// Makes the files, each with its path in the folder, and says what they do not carry.
    pub make: fn(&Analysis) -> anyhow::Result<Files>,
}

/// Files of an export.
pub struct Files {
    /// Each with its path in the folder, with `/` between folders.
    pub files: Vec<(String, Vec<u8>)>,
    /// What is in the catalog and not in them, a sentence each.
    pub lost: Vec<String>,
}

/// What an exporter is given.
pub struct Export<'a> {
    /// The analysed catalog.
    pub analysis: &'a Analysis,
    /// What was asked for.
    pub arguments: &'a Arguments,
    /// One of the exporter's formats.
    pub format: &'a str,
    /// Signs of ASCII only.
    pub ascii: bool,
}

/// How something is exported.
enum How {
    /// As one file.
    File(&'static Exporter),
    /// As several.
    Folder(&'static FolderExporter),
}

impl How {
    fn name(&self) -> &'static str {
        match self {
            Self::File(exporter) => exporter.name,
            Self::Folder(exporter) => exporter.name,
        }
    }
}

/// Everything that can be exported, in alphabetical order.
static EXPORTERS: &[How] = &[
    How::File(&architecture_map::EXPORTER),
    How::Folder(&csv::EXPORTER),
    How::File(&graph::EXPORTER),
    How::File(&html::EXPORTER),
    How::File(&json::EXPORTER),
    How::Folder(&markdown::EXPORTER),
    How::File(&pptx::EXPORTER),
    How::File(&process_map::EXPORTER),
    How::File(&xlsx::EXPORTER),
];

/// Says what an export does not carry, apart from what it prints.
fn say_lost(lost: &[String]) {
    if !lost.is_empty() {
        eprintln!("Not carried:");
        lost.iter().for_each(|line| eprintln!("  {}", safe(line)));
    }
}

/// A picture in one of the formats that all pictures have.
fn picture(export: &Export<'_>, picture: &Picture) -> Vec<u8> {
    let catalog = &export.analysis.catalog;
    let out = match export.format {
        "dot" => dot::dot(picture, catalog),
        "mermaid" => mermaid::mermaid(picture),
        "text" => text::text(picture, export.ascii),
        _ => svg::svg(picture, catalog),
    };
    out.into_bytes()
}

/// The persona of `--persona`.
fn persona(export: &Export<'_>) -> anyhow::Result<Option<PersonaId>> {
    let Some(word) = &export.arguments.persona else { return Ok(None) };
    let known = export.analysis.catalog.find_persona(&Name::new(word));
    known.map(Some).with_context(|| format!("there is no persona {}; `persona list` names them", safe(word)))
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let Some(how) = EXPORTERS.iter().find(|known| known.name() == arguments.what) else {
        let names: Vec<&str> = EXPORTERS.iter().map(How::name).collect();
        let guess = nearest(&arguments.what, names.iter().copied())
            .map_or_else(String::new, |near| format!("; did you mean {near}?"));
        bail!("{} cannot be exported: {}{guess}", safe(&arguments.what), names.join(", "));
    };
    let exporter = match how {
        How::File(exporter) => *exporter,
        How::Folder(exporter) => return folder(exporter, arguments, common),
    };
    no_strays(arguments, exporter.name, exporter.options)?;
    if arguments.force {
        bail!("--force means nothing to {}, which is one file; leave it out", exporter.name);
    }
    let output = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let format = format(exporter, arguments.format.as_deref(), output)?;
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let bytes = (exporter.make)(&Export { analysis: &analysis, arguments, format, ascii: style.ascii })?;
    match output {
        Some(path) => {
            store::write_file(path, &bytes)?;
            eprintln!("{} written", safe(&path.display().to_string()));
        }
        None => {
            if std::str::from_utf8(&bytes).is_err() && std::io::stdout().is_terminal() {
                bail!("{format} is no text for a terminal; write it to a file with -o FILE");
            }
            use std::io::Write as _;
            let mut out = std::io::stdout().lock();
            out.write_all(&bytes)?;
            out.flush()?;
        }
    }
    Ok(OK)
}

fn no_strays(arguments: &Arguments, name: &str, options: &[&str]) -> anyhow::Result<()> {
    let given = [
        ("ENTITY", arguments.entity.is_some()),
        ("--hops", arguments.hops.is_some()),
        ("--overlay", arguments.overlay.is_some()),
        ("--layers", arguments.layers.is_some()),
        ("--persona", arguments.persona.is_some()),
        ("--process", !arguments.process.is_empty()),
        ("--view", arguments.view.is_some()),
    ];
    match given.into_iter().find(|(option, given)| *given && !options.contains(option)) {
        Some((stray, _)) => bail!("{stray} means nothing to {name}; leave it out"),
        None => Ok(()),
    }
}

fn folder(exporter: &FolderExporter, arguments: &Arguments, common: &Common) -> anyhow::Result<u8> {
    let name = exporter.name;
    no_strays(arguments, name, &[])?;
    if let Some(format) = &arguments.format
        && format != name
    {
        bail!("{name} has no format {}; leave it out", safe(format));
    }
    let output = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let Some(output) = output else {
        bail!("{name} makes several files; say where: persona export {name} --out DIR");
    };
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let made = (exporter.make)(&analysis)?;
    let done = store::write_folder(output, &made.files, arguments.force)?;
    let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let mut words = vec![format!("{} written", files(done.written))];
    if done.same > 0 {
        words.push(format!("{} as before", done.same));
    }
    if done.removed > 0 {
        words.push(format!("{} of the last export removed", done.removed));
    }
    eprintln!("{}: {}", safe(&output.display().to_string()), words.join(", "));
    say_lost(&made.lost);
    Ok(OK)
}

/// The format that is asked for, or that the file's ending means.
fn format(exporter: &Exporter, asked: Option<&str>, output: Option<&Path>) -> anyhow::Result<&'static str> {
    let all = exporter.formats.join(", ");
    if let Some(asked) = asked {
        let known = exporter.formats.iter().find(|known| **known == asked);
        return known
            .copied()
            .with_context(|| format!("{} has no format {}; it has {all}", exporter.name, safe(asked)));
    }
    let Some(path) = output else {
        return exporter.formats.first().copied().context("there is no format");
    };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let meant = match ending.as_str() {
        "gv" => "dot",
        "htm" => "html",
        "md" if !exporter.formats.contains(&"markdown") => "mermaid",
        "md" => "markdown",
        "mmd" => "mermaid",
        "txt" => "text",
        other => other,
    };
    exporter.formats.iter().find(|known| **known == meant).copied().with_context(|| {
        let path = safe(&path.display().to_string());
        format!("the ending of {path} says no format of {}; add --format with one of {all}", exporter.name)
    })
}
