//! Text in the cells of files: no control character, nothing that a spreadsheet takes for a formula; and back.
//!
//! A control is written as spreadsheets write it themselves, `_x001B_`, and an apostrophe goes before what
//! would be a formula. Both are taken off again, so that nothing is lost.

use std::borrow::Cow;

use crate::card::visible::visible;

/// What begins a formula in some spreadsheet.
const SIGNS: [char; 10] = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'];

/// A text without controls and direction marks; line breaks and tabs stay.
#[must_use]
pub fn without_controls(text: &str) -> Cow<'_, str> {
    let is_hidden = |letter: char| {
        !matches!(letter, '\n' | '\t') && !visible(letter.encode_utf8(&mut [0; 4])).starts_with(letter)
    };
    if !text.chars().any(is_hidden) && !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (at, letter) in text.char_indices() {
        if is_hidden(letter) {
            out.push_str(&format!("_x{:04X}_", u32::from(letter)));
        } else if letter == '_' && code(&text[at..]).is_some() {
            out.push_str("_x005F_");
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// The text that such a text stands for.
#[must_use]
pub fn with_controls(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        match code(&text[at..]) {
            Some(meant) => {
                out.push(meant);
                at += "_x0000_".len();
            }
            None => {
                out.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    Cow::Owned(out)
}

/// The character of a code that a text begins with.
fn code(text: &str) -> Option<char> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let is_code = text.get(6..7) == Some("_") && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    is_code.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten()
}

fn begins_formula(text: &str) -> bool {
    text.trim_start_matches('\'').trim_start().starts_with(SIGNS)
}

/// A text with an apostrophe in front where a spreadsheet would take it for a formula.
#[must_use]
pub fn no_formula(text: &str) -> Cow<'_, str> {
    if begins_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A text without that apostrophe.
#[must_use]
pub fn unquoted(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if begins_formula(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_comes_back() {
        for text in ["=1", "'=1", "''+x", "-", "a=b", "'quoted'", "@x", "＝1", "' =1", "plain"] {
            assert!(!no_formula(text).starts_with(SIGNS), "{text}");
            assert_eq!(unquoted(&no_formula(text)), text);
        }
        for text in
            ["a\u{1b}[31m", "_x001B_", "_x005F_x001B_", "\u{202e}x", "a\r\nb", "snake_x_y", "_x00", "\u{9b}"]
        {
            let out = without_controls(text);
            assert!(!out.chars().any(|letter| letter.is_control() && letter != '\n'), "{out:?}");
            assert_eq!(with_controls(&out), text);
        }
    }
}
