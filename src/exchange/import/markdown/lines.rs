//! Lines of Markdown or plain text: what each is, and its text without markup.
//!
//! Only what cards and tables need is told apart. What a line means is for the readers of both.

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// From 1.
    pub number: u32,
    /// Columns of white space in front.
    pub indent: usize,
    /// What it is.
    pub what: What,
    /// Its text without markup, bullet and blanks around it.
    pub text: String,
    /// A label and what follows it on the line, where it has the form of one.
    pub label: Option<(String, String)>,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Nothing, or a rule.
    Blank,
    /// A heading of a level from 1; a line that is bold as a whole counts as 7.
    Heading(u8),
    /// An item of a list.
    Bullet,
    /// A row of a table.
    Row(Vec<String>),
    /// The line under a table's head.
    Divider,
    /// Anything else.
    Text,
    /// Within a block of code.
    Code,
}

/// The level of a line that is bold as a whole.
pub const BOLD: u8 = 7;

/// Reads the lines of a text.
#[must_use]
pub fn lines(text: &str) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut fence: Option<&str> = None;
    for (place, raw) in text.lines().enumerate() {
        let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let body = raw.trim_start_matches(['>', ' ', '\t', '\u{a0}']);
        let indent = raw[..raw.len() - body.len()].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let body = body.trim_end();
        let mut line = Line { number, indent, what: What::Text, text: String::new(), label: None };
        let mark = ["```", "~~~"].into_iter().find(|mark| body.starts_with(mark));
        match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                line.what = What::Code;
            }
            (Some(_), _) => line.what = What::Code,
            (None, Some(mark)) => {
                fence = Some(mark);
                line.what = What::Code;
            }
            (None, None) => read_line(&mut line, body, &mut out),
        }
        if line.what == What::Code {
            line.text = body.to_owned();
        }
        out.push(line);
    }
    out
}

fn read_line(line: &mut Line, body: &str, before: &mut [Line]) {
    let is_rule = |sign: char| body.len() >= 3 && body.chars().all(|c| c == sign || c == ' ');
    if body.is_empty() {
        line.what = What::Blank;
        return;
    }
    if is_rule('=') || is_rule('-') {
        // Under a line of text it makes that line a heading.
        if let Some(above) =
            before.last_mut().filter(|above| above.what == What::Text && above.label.is_none())
        {
            above.what = What::Heading(if body.starts_with('=') { 1 } else { 2 });
        }
        line.what = What::Blank;
        return;
    }
    if is_rule('*') || is_rule('_') {
        line.what = What::Blank;
        return;
    }
    if body.contains('|')
        && (body.starts_with('|') || is_divider(body) || before.last().is_some_and(in_table))
    {
        line.what = if is_divider(body) { What::Divider } else { What::Row(cells(body)) };
        // The head of a table without outer bars.
        if line.what == What::Divider
            && let Some(head) = before.last_mut().filter(|head| head.what == What::Text)
        {
            head.what = What::Row(cells(&head.text));
        }
        return;
    }
    let hashes = body.chars().take_while(|c| *c == '#').count();
    if (1..=6).contains(&hashes) && body[hashes..].starts_with([' ', '\t']) {
        line.what = What::Heading(u8::try_from(hashes).unwrap_or(6));
        line.text = plain(body[hashes..].trim().trim_end_matches('#'));
        line.label = label(&line.text, true);
        return;
    }
    let (is_bullet, rest) = bullet(body);
    line.what = if is_bullet { What::Bullet } else { What::Text };
    line.text = plain(rest);
    let bold = bold_start(rest);
    line.label = match &bold {
        Some((strong, after))
            if strong.ends_with(':') || after.is_empty() || after.starts_with([':', '-', '–', '—']) =>
        {
            let word = strong.trim_end_matches(':').trim().to_owned();
            let after = after.trim_start_matches([':', '-', '–', '—']).trim();
            Some((word, plain(after)))
        }
        _ => label(&line.text, false),
    };
    if !is_bullet && bold.as_ref().is_some_and(|(strong, after)| after.is_empty() && !strong.ends_with(':')) {
        line.what = What::Heading(BOLD);
    }
}

fn in_table(line: &Line) -> bool {
    matches!(line.what, What::Row(_) | What::Divider)
}

fn is_divider(body: &str) -> bool {
    body.contains('-') && body.contains('|') && body.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '+'))
}

/// The cells of a row; `\|` is no end of one.
fn cells(body: &str) -> Vec<String> {
    let body = body.trim();
    let body = body.strip_prefix('|').unwrap_or(body);
    let body = if body.ends_with("\\|") { body } else { body.strip_suffix('|').unwrap_or(body) };
    let mut out = vec![String::new()];
    let mut escaped = false;
    for character in body.chars() {
        match character {
            '|' if !escaped => out.push(String::new()),
            other => {
                if let Some(cell) = out.last_mut() {
                    cell.push(other);
                }
            }
        }
        escaped = character == '\\' && !escaped;
    }
    out.iter().map(|cell| plain(&breaks(cell))).collect()
}

/// `<br>` is a line break.
fn breaks(cell: &str) -> String {
    let mut out = cell.to_owned();
    for mark in ["<br>", "<br/>", "<br />", "<BR>", "<BR/>"] {
        out = out.replace(mark, "\n");
    }
    out
}

/// Whether a text begins with a bullet, and the rest.
fn bullet(body: &str) -> (bool, &str) {
    let mut characters = body.chars();
    let Some(first) = characters.next() else { return (false, body) };
    let rest = characters.as_str();
    match first {
        '-' | '*' | '+' | '•' | '◦' | '▪' | '‣' | '·' | '–' if rest.starts_with([' ', '\t', '\u{a0}']) => {
            (true, rest.trim_start().trim_start_matches("[ ] ").trim_start_matches("[x] "))
        }
        '•' => (true, rest.trim_start()),
        '0'..='9' => {
            let digits = body.trim_start_matches(|c: char| c.is_ascii_digit());
            match digits.strip_prefix(['.', ')']) {
                Some(rest) if rest.starts_with(' ') && body.len() - digits.len() <= 3 => {
                    (true, rest.trim_start())
                }
                _ => (false, body),
            }
        }
        // Pictures in front of a line: 🔹, ✅, ➤ and their like, and what modifies them.
        sign if is_picture(sign) => (
            true,
            rest.trim_start_matches(|c: char| {
                is_picture(c) || c.is_whitespace() || c == '\u{fe0f}' || c == '\u{200d}'
            }),
        ),
        _ => (false, body),
    }
}

fn is_picture(sign: char) -> bool {
    matches!(u32::from(sign), 0x2190..=0x21ff | 0x25a0..=0x27bf | 0x2900..=0x297f | 0x2b00..=0x2bff | 0x1f000..=0x1faff)
}

/// `**bold** rest`, without the marks.
fn bold_start(text: &str) -> Option<(String, String)> {
    for mark in ["**", "__"] {
        if let Some(rest) = text.strip_prefix(mark)
            && let Some((strong, after)) = rest.split_once(mark)
        {
            return Some((plain(strong), after.trim().to_owned()));
        }
    }
    None
}

/// `Label: value`; a heading may be nothing but a label.
fn label(text: &str, heading: bool) -> Option<(String, String)> {
    match text.split_once(':') {
        Some((label, value)) if label.chars().count() <= 60 && !value.starts_with("//") => {
            Some((label.trim().to_owned(), value.trim().to_owned()))
        }
        None if heading => Some((text.to_owned(), String::new())),
        _ => None,
    }
}

/// A text without marks of emphasis, links and escapes.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let characters: Vec<char> = text.trim().chars().collect();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let next = characters.get(at + 1).copied();
        match character {
            '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => {
                out.extend(next);
                at += 1;
            }
            '*' | '`' => {}
            '_' if next == Some('_') => at += 1,
            '_' if is_emphasis(&characters, at) => {}
            '!' if next == Some('[') => {}
            '[' => match link(&characters, at) {
                Some((words, end)) => {
                    out.push_str(&plain(&words));
                    at = end;
                }
                None => out.push(character),
            },
            '&' => {
                let rest: String = characters[at..].iter().take(7).collect();
                let entity = [
                    ("&amp;", '&'),
                    ("&lt;", '<'),
                    ("&gt;", '>'),
                    ("&nbsp;", ' '),
                    ("&quot;", '"'),
                    ("&#39;", '\''),
                    ("&#124;", '|'),
                ];
                match entity.iter().find(|(name, _)| rest.starts_with(name)) {
                    Some((name, sign)) => {
                        out.push(*sign);
                        at += name.len() - 1;
                    }
                    None => out.push('&'),
                }
            }
            other => out.push(other),
        }
        at += 1;
    }
    out.trim().to_owned()
}

/// Whether an underscore at an end of a word marks emphasis rather than being part of it.
fn is_emphasis(characters: &[char], at: usize) -> bool {
    let word = |place: Option<usize>| {
        place.and_then(|place| characters.get(place)).is_some_and(|c| c.is_alphanumeric() || *c == '_')
    };
    word(at.checked_sub(1)) != word(Some(at + 1))
}

/// `[words](address)` or `[words][reference]`: the words, and where it ends.
fn link(characters: &[char], at: usize) -> Option<(String, usize)> {
    let close = (at + 1..characters.len().min(at + 500)).find(|place| characters[*place] == ']')?;
    let (open, shut) = match characters.get(close + 1)? {
        '(' => ('(', ')'),
        '[' => ('[', ']'),
        _ => return None,
    };
    let mut depth = 0_usize;
    for place in close + 1..characters.len().min(close + 2_000) {
        let here = characters[place];
        if here == open {
            depth += 1;
        } else if here == shut {
            depth -= 1;
            if depth == 0 {
                return Some((characters[at + 1..close].iter().collect(), place));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_taken_off() {
        assert_eq!(
            plain("**Bold**, `code`, [a link](x(1).md) and snake_case_word"),
            "Bold, code, a link and snake_case_word"
        );
        assert_eq!(plain("_all_ of a\\_b &amp; c"), "all of a_b & c");
        assert_eq!(plain("[Name]"), "[Name]");
    }

    #[test]
    fn labels_in_all_dresses() {
        for text in [
            "- **Team**: AI",
            "* **Team:** AI",
            "🔹 Team: AI",
            "Team: AI",
            "• __Team__ - AI",
            "> - Team: AI",
            "1. **Team** — AI",
        ] {
            let line = lines(text).remove(0);
            assert_eq!(line.label, Some(("Team".into(), "AI".into())), "{text}");
        }
        assert_eq!(lines("### Skills")[0].label, Some(("Skills".into(), String::new())));
    }

    #[test]
    fn tables_with_and_without_bars_at_the_ends() {
        let with = lines("| a | b\\|c |\n|---|---|\n| 1 | [x](y) |");
        assert_eq!(with[0].what, What::Row(vec!["a".into(), "b|c".into()]));
        assert_eq!(with[2].what, What::Row(vec!["1".into(), "x".into()]));
        let without = lines("a | b\n--- | ---\n1 | 2");
        assert_eq!(without[0].what, What::Row(vec!["a".into(), "b".into()]));
        assert_eq!(without[2].what, What::Row(vec!["1".into(), "2".into()]));
    }
}
