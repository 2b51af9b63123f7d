//! Whatever a file holds, it is read, analysed and shown without a panic, and every line that is
//! named exists.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use persona_workbench::analysis::Analysis;
use persona_workbench::analysis::view::card_view;
use persona_workbench::card::{CardFile, parse};
use persona_workbench::catalog::{Input, build};
use persona_workbench::store;
use proptest::prelude::*;

fn example() -> Vec<Arc<CardFile>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("personas");
    let root = store::find(Some(&folder), &folder).expect("the example");
    store::load(&root).expect("its files").files
}

fn analyse(files: Vec<Arc<CardFile>>) -> Analysis {
    let input = Input { folder: "x".into(), path: "x".into(), files, problems: Vec::new() };
    Analysis::of(Arc::new(build(input)), date(2026, 11, 23))
}

fn hold_everything(analysis: &Analysis) {
    let catalog = &analysis.catalog;
    for problem in &catalog.problems {
        assert!(problem.line > 0 && !problem.message.is_empty());
    }
    for finding in &analysis.findings {
        for place in finding.place.into_iter().chain(finding.evidence.iter().map(|edge| edge.place)) {
            let location = catalog.locate(place);
            let lines = catalog.file_of(place.card).text.lines().count();
            assert!(location.position.line as usize <= lines.max(1), "{}: {:?}", finding.message, location);
        }
    }
    for entity in analysis.graph.entities() {
        let _ = card_view(analysis, entity);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_cards(
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(any::<u8>()), 0_usize..6), 1..12),
    ) {
        let mut files = example();
        let place = file.index(files.len());
        let mut bytes = files[place].text.as_bytes().to_vec();
        for (at, with, gone) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, with);
        }
        files[place] = Arc::new(parse(&files[place].path, &bytes));
        hold_everything(&analyse(files));
    }

    #[test]
    fn lines_out_of_place(
        file in any::<prop::sample::Index>(),
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..8), 1..8),
    ) {
        let mut files = example();
        let place = file.index(files.len());
        let mut lines: Vec<String> = files[place].text.lines().map(str::to_owned).collect();
        for (from, to, indent) in moves {
            let line = lines.remove(from.index(lines.len()));
            let line = format!("{}{}", " ".repeat(indent), line.trim_start());
            lines.insert(to.index(lines.len() + 1), line);
        }
        files[place] = Arc::new(parse(&files[place].path, lines.join("\n").as_bytes()));
        hold_everything(&analyse(files));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        hold_everything(&analyse(vec![Arc::new(parse("a.yaml", &bytes))]));
    }
}
