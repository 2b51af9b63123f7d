//! `persona show`: one card, with what the analysis says of each value.

use std::io::IsTerminal;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::report::{EntityPart, FindingPart, entity, finding};
use super::style::{Style, safe, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::view::{CardView, Mark, card_view, line_of};
use crate::analysis::{Analysis, PersonaScore};
use crate::card::words::nearest;
use crate::catalog::{Catalog, Entity};

/// Show a card
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona show P006
  persona show \"Azure Machine Learning\"       who may, who needs, and why
  persona show skill:Python                   where two kinds share a name
  persona show P006 --format yaml             the card's own text")]
pub struct Arguments {
    /// Id, name or alias; KIND:NAME where two kinds share it.
    entity: String,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As a card.
    Terminal,
    /// For other programs.
    Json,
    /// The text of the card's file.
    Yaml,
    /// A card in Markdown.
    Markdown,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let several = analysis.catalog.find(&arguments.entity);
    if arguments.format == Format::Terminal && several.len() > 1 {
        // A component and a skill often share a name; who asks wants to see both.
        let cards: Vec<_> =
            several.iter().map(|entity| terminal(&analysis, &card_view(&analysis, *entity), style)).collect();
        print(&cards.join("\n"))?;
        return Ok(OK);
    }
    let entity = find(&analysis.catalog, &arguments.entity)?;
    let view = card_view(&analysis, entity);
    let text = match arguments.format {
        Format::Terminal => terminal(&analysis, &view, style),
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&card(&analysis, &view))?),
        Format::Yaml => yaml(&analysis, &view)?,
        Format::Markdown => markdown(&view),
    };
    print(&text)?;
    Ok(OK)
}

/// The one entity of a word.
///
/// # Errors
/// Where nothing or several things answer to it.
pub fn find(catalog: &Catalog, word: &str) -> anyhow::Result<Entity> {
    let found = catalog.find(word);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let personas = catalog.personas.iter().flat_map(|persona| [&persona.id, &persona.name]);
            let known = personas
                .chain(catalog.processes.iter().map(|process| &process.name))
                .chain(catalog.components.iter().map(|component| &component.name))
                .chain(catalog.skills.iter().map(|skill| &skill.name))
                .chain(catalog.teams.iter().map(|team| &team.name))
                .chain(catalog.people.iter().map(|person| &person.name));
            let near = nearest(word, known.map(crate::card::words::Name::written));
            let guess = near.map_or(String::new(), |near| format!("; did you mean {}?", safe(near)));
            bail!("nothing is called {}{guess}\n  persona list personas   lists what there is", safe(word))
        }
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|entity| format!("\n  {}:{}", catalog.kind(*entity).word(), safe(&catalog.id(*entity))))
                .collect();
            bail!("several things are called {}; say which:{}", safe(word), names.concat())
        }
    }
}

/// A card as text, its values marked.
pub fn terminal(analysis: &Analysis, view: &CardView, style: Style) -> String {
    let mut out = String::new();
    let title = if view.id == view.name {
        safe(&view.name)
    } else {
        format!("{} ({})", safe(&view.name), safe(&view.id))
    };
    out.push_str(&format!("{}\n{}\n", style.strong(&title), safe(&view.subtitle)));
    if let Some(score) = score(analysis, view.entity)
        && let Some(value) = score.value()
    {
        out.push_str(&format!(
            "Score {value:.0}: {} of {} items are clean\n",
            score.clean(),
            score.items.len()
        ));
    }
    if let Some(description) = &view.description {
        out.push_str(&wrap(&safe(description), style.width, ""));
    }
    for field in &view.fields {
        out.push_str(&format!("\n{}\n", style.strong(field.title)));
        for value in &field.values {
            let glyph = style.mark(value.mark, value.mark.glyph(style.ascii));
            let detail =
                if value.detail.is_empty() { String::new() } else { format!(": {}", safe(&value.detail)) };
            let word = match value.mark.word() {
                "" => String::new(),
                word => format!("  [{}]", style.mark(value.mark, word)),
            };
            let badge = value
                .severity(analysis)
                .map_or(String::new(), |severity| format!(" {}", style.badge(severity)));
            let place = value.place.map_or(String::new(), |place| {
                format!("  {}", style.faint(&safe(&line_of(analysis, place))))
            });
            out.push_str(&format!("  {glyph} {}{detail}{word}{badge}{place}\n", safe(&value.text)));
            if matches!(value.mark, Mark::TooWide | Mark::Unneeded | Mark::Missing | Mark::Flawed) {
                for why in value.why.iter().skip(usize::from(value.why.len() > 1)) {
                    out.push_str(&wrap(&safe(why), style.width, "      "));
                }
            }
        }
    }
    let open: Vec<_> = view
        .findings
        .iter()
        .map(|&place| &analysis.findings[place])
        .filter(|finding| finding.subject == view.entity)
        .collect();
    if !open.is_empty() {
        out.push_str(&format!("\n{}\n", style.strong("Gaps")));
        for finding in open {
            let text = format!("{} ({})", safe(&finding.message), finding.rule.id);
            let lines = wrap(&text, style.width, "     ");
            out.push_str(&format!("  {} {}", style.finding(finding), lines.trim_start()));
        }
    }
    out
}

/// The score of a persona; other things have none.
fn score(analysis: &Analysis, entity: Entity) -> Option<&PersonaScore> {
    match entity {
        Entity::Persona(id) => analysis.score.personas.get(id.index()).map(|score| &**score),
        Entity::Catalog
        | Entity::Process(_)
        | Entity::Step(_)
        | Entity::Component(_)
        | Entity::Skill(_)
        | Entity::Team(_)
        | Entity::Person(_)
        | Entity::Scenario(_)
        | Entity::Decision(_)
        | Entity::Ignore(_)
        | Entity::DutySet(_)
        | Entity::Duplicate(_)
        | Entity::Name(_) => None,
    }
}

/// A card as other programs see it.
#[derive(Serialize)]
pub struct CardPart<'a> {
    entity: EntityPart,
    subtitle: &'a str,
    description: Option<&'a str>,
    score: Option<ScorePart>,
    fields: Vec<FieldPart<'a>>,
    findings: Vec<FindingPart<'a>>,
}

#[derive(Serialize)]
struct ScorePart {
    value: Option<f64>,
    clean: usize,
    items: usize,
}

#[derive(Serialize)]
struct FieldPart<'a> {
    title: &'static str,
    values: Vec<ValuePart<'a>>,
}

#[derive(Serialize)]
struct ValuePart<'a> {
    text: &'a str,
    detail: &'a str,
    mark: &'static str,
    entity: Option<EntityPart>,
    location: Option<String>,
    why: &'a [String],
}

impl CardPart<'_> {
    /// The card alone, for a document that lists all findings once.
    #[must_use]
    pub fn without_findings(mut self) -> Self {
        self.findings.clear();
        self
    }
}

/// A card as other programs see it.
#[must_use]
pub fn card<'a>(analysis: &'a Analysis, view: &'a CardView) -> CardPart<'a> {
    let fields = view.fields.iter().map(|field| FieldPart {
        title: field.title,
        values: field
            .values
            .iter()
            .map(|value| ValuePart {
                text: &value.text,
                detail: &value.detail,
                mark: value.mark.word(),
                entity: value.entity.map(|id| entity(&analysis.catalog, id)),
                location: value.place.map(|place| line_of(analysis, place)),
                why: &value.why,
            })
            .collect(),
    });
    CardPart {
        entity: entity(&analysis.catalog, view.entity),
        subtitle: &view.subtitle,
        description: view.description.as_deref(),
        score: score(analysis, view.entity).map(|score| ScorePart {
            value: score.value().map(|value| (value * 10.0).round() / 10.0),
            clean: score.clean(),
            items: score.items.len(),
        }),
        fields: fields.collect(),
        findings: view
            .findings
            .iter()
            .map(|&place| finding(&analysis.catalog, &analysis.findings[place]))
            .collect(),
    }
}

/// The text of the card's file: all of it, since what stands around a card belongs to it.
fn yaml(analysis: &Analysis, view: &CardView) -> anyhow::Result<String> {
    let place = view.place.filter(|_| analysis.catalog.is_declared(view.entity));
    let Some(place) = place else {
        bail!("{} has no card of its own", safe(&view.name));
    };
    let file = analysis.catalog.file_of(place.card);
    // A pipe gets the file's text as it is; a terminal gets nothing that it would obey.
    let text = if std::io::stdout().is_terminal() {
        file.text.split('\n').map(safe).collect::<Vec<_>>().join("\n")
    } else {
        file.text.to_string()
    };
    Ok(format!("# {}\n{text}", safe(&file.path)))
}

/// A card as the source's cards look, with bold labels.
pub fn markdown(view: &CardView) -> String {
    let text = |words: &str| {
        let mut out = String::new();
        for character in safe(words).chars() {
            // What Markdown would take for markup, and what a page would take for HTML.
            if matches!(character, '*' | '_' | '`' | '[' | ']' | '<' | '>' | '|' | '\\' | '#') {
                out.push('\\');
            }
            out.push(character);
        }
        out
    };
    let mut out = if view.id == view.name {
        format!("## {}\n\n", text(&view.name))
    } else {
        format!("## {} ({})\n\n", text(&view.name), text(&view.id))
    };
    out.push_str(&format!("_{}_\n\n", text(&view.subtitle)));
    if let Some(description) = &view.description {
        out.push_str(&format!("{}\n\n", text(description)));
    }
    for field in &view.fields {
        out.push_str(&format!("**{}**\n\n", field.title));
        for value in &field.values {
            let detail =
                if value.detail.is_empty() { String::new() } else { format!(": {}", text(&value.detail)) };
            let mark = match value.mark.word() {
                "" | "needed" => String::new(),
                word => format!(" _({word})_"),
            };
            out.push_str(&format!("- {}{detail}{mark}\n", text(&value.text)));
        }
        out.push('\n');
    }
    out
}
