//! A picture on the screen: the part of it that is looked at, what is selected, and where one is.
//!
//! What a picture consists of is for `layout`; which keys move about in it is for the update. Here
//! stands what both need: scrolling, the next box in a direction, and drawing.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::analysis::Analysis;
use crate::analysis::view::Mark;
use crate::layout::picture::{Area, Picture, Point, Tone, Wire};
use crate::layout::raster::{Cell, Emphasis, Raster};
use crate::tui::theme::Theme;

/// How near the edge of the window what is selected may come, in columns and rows.
const MARGIN: (u32, u32) = (4, 2);

/// A picture to be made on another thread; how, is for whoever wants it.
#[derive(Clone, Debug)]
pub struct Job<W> {
    /// Its number; only the answer to the last one counts.
    pub number: u64,
    /// What is to be drawn.
    pub wanted: W,
    /// The data.
    pub analysis: Arc<Analysis>,
}

/// The data are those of the number.
impl<W: PartialEq> PartialEq for Job<W> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number && self.wanted == other.wanted
    }
}

/// A direction of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// Downwards.
    Down,
    /// Upwards.
    Up,
    /// To the right.
    Right,
}

/// The part of a picture that an area of the screen shows, with the first cell `at` as far as
/// possible. It says where the part is drawn, too: a picture smaller than the area stands in its middle.
#[must_use]
pub fn window(picture: &Picture, at: Point, area: Rect) -> (Area, Rect) {
    let along = |first: u32, all: u32, room: u16, from: u16| {
        let shown = all.min(u32::from(room));
        let blank = room - u16::try_from(shown).unwrap_or(room);
        (first.min(all - shown), shown, from + blank / 2, room - blank)
    };
    let (x, width, left, columns) = along(at.x, picture.width, area.width, area.x);
    let (y, height, top, rows) = along(at.y, picture.height, area.height, area.y);
    (Area::new(x, y, width, height), Rect::new(left, top, columns, rows))
}

/// The first cell to show so that a part of the picture is in sight, as near to `at` as that goes.
#[must_use]
pub fn follow(picture: &Picture, at: Point, part: Area, area: Rect) -> Point {
    let along = |first: u32, from: u32, to: u32, room: u16, margin: u32, all: u32| {
        let room = u32::from(room);
        let margin = margin.min(room.saturating_sub(to - from) / 2);
        let low = (to + margin).saturating_sub(room);
        let high = from.saturating_sub(margin);
        // Of what is larger than the window its beginning is seen.
        let first = if low > high { high } else { first.clamp(low, high) };
        first.min(all.saturating_sub(room))
    };
    Point::new(
        along(at.x, part.x, part.right(), area.width, MARGIN.0, picture.width),
        along(at.y, part.y, part.bottom(), area.height, MARGIN.1, picture.height),
    )
}

/// The first cell after scrolling by some columns and rows.
#[must_use]
pub fn pan(picture: &Picture, at: Point, columns: i32, rows: i32, area: Rect) -> Point {
    let (shown, _) = window(picture, at, area);
    let moved = Point::new(shown.x.saturating_add_signed(columns), shown.y.saturating_add_signed(rows));
    let (shown, _) = window(picture, moved, area);
    Point::new(shown.x, shown.y)
}

/// The cell of the picture at a place of the screen.
#[must_use]
pub fn cell_at(picture: &Picture, at: Point, area: Rect, place: Position) -> Option<Point> {
    let (shown, drawn) = window(picture, at, area);
    drawn
        .contains(place)
        .then(|| Point::new(shown.x + u32::from(place.x - drawn.x), shown.y + u32::from(place.y - drawn.y)))
}

/// The box that a key leads to: along a line that leaves in its direction, else the nearest there.
#[must_use]
pub fn step(picture: &Picture, from: usize, direction: Direction) -> Option<usize> {
    let start = picture.nodes.get(from)?.area;
    let far = |place: usize| {
        let area = picture.nodes[place].area;
        (!lies(start, area, direction), distance(start, area, direction), place)
    };
    let lined = picture.wires.iter().filter_map(|wire| {
        let (end, other) = match (wire.from == from, wire.to == from) {
            (true, false) => (wire.points.first()?, wire.to),
            (false, true) => (wire.points.last()?, wire.from),
            _ => return None,
        };
        (other < picture.nodes.len() && leaves(start, *end, direction)).then_some(other)
    });
    if let Some(next) = lined.min_by_key(|other| far(*other)) {
        return Some(next);
    }
    let there = (0..picture.nodes.len()).filter(|place| {
        *place != from
            && picture.nodes[*place].entity.is_some()
            && lies(start, picture.nodes[*place].area, direction)
            && is_ahead(start, picture.nodes[*place].area, direction)
    });
    there.min_by_key(|place| far(*place))
}

/// Whether a line's end is at the side of a box that a direction looks at.
fn leaves(area: Area, end: Point, direction: Direction) -> bool {
    match direction {
        Direction::Left => end.x < area.x,
        Direction::Right => end.x >= area.right(),
        Direction::Up => end.y < area.y,
        Direction::Down => end.y >= area.bottom(),
    }
}

/// Whether a box is wholly beyond another in a direction.
fn lies(start: Area, other: Area, direction: Direction) -> bool {
    match direction {
        Direction::Left => other.right() <= start.x,
        Direction::Right => other.x >= start.right(),
        Direction::Up => other.bottom() <= start.y,
        Direction::Down => other.y >= start.bottom(),
    }
}

/// Whether a box is more ahead than aside. Up and down keep to what stands above and below.
fn is_ahead(start: Area, other: Area, direction: Direction) -> bool {
    let (across, down) = gaps(start, other);
    match direction {
        Direction::Left | Direction::Right => true,
        Direction::Up | Direction::Down => across <= down * 2,
    }
}

/// The columns and rows between two boxes.
fn gaps(start: Area, other: Area) -> (u32, u32) {
    let gap = |from: u32, to: u32, from2: u32, to2: u32| from2.saturating_sub(to) + from.saturating_sub(to2);
    (
        gap(start.x, start.right(), other.x, other.right()),
        gap(start.y, start.bottom(), other.y, other.bottom()),
    )
}

/// How far one goes from box to box; what is not straight ahead is farther.
fn distance(start: Area, other: Area, direction: Direction) -> u32 {
    let (across, down) = gaps(start, other);
    // A row is about twice as high as a column is wide.
    match direction {
        Direction::Left | Direction::Right => across + down * 4,
        Direction::Up | Direction::Down => down * 2 + across * 3,
    }
}

/// Draws what an area shows of a picture, and in a corner where that is in the whole.
pub fn render(
    frame: &mut Frame<'_>,
    area: Rect,
    picture: &Picture,
    at: Point,
    emphasis: &Emphasis,
    theme: Theme,
) {
    let (shown, drawn) = window(picture, at, area);
    let raster = Raster::with(picture, shown, theme.ascii, emphasis);
    let selected = emphasis.selected.and_then(|place| picture.nodes.get(place));
    let dot = selected.is_some_and(|node| node.area.width <= 2);
    let buffer = frame.buffer_mut();
    for row in 0..drawn.height {
        for column in 0..drawn.width {
            let Some(cell) = raster.cell(u32::from(column), u32::from(row)) else { continue };
            // Behind a wide character nothing is drawn.
            if cell.symbol.is_empty() {
                continue;
            }
            let Some(place) = buffer.cell_mut((drawn.x + column, drawn.y + row)) else { continue };
            let symbol = if theme.ascii && cell.symbol == "…" { "~" } else { &cell.symbol };
            place.set_symbol(symbol);
            place.set_style(style(cell, emphasis, dot, theme));
        }
    }
    minimap(frame, area, picture, shown, emphasis, theme);
}

/// The style of a cell: by its tone, and by whether it stands out; `dot` says that the selected box is
/// nothing but a sign.
fn style(cell: &Cell, emphasis: &Emphasis, dot: bool, theme: Theme) -> Style {
    let own = theme.tone(cell.tone);
    if emphasis.selected.is_some() && cell.node == emphasis.selected {
        return match (cell.text, cell.tone) {
            // A flag is what it is on a ground of its own, unless there is nothing else to be seen.
            (true, Tone::Flag(..)) if !dot => own,
            (true, Tone::Flag(..)) => theme.accent().patch(theme.selected(true)),
            (true, _) => own.patch(theme.selected(true)),
            (false, _) => own.patch(theme.accent()),
        };
    }
    if cell.symbol == " " || !emphasis.is_some() {
        return own;
    }
    if emphasis.holds(cell) {
        return if cell.node.is_none() && matches!(cell.tone, Tone::Plain | Tone::Marked(Mark::Plain)) {
            theme.accent()
        } else {
            own
        };
    }
    // What is wrong is seen wherever one is; all else steps back.
    match cell.tone {
        Tone::Flag(..) => own,
        Tone::Gap(_) | Tone::Marked(Mark::Unneeded | Mark::TooWide | Mark::Missing | Mark::Flawed) => {
            own.remove_modifier(Modifier::BOLD)
        }
        Tone::Plain | Tone::Faint | Tone::Strong | Tone::Marked(_) => theme.faint(),
    }
}

/// The whole in a corner, where only a part is seen.
fn minimap(
    frame: &mut Frame<'_>,
    area: Rect,
    picture: &Picture,
    shown: Area,
    emphasis: &Emphasis,
    theme: Theme,
) {
    let Some(place) = minimap_area(area, picture, shown, emphasis) else { return };
    let (width, height) = (u32::from(place.width) - 2, u32::from(place.height) - 2);
    // Each cell of the map has an upper and a lower half.
    let halves = height * 2;
    let mut filled = vec![false; (width * halves) as usize];
    let scale = |value: u32, all: u32, room: u32| {
        let scaled = u64::from(value) * u64::from(room) / u64::from(all.max(1));
        u32::try_from(scaled).unwrap_or(0).min(room - 1)
    };
    for node in &picture.nodes {
        let (left, right) =
            (scale(node.area.x, picture.width, width), scale(node.area.right(), picture.width, width));
        let row = scale(node.area.middle().y, picture.height, halves);
        for column in left..right.max(left + 1) {
            filled[(row * width + column) as usize] = true;
        }
    }
    let selected = emphasis.selected.and_then(|place| picture.nodes.get(place)).map(|node| {
        let middle = node.area.middle();
        (scale(middle.x, picture.width, width), scale(middle.y, picture.height, height))
    });
    let (left, right) =
        (scale(shown.x, picture.width, width), scale(shown.right().max(1) - 1, picture.width, width));
    let (top, bottom) =
        (scale(shown.y, picture.height, height), scale(shown.bottom().max(1) - 1, picture.height, height));
    let buffer = frame.buffer_mut();
    let (corners, level, upright) =
        if theme.ascii { (["+"; 4], "-", "|") } else { (["┌", "┐", "└", "┘"], "─", "│") };
    for y in 0..place.height {
        for x in 0..place.width {
            let Some(cell) = buffer.cell_mut((place.x + x, place.y + y)) else { continue };
            cell.reset();
            cell.set_style(theme.base());
            let (edge_x, edge_y) = (x == 0 || x + 1 == place.width, y == 0 || y + 1 == place.height);
            if edge_x && edge_y {
                cell.set_symbol(corners[usize::from(x > 0) + 2 * usize::from(y > 0)]);
            } else if edge_y {
                cell.set_symbol(level);
            } else if edge_x {
                cell.set_symbol(upright);
            }
            if edge_x || edge_y {
                cell.set_style(theme.faint());
                continue;
            }
            let (column, row) = (u32::from(x) - 1, u32::from(y) - 1);
            let half = |below: u32| filled[((row * 2 + below) * width + column) as usize];
            let here = selected == Some((column, row));
            let symbol = match (here, half(0), half(1), theme.ascii) {
                (true, _, _, false) => "◆",
                (true, _, _, true) => "@",
                (_, false, false, _) => " ",
                (_, _, _, true) => "#",
                (_, true, true, _) => "█",
                (_, true, false, _) => "▀",
                (_, false, true, _) => "▄",
            };
            cell.set_symbol(symbol);
            let inside = (left..=right).contains(&column) && (top..=bottom).contains(&row);
            cell.set_style(if here { theme.accent() } else { theme.faint() });
            if inside {
                cell.set_style(theme.selected(true));
            }
        }
    }
}

/// Where the small map lies: in the first corner in which it does not hide what is selected.
#[must_use]
pub fn minimap_area(area: Rect, picture: &Picture, shown: Area, emphasis: &Emphasis) -> Option<Rect> {
    let whole = shown.width >= picture.width && shown.height >= picture.height;
    if whole || area.width < 48 || area.height < 12 {
        return None;
    }
    let (most_wide, most_high) = (u32::from(area.width / 5).min(30), u32::from(area.height / 4).min(10));
    // It keeps the shape of the picture; a row is about twice as high as a column is wide.
    let (mut wide, mut high) =
        (most_wide, (most_wide * picture.height).div_ceil(picture.width.max(1) * 2).max(2));
    if high > most_high {
        high = most_high;
        wide = (high * 2 * picture.width).div_ceil(picture.height.max(1)).clamp(6, most_wide);
    }
    let size = |value: u32| u16::try_from(value).unwrap_or(0) + 2;
    let (width, height) = (size(wide), size(high));
    let (right, bottom) = (area.right().saturating_sub(width), area.bottom().saturating_sub(height));
    let selected = emphasis.selected.and_then(|place| picture.nodes.get(place)).and_then(|node| {
        let left = i64::from(node.area.x) - i64::from(shown.x) + i64::from(area.x);
        let top = i64::from(node.area.y) - i64::from(shown.y) + i64::from(area.y);
        let cut = |value: i64| u16::try_from(value.clamp(0, i64::from(u16::MAX))).unwrap_or(0);
        let (width, height) = (i64::from(node.area.width), i64::from(node.area.height));
        let (x, y) = (cut(left), cut(top));
        let (width, height) = (cut(left + width).saturating_sub(x), cut(top + height).saturating_sub(y));
        (width > 0 && height > 0).then(|| Rect::new(x, y, width, height))
    });
    let corners = [(right, bottom), (right, area.y), (area.x, bottom), (area.x, area.y)];
    corners
        .into_iter()
        .map(|(x, y)| Rect::new(x, y, width, height))
        .find(|place| selected.is_none_or(|selected| !selected.intersects(*place)))
}

/// The lines between two boxes, in either direction.
pub fn between(picture: &Picture, one: usize, other: usize) -> impl Iterator<Item = (usize, &Wire)> {
    picture.wires.iter().enumerate().filter(move |(_, wire)| {
        (wire.from == one && wire.to == other) || (wire.from == other && wire.to == one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Entity, TeamId};
    use crate::layout::picture::{Frame as Border, Node, Run, Weight};
    use crate::tui::theme::Depth;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn picture(boxes: &[(u32, u32)], lines: &[(usize, usize)]) -> Picture {
        let nodes: Vec<Node> = boxes
            .iter()
            .enumerate()
            .map(|(place, (x, y))| Node {
                entity: Some(Entity::Team(TeamId::from_index(place))),
                area: Area::new(*x, *y, 6, 3),
                frame: Border::Thin,
                tone: Tone::Plain,
                lines: vec![vec![Run::new(&format!("box{place}"), Tone::Plain)]],
            })
            .collect();
        let wires = lines
            .iter()
            .map(|(from, to)| {
                let (a, b) = (nodes[*from].area, nodes[*to].area);
                let middle = a.right() + 1;
                let (first, last) = (a.middle().y, b.middle().y);
                Wire {
                    from: *from,
                    to: *to,
                    points: vec![
                        Point::new(a.right(), first),
                        Point::new(middle, first),
                        Point::new(middle, last),
                        Point::new(b.x - 1, last),
                    ],
                    weight: Weight::Light,
                    tone: Tone::Plain,
                    arrow: true,
                    relations: Vec::new(),
                    label: None,
                }
            })
            .collect();
        let width = nodes.iter().map(|node| node.area.right()).max().unwrap_or(0);
        let height = nodes.iter().map(|node| node.area.bottom()).max().unwrap_or(0);
        Picture { width, height, nodes, wires, ..Picture::default() }
    }

    #[test]
    fn what_is_followed_is_in_sight_and_moves_no_more_than_it_must() {
        let picture = picture(&[(0, 0), (300, 200)], &[]);
        let area = Rect::new(0, 0, 80, 20);
        let start = Point::new(0, 0);
        assert_eq!(follow(&picture, start, picture.nodes[0].area, area), start);
        let at = follow(&picture, start, picture.nodes[1].area, area);
        let (shown, _) = window(&picture, at, area);
        assert!(shown.contains(Point::new(300, 200)) && shown.contains(Point::new(305, 202)));
        assert_eq!(follow(&picture, at, picture.nodes[1].area, area), at);
        assert_eq!(pan(&picture, at, 999, 999, area), Point::new(306 - 80, 203 - 20));
        assert_eq!(pan(&picture, at, -999, -999, area), start);
    }

    #[test]
    fn a_small_picture_stands_in_the_middle_and_is_clicked_there() {
        let picture = picture(&[(0, 0)], &[]);
        let area = Rect::new(10, 5, 26, 13);
        let (shown, drawn) = window(&picture, Point::new(7, 7), area);
        assert_eq!((shown, drawn), (Area::new(0, 0, 6, 3), Rect::new(20, 10, 6, 3)));
        assert_eq!(cell_at(&picture, Point::default(), area, Position::new(21, 11)), Some(Point::new(1, 1)));
        assert_eq!(cell_at(&picture, Point::default(), area, Position::new(19, 11)), None);
    }

    #[test]
    fn keys_follow_lines_and_else_find_the_nearest_box() {
        // 0 is connected to 2, which is farther than 1.
        let drawn = picture(&[(0, 0), (20, 0), (20, 8), (0, 8)], &[(0, 2)]);
        assert_eq!(step(&drawn, 0, Direction::Right), Some(2));
        assert_eq!(step(&drawn, 2, Direction::Left), Some(0));
        assert_eq!(step(&drawn, 0, Direction::Down), Some(3));
        assert_eq!(step(&drawn, 1, Direction::Left), Some(0));
        assert_eq!(step(&drawn, 0, Direction::Up), None);
        // A box that is far aside is not below.
        let aside = picture(&[(0, 0), (60, 4)], &[]);
        assert_eq!(step(&aside, 0, Direction::Down), None);
        assert_eq!(step(&aside, 0, Direction::Right), Some(1));
    }

    #[test]
    fn the_map_shows_where_one_is_and_never_hides_what_is_selected() {
        let picture = picture(&[(0, 0), (150, 70)], &[]);
        let area = Rect::new(0, 0, 80, 20);
        for selected in [0, 1] {
            let emphasis = Emphasis::around(&picture, selected);
            let at = follow(&picture, Point::default(), picture.nodes[selected].area, area);
            let mut terminal = Terminal::new(TestBackend::new(80, 20)).expect("a screen");
            let theme = Theme::new("none", Depth::None, false);
            terminal.draw(|frame| render(frame, area, &picture, at, &emphasis, theme)).expect("drawn");
            let text: String =
                terminal.backend().buffer().content().iter().map(ratatui::buffer::Cell::symbol).collect();
            assert!(text.contains(&format!("║box{selected}║")), "{text}");
            assert!(text.contains('◆'), "{text}");
        }
        let (whole, _) = window(&picture, Point::default(), Rect::new(0, 0, 200, 100));
        assert_eq!(minimap_area(Rect::new(0, 0, 200, 100), &picture, whole, &Emphasis::default()), None);
    }
}
