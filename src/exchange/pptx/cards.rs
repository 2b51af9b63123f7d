//! The title, the overview, and a card a slide: flag, name and the labelled lines of the template, with what
//! the analysis says of each value, and its gaps beside it.

use super::shapes::{
    AMBER, FAINT, GREEN, GROUND, HIGH, Look, PURPLE, Paragraph, Piece, RED, Slide, Spot, TEXT, VIOLET, WIDE,
    fitted,
};
use crate::analysis::view::{CardView, Field, Mark, Value, card_view, subtitle};
use crate::analysis::{Analysis, Severity};
use crate::card::visible::visible;
use crate::catalog::{Entity, PersonaId};
use crate::exchange::is_light;
use crate::layout::picture::{fit, flag_color};

/// Sizes of the text of a card, the largest that fits is taken.
const SIZES: [f64; 7] = [16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0];
/// Where the lines of a card stand.
const FIELDS: Spot = Spot::new(44.0, 106.0, 590.0, 376.0);
/// Where its gaps stand, within their frame.
const GAPS: Spot = Spot::new(676.0, 118.0, 232.0, 352.0);
/// As many personas are named in the overview.
const NAMED: usize = 24;
/// As many values stand in one line of a card; what is more begins another, which can go on the next slide.
const VALUES: usize = 24;

/// A text as small as it must be to fit its spot, and cut where that does not help.
pub(super) fn small(text: &str, spot: Spot) -> Vec<Paragraph> {
    let of = |text: String| vec![Paragraph::new(12.0, vec![Piece::new(text, FAINT)])];
    let text = visible(text).into_owned();
    fitted(&of(text.clone()), spot, &[12.0, 11.0, 10.0, 9.0, 8.0])
        .or_else(|| fitted(&of(fit(&text, 300)), spot, &[8.0, 7.0, 6.0]))
        .unwrap_or_default()
}

/// The first slide.
pub(super) fn title(analysis: &Analysis) -> Slide {
    let catalog = &analysis.catalog;
    let mut slide = Slide::default();
    let name = vec![Paragraph::new(44.0, vec![Piece::new(visible(&catalog.name), TEXT).bold()])];
    let spot = Spot::new(72.0, 150.0, 816.0, 130.0);
    let name = fitted(&name, spot, &[44.0, 36.0, 28.0, 22.0, 16.0])
        .and_then(|name| name.into_iter().next())
        .unwrap_or_else(|| Paragraph::new(16.0, vec![Piece::new(fit(&catalog.name, 300), TEXT).bold()]));
    slide.title(spot, &name);
    let agents = catalog.personas.iter().filter(|persona| persona.is_agent()).count();
    let says = [
        format!("{}, of which {}", count(catalog.personas.len(), "persona"), count(agents, "agent")),
        format!("As of {}", analysis.day),
    ];
    let says: Vec<Paragraph> =
        says.into_iter().map(|text| Paragraph::new(20.0, vec![Piece::new(text, FAINT)])).collect();
    slide.shape("Of what day", Spot::new(72.0, 290.0, 816.0, 80.0), &Look::default(), &says);
    // The flags of all personas, side by side.
    let many = catalog.personas.len().min(200);
    #[expect(clippy::cast_precision_loss, reason = "few personas")]
    let wide = WIDE / many.max(1) as f64;
    for (at, index) in (0..many).enumerate() {
        let (_, rgb) = flag(analysis, PersonaId::from_index(index));
        #[expect(clippy::cast_precision_loss, reason = "few personas")]
        let x = at as f64 * wide;
        let look = Look { fill: Some(rgb), ..Look::default() };
        let name = catalog.id(PersonaId::from_index(index).into());
        slide.shape(&visible(&name), Spot::new(x, HIGH - 24.0, wide, 24.0), &look, &[]);
    }
    slide
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Whether dark text stands on a persona's colour, and the colour.
fn flag(analysis: &Analysis, id: PersonaId) -> (bool, String) {
    let persona = &analysis.catalog.personas[id.index()];
    let (red, green, blue) = flag_color(persona.color.as_deref(), persona.id.written());
    (is_light(red, green, blue), format!("{red:02X}{green:02X}{blue:02X}"))
}

fn severity_color(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => PURPLE,
        Severity::High => RED,
        Severity::Medium => AMBER,
        Severity::Low => super::shapes::BLUE,
        Severity::Info => FAINT,
    }
}

/// The second slide: the score, the gaps, and who there is.
pub(super) fn overview(analysis: &Analysis) -> Slide {
    let catalog = &analysis.catalog;
    let mut slide = Slide::default();
    slide.title(
        Spot::new(40.0, 24.0, 880.0, 46.0),
        &Paragraph::new(28.0, vec![Piece::new("Overview", TEXT).bold()]),
    );
    let grade = analysis.score.grade().map_or("–".to_owned(), |grade| grade.to_string());
    let look = Look { form: "roundRect", fill: Some(GROUND.to_owned()), middle: true, ..Look::default() };
    let mut big = Paragraph::new(54.0, vec![Piece::new(grade, TEXT).bold()]);
    big.centred = true;
    slide.shape("Grade", Spot::new(40.0, 92.0, 110.0, 96.0), &look, &[big]);
    let score =
        analysis.score.value.map_or("No score".to_owned(), |value| format!("Score {value:.1} of 100"));
    let why = analysis.score.why_no_grade().unwrap_or_else(|| {
        format!("The catalog says enough to judge {:.0} % of the grants.", analysis.score.coverage * 100.0)
    });
    slide.shape(
        "Score",
        Spot::new(166.0, 92.0, 250.0, 96.0),
        &Look { middle: true, ..Look::default() },
        &[
            Paragraph::new(20.0, vec![Piece::new(score, TEXT).bold()]),
            Paragraph::new(11.0, vec![Piece::new(why, FAINT)]),
        ],
    );
    let mut y = 206.0;
    for (severity, number) in Severity::ALL.into_iter().zip(analysis.counts()) {
        let color = severity_color(severity);
        let line = Paragraph::new(
            18.0,
            vec![
                Piece::new(format!("{}  ", severity.badge(false)), color).bold(),
                Piece::new(format!("{number}"), TEXT).bold(),
                Piece::new(format!("  {}", severity.word()), FAINT),
            ],
        );
        slide.shape(
            severity.word(),
            Spot::new(40.0, y, 376.0, 28.0),
            &Look { middle: true, ..Look::default() },
            &[line],
        );
        y += 32.0;
    }
    let counts = [
        (catalog.processes.len(), "process", "processes"),
        (catalog.components.len(), "component", "components"),
        (catalog.skills.len(), "skill", "skills"),
        (catalog.teams.len(), "team", "teams"),
        (catalog.people.len(), "person", "people"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .map(|(number, one, many)| format!("{number} {}", if *number == 1 { one } else { many }))
        .collect();
    let counts = Paragraph::new(14.0, vec![Piece::new(counts.join(", "), FAINT)]);
    slide.shape("Numbers", Spot::new(40.0, 386.0, 376.0, 60.0), &Look::default(), &[counts]);
    personas(analysis, &mut slide);
    slide
}

fn personas(analysis: &Analysis, slide: &mut Slide) {
    let catalog = &analysis.catalog;
    let all = catalog.personas.len();
    let columns = if all > NAMED / 2 { 2 } else { 1 };
    let wide = if columns == 2 { 236.0 } else { 480.0 };
    for index in 0..all.min(NAMED) {
        let id = PersonaId::from_index(index);
        let persona = &catalog.personas[index];
        let (light, rgb) = flag(analysis, id);
        let (column, row) = (index / (NAMED / 2), index % (NAMED / 2));
        #[expect(clippy::cast_precision_loss, reason = "few personas")]
        let (x, y) = (444.0 + column as f64 * 248.0, 92.0 + row as f64 * 34.0);
        let mut text =
            Paragraph::new(10.0, vec![Piece::new(fit(persona.id.written(), 11), on(light)).bold()]);
        text.centred = true;
        let look = Look { form: "homePlate", fill: Some(rgb), middle: true, ..Look::default() };
        slide.shape("Id", Spot::new(x, y, 72.0, 24.0), &look, &[text]);
        let worst = analysis.worst(id.into());
        let room = if columns == 2 { 20 } else { 44 };
        let mut pieces = vec![Piece::new(fit(persona.name.written(), room), TEXT)];
        if let Some(worst) = worst {
            pieces.push(Piece::new(format!("  {}", worst.badge(false)), severity_color(worst)).bold());
        }
        let look = Look { middle: true, ..Look::default() };
        slide.shape(
            "Name",
            Spot::new(x + 80.0, y, wide - 80.0, 24.0),
            &look,
            &[Paragraph::new(13.0, pieces)],
        );
    }
    if all > NAMED {
        let more = Paragraph::new(12.0, vec![Piece::new(format!("and {} more", all - NAMED), FAINT)]);
        slide.shape("More", Spot::new(444.0, 504.0, 300.0, 20.0), &Look::default(), &[more]);
    }
}

fn on(light: bool) -> &'static str {
    if light { "101010" } else { "FAFAFA" }
}

/// The cards of all personas.
pub(super) fn cards(analysis: &Analysis) -> Vec<Slide> {
    (0..analysis.catalog.personas.len())
        .flat_map(|index| card(analysis, PersonaId::from_index(index)))
        .collect()
}

/// A card: on one slide where it fits, on more where it does not.
fn card(analysis: &Analysis, id: PersonaId) -> Vec<Slide> {
    let view = card_view(analysis, id.into());
    let (light, rgb) = flag(analysis, id);
    let fields: Vec<Paragraph> = view.fields.iter().flat_map(lines).collect();
    let mut parts: Vec<Vec<Paragraph>> = Vec::new();
    let fits = |text: &[Paragraph]| fitted(text, FIELDS, &SIZES);
    match fits(&fields) {
        Some(text) => parts.push(text),
        None => {
            // Line by line, as many as go on a slide in the smallest size.
            let mut part: Vec<Paragraph> = Vec::new();
            for line in fields {
                part.push(line.clone());
                if fits(&part).is_none() && part.len() > 1 {
                    part.pop();
                    parts.push(fits(&part).unwrap_or(part));
                    part = vec![line];
                }
            }
            parts.push(fits(&part).unwrap_or(part));
        }
    }
    let of = parts.len();
    parts
        .into_iter()
        .enumerate()
        .map(|(at, text)| {
            let mut slide = Slide::default();
            head(analysis, id, &view, (at, of), (light, &rgb), &mut slide);
            slide.shape("Card", FIELDS, &Look::default(), &text);
            gaps(analysis, &view, &mut slide);
            slide
        })
        .collect()
}

fn head(
    analysis: &Analysis,
    id: PersonaId,
    view: &CardView,
    (at, of): (usize, usize),
    (light, rgb): (bool, &str),
    slide: &mut Slide,
) {
    let fill = || Some(rgb.to_owned());
    slide.shape("Colour", Spot::new(0.0, 0.0, 16.0, HIGH), &Look { fill: fill(), ..Look::default() }, &[]);
    let mut text = Paragraph::new(18.0, vec![Piece::new(fit(&view.id, 10), on(light)).bold()]);
    text.centred = true;
    let look = Look { form: "homePlate", fill: fill(), middle: true, ..Look::default() };
    slide.shape("Id", Spot::new(16.0, 28.0, 122.0, 38.0), &look, &[text]);
    let part = if of > 1 { format!(" ({} of {of})", at + 1) } else { String::new() };
    let title =
        vec![Paragraph::new(28.0, vec![Piece::new(format!("{}{part}", visible(&view.name)), TEXT).bold()])];
    let spot = Spot::new(156.0, 22.0, 764.0, 48.0);
    let title = fitted(&title, spot, &[28.0, 24.0, 20.0, 16.0, 13.0])
        .and_then(|title| title.into_iter().next())
        .unwrap_or_else(|| {
            Paragraph::new(13.0, vec![Piece::new(format!("{}{part}", fit(&view.name, 120)), TEXT).bold()])
        });
    slide.title(spot, &title);
    let section = analysis.catalog.personas[id.index()].section.as_ref();
    let section = section.map_or(String::new(), |section| format!(", {}", section.written()));
    let under = format!("{}{section}", subtitle(&analysis.catalog, id.into()));
    let spot = Spot::new(156.0, 70.0, 764.0, 20.0);
    slide.shape("What it is", spot, &Look::default(), &small(&under, spot));
    let used =
        |mark: Mark| view.fields.iter().flat_map(|field| &field.values).any(|value| value.mark == mark);
    let signs = [
        Mark::TooWide,
        Mark::Unneeded,
        Mark::Missing,
        Mark::Unknown,
        Mark::Unsure,
        Mark::Undeclared,
        Mark::Flawed,
    ];
    let signs = signs.into_iter().filter(|mark| used(*mark));
    let signs: Vec<String> = signs.map(|mark| format!("{} {}", mark.glyph(false), mark.word())).collect();
    let foot = format!("{}, {}    {}", analysis.catalog.name, analysis.day, signs.join("   "));
    let spot = Spot::new(44.0, 506.0, 876.0, 20.0);
    slide.shape("Signs", spot, &Look::default(), &small(&fit(&foot, 170), spot));
}

/// A field as a labelled line; one of many values as several.
fn lines(field: &Field) -> Vec<Paragraph> {
    let pieces = |values: &[Value]| {
        let mut out = Vec::new();
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                out.push(Piece::new(", ", TEXT));
            }
            out.push(piece(value));
            // Where access is, and how it is named in the plan, belong to it.
            if matches!(field.title, "Component access" | "Work items") && !value.detail.is_empty() {
                out.push(Piece::new(format!(" ({})", visible(&value.detail)), FAINT));
            }
        }
        out
    };
    field
        .values
        .chunks(VALUES)
        .enumerate()
        .map(|(at, values)| {
            let label = if at == 0 { field.title.to_owned() } else { format!("{} (more)", field.title) };
            let mut line =
                vec![Piece::new("◆ ", "4A7FD6").bold(), Piece::new(format!("{label}: "), TEXT).bold()];
            line.extend(pieces(values));
            Paragraph::new(SIZES[0], line)
        })
        .collect()
}

fn piece(value: &Value) -> Piece {
    let text = fit(&value.text, 120);
    let marked = |color: &'static str| Piece::new(format!("{} {text}", value.mark.glyph(false)), color);
    match value.mark {
        Mark::Needed | Mark::Plain => Piece::new(text.clone(), TEXT),
        Mark::Unneeded | Mark::TooWide => marked(RED).bold(),
        Mark::Missing => Piece { italic: true, ..marked(VIOLET) },
        Mark::Unsure | Mark::Unknown | Mark::Undeclared | Mark::Flawed => marked(AMBER),
    }
}

/// Its score and its worst gaps, as many as fit.
fn gaps(analysis: &Analysis, view: &CardView, slide: &mut Slide) {
    let frame = Spot::new(GAPS.x - 16.0, GAPS.y - 12.0, GAPS.wide + 32.0, GAPS.high + 24.0);
    slide.shape("Frame", frame, &Look { fill: Some(GROUND.to_owned()), ..Look::default() }, &[]);
    let open: Vec<_> = view
        .findings
        .iter()
        .filter_map(|place| analysis.findings.get(*place))
        .filter(|finding| finding.is_open())
        .collect();
    let score = match view.entity {
        Entity::Persona(id) => analysis.score.personas[id.index()].value(),
        _ => None,
    };
    let score = score.map_or(String::new(), |score| format!("   score {score:.0}"));
    let head = Paragraph::new(
        15.0,
        vec![Piece::new(count(open.len(), "open gap"), TEXT).bold(), Piece::new(score, FAINT)],
    );
    let mut high = head.high(GAPS.wide);
    let mut text = vec![head];
    for (at, finding) in open.iter().enumerate() {
        let mut line = Paragraph::new(
            11.0,
            vec![
                Piece::new(format!("{} ", finding.severity.badge(false)), severity_color(finding.severity))
                    .bold(),
                Piece::new(fit(&finding.message, 220), TEXT),
            ],
        );
        line.before = 7.0;
        let rest = open.len() - at;
        let needed = line.high(GAPS.wide) + if rest > 1 { 22.0 } else { 0.0 };
        if high + needed > GAPS.high {
            let mut more = Paragraph::new(11.0, vec![Piece::new(format!("and {rest} more"), FAINT)]);
            more.before = 7.0;
            text.push(more);
            break;
        }
        high += line.high(GAPS.wide);
        text.push(line);
    }
    if open.is_empty() {
        let mut line = Paragraph::new(12.0, vec![Piece::new("Nothing to do.", GREEN)]);
        line.before = 7.0;
        text.push(line);
    }
    slide.shape("Gaps", GAPS, &Look::default(), &text);
}
