//! The screen of an audit, driven by keys, with logs judged as a worker would judge them.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use persona_workbench::analysis::Analysis;
use persona_workbench::audit::collect::Collector;
use persona_workbench::audit::engine::{Block, Engine, Piece, Source};
use persona_workbench::audit::filter::Filter;
use persona_workbench::audit::mapping::Mapping;
use persona_workbench::audit::opened::Opened;
use persona_workbench::audit::versions::Versions;
use persona_workbench::audit::ways::{admitted, ways};
use persona_workbench::tui::actions::KeyMap;
use persona_workbench::tui::message::{Effect, Message};
use persona_workbench::tui::model::{Model, Screen};
use persona_workbench::tui::screens::audit::{Logs, Row};
use persona_workbench::tui::theme::{Depth, Theme};
use persona_workbench::tui::update::update;

use common::{analysis_of_text, drawn, example};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Ana answers for Bot, nobody for Stray; Bot may write the store in dev.
const CATALOG: &str = "kind: Catalog
name: Small
---
kind: PersonaList
items:
  - {id: P1, name: Ana, processes: [Work]}
  - id: P2
    name: Bot
    type: agent
    accountable: P1
    processes: [Work]
    component_access:
      - {component: Store, level: write, environments: [dev], mode: jit}
      - {component: Vault, level: read, environments: [dev]}
  - {id: P3, name: Stray, type: agent}
---
kind: Process
name: Work
steps:
  - {name: do it, environments: [dev], uses: [Store: write]}
---
kind: ComponentList
items: [Store, Vault]
";

/// A log: Bot within its grants, Bot in prod, Stray, and somebody whom nobody knows.
fn log() -> String {
    let mut text = String::new();
    let mut event = |number: usize, day: usize, agent: &str, component: &str, environment: &str| {
        text.push_str(&format!(
            "{{\"time\":\"2026-{:02}-{:02}T08:{:02}:00Z\",\"event\":\"e{number}\",\"agent\":\"{agent}\",\
             \"component\":\"{component}\",\"action\":\"blobs/put\",\"level\":\"write\",\
             \"environment\":\"{environment}\",\"phase\":\"test\",\"risk\":\"low\"}}\n",
            6 + day / 28,
            1 + day % 28,
            number % 60,
        ));
    };
    for number in 0..120 {
        event(number, number, "P2", "Store", "dev");
    }
    for number in 120..126 {
        event(number, number - 20, "Bot", "Store", "prod");
    }
    event(126, 30, "P3", "Vault", "dev");
    event(127, 60, "ghost-7", "Vault", "prod");
    text.push_str("{\"time\": \"2026-06-01T\nnot an event\n");
    text
}

fn judged(analysis: &Arc<Analysis>, logs: &[(&str, &str)]) -> Arc<Opened> {
    let mapping = Mapping::default();
    let versions = Versions::only(analysis.clone(), &mapping);
    let engine = Engine { versions, filter: Filter::default(), rows: None };
    let pieces = logs.iter().enumerate().map(|(number, (name, text))| {
        let source = Arc::new(Source::of(number, name, text.as_bytes(), None, &mapping));
        Piece::Block(Block { source, first_line: 1, bytes: text.as_bytes().to_vec(), too_long: Vec::new() })
    });
    let pieces: Vec<Piece> = pieces.collect();
    let totals = engine.run(pieces.into_iter(), Collector::new(i64::MAX, None).keeping());
    Arc::new(Opened::of(engine, totals, 90))
}

struct Bench {
    model: Model,
    effects: Vec<Effect>,
    logs: Vec<(String, String)>,
}

impl Bench {
    fn new(analysis: Arc<Analysis>, size: (u16, u16), logs: &[(&str, &str)]) -> Self {
        Self::with_theme(analysis, size, logs, Theme::new("none", Depth::None, false))
    }

    fn with_theme(analysis: Arc<Analysis>, size: (u16, u16), logs: &[(&str, &str)], theme: Theme) -> Self {
        let (keys, _) = KeyMap::new(&[]);
        let mut model = Model::new(theme, keys, None, size);
        model.audit.logs =
            Logs { paths: logs.iter().map(|(name, _)| (*name).to_owned()).collect(), map: None };
        let logs = logs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut bench = Self { model, effects: Vec::new(), logs };
        bench.send(Message::Loaded(0, analysis));
        bench
    }

    /// Lets something happen, and answers what is asked for, as workers would.
    fn send(&mut self, message: Message) {
        let mut waiting = update(&mut self.model, message);
        while !waiting.is_empty() {
            let effect = waiting.remove(0);
            self.effects.push(effect.clone());
            let bare = self.model.bare.clone().expect("an analysis");
            let answer = match effect {
                Effect::ReadLogs(asked, logs) => {
                    let named = |name: &String| self.logs.iter().find(|(known, _)| known == name);
                    let found: Option<Vec<_>> = logs.paths.iter().map(named).collect();
                    let read = found
                        .map(|found| {
                            let logs: Vec<(&str, &str)> =
                                found.into_iter().map(|(name, text)| (&**name, &**text)).collect();
                            judged(&bare, &logs)
                        })
                        .ok_or("no such log".to_owned());
                    Message::LogsRead(asked, read)
                }
                Effect::Analyse(revision, changes) => {
                    let after = bare.after(Arc::new(bare.catalog.with(&changes)), bare.day);
                    Message::Loaded(revision, Arc::new(after))
                }
                Effect::Fixes(asked, place) => {
                    let shown = self.model.analysis.clone().expect("an analysis");
                    let opened = self.model.audit.opened.clone().expect("logs");
                    let mut notes = Vec::new();
                    let found = ways(&opened, &shown, place).into_iter().map(|fix| {
                        let outcome =
                            (!fix.is_advice()).then(|| bare.outcome(&fix.edits).expect("it can be made"));
                        if let Some(outcome) = &outcome {
                            let (fits, all) = admitted(&opened, &shown.findings[place], &outcome.after);
                            notes.push(format!("{fits} of {all}"));
                        }
                        persona_workbench::analysis::fixes::Proven { fix, outcome }
                    });
                    let found = Arc::new(found.collect());
                    Message::Ways(asked, place, found, notes)
                }
                _ => continue,
            };
            waiting.extend(update(&mut self.model, answer));
        }
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (code, modifiers, length) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>'))
            {
                Some(("enter", _)) => (KeyCode::Enter, KeyModifiers::NONE, 7),
                Some(("esc", _)) => (KeyCode::Esc, KeyModifiers::NONE, 5),
                Some(("c-r", _)) => (KeyCode::Char('r'), KeyModifiers::CONTROL, 5),
                Some(("alt-c", _)) => (KeyCode::Char('c'), KeyModifiers::ALT, 7),
                Some((name, _)) => panic!("no key {name}"),
                None => (KeyCode::Char(first), KeyModifiers::NONE, first.len_utf8()),
            };
            self.send(Message::Key(KeyEvent::new(code, modifiers)));
            rest = &rest[length..];
        }
        self
    }

    fn draw(&self) -> String {
        drawn(&self.model)
    }

    #[track_caller]
    fn shows(&self, text: &str) {
        let screen = self.draw();
        assert!(screen.contains(text), "{text} is not on\n{screen}");
    }

    /// Goes to the row of a text.
    #[track_caller]
    fn at(&mut self, wanted: impl Fn(&Bench) -> bool) -> &mut Self {
        self.press("gg");
        for _ in 0..self.model.audit.rows.len() {
            if wanted(self) {
                return self;
            }
            self.press("j");
        }
        panic!("there is no such row in {:?}", self.model.audit.rows);
    }

    fn text(&self) -> String {
        self.model.analysis.as_ref().map_or(String::new(), |analysis| {
            analysis.catalog.files().map(|file| file.text.to_string()).collect()
        })
    }
}

fn small(size: (u16, u16)) -> Bench {
    let mut bench = Bench::new(analysis_of_text(CATALOG), size, &[("trail.jsonl", &log())]);
    bench.press("8");
    bench
}

fn is_bot_in_prod(bench: &Bench) -> bool {
    bench.model.audit.name().is_some_and(|name| format!("{name:?}").contains("Bot"))
}

#[test]
fn an_audit_at_every_size() {
    for size in SIZES {
        let mut bench = small(size);
        bench.at(is_bot_in_prod);
        insta::assert_snapshot!(format!("audit-{}x{}", size.0, size.1), bench.draw());
        bench.press("l");
        if size.0 == 80 {
            insta::assert_snapshot!("audit-page-80x24", bench.draw());
        }
        let mut bench = small(size);
        bench.press("vv");
        insta::assert_snapshot!(format!("audit-grants-{}x{}", size.0, size.1), bench.draw());
    }
}

#[test]
fn without_logs_it_says_what_to_do() {
    for size in SIZES {
        let mut bench = Bench::new(analysis_of_text(CATALOG), size, &[]);
        bench.press("8");
        insta::assert_snapshot!(format!("audit-empty-{}x{}", size.0, size.1), bench.draw());
    }
    let mut bench = Bench::new(analysis_of_text(CATALOG), (100, 30), &[]);
    bench.press("8v");
    bench.shows("no logs are open");
    // The palette opens some, by a path.
    bench.logs.push(("trail.jsonl".to_owned(), log()));
    bench.press(":open audit logs<enter>");
    bench.shows("Open audit logs");
    bench.press("trail.jsonl<enter>");
    bench.shows("end at no human");
    bench.press(":close the audit<enter>");
    bench.shows("No logs are open.");
    assert!(bench.model.audit.logs.paths.is_empty());
}

#[test]
fn logs_that_cannot_be_read_say_why_and_how_to_open_others() {
    let mut bench = Bench::new(analysis_of_text(CATALOG), (100, 30), &[]);
    bench.press("8:open audit logs<enter>nowhere<enter>");
    bench.shows("no such log");
    bench.shows("persona --audit");
    assert!(bench.model.audit.reading.is_none());
}

#[test]
fn the_headline_and_the_counts_are_those_of_the_logs() {
    let bench = small((120, 40));
    // One of Stray's and one of nobody's, of 128.
    bench.shows("1.6 % of 128 events end at no human: 2");
    bench.shows("120 allowed");
    bench.shows("8 beyond");
    bench.shows("2 bad lines");
    assert_eq!(bench.model.audit.tracks[0].lane.total, (128, 8));
}

#[test]
fn bad_lines_are_listed_with_their_numbers() {
    let mut bench = small((120, 40));
    bench.press("vvv");
    bench.shows("trail.jsonl:129");
    bench.shows("trail.jsonl:130");
    bench.press("gg");
    let rows = bench.model.audit.rows.iter().filter(|row| matches!(row, Row::Bad(_))).count();
    assert_eq!(rows, 2);
}

#[test]
fn the_chain_the_reason_and_what_it_may_do_are_said_of_a_row() {
    let mut bench = small((120, 40));
    bench.at(is_bot_in_prod);
    bench.shows("Bot (P2) went beyond the boundary on Store in prod: 6 events.");
    bench.shows("The nearest grant: write in dev, jit (a.yaml:");
    bench.shows("answers to");
    bench.shows("Ana (P1)");
    bench.shows("trail.jsonl:121");
    bench.at(|bench| bench.model.audit.name().is_some_and(|name| format!("{name:?}").contains("ghost")));
    bench.shows("Nobody: the catalog does not know who this is.");
    bench.press("a");
    bench.shows("no card can mend this");
}

#[test]
fn verdict_words_and_span_narrow_the_list() {
    let mut bench = small((120, 40));
    let count = |bench: &Bench| {
        let rows = &bench.model.audit.rows;
        rows.iter().map(|row| if let Row::Events(_, count, _) = row { *count } else { 0 }).sum::<u64>()
    };
    assert_eq!(count(&bench), 8);
    bench.press("o");
    assert_eq!(count(&bench), 120);
    bench.press("oo");
    assert_eq!(count(&bench), 128);
    bench.press("/agent:bot env:prod<enter>");
    assert_eq!(count(&bench), 6);
    bench.press("<esc>/verdict:bey reason:no<enter>");
    assert_eq!(count(&bench), 1);
    bench.press("<esc>/colour:red<enter>");
    bench.shows("words of this filter are");
    bench.press("<esc>");
    assert_eq!(count(&bench), 128);
    // Nearer and nearer the last event of what is selected stays in sight.
    bench.at(is_bot_in_prod);
    bench.press("]]]]");
    let (from, to) = bench.model.audit.span.expect("a span");
    assert!(count(&bench) < 128 && count(&bench) > 0 && to > from);
    bench.shows("in this span");
    bench.press("H");
    assert_ne!(bench.model.audit.span, Some((from, to)));
    bench.press("<esc>");
    assert_eq!(bench.model.audit.span, None);
    assert_eq!(count(&bench), 128);
}

#[test]
fn enter_goes_to_the_grant_and_three_to_the_cell() {
    let mut bench = small((120, 40));
    bench.at(is_bot_in_prod).press("<enter>");
    assert_eq!(bench.model.screen, Screen::Cards);
    assert_eq!(bench.model.cards.value().map(|value| value.text.as_str()), Some("Store"));
    bench.press("8");
    bench.at(|bench| bench.model.audit.name().is_some_and(|name| format!("{name:?}").contains("Stray")));
    bench.press("<enter>");
    assert_eq!(bench.model.screen, Screen::Cards);
    bench.shows("there is no grant on Vault");
    bench.press("8");
    bench.at(is_bot_in_prod).press("3");
    let analysis = bench.model.analysis.clone().expect("data");
    let (row, column) = bench.model.matrix.pair().expect("a cell");
    assert_eq!((analysis.catalog.id(row).as_ref(), analysis.catalog.id(column).as_ref()), ("P2", "Store"));
}

#[test]
fn what_logs_prove_joins_gaps_and_cards_and_says_where_it_is_from() {
    let mut bench = small((120, 40));
    bench.press("5/audit-beyond<enter>");
    bench.shows("Gaps (2)");
    bench.shows("from the logs");
    bench.press("<esc>1");
    bench.at_card("P2");
    bench.shows("From the logs: Bot (P2) went beyond its grants on Store in prod 6");
    // The score is the cards' own.
    let bare = analysis_of_text(CATALOG);
    let shown = bench.model.analysis.clone().expect("data");
    assert_eq!(shown.score.value, bare.score.value);
}

impl Bench {
    fn at_card(&mut self, id: &str) {
        self.press("gg");
        for _ in 0..self.model.cards.rows.len() {
            if self.model.cards.view.as_ref().is_some_and(|view| view.id == id) {
                return;
            }
            self.press("j");
        }
        panic!("no card {id}");
    }
}

#[test]
fn granting_just_in_time_closes_it_and_can_be_undone() {
    let mut bench = small((120, 40));
    let before = bench.text();
    bench.at(is_bot_in_prod).press("a");
    bench.shows("Grant Store write in prod, just in time");
    bench.shows("6 of 6");
    bench.press("<enter>");
    let after = bench.text();
    assert!(after.contains("mode: jit\n") || after.contains("mode: jit,"), "{after}");
    assert!(after.contains("approval: P1"), "who answers approves what changes production: {after}");
    assert!(bench.effects.iter().filter(|effect| matches!(effect, Effect::ReadLogs(..))).count() == 2);
    let open = |bench: &Bench| {
        let rows = &bench.model.audit.rows;
        rows.iter().map(|row| if let Row::Events(_, count, _) = row { *count } else { 0 }).sum::<u64>()
    };
    // The grant asks for an approval, which what was done did not have: only that is left to say.
    assert_eq!(open(&bench), 8);
    bench.shows("approval-missing: its grant needs an approval");
    assert!(!bench.draw().contains("environment: its grant is for other"), "{}", bench.draw());
    bench.press("u");
    assert_eq!(bench.text(), before);
    bench.shows("environment: its grant is for other");
}

#[test]
fn blocking_takes_the_grants_or_records_that_it_is_to_be_fixed() {
    let mut bench = small((120, 40));
    bench.at(is_bot_in_prod).press("a");
    bench.shows("Block Store: take every access to it away");
    bench.press("2<enter>");
    assert!(!bench.text().contains("component: Store, level: write"), "{}", bench.text());
    bench.press("u");
    bench.at(is_bot_in_prod).press("a3<enter>");
    let text = bench.text();
    assert!(text.contains("kind: Decision") && text.contains("rule: audit-beyond-grant"), "{text}");
    let stale = bench.model.analysis.as_ref().expect("data").findings.iter();
    assert!(stale.filter(|finding| finding.rule.id == "stale-decision").count() == 0, "it is about logs");
}

#[test]
fn an_unused_grant_is_taken_away() {
    let mut bench = small((120, 40));
    bench.press("vv");
    bench.shows("unused grants");
    bench.at(|bench| bench.model.audit.grant().is_some());
    bench.shows("creep");
    bench.press("a<enter>");
    assert!(!bench.text().contains("component: Vault"), "{}", bench.text());
}

#[test]
fn esc_gives_up_reading_and_a_late_answer_is_dropped() {
    let mut bench = Bench::new(analysis_of_text(CATALOG), (120, 40), &[]);
    let late = judged(&analysis_of_text(CATALOG), &[("trail.jsonl", &log())]);
    bench.model.screen = Screen::Audit;
    bench.model.audit.logs = Logs { paths: vec!["trail.jsonl".to_owned()], map: None };
    // The worker does not answer yet.
    let effects = update(&mut bench.model, Message::Resize(120, 40));
    let Some(Effect::ReadLogs(asked, _)) = effects.first() else { panic!("{effects:?}") };
    let asked = *asked;
    update(&mut bench.model, Message::LogsProgress(asked, 12_000_000));
    bench.shows("12 MB read; esc stops.");
    let effects = update(&mut bench.model, Message::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)));
    assert!(effects.contains(&Effect::StopLogs));
    update(&mut bench.model, Message::LogsRead(asked, Ok(late)));
    assert!(bench.model.audit.opened.is_none());
    bench.shows("was given up");
}

#[test]
fn hostile_logs_reach_no_terminal_and_stop_nothing() {
    let hostile = concat!(
        "{\"time\":\"2026-06-01T00:00:00Z\",\"event\":\"1\",\"agent\":\"\\u001b[31mred\\nline\",\"component\":\"\\u202eStore\"}\n",
        "{\"time\":\"9999-12-31T00:00:00Z\",\"event\":\"2\",\"agent\":\"P2\",\"component\":\"Store\",\"environment\":\"prod\",\"level\":\"admin\"}\n",
        "{\"time\":\"0001-01-01T00:00:00Z\",\"event\":\"3\",\"agent\":\"P2\",\"component\":\"Vault\",\"level\":\"admin\"}\n",
        "{\"time\":\"never\",\"event\":\"4\",\"agent\":\"P2\",\"component\":\"Vault\",\"level\":\"admin\",\"action\":\"\\u0007bell\"}\n",
        "{\"agent\":\"日本語のエージェントの長い長い名前で画面からはみ出すもの\",\"component\":\"👩‍💻\"}\n",
    );
    for size in [(40, 10), (80, 24), (120, 40), (200, 60)] {
        for ascii in [false, true] {
            let theme = Theme::new("none", Depth::None, ascii);
            let mut bench =
                Bench::with_theme(analysis_of_text(CATALOG), size, &[("h.jsonl", hostile)], theme);
            bench.press("8o");
            for key in
                ["j", "j", "v", "j", "v", "v", "j", "v", "]", "]", "H", "s", "<enter>", "<esc>", "<esc>"]
            {
                bench.press(key);
                let screen = bench.draw();
                assert!(!screen.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{screen}");
            }
        }
    }
}

#[test]
fn logs_of_nothing_are_said_to_hold_nothing() {
    let mut bench = Bench::new(analysis_of_text(CATALOG), (80, 24), &[("empty.jsonl", "")]);
    bench.press("8");
    bench.shows("The logs hold no events.");
    bench.press("vvvv]]jj<enter><esc>a");
}

#[test]
fn the_example_with_many_events_is_drawn_at_once() {
    let mut text = String::new();
    for number in 0..5_000 {
        let agent = ["P009", "P010", "P011", "P012", "nobody"][number % 5];
        let component = ["Azure Storage", "GitHub", "Azure DevOps"][number % 3];
        text.push_str(&format!(
            "{{\"time\":\"2026-07-{:02}T{:02}:00:00Z\",\"event\":\"{number}\",\"agent\":\"{agent}\",\
             \"component\":\"{component}\",\"level\":\"admin\",\"environment\":\"prod\"}}\n",
            1 + number % 28,
            number % 24
        ));
    }
    let mut bench = Bench::new(example(), (120, 40), &[("many.jsonl", &text)]);
    bench.press("8");
    let opened = bench.model.audit.opened.clone().expect("logs");
    assert!(opened.not_kept() > 0, "counts are of all, events only of some");
    assert_eq!(opened.summary.counts.events, 5_000);
    bench.press("lG");
    bench.shows("are listed; the others are counted only.");
}

/// Grants that hold only up to a risk, in a phase, or for a time; people, one of whom is away.
const RUN_TIME: &str = "kind: Catalog
name: Run time
---
kind: PersonaList
items:
  - {id: P1, name: Ana's role}
  - {id: P2, name: Nobody's role}
  - id: P3
    name: Bot
    type: agent
    accountable: P1
    escalates_to: [P2, P1]
    override: {by: [Bea, P1], how: disable the identity}
    invokes: [P4]
    component_access:
      - {component: Store, level: read, environments: [dev]}
      - {component: Vault, level: write, environments: [dev], mode: jit, max_risk: medium, approval: P1}
      - {component: Queue, level: write, environments: [prod], phases: [deploy], starts: 2026-10-01, expires: 2026-12-31}
  - {id: P4, name: Helper, type: agent, invokes: [P5]}
  - id: P5
    name: Last
    type: agent
    component_access: [{component: Queue, level: write, environments: [prod]}]
---
kind: PersonList
items:
  - {name: Ana, personas: [P1]}
  - {name: Bea, active: false}
---
kind: ComponentList
items: [Store, Vault, Queue]
";

#[test]
fn a_strip_shows_how_access_widens_and_narrows_and_sets_the_context() {
    for size in SIZES {
        let mut bench = Bench::new(analysis_of_text(RUN_TIME), size, &[]);
        bench.at_card("P3");
        bench.press("<enter>");
        insta::assert_snapshot!(format!("strip-{}x{}", size.0, size.1), bench.draw());
    }
    let mut bench = Bench::new(analysis_of_text(RUN_TIME), (120, 40), &[]);
    bench.at_card("P3");
    bench.shows("time");
    // On to risk, and to its highest: what holds up to medium goes.
    bench.press("o]]]");
    assert_eq!(bench.model.context.risk.map(|risk| risk.index()), Some(2));
    bench.shows("at high risk");
    bench.shows("not here (risk): write in dev");
    bench.press("[");
    assert_eq!(bench.model.context.risk.map(|risk| risk.index()), Some(1));
    assert!(!bench.draw().contains("not here (risk)"), "{}", bench.draw());
    bench.press("[[");
    assert_eq!(bench.model.context.risk, None);
    // The phase.
    bench.press("o]");
    assert!(bench.model.context.phase.as_ref().is_some_and(|phase| phase.is("deploy")));
    bench.press("<alt-c>");
    assert!(bench.model.context.is_open());
    bench.shows("the context is cleared");
    // Along time another day is asked for.
    bench.press("o]");
    assert_eq!(bench.model.day, Some(jiff::civil::date(2027, 1, 1)));
    assert!(matches!(bench.effects.last(), Some(Effect::Load(_, Some(_)))), "{:?}", bench.effects.last());
}

#[test]
fn an_agents_card_says_who_can_stop_it_now_who_is_next_and_whom_it_sets_to_work() {
    let mut bench = Bench::new(analysis_of_text(RUN_TIME), (200, 60), &[]);
    bench.at_card("P3");
    bench.shows("disable the identity; away");
    bench.shows("nobody is there now");
    bench.shows("next: now Ana");
    bench.shows("Sets to work in the end");
    bench.shows("through Helper (P4)");
}

#[test]
fn what_is_reached_is_reached_in_the_context() {
    let mut bench = Bench::new(analysis_of_text(RUN_TIME), (120, 40), &[]);
    bench.at_card("P3");
    bench.press(".vvvv");
    bench.shows("Vault");
    bench.shows("Queue");
    // prod, the last environment: what holds in dev only is not reached.
    bench.press("c");
    bench.send(Message::Key(KeyEvent::new(KeyCode::Left, KeyModifiers::NONE)));
    bench.press("<enter>");
    let screen = bench.draw();
    assert!(screen.contains("in prod") && screen.contains("Queue"), "{screen}");
    let reach = bench.model.graph.reach.reach.as_ref().expect("a reach");
    assert_eq!(reach.touches.len(), 1, "{screen}");
}
