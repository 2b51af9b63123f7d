//! Text in columns: cut, padded and wrapped by what is seen, and matched letters.
//!
//! Every text of a card passes through here on its way to the screen, so that none of it can be
//! taken for a command by the terminal.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::card::visible::visible;

/// Text that is safe to show.
#[must_use]
pub fn safe(text: &str) -> String {
    visible(text).into_owned()
}

/// At most `width` columns of a text; what is cut ends in an ellipsis.
#[must_use]
pub fn cut(text: &str, width: usize, ellipsis: &str) -> String {
    let text = visible(text);
    if text.width() <= width {
        return text.into_owned();
    }
    let room = width.saturating_sub(ellipsis.width());
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if used + wide > room {
            break;
        }
        used += wide;
        out.push_str(grapheme);
    }
    if width >= ellipsis.width() {
        out.push_str(ellipsis);
    }
    out
}

/// Exactly `width` columns: cut, or filled with blanks.
#[must_use]
pub fn pad(text: &str, width: usize, ellipsis: &str) -> String {
    let mut out = cut(text, width, ellipsis);
    let used = out.width();
    out.push_str(&" ".repeat(width.saturating_sub(used)));
    out
}

/// Lines of at most `width` columns, broken between words; a word that is longer is broken itself.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(4);
    let text = visible(text);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let gap = usize::from(!line.is_empty());
        if line.width() + gap + word.width() <= width {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for grapheme in word.graphemes(true) {
            if line.width() + grapheme.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(grapheme);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Fuzzy matching that ignores case in every script.
pub struct Fuzzy {
    matcher: SkimMatcherV2,
    pattern: String,
}

impl std::fmt::Debug for Fuzzy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fuzzy").field("pattern", &self.pattern).finish_non_exhaustive()
    }
}

impl Fuzzy {
    /// A matcher of a pattern.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        Self { matcher: SkimMatcherV2::default(), pattern: crate::card::words::fold(pattern) }
    }

    /// How well a text matches, and which of its characters do; an empty pattern matches all.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<(i64, Vec<usize>)> {
        if self.pattern.is_empty() {
            return Some((0, Vec::new()));
        }
        // One character may fold to several, so each folded one remembers where it came from.
        let mut folded = String::with_capacity(text.len());
        let mut origin = Vec::with_capacity(text.len());
        for (place, character) in text.chars().enumerate() {
            for lower in character.to_lowercase() {
                folded.push(lower);
                origin.push(place);
            }
        }
        let (score, places) = self.matcher.fuzzy_indices(&folded, &self.pattern)?;
        let mut places: Vec<usize> =
            places.into_iter().filter_map(|place| origin.get(place).copied()).collect();
        places.dedup();
        Some((score, places))
    }
}

/// A text with some of its characters in another style; what stands beyond `width` is cut.
#[must_use]
pub fn highlighted(
    text: &str,
    places: &[usize],
    width: usize,
    plain: Style,
    hit: Style,
    ellipsis: &str,
) -> Vec<Span<'static>> {
    if places.is_empty() {
        return vec![Span::styled(cut(text, width, ellipsis), plain)];
    }
    let shown = cut(text, width, ellipsis);
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut run = String::new();
    let mut run_hit = false;
    let mut place = 0;
    for grapheme in shown.graphemes(true) {
        let count = grapheme.chars().count();
        let is_hit = (place..place + count).any(|place| places.contains(&place));
        if is_hit != run_hit && !run.is_empty() {
            spans.push(Span::styled(std::mem::take(&mut run), if run_hit { hit } else { plain }));
        }
        run_hit = is_hit;
        run.push_str(grapheme);
        place += count;
    }
    spans.push(Span::styled(run, if run_hit { hit } else { plain }));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_and_wide_letters_stay_whole() {
        assert_eq!(cut("abcdef", 4, "…"), "abc…");
        assert_eq!(cut("日本語", 5, "…"), "日本…");
        assert_eq!(cut("日本語", 4, "…"), "日…");
        assert_eq!(pad("日", 4, "…"), "日  ");
        assert_eq!(cut("👩‍💻👩‍💻", 3, "…"), "👩‍💻…");
    }

    #[test]
    fn long_words_are_broken() {
        assert_eq!(wrap("aaa bbb", 4), ["aaa", "bbb"]);
        assert_eq!(wrap("abcdefgh", 4), ["abcd", "efgh"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn matches_ignore_case_beyond_ascii() {
        let fuzzy = Fuzzy::new("ÄRGER");
        let (_, places) = fuzzy.find("viel ärger").expect("a match");
        assert_eq!(places, [5, 6, 7, 8, 9]);
        assert!(Fuzzy::new("xyz").find("abc").is_none());
        let (_, places) = Fuzzy::new("b").find("İb").expect("a match");
        assert_eq!(places, [1]);
    }
}
