//! Workbooks of spreadsheet programs: each sheet is a table.
//!
//! Values are read, formulas by what they came to. What a sheet's columns mean is for `sheets`.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, Reader, Xlsx};

use super::draft::Reading;
use super::sheets::Table;
use super::words::Vocabulary;
use super::{Format, Source, too_large};
use crate::card::LARGEST_FILE;
use crate::exchange::cells::with_controls;

/// See the module.
pub static FORMAT: Format = Format {
    name: "xlsx",
    summary: "workbooks: one row a persona, a grant, ..., or a matrix of roles, a sheet each",
    sniff,
    read,
};

/// So many cells of a workbook are read, so that a small file cannot ask for all memory.
const MOST_CELLS: usize = 2_000_000;

/// So many columns of a sheet are read.
const MOST_COLUMNS: u32 = 2_000;

/// So many bytes a workbook may hold when it is unpacked.
const MOST_UNPACKED: u64 = 512 * 1024 * 1024;

fn sniff(source: &Source<'_>) -> u8 {
    if source.bytes.starts_with(b"PK") && source.ends(&[".xlsx", ".xlsm"]) { 95 } else { 0 }
}

fn read(source: &Source<'_>, _: &Vocabulary) -> Reading {
    if source.bytes.len() as u64 > LARGEST_FILE {
        return Reading::nothing(source.path, 1, too_large(source.bytes.len() as u64));
    }
    if let Err(why) = is_bounded(source.bytes) {
        return Reading::nothing(source.path, 1, why);
    }
    let mut book = match Xlsx::new(Cursor::new(source.bytes)) {
        Ok(book) => book,
        Err(error) => {
            return Reading::nothing(
                source.path,
                1,
                format!("this is no workbook that can be read: {error}"),
            );
        }
    };
    let mut reading = Reading::default();
    let mut left = MOST_CELLS;
    for name in book.sheet_names() {
        let file: Arc<str> = format!("{} [{name}]", source.path).into();
        match rows(&mut book, &name, &file, &mut left, &mut reading) {
            Ok(rows) if rows.is_empty() => {}
            Ok(rows) => reading.tables.push(Table { name, file, rows }),
            Err(why) => reading.unread(&file, 1, why),
        }
    }
    if reading.tables.is_empty() && reading.unread.is_empty() {
        reading.unread(&source.path.into(), 1, "this workbook is empty");
    }
    reading
}

/// A file of a few bytes may unpack to more than there is memory.
fn is_bounded(bytes: &[u8]) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("this is no workbook that can be read: {error}"))?;
    let mut whole = 0_u64;
    for place in 0..archive.len() {
        let size = archive.by_index_raw(place).map_or(0, |file| file.size());
        whole = whole.saturating_add(size);
    }
    if whole > MOST_UNPACKED {
        return Err(format!(
            "this workbook unpacks to {} MB, which is not read; split it",
            whole / 1_000_000
        ));
    }
    Ok(())
}

type Rows = Vec<(u32, Vec<String>)>;

fn rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    file: &Arc<str>,
    left: &mut usize,
    reading: &mut Reading,
) -> Result<Rows, String> {
    let failed = |error: calamine::XlsxError| format!("this sheet cannot be read: {error}");
    let mut cells = book.worksheet_cells_reader(name).map_err(failed)?;
    let mut sparse: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(failed)? {
        let (row, column) = cell.get_position();
        let text = match value(cell.get_value()) {
            Ok(text) => with_controls(text.trim()).into_owned(),
            Err(why) => {
                reading.unread(file, row + 1, why);
                continue;
            }
        };
        if text.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            reading.unread(file, row + 1, format!("columns beyond the {MOST_COLUMNS}th are not read"));
            continue;
        }
        if *left == 0 {
            return Err(format!("more than {MOST_CELLS} cells are not read; split the workbook"));
        }
        let own = sparse.entry(row).or_default();
        let place = column as usize;
        if own.len() <= place {
            let more = place + 1 - own.len();
            *left = left.saturating_sub(more);
            own.resize(place + 1, String::new());
        }
        if let Some(slot) = own.get_mut(place) {
            *slot = text;
        }
    }
    Ok(sparse.into_iter().map(|(row, cells)| (row.saturating_add(1), cells)).collect())
}

fn value(data: &DataRef<'_>) -> Result<String, String> {
    Ok(match data {
        DataRef::Empty => String::new(),
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => number(*value),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(moment) => number(moment.as_f64()),
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Err(format!("a cell holds the error {error}")),
    })
}

/// Spreadsheets know no whole numbers.
fn number(value: f64) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::finish;
    use super::super::words::usual;
    use super::*;
    use crate::exchange::sheets::Sheet;
    use crate::exchange::xlsx::workbook;

    fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
        let sheets: Vec<Sheet> = sheets
            .iter()
            .map(|(name, rows)| {
                let mut rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect());
                let head = rows.next().unwrap_or_default();
                Sheet {
                    name: (*name).to_owned(),
                    file: (*name).to_owned(),
                    head,
                    rows: rows.collect(),
                    tones: Vec::new(),
                    is_derived: false,
                }
            })
            .collect();
        workbook("x", &sheets).expect("a workbook").0
    }

    fn reading(bytes: &[u8]) -> Reading {
        let mut reading = read(&Source { path: "team.xlsx", bytes }, &usual());
        finish(&mut reading, &usual());
        reading
    }

    #[test]
    fn sheets_belong_together() {
        let bytes = book(&[
            (
                "Rights",
                &[
                    &["Who", "System", "Access", "Env", "Until", "Mood"],
                    &["P1", "Lake", "Write", "Development", "2027-01-31", "good"],
                ],
            ),
            ("Team", &[&["Id", "Persona", "Team", "Skills"], &["P1", "Analyst", "BI", "SQL, Go"]]),
        ]);
        let reading = reading(&bytes);
        assert_eq!(reading.drafts.len(), 1, "{:?}", reading.drafts);
        let draft = &reading.drafts[0];
        assert_eq!((draft.text("id"), draft.name()), (Some("P1"), "Analyst"));
        let grants = format!("{:?}", draft.get("component_access"));
        for word in ["Lake", "write", "dev", "2027-01-31"] {
            assert!(grants.contains(word), "{grants}");
        }
        assert!(
            reading.unread.iter().any(|own| own.why.contains("Mood") && &*own.file == "team.xlsx [Rights]")
        );
    }

    #[test]
    fn what_is_no_workbook_gets_a_sentence() {
        for bytes in [&b"PK\x03\x04"[..], b"", b"PK", b"hello"] {
            assert_eq!(reading(bytes).unread.len(), 1);
        }
    }
}
