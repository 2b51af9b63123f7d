//! Noticing that files of a catalog changed, whoever changed them.
//!
//! Editors replace files rather than write into them, so it is the folder that is watched.

use std::path::Path;
use std::time::Duration;

use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

/// Changes this near to each other are one.
pub(super) const QUIET: Duration = Duration::from_millis(150);

/// Watches as long as it is kept.
pub struct Watch {
    _watcher: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Watch {
    pub(super) fn of(watcher: Debouncer<RecommendedWatcher, RecommendedCache>) -> Self {
        Self { _watcher: watcher }
    }
}

/// Calls `changed` when a card file below the root appears, changes or goes.
///
/// # Errors
/// Where the platform cannot watch the folder.
pub fn watch(root: &Path, changed: impl Fn() + Send + 'static) -> Result<Watch, notify::Error> {
    let mut watcher = new_debouncer(QUIET, None, move |events: DebounceEventResult| {
        let relevant = match events {
            // Reading a file is an event too; it must not make us read again.
            Ok(events) => events.iter().any(|event| {
                !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| matters(path))
            }),
            // Events were lost: look again.
            Err(_) => true,
        };
        if relevant {
            changed();
        }
    })?;
    watcher.watch(root, RecursiveMode::Recursive)?;
    Ok(Watch::of(watcher))
}

/// Card files, and names without an ending, which may be folders of them.
fn matters(path: &Path) -> bool {
    match path.extension() {
        Some(extension) => extension == "yaml" || extension == "yml",
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn a_replaced_file_is_noticed_and_a_read_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "one").expect("a file");
        let (sender, receiver) = channel();
        let _watch =
            watch(folder.path(), move || sender.send(()).expect("somebody listens")).expect("a watch");
        std::fs::write(folder.path().join("b.yaml.new"), "two").expect("a file");
        std::fs::rename(folder.path().join("b.yaml.new"), &path).expect("a rename");
        receiver.recv_timeout(Duration::from_secs(10)).expect("a notice");
    }
}
