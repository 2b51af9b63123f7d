//! Audit: half a million events judged and collected, beside a baseline: the same lines parsed with
//! `serde_json` into a struct that borrows, on all cores. Run by hand: `cargo bench --bench audit`.
#![allow(clippy::disallowed_methods)]

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::audit::collect::Collector;
use persona_workbench::audit::engine::{Block, Engine, Piece, Source};
use persona_workbench::audit::filter::Filter;
use persona_workbench::audit::mapping::Mapping;
use persona_workbench::audit::readers::{Framing, find};
use persona_workbench::audit::versions::Versions;
use persona_workbench::catalog::{Input, build};
use persona_workbench::store;
use rayon::prelude::*;
use serde::Deserialize;

const EVENTS: usize = 500_000;
const PIECE: usize = 8 << 20;

fn main() {
    divan::main();
}

fn example() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/personas"))
}

/// Events of the example catalog in pieces, made once a run.
fn pieces() -> &'static [Vec<u8>] {
    static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("events.jsonl");
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_persona"))
            .args(["generate", "--seed", "1", "--events", &EVENTS.to_string(), "--in"])
            .arg(example())
            .arg(&log)
            .status()
            .expect("the generator");
        assert!(done.success());
        let mut rest = std::fs::read(&log).expect("the events");
        let mut pieces = Vec::new();
        while rest.len() > PIECE {
            let end = memchr::memrchr(b'\n', &rest[..PIECE]).expect("a line") + 1;
            let after = rest.split_off(end);
            pieces.push(std::mem::replace(&mut rest, after));
        }
        pieces.push(rest);
        pieces
    })
}

fn bytes() -> usize {
    pieces().iter().map(Vec::len).sum()
}

#[derive(Default, Deserialize)]
#[serde(default)]
#[allow(dead_code, reason = "it is parsed, and that is all")]
struct Line<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    agent: Cow<'a, str>,
    #[serde(borrow)]
    component: Cow<'a, str>,
    #[serde(borrow)]
    tool: Cow<'a, str>,
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    level: Cow<'a, str>,
    #[serde(borrow)]
    environment: Cow<'a, str>,
    #[serde(borrow)]
    phase: Cow<'a, str>,
    #[serde(borrow)]
    risk: Cow<'a, str>,
    #[serde(borrow)]
    decision: Cow<'a, str>,
    #[serde(borrow)]
    outcome: Cow<'a, str>,
    #[serde(borrow)]
    on_behalf_of: Cow<'a, str>,
    #[serde(borrow)]
    approval: Cow<'a, str>,
    #[serde(borrow)]
    parent: Cow<'a, str>,
    #[serde(borrow)]
    trace: Cow<'a, str>,
}

/// The baseline: each line parsed, and nothing else.
#[divan::bench]
fn baseline_parse(bencher: Bencher<'_, '_>) {
    let pieces = pieces();
    bencher.counter(BytesCount::new(bytes())).counter(ItemsCount::new(EVENTS)).bench_local(|| {
        pieces
            .par_iter()
            .map(|piece| {
                let lines = piece.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
                lines.filter(|line| black_box(serde_json::from_slice::<Line<'_>>(line)).is_ok()).count()
            })
            .sum::<usize>()
    });
}

/// Each event judged, counted, and tied to who set its agent to work.
#[divan::bench]
fn audit(bencher: Bencher<'_, '_>) {
    let pieces = pieces();
    let root = store::find(Some(example()), example()).expect("a root");
    let loaded = store::load(&root).expect("files");
    let input =
        Input { folder: loaded.folder, path: String::new(), files: loaded.files, problems: loaded.problems };
    let analysis = Arc::new(Analysis::of(Arc::new(build(input)), date(2026, 11, 23)));
    let versions = Versions::only(analysis, &Mapping::default());
    let engine = Engine { versions, filter: Filter::default(), rows: None };
    let source = Arc::new(Source {
        name: "events".to_owned(),
        number: 0,
        reader: find("events").expect("our own"),
        framing: Framing::Lines,
        columns: None,
    });
    let blocks = || -> Vec<Piece> {
        pieces
            .iter()
            .map(|bytes| {
                let (source, bytes) = (source.clone(), bytes.clone());
                Piece::Block(Block { source, first_line: 1, bytes, too_long: Vec::new() })
            })
            .collect()
    };
    bencher
        .counter(BytesCount::new(bytes()))
        .counter(ItemsCount::new(EVENTS))
        .with_inputs(blocks)
        .bench_local_values(|blocks| engine.run(blocks.into_iter(), Collector::new(i64::MAX, None)).events);
}
