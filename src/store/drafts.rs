//! What is unsaved, kept in the state folder: written whole or not at all, so that a crash loses nothing.
//!
//! What a journal holds is for the session to know; here it is text. Beside it lies a lock that tells a
//! second workbench on the same catalog of the first; it blocks nobody.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::state::state_file;

/// A journal larger than this is not read.
const MOST_BYTES: u64 = 256 << 20;

/// The journal of a catalog, if there is one.
#[must_use]
pub fn read_drafts(root: &Path) -> Option<String> {
    let path = state_file(root, "drafts")?;
    if fs::metadata(&path).ok()?.len() > MOST_BYTES {
        return None;
    }
    fs::read_to_string(path).ok()
}

/// Keeps the journal of a catalog; an empty one goes. Whole or not at all.
///
/// # Errors
/// Where the state folder cannot be written.
pub fn write_drafts(root: &Path, journal: Option<&str>) -> std::io::Result<()> {
    let Some(path) = state_file(root, "drafts") else {
        return Err(std::io::Error::other("the catalog's folder is gone"));
    };
    let Some(text) = journal else {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_data()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Puts a journal aside that is not wanted, so that it is not lost either. Returns where it is.
pub fn put_drafts_aside(root: &Path) -> Option<PathBuf> {
    let path = state_file(root, "drafts")?;
    let aside = path.with_extension("json.old");
    fs::rename(&path, &aside).ok()?;
    Some(aside)
}

/// Writes unsaved texts into a folder of their own, where the catalog's cannot be written.
///
/// # Errors
/// Where that folder cannot be written either, or a path leads out of it.
pub fn write_elsewhere(
    folder: &Path,
    files: &[(std::sync::Arc<str>, std::sync::Arc<str>)],
) -> std::io::Result<()> {
    for (path, text) in files {
        let inside =
            Path::new(&**path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside {
            return Err(std::io::Error::other(format!("{path} leads out of the folder")));
        }
        let target = folder.join(&**path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).open(target)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
    }
    Ok(())
}

/// Why a disk would not, in words for people.
#[must_use]
pub fn plainly(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the folder is on a disk that cannot be written".to_owned(),
        ErrorKind::PermissionDenied => "you may not write there".to_owned(),
        ErrorKind::NotFound => "the folder is not there any more".to_owned(),
        _ => error.to_string(),
    }
}

/// That a workbench is open on a catalog; it ends with this value.
#[derive(Debug)]
pub struct Presence {
    _file: File,
}

/// Says that a workbench is open on a catalog. With it comes who else has one open, if somebody has.
#[must_use]
pub fn be_present(root: &Path) -> (Option<Presence>, Option<String>) {
    let Some(path) = state_file(root, "open") else { return (None, None) };
    if let Some(folder) = path.parent()
        && fs::create_dir_all(folder).is_err()
    {
        return (None, None);
    }
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let Ok(mut file) = opened else { return (None, None) };
    match file.try_lock() {
        Ok(()) => {
            let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
            let _ = file.set_len(0);
            let _ = write!(file, "process {} {}", std::process::id(), host.trim());
            let _ = file.flush();
            (Some(Presence { _file: file }), None)
        }
        Err(TryLockError::WouldBlock) => {
            let mut who = String::new();
            let _ = file.rewind();
            let _ = std::io::Read::by_ref(&mut file).take(200).read_to_string(&mut who);
            let who = if who.trim().is_empty() { "somebody".to_owned() } else { who.trim().to_owned() };
            (None, Some(who))
        }
        Err(TryLockError::Error(_)) => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_elsewhere_and_never_outside_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [("a/b.yaml".into(), "kind: Team\nname: T\n".into())];
        write_elsewhere(folder.path(), &files).expect("written");
        let text = fs::read_to_string(folder.path().join("a/b.yaml")).expect("a file");
        assert_eq!(text, "kind: Team\nname: T\n");
        assert!(write_elsewhere(folder.path(), &files).is_err(), "nothing is overwritten");
        assert!(write_elsewhere(folder.path(), &[("../x.yaml".into(), "x".into())]).is_err());
    }
}
