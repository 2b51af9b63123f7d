//! Text of cards made safe to show: control characters become visible stand-ins.
//!
//! A card is written by anybody; what it says must never reach a terminal as a command.

use std::borrow::Cow;

/// The text with every control character, escape sequence and direction override shown as a
/// visible stand-in. Line breaks become blanks.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' | '\t' => out.push(' '),
            '\r' => {}
            '\u{7f}' => out.push('\u{2421}'),
            // The control pictures stand in the order of the controls that they stand for.
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}')),
            hidden if is_hidden(hidden) => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// Controls, direction overrides, and other characters that change how what follows is shown.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_reaches_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\u{7}"), "a␛[31mb␇");
        assert_eq!(visible("one\r\ntwo"), "one two");
        assert_eq!(visible("x\u{202e}y"), "x\u{fffd}y");
        assert_eq!(visible("\u{9b}31m"), "\u{fffd}31m");
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(visible("Ärger 日本 👩‍💻"), Cow::Borrowed(_)));
    }
}
