//! What stands on a slide: shapes with text, lines, and how large a text is.
//!
//! Lengths are in points, 72 an inch, from the top left of the slide.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::exchange::svg::escaped;

/// The width of a slide.
pub(super) const WIDE: f64 = 960.0;
/// The height of a slide.
pub(super) const HIGH: f64 = 540.0;

pub(super) const TEXT: &str = "1D2230";
pub(super) const FAINT: &str = "5C6376";
pub(super) const LINE: &str = "8B93A5";
pub(super) const GROUND: &str = "F2F3F5";
pub(super) const WHITE: &str = "FFFFFF";
pub(super) const RED: &str = "B01030";
pub(super) const AMBER: &str = "875200";
pub(super) const BLUE: &str = "045C75";
pub(super) const GREEN: &str = "20602A";
pub(super) const VIOLET: &str = "6B3FA0";
pub(super) const PURPLE: &str = "8E1470";

/// English Metric Units, in which the format counts.
pub(super) fn emu(points: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a slide is small")]
    let units = (points * 12_700.0).round() as i64;
    units
}

fn hundredths(points: f64) -> i64 {
    emu(points) / 127
}

/// Where something is, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) wide: f64,
    pub(super) high: f64,
}

impl Spot {
    pub(super) const fn new(x: f64, y: f64, wide: f64, high: f64) -> Self {
        Self { x, y, wide, high }
    }
}

/// A piece of text.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) color: &'static str,
    pub(super) bold: bool,
    pub(super) italic: bool,
    /// A colour behind it, and whether it is light.
    pub(super) behind: Option<((u8, u8, u8), bool)>,
}

impl Piece {
    pub(super) fn new(text: impl Into<String>, color: &'static str) -> Self {
        Self { text: text.into(), color, ..Self::default() }
    }

    pub(super) fn bold(mut self) -> Self {
        self.bold = true;
        self
    }
}

/// A paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    pub(super) pieces: Vec<Piece>,
    /// In points.
    pub(super) size: f64,
    /// Between it and the one before.
    pub(super) before: f64,
    /// Exactly so much from line to line; none: as the font has it.
    pub(super) line: Option<f64>,
    /// Letters all of one width.
    pub(super) mono: bool,
    pub(super) centred: bool,
}

impl Paragraph {
    pub(super) fn new(size: f64, pieces: Vec<Piece>) -> Self {
        Self { pieces, size, ..Self::default() }
    }

    /// As many lines as it takes in a width; rather one too many than one too few.
    pub(super) fn lines(&self, wide: f64) -> usize {
        let columns = |text: &str| f64::from(u32::try_from(text.width()).unwrap_or(u32::MAX));
        let room = (wide / (self.size * 0.56)).max(4.0);
        let (mut lines, mut used) = (1_usize, 0.0);
        let text: String = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        for word in text.split_inclusive(' ') {
            let long = columns(word);
            if used + columns(word.trim_end()) > room && used > 0.0 {
                lines += 1;
                used = 0.0;
            }
            // A word that is longer than a line is broken.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths of words")]
            let more = (long / room) as usize;
            lines += more;
            #[expect(clippy::cast_precision_loss, reason = "lengths of words")]
            let rest = long - more as f64 * room;
            used += rest;
        }
        lines
    }

    /// How high it is in a width.
    pub(super) fn high(&self, wide: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "few lines")]
        let lines = self.lines(wide) as f64;
        self.before + lines * self.line.unwrap_or(self.size * 1.22)
    }

    fn xml(&self) -> String {
        let align = if self.centred { " algn=\"ctr\"" } else { "" };
        let line = self.line.map_or(String::new(), |line| {
            format!("<a:lnSpc><a:spcPts val=\"{}\"/></a:lnSpc>", hundredths(line))
        });
        let mut out = format!(
            "<a:p><a:pPr{align}>{line}<a:spcBef><a:spcPts val=\"{}\"/></a:spcBef></a:pPr>",
            hundredths(self.before)
        );
        let font = if self.mono {
            "<a:latin typeface=\"Courier New\"/><a:cs typeface=\"Courier New\"/>"
        } else {
            ""
        };
        let size = hundredths(self.size).max(100);
        for piece in self.pieces.iter().filter(|piece| !piece.text.is_empty()) {
            let (color, behind) = match piece.behind {
                Some(((red, green, blue), light)) => (
                    if light { "101010" } else { "FAFAFA" },
                    format!("<a:highlight><a:srgbClr val=\"{red:02X}{green:02X}{blue:02X}\"/></a:highlight>"),
                ),
                None => (piece.color, String::new()),
            };
            let bold = if piece.bold { " b=\"1\"" } else { "" };
            let italic = if piece.italic { " i=\"1\"" } else { "" };
            let _ = write!(
                out,
                "<a:r><a:rPr lang=\"en-GB\" sz=\"{size}\"{bold}{italic} dirty=\"0\"><a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill>{behind}{font}</a:rPr><a:t>{}</a:t></a:r>",
                escaped(&piece.text)
            );
        }
        let _ = write!(out, "<a:endParaRPr lang=\"en-GB\" sz=\"{size}\"/></a:p>");
        out
    }
}

/// What a shape looks like.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// `rect`, `roundRect`, `homePlate`.
    pub(super) form: &'static str,
    pub(super) fill: Option<String>,
    /// Colour, width and dashes.
    pub(super) line: Option<(&'static str, f64, &'static str)>,
    /// From the left and the right, and from the top and the bottom.
    pub(super) inset: (f64, f64),
    pub(super) middle: bool,
    /// Whether a line of text ends with its paragraph only.
    pub(super) unwrapped: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { form: "rect", fill: None, line: None, inset: (0.0, 0.0), middle: false, unwrapped: false }
    }
}

/// A slide.
#[derive(Clone, Debug, Default)]
pub(super) struct Slide {
    xml: String,
    shapes: u32,
}

impl Slide {
    /// Its shapes.
    pub(super) fn xml(&self) -> &str {
        &self.xml
    }

    fn number(&mut self) -> u32 {
        self.shapes += 1;
        self.shapes + 1
    }

    /// Its title; there is one.
    pub(super) fn title(&mut self, spot: Spot, paragraph: &Paragraph) {
        let look = Look { middle: true, ..Look::default() };
        self.put("Title", spot, &look, std::slice::from_ref(paragraph), true);
    }

    /// A shape with text; the name is what a screen reader says of it.
    pub(super) fn shape(&mut self, name: &str, spot: Spot, look: &Look, text: &[Paragraph]) {
        self.put(name, spot, look, text, false);
    }

    fn put(&mut self, name: &str, spot: Spot, look: &Look, text: &[Paragraph], title: bool) {
        let number = self.number();
        let holder = if title { "<p:ph type=\"title\"/>" } else { "" };
        let fill = look.fill.as_ref().map_or("<a:noFill/>".to_owned(), |rgb| {
            format!("<a:solidFill><a:srgbClr val=\"{rgb}\"/></a:solidFill>")
        });
        let anchor = if look.middle { "ctr" } else { "t" };
        let wrap = if look.unwrapped { "none" } else { "square" };
        let (side, top) = (emu(look.inset.0), emu(look.inset.1));
        let paragraphs: String = if text.is_empty() {
            "<a:p><a:endParaRPr lang=\"en-GB\" sz=\"800\"/></a:p>".to_owned()
        } else {
            text.iter().map(Paragraph::xml).collect()
        };
        let fit = if look.unwrapped { "<a:noAutofit/>" } else { "<a:normAutofit/>" };
        let _ = write!(
            self.xml,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{number}\" name=\"{}\"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"{}\"><a:avLst/></a:prstGeom>{fill}{}</p:spPr><p:txBody><a:bodyPr wrap=\"{wrap}\" lIns=\"{side}\" rIns=\"{side}\" tIns=\"{top}\" bIns=\"{top}\" anchor=\"{anchor}\">{fit}</a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody></p:sp>",
            escaped(name),
            frame(spot),
            look.form,
            stroke(look.line, false),
        );
    }

    /// A line through points, with an arrow at its end where wanted.
    pub(super) fn path(
        &mut self,
        name: &str,
        points: &[(f64, f64)],
        line: (&'static str, f64, &'static str),
        arrow: bool,
    ) {
        let (Some(first), true) = (points.first(), points.len() > 1) else { return };
        let least = points.iter().fold(*first, |least, point| (least.0.min(point.0), least.1.min(point.1)));
        let most = points.iter().fold(*first, |most, point| (most.0.max(point.0), most.1.max(point.1)));
        let spot = Spot::new(least.0, least.1, most.0 - least.0, most.1 - least.1);
        let number = self.number();
        let mut path = String::new();
        for (at, point) in points.iter().enumerate() {
            let tag = if at == 0 { "moveTo" } else { "lnTo" };
            let _ = write!(
                path,
                "<a:{tag}><a:pt x=\"{}\" y=\"{}\"/></a:{tag}>",
                emu(point.0 - least.0),
                emu(point.1 - least.1)
            );
        }
        let _ = write!(
            self.xml,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{number}\" name=\"{}\"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{}<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l=\"0\" t=\"0\" r=\"r\" b=\"b\"/><a:pathLst><a:path w=\"{}\" h=\"{}\" fill=\"none\">{path}</a:path></a:pathLst></a:custGeom><a:noFill/>{}</p:spPr></p:sp>",
            escaped(name),
            frame(spot),
            emu(spot.wide).max(1),
            emu(spot.high).max(1),
            stroke(Some(line), arrow),
        );
    }
}

fn frame(spot: Spot) -> String {
    format!(
        "<a:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></a:xfrm>",
        emu(spot.x),
        emu(spot.y),
        emu(spot.wide).max(1),
        emu(spot.high).max(1)
    )
}

fn stroke(line: Option<(&'static str, f64, &'static str)>, arrow: bool) -> String {
    let Some((color, wide, dashes)) = line else { return "<a:ln><a:noFill/></a:ln>".to_owned() };
    let head = if arrow { "<a:tailEnd type=\"triangle\" w=\"sm\" len=\"sm\"/>" } else { "" };
    format!(
        "<a:ln w=\"{}\"><a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill><a:prstDash val=\"{dashes}\"/>{head}</a:ln>",
        emu(wide)
    )
}

/// Paragraphs made as large as they fit into a spot, between two sizes; none where they do not.
pub(super) fn fitted(text: &[Paragraph], spot: Spot, sizes: &[f64]) -> Option<Vec<Paragraph>> {
    let sized = |size: f64| -> Vec<Paragraph> {
        text.iter().cloned().map(|paragraph| Paragraph { size, before: size * 0.45, ..paragraph }).collect()
    };
    sizes
        .iter()
        .map(|size| sized(*size))
        .find(|text| text.iter().map(|paragraph| paragraph.high(spot.wide)).sum::<f64>() <= spot.high)
}
