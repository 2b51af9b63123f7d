//! Sentences, with the lines that cause them: for people at a terminal.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::super::style::{Style, safe, wrap};
use super::cause::cause_words;
use super::{Format, Shown, WayOut, decided, summary};
use crate::analysis::compare::Change;
use crate::analysis::{Analysis, Confidence, Finding, Severity};
use crate::card::problem::Level as ProblemLevel;
use crate::card::source::line_range;
use crate::catalog::Catalog;

pub static FORMAT: Format = Format {
    name: "terminal",
    aliases: &["text"],
    summary: "sentences, with the lines that cause them",
    print: |shown, style| Ok(print(shown, style)),
};

fn print(shown: &Shown<'_>, style: Style) -> String {
    let (analysis, catalog) = (shown.analysis, shown.catalog());
    let mut out = String::new();
    let renderer = renderer(style);
    for problem in shown.problems() {
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
            Line { file: &problem.file, line: problem.line, columns: (problem.column, 0), text: line },
            &safe(&problem.hint),
        ));
    }
    let mut last = None;
    for item in &shown.items {
        let finding = item.finding;
        if last != Some(finding.severity) {
            last = Some(finding.severity);
            let count = shown.items.iter().filter(|item| item.finding.severity == finding.severity).count();
            let title = format!("{} {} ({count})", style.badge(finding.severity), finding.severity.word());
            out.push_str(&format!("{}\n\n", style.strong(&title)));
        }
        out.push_str(&finding_with(analysis, finding, item.change, &item.fixes, &renderer, style));
    }
    out.push_str(&summary(shown, style));
    if let Some(item) = shown.items.first() {
        let rule = item.finding.rule.id;
        out.push_str(&format!(
            "`persona explain {rule}` says why a rule matters, and how to mend what it finds.\n"
        ));
    }
    out
}

/// A line of a file that is shown.
struct Line<'a> {
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
    shown: Line<'_>,
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

fn renderer(style: Style) -> Renderer {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let decor = if style.ascii { DecorStyle::Ascii } else { DecorStyle::Unicode };
    renderer.decor_style(decor).term_width(style.width)
}

/// One finding: the sentence, the line, the path that proves it, and the lines that made it differ.
pub fn finding(analysis: &Analysis, finding: &Finding, change: Option<&Change>, style: Style) -> String {
    finding_with(analysis, finding, change, &[], &renderer(style), style)
}

fn finding_with(
    analysis: &Analysis,
    finding: &Finding,
    change: Option<&Change>,
    fixes: &[WayOut],
    renderer: &Renderer,
    style: Style,
) -> String {
    let catalog = &analysis.catalog;
    let level = match finding.severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::INFO,
        Severity::Info => Level::NOTE,
    };
    let decided = if finding.is_open() { "" } else { " (decided)" };
    let doubt = if finding.confidence == Confidence::Low { " (not sure)" } else { "" };
    let kind = change.map_or(String::new(), |change| format!(" ({})", change.kind.word()));
    let name = format!("{}{kind}{doubt}{decided}", finding.severity.word());
    let mut out = match finding.place {
        Some(place) => {
            let location = catalog.locate(place);
            let file = catalog.file_of(place.card);
            let text = line_range(&file.text, location.position.line).map(|range| &file.text[range]);
            let same = location.position.last_line == location.position.line;
            let end = if same { location.position.end_column } else { 0 };
            let shown = Line {
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
    let mut remarks = remarks(catalog, finding, change, style);
    remarks.extend(fixes.iter().enumerate().map(|(place, fix)| fix.line(place)));
    if !finding.evidence.is_empty() || !remarks.is_empty() {
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
        for remark in remarks {
            out.push_str(&wrap(&remark, style.width, "     "));
        }
        out.push('\n');
    }
    out
}

/// What was decided, what differs from before, and why.
fn remarks(catalog: &Catalog, finding: &Finding, change: Option<&Change>, style: Style) -> Vec<String> {
    let decided = decided(catalog, finding).map(|decided| format!("decided: {}", safe(&decided)));
    // A decision that differs is said below, with what it was.
    let differs = change
        .is_some_and(|change| change.differences.iter().any(|difference| difference.what == "decision"));
    let mut remarks: Vec<String> = decided.into_iter().filter(|_| !differs).collect();
    for difference in change.into_iter().flat_map(|change| &change.differences) {
        remarks.push(format!(
            "{}: {} {} {}",
            difference.what,
            safe(&difference.before),
            style.arrow(),
            safe(&difference.after)
        ));
    }
    let causes = change.into_iter().flat_map(|change| &change.causes);
    remarks.extend(causes.map(|cause| cause_words(cause, style.arrow())));
    remarks
}
