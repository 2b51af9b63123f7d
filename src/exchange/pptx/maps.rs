//! Maps as shapes: boxes, lanes and lines of the layout that the screen and the SVG have.

use super::shapes::{
    AMBER, BLUE, FAINT, GREEN, LINE, Look, PURPLE, Paragraph, Piece, RED, Slide, Spot, TEXT, WHITE,
};
use crate::analysis::view::Mark;
use crate::analysis::{Analysis, Severity};
use crate::exchange::is_light;
use crate::exchange::svg::{CELL, outline, route, wire_title};
use crate::exchange::{named, said};
use crate::layout::architecture_map::views::views;
use crate::layout::picture::{Frame, Picture, Run, Tone, Weight, Zoom, fit};
use crate::layout::{architecture_map, process_map};

/// Where a map stands on its slide.
const PLACE: Spot = Spot::new(24.0, 92.0, 912.0, 416.0);
/// Letters from this size on are read from a table; smaller ones only close to.
const READABLE: f64 = 6.0;
/// Smaller letters are none.
const LEAST: f64 = 2.5;

/// A slide a map.
pub(super) fn maps(analysis: &Analysis) -> Vec<Slide> {
    let process =
        |zoom| process_map::draw(analysis, &process_map::Request { zoom, ..Default::default() }).picture;
    let mut out: Vec<Slide> = slide(analysis, process).into_iter().collect();
    let views = views(&analysis.catalog);
    let architecture = |view: Option<architecture_map::views::View>| {
        move |zoom| {
            let request =
                architecture_map::Request { view: view.clone(), zoom, width: 200, ..Default::default() };
            architecture_map::draw(analysis, &request).picture
        }
    };
    if views.is_empty() {
        out.extend(slide(analysis, architecture(None)));
    }
    for view in views {
        out.extend(slide(analysis, architecture(Some(view))));
    }
    out
}

/// The largest drawing that can be read; where none can, a sentence that says so.
fn slide(analysis: &Analysis, draw: impl Fn(Zoom) -> Picture) -> Option<Slide> {
    let drawn: Vec<(f64, Picture)> = Zoom::ALL
        .into_iter()
        .map(|zoom| {
            let picture = draw(zoom);
            (scale(&picture), picture)
        })
        .collect();
    let (_, first) = drawn.first()?;
    if first.nodes.is_empty() {
        return None;
    }
    let mut slide = Slide::default();
    slide.title(
        Spot::new(24.0, 14.0, 912.0, 36.0),
        &Paragraph::new(22.0, vec![Piece::new(fit(&first.title, 80), TEXT).bold()]),
    );
    let letters = |scale: f64| scale * f64::from(CELL.0) / 0.6;
    let best = drawn
        .iter()
        .find(|(scale, _)| letters(*scale) >= READABLE)
        .or_else(|| drawn.iter().rev().find(|(scale, _)| letters(*scale) >= LEAST));
    let description = Spot::new(24.0, 50.0, 912.0, 38.0);
    let look = Look::default();
    match best {
        Some((scale, picture)) => {
            let text = super::cards::small(&picture.description, description);
            slide.shape("Description", description, &look, &text);
            picture_shapes(&mut slide, analysis, picture, *scale);
        }
        None => {
            let text = format!(
                "{} It is too large for a slide: persona export writes it as SVG.",
                first.description
            );
            slide.shape("Description", description, &look, &super::cards::small(&text, description));
        }
    }
    Some(slide)
}

/// Points a unit.
fn scale(picture: &Picture) -> f64 {
    let wide = f64::from(picture.width.max(1) * CELL.0);
    let high = f64::from(picture.height.max(1) * CELL.1);
    (PLACE.wide / wide).min(PLACE.high / high).min(0.9)
}

fn picture_shapes(slide: &mut Slide, analysis: &Analysis, picture: &Picture, scale: f64) {
    let catalog = &analysis.catalog;
    let left = PLACE.x + (PLACE.wide - f64::from(picture.width * CELL.0) * scale) / 2.0;
    let at = |(x, y): (u32, u32)| (left + f64::from(x) * scale, PLACE.y + f64::from(y) * scale);
    let spot = |(x, y, wide, high): (u32, u32, u32, u32)| {
        let (x, y) = at((x, y));
        Spot::new(x, y, f64::from(wide) * scale, f64::from(high) * scale)
    };
    let size = scale * f64::from(CELL.0) / 0.6;
    let line = f64::from(CELL.1) * scale;
    let thin = 1.3 * scale;
    for region in &picture.regions {
        let look = Look { line: Some(("C4C8D1", thin, "solid")), ..Look::default() };
        slide.shape(region.title.text.trim(), spot(outline(region.area)), &look, &[]);
    }
    let mut wires: Vec<_> = picture.wires.iter().filter(|wire| wire.points.len() > 1).collect();
    wires.sort_by_key(|wire| wire.weight);
    for wire in &wires {
        let points: Vec<(f64, f64)> = route(picture, wire).into_iter().map(at).collect();
        let (wide, dashes) = match wire.weight {
            Weight::Dotted => (thin, "sysDot"),
            Weight::Dashed => (thin, "dash"),
            Weight::Light => (thin, "solid"),
            Weight::Heavy => (thin * 2.4, "solid"),
        };
        slide.path(
            &wire_title(picture, catalog, wire),
            &points,
            (color(wire.tone, LINE), wide, dashes),
            wire.arrow,
        );
    }
    let mut text = |name: &str, x: u32, y: u32, run: &Run| {
        let (x, y) = at((x * CELL.0, y * CELL.1));
        let wide = f64::from(run.width() * CELL.0) * scale;
        let look = Look { fill: Some(WHITE.to_owned()), unwrapped: true, ..Look::default() };
        slide.shape(
            name,
            Spot::new(x, y, wide, line),
            &look,
            &[paragraph(std::slice::from_ref(run), size, line)],
        );
    };
    for region in &picture.regions {
        text("Name", region.area.x + region.inset, region.area.y, &region.title);
    }
    for (at, label) in wires.iter().filter_map(|wire| wire.label.as_ref()) {
        text("Label", at.x, at.y, label);
    }
    for (place, node) in picture.nodes.iter().enumerate() {
        let framed = node.frame != Frame::Bare;
        let (wide, dashes) = match node.frame {
            Frame::Heavy | Frame::Double => (thin * 2.2, "solid"),
            Frame::Dashed => (thin, "dash"),
            Frame::Thin | Frame::Round | Frame::Bare => (thin, "solid"),
        };
        let look = Look {
            form: "rect",
            fill: framed.then(|| WHITE.to_owned()),
            line: framed.then(|| (color(node.tone, LINE), wide, dashes)),
            // A frame runs through the middle of its cells; text begins with the next.
            inset: if framed { (f64::from(CELL.0) / 2.0 * scale, line / 2.0) } else { (0.0, 0.0) },
            middle: false,
            unwrapped: true,
        };
        let lines: Vec<Paragraph> = node.lines.iter().map(|runs| paragraph(runs, size, line)).collect();
        let name = match node.entity {
            Some(_) => named(picture, catalog, place),
            None => said(picture, place),
        };
        slide.shape(&name, spot(outline(node.area)), &look, &lines);
    }
    for caption in &picture.captions {
        let mut x = caption.at.x;
        for run in &caption.runs {
            let (left, top) = at((x * CELL.0, caption.at.y * CELL.1));
            let look = Look { unwrapped: true, ..Look::default() };
            let wide = f64::from(run.width() * CELL.0) * scale;
            slide.shape(
                "Caption",
                Spot::new(left, top, wide, line),
                &look,
                &[paragraph(std::slice::from_ref(run), size, line)],
            );
            x += run.width();
        }
    }
}

fn paragraph(runs: &[Run], size: f64, line: f64) -> Paragraph {
    let pieces = runs.iter().map(|run| {
        // What begins or ends a line with blanks keeps them.
        let text = run.text.replace(' ', "\u{a0}");
        let mut piece = Piece::new(text, color(run.tone, TEXT));
        piece.bold = matches!(run.tone, Tone::Strong | Tone::Flag(..));
        if let Tone::Flag(red, green, blue) = run.tone {
            piece.behind = Some(((red, green, blue), is_light(red, green, blue)));
        }
        piece
    });
    Paragraph { pieces: pieces.collect(), size, line: Some(line), mono: true, ..Paragraph::default() }
}

fn color(tone: Tone, plain: &'static str) -> &'static str {
    match tone {
        Tone::Plain | Tone::Flag(..) | Tone::Strong => plain,
        Tone::Faint | Tone::Marked(Mark::Plain) | Tone::Gap(Severity::Info) => FAINT,
        Tone::Gap(Severity::Critical) => PURPLE,
        Tone::Gap(Severity::High) | Tone::Marked(Mark::Unneeded | Mark::TooWide) => RED,
        Tone::Gap(Severity::Medium)
        | Tone::Marked(Mark::Missing | Mark::Unsure | Mark::Unknown | Mark::Undeclared | Mark::Flawed) => {
            AMBER
        }
        Tone::Gap(Severity::Low) => BLUE,
        Tone::Marked(Mark::Needed) => GREEN,
    }
}
