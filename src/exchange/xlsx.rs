//! A workbook of a spreadsheet program: all cards, the findings and the matrices, a sheet each.
//!
//! Cells are text and numbers, never formulas. Reading is for `import`.

use std::collections::HashSet;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError,
};

use super::cells::without_controls;
use super::sheets::{Sheet, Tone};

/// The longest text that a cell holds, in characters as spreadsheets count them.
pub const LONGEST: usize = 32_767;

/// The longest name of a sheet.
const LONGEST_NAME: usize = 31;

/// A workbook of tables, and what did not fit into it, a sentence each.
///
/// # Errors
/// Where the writer refuses a table, such as one of more than a million rows.
pub fn workbook(title: &str, sheets: &[Sheet]) -> Result<(Vec<u8>, Vec<String>), XlsxError> {
    let mut book = Workbook::new();
    // The day of the export is not in it, so that the same catalog makes the same file.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(
        &DocProperties::new().set_title(&*without_controls(title)).set_creation_datetime(&made),
    );
    let line = Color::RGB(0x00D0_D0D0);
    let plain = Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_border_color(line);
    let head =
        plain.clone().set_bold().set_background_color(Color::RGB(0x0029_3B57)).set_font_color(Color::White);
    let derived = head.clone().set_background_color(Color::RGB(0x005A_5A5A));
    let toned = |fill: u32, font: u32| {
        plain.clone().set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(font))
    };
    let (good, doubtful, bad) =
        (toned(0x00E2_F0D9, 0x0022_4B12), toned(0x00FF_F2CC, 0x0066_4D00), toned(0x00F8_CBAD, 0x0078_1F00));
    let mut cut = Vec::new();
    let mut names = HashSet::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet_name(&sheet.name, &mut names))?;
        let format = if sheet.is_derived { &derived } else { &head };
        for (column, title) in sheet.head.iter().enumerate() {
            page.write_string_with_format(0, at_column(column), &*without_controls(title), format)?;
            page.set_column_width(at_column(column), width(sheet, column))?;
        }
        let tones: std::collections::HashMap<(usize, usize), Tone> =
            sheet.tones.iter().map(|(row, column, tone)| ((*row, *column), *tone)).collect();
        for (row, cells) in sheet.rows.iter().enumerate() {
            let line = u32::try_from(row + 1).unwrap_or(u32::MAX);
            for (column, cell) in cells.iter().enumerate() {
                let format = match tones.get(&(row, column)) {
                    None => &plain,
                    Some(Tone::Good) => &good,
                    Some(Tone::Doubtful) => &doubtful,
                    Some(Tone::Bad) => &bad,
                };
                let text = without_controls(cell);
                if let Some(number) = number(&text) {
                    page.write_number_with_format(line, at_column(column), number, format)?;
                    continue;
                }
                if text.encode_utf16().count() > LONGEST {
                    let title = sheet.head.get(column).map_or("", String::as_str);
                    cut.push(format!(
                        "the sheet {}, row {}, {title}: a cell holds {LONGEST} characters, and this text has more; its end is cut off",
                        sheet.name,
                        row + 2
                    ));
                    page.write_string_with_format(line, at_column(column), shortened(&text), format)?;
                    continue;
                }
                page.write_string_with_format(line, at_column(column), &*text, format)?;
            }
        }
        // The id and the name stay in sight.
        let names = usize::from(sheet.head.get(1).is_some_and(|title| title.eq_ignore_ascii_case("name")));
        page.set_freeze_panes(1, at_column(1 + names))?;
        page.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        if let (Ok(last), Some(columns)) = (u32::try_from(sheet.rows.len()), sheet.head.len().checked_sub(1))
        {
            page.autofilter(0, 0, last, at_column(columns))?;
        }
    }
    Ok((book.save_to_buffer()?, cut))
}

fn at_column(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// A whole number that comes back as the same text.
fn number(text: &str) -> Option<f64> {
    let whole: i32 = text.parse().ok()?;
    (whole.to_string() == text).then_some(f64::from(whole))
}

fn shortened(text: &str) -> String {
    let mut room = LONGEST;
    text.chars()
        .take_while(|letter| {
            let own = letter.len_utf16();
            let fits = own <= room;
            room = room.saturating_sub(own);
            fits
        })
        .collect()
}

/// Columns as wide as their longest line, within reason.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let cells = sheet.rows.iter().take(500).filter_map(|row| row.get(column));
    let longest = |text: &String| text.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap_or(0);
    let most = cells.map(longest).max().unwrap_or(0);
    let head = sheet.head.get(column).map_or(0, longest) + 4;
    let most = most.max(head).clamp(8, 60);
    f64::from(u8::try_from(most).unwrap_or(60)) + 1.0
}

/// A name that a sheet may have, and that no other has.
fn sheet_name(name: &str, taken: &mut HashSet<String>) -> String {
    let clean: String = crate::card::visible::visible(name)
        .chars()
        .map(
            |letter| {
                if matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { ' ' } else { letter }
            },
        )
        .collect();
    let fits = |text: &str, room: usize| -> String {
        let mut left = room;
        text.trim()
            .chars()
            .take_while(|letter| {
                let own = letter.len_utf16();
                let fits = own <= left;
                left = left.saturating_sub(own);
                fits
            })
            .collect()
    };
    for number in 1_usize.. {
        let end = if number == 1 { String::new() } else { format!(" {number}") };
        let own = format!("{}{end}", fits(&clean, LONGEST_NAME - end.len()));
        if taken.insert(own.to_lowercase()) {
            return own;
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_clean_and_their_own() {
        let mut taken = HashSet::new();
        assert_eq!(sheet_name("Matrix components [a/b]", &mut taken), "Matrix components  a b");
        assert_eq!(sheet_name("matrix components  a b", &mut taken), "matrix components  a b 2");
        assert!(sheet_name(&"x".repeat(90), &mut taken).len() <= LONGEST_NAME);
        assert!(sheet_name(&"x".repeat(90), &mut taken).len() <= LONGEST_NAME);
    }

    #[test]
    fn what_is_too_long_is_cut_and_said() {
        let sheet = Sheet {
            name: "x".into(),
            file: "x".into(),
            head: vec!["a".into()],
            rows: vec![vec!["é".repeat(LONGEST + 1)], vec!["7".into()], vec!["007".into()]],
            tones: Vec::new(),
            is_derived: false,
        };
        let (bytes, cut) = workbook("x", &[sheet]).expect("a workbook");
        assert!(bytes.starts_with(b"PK") && cut.len() == 1 && cut[0].contains("row 2"), "{cut:?}");
        assert_eq!((number("7"), number("007"), number("1.0")), (Some(7.0), None, None));
    }
}
