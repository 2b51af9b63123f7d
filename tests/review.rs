//! A meeting on the screen, driven by keys, without a terminal: from its agenda to its minutes and cards.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use jiff::civil::{Date, date};
use persona_workbench::analysis::Analysis;
use persona_workbench::session::meeting::{Course, Meeting, Standing, known_of};
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message, Read};
use persona_workbench::tui::model::Model;
use persona_workbench::tui::theme::{Depth, Theme};
use persona_workbench::tui::update::{left, remember, update};

use common::{analysis_of, drawn, example, keys_of};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

const BOT: &str = "\
kind: Persona
id: P1
name: Bot
type: agent
team: Run
component_access:
  - {component: Store, level: write, environments: [prod], mode: standing}
processes: [Work]
accountable: P2
";

const REST: &str = "\
kind: Persona
id: P2
name: Ana
team: Run
processes: [Work]
---
kind: Process
name: Work
steps:
  - name: do
    environments: [prod]
    performers: [P1]
    uses: [{Store: read}]
---
kind: Component
name: Store
";

fn catalog(bot: &str) -> Arc<Analysis> {
    analysis_of(&[("bot.yaml", bot), ("rest.yaml", REST)])
}

struct Bench {
    model: Model,
    /// The meeting as it was kept last.
    kept: Option<Meeting>,
    /// Minutes that were written: where, Markdown, page.
    minutes: Vec<(String, String, String)>,
    saved: Vec<(String, String)>,
    clock: bool,
}

impl Bench {
    fn new(analysis: Arc<Analysis>, size: (u16, u16)) -> Self {
        Self::themed(analysis, size, Theme::new("none", Depth::None, false))
    }

    fn themed(analysis: Arc<Analysis>, size: (u16, u16), theme: Theme) -> Self {
        let (keys, _) = KeyMap::new(&[]);
        let mut model = Model::new(theme, keys, Some(analysis.day), size);
        update(&mut model, Message::Loaded(0, analysis));
        Self { model, kept: None, minutes: Vec::new(), saved: Vec::new(), clock: false }
    }

    /// What workers would do, done at once.
    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let before = self.model.analysis.clone().expect("an analysis");
            let message = match effect {
                Effect::Analyse(revision, changes) => {
                    let after = before.after(Arc::new(before.catalog.with(&changes)), before.day);
                    Message::Loaded(revision, Arc::new(after))
                }
                Effect::Remedies(asked, place) => Message::Remedies(asked, Arc::new(before.fixes(place))),
                Effect::Known(asked, name) => match name.as_str() {
                    "main" => Message::Known(asked, Ok(Arc::new(known_of(&before)))),
                    other => Message::Known(asked, Err(format!("git has no {other}"))),
                },
                Effect::Save(changes) => {
                    for change in &changes {
                        let text = change.after.as_deref().unwrap_or("").to_owned();
                        self.saved.push((change.path.to_string(), text));
                    }
                    Message::Saved(changes)
                }
                Effect::Minutes { path, markdown, html, .. } => {
                    self.minutes.push((path.clone(), markdown, html));
                    Message::Minutes(Ok(path))
                }
                Effect::KeepMeeting(meeting) => {
                    self.kept = Some(*meeting);
                    continue;
                }
                Effect::Clock(on) => {
                    self.clock = on;
                    continue;
                }
                _ => continue,
            };
            self.happen(message);
        }
    }

    fn happen(&mut self, message: Message) -> &mut Self {
        let effects = update(&mut self.model, message);
        self.carry_out(effects);
        self
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys_of(keys) {
            self.happen(Message::Key(key));
        }
        self
    }

    fn draw(&self) -> String {
        drawn(&self.model)
    }

    fn meeting(&self) -> &Meeting {
        self.model.review.meeting.as_ref().expect("a meeting")
    }

    fn standings(&self) -> Vec<Standing> {
        self.meeting().items.iter().map(|item| item.standing).collect()
    }

    fn at(&self, rule: &str) -> usize {
        self.meeting().items.iter().position(|item| item.rule == rule).expect("a point of that rule")
    }

    /// Goes to the point of a rule.
    fn go_to(&mut self, rule: &str) -> &mut Self {
        self.press("gg");
        let at = self.at(rule);
        self.press(&"n".repeat(at))
    }

    /// The files as they would be read now, with other cards.
    fn read(&mut self, analysis: Arc<Analysis>) -> &mut Self {
        let effects = update(&mut self.model, Message::Changed);
        let revision = effects.iter().find_map(|effect| match effect {
            Effect::Load(revision, _) => Some(*revision),
            _ => None,
        });
        let session = self.model.session.clone();
        let read = Read { analysis, session, merged: Vec::new() };
        self.happen(Message::Read(revision.expect("a request"), Box::new(read)))
    }
}

#[test]
fn the_pages_at_three_sizes() {
    for size in SIZES {
        let name = |what: &str| format!("{what}_{}x{}", size.0, size.1);
        let mut bench = Bench::new(example(), size);
        bench.press("6");
        insta::assert_snapshot!(name("review_agenda"), bench.draw());
        bench.press("<enter>n");
        insta::assert_snapshot!(name("review_page"), bench.draw());
        bench.press("w");
        insta::assert_snapshot!(name("review_ask"), bench.draw());
        bench.press("Data lead<enter>it moves in spring<enter>b");
        insta::assert_snapshot!(name("review_decided"), bench.draw());
        bench.press("m");
        insta::assert_snapshot!(name("review_end"), bench.draw());
        bench.press("<enter>");
        insta::assert_snapshot!(name("review_over"), bench.draw());
    }
}

#[test]
fn from_the_agenda_to_the_minutes_to_the_cards() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.press("6<enter>");
    assert!(bench.clock, "time is asked for");
    bench.happen(Message::Passed(130));
    // A fix, with nothing but who.
    bench.go_to("excess-level").press("aAna<enter><tab><enter>");
    let fixed = bench.at("excess-level");
    assert_eq!(bench.standings()[fixed], Standing::Fixed);
    // Who is remembered; why has to be said.
    bench.go_to("no-override").press("w<enter>").press("the runbook says how<enter>");
    assert!(!bench.model.layers.iter().any(|_| true), "nothing is asked any more");
    bench.go_to("no-escalation").press("d<up><up><c-u>2 weeks<enter>");
    bench.press("after the hire<enter>");
    bench.go_to("unmonitored-agent").press("rits logs are read<enter>");
    bench.go_to("unlogged-access").press("tAB#31<enter><enter>");
    let tally = bench.meeting().tally();
    assert_eq!(tally.acts, [1, 1, 1, 1, 1], "{:?}", bench.standings());
    bench.press("m");
    let shown = bench.draw();
    assert!(
        shown.contains("5 of") && shown.contains("bot.yaml") && shown.contains("decisions.yaml"),
        "{shown}"
    );
    assert!(bench.minutes.is_empty());
    bench.press("<enter>");
    assert_eq!(bench.meeting().course, Course::Over);
    assert!(!bench.clock);
    let (path, markdown, page) = bench.minutes.last().expect("minutes").clone();
    assert_eq!(path, "minutes/2026-11-23.md");
    insta::assert_snapshot!("review_minutes", markdown);
    insta::assert_snapshot!("review_minutes_page", page);
    let cards: String = bench.saved.iter().map(|(path, text)| format!("== {path}\n{text}")).collect();
    insta::assert_snapshot!("review_cards", cards);
    // Ended, it makes way for another: what was looked at is known.
    bench.press("<enter>");
    assert!(bench.model.review.meeting.is_none());
    assert!(bench.draw().contains("Begin"));
}

#[test]
fn a_decision_is_one_step_and_undone_it_is_open_again() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.press("6<enter>").go_to("no-override").press("wAna<enter>for now<enter>");
    let at = bench.at("no-override");
    assert_eq!(bench.standings()[at], Standing::Decided);
    assert_ne!(bench.meeting().at, at, "it went on by itself");
    assert_eq!(bench.model.session.history().1, 1);
    bench.press("u");
    assert_eq!((bench.standings()[at], bench.meeting().at), (Standing::Open, at), "and came back");
    bench.press("U");
    assert_eq!(bench.standings()[at], Standing::Decided);
}

#[test]
fn a_decision_can_be_changed_also_one_that_was_a_fix() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.press("6<enter>").go_to("excess-level").press("aAna<enter><enter>");
    let at = bench.at("excess-level");
    bench.go_to("excess-level");
    assert_eq!(bench.meeting().at, at);
    assert!(bench.draw().contains("fixed by Ana"), "{}", bench.draw());
    bench.press("r");
    assert!(bench.draw().contains("Reject it"), "the fix is taken back, then it asks: {}", bench.draw());
    bench.press("it is needed at night<enter>");
    assert_eq!(bench.meeting().items[at].decided().map(|verdict| verdict.act.word()), Some("rejected"));
    bench.go_to("excess-level").press("w<enter>until the move<enter>");
    let catalog = &bench.model.analysis.as_ref().expect("an analysis").catalog;
    assert_eq!(catalog.decisions.len(), 1, "the card is changed rather than made twice");
    assert_eq!(bench.meeting().tally().decided(), 1);
}

#[test]
fn it_is_interrupted_and_taken_up_again_tomorrow() {
    let mut bench = Bench::new(catalog(BOT), (100, 30));
    bench.press("6<enter>").go_to("no-override").press("wAna<enter>for now<enter>");
    let at = bench.meeting().at;
    let text = left(&bench.model).expect("a meeting").write().expect("text");
    assert!(text.contains("paused"));
    let now = bench.model.analysis.clone().expect("an analysis");
    let tomorrow = Arc::new(Analysis::of(now.catalog.clone(), date(2026, 11, 24)));
    let mut next = Bench::new(tomorrow, (100, 30));
    remember(&mut next.model, Meeting::read(&text).expect("a meeting"));
    next.press("6");
    assert!(next.draw().contains("Go on"), "{}", next.draw());
    next.press("<enter>");
    assert_eq!((next.meeting().at, next.meeting().course), (at, Course::Running));
    let decided = next.at("no-override");
    assert_eq!(next.standings()[decided], Standing::Decided);
    assert!(next.clock);
}

fn on(analysis: &Analysis, day: Date) -> Arc<Analysis> {
    Arc::new(Analysis::of(analysis.catalog.clone(), day))
}

#[test]
fn what_was_accepted_for_a_time_comes_back_when_it_has_passed() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.press("6<enter>").go_to("no-override").press("w<up><c-u>2026-12-31<enter>Ana<enter>for now<enter>");
    bench.press("m<enter>");
    let analysis = bench.model.analysis.clone().expect("an analysis");
    let last = bench.kept.clone().expect("it was kept");
    let agenda = |day| {
        let mut bench = Bench::new(on(&analysis, day), (120, 40));
        remember(&mut bench.model, last.clone());
        bench.press("6<up><up><right>");
        assert!(bench.draw().contains("since the last review, of 2026-11-23"), "{}", bench.draw());
        bench.press("<down><down><enter>");
        bench.draw()
    };
    assert!(!agenda(date(2026, 12, 31)).contains("back again"));
    let back = agenda(date(2027, 1, 1));
    assert!(back.contains("back again: accepted until 2026-12-31 by Ana: for now"), "{back}");
}

#[test]
fn a_card_that_changes_on_disk_is_followed() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.press("6<enter>").go_to("excess-level");
    let at = bench.meeting().at;
    let narrow = BOT.replace("level: write", "level: read");
    bench.read(catalog(&narrow));
    assert_eq!((bench.meeting().at, bench.standings()[at]), (at, Standing::Closed));
    let shown = bench.draw();
    assert!(shown.contains("closed meanwhile"), "{shown}");
    bench.press("w");
    assert!(bench.draw().contains("gone already"), "{}", bench.draw());
    // It comes back, and more with it.
    bench.read(catalog(&BOT.replace("accountable: P2\n", "")));
    assert_eq!(bench.standings()[at], Standing::Open);
    let late = bench.meeting().items.iter().any(|item| item.late && item.rule == "unaccountable-agent");
    assert!(late);
}

#[test]
fn since_a_commit_is_asked_of_git() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.press("6<up><up><right><right><enter>nowhere<enter>");
    assert!(bench.draw().contains("git has no nowhere"), "{}", bench.draw());
    bench.press("<enter><c-u>main<enter>");
    assert!(bench.draw().contains("nothing is on this agenda"), "{}", bench.draw());
    bench.press("<down><down><enter>");
    assert!(bench.model.review.meeting.is_none());
    // What is new since is on it.
    bench.read(catalog(&BOT.replace("accountable: P2\n", "")));
    assert!(bench.draw().contains("Nobody answers for Bot"), "{}", bench.draw());
}

#[test]
fn words_narrow_the_agenda_and_mistakes_are_said() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.press("6/rule:no-o<enter>");
    assert!(bench.draw().contains("with 1 gap"), "{}", bench.draw());
    bench.press("/ rule:no-a<enter>");
    bench.press("/<c-u>rule:nonsense<enter>");
    assert!(bench.draw().contains("names no rule"), "{}", bench.draw());
    bench.press("<enter>");
    assert!(bench.model.review.meeting.is_none());
}

#[test]
fn a_catalog_without_gaps_and_one_with_very_many() {
    let clean = analysis_of(&[("a.yaml", "kind: Catalog\nname: Clean\npersona_count: {min: 0, max: 9}\n")]);
    let mut bench = Bench::new(clean, (80, 24));
    bench.press("6<enter>");
    assert!(bench.draw().contains("nothing is on this agenda"), "{}", bench.draw());
    let many: String = (0..160)
        .map(|number| {
            format!("---\nkind: Persona\nname: Bot {number}\ntype: agent\ncomponent_access: [Store]\n")
        })
        .collect();
    let mut bench = Bench::new(analysis_of(&[("a.yaml", &many)]), (80, 24));
    bench.press("6<enter>");
    assert!(bench.meeting().items.len() > 1000);
    bench.press("GnNwAna<enter>for now<enter>");
    assert_eq!(bench.meeting().tally().decided(), 1, "{}", bench.draw());
}

#[test]
fn names_that_are_hostile_stay_text() {
    let name = "A\\u001b[31m<script>|`x`日本";
    let text = format!("kind: Persona\nid: \"P\\n1\"\nname: \"{name}\"\ntype: agent\n");
    let mut bench = Bench::new(analysis_of(&[("a.yaml", &text)]), (80, 24));
    bench.press("6<enter>");
    for _ in 0..4 {
        assert!(!bench.draw().contains('\u{1b}'));
        bench.press("n");
    }
    bench.press("gg").press("rB\u{7}<enter>why<enter>m<enter>");
    let (_, markdown, page) = bench.minutes.last().expect("minutes");
    assert!(!page.contains("<script>") && !page.contains('\u{1b}'));
    assert!(!markdown.contains("<script>") && !markdown.contains('\u{1b}'));
}

#[test]
fn read_only_decides_nothing() {
    let mut bench = Bench::new(catalog(BOT), (120, 40));
    bench.model.readonly = true;
    bench.press("6<enter>wad");
    assert!(bench.model.layers.is_empty());
    bench.press("m<enter>");
    assert!(bench.minutes.is_empty() && bench.saved.is_empty());
}

#[test]
fn who_looks_on_sees_the_page_and_changes_nothing() {
    let mut leader = Bench::new(catalog(BOT), (120, 40));
    leader.press("6<enter>").go_to("no-override");
    let mut follower = Bench::new(catalog(BOT), (80, 24));
    follower.model.review.following = true;
    follower.model.readonly = true;
    follower.model.screen = persona_workbench::tui::model::Screen::Review;
    assert!(follower.draw().contains("running on this machine"), "{}", follower.draw());
    follower.happen(Message::Meeting(leader.kept.clone().map(Box::new)));
    let page = follower.draw();
    assert!(page.contains("n o   o v e r r i d e"), "{page}");
    follower.press("wnab1<enter>u");
    assert_eq!((follower.draw(), follower.kept.is_none()), (page, true));
    leader.press("m<enter>");
    follower.happen(Message::Meeting(leader.kept.clone().map(Box::new)));
    assert!(follower.model.leaving);
}
