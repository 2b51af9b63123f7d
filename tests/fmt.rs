//! `persona fmt`: one layout, nothing lost, and twice is once.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use persona_workbench::card::fields::{Form, Mapping, Takes, mapping_of};
use persona_workbench::card::format::format;
use persona_workbench::card::kinds::Kind;
use proptest::prelude::*;
use serde_yaml::Value;

fn run(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("persona").expect("the program");
    let output =
        command.arg("fmt").args(arguments).current_dir(folder).write_stdin(input).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn cards_of(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            cards_of(&path, found);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn what_we_ship_is_laid_out() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["personas", "assets/starter", "assets/templates"] {
        cards_of(&top.join(folder), &mut files);
    }
    assert!(files.len() > 25);
    for path in files {
        let text = fs::read_to_string(&path).expect("text");
        let done = format(&text).expect("YAML");
        assert!(done.text == text && done.left.is_empty(), "persona fmt {}", path.display());
    }
}

#[test]
fn files_are_checked_shown_and_written_all_or_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let top = folder.path();
    fs::create_dir_all(top.join("cards")).expect("a folder");
    let (odd, even) = ("\u{feff}name: B\r\nkind: Team\r\n", "kind: Team\nname: A\n");
    fs::write(top.join("catalog.yaml"), "kind: Catalog\n").expect("a file");
    fs::write(top.join("cards/even.yaml"), even).expect("a file");
    fs::write(top.join("cards/odd.yaml"), odd).expect("a file");
    let (code, out, error) = run(top, &["--check"], "");
    assert_eq!((code, out.as_str()), (1, "cards/odd.yaml\n"), "{error}");
    let (code, out, _) = run(top, &["--diff"], "");
    assert!(code == 0 && out.contains("+kind: Team") && out.contains("-kind: Team"), "{out}");
    assert_eq!(fs::read_to_string(top.join("cards/odd.yaml")).expect("text"), odd, "nothing was written");
    // From below the catalog, a folder and a file are named from there.
    let (code, out, _) = run(&top.join("cards"), &["odd.yaml", "."], "");
    assert_eq!((code, out.as_str()), (0, "cards/odd.yaml\n"));
    let written = fs::read_to_string(top.join("cards/odd.yaml")).expect("text");
    assert_eq!(written, "\u{feff}kind: Team\r\nname: B\r\n");
    assert_eq!(run(top, &["--check"], "").0, 0);
    // A broken file is said, and the others are laid out all the same.
    fs::write(top.join("cards/bad.yaml"), "a: [").expect("a file");
    fs::write(top.join("cards/odd.yaml"), "name: B\nkind: Team\n").expect("a file");
    let (code, out, error) = run(top, &["--check"], "");
    assert_eq!((code, out.as_str()), (2, "cards/odd.yaml\n"));
    assert!(error.contains("cards/bad.yaml:") && error.contains("not YAML"), "{error}");
    fs::write(top.join("cards/bad.yaml"), b"name: \xff").expect("a file");
    assert!(run(top, &["--check"], "").2.contains("not UTF-8"));
    // What is left alone is said, and is no error.
    fs::write(top.join("cards/bad.yaml"), "name: &a B\nkind: Team\nx-b: *a\n").expect("a file");
    let (code, _, error) = run(top, &["cards/bad.yaml", "--check"], "");
    assert!(code == 0 && error.contains("cards/bad.yaml:1: left as it is: it has anchors"), "{error}");
    assert_eq!(run(top, &["nowhere.yaml"], "").0, 2);
    assert_eq!(run(top, &["--chekc"], "").0, 64);
}

#[cfg(unix)]
#[test]
fn where_one_file_cannot_be_written_none_is() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let top = folder.path();
    for name in ["a.yaml", "b.yaml", "catalog.yaml"] {
        fs::write(top.join(name), format!("name: {name}\nkind: Team\n")).expect("a file");
    }
    fs::set_permissions(top.join("b.yaml"), fs::Permissions::from_mode(0o444)).expect("a mode");
    let (code, _, error) = run(top, &[], "");
    assert!(code == 2 && error.contains("b.yaml"), "{error}");
    assert!(fs::read_to_string(top.join("a.yaml")).expect("text").starts_with("name"));
}

#[test]
fn standard_input_is_laid_out_for_editors() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (code, out, _) = run(here, &["-"], "name: A\nkind: Team\n");
    assert_eq!((code, out.as_str()), (0, "kind: Team\nname: A\n"));
    assert_eq!(run(here, &["-", "--check"], "name: A\nkind: Team\n").0, 1);
    let (code, out, error) = run(here, &["-"], "a: [");
    assert!(code == 2 && out.is_empty() && error.contains("not YAML"), "{error}");
}

/// Writes a card in whatever style its numbers choose, with comments that say where they belong.
struct Odd<'c> {
    choices: std::slice::Iter<'c, u16>,
    comments: usize,
    out: String,
}

impl Odd<'_> {
    fn of(&mut self, count: usize) -> usize {
        usize::from(self.choices.next().copied().unwrap_or(0)) % count
    }

    fn word(&mut self, text: &str) -> String {
        match self.of(4) {
            1 => format!("'{text}'"),
            2 => format!("\"{text}\""),
            _ => text.to_owned(),
        }
    }

    /// A comment above what comes next, which holds `key`.
    fn above(&mut self, column: usize, key: &str) {
        for _ in 0..self.of(3).saturating_sub(1) {
            let blank = ["\n", "  \n", "\n\n\n"][self.of(3)];
            self.out.push_str(blank);
        }
        if self.of(5) == 1 {
            self.comments += 1;
            self.out.push_str(&format!("{}# above {key} {}\n", " ".repeat(column), self.comments));
        }
    }

    fn beside(&mut self, key: &str) {
        if self.of(5) == 1 {
            self.comments += 1;
            let gap = [" ", "    ", "\t"][self.of(3)];
            self.out.push_str(&format!("{gap}# beside {key} {}", self.comments));
        }
        self.out.push('\n');
    }

    /// The fields of a mapping, in an order of its own; `first` is where the first of them begins already.
    fn fields(
        &mut self,
        mapping: &'static Mapping,
        column: usize,
        mut first: bool,
        kind: Option<&str>,
        depth: usize,
    ) {
        let mut fields: Vec<_> = mapping
            .fields
            .iter()
            .filter(|field| field.name != "kind")
            .filter(|field| field.required || self.choices.clone().next().is_some_and(|_| self.of(3) == 1))
            .collect();
        if fields.is_empty() {
            fields.extend(mapping.field("notes"));
        }
        let turn = self.of(fields.len());
        fields.rotate_left(turn);
        let at = self.of(fields.len() + 1);
        for place in 0..=fields.len() {
            if let (Some(kind), true) = (kind, place == at) {
                if !first {
                    self.above(column, "kind");
                }
                self.out.push_str(&format!("{}kind: {kind}", " ".repeat(if first { 0 } else { column })));
                first = false;
                self.beside("kind");
            }
            let Some(field) = fields.get(place) else { continue };
            if !first {
                self.above(column, field.name);
                self.out.push_str(&" ".repeat(column));
            }
            first = false;
            let key = self.word(field.name);
            self.out.push_str(&format!("{key}:"));
            self.value(field.takes, field.name, column, depth);
        }
    }

    fn value(&mut self, takes: Takes, key: &str, column: usize, depth: usize) {
        let inner = takes.forms().iter().find_map(|form| match form {
            Form::Map(mapping) | Form::Access(mapping) => Some(*mapping),
            _ => None,
        });
        let is_list = matches!(takes, Takes::List(_));
        match (inner, self.of(5)) {
            (Some(mapping), 0..=2) if depth < 3 => {
                self.beside(key);
                let step = 1 + self.of(4);
                if !is_list {
                    self.fields(mapping, column + step, false, None, depth + 1);
                    return;
                }
                let step = if self.of(3) == 1 { 0 } else { step };
                for _ in 0..=self.of(2) {
                    self.out.push_str(&" ".repeat(column + step));
                    let gap = 1 + self.of(3);
                    self.out.push_str(&format!("-{}", " ".repeat(gap)));
                    self.fields(mapping, column + step + 1 + gap, true, None, depth + 1);
                }
            }
            (_, 3) if is_list => {
                let words: Vec<String> = (0..self.of(4)).map(|_| self.word("a word")).collect();
                let comma = [", ", ",   "][self.of(2)];
                self.out.push_str(&format!(" [{}]", words.join(comma)));
                self.beside(key);
            }
            (Some(mapping), 4) if depth < 3 => {
                let name =
                    mapping.fields.iter().find(|field| field.required).map_or("notes", |field| field.name);
                let word = self.word("x y");
                self.out.push_str(&format!(" {{x-a: 1,  {name}:   {word}}}"));
                self.beside(key);
            }
            (_, 1) if matches!(takes, Takes::Text) => {
                let (mark, margin) = (["|", ">", "|-", ">+", "|2"][self.of(5)], column + 2 + self.of(3));
                // An indicator says how far the text is set in, so the rest is its own.
                self.out.push_str(&format!(" {mark}\n"));
                let margin = " ".repeat(margin);
                self.out.push_str(&format!("{margin}one # no comment\n\n{margin}  two\n{margin}three\n"));
            }
            _ => {
                let word = self.word("some words");
                self.out.push_str(&format!(" {word}"));
                self.beside(key);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn odd_styles_become_one_and_lose_nothing(choices in prop::collection::vec(any::<u16>(), 0..250), crlf in any::<bool>()) {
        let mut odd = Odd { choices: choices.iter(), comments: 0, out: String::new() };
        for place in 0..=odd.of(3) {
            if place > 0 {
                odd.out.push_str("---\n");
            }
            let kind = Kind::ALL[odd.of(Kind::ALL.len())];
            odd.fields(mapping_of(kind), 0, false, Some(kind.word()), 0);
        }
        let (count, plain) = (odd.comments, odd.out);
        let values = |text: &str| -> Result<Vec<Value>, serde_yaml::Error> {
            serde_yaml::Deserializer::from_str(text).map(serde::Deserialize::deserialize).collect()
        };
        let before = values(&plain);
        prop_assert!(before.is_ok(), "the test wrote no YAML: {:?}\n{plain}", before);
        let text = if crlf { plain.replace('\n', "\r\n") } else { plain };
        let done = format(&text).expect("YAML");
        prop_assert!(done.left.is_empty(), "{:?}\n{text}", done.left);
        prop_assert_eq!(values(&done.text).expect("YAML"), before.expect("YAML"), "{}\n->\n{}", text, done.text);
        prop_assert_eq!(format(&done.text).expect("YAML").text, done.text.clone(), "twice, of\n{}", text);
        prop_assert_eq!(done.text.contains("\r\n"), crlf && text.contains('\n'));
        // A comment stands where it stood: above its field, or beside it or what it begins with.
        let lines: Vec<&str> = done.text.lines().collect();
        let is_ours = |line: &&str| line.contains("# above ") || line.contains("# beside ");
        prop_assert_eq!(lines.iter().filter(|line| is_ours(line)).count(), count, "{}\n->\n{}", text, done.text);
        for (at, line) in lines.iter().enumerate() {
            if let Some((_, rest)) = line.split_once("# above ") {
                let key = rest.split(' ').next().unwrap_or_default();
                let below = lines[at + 1..].iter().find(|line| {
                    let line = line.trim();
                    !line.is_empty() && !line.starts_with('#')
                });
                // The first field of a document takes its place below what is above the card.
                let own = below.is_some_and(|below| below.contains(&format!("{key}:")));
                let is_header = below.is_some_and(|below| below.starts_with("kind:"));
                prop_assert!(own || is_header || line.starts_with(' '), "{line}\n{text}\n->\n{}", done.text);
            }
            if let Some((before, rest)) = line.split_once("# beside ") {
                let key = rest.split(' ').next().unwrap_or_default();
                prop_assert!(before.contains(&format!("{key}:")), "{line}\n{text}\n->\n{}", done.text);
            }
        }
    }
}
