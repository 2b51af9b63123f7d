//! What is remembered between two sessions, and what the user has set: small files in the folders
//! that the platform has for them.
//!
//! `PERSONA_STATE_DIR` and `PERSONA_CONFIG` lead elsewhere. Nothing here is worth failing for.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use crate::card::node::{Node, documents};
use crate::card::words::slug;

/// Where one was in a catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The screen's title.
    pub screen: String,
    /// The kind of the list of cards.
    pub kind: String,
    /// Kind and id of what was selected.
    pub entity: Option<(String, String)>,
    /// The filter.
    pub filter: String,
    /// The row.
    pub row: usize,
    /// The audit logs that were open: files and folders.
    pub logs: Vec<String>,
    /// What their words mean that the catalog does not know: a file.
    pub map: Option<String>,
}

/// What the user has set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The look.
    pub theme: Option<String>,
    /// Whether the mouse is used.
    pub mouse: Option<bool>,
    /// Whether signs are of ASCII only.
    pub ascii: Option<bool>,
    /// Whether a step is saved when it is made.
    pub autosave: Option<bool>,
    /// Whether the difference is shown before anything is saved.
    pub diff_first: Option<bool>,
    /// Action -> keys.
    pub keys: Vec<(String, Vec<String>)>,
}

/// Where one was in the catalog of a root, if that is known.
#[must_use]
pub fn session(root: &Path) -> Option<Session> {
    let text = std::fs::read_to_string(state_file(root, "session")?).ok()?;
    serde_json::from_str(&text).ok()
}

/// Remembers where one is.
///
/// # Errors
/// Where the disk would not.
pub fn save_session(root: &Path, session: &Session) -> std::io::Result<()> {
    let Some(path) = state_file(root, "session") else { return Ok(()) };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, serde_json::to_string(session).map_err(std::io::Error::other)?)
}

/// Writes the report of a panic; returns where.
pub fn save_report(text: &str) -> Option<PathBuf> {
    let folder = state_folder()?;
    std::fs::create_dir_all(&folder).ok()?;
    let path = folder.join(format!("report-{}.txt", std::process::id()));
    std::fs::write(&path, text).ok()?;
    Some(path)
}

/// What the user has set, and what of it makes no sense, a sentence each.
#[must_use]
pub fn config() -> (Config, Vec<String>) {
    let path = std::env::var_os("PERSONA_CONFIG").map(PathBuf::from).or_else(|| {
        ProjectDirs::from("", "", "persona").map(|folders| folders.config_dir().join("config.yaml"))
    });
    let text = path.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
    let name = path.map_or(String::new(), |path| path.display().to_string());
    text.map_or_else(Default::default, |text| read_config(&name, &text))
}

fn read_config(name: &str, text: &str) -> (Config, Vec<String>) {
    let mut config = Config::default();
    let mut problems = Vec::new();
    let (nodes, error) = documents(text);
    if let Some(error) = error {
        problems.push(format!("{name}:{}: this is not YAML: {}", error.line, error.message));
    }
    let Some(Node::Map(entries)) = nodes.into_iter().next() else { return (config, problems) };
    for (key, value) in entries {
        match (&*key, value) {
            ("theme", Node::Text(theme)) => config.theme = Some(theme.to_string()),
            ("mouse", Node::Bool(mouse)) => config.mouse = Some(mouse),
            ("ascii", Node::Bool(ascii)) => config.ascii = Some(ascii),
            ("autosave", Node::Bool(autosave)) => config.autosave = Some(autosave),
            ("diff_first", Node::Bool(diff_first)) => config.diff_first = Some(diff_first),
            ("keys", Node::Map(keys)) => {
                for (action, keys) in keys {
                    let text = |node: &Node| match node {
                        Node::Text(text) => Some(text.to_string()),
                        Node::Int(number) => Some(number.to_string()),
                        _ => None,
                    };
                    let keys = match keys {
                        Node::Null => Some(Vec::new()),
                        Node::List(keys) => keys.iter().map(text).collect(),
                        one => text(&one).map(|key| vec![key]),
                    };
                    match keys {
                        Some(keys) => config.keys.push((action.to_string(), keys)),
                        None => problems.push(format!("{name}: the keys of {action} should be text")),
                    }
                }
            }
            (key, _) => problems.push(format!(
                "{name}: `{key}` is not theme, mouse, ascii, autosave, diff_first or keys, or has no such value"
            )),
        }
    }
    (config, problems)
}

fn state_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("PERSONA_STATE_DIR") {
        return Some(PathBuf::from(folder));
    }
    let folders = ProjectDirs::from("", "", "persona")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_path_buf())
}

/// A file of the state folder that belongs to a root.
pub(super) fn state_file(root: &Path, what: &str) -> Option<PathBuf> {
    let real = real_path(root)?;
    let name = slug(&real.to_string_lossy());
    // Long paths share their beginning; what tells them apart is at the end.
    let end: String = name.chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
    Some(state_folder()?.join(format!("{what}-{end}.json")))
}

/// Where a path leads, also while what it leads to is away: what is kept for it still has its place.
fn real_path(path: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(path).ok()?;
    let there = whole.ancestors().find_map(|part| Some((part, part.canonicalize().ok()?)));
    let (part, real) = there?;
    let rest = whole.strip_prefix(part).ok()?;
    Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_nonsense_is_said() {
        let text = "theme: light\nmouse: false\nautosave: true\ndiff_first: true\nkeys:\n  down: [j, ctrl-j]\n  up:\n  cards: 1\nfont: big\n";
        let (config, problems) = read_config("c.yaml", text);
        assert_eq!(config.theme.as_deref(), Some("light"));
        assert_eq!(config.mouse, Some(false));
        assert_eq!((config.autosave, config.diff_first), (Some(true), Some(true)));
        assert_eq!(
            config.keys,
            [
                ("down".to_owned(), vec!["j".to_owned(), "ctrl-j".to_owned()]),
                ("up".to_owned(), vec![]),
                ("cards".to_owned(), vec!["1".to_owned()])
            ]
        );
        assert_eq!(problems.len(), 1);
    }
}
