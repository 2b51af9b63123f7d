//! `persona check`: the gaps of a catalog, for people and for CI.

use std::path::PathBuf;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use clap::{Args, ValueEnum};

use super::report::Report;
use super::style::{Style, safe, wrap};
use super::{BROKEN, Common, FOUND, OK, print, source};
use crate::analysis::{Analysis, Finding, Severity};
use crate::card::problem::{Level as ProblemLevel, Problem};
use crate::card::source::line_range;

/// List the gaps of a catalog, worst first
#[derive(Debug, Args)]
#[command(after_help = "Exit status:
  0  no open finding at or above --fail-on
  1  some
  2  the catalog has errors (with --strict also warnings), or could not be read
  64 wrong usage

Examples:
  persona check
  persona check team/personas --fail-on medium
  persona check --format json | jq '.findings[].message'
  persona check --at 2027-01-01       what will have expired by then")]
pub struct Arguments {
    /// The folder of the catalog [default: upward from here, then ./personas].
    path: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Exit with 1 where an open finding is of this severity or worse.
    #[arg(long, value_enum, default_value_t = FailOn::High, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Exit with 2 on warnings too.
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences, with the lines that cause them.
    Terminal,
    /// One line a finding.
    Plain,
    /// For other programs.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Info,
    /// Never exit with 1.
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let text = match arguments.format {
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&Report::of(&analysis))?;
            text.push('\n');
            text
        }
        Format::Plain => plain(&analysis, style),
        Format::Terminal if common.plain => plain(&analysis, style),
        Format::Terminal => terminal(&analysis, style),
    };
    let printed = print(&text);
    let code = code(&analysis, arguments);
    match printed {
        Err(error) if super::is_closed_pipe(&error) => Ok(code),
        other => other.map(|()| code),
    }
}

fn code(analysis: &Analysis, arguments: &Arguments) -> u8 {
    let worst = if arguments.strict { ProblemLevel::Warning } else { ProblemLevel::Error };
    let mut problems = analysis.catalog.problems.iter().chain(&analysis.problems);
    if problems.any(|problem| problem.level >= worst) {
        return BROKEN;
    }
    let found = arguments.fail_on.severity().is_some_and(|limit| {
        analysis.findings.iter().any(|finding| finding.is_open() && finding.severity.at_least(limit))
    });
    if found { FOUND } else { OK }
}

/// One line a problem and a finding: for screen readers, grep, and editors that jump to lines.
pub fn plain(analysis: &Analysis, style: Style) -> String {
    let catalog = &analysis.catalog;
    let mut out = String::new();
    for problem in catalog.problems.iter().chain(&analysis.problems) {
        out.push_str(&problem_line(problem));
    }
    for finding in &analysis.findings {
        let place = match finding.place {
            Some(place) => {
                let location = catalog.locate(place);
                format!("{}:{}:{}", location.file, location.position.line, location.position.column)
            }
            None => catalog.id(finding.subject).into_owned(),
        };
        let decided = if finding.is_open() { "" } else { " (decided)" };
        out.push_str(&format!(
            "{}: {} {}{decided}: {}\n",
            safe(&place),
            finding.severity.word(),
            finding.rule.id,
            safe(&finding.message)
        ));
    }
    out.push_str(&summary(analysis, Style { color: false, ..style }));
    out
}

fn problem_line(problem: &Problem) -> String {
    format!(
        "{}:{}:{}: {}: {}. {}\n",
        safe(&problem.file),
        problem.line,
        problem.column,
        problem.level.word(),
        safe(&problem.message),
        safe(&problem.hint)
    )
}

fn terminal(analysis: &Analysis, style: Style) -> String {
    let catalog = &analysis.catalog;
    let mut out = String::new();
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let decor = if style.ascii { DecorStyle::Ascii } else { DecorStyle::Unicode };
    let renderer = renderer.decor_style(decor).term_width(style.width);
    for problem in catalog.problems.iter().chain(&analysis.problems) {
        let level = match problem.level {
            ProblemLevel::Error => Level::ERROR,
            ProblemLevel::Warning => Level::WARNING,
            ProblemLevel::Note => Level::NOTE,
        };
        let text = catalog.files().find(|file| *file.path == *problem.file).map(|file| file.text.clone());
        let text = text.filter(|text| !text.is_empty());
        let line = text.as_deref().and_then(|text| Some(&text[line_range(text, problem.line)?]));
        out.push_str(&snippet(
            &renderer,
            &level.with_name(problem.level.word()),
            &safe(&problem.message),
            None,
            Shown { file: &problem.file, line: problem.line, columns: (problem.column, 0), text: line },
            &safe(&problem.hint),
        ));
    }
    let mut last = None;
    for finding in &analysis.findings {
        if last != Some(finding.severity) {
            last = Some(finding.severity);
            let count = analysis.findings.iter().filter(|other| other.severity == finding.severity).count();
            let title = format!("{} {} ({count})", style.badge(finding.severity), finding.severity.word());
            out.push_str(&format!("{}\n\n", style.strong(&title)));
        }
        out.push_str(&terminal_finding(analysis, finding, &renderer, style));
    }
    out.push_str(&summary(analysis, style));
    if let Some(finding) = analysis.findings.first() {
        let rule = finding.rule.id;
        out.push_str(&format!(
            "`persona explain {rule}` says why a rule matters, and how to mend what it finds.\n"
        ));
    }
    out
}

/// A line of a file that is shown.
struct Shown<'a> {
    file: &'a str,
    line: u32,
    /// From, and up to; 0 for the line's end.
    columns: (u32, u32),
    text: Option<&'a str>,
}

fn snippet(
    renderer: &Renderer,
    level: &Level<'_>,
    message: &str,
    id: Option<&str>,
    shown: Shown<'_>,
    hint: &str,
) -> String {
    let title = level.clone().primary_title(message);
    let title = match id {
        Some(id) => title.id(id),
        None => title,
    };
    let file = safe(shown.file);
    let help = (!hint.is_empty()).then(|| Level::HELP.message(hint));
    let Some(text) = shown.text else {
        // Nothing of the file could be read, so there is no line to show.
        let group = title.element(Origin::path(file.as_str()));
        let group = group.elements(help);
        return format!("{}\n\n", renderer.render(&[group]));
    };
    let line = text.replace('\t', " ");
    let line = safe(&line);
    let from = byte_of(&line, shown.columns.0);
    let to = match shown.columns.1 {
        0 => line.trim_end().len(),
        column => byte_of(&line, column),
    };
    let span = from..to.max(from).min(line.len().max(from));
    let group = title.element(
        Snippet::source(line.as_str())
            .line_start(shown.line as usize)
            .path(file.as_str())
            .annotation(AnnotationKind::Primary.span(span)),
    );
    format!("{}\n\n", renderer.render(&[group.elements(help)]))
}

/// The byte at which a column (from 1, in characters) begins.
fn byte_of(line: &str, column: u32) -> usize {
    line.char_indices().nth(column.saturating_sub(1) as usize).map_or(line.len(), |(byte, _)| byte)
}

fn terminal_finding(analysis: &Analysis, finding: &Finding, renderer: &Renderer, style: Style) -> String {
    let catalog = &analysis.catalog;
    let level = match finding.severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::INFO,
        Severity::Info => Level::NOTE,
    };
    let decided = if finding.is_open() { "" } else { " (decided)" };
    let doubt = if finding.confidence == crate::analysis::Confidence::Low { " (not sure)" } else { "" };
    let name = format!("{}{doubt}{decided}", finding.severity.word());
    let mut out = match finding.place {
        Some(place) => {
            let location = catalog.locate(place);
            let file = catalog.file_of(place.card);
            let text = line_range(&file.text, location.position.line).map(|range| &file.text[range]);
            let same = location.position.last_line == location.position.line;
            let end = if same { location.position.end_column } else { 0 };
            let shown = Shown {
                file: location.file,
                line: location.position.line,
                columns: (location.position.column, end),
                text,
            };
            snippet(
                renderer,
                &level.with_name(name.as_str()),
                &safe(&finding.message),
                Some(finding.rule.id),
                shown,
                "",
            )
        }
        None => format!("{name}[{}]: {}\n\n", finding.rule.id, safe(&finding.message)),
    };
    // The snippet ends with an empty line; the path belongs to it.
    if !finding.evidence.is_empty() {
        out.truncate(out.trim_end().len());
        out.push('\n');
        for edge in &finding.evidence {
            let location = catalog.locate(edge.place);
            let detail =
                if edge.detail.is_empty() { String::new() } else { format!(" ({})", safe(&edge.detail)) };
            let line = format!(
                "{} {} {} {}{detail}",
                safe(&catalog.label(edge.from)),
                style.faint(edge.relation),
                style.arrow(),
                safe(&catalog.label(edge.to)),
            );
            let place = style.faint(&format!("{}:{}", safe(location.file), location.position.line));
            out.push_str(&format!("     {line}  {place}\n"));
        }
        out.push('\n');
    }
    out
}

/// Counts, score and what it is made of.
pub fn summary(analysis: &Analysis, style: Style) -> String {
    let counts = analysis.counts();
    let open: usize = counts.iter().sum();
    let decided = analysis.findings.len() - open;
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{} {count}", style.badge(severity)))
        .collect();
    let mut out = match open {
        0 => "No open findings.".to_owned(),
        1 => format!("1 open finding: {}", parts.join("  ")),
        _ => format!("{open} open findings: {}", parts.join("  ")),
    };
    if decided > 0 {
        out.push_str(&format!("   {decided} decided on"));
    }
    out.push('\n');
    let (items, clean) = analysis
        .score
        .personas
        .iter()
        .fold((0, 0), |(items, clean), score| (items + score.items.len(), clean + score.clean()));
    let score = match (analysis.score.value, analysis.score.grade()) {
        (Some(value), Some(grade)) => format!("Score {value:.1} ({grade})"),
        (Some(value), None) => format!("Score {value:.1}, no grade"),
        (None, _) => "No score".to_owned(),
    };
    let made_of = format!(
        "{score}: the mean over {} personas; {clean} of {items} items are clean. Coverage {:.0} %.",
        analysis.score.personas.iter().filter(|score| !score.items.is_empty()).count(),
        analysis.score.coverage * 100.0
    );
    out.push_str(&wrap(&made_of, style.width, ""));
    if let Some(why) = analysis.score.why_no_grade() {
        out.push_str(&wrap(&format!("There is no grade: {why}."), style.width, ""));
    }
    out
}
