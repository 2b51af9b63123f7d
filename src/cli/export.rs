//! `persona export`: pictures and tables as files for other programs.
//!
//! A thin dispatcher: what can be exported, and in which formats, is in one table, one file each.

mod architecture_map;
mod graph;
mod html;
mod process_map;

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
  graph             the graph around something, in layers: svg, dot, mermaid, text
  html              a report of everything, as one page that needs no network: html
  process-map       steps by environment, with who performs them: svg, dot, mermaid, text

Without --format the ending of FILE says which; without FILE it is printed.

Examples:
  persona export html -o report.html
  persona export graph P010 -o p010.svg
  persona export graph \"Azure Machine Learning\" --hops 2 --overlay access -o access.svg
  persona export graph --hops all --layers rank --format dot | dot -Tpdf > graph.pdf
  persona export graph P006 --format mermaid
  persona export graph P006 --format text --ascii
  persona export process-map -o process-map.svg
  persona export process-map --process MLOps --persona P009 --format text
  persona export architecture-map --view Frontend -o generative-ai.svg")]
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
    /// Where to write it; `-` is the standard output.
    #[arg(long, short, visible_alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
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

/// Everything that can be exported, in alphabetical order.
static EXPORTERS: &[&Exporter] =
    &[&architecture_map::EXPORTER, &graph::EXPORTER, &html::EXPORTER, &process_map::EXPORTER];

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
    let Some(exporter) = EXPORTERS.iter().find(|known| known.name == arguments.what) else {
        let names: Vec<&str> = EXPORTERS.iter().map(|known| known.name).collect();
        let guess = nearest(&arguments.what, names.iter().copied())
            .map_or_else(String::new, |near| format!("; did you mean {near}?"));
        bail!("{} cannot be exported: {}{guess}", safe(&arguments.what), names.join(", "));
    };
    let given = [
        ("ENTITY", arguments.entity.is_some()),
        ("--hops", arguments.hops.is_some()),
        ("--overlay", arguments.overlay.is_some()),
        ("--layers", arguments.layers.is_some()),
        ("--persona", arguments.persona.is_some()),
        ("--process", !arguments.process.is_empty()),
        ("--view", arguments.view.is_some()),
    ];
    if let Some((stray, _)) =
        given.into_iter().find(|(option, given)| *given && !exporter.options.contains(option))
    {
        bail!("{stray} means nothing to {}; leave it out", exporter.name);
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
