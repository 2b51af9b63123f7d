//! A picture as cells: lines that meet are joined, and of what lies over each other the upper is seen.
//!
//! Only the window asked for is made, so a large picture costs no more than what is seen of it.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use super::picture::{Area, Frame, Picture, Point, Run, Tone, Weight, columns};

/// What is in a cell, and what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What is seen; empty behind a wide character.
    pub symbol: String,
    /// What it means.
    pub tone: Tone,
    /// The box that it belongs to, as a place in the picture's boxes.
    pub node: Option<usize>,
    /// The line that it belongs to, as a place in the picture's lines; of several the upper.
    pub wire: Option<usize>,
    /// Whether it is text, not a border or a line.
    pub text: bool,
}

impl Default for Cell {
    fn default() -> Self {
        Self { symbol: " ".to_owned(), tone: Tone::Plain, node: None, wire: None, text: false }
    }
}

/// What stands out in a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emphasis {
    /// The selected box, as a place in the picture's boxes: it has a double frame.
    pub selected: Option<usize>,
    /// The boxes that belong to it.
    pub nodes: BTreeSet<usize>,
    /// The lines that belong to it: they lie over all others.
    pub wires: BTreeSet<usize>,
}

impl Emphasis {
    /// A box, its lines, and the boxes at their other ends.
    #[must_use]
    pub fn around(picture: &Picture, selected: usize) -> Self {
        let mut out = Self { selected: Some(selected), nodes: BTreeSet::from([selected]), ..Self::default() };
        for (place, wire) in picture.wires.iter().enumerate() {
            if wire.from == selected || wire.to == selected {
                out.wires.insert(place);
                out.nodes.extend([wire.from, wire.to]);
            }
        }
        out
    }

    /// Whether anything stands out, so that all else steps back.
    #[must_use]
    pub fn is_some(&self) -> bool {
        !self.nodes.is_empty() || !self.wires.is_empty()
    }

    /// Whether a cell belongs to what stands out.
    #[must_use]
    pub fn holds(&self, cell: &Cell) -> bool {
        match (cell.node, cell.wire) {
            (Some(node), _) => self.nodes.contains(&node),
            (None, Some(wire)) => self.wires.contains(&wire),
            (None, None) => false,
        }
    }
}

/// The cells of a window of a picture.
#[derive(Clone, Debug)]
pub struct Raster {
    /// What part of the picture it shows.
    pub window: Area,
    cells: Vec<Cell>,
}

/// The arms of a line in a cell: up, right, down, left; each none, dotted, dashed, light, heavy or double.
type Arms = [Stroke; 4];

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Stroke {
    #[default]
    None,
    Dotted,
    Dashed,
    Light,
    Heavy,
    Double,
}

const UP: usize = 0;
const RIGHT: usize = 1;
const DOWN: usize = 2;
const LEFT: usize = 3;

impl Raster {
    /// Draws a window of a picture; `ascii` keeps to signs of ASCII for lines.
    #[must_use]
    pub fn of(picture: &Picture, window: Area, ascii: bool) -> Self {
        Self::with(picture, window, ascii, &Emphasis::default())
    }

    /// The same, with what stands out over all else.
    #[must_use]
    pub fn with(picture: &Picture, window: Area, ascii: bool, emphasis: &Emphasis) -> Self {
        let mut canvas = Canvas::new(window);
        for region in &picture.regions {
            canvas.frame(region.area, Frame::Thin, region.tone, None);
            let at = Point::new(region.area.x + region.inset, region.area.y);
            canvas.join(ascii);
            canvas.runs(
                at,
                region.area.right().saturating_sub(2),
                std::slice::from_ref(&region.title),
                None,
                None,
            );
        }
        // What matters most is drawn last, so that it is seen where lines share a way.
        let mut order: Vec<usize> = (0..picture.wires.len()).collect();
        order.sort_by_key(|wire| (emphasis.wires.contains(wire), picture.wires[*wire].weight));
        for &wire in &order {
            canvas.wire(picture, wire);
        }
        canvas.join(ascii);
        for &wire in &order {
            canvas.arrow(picture, wire, ascii);
        }
        for (place, node) in picture.nodes.iter().enumerate() {
            canvas.clear(node.area, place);
            let selected = emphasis.selected == Some(place) && node.frame != Frame::Bare;
            let frame = if selected { Frame::Double } else { node.frame };
            canvas.frame(node.area, frame, node.tone, Some(place));
            canvas.join(ascii);
            if frame == Frame::Round && !ascii {
                canvas.round(node.area);
            }
            let inset = u32::from(node.frame != Frame::Bare);
            for (row, line) in (0_u32..).zip(&node.lines) {
                let at = Point::new(node.area.x + inset, node.area.y + inset + row);
                if at.y + inset >= node.area.bottom() && inset > 0 {
                    break;
                }
                canvas.runs(at, node.area.right().saturating_sub(inset), line, Some(place), None);
            }
        }
        for wire in order {
            if let Some((at, run)) = &picture.wires[wire].label {
                canvas.runs(*at, u32::MAX, std::slice::from_ref(run), None, Some(wire));
            }
        }
        for caption in &picture.captions {
            canvas.runs(caption.at, u32::MAX, &caption.runs, None, None);
        }
        Self { window, cells: canvas.cells }
    }

    /// A whole picture.
    #[must_use]
    pub fn whole(picture: &Picture, ascii: bool) -> Self {
        Self::of(picture, Area::new(0, 0, picture.width, picture.height), ascii)
    }

    /// The cell at a column and row of the window.
    #[must_use]
    pub fn cell(&self, column: u32, row: u32) -> Option<&Cell> {
        if column >= self.window.width || row >= self.window.height {
            return None;
        }
        self.cells.get((row * self.window.width + column) as usize)
    }

    /// The rows as plain text, without blanks at their ends.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for row in 0..self.window.height {
            let mut line = String::new();
            for column in 0..self.window.width {
                line.push_str(self.cell(column, row).map_or("", |cell| &cell.symbol));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

struct Canvas {
    window: Area,
    cells: Vec<Cell>,
    arms: Vec<Arms>,
    /// Cells whose arms changed since they were last joined.
    touched: Vec<usize>,
}

impl Canvas {
    fn new(window: Area) -> Self {
        let count = (window.width as usize).saturating_mul(window.height as usize);
        Self {
            window,
            cells: vec![Cell::default(); count],
            arms: vec![Arms::default(); count],
            touched: Vec::new(),
        }
    }

    fn place(&self, point: Point) -> Option<usize> {
        self.window
            .contains(point)
            .then(|| ((point.y - self.window.y) * self.window.width + point.x - self.window.x) as usize)
    }

    fn arm(&mut self, point: Point, side: usize, stroke: Stroke, tone: Tone) -> Option<usize> {
        let place = self.place(point)?;
        let own = &mut self.arms[place][side];
        *own = (*own).max(stroke);
        self.cells[place].tone = tone;
        self.touched.push(place);
        Some(place)
    }

    /// Lines both cells' arms that look at each other, along a row or a column.
    fn stretch(&mut self, from: Point, to: Point, stroke: Stroke, tone: Tone, owner: Owner) {
        let (across, first, last) = if from.y == to.y {
            (true, from.x.min(to.x), from.x.max(to.x))
        } else {
            (false, from.y.min(to.y), from.y.max(to.y))
        };
        // What lies outside the window is passed over without looking at each cell.
        let (start, end) =
            if across { (self.window.x, self.window.right()) } else { (self.window.y, self.window.bottom()) };
        for step in first.max(start.saturating_sub(1))..last.min(end) {
            let (here, there, ahead, back) = if across {
                (Point::new(step, from.y), Point::new(step + 1, from.y), RIGHT, LEFT)
            } else {
                (Point::new(from.x, step), Point::new(from.x, step + 1), DOWN, UP)
            };
            for (point, side) in [(here, ahead), (there, back)] {
                if let Some(place) = self.arm(point, side, stroke, tone) {
                    let cell = &mut self.cells[place];
                    (cell.node, cell.wire, cell.text) = match owner {
                        Owner::Node(node) => (node, None, false),
                        Owner::Wire(wire) => (cell.node, Some(wire), false),
                    };
                }
            }
        }
    }

    fn frame(&mut self, area: Area, frame: Frame, tone: Tone, node: Option<usize>) {
        let stroke = match frame {
            Frame::Bare => return,
            Frame::Thin | Frame::Round => Stroke::Light,
            Frame::Heavy => Stroke::Heavy,
            Frame::Dashed => Stroke::Dashed,
            Frame::Double => Stroke::Double,
        };
        if area.width < 2 || area.height < 2 {
            return;
        }
        let (left, right) = (area.x, area.right() - 1);
        let (top, bottom) = (area.y, area.bottom() - 1);
        let owner = Owner::Node(node);
        self.stretch(Point::new(left, top), Point::new(right, top), stroke, tone, owner);
        self.stretch(Point::new(left, bottom), Point::new(right, bottom), stroke, tone, owner);
        self.stretch(Point::new(left, top), Point::new(left, bottom), stroke, tone, owner);
        self.stretch(Point::new(right, top), Point::new(right, bottom), stroke, tone, owner);
    }

    fn clear(&mut self, area: Area, node: usize) {
        for y in area.y.max(self.window.y)..area.bottom().min(self.window.bottom()) {
            for x in area.x.max(self.window.x)..area.right().min(self.window.right()) {
                if let Some(place) = self.place(Point::new(x, y)) {
                    self.cells[place] = Cell { node: Some(node), ..Cell::default() };
                    self.arms[place] = Arms::default();
                }
            }
        }
    }

    fn wire(&mut self, picture: &Picture, place: usize) {
        let wire = &picture.wires[place];
        let stroke = match wire.weight {
            Weight::Dotted => Stroke::Dotted,
            Weight::Dashed => Stroke::Dashed,
            Weight::Light => Stroke::Light,
            Weight::Heavy => Stroke::Heavy,
        };
        for pair in wire.points.windows(2) {
            self.stretch(pair[0], pair[1], stroke, wire.tone, Owner::Wire(place));
        }
        // A line reaches the boxes beside which it begins and ends; an arrow does so by itself.
        let ends = [(wire.from, wire.points.first()), (wire.to, wire.points.last().filter(|_| !wire.arrow))];
        for (node, end) in ends {
            let (Some(area), Some(&end)) = (picture.nodes.get(node).map(|node| node.area), end) else {
                continue;
            };
            let side = if end.x >= area.right() {
                LEFT
            } else if end.x < area.x {
                RIGHT
            } else if end.y >= area.bottom() {
                UP
            } else {
                DOWN
            };
            if let Some(cell) = self.arm(end, side, stroke, wire.tone) {
                self.cells[cell].wire = Some(place);
            }
        }
    }

    fn arrow(&mut self, picture: &Picture, place: usize, ascii: bool) {
        let wire = &picture.wires[place];
        let (Some(&end), true) = (wire.points.last(), wire.arrow) else { return };
        let Some(area) = picture.nodes.get(wire.to).map(|node| node.area) else { return };
        let symbol = if end.y < area.y {
            if ascii { "v" } else { "▼" }
        } else if end.y >= area.bottom() {
            if ascii { "^" } else { "▲" }
        } else if end.x < area.x {
            if ascii { ">" } else { "▶" }
        } else {
            if ascii { "<" } else { "◀" }
        };
        if let Some(cell) = self.place(end) {
            self.cells[cell].symbol = symbol.to_owned();
            self.cells[cell].tone = wire.tone;
            self.cells[cell].wire = Some(place);
        }
    }

    /// Gives the cells whose arms changed the sign that joins them.
    fn join(&mut self, ascii: bool) {
        for place in std::mem::take(&mut self.touched) {
            self.cells[place].symbol = sign(self.arms[place], ascii).to_string();
        }
    }

    fn round(&mut self, area: Area) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        for (x, y, square, round) in [
            (area.x, area.y, "┌", "╭"),
            (right, area.y, "┐", "╮"),
            (area.x, bottom, "└", "╰"),
            (right, bottom, "┘", "╯"),
        ] {
            if let Some(place) = self.place(Point::new(x, y))
                && self.cells[place].symbol == square
            {
                round.clone_into(&mut self.cells[place].symbol);
            }
        }
    }

    /// Writes text from a cell on, up to the column `end`.
    fn runs(&mut self, at: Point, end: u32, runs: &[Run], node: Option<usize>, wire: Option<usize>) {
        let mut x = at.x;
        for run in runs {
            for grapheme in run.text.graphemes(true) {
                let wide = columns(grapheme);
                if wide == 0 {
                    continue;
                }
                if x + wide > end {
                    return;
                }
                // A wide character that the window cuts in two is left out.
                let whole = self.place(Point::new(x, at.y)).zip(self.place(Point::new(x + wide - 1, at.y)));
                if let Some((first, last)) = whole {
                    for place in first..=last {
                        let symbol = if place == first { grapheme } else { "" };
                        self.cells[place] =
                            Cell { symbol: symbol.to_owned(), tone: run.tone, node, wire, text: true };
                        self.arms[place] = Arms::default();
                    }
                }
                x += wide;
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Owner {
    Node(Option<usize>),
    Wire(usize),
}

/// The sign of a line along a row.
#[must_use]
pub fn stroke(weight: Weight, ascii: bool) -> &'static str {
    match (weight, ascii) {
        (Weight::Dotted, false) => "┈",
        (Weight::Dashed, false) => "╌",
        (Weight::Light, false) => "─",
        (Weight::Heavy, false) => "━",
        (Weight::Dotted, true) => "~",
        (Weight::Dashed, true) => ".",
        (Weight::Light, true) => "-",
        (Weight::Heavy, true) => "=",
    }
}

/// The sign of arms that meet in a cell.
fn sign(arms: Arms, ascii: bool) -> char {
    let has = arms.map(|stroke| stroke != Stroke::None);
    let most = arms.into_iter().max().unwrap_or_default();
    let upright = has[UP] || has[DOWN];
    let level = has[LEFT] || has[RIGHT];
    if ascii {
        return match (upright, level, most) {
            (false, false, _) => ' ',
            (true, true, _) => '+',
            (true, false, Stroke::Dotted) => ';',
            (true, false, Stroke::Dashed) => ':',
            (true, false, Stroke::Heavy) => '#',
            (true, false, _) => '|',
            (false, true, Stroke::Dotted) => '~',
            (false, true, Stroke::Dashed) => '.',
            (false, true, Stroke::Heavy | Stroke::Double) => '=',
            (false, true, _) => '-',
        };
    }
    let straight = !(upright && level);
    match most {
        Stroke::Dashed if straight => return if upright { '╎' } else { '╌' },
        Stroke::Dotted if straight => return if upright { '┊' } else { '┈' },
        _ => {}
    }
    let table = match most {
        Stroke::Heavy => [' ', '╹', '╺', '┗', '╻', '┃', '┏', '┣', '╸', '┛', '━', '┻', '┓', '┫', '┳', '╋'],
        Stroke::Double => [' ', '║', '═', '╚', '║', '║', '╔', '╠', '═', '╝', '═', '╩', '╗', '╣', '╦', '╬'],
        Stroke::None | Stroke::Dotted | Stroke::Dashed | Stroke::Light => {
            [' ', '╵', '╶', '└', '╷', '│', '┌', '├', '╴', '┘', '─', '┴', '┐', '┤', '┬', '┼']
        }
    };
    let mut place = 0;
    for (side, there) in has.into_iter().enumerate() {
        place |= usize::from(there) << side;
    }
    // A heavy line that a light one only crosses stays what it is.
    match crossing(arms) {
        Some(sign) => sign,
        None => table[place],
    }
}

/// Two straight lines that cross, each in its own weight.
fn crossing(arms: Arms) -> Option<char> {
    let heavy = |side: usize| arms[side] >= Stroke::Heavy;
    if arms.contains(&Stroke::None) || arms.contains(&Stroke::Double) {
        return None;
    }
    match (heavy(UP) && heavy(DOWN), heavy(LEFT) && heavy(RIGHT)) {
        (true, false) => Some('╂'),
        (false, true) => Some('┿'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::picture::{Node, Wire};
    use super::*;

    fn node(x: u32, y: u32, text: &str, frame: Frame) -> Node {
        Node {
            entity: None,
            area: Area::new(x, y, columns(text) + 2, 3),
            frame,
            tone: Tone::Plain,
            lines: vec![vec![Run::new(text, Tone::Plain)]],
        }
    }

    fn wire(points: &[(u32, u32)], weight: Weight) -> Wire {
        Wire {
            from: 0,
            to: 1,
            points: points.iter().map(|&(x, y)| Point::new(x, y)).collect(),
            weight,
            tone: Tone::Plain,
            arrow: true,
            relations: Vec::new(),
            label: None,
        }
    }

    fn picture() -> Picture {
        Picture {
            width: 16,
            height: 7,
            nodes: vec![node(0, 0, "日本", Frame::Round), node(10, 4, "abc", Frame::Heavy)],
            wires: vec![
                wire(&[(6, 1), (8, 1), (8, 5), (9, 5)], Weight::Light),
                wire(&[(6, 2), (14, 2)], Weight::Heavy),
            ],
            ..Picture::default()
        }
    }

    #[test]
    fn lines_join_cross_and_end_in_arrows() {
        let drawn = Raster::whole(&picture(), false).text();
        let expected = "\
╭────╮
│日本│──┐
╰────╯━━┿━━━━━▼
        │
        │ ┏━━━┓
        └▶┃abc┃
          ┗━━━┛
";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn ascii_keeps_weights_apart() {
        let drawn = Raster::whole(&picture(), true).text();
        assert!(drawn.is_ascii() || drawn.replace("日本", "xxxx").is_ascii(), "{drawn}");
        assert!(drawn.contains('=') && drawn.contains('>'), "{drawn}");
    }

    #[test]
    fn a_window_shows_the_same_cells_as_the_whole() {
        let picture = picture();
        let whole = Raster::whole(&picture, false);
        for (x, y, width, height) in [(3, 1, 7, 4), (0, 0, 16, 7), (9, 3, 30, 30), (7, 2, 1, 1)] {
            let part = Raster::of(&picture, Area::new(x, y, width, height), false);
            for row in 0..height {
                for column in 0..width {
                    let (Some(own), Some(all)) = (part.cell(column, row), whole.cell(x + column, y + row))
                    else {
                        continue;
                    };
                    // A wide character that the edge cuts is left out of the window.
                    if all.symbol.is_empty() || columns(&all.symbol) == 2 {
                        continue;
                    }
                    assert_eq!(own.symbol, all.symbol, "at {},{}", x + column, y + row);
                }
            }
        }
    }
}
