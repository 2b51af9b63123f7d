//! `persona matrix`: who against what, as a table, for people, spreadsheets and programs.

pub mod csv;
mod html;
mod json;
mod markdown;
mod terminal;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};

use super::show::find;
use super::style::{Style, lines, safe};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::matrix::signs::Letters;
use crate::analysis::matrix::{Kind, Matrix, Options, Sort, View};

/// Show a matrix: personas against components, processes, skills or each other, people against skills
#[derive(Debug, Args)]
#[command(after_help = "Kinds:
  components    persona x component: granted and needed in one cell, W▲R is write where read is needed
  processes     persona x process: responsibility, and the access with which it is done
  skills        persona x skill: required, there, missing, and how well
  people        person x skill: what the person has, and what the person's personas ask for
  interactions  persona x persona: who names whom, one way or both, over which protocol

Filter words narrow rows (team:ai type:agent finding:high, or any text), columns (component:storage,
process:mlops, skill:python) and cells (state:missing, state:too-high, state:wrong).

Examples:
  persona matrix components --environment prod
  persona matrix components type:agent state:wrong
  persona matrix skills --cluster --transpose
  persona matrix people --sort gaps
  persona matrix components --by \"Azure Key Vault\"
  persona matrix components --format csv > access.csv
  persona matrix interactions --format html > interactions.html
  persona matrix components --format json | jq '.cells[] | select(.state == \"missing\")'

The schema of the JSON is assets/schema/matrix-1.json.")]
pub struct Arguments {
    /// Which matrix.
    #[arg(value_enum, value_name = "KIND")]
    kind: KindArgument,
    /// Words that narrow it.
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,
    /// In this environment only [default: the worst of all].
    #[arg(long, short, value_name = "ENVIRONMENT")]
    environment: Option<String>,
    /// In this phase of a process only.
    #[arg(long, value_name = "PHASE")]
    phase: Option<String>,
    /// What holds at this risk.
    #[arg(long, value_name = "RISK")]
    risk: Option<String>,
    /// In which order rows and columns stand.
    #[arg(long, value_enum, default_value_t = SortArgument::Catalog, value_name = "ORDER")]
    sort: SortArgument,
    /// Sort by what stands in this column (or row), worst first.
    #[arg(long, value_name = "NAME", conflicts_with = "sort")]
    by: Option<String>,
    /// Move like by like, rows and columns.
    #[arg(long, conflicts_with_all = ["sort", "by"])]
    cluster: bool,
    /// Turn rows into columns.
    #[arg(long)]
    transpose: bool,
    /// Show rows and columns with nothing in them too.
    #[arg(long)]
    empty: bool,
    /// Leave out what rows and columns come to.
    #[arg(long)]
    no_totals: bool,
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindArgument {
    #[value(aliases = ["component", "access", "persona-component"])]
    Components,
    #[value(aliases = ["process", "persona-process"])]
    Processes,
    #[value(aliases = ["skill", "persona-skill"])]
    Skills,
    #[value(aliases = ["person", "person-skill", "training"])]
    People,
    #[value(aliases = ["interaction", "personas", "persona", "persona-persona"])]
    Interactions,
}

impl KindArgument {
    fn kind(self) -> Kind {
        match self {
            Self::Components => Kind::Components,
            Self::Processes => Kind::Processes,
            Self::Skills => Kind::Skills,
            Self::People => Kind::People,
            Self::Interactions => Kind::Interactions,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SortArgument {
    /// As in the catalog.
    Catalog,
    /// By name.
    Name,
    /// Those with most gaps first.
    Gaps,
    /// Those with most cells first.
    Most,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Columns that fit the terminal, as many blocks as it takes.
    Terminal,
    /// A sentence for each cell, with the lines that state it.
    Plain,
    /// A table for wikis and pull requests.
    Markdown,
    /// For spreadsheets; no cell is ever taken for a formula.
    Csv,
    /// A page of its own, light and dark.
    Html,
    /// For other programs.
    Json,
}

/// What all formats print.
pub struct Page<'a> {
    analysis: &'a Analysis,
    matrix: &'a Matrix,
    view: &'a View,
    letters: Letters,
    totals: bool,
    order: String,
    filter: &'a str,
}

impl Page<'_> {
    /// "Persona x component, in prod, most gaps first".
    fn title(&self, cross: &str) -> String {
        let kind = self.matrix.kind.title().replace(" x ", &format!(" {cross} "));
        let mut words = vec![kind[..1].to_uppercase() + &kind[1..]];
        let phrase = self.matrix.context.phrase(&self.analysis.catalog);
        if self.matrix.kind.has_context() {
            words.push(if phrase.is_empty() { "all environments".to_owned() } else { phrase });
        }
        words.push(self.order.clone());
        if !self.filter.is_empty() {
            words.push(format!("filter: {}", self.filter));
        }
        safe(&words.join(", "))
    }

    /// "9 rows x 23 columns: 45 cells, 15 with a gap; 19 columns with nothing in them are left out".
    fn summary(&self) -> String {
        let total = self.view.total;
        let empty = [(self.view.empty_rows, "row"), (self.view.empty_columns, "column")];
        let empty: Vec<String> = empty
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
        let empty = if empty.is_empty() {
            String::new()
        } else {
            format!("; left out, with nothing in them: {} (--empty shows them)", empty.join(", "))
        };
        format!(
            "{} x {}: {} {}, {} with a gap{empty}",
            counted(self.view.rows.len(), "row"),
            counted(self.view.columns.len(), "column"),
            total.cells,
            if total.cells == 1 { "cell" } else { "cells" },
            total.wrong
        )
    }
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let kind = arguments.kind.kind();
    let context = Context::of_words(
        &analysis.catalog,
        arguments.environment.as_deref(),
        arguments.phase.as_deref(),
        arguments.risk.as_deref(),
    )
    .map_err(|why| anyhow!("{}", lines(&why)))?;
    let matrix = Matrix::of(&analysis, kind, &context);
    let filter: Vec<String> = arguments
        .filter
        .iter()
        .map(|word| if word.contains(char::is_whitespace) { format!("\"{word}\"") } else { word.clone() })
        .collect();
    let filter = filter.join(" ");
    let (sort, order) = sort(&analysis, &matrix, arguments)?;
    let options = Options {
        sort,
        cluster: arguments.cluster,
        transpose: arguments.transpose,
        empty: arguments.empty,
        filter: filter.clone(),
        stays: None,
    };
    let view = View::of(&analysis, &matrix, &options);
    let page = Page {
        analysis: &analysis,
        matrix: &matrix,
        view: &view,
        letters: Letters::of(&analysis.catalog.settings),
        totals: !arguments.no_totals,
        order,
        filter: &filter,
    };
    let text = match arguments.format {
        Format::Terminal if !common.plain => terminal::text(&page, style),
        Format::Terminal | Format::Plain => terminal::plain(&page),
        Format::Markdown => markdown::text(&page, style.ascii),
        Format::Csv => csv::text(&page)?,
        Format::Html => html::text(&page),
        Format::Json => json::text(&page)?,
    };
    print(&text)?;
    Ok(OK)
}

fn sort(analysis: &Analysis, matrix: &Matrix, arguments: &Arguments) -> anyhow::Result<(Sort, String)> {
    let catalog = &analysis.catalog;
    if arguments.cluster {
        return Ok((Sort::Catalog, "like by like".to_owned()));
    }
    if let Some(word) = &arguments.by {
        let found: Vec<_> = catalog
            .find(word)
            .into_iter()
            .filter(|entity| matrix.columns.contains(entity) || matrix.rows.contains(entity))
            .collect();
        let entity = match found.as_slice() {
            [first, ..] => *first,
            [] => {
                let entity = find(catalog, word)?;
                bail!("{} is in no row and no column of this matrix", safe(&catalog.label(entity)))
            }
        };
        return Ok((Sort::By(entity), format!("by {}", catalog.label(entity))));
    }
    let sort = match arguments.sort {
        SortArgument::Catalog => Sort::Catalog,
        SortArgument::Name => Sort::Name,
        SortArgument::Gaps => Sort::Gaps,
        SortArgument::Most => Sort::Most,
    };
    Ok((sort, sort.word().to_owned()))
}
