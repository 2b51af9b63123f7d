//! Text within a line of Markdown, and back: no markup, no HTML, no control character.
//!
//! What is written reads back as the same text; blanks at its ends are for the caller to keep.

use crate::card::visible::visible;

/// Signs that are markup somewhere, and stand behind a backslash.
const SIGNS: &str = "\\`*_[]#~|$";

/// Text that Markdown takes for nothing but text.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let address = address(&text[at..]);
        if !address.is_empty() {
            out.push_str(&format!("<{address}>"));
            at += address.len();
            continue;
        }
        let is_first = at == 0;
        at += letter.len_utf8();
        match letter {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // The mark of a list at the beginning of a line.
            '-' | '+' | '=' if is_first => out.extend(['\\', letter]),
            '.' | ')' if text[..at - 1].chars().all(|before| before.is_ascii_digit()) && at > 1 => {
                out.extend(['\\', letter]);
            }
            // A mention of somebody.
            '@' => out.push_str("&#64;"),
            sign if SIGNS.contains(sign) => out.extend(['\\', sign]),
            hidden if !visible(hidden.encode_utf8(&mut [0; 4])).starts_with(hidden) => {
                out.push_str(&format!("&#{};", u32::from(hidden)));
            }
            other => out.push(other),
        }
    }
    out
}

/// The address of a page that a text begins with.
fn address(text: &str) -> &str {
    let Some(start) = ["https://", "http://"].into_iter().find(|start| text.starts_with(start)) else {
        return "";
    };
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~:/?#@!$'*+=%".contains(letter);
    let end = text.find(|letter| !is_plain(letter)).unwrap_or(text.len());
    let whole = text[..end].trim_end_matches(['.', ':', '?', '!', '\'']);
    if whole.len() > start.len() { whole } else { "" }
}

/// The text that a line of Markdown shows: without links, escapes and breaks.
#[must_use]
pub fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        rest = match letter {
            '\\' => match after.chars().next().filter(char::is_ascii_punctuation) {
                Some(sign) => {
                    out.push(sign);
                    &after[sign.len_utf8()..]
                }
                None => {
                    out.push('\\');
                    after
                }
            },
            '&' => match entity(rest) {
                Some((meant, length)) => {
                    out.push(meant);
                    &rest[length..]
                }
                None => {
                    out.push('&');
                    after
                }
            },
            '<' => match tag(rest) {
                Some((meant, length)) => {
                    out.push_str(meant);
                    &rest[length..]
                }
                None => {
                    out.push('<');
                    after
                }
            },
            '[' => match link(rest) {
                Some((words, length)) => {
                    out.push_str(&plain(words));
                    &rest[length..]
                }
                None => {
                    out.push('[');
                    after
                }
            },
            other => {
                out.push(other);
                after
            }
        };
    }
    out
}

fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.find(';').filter(|end| *end <= 10)?;
    let meant = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => '\u{a0}',
        number => char::from_u32(number.strip_prefix('#')?.parse().ok()?)?,
    };
    Some((meant, end + 1))
}

/// A break, or an address in angle brackets.
fn tag(text: &str) -> Option<(&str, usize)> {
    for mark in ["<br>", "<br/>", "<br />"] {
        if text.get(..mark.len()).is_some_and(|own| own.eq_ignore_ascii_case(mark)) {
            return Some(("\n", mark.len()));
        }
    }
    let end = text.find('>')?;
    let inner = &text[1..end];
    (address(inner) == inner && !inner.is_empty()).then_some((inner, end + 1))
}

/// `[words](address)`, of which the words are shown.
fn link(text: &str) -> Option<(&str, usize)> {
    let mut escaped = false;
    let close = text.char_indices().skip(1).find_map(|(at, letter)| {
        let ends = letter == ']' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends.then_some(at)
    })?;
    let address = text[close + 1..].strip_prefix('(')?;
    let end = address.find(')')?;
    Some((&text[1..close], close + 1 + 1 + end + 1))
}

/// A name that leads to another page.
#[must_use]
pub fn linked(name: &str, address: &str) -> String {
    format!("[{}]({address})", escaped(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back() {
        for text in [
            "plain",
            "a*b_c`d`",
            "<script>&amp;",
            "[x](y)",
            "- x",
            "1. x",
            "12) y",
            "# x",
            "a\nb\n\nc",
            "\u{1b}[31m\u{202e}",
            "see https://example.com/a_b?c=d#e.",
            "<https://example.com>",
            "https://",
            "http://a|b",
            "\\",
            "\\*",
            "| a |",
            "@team",
            "&#27;",
            "a ](b",
            "日本語 👩‍💻",
            "~~x~~ $y$",
            "+1",
            "=1",
        ] {
            assert_eq!(plain(&escaped(text)), text, "{}", escaped(text));
            assert!(!escaped(text).contains(['\n', '\u{1b}']));
        }
    }

    #[test]
    fn links_are_their_words() {
        assert_eq!(plain("[Azure \\[x\\]](../a%20b.md) (level: read)"), "Azure [x] (level: read)");
        assert_eq!(plain(&linked("a]b", "x.md")), "a]b");
        assert_eq!(plain("[Name]"), "[Name]");
    }
}
