//! Everything a key can do, in one table: it feeds the keys, the footer, the help, the palette and
//! the README's list of keys.
//!
//! What an action does is for [`super::update`]; here it only has a name, keys and a place.

use std::collections::HashMap;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::model::Screen;

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    AcceptGap,
    ApplyFix,
    Audit,
    Back,
    Bottom,
    BulkEdit,
    Cards,
    ClearContext,
    Close,
    CloseLogs,
    Cluster,
    Context,
    Copy,
    DeferGap,
    DeleteCard,
    Discard,
    Down,
    DropAllSupposed,
    DropSupposed,
    Duplicate,
    EditFile,
    EditValue,
    Empty,
    EndMeeting,
    Fewer,
    Filter,
    FocusGraph,
    Follow,
    Gaps,
    Graph,
    HalfDown,
    HalfUp,
    Help,
    History,
    HistoryBack,
    HistoryForward,
    Left,
    Lower,
    Maps,
    Mark,
    Matrix,
    Merge,
    More,
    NewCard,
    NextGap,
    NextPane,
    NextView,
    Open,
    OpenLogs,
    Overlay,
    PageDown,
    PageLeft,
    PageRight,
    PageUp,
    Palette,
    PreviousGap,
    PreviousItem,
    PreviousPane,
    Problems,
    Quit,
    Raise,
    Redo,
    RejectGap,
    Reload,
    Rename,
    Review,
    Right,
    Save,
    SaveAll,
    SaveElsewhere,
    ShowUnsaved,
    Sort,
    Split,
    Suppose,
    Suspend,
    Theme,
    Top,
    Totals,
    TrackGap,
    Transpose,
    Undo,
    Unmark,
    Up,
    WhatIf,
    Zoom,
    ZoomIn,
    ZoomOut,
}

/// An entry of the table.
#[derive(Debug)]
pub struct Entry {
    /// What it does.
    pub action: Action,
    /// Its name in the configuration.
    pub id: &'static str,
    /// What it does, in a few words.
    pub title: &'static str,
    /// A word for the footer; empty: not shown there.
    pub short: &'static str,
    /// Its keys, unless the configuration says otherwise.
    pub keys: &'static [&'static str],
    /// On which screens; empty: on all.
    pub screens: &'static [Screen],
}

/// Every action, in alphabetical order of its id.
pub static ACTIONS: &[Entry] = &[
    entry(
        Action::AcceptGap,
        "accept-gap",
        "accept the gap (waive it) until a day",
        "accept",
        &["w"],
        &[Screen::Review],
    ),
    entry(Action::ApplyFix, "apply-fix", "the ways out of a gap, and apply one", "fix", &["a"], &[]),
    entry(Action::Audit, "audit", "screen Audit", "", &["8"], &[]),
    entry(Action::Back, "back", "unwind one level: filter, pane, screen", "", &["esc"], &[]),
    entry(Action::Bottom, "bottom", "to the last", "", &["G", "end"], &[]),
    entry(Action::BulkEdit, "bulk-edit", "change the marked cards alike", "change", &["B"], &[]),
    entry(Action::Cards, "cards", "screen Cards", "", &["1"], &[]),
    entry(
        Action::ClearContext,
        "clear-context",
        "clear the context: any environment, phase and risk, today",
        "",
        &["alt-c"],
        &[],
    ),
    entry(Action::Close, "close", "close what is open, then the workbench", "quit", &["q"], &[]),
    entry(Action::CloseLogs, "close-logs", "close the audit logs", "", &[], &[]),
    entry(
        Action::Cluster,
        "cluster",
        "cluster: like by like, or in order",
        "cluster",
        &["C"],
        &[Screen::Matrix],
    ),
    entry(Action::Context, "context", "context: environment, phase, risk and day", "context", &["c"], &[]),
    entry(Action::Copy, "copy", "copy the name of what is selected", "", &["y"], &[]),
    entry(
        Action::DeferGap,
        "defer-gap",
        "defer the gap: look at it again on a day",
        "defer",
        &["d"],
        &[Screen::Review],
    ),
    entry(
        Action::DeleteCard,
        "delete-card",
        "delete the card, or the marked ones, and say what becomes of what names it",
        "",
        &["D", "delete"],
        &[],
    ),
    entry(Action::Discard, "discard", "give up what is not saved", "", &[], &[]),
    entry(Action::Down, "down", "down", "", &["j", "down"], &[]),
    entry(
        Action::DropAllSupposed,
        "drop-all-supposed",
        "take back all that is supposed",
        "",
        &["ctrl-x"],
        &[Screen::WhatIf],
    ),
    entry(
        Action::DropSupposed,
        "drop-supposed",
        "take back the selected supposition",
        "take back",
        &["X"],
        &[Screen::WhatIf],
    ),
    entry(Action::Duplicate, "duplicate", "duplicate the card", "", &[], &[]),
    entry(Action::EditFile, "edit-file", "open the file in $EDITOR at the line", "edit file", &["E"], &[]),
    entry(Action::EditValue, "edit-value", "edit what is selected in place", "edit", &["e"], &[]),
    entry(
        Action::Empty,
        "empty",
        "rows and columns with nothing in them, or not",
        "empty",
        &["0"],
        &[Screen::Matrix],
    ),
    entry(
        Action::EndMeeting,
        "end-meeting",
        "to the end of the meeting; there: where the minutes are written",
        "minutes",
        &["m"],
        &[Screen::Review],
    ),
    entry(
        Action::Fewer,
        "fewer",
        "fewer hops, narrower columns, a longer span of time; on a card back along its access",
        "",
        &["["],
        &[Screen::Audit, Screen::Cards, Screen::Graph, Screen::Matrix],
    ),
    entry(
        Action::Filter,
        "filter",
        "filter: words, or team: type: skill: component: finding:",
        "filter",
        &["/"],
        &[],
    ),
    entry(Action::FocusGraph, "focus-graph", "make it the focus of the graph", "graph", &["."], &[]),
    entry(
        Action::Follow,
        "follow",
        "follow a persona from step to step; again: the next, then nobody",
        "follow",
        &["f"],
        &[Screen::Maps],
    ),
    entry(Action::Gaps, "gaps", "screen Gaps", "", &["5"], &[]),
    entry(Action::Graph, "graph", "screen Graph", "", &["2"], &[]),
    entry(Action::HalfDown, "half-down", "half a page down", "", &["ctrl-d"], &[]),
    entry(Action::HalfUp, "half-up", "half a page up", "", &["ctrl-u"], &[]),
    entry(Action::Help, "help", "help for where you are", "help", &["?", "f1"], &[]),
    entry(Action::History, "history", "what was done: go back and forward in it", "", &["alt-u"], &[]),
    entry(Action::HistoryBack, "history-back", "back to where you were", "", &["ctrl-o", "alt-left"], &[]),
    entry(Action::HistoryForward, "history-forward", "forward again", "", &["alt-right"], &[]),
    entry(Action::Left, "left", "left: across an edge, or to the list", "", &["h", "left"], &[]),
    entry(
        Action::Lower,
        "lower",
        "one level less in this cell, or no longer listed",
        "",
        &["<"],
        &[Screen::Matrix],
    ),
    entry(Action::Maps, "maps", "screen Maps", "", &["4"], &[]),
    entry(
        Action::Mark,
        "mark",
        "mark: a card, a gap, an end of a path",
        "mark",
        &["space"],
        &[Screen::Cards, Screen::Gaps, Screen::Graph],
    ),
    entry(Action::Matrix, "matrix", "screen Matrix", "", &["3"], &[]),
    entry(Action::Merge, "merge", "merge personas into one", "", &[], &[]),
    entry(
        Action::More,
        "more",
        "more hops, wider columns, a shorter span of time; on a card on along its access",
        "",
        &["]"],
        &[Screen::Audit, Screen::Cards, Screen::Graph, Screen::Matrix],
    ),
    entry(Action::NewCard, "new-card", "add a card from a template", "", &["i"], &[]),
    entry(Action::NextGap, "next-gap", "next gap", "next gap", &["n"], &[]),
    entry(
        Action::NextPane,
        "next-pane",
        "next pane; on a map the next badge, or what is found",
        "pane",
        &["tab"],
        &[],
    ),
    entry(
        Action::NextView,
        "next-view",
        "next kind of card, matrix or map, projection, grouping or list",
        "view",
        &["v"],
        &[],
    ),
    entry(Action::Open, "open", "open what is selected", "open", &["enter"], &[]),
    entry(Action::OpenLogs, "open-logs", "open audit logs: a file or a folder", "", &[], &[]),
    entry(
        Action::Overlay,
        "overlay",
        "overlay: relations, access, skills, findings; in a matrix, the environment; on a map, what is wrong; in an audit, the verdict; on a card, access over time, risk or phases",
        "overlay",
        &["o"],
        &[Screen::Audit, Screen::Cards, Screen::Graph, Screen::Maps, Screen::Matrix],
    ),
    entry(Action::PageDown, "page-down", "a page down", "", &["pagedown"], &[]),
    entry(
        Action::PageLeft,
        "page-left",
        "a page to the left",
        "",
        &["H"],
        &[Screen::Audit, Screen::Graph, Screen::Maps, Screen::Matrix],
    ),
    entry(
        Action::PageRight,
        "page-right",
        "a page to the right",
        "",
        &["L"],
        &[Screen::Audit, Screen::Graph, Screen::Maps, Screen::Matrix],
    ),
    entry(Action::PageUp, "page-up", "a page up", "", &["pageup"], &[]),
    entry(
        Action::Palette,
        "palette",
        "command palette: every action, and go to anything",
        "commands",
        &[":", "ctrl-p"],
        &[],
    ),
    entry(Action::PreviousGap, "previous-gap", "previous gap", "", &["N"], &[]),
    entry(
        Action::PreviousItem,
        "previous-item",
        "back to the point of the agenda before",
        "back",
        &["b", "backspace"],
        &[Screen::Review],
    ),
    entry(Action::PreviousPane, "previous-pane", "previous pane", "", &["shift-tab"], &[]),
    entry(Action::Problems, "problems", "problems of the files", "", &["!"], &[]),
    entry(Action::Quit, "quit", "leave at once", "", &["ctrl-c"], &[]),
    entry(Action::Raise, "raise", "one level more in this cell, or listed", "", &[">"], &[Screen::Matrix]),
    entry(Action::Redo, "redo", "redo", "", &["U"], &[]),
    entry(Action::RejectGap, "reject-gap", "reject the gap: it is none", "reject", &["r"], &[Screen::Review]),
    entry(Action::Reload, "reload", "read the files again", "", &["ctrl-r"], &[]),
    entry(Action::Rename, "rename", "rename: an id or a name, followed in all files", "", &["R"], &[]),
    entry(Action::Review, "review", "screen Review", "", &["6"], &[]),
    entry(Action::Right, "right", "right: across an edge, or into the card", "", &["l", "right"], &[]),
    entry(Action::Save, "save", "save the card", "", &["ctrl-s"], &[]),
    entry(Action::SaveAll, "save-all", "save all cards", "", &[], &[]),
    entry(
        Action::SaveElsewhere,
        "save-elsewhere",
        "write the unsaved edits into another folder",
        "",
        &[],
        &[],
    ),
    entry(Action::ShowUnsaved, "show-unsaved", "what is not saved, as a difference", "", &[], &[]),
    entry(
        Action::Sort,
        "sort",
        "sort or group differently; on the canvas layers by kind or by rank",
        "sort",
        &["s"],
        &[Screen::Audit, Screen::Cards, Screen::Gaps, Screen::Graph, Screen::Matrix],
    ),
    entry(Action::Split, "split", "split a persona: some of its processes go to a new one", "", &[], &[]),
    entry(Action::Suppose, "suppose", "what if: suppose something of what is selected", "", &["W"], &[]),
    entry(Action::Suspend, "suspend", "suspend to the shell", "", &["ctrl-z"], &[]),
    entry(Action::Theme, "theme", "next theme", "", &["T"], &[]),
    entry(Action::Top, "top", "to the first", "", &["g g", "home"], &[]),
    entry(Action::Totals, "totals", "what rows and columns come to, or not", "", &["="], &[Screen::Matrix]),
    entry(Action::TrackGap, "track-gap", "track the gap as a work item", "track", &["t"], &[Screen::Review]),
    entry(
        Action::Transpose,
        "transpose",
        "transpose: rows become columns",
        "transpose",
        &["x"],
        &[Screen::Matrix],
    ),
    entry(Action::Undo, "undo", "undo", "undo", &["u"], &[]),
    entry(Action::Unmark, "unmark", "take all marks", "", &[], &[Screen::Cards, Screen::Gaps, Screen::Graph]),
    entry(Action::Up, "up", "up", "", &["k", "up"], &[]),
    entry(Action::WhatIf, "what-if", "screen What if", "", &["7"], &[]),
    entry(Action::Zoom, "zoom", "one pane, or all", "zoom", &["z"], &[]),
    entry(
        Action::ZoomIn,
        "zoom-in",
        "nearer: boxes rather than names",
        "",
        &["+"],
        &[Screen::Graph, Screen::Maps],
    ),
    entry(
        Action::ZoomOut,
        "zoom-out",
        "farther: names, then dots or badges",
        "",
        &["-"],
        &[Screen::Graph, Screen::Maps],
    ),
];

const fn entry(
    action: Action,
    id: &'static str,
    title: &'static str,
    short: &'static str,
    keys: &'static [&'static str],
    screens: &'static [Screen],
) -> Entry {
    Entry { action, id, title, short, keys, screens }
}

/// The table's entry of an action.
#[must_use]
pub fn entry_of(action: Action) -> &'static Entry {
    // A test holds that every action has one.
    ACTIONS.iter().find(|entry| entry.action == action).unwrap_or(&ACTIONS[0])
}

/// A key as people write it: `j`, `ctrl-d`, `shift-tab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// The key of an event. Shift belongs to the letter that it makes.
    #[must_use]
    pub fn of(event: KeyEvent) -> Self {
        let mut modifiers =
            event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let mut code = event.code;
        if let KeyCode::Char(letter) = code {
            modifiers.remove(KeyModifiers::SHIFT);
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(letter.to_ascii_lowercase());
            }
        }
        if code == KeyCode::BackTab {
            modifiers.insert(KeyModifiers::SHIFT);
            code = KeyCode::Tab;
        }
        Self { code, modifiers }
    }

    /// The key of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = word;
        loop {
            rest = if let Some(rest) = rest.strip_prefix("ctrl-") {
                modifiers.insert(KeyModifiers::CONTROL);
                rest
            } else if let Some(rest) = rest.strip_prefix("alt-") {
                modifiers.insert(KeyModifiers::ALT);
                rest
            } else if let Some(rest) = rest.strip_prefix("shift-") {
                modifiers.insert(KeyModifiers::SHIFT);
                rest
            } else {
                break;
            };
        }
        let mut letters = rest.chars();
        let code = match (letters.next(), letters.next()) {
            (Some(letter), None) => KeyCode::Char(letter),
            _ => match rest {
                "backspace" => KeyCode::Backspace,
                "delete" => KeyCode::Delete,
                "down" => KeyCode::Down,
                "end" => KeyCode::End,
                "enter" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "f1" => KeyCode::F(1),
                "home" => KeyCode::Home,
                "left" => KeyCode::Left,
                "pagedown" => KeyCode::PageDown,
                "pageup" => KeyCode::PageUp,
                "right" => KeyCode::Right,
                "space" => KeyCode::Char(' '),
                "tab" => KeyCode::Tab,
                "up" => KeyCode::Up,
                other => KeyCode::F(other.strip_prefix('f')?.parse().ok()?),
            },
        };
        Some(Self { code, modifiers })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, word) in
            [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "shift-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(word)?;
            }
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(letter) => write!(f, "{letter}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            other => write!(f, "{}", format!("{other:?}").to_lowercase()),
        }
    }
}

/// Which keys do what.
#[derive(Clone, Debug)]
pub struct KeyMap {
    keys: HashMap<Vec<Key>, Action>,
    shown: HashMap<Action, String>,
}

impl KeyMap {
    /// The keys of the table, changed by the configuration: action -> keys. Returns what of the
    /// configuration makes no sense, a sentence each.
    #[must_use]
    pub fn new(changes: &[(String, Vec<String>)]) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let mut map = Self { keys: HashMap::new(), shown: HashMap::new() };
        for (id, _) in changes {
            if !ACTIONS.iter().any(|entry| entry.id == id) {
                let near = crate::card::words::nearest(id, ACTIONS.iter().map(|entry| entry.id));
                let guess = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                problems.push(format!("keys: there is no action {id}{guess}"));
            }
        }
        for entry in ACTIONS {
            let changed = changes.iter().find(|(id, _)| id == entry.id).map(|(_, keys)| keys.as_slice());
            let words: Vec<&str> = match changed {
                Some(keys) => keys.iter().map(String::as_str).collect(),
                None => entry.keys.to_vec(),
            };
            for word in words {
                let keys: Option<Vec<Key>> = word.split_whitespace().map(Key::parse).collect();
                match keys.filter(|keys| !keys.is_empty()) {
                    Some(keys) => {
                        map.shown.entry(entry.action).or_insert_with(|| word.to_owned());
                        // A key that the configuration gives to one action is taken from another.
                        if changed.is_some() || !map.keys.contains_key(&keys) {
                            map.keys.insert(keys, entry.action);
                        }
                    }
                    None => problems.push(format!("keys: `{word}` of {} is no key", entry.id)),
                }
            }
        }
        (map, problems)
    }

    /// The action of keys pressed one after the other.
    #[must_use]
    pub fn action(&self, keys: &[Key]) -> Option<Action> {
        self.keys.get(keys).copied()
    }

    /// Whether a longer sequence begins with these keys.
    #[must_use]
    pub fn begins(&self, keys: &[Key]) -> bool {
        self.keys.keys().any(|known| known.len() > keys.len() && known.starts_with(keys))
    }

    /// The first key of an action, to be shown.
    #[must_use]
    pub fn shown(&self, action: Action) -> &str {
        self.shown.get(&action).map_or("", String::as_str)
    }
}

/// The table of keys, in Markdown, for the README.
#[must_use]
pub fn key_table_markdown() -> String {
    let mut out = "| key | what it does |\n| --- | --- |\n".to_owned();
    for entry in ACTIONS {
        let mut keys: Vec<String> = entry.keys.iter().map(|key| format!("`{key}`")).collect();
        if keys.is_empty() {
            keys.push("(palette)".to_owned());
        }
        out.push_str(&format!("| {} | {} |\n", keys.join(" "), entry.title));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_no_key_means_two_things() {
        assert!(ACTIONS.is_sorted_by_key(|entry| entry.id));
        let mut seen = HashMap::new();
        for entry in ACTIONS {
            for key in entry.keys {
                assert_eq!(seen.insert(*key, entry.id), None, "{key} has two meanings");
                assert!(key.split(' ').all(|key| Key::parse(key).is_some()), "{key} is no key");
            }
        }
    }

    #[test]
    fn keys_can_be_changed_also_to_nothing() {
        let changes = [("down".to_owned(), vec!["ctrl-j".to_owned()]), ("up".to_owned(), Vec::new())];
        let (map, problems) = KeyMap::new(&changes);
        assert!(problems.is_empty());
        let key = |word: &str| [Key::parse(word).expect("a key")];
        assert_eq!(map.action(&key("ctrl-j")), Some(Action::Down));
        assert_eq!(map.action(&key("j")), None);
        assert_eq!(map.action(&key("k")), None);
        let (_, problems) = KeyMap::new(&[("dwon".to_owned(), vec!["j".to_owned()])]);
        assert_eq!(problems, ["keys: there is no action dwon; did you mean down?"]);
    }

    #[test]
    fn capital_letters_and_shift_tab_are_keys_of_their_own() {
        let event = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(Some(Key::of(event)), Key::parse("G"));
        let event = KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);
        assert_eq!(Some(Key::of(event)), Key::parse("shift-tab"));
    }
}
