//! New files: names made from ids, never over an old one.

use std::io::Write;
use std::path::Path;

/// Why a file was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is one already.
    #[error("{0} is there already, and was left as it is")]
    Exists(String),
    /// The disk would not.
    #[error("{path} could not be written: {cause}")]
    Failed {
        /// The file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
}

/// Makes a new file and the folders above it.
///
/// # Errors
/// Where a file is there already, or the disk would not.
pub fn create_file(path: &Path, text: &str) -> Result<(), CreateError> {
    let shown = path.display().to_string();
    let failed = |cause: std::io::Error| {
        if cause.kind() == std::io::ErrorKind::AlreadyExists {
            CreateError::Exists(shown.clone())
        } else {
            CreateError::Failed { path: shown.clone(), cause }
        }
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// Writes a file that was made before or is new, in one move: whoever reads it sees the old or the new.
///
/// # Errors
/// Where the disk would not.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CreateError> {
    let failed = |cause: std::io::Error| CreateError::Failed { path: path.display().to_string(), cause };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".persona-").tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A temporary file is its owner's alone; what is exported is to be read like any other file.
        let mode = std::fs::metadata(path).map_or(0o644, |known| known.permissions().mode());
        file.as_file().set_permissions(std::fs::Permissions::from_mode(mode)).map_err(failed)?;
    }
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Where a catalog keeps the schema of its cards for editors: in a hidden folder, which is not read.
pub const SCHEMA_FILE: &str = ".persona/schema.json";

/// Writes a catalog's schema, over an old one where there is one. Says whether anything was written.
///
/// # Errors
/// Where the disk would not.
pub fn write_schema(root: &Path, text: &str) -> Result<bool, CreateError> {
    let path = root.join(SCHEMA_FILE);
    if std::fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        let failed = |cause| CreateError::Failed { path: path.display().to_string(), cause };
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    write_file(&path, text.as_bytes())?;
    Ok(true)
}

/// Whether a catalog keeps the schema of its cards.
#[must_use]
pub fn has_schema(root: &Path) -> bool {
    root.join(SCHEMA_FILE).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exported_again_takes_the_place_of_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.svg");
        write_file(&path, b"one").expect("written");
        write_file(&path, b"two").expect("written again");
        assert_eq!(std::fs::read(&path).expect("bytes"), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
        let error = write_file(&folder.path().join("no/x.svg"), b"").expect_err("there is no folder");
        assert!(error.to_string().contains("x.svg could not be written"), "{error}");
    }

    #[test]
    fn an_old_file_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/x.yaml");
        create_file(&path, "one").expect("a new file");
        assert!(matches!(create_file(&path, "two"), Err(CreateError::Exists(_))));
        assert_eq!(std::fs::read_to_string(&path).expect("text"), "one");
    }
}
