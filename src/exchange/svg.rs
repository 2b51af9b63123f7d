//! A picture as SVG: self-contained, light and dark by the reader's setting, text that can be selected,
//! and a title for every box and line, for those who cannot see it.
//!
//! A cell is 8 by 16 units. Nothing is fetched and nothing runs.

use std::fmt::Write as _;

use crate::analysis::Severity;
use crate::analysis::view::Mark;
use crate::catalog::Catalog;
use crate::layout::picture::{Area, Frame, Node, Picture, Point, Run, Tone, Weight, Wire};

use super::{is_light, meaning, named, said};

/// A cell, in units.
pub(super) const CELL: (u32, u32) = (8, 16);
/// Empty units around the picture.
const MARGIN: u32 = 16;

const STYLE: &str = "
:root{--ground:#fff;--text:#1f2430;--faint:#606779;--line:#8b93a5;--accent:#1e56c4;--critical:#9b1b7a;--high:#b81430;--medium:#945b00;--low:#066a86;--good:#246b20}
@media (prefers-color-scheme:dark){:root{--ground:#14161f;--text:#cdd6f4;--faint:#9399b2;--line:#6b7394;--accent:#89b4fa;--critical:#f579d1;--high:#ff7b93;--medium:#f9c66b;--low:#89dceb;--good:#a6e3a1}}
.ground{fill:var(--ground)}
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--text);white-space:pre}
.box{fill:var(--ground);stroke:var(--line);stroke-width:1.2}
.bare{fill:none;stroke:none}
.line{fill:none;stroke:var(--line);stroke-width:1.4;stroke-linejoin:round}
.head{fill:var(--line);stroke:none}
.region{fill:none;stroke:var(--line);stroke-width:1;stroke-dasharray:none}
.heavy{stroke-width:3.2}.double{stroke-width:4}
.dashed{stroke-dasharray:6 4}.dotted{stroke-dasharray:2 3}
text.strong{font-weight:bold}text.faint{fill:var(--faint)}
.strong.box{stroke:var(--accent);stroke-width:2.4}
.critical{--line:var(--critical)}.high{--line:var(--high)}.medium{--line:var(--medium)}.low{--line:var(--low)}.good{--line:var(--good)}
text.critical{fill:var(--critical);font-weight:bold}text.high{fill:var(--high);font-weight:bold}text.medium{fill:var(--medium)}text.low{fill:var(--low)}text.good{fill:var(--good)}
.title{font-weight:bold;font-size:15px}
.node:hover .box,.wire:hover .line{stroke:var(--accent)}
";

/// The picture as an SVG document.
#[must_use]
pub fn svg(picture: &Picture, catalog: &Catalog) -> String {
    let keys = u32::try_from(picture.legend.len()).unwrap_or(0);
    let top = 3 * CELL.1;
    let columns = picture.width.max(crate::layout::picture::columns(&picture.title)).max(40);
    let (width, height) =
        (columns * CELL.0 + 2 * MARGIN, picture.height * CELL.1 + 2 * MARGIN + top + (keys + 1) * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"graphics-document document\" aria-labelledby=\"title description\">\n<title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n<style>{STYLE}</style>\n<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n",
        escaped(&picture.title),
        escaped(&picture.description),
    );
    let _ = writeln!(
        out,
        "<g aria-hidden=\"true\"><text class=\"title\" x=\"{MARGIN}\" y=\"{}\">{}</text><text class=\"faint\" x=\"{MARGIN}\" y=\"{}\">{}</text></g>",
        MARGIN + 12,
        escaped(&picture.title),
        MARGIN + 30,
        escaped(&picture.description),
    );
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {})\">", MARGIN + top);
    for region in &picture.regions {
        let (x, y, wide, high) = outline(region.area);
        let _ = writeln!(
            out,
            "<g role=\"graphics-object group\" aria-label=\"{}\"><rect class=\"region {}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\"/>",
            escaped(&region.title.text),
            class(region.tone),
        );
        run(&mut out, Point::new(region.area.x + region.inset, region.area.y), &region.title, true);
        out.push_str("</g>\n");
    }
    let mut order: Vec<&Wire> = picture.wires.iter().filter(|wire| wire.points.len() > 1).collect();
    order.sort_by_key(|wire| wire.weight);
    for wire in order {
        line(&mut out, picture, catalog, wire);
    }
    for place in 0..picture.nodes.len() {
        node(&mut out, picture, catalog, place);
    }
    for caption in &picture.captions {
        runs(&mut out, caption.at, &caption.runs);
    }
    out.push_str("</g>\n");
    legend(&mut out, picture, MARGIN + top + picture.height * CELL.1 + CELL.1);
    out.push_str("</svg>\n");
    out
}

fn middle(point: Point) -> (u32, u32) {
    (point.x * CELL.0 + CELL.0 / 2, point.y * CELL.1 + CELL.1 / 2)
}

/// A frame runs through the middle of its cells.
pub(super) fn outline(area: Area) -> (u32, u32, u32, u32) {
    let (x, y) = middle(Point::new(area.x, area.y));
    (x, y, area.width.saturating_sub(1) * CELL.0, area.height.saturating_sub(1) * CELL.1)
}

/// Where the border of a box is that a line's end stands beside.
fn border(node: &Node, end: Point) -> (u32, u32) {
    let (mut x, mut y) = middle(end);
    let area = node.area;
    let framed = node.frame != Frame::Bare && area.width > 1 && area.height > 1;
    let inset = if framed { (CELL.0 / 2, CELL.1 / 2) } else { (0, 0) };
    if end.x < area.x {
        x = area.x * CELL.0 + inset.0;
    } else if end.x >= area.right() {
        x = area.right() * CELL.0 - inset.0;
    } else if end.y < area.y {
        y = area.y * CELL.1 + inset.1;
    } else if end.y >= area.bottom() {
        y = area.bottom() * CELL.1 - inset.1;
    }
    (x, y)
}

/// The corners of a line, in units, from border to border.
pub(super) fn route(picture: &Picture, wire: &Wire) -> Vec<(u32, u32)> {
    let mut points: Vec<(u32, u32)> = wire.points.iter().map(|point| middle(*point)).collect();
    if let (Some(from), Some(first)) = (picture.nodes.get(wire.from), wire.points.first()) {
        points.insert(0, border(from, *first));
    }
    if let (Some(to), Some(last)) = (picture.nodes.get(wire.to), wire.points.last()) {
        points.push(border(to, *last));
    }
    points.dedup();
    points
}

/// What a line says: both its ends, what it means, and what is to say of it.
pub(super) fn wire_title(picture: &Picture, catalog: &Catalog, wire: &Wire) -> String {
    format!(
        "{} {} {}{}",
        named(picture, catalog, wire.from),
        meaning(wire),
        named(picture, catalog, wire.to),
        match wire.tone {
            Tone::Marked(mark) if !mark.word().is_empty() => format!(": {}", mark.word()),
            _ => String::new(),
        }
    )
}

/// The class of a weight.
pub(super) fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Dotted => "dotted",
        Weight::Dashed => "dashed",
        Weight::Light => "light",
        Weight::Heavy => "heavy",
    }
}

fn line(out: &mut String, picture: &Picture, catalog: &Catalog, wire: &Wire) {
    let points = route(picture, wire);
    let title = escaped(&wire_title(picture, catalog, wire));
    let weight = weight(wire.weight);
    let _ = write!(
        out,
        "<g class=\"wire {}\" role=\"graphics-symbol\" aria-label=\"{title}\"><title>{title}</title><path class=\"line {weight}\" d=\"{}\"/>",
        class(wire.tone),
        path(&points),
    );
    if let (true, [.., before, end]) = (wire.arrow, points.as_slice()) {
        let _ = write!(out, "<path class=\"head\" d=\"{}\"/>", arrow(*before, *end));
    }
    if let Some((at, label)) = &wire.label {
        run(out, *at, label, true);
    }
    out.push_str("</g>\n");
}

/// Straight lines with round corners.
pub(super) fn path(points: &[(u32, u32)]) -> String {
    const ROUND: u32 = 4;
    let mut out = String::new();
    for (place, &(x, y)) in points.iter().enumerate() {
        let (Some(before), Some(behind)) =
            (place.checked_sub(1).and_then(|place| points.get(place)), points.get(place + 1))
        else {
            let _ = write!(out, "{}{x} {y}", if place == 0 { "M" } else { "L" });
            continue;
        };
        let towards = |to: &(u32, u32)| {
            let along = |from: u32, to: u32| match from.cmp(&to) {
                std::cmp::Ordering::Less => from + ROUND.min((to - from) / 2),
                std::cmp::Ordering::Equal => from,
                std::cmp::Ordering::Greater => from - ROUND.min((from - to) / 2),
            };
            (along(x, to.0), along(y, to.1))
        };
        let (first, second) = (towards(before), towards(behind));
        let _ = write!(out, "L{} {}Q{x} {y} {} {}", first.0, first.1, second.0, second.1);
    }
    out
}

/// A head at the end of a line that comes from `before`.
pub(super) fn arrow((from_x, from_y): (u32, u32), (x, y): (u32, u32)) -> String {
    let (x, y) = (i64::from(x), i64::from(y));
    let (along, across) = match (x - i64::from(from_x), y - i64::from(from_y)) {
        (right, 0) => ((right.signum() * 8, 0), (0, 4)),
        (_, down) => ((0, down.signum() * 8), (4, 0)),
    };
    format!(
        "M{x} {y}L{} {}L{} {}Z",
        x - along.0 - across.0,
        y - along.1 - across.1,
        x - along.0 + across.0,
        y - along.1 + across.1
    )
}

/// What a box says: its name, and its lines.
pub(super) fn node_title(picture: &Picture, catalog: &Catalog, place: usize) -> String {
    match picture.nodes.get(place).and_then(|node| node.entity) {
        Some(_) => format!("{}: {}", named(picture, catalog, place), said(picture, place)),
        None => said(picture, place),
    }
}

fn node(out: &mut String, picture: &Picture, catalog: &Catalog, place: usize) {
    let Some(node) = picture.nodes.get(place) else { return };
    let title = node_title(picture, catalog, place);
    let title = escaped(&title);
    let _ = write!(
        out,
        "<g class=\"node {}\" role=\"graphics-symbol\" aria-label=\"{title}\"><title>{title}</title>",
        class(node.tone)
    );
    let (x, y, wide, high) = outline(node.area);
    let (frame, round) = match node.frame {
        Frame::Thin => ("box", 2),
        Frame::Round => ("box", 8),
        Frame::Heavy => ("box heavy", 2),
        Frame::Dashed => ("box dashed", 2),
        Frame::Double => ("box double", 2),
        Frame::Bare => ("bare", 0),
    };
    let strong = if node.tone == Tone::Strong { " strong" } else { "" };
    let _ = write!(
        out,
        "<rect class=\"{frame}{strong}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\" rx=\"{round}\"/>"
    );
    let inset = u32::from(node.frame != Frame::Bare);
    for (row, line) in (0_u32..).zip(&node.lines) {
        runs(out, Point::new(node.area.x + inset, node.area.y + inset + row), line);
    }
    out.push_str("</g>\n");
}

fn runs(out: &mut String, at: Point, line: &[Run]) {
    let mut x = at.x;
    for piece in line {
        run(out, Point::new(x, at.y), piece, false);
        x += piece.width();
    }
}

/// A piece of text, exactly as wide as its cells; `over` hides what lies below it.
fn run(out: &mut String, at: Point, run: &Run, over: bool) {
    let wide = run.width() * CELL.0;
    if wide == 0 {
        return;
    }
    let (x, y) = (at.x * CELL.0, at.y * CELL.1);
    let mut fill = String::new();
    if let Tone::Flag(red, green, blue) = run.tone {
        fill = format!(" style=\"fill:{}\"", if is_light(red, green, blue) { "#101010" } else { "#fafafa" });
        let _ = write!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{}\" rx=\"2\" fill=\"#{red:02x}{green:02x}{blue:02x}\"/>",
            CELL.1
        );
    } else if over {
        let _ = write!(
            out,
            "<rect class=\"ground\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{}\"/>",
            CELL.1
        );
    }
    let _ = write!(
        out,
        "<text class=\"{}\" x=\"{x}\" y=\"{}\" textLength=\"{wide}\" lengthAdjust=\"spacingAndGlyphs\"{fill}>{}</text>",
        class(run.tone),
        y + 12,
        escaped(&run.text)
    );
}

fn legend(out: &mut String, picture: &Picture, top: u32) {
    for (row, key) in (0_u32..).zip(&picture.legend) {
        let y = top + row * CELL.1;
        let weight = weight(key.weight);
        let _ = writeln!(
            out,
            "<g class=\"{}\"><path class=\"line {weight}\" d=\"M{MARGIN} {y}h40\"/><text x=\"{}\" y=\"{}\">{}</text></g>",
            class(key.tone),
            MARGIN + 52,
            y + 4,
            escaped(&key.text)
        );
    }
}

/// The class of a tone.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain | Tone::Flag(..) => "plain",
        Tone::Faint | Tone::Marked(Mark::Plain) => "faint",
        Tone::Strong => "strong",
        Tone::Gap(Severity::Critical) => "critical",
        Tone::Gap(Severity::High) | Tone::Marked(Mark::Unneeded | Mark::TooWide) => "high",
        Tone::Gap(Severity::Medium)
        | Tone::Marked(Mark::Missing | Mark::Unsure | Mark::Unknown | Mark::Undeclared | Mark::Flawed) => {
            "medium"
        }
        Tone::Gap(Severity::Low) => "low",
        Tone::Gap(Severity::Info) => "faint",
        Tone::Marked(Mark::Needed) => "good",
    }
}

/// Text between tags and in attributes; what XML does not allow at all is replaced.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HOSTILE, graph};
    use super::*;
    use quick_xml::events::Event;

    /// How many elements of each name there are.
    fn read(text: &str) -> std::collections::HashMap<String, usize> {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut counts = std::collections::HashMap::new();
        let mut open = Vec::new();
        loop {
            match reader.read_event().expect("well-formed XML") {
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    for attribute in tag.attributes() {
                        attribute.expect("a sound attribute");
                    }
                    *counts.entry(name.clone()).or_insert(0) += 1;
                    open.push(name);
                }
                Event::Empty(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    *counts.entry(name).or_insert(0) += 1;
                }
                Event::End(_) => {
                    open.pop();
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert!(open.is_empty(), "{open:?} is not closed");
        counts
    }

    #[test]
    fn it_is_xml_with_a_title_for_all_whatever_things_are_called() {
        let (analysis, picture) = graph(HOSTILE, false);
        let drawn = svg(&picture, &analysis.catalog);
        let counts = read(&drawn);
        assert_eq!(counts["title"], 1 + picture.nodes.len() + picture.wires.len());
        assert_eq!(counts["desc"], 1);
        assert!(!counts.contains_key("script") && !counts.contains_key("b"), "{counts:?}");
        assert!(drawn.contains("prefers-color-scheme:dark"));
        assert!(drawn.contains("class=\"line heavy\"") && drawn.contains("class=\"line dashed\""));
        assert!(drawn.contains("fill=\"#123456\""), "a persona has its flag");
        assert!(!drawn.contains('\u{1b}'));
        for outside in ["href", "url(", "@import", "http://", "https://"] {
            let count = drawn.matches(outside).count();
            assert_eq!(count, usize::from(outside == "http://"), "{outside} leads outside");
        }
    }

    #[test]
    fn heads_point_along_the_line() {
        assert_eq!(arrow((0, 8), (20, 8)), "M20 8L12 4L12 12Z");
        assert_eq!(arrow((20, 8), (0, 8)), "M0 8L8 4L8 12Z");
        assert_eq!(arrow((8, 0), (8, 20)), "M8 20L4 12L12 12Z");
        assert_eq!(path(&[(0, 0), (20, 0), (20, 30)]), "M0 0L16 0Q20 0 20 4L20 30");
    }
}
