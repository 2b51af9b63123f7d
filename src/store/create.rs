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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_file_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/x.yaml");
        create_file(&path, "one").expect("a new file");
        assert!(matches!(create_file(&path, "two"), Err(CreateError::Exists(_))));
        assert_eq!(std::fs::read_to_string(&path).expect("text"), "one");
    }
}
