//! Tables with commas: a file for each table of cards, for the findings and for each matrix.
//!
//! No cell is taken for a formula, and none holds a control character. Reading is for `import`.

use super::cells::{no_formula, without_controls};
use super::sheets::Sheet;

/// A table as text.
///
/// # Errors
/// Where the writer fails, which it does not in memory.
pub fn text(sheet: &Sheet) -> Result<String, ::csv::Error> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(&sheet.head).chain(&sheet.rows) {
        writer.write_record(row.iter().map(|cell| no_formula(&without_controls(cell)).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(|error| ::csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_no_command() {
        let sheet = Sheet {
            name: "x".into(),
            file: "x".into(),
            head: vec!["a".into(), "b".into()],
            rows: vec![vec!["=HYPERLINK(\"x\")".into(), "\u{1b}[31m, \"y\"\nz".into()]],
            tones: Vec::new(),
            is_derived: false,
        };
        assert_eq!(
            text(&sheet).expect("a text"),
            "a,b\n\"'=HYPERLINK(\"\"x\"\")\",\"_x001B_[31m, \"\"y\"\"\nz\"\n"
        );
    }
}
