//! Exported pictures, held against the programs that read them. Where a machine lacks one, its test says
//! that it is skipped.
#![allow(clippy::disallowed_methods)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names that try to be markup, a string's end, a command, or an escape sequence.
const HOSTILE: &str = r#"kind: Persona
id: P1
name: 'a"]; <script>&amp; \" `x` #35; --> end %%{'
team: "\e[31mRed\u202e"
color: '#123456'
component_access: ['Store "A"; <b>', subgraph, {end: write}, "日本語 👩‍💻", "two\nlines"]
processes: [Build]
---
kind: Process
name: Build
steps: [{name: s, uses: [']]>--', class, '\N', '{a|b}'], skills: ['click', '**x**', '$$y$$']}]
"#;

/// What is exported of a catalog; maps need something to draw.
fn pictures(name: &str) -> &'static [&'static str] {
    if name == "nothing" { &["graph"] } else { &["graph", "process-map", "architecture-map"] }
}

fn exported(folder: &Path, what: &str, format: &str) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_persona"))
        .args(["export", what, "--format", format, "--at", "2026-11-23", "--in"])
        .arg(folder)
        .output()
        .expect("the program");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("text")
}

/// The example, a catalog of hostile names, and an empty one.
fn catalogs() -> Vec<(&'static str, PathBuf, Option<tempfile::TempDir>)> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("personas");
    let mut out = vec![("the example", example, None)];
    for (name, text) in [("hostile names", HOSTILE), ("nothing", "kind: Catalog\n")] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.yaml"), text).expect("written");
        out.push((name, folder.path().to_path_buf(), Some(folder)));
    }
    out
}

fn skip(what: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
}

#[test]
fn graphviz_reads_the_dot() {
    let known = Command::new("dot").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !known.is_ok_and(|status| status.success()) {
        skip("Graphviz is not on this machine: what it says of our DOT is not known");
        return;
    }
    let catalogs = catalogs();
    let all = catalogs
        .iter()
        .flat_map(|(name, folder, _)| pictures(name).iter().map(move |what| (name, folder, what)));
    for (name, folder, what) in all {
        let text = exported(folder, what, "dot");
        let mut dot = Command::new("dot")
            .arg("-Tplain")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Graphviz");
        dot.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
        let out = dot.wait_with_output().expect("its answer");
        let (plain, said) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success() && said.is_empty(), "{name}: {said}");
        let count = |word: &str| plain.lines().filter(|line| line.starts_with(word)).count();
        let stated = |word: &str| text.lines().filter(|line| line.contains(word)).count();
        assert_eq!(count("node "), stated(" [label=") - stated(" -> "), "{name}");
        assert_eq!(count("edge "), stated(" -> "), "{name}");
    }
}

/// A folder in which node finds mermaid and jsdom: `MERMAID_MODULES`, or where npm keeps global ones.
fn mermaid() -> Option<PathBuf> {
    let global = || {
        let out = Command::new("npm").args(["root", "-g"]).output().ok()?;
        Some(PathBuf::from(String::from_utf8_lossy(&out.stdout).trim()))
    };
    let folder = std::env::var_os("MERMAID_MODULES").map(PathBuf::from).or_else(global)?;
    (folder.join("mermaid").is_dir() && folder.join("jsdom").is_dir()).then_some(folder)
}

const PARSE: &str = "
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
const [modules, file] = process.argv.slice(2);
const find = createRequire(modules + '/x.js');
const { JSDOM } = await import(pathToFileURL(find.resolve('jsdom')));
const dom = new JSDOM('');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const { default: mermaid } = await import(pathToFileURL(modules + '/mermaid/dist/mermaid.core.mjs'));
await mermaid.parse(readFileSync(file, 'utf8'));
const diagram = await mermaid.mermaidAPI.getDiagramFromText(readFileSync(file, 'utf8'));
const edges = diagram.db.getEdges().length;
console.log(diagram.type, diagram.db.getVertices().size, edges);
";

#[test]
fn mermaid_reads_the_mermaid() {
    let Some(modules) = mermaid() else {
        skip("mermaid and jsdom are not on this machine: what they say of our Mermaid is not known");
        return;
    };
    let scratch = tempfile::tempdir().expect("a folder");
    let script = scratch.path().join("parse.mjs");
    std::fs::write(&script, PARSE).expect("written");
    let catalogs = catalogs();
    let all = catalogs
        .iter()
        .flat_map(|(name, folder, _)| pictures(name).iter().map(move |what| (name, folder, what)));
    for (name, folder, what) in all {
        let text = exported(folder, what, "mermaid");
        let file = scratch.path().join("x.mmd");
        std::fs::write(&file, &text).expect("written");
        let out = Command::new("node").arg(&script).arg(&modules).arg(&file).output().expect("node");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success(), "{name}: {said}{}\n{text}", String::from_utf8_lossy(&out.stderr));
        let is_box = |line: &&str| line.contains("[\"") || line.contains("(\"");
        let boxes = text.lines().filter(is_box).filter(|line| !line.trim().starts_with("subgraph ")).count();
        let lines = text.lines().filter(|line| line.contains("|\"")).count();
        assert_eq!(said.trim(), format!("flowchart-v2 {boxes} {lines}"), "{name}");
    }
}
