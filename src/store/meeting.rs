//! A running or last meeting, kept in the state folder for tomorrow and for who looks on, and its minutes.
//!
//! What a meeting holds is for the session to know; here it is text, written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use notify_debouncer_full::notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};

use super::drafts::plainly;
use super::state::state_file;
use super::watch::{QUIET, Watch};

/// The meeting of a catalog, if there was one.
#[must_use]
pub fn read_meeting(root: &Path) -> Option<String> {
    fs::read_to_string(state_file(root, "meeting")?).ok()
}

/// Keeps the meeting of a catalog, whole or not at all.
///
/// # Errors
/// Where the state folder cannot be written.
pub fn write_meeting(root: &Path, text: &str) -> std::io::Result<()> {
    let Some(path) = state_file(root, "meeting") else {
        return Err(std::io::Error::other("the catalog's folder is gone"));
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Calls `changed` when the meeting of a catalog is written, or what is unsaved in it; the latter it is told.
///
/// # Errors
/// Where the platform cannot watch the state folder.
pub fn watch_meeting(root: &Path, changed: impl Fn(bool) + Send + 'static) -> Result<Watch, notify::Error> {
    let files: Vec<PathBuf> =
        ["meeting", "drafts"].into_iter().filter_map(|what| state_file(root, what)).collect();
    let folder = files.first().and_then(|file| file.parent()).unwrap_or(Path::new(".")).to_owned();
    fs::create_dir_all(&folder).map_err(notify::Error::io)?;
    let names: Vec<_> = files.iter().map(|file| file.file_name().map(ToOwned::to_owned)).collect();
    let mut watcher = new_debouncer(QUIET, None, move |events: DebounceEventResult| {
        let Ok(events) = events else {
            // Events were lost: look again.
            changed(true);
            return;
        };
        let written = |place: usize| {
            events.iter().filter(|event| !matches!(event.kind, EventKind::Access(_))).any(|event| {
                event.paths.iter().any(|path| {
                    path.file_name().is_some()
                        && names.get(place).is_some_and(|name| path.file_name() == name.as_deref())
                })
            })
        };
        let unsaved_too = written(1);
        if unsaved_too || written(0) {
            changed(unsaved_too);
        }
    })?;
    watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    Ok(Watch::of(watcher))
}

/// Writes the minutes: Markdown at a path that counts from the catalog's root, and a page beside it. No
/// file that is there already is touched: where the path was not chosen, other numbers are tried. Returns
/// the path.
///
/// # Errors
/// A sentence where they cannot be written.
pub fn write_minutes(root: &Path, path: &str, texts: (&str, &str), chosen: bool) -> Result<String, String> {
    let numbered = |number: usize| match (number, path.strip_suffix(".md")) {
        (1, _) | (_, None) => path.to_owned(),
        (number, Some(stem)) => format!("{stem}-{number}.md"),
    };
    let most = if chosen { 1 } else { 99 };
    for number in 1..=most {
        let name = numbered(number);
        let markdown = root.join(&name);
        let page = markdown.with_extension("html");
        if markdown.exists() || page.exists() {
            if chosen {
                return Err(format!("{name} is there already; say another place for the minutes"));
            }
            continue;
        }
        let said = |error: &std::io::Error| format!("{}: {}", markdown.display(), plainly(error));
        if let Some(folder) = markdown.parent() {
            fs::create_dir_all(folder).map_err(|error| said(&error))?;
        }
        for (file, text) in [(&markdown, texts.0), (&page, texts.1)] {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            let written = options.open(file).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| said(&error))?;
        }
        return Ok(name);
    }
    Err(format!("there are minutes of that day {most} times over; say where these go"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_written_beside_others_and_never_over_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let write = |text, chosen| write_minutes(root, "minutes/today.md", (text, "page"), chosen);
        assert_eq!(write("one", false).as_deref(), Ok("minutes/today.md"));
        assert_eq!(write("two", false).as_deref(), Ok("minutes/today-2.md"));
        assert!(write("three", true).is_err_and(|why| why.contains("minutes/today.md is there already")));
        let text = |name: &str| fs::read_to_string(root.join("minutes").join(name)).expect("a file");
        assert_eq!((text("today.md"), text("today-2.md")), ("one".to_owned(), "two".to_owned()));
        assert_eq!(text("today.html"), "page");
    }
}
