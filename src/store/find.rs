//! Where is the catalog? In PATH, else upward from the current folder, else in `./personas`.
//!
//! Which of its files are read is for [`super::load`].

use std::path::{Path, PathBuf};

/// The file that makes a folder the root of a catalog.
pub const ROOT_FILE: &str = "catalog.yaml";

/// The root of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The folder.
    pub path: PathBuf,
    /// The folder as the user wrote it, or as it is best shown.
    pub shown: String,
}

/// Why a catalog could not be opened: what, why, and what to do now.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing is at the path.
    #[error(
        "there is no folder {0}\n  persona init {0}   begins a catalog there\n  persona demo      opens an example"
    )]
    Missing(String),
    /// The path is a file, and not a `catalog.yaml`.
    #[error("{0} is a file; a catalog is a folder\n  name the folder that the file is in")]
    NotAFolder(String),
    /// No path was given, and no catalog is around.
    #[error(
        "there is no catalog here: no folder upward from {0} holds a catalog.yaml, and there is no folder personas\n  persona PATH       opens another folder\n  persona init DIR   begins a catalog\n  persona demo       opens an example"
    )]
    NoneAround(String),
    /// The folder cannot be read.
    #[error("{path} cannot be read: {cause}")]
    Unreadable {
        /// The folder.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
}

/// Finds the root: in `path` where one is given, else from `current` upward, else in `personas`.
///
/// # Errors
/// Where there is no such folder, or it cannot be read.
pub fn find(path: Option<&Path>, current: &Path) -> Result<Root, StoreError> {
    if let Some(path) = path {
        return given(path, current);
    }
    let upward = current.ancestors().find(|folder| folder.join(ROOT_FILE).is_file());
    if let Some(folder) = upward {
        let shown = if folder == current { ".".to_owned() } else { folder.display().to_string() };
        return Ok(Root { path: folder.to_path_buf(), shown });
    }
    let personas = current.join("personas");
    if personas.is_dir() {
        return Ok(Root { path: personas, shown: "personas".to_owned() });
    }
    Err(StoreError::NoneAround(current.display().to_string()))
}

/// What leads to a root from the top of its repository, or else from the current folder: empty, or
/// with a slash at its end. Where neither holds it, it is empty.
#[must_use]
pub fn prefix(root: &Root, current: &Path) -> String {
    let Ok(real) = root.path.canonicalize() else { return String::new() };
    let above = real.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf);
    let Some(top) = above.or_else(|| current.canonicalize().ok()) else { return String::new() };
    let Ok(below) = real.strip_prefix(top) else { return String::new() };
    below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
}

fn given(path: &Path, current: &Path) -> Result<Root, StoreError> {
    let shown = path.display().to_string();
    let full = current.join(path);
    match std::fs::metadata(&full) {
        Ok(found) if found.is_dir() => Ok(Root { path: full, shown }),
        Ok(_) if full.file_name().is_some_and(|name| name == ROOT_FILE) => {
            let folder = full.parent().unwrap_or(&full).to_path_buf();
            let shown = match path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.display().to_string(),
                _ => ".".to_owned(),
            };
            Ok(Root { path: folder, shown })
        }
        Ok(_) => Err(StoreError::NotAFolder(shown)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(StoreError::Missing(shown)),
        Err(cause) => Err(StoreError::Unreadable { path: shown, cause }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_an_ancestor_or_personas() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        std::fs::create_dir_all(top.join("team/deep")).expect("folders");
        assert!(matches!(find(None, top), Err(StoreError::NoneAround(_))));
        std::fs::create_dir_all(top.join("personas")).expect("folders");
        assert_eq!(find(None, top).expect("personas").shown, "personas");
        std::fs::write(top.join("team/catalog.yaml"), "kind: Catalog\n").expect("a file");
        assert_eq!(find(None, &top.join("team/deep")).expect("upward").path, top.join("team"));
        let by_file = find(Some(Path::new("team/catalog.yaml")), top).expect("its folder");
        assert_eq!((by_file.path, by_file.shown.as_str()), (top.join("team"), "team"));
        assert!(matches!(find(Some(Path::new("nowhere")), top), Err(StoreError::Missing(_))));
    }

    #[test]
    fn a_root_is_named_from_the_top_of_its_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        std::fs::create_dir_all(top.join("a/b")).expect("folders");
        let of = |path: &str| Root { path: top.join(path), shown: path.to_owned() };
        assert_eq!(prefix(&of("a/b"), top), "a/b/");
        assert_eq!(prefix(&of("a"), &top.join("a/b")), "");
        // A worktree has a file of this name.
        std::fs::write(top.join("a/.git"), "").expect("a file");
        assert_eq!(prefix(&of("a/b"), top), "b/");
        assert_eq!(prefix(&of("a"), top), "");
    }
}
