//! The law of the layers, read from the source: who may import whom, that every module says what
//! it is for, and that what exists is registered.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each layer may import, without what follows from that.
const LAW: [(&str, &[&str]); 11] = [
    ("analysis", &["graph"]),
    ("audit", &["analysis"]),
    ("card", &[]),
    ("catalog", &["card"]),
    ("cli", &["analysis", "audit", "exchange", "layout", "session", "store", "tui"]),
    ("exchange", &["analysis", "layout"]),
    ("graph", &["catalog"]),
    ("layout", &["analysis", "graph"]),
    ("session", &["analysis"]),
    ("store", &["card"]),
    ("tui", &["analysis", "audit", "exchange", "layout", "session", "store"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("source");
            (path.strip_prefix(&root).expect("below src").to_path_buf(), text)
        })
        .collect()
}

fn layer(path: &Path) -> String {
    let first = path.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Layers named after `crate::` in code; comments do not count.
fn imports(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.match_indices("crate::")
        .filter_map(|(at, _)| {
            let name: String =
                code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            LAW.iter().any(|(layer, _)| *layer == name).then_some(name)
        })
        .collect()
}

fn allowed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    fn reach(from: &'static str, into: &mut BTreeSet<&'static str>) {
        let direct = LAW.iter().find(|(layer, _)| *layer == from).map_or(&[][..], |(_, may)| may);
        for next in direct {
            if into.insert(next) {
                reach(next, into);
            }
        }
    }
    LAW.iter()
        .map(|(layer, _)| {
            let mut may = BTreeSet::new();
            reach(layer, &mut may);
            (*layer, may)
        })
        .collect()
}

#[test]
fn layers_import_only_what_the_law_allows() {
    let allowed = allowed();
    for (path, text) in sources() {
        let layer = layer(&path);
        let Some(may) = allowed.get(layer.as_str()) else { continue };
        for import in imports(&text) {
            assert!(
                import == layer || may.contains(import.as_str()),
                "{}: {layer} may not import {import}",
                path.display()
            );
        }
    }
}

#[test]
fn the_law_has_no_cycle() {
    for (layer, may) in allowed() {
        assert!(!may.contains(layer), "{layer} reaches itself");
    }
}

#[test]
fn only_the_command_line_starts_the_workbench() {
    for (path, text) in sources() {
        let here = path.to_string_lossy().into_owned();
        if imports(&text).contains("tui") && layer(&path) == "cli" {
            assert_eq!(here.replace('\\', "/"), "cli/open.rs", "only opening the workbench needs it");
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{} does not begin with what it is for", path.display());
    }
}

#[test]
fn yaml_is_read_in_one_module() {
    for (path, text) in sources() {
        let code =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let reads = code.contains("serde_yaml::");
        assert!(!reads || path.ends_with("card/node.rs"), "{} reads YAML itself", path.display());
    }
}

fn stems(folder: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    std::fs::read_dir(root)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .filter(|stem| !matches!(stem.as_str(), "mod" | "tests"))
        .collect()
}

#[test]
fn every_rule_is_registered_and_has_a_page() {
    let registered: BTreeSet<String> =
        persona_workbench::analysis::RULES.iter().map(|rule| rule.id.replace('-', "_")).collect();
    assert_eq!(stems("analysis/rules"), registered);
    let pages: BTreeSet<String> =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/rules"))
            .expect("pages")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .path()
                    .file_stem()
                    .expect("a name")
                    .to_string_lossy()
                    .replace('-', "_")
            })
            .collect();
    assert_eq!(pages, registered);
}

#[test]
fn every_import_format_is_registered() {
    let helpers = ["draft", "marked", "merge", "words"];
    let mut files: BTreeSet<String> =
        stems("exchange/import").into_iter().filter(|stem| !helpers.contains(&stem.as_str())).collect();
    files.insert("markdown".to_owned());
    let formats: Vec<String> = persona_workbench::exchange::import::FORMATS
        .iter()
        .map(|format| format.name.replace('-', "_"))
        .collect();
    assert!(formats.is_sorted(), "{formats:?}");
    assert_eq!(files, formats.into_iter().collect());
}

#[test]
fn every_format_of_boundaries_is_registered() {
    let names = persona_workbench::exchange::policy::POLICIES.iter().map(|policy| policy.name);
    let names: Vec<String> = names.map(|name| name.replace('-', "_")).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(stems("exchange/policy"), names.into_iter().collect());
}

#[test]
fn every_command_is_registered() {
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/mod.rs"))
        .expect("the table");
    let helpers = ["assign", "changes", "open", "plain", "report", "source", "style"];
    for stem in stems("cli").iter().filter(|stem| !helpers.contains(&stem.as_str())) {
        let variant: String = stem.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        assert!(
            table.contains(&format!("{variant}({stem}::Arguments)")),
            "{stem} is not in the table of commands"
        );
    }
}

#[test]
fn every_format_is_registered() {
    for (folder, table, helpers) in [
        ("cli/formats", "src/cli/formats/mod.rs", &["cause", "fixes", "summary"][..]),
        ("cli/diff", "src/cli/diff.rs", &[]),
        ("cli/export", "src/cli/export.rs", &[]),
    ] {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(table)).expect("the table");
        let formats: Vec<String> =
            stems(folder).into_iter().filter(|stem| !helpers.contains(&stem.as_str())).collect();
        // The set is in alphabetical order, and so is the table.
        let mut rest = text.as_str();
        for stem in formats {
            let place =
                ["FORMAT", "EXPORTER"].into_iter().find_map(|name| rest.find(&format!("&{stem}::{name}")));
            let place =
                place.unwrap_or_else(|| panic!("{stem} is not in the table of {table}, or not in order"));
            rest = &rest[place..];
        }
    }
}

#[test]
fn every_format_of_a_log_and_every_engine_is_registered() {
    use persona_workbench::audit::{readers::READERS, sql::DIALECTS};
    let of = |folder: &str, helper: &str| -> Vec<String> {
        stems(folder).into_iter().filter(|stem| stem != helper).map(|stem| stem.replace('_', "-")).collect()
    };
    let readers: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
    assert_eq!(of("audit/readers", "services"), readers, "in the table, and in order");
    let engines: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name).collect();
    assert_eq!(of("audit/sql", "standard"), engines, "in the table, and in order");
}

#[test]
fn every_screen_is_registered() {
    let screens: BTreeSet<String> = stems("tui/screens").into_iter().chain(["graph".to_owned()]).collect();
    let known: BTreeSet<String> = persona_workbench::tui::model::Screen::ALL
        .iter()
        .map(|screen| screen.title().to_lowercase().replace(' ', ""))
        .collect();
    assert_eq!(screens, known);
}

#[test]
fn the_readme_lists_the_keys_of_the_table() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README");
    let table = persona_workbench::tui::actions::key_table_markdown();
    assert!(readme.contains(&table), "the README's list of keys is not that of the table:\n{table}");
}
