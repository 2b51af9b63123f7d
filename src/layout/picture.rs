//! A picture: areas, boxes, lines and texts at whole cells, each with what it stands for.
//!
//! Plain data. A tone says what something means; which colour that is, is for whoever draws it.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::analysis::Severity;
use crate::analysis::view::Mark;
use crate::card::visible::visible;
use crate::catalog::Entity;
use crate::graph::Relation;

/// A cell: column and row, from the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Point {
    /// The column, from 0.
    pub x: u32,
    /// The row, from 0.
    pub y: u32,
}

impl Point {
    /// A cell.
    #[must_use]
    pub const fn new(x: u32, y: u32) -> Self {
        Self { x, y }
    }
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Area {
    /// The first column.
    pub x: u32,
    /// The first row.
    pub y: u32,
    /// How many columns.
    pub width: u32,
    /// How many rows.
    pub height: u32,
}

impl Area {
    /// A rectangle.
    #[must_use]
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self { x, y, width, height }
    }

    /// The column behind the last.
    #[must_use]
    pub const fn right(self) -> u32 {
        self.x + self.width
    }

    /// The row below the last.
    #[must_use]
    pub const fn bottom(self) -> u32 {
        self.y + self.height
    }

    /// Whether a cell is in it.
    #[must_use]
    pub const fn contains(self, point: Point) -> bool {
        point.x >= self.x && point.x < self.right() && point.y >= self.y && point.y < self.bottom()
    }

    /// Whether two rectangles share a cell.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// The cell in its middle.
    #[must_use]
    pub const fn middle(self) -> Point {
        Point::new(self.x + self.width / 2, self.y + self.height / 2)
    }
}

/// How much of each box is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Zoom {
    /// Frames with all that is said in them.
    #[default]
    Boxes,
    /// Names alone.
    Names,
    /// A sign each.
    Dots,
}

impl Zoom {
    /// Every level, from near to far.
    pub const ALL: [Self; 3] = [Self::Boxes, Self::Names, Self::Dots];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Boxes => "boxes",
            Self::Names => "names",
            Self::Dots => "dots",
        }
    }

    /// The next nearer level; the nearest stays.
    #[must_use]
    pub fn nearer(self) -> Self {
        match self {
            Self::Boxes | Self::Names => Self::Boxes,
            Self::Dots => Self::Names,
        }
    }

    /// The next farther level; the farthest stays.
    #[must_use]
    pub fn farther(self) -> Self {
        match self {
            Self::Boxes => Self::Names,
            Self::Names | Self::Dots => Self::Dots,
        }
    }
}

/// What a text, a border or a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As text is.
    Plain,
    /// In the background.
    Faint,
    /// A heading, or what is looked for.
    Strong,
    /// What the analysis says of it.
    Marked(Mark),
    /// A gap of this severity.
    Gap(Severity),
    /// A persona's own colour, red, green and blue; its text stands on it.
    Flag(u8, u8, u8),
}

/// A piece of text of one tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What it says; it is safe to show.
    pub text: String,
    /// What it means.
    pub tone: Tone,
    /// What it stands for, where it can be selected by itself.
    pub entity: Option<Entity>,
}

impl Run {
    /// A piece of text, made safe to show.
    #[must_use]
    pub fn new(text: &str, tone: Tone) -> Self {
        Self { text: visible(text).into_owned(), tone, entity: None }
    }

    /// The same, standing for something.
    #[must_use]
    pub fn of(mut self, entity: Entity) -> Self {
        self.entity = Some(entity);
        self
    }

    /// Its columns.
    #[must_use]
    pub fn width(&self) -> u32 {
        columns(&self.text)
    }
}

/// How a box is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Frame {
    /// A thin line around it.
    #[default]
    Thin,
    /// A thin line with round corners.
    Round,
    /// A heavy line.
    Heavy,
    /// A dashed line: what is not there, but should be.
    Dashed,
    /// A double line: where one is.
    Double,
    /// No line: text alone.
    Bare,
}

/// A box with its text; with a frame, the text begins one cell inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it stands for.
    pub entity: Option<Entity>,
    /// Where it is, its frame included.
    pub area: Area,
    /// How its border is drawn.
    pub frame: Frame,
    /// What its border means.
    pub tone: Tone,
    /// Its lines of text, each from left to right.
    pub lines: Vec<Vec<Run>>,
}

/// How heavy a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// To what is not declared.
    Dotted,
    /// What should be there and is not.
    Dashed,
    /// As it should be.
    #[default]
    Light,
    /// More than it should be.
    Heavy,
}

/// A line from box to box, along rows and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The box that it leaves, as a place in the picture's boxes.
    pub from: usize,
    /// The box that it leads to.
    pub to: usize,
    /// Its corners from start to end, the first and last beside the boxes; two neighbours share a
    /// row or a column.
    pub points: Vec<Point>,
    /// How it is drawn.
    pub weight: Weight,
    /// What it means.
    pub tone: Tone,
    /// Whether its end, at the box that it leads to, carries an arrow.
    pub arrow: bool,
    /// The relations that it stands for.
    pub relations: Vec<Relation>,
    /// What stands at it, and where it begins.
    pub label: Option<(Point, Run)>,
}

/// A part of the picture with a title: a swimlane, a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where it is, its border included.
    pub area: Area,
    /// Its title, written into its upper border.
    pub title: Run,
    /// How many cells behind its left border the title begins.
    pub inset: u32,
    /// What its border means.
    pub tone: Tone,
}

/// A text that belongs to no box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// Its first cell.
    pub at: Point,
    /// What it says, from left to right.
    pub runs: Vec<Run>,
}

/// What lines of a weight and a tone mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// How they are drawn.
    pub weight: Weight,
    /// What they are marked with.
    pub tone: Tone,
    /// What they mean, in a word or two.
    pub text: String,
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// What it shows, in a few words.
    pub title: String,
    /// What it shows, in a sentence or two, for those who cannot see it.
    pub description: String,
    /// Its columns.
    pub width: u32,
    /// Its rows.
    pub height: u32,
    /// Lanes and layers, drawn first.
    pub regions: Vec<Region>,
    /// Lines, drawn over regions.
    pub wires: Vec<Wire>,
    /// Boxes, drawn over lines.
    pub nodes: Vec<Node>,
    /// Other texts, drawn last.
    pub captions: Vec<Caption>,
    /// What its lines mean; who shows it puts this beside it.
    pub legend: Vec<Key>,
}

impl Picture {
    /// The box at a cell, as a place in its boxes.
    #[must_use]
    pub fn node_at(&self, point: Point) -> Option<usize> {
        self.nodes.iter().rposition(|node| node.area.contains(point))
    }

    /// Puts all but some boxes, and the lines between these, into the background.
    pub fn dim(&mut self, kept: &std::collections::BTreeSet<usize>) {
        for (_, node) in self.nodes.iter_mut().enumerate().filter(|(place, _)| !kept.contains(place)) {
            node.tone = Tone::Faint;
            for run in node.lines.iter_mut().flatten() {
                run.tone = Tone::Faint;
            }
        }
        for wire in
            self.wires.iter_mut().filter(|wire| !(kept.contains(&wire.from) && kept.contains(&wire.to)))
        {
            wire.tone = Tone::Faint;
        }
    }

    /// The first box of an entity.
    #[must_use]
    pub fn node_of(&self, entity: Entity) -> Option<usize> {
        self.nodes.iter().position(|node| node.entity == Some(entity))
    }
}

/// How many columns a text takes.
#[must_use]
pub fn columns(text: &str) -> u32 {
    u32::try_from(text.width()).unwrap_or(u32::MAX)
}

/// At most `width` columns of a text, made safe to show; what is cut ends in an ellipsis.
#[must_use]
pub fn fit(text: &str, width: u32) -> String {
    let text = visible(text);
    if columns(&text) <= width {
        return text.into_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = columns(grapheme);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        out.push_str(grapheme);
    }
    if width > 0 {
        out.push('…');
    }
    out
}

/// The colour of a persona's flag, red, green and blue: the stated one (`#rrggbb`), else one of middle
/// lightness that belongs to the id.
#[must_use]
pub fn flag_color(stated: Option<&str>, id: &str) -> (u8, u8, u8) {
    stated.and_then(parse_color).unwrap_or_else(|| derived_color(id))
}

/// `#rrggbb`.
fn parse_color(text: &str) -> Option<(u8, u8, u8)> {
    let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |range: std::ops::Range<usize>| u8::from_str_radix(&digits[range], 16).ok();
    Some((part(0..2)?, part(2..4)?, part(4..6)?))
}

/// A colour of middle lightness that belongs to an id.
fn derived_color(id: &str) -> (u8, u8, u8) {
    let sum = id.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    const COLORS: [(u8, u8, u8); 8] = [
        (0x5b, 0x8f, 0xd9),
        (0x6f, 0xb3, 0x6a),
        (0xd9, 0x8c, 0x5b),
        (0xb0, 0x7c, 0xc6),
        (0x52, 0xb0, 0xa8),
        (0xd4, 0x6a, 0x86),
        (0xc9, 0xae, 0x4a),
        (0x8a, 0x93, 0xa8),
    ];
    COLORS[sum as usize % COLORS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_ends_in_an_ellipsis_and_fits() {
        assert_eq!(fit("Azure Storage", 20), "Azure Storage");
        assert_eq!(fit("Azure Storage", 7), "Azure …");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("abc", 0), "");
        assert_eq!(Run::new("a\u{1b}b", Tone::Plain).width(), 3);
    }

    #[test]
    fn colours_are_read_or_follow_from_the_id() {
        assert_eq!(parse_color("#92D050"), Some((0x92, 0xd0, 0x50)));
        assert_eq!(parse_color("green"), None);
        assert_eq!(flag_color(Some("green"), "P001"), flag_color(None, "P001"));
    }

    #[test]
    fn areas_know_their_cells() {
        let area = Area::new(2, 1, 3, 2);
        assert!(area.contains(Point::new(4, 2)) && !area.contains(Point::new(5, 2)));
        assert!(area.overlaps(Area::new(4, 2, 9, 9)) && !area.overlaps(Area::new(5, 1, 1, 1)));
    }
}
