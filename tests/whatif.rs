//! Suppositions on the screen, driven by keys, without a terminal.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use persona_workbench::analysis::Analysis;
use persona_workbench::analysis::supposed::supposed;
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message};
use persona_workbench::tui::model::Model;
use persona_workbench::tui::theme::{Depth, Theme};
use persona_workbench::tui::update::update;

use common::{analysis_of, drawn, example, keys_of};

struct Bench {
    model: Model,
    /// Questions that are not answered yet, where answers are held back.
    held: Option<Vec<Effect>>,
}

impl Bench {
    fn new(analysis: Arc<Analysis>, size: (u16, u16)) -> Self {
        let (keys, _) = KeyMap::new(&[]);
        let mut model = Model::new(Theme::new("none", Depth::None, false), keys, Some(analysis.day), size);
        update(&mut model, Message::Loaded(0, analysis));
        Self { model, held: None }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let before = self.model.analysis.clone().expect("an analysis");
            let message = match effect {
                Effect::Analyse(revision, changes) => {
                    let after = before.after(Arc::new(before.catalog.with(&changes)), before.day);
                    Message::Loaded(revision, Arc::new(after))
                }
                Effect::Suppose(asked, all, context) => {
                    if let Some(held) = &mut self.held {
                        held.push(Effect::Suppose(asked, all, context));
                        continue;
                    }
                    Message::Supposed(asked, supposed(&before, &all, &context).map(Arc::new))
                }
                _ => continue,
            };
            let effects = update(&mut self.model, message);
            self.carry_out(effects);
        }
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys_of(keys) {
            let effects = update(&mut self.model, Message::Key(key));
            self.carry_out(effects);
        }
        self
    }

    fn draw(&self) -> String {
        drawn(&self.model)
    }

    fn supposed(&self) -> Vec<String> {
        self.model.whatif.suppositions.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn the_screen_at_three_sizes() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let name = |what: &str| format!("whatif_{what}_{}x{}", size.0, size.1);
        let mut bench = Bench::new(example(), size);
        bench.press("7");
        insta::assert_snapshot!(name("empty"), bench.draw());
        bench.press("<enter>leaves<enter>");
        insta::assert_snapshot!(name("asking"), bench.draw());
        bench.press("data engineer<enter>j<enter>not run<enter>P012<enter>");
        insta::assert_snapshot!(name("two"), bench.draw());
    }
}

#[test]
fn suppositions_add_up_are_taken_back_and_kept_as_one_step() {
    let mut bench = Bench::new(example(), (120, 40));
    let gaps = bench.model.analysis.as_ref().expect("an analysis").findings.len();
    bench.press("7<enter>leaves<enter>data engineer<enter>");
    bench.press("j<enter>not run<enter>P012<enter>");
    assert_eq!(bench.supposed().len(), 2, "{}", bench.draw());
    bench.press("j<enter>another day<enter>2027-06-01<enter>");
    assert_eq!(bench.supposed()[2], "it is 2027-06-01");
    // The first is taken back.
    bench.press("ggX");
    assert_eq!(bench.supposed().len(), 2);
    assert_eq!(bench.model.session.history().1, 0, "nothing was changed so far");
    bench.press("a");
    assert!(bench.draw().contains("the day is not kept"), "{}", bench.draw());
    assert_eq!(bench.model.session.history().1, 1);
    assert!(bench.supposed().is_empty());
    let catalog = &bench.model.analysis.as_ref().expect("an analysis").catalog;
    assert!(catalog.find("P012").is_empty());
    bench.press("u");
    assert_eq!(bench.model.analysis.as_ref().expect("an analysis").findings.len(), gaps);
}

#[test]
fn what_is_selected_is_what_it_is_about() {
    let mut bench = Bench::new(example(), (120, 40));
    bench.press("/P011<enter>W");
    assert!(bench.draw().contains("What of P011?"), "{}", bench.draw());
    bench.press("<enter>");
    assert_eq!(bench.supposed(), ["P011 does not run"]);
    bench.press("<c-x>");
    assert!(bench.supposed().is_empty());
}

#[test]
fn what_cannot_be_supposed_is_said_and_can_be_taken_back() {
    let mut bench = Bench::new(example(), (120, 40));
    for _ in 0..2 {
        bench.press("7G<enter>not run<enter>P012<enter>");
    }
    assert!(bench.draw().contains("2 cannot be supposed: there is no persona P012"), "{}", bench.draw());
    bench.press("a");
    assert_eq!(bench.model.session.history().1, 0);
    bench.press("X");
    assert!(bench.draw().contains("1  Production Monitoring Agent"), "{}", bench.draw());
}

#[test]
fn an_answer_to_what_is_no_longer_supposed_is_dropped() {
    let mut bench = Bench::new(example(), (120, 40));
    bench.held = Some(Vec::new());
    bench.press("7<enter>not run<enter>P012<enter>");
    assert!(bench.draw().contains("analysing"), "{}", bench.draw());
    bench.press("X");
    let held = bench.held.take().expect("questions");
    assert_eq!(held.len(), 1);
    bench.carry_out(held);
    assert!(bench.model.whatif.found.is_none());
}

#[test]
fn a_risk_takes_access_away() {
    let text = "kind: Persona\nid: A1\nname: Bot\ntype: agent\nprocesses: [Work]\ncomponent_access:\n  - {component: \
                Store, level: read, environments: [prod], max_risk: low}\n---\nkind: Process\nname: Work\nuses: [Store]\n";
    let mut bench = Bench::new(analysis_of(&[("a.yaml", text)]), (120, 40));
    bench.press("7c<down><down><right><right><right><enter>");
    let shown = bench.draw();
    assert!(
        shown.contains("Then, at high risk") && shown.contains("Bot (A1) may not use Store: risk"),
        "{shown}"
    );
    bench.press("a");
    assert_eq!(bench.model.session.history().1, 0, "a risk is nothing to keep");
}

#[test]
fn an_empty_catalog_has_nobody_to_suppose_anything_of() {
    let mut bench = Bench::new(analysis_of(&[("a.yaml", "kind: Team\nname: Blue\n")]), (80, 24));
    bench.press("7<enter>leaves<enter><enter>");
    assert!(bench.draw().contains("nothing is called that"), "{}", bench.draw());
    bench.press("<esc><esc>");
    assert!(bench.model.layers.is_empty());
}
