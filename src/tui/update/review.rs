//! A meeting on the screen: its agenda, going through it, deciding, and its end.
//!
//! What is decided goes through the session, one step each; how the points of the agenda stand follows
//! from the cards, so that undo and files changed by others need nothing here.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{edit, say, settle};
use crate::analysis::Analysis;
use crate::analysis::decide::{self, decide, last_day};
use crate::analysis::decisions::matches;
use crate::analysis::filter::Words;
use crate::analysis::fixes::Proven;
use crate::catalog::{CardEdit, Entity, FileChange};
use crate::session::meeting::{
    Act, Changed, Course, Known, Meeting, Since, Standing, Verdict, agenda, html, markdown,
};
use crate::tui::actions::Action;
use crate::tui::layers::Ask;
use crate::tui::layers::ask::{About, Answer, Field};
use crate::tui::layout::areas;
use crate::tui::message::Effect;
use crate::tui::model::{Layer, Model, Screen};
use crate::tui::screens::review::choose::{Row, State as Choose, turn_severity};
use crate::tui::screens::review::{Ways, end, page};

/// A meeting of an earlier run is known: it can be taken up again.
pub fn remember(model: &mut Model, meeting: Meeting) {
    model.review.last = Some(meeting);
}

/// The meeting as it is to be kept when the workbench is left.
#[must_use]
pub fn left(model: &Model) -> Option<Meeting> {
    let mut meeting = model.review.meeting.clone().filter(|meeting| meeting.course == Course::Running)?;
    meeting.course = Course::Paused;
    Some(meeting)
}

/// What workers are to be asked for what is on the screen.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    if model.screen != Screen::Review || model.analysis.is_none() || model.applying {
        return Vec::new();
    }
    let mut effects = Vec::new();
    if let Some(meeting) = &model.review.meeting {
        let wanted = meeting.item().map(|item| item.key.clone()).zip(meeting.place());
        if let Some((key, place)) = wanted
            && model.review.ways.as_ref().is_none_or(|ways| ways.key != key)
        {
            model.review.asked += 1;
            model.review.ways = Some(Ways { key, found: None });
            effects.push(Effect::Remedies(model.review.asked, place));
        }
        return effects;
    }
    let choose = &mut model.review.choose;
    let wanted = choose.commit().filter(|name| !name.is_empty()).map(str::to_owned);
    if let Some(name) = wanted {
        let known = choose.known.as_ref().is_some_and(|(known, _)| *known == name);
        let waiting = choose.waiting.as_ref().is_some_and(|(known, _)| *known == name);
        if !known && !waiting && choose.wrong.is_none() {
            model.review.asked += 1;
            choose.waiting = Some((name.clone(), model.review.asked));
            effects.push(Effect::Known(model.review.asked, name));
        }
    }
    effects
}

/// The ways out came.
pub fn ways(model: &mut Model, asked: u64, found: Arc<Vec<Proven>>) {
    if asked == model.review.asked
        && let Some(ways) = &mut model.review.ways
    {
        ways.found = Some(found);
    }
}

/// What there was at a commit came, or why not.
pub fn known(model: &mut Model, asked: u64, known: Result<Arc<Known>, String>) {
    let Some((name, number)) = model.review.choose.waiting.take() else { return };
    if number != asked {
        model.review.choose.waiting = Some((name, number));
        return;
    }
    match known {
        Ok(known) => model.review.choose.known = Some((name, known)),
        Err(why) => model.review.choose.wrong = Some(why),
    }
    refresh(model);
}

/// Makes the agenda that is chosen anew.
pub fn refresh(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let scope = model.review.choose.scope.clone();
    let seen = match (&scope.since, &model.review.last) {
        (Since::Review, Some(last)) => Some(Arc::new(last.seen())),
        _ => None,
    };
    let choose = &mut model.review.choose;
    let commit = choose.known.as_ref().filter(|(name, _)| choose.commit() == Some(name));
    let known = seen.or_else(|| commit.map(|(_, known)| known.clone()));
    if let Some(mistake) = Words::new(&scope.words).mistakes(&analysis).into_iter().next() {
        choose.wrong = Some(mistake);
        choose.places.clear();
        return;
    }
    if choose.commit().is_none() || known.is_some() {
        choose.wrong = None;
    }
    let is_known = choose.commit().is_none() || known.is_some();
    choose.places = if is_known { agenda(&analysis, &scope, known.as_deref()) } else { Vec::new() };
}

/// The cards were analysed anew: the meeting follows.
pub fn arrived(model: &mut Model, analysis: &Arc<Analysis>) -> Vec<Effect> {
    model.review.ways = None;
    super::whatif::stale(model);
    if model.review.following {
        if let Some(meeting) = &mut model.review.meeting {
            meeting.locate(analysis);
        }
        return Vec::new();
    }
    let Some(meeting) = &mut model.review.meeting else {
        refresh(model);
        return Vec::new();
    };
    let count = meeting.items.len();
    if let Some(at) = meeting.follow(analysis) {
        meeting.go_to(at);
    }
    let late = meeting.items.len() - count;
    if late > 0 {
        let words = if late == 1 { "1 gap came up".to_owned() } else { format!("{late} gaps came up") };
        say(model, format!("{words}, at the end of the agenda"), false);
    }
    if let Some(act) = model.review.again.take() {
        open_verdict(model, act);
    }
    keep(model)
}

/// What another workbench says of the meeting, for who looks on.
pub fn followed(model: &mut Model, meeting: Option<Meeting>) {
    let Some(mut meeting) = meeting else {
        model.review.meeting = None;
        return;
    };
    if let Some(analysis) = &model.analysis {
        meeting.locate(analysis);
    }
    let ran = model.review.meeting.is_some();
    let same = model.review.meeting.as_ref().is_some_and(|known| known.at == meeting.at);
    if !same {
        model.review.offset = 0;
    }
    match meeting.course {
        Course::Running => {
            model.review.last = None;
            model.review.meeting = Some(meeting);
        }
        Course::Paused if ran => model.review.meeting = Some(meeting),
        Course::Paused => model.review.last = Some(meeting),
        // One that was over before anybody looked on is not what is waited for.
        Course::Over => {
            model.leaving |= ran;
            model.review.meeting = ran.then_some(meeting);
        }
    }
}

/// A key of who looks on: nothing changes but what is seen here.
pub fn press_following(model: &mut Model, event: KeyEvent) {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    match event.code {
        KeyCode::Char('q') | KeyCode::Esc => model.leaving = true,
        KeyCode::Char('c') if control => model.leaving = true,
        KeyCode::Char('T') => model.theme = model.theme.next(),
        KeyCode::Char('j') | KeyCode::Down => scroll(model, 1),
        KeyCode::Char('k') | KeyCode::Up => scroll(model, -1),
        KeyCode::PageDown | KeyCode::Char(' ') => scroll(model, 8),
        KeyCode::PageUp => scroll(model, -8),
        _ => {}
    }
}

/// Time has passed.
pub fn passed(model: &mut Model, seconds: u64) -> Vec<Effect> {
    match &mut model.review.meeting {
        Some(meeting) => {
            meeting.pass(seconds);
            keep(model)
        }
        None => Vec::new(),
    }
}

/// Does an action on this screen; none where it is for others to do.
pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match &model.review.meeting {
        Some(_) => in_meeting(model, action),
        None => choosing(model, action),
    }
}

fn choosing(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let rows = Choose::rows(model.review.last.as_ref());
    let here = model.review.choose.at(model.review.last.as_ref());
    let place = rows.iter().position(|row| *row == here).unwrap_or(0);
    let go = |model: &mut Model, place: usize| {
        model.review.choose.row = rows.get(place.min(rows.len() - 1)).copied();
    };
    match action {
        Action::Down | Action::NextPane => go(model, place + 1),
        Action::Up | Action::PreviousPane => go(model, place.saturating_sub(1)),
        Action::Top => go(model, 0),
        Action::Bottom => go(model, rows.len()),
        Action::Left | Action::Right => turn(model, here, action == Action::Right),
        Action::Open => {
            return Some(match here {
                Row::Resume => resume(model),
                Row::Begin => begin(model),
                Row::Words => return Some(super::act(model, Action::Filter)),
                Row::Since if model.review.choose.commit().is_some() => {
                    ask_commit(model);
                    Vec::new()
                }
                Row::Since | Row::Severity => {
                    turn(model, here, true);
                    Vec::new()
                }
            });
        }
        _ => return None,
    }
    Some(Vec::new())
}

fn turn(model: &mut Model, row: Row, forward: bool) {
    let choose = &mut model.review.choose;
    match row {
        Row::Severity => choose.scope.severity = turn_severity(choose.scope.severity, forward),
        Row::Since => {
            let commit = choose.known.as_ref().map_or(String::new(), |(name, _)| name.clone());
            let all = [Since::Ever, Since::Review, Since::Commit(commit)];
            let place = match choose.scope.since {
                Since::Ever => 0,
                Since::Review => 1,
                Since::Commit(_) => 2,
            };
            choose.scope.since = all[(place + if forward { 1 } else { 2 }) % 3].clone();
            choose.waiting = None;
        }
        Row::Resume | Row::Words | Row::Begin => return,
    }
    choose.wrong = None;
    refresh(model);
}

fn ask_commit(model: &mut Model) {
    let name = model.review.choose.commit().unwrap_or_default().to_owned();
    let field = Field::new("commit", name);
    let title = "New or worse since which commit: a branch, a tag, HEAD~5, or main... where both parted";
    model.layers.push(Layer::Ask(Box::new(Ask::new(About::Commit, title, vec![field]))));
}

fn begin(model: &mut Model) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    if let Some(wrong) = model.review.choose.wrong.clone() {
        say(model, wrong, true);
        return Vec::new();
    }
    if model.review.choose.waiting.is_some() {
        say(model, "git is still asked what there was", true);
        return Vec::new();
    }
    if model.review.choose.commit().is_some_and(str::is_empty) {
        ask_commit(model);
        return Vec::new();
    }
    let choose = &model.review.choose;
    let meeting = Meeting::begin(&analysis, choose.scope.clone(), &choose.places);
    if meeting.items.is_empty() {
        say(model, "nothing is on this agenda; other words or another time may find some", true);
        return Vec::new();
    }
    run(model, meeting)
}

fn resume(model: &mut Model) -> Vec<Effect> {
    let (Some(analysis), Some(mut meeting)) = (model.analysis.clone(), model.review.last.take()) else {
        return Vec::new();
    };
    meeting.course = Course::Running;
    let _ = meeting.follow(&analysis);
    run(model, meeting)
}

fn run(model: &mut Model, meeting: Meeting) -> Vec<Effect> {
    model.review.meeting = Some(meeting);
    (model.review.ways, model.review.offset) = (None, 0);
    let mut effects = keep(model);
    effects.push(Effect::Clock(true));
    effects
}

fn in_meeting(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let page = areas(model).list.map_or(10, |area| isize::try_from(area.height / 2).unwrap_or(10));
    let at_end = !model.review.has_gap();
    match action {
        Action::Open if at_end => return Some(finish(model)),
        Action::Open | Action::NextGap => go_by(model, 1),
        Action::PreviousGap | Action::PreviousItem => go_by(model, -1),
        Action::Top => go_by(model, -1_000_000),
        Action::Bottom => go_by(model, 1_000_000),
        Action::EndMeeting if at_end => ask_minutes(model),
        Action::EndMeeting => go_by(model, 1_000_000),
        Action::Down => choose_way(model, 1),
        Action::Up => choose_way(model, -1),
        Action::PageDown | Action::HalfDown => {
            scroll(model, page);
            return Some(Vec::new());
        }
        Action::PageUp | Action::HalfUp => {
            scroll(model, -page);
            return Some(Vec::new());
        }
        Action::ApplyFix => return Some(decide_about(model, Act::Fix)),
        Action::AcceptGap => return Some(decide_about(model, Act::Accept)),
        Action::DeferGap => return Some(decide_about(model, Act::Defer)),
        Action::RejectGap => return Some(decide_about(model, Act::Reject)),
        Action::TrackGap => return Some(decide_about(model, Act::Track)),
        Action::Left | Action::Right | Action::NextPane | Action::PreviousPane => {}
        _ => return None,
    }
    Some(keep(model))
}

fn go_by(model: &mut Model, delta: isize) {
    let Some(meeting) = &mut model.review.meeting else { return };
    if meeting.course == Course::Over {
        return;
    }
    let old = meeting.at;
    let at = meeting.at.saturating_add_signed(delta);
    meeting.go_to(at);
    if meeting.at != old {
        (model.review.ways, model.review.offset) = (None, 0);
    }
}

fn choose_way(model: &mut Model, delta: isize) {
    let count = model.review.found().map_or(0, |found| found.len());
    if let Some(meeting) = &mut model.review.meeting {
        meeting.chosen = meeting.chosen.saturating_add_signed(delta).min(count.saturating_sub(1));
    }
}

/// Scrolls what does not fit.
pub fn scroll(model: &mut Model, delta: isize) {
    let Some(body) = areas(model).list else { return };
    let most = page::most_offset(model, body);
    model.review.offset = model.review.offset.saturating_add_signed(delta).min(most);
}

/// One key was pressed that decides: asks who and why. What was decided by a fix is taken back first.
fn decide_about(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(meeting) = &model.review.meeting else { return Vec::new() };
    let Some(item) = meeting.item() else { return Vec::new() };
    if model.readonly {
        say(model, edit::READ_ONLY, true);
        return Vec::new();
    }
    match (meeting.place(), item.standing) {
        (Some(_), _) => open_verdict(model, act),
        (None, Standing::Fixed) => return take_back(model, act),
        (None, _) => say(model, "this gap is gone already: nothing is left to decide", true),
    }
    Vec::new()
}

/// Takes back the fix that closed the gap on the screen, to decide otherwise.
fn take_back(model: &mut Model, act: Act) -> Vec<Effect> {
    let item = model.review.meeting.as_ref().and_then(Meeting::item);
    let Some(verdict) = item.and_then(|item| item.decided()) else { return Vec::new() };
    let changes: Vec<FileChange> = verdict
        .changes
        .iter()
        .map(|change| FileChange {
            path: change.path.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        })
        .collect();
    let name = format!("taken back: {}", verdict.fix.as_deref().unwrap_or("a fix"));
    let effects = edit::reverse(model, &name, &changes);
    if !effects.is_empty() {
        model.review.again = Some(act);
    }
    effects
}

fn open_verdict(model: &mut Model, act: Act) {
    let Some(analysis) = model.analysis.clone() else { return };
    let Some(meeting) = &model.review.meeting else { return };
    let Some(finding) = model.review.finding(&analysis) else { return };
    let is_about_decision = matches!(finding.subject, Entity::Decision(_) | Entity::Ignore(_));
    if is_about_decision && act != Act::Fix {
        say(model, "nothing is decided about a decision: change it, remove it, or go on", true);
        return;
    }
    let title = match act {
        Act::Fix => {
            let chosen = model.review.found().and_then(|found| found.get(meeting.chosen));
            match chosen {
                Some(Proven { fix, outcome: Some(_) }) => format!("Apply: {}", fix.title),
                Some(_) => {
                    say(model, "this is advice: there is nothing to apply; t tracks it as a work item", true);
                    return;
                }
                None if model.review.found().is_some() => {
                    say(model, "no edit of the cards closes this gap; t tracks it as a work item", true);
                    return;
                }
                None => {
                    say(model, "the ways out are still being tried", true);
                    return;
                }
            }
        }
        Act::Accept => "Accept it as it is, until a day".to_owned(),
        Act::Defer => "Defer it: look at it again on a day".to_owned(),
        Act::Reject => "Reject it: it is no gap".to_owned(),
        Act::Track => "Track it as a work item".to_owned(),
    };
    // What was said before about the same is there to be changed.
    let said = meeting.item().and_then(|item| item.verdict.as_ref());
    let before = said.filter(|verdict| verdict.act == act);
    let mut fields = Vec::new();
    if act.ends() {
        let until = before.and_then(|verdict| verdict.until).map(|day| day.to_string());
        fields.push(Field::new("until", until.unwrap_or_else(|| meeting.until.clone())));
    }
    if act == Act::Track {
        fields
            .push(Field::new("as", before.and_then(|verdict| verdict.work_item.clone()).unwrap_or_default()));
    }
    let catalog = &analysis.catalog;
    let people = catalog.people.iter().map(|person| person.name.written().to_owned());
    let personas = catalog.personas.iter().map(|persona| persona.name.written().to_owned());
    let by = Field { known: people.chain(personas).collect(), ..Field::new("by", meeting.by.clone()) };
    fields.push(by);
    let why = before.map_or(String::new(), |verdict| verdict.why.clone());
    fields.push(Field { optional: matches!(act, Act::Fix | Act::Track), ..Field::new("because", why) });
    let mut ask = Ask::new(About::Verdict(act), title, fields);
    if act == Act::Fix && !ask.text("by").is_empty() {
        ask.at = ask.fields.len() - 1;
    }
    model.layers.push(Layer::Ask(Box::new(ask)));
}

fn ask_minutes(model: &mut Model) {
    let Some(meeting) = model.review.meeting.as_ref().filter(|meeting| meeting.course != Course::Over) else {
        return;
    };
    let field = Field::new("file", end::minutes_path(meeting));
    let title = "Write the minutes where? Below the catalog's folder; the page stands beside it as .html";
    model.layers.push(Layer::Ask(Box::new(Ask::new(About::Minutes, title, vec![field]))));
}

/// A key for the questions.
pub fn press_ask(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Layer::Ask(ask)) = model.layers.last_mut() else { return Vec::new() };
    match ask.press(event) {
        Answer::Stays => Vec::new(),
        Answer::Leaves => {
            model.layers.pop();
            settle(model);
            Vec::new()
        }
        Answer::Done => {
            let Some(Layer::Ask(mut ask)) = model.layers.pop() else { return Vec::new() };
            let done = match ask.about {
                About::Verdict(act) => decided(model, act, &ask),
                About::Commit => {
                    let choose = &mut model.review.choose;
                    choose.scope.since = Since::Commit(ask.text("commit").to_owned());
                    (choose.wrong, choose.waiting) = (None, None);
                    refresh(model);
                    Ok(Vec::new())
                }
                About::Minutes => minutes_go(model, ask.text("file")),
            };
            done.unwrap_or_else(|why| {
                ask.error = Some(why);
                model.layers.push(Layer::Ask(ask));
                Vec::new()
            })
        }
    }
}

fn minutes_go(model: &mut Model, path: &str) -> Result<Vec<Effect>, String> {
    let named = std::path::Path::new(path).extension().is_some_and(|extension| extension == "md");
    let path = if named { path.to_owned() } else { format!("{path}.md") };
    if let Some(meeting) = &mut model.review.meeting {
        meeting.minutes = Some(path);
    }
    Ok(keep(model))
}

/// Something is decided: one step of the session, and the next point of the agenda.
fn decided(model: &mut Model, act: Act, ask: &Ask) -> Result<Vec<Effect>, String> {
    let Some(analysis) = model.analysis.clone() else { return Ok(Vec::new()) };
    let Some(place) = model.review.meeting.as_ref().and_then(Meeting::place) else {
        return Err("this gap is gone meanwhile".to_owned());
    };
    let text = |name: &str| Some(ask.text(name).to_owned()).filter(|text| !text.is_empty());
    let until = act.ends().then(|| last_day(ask.text("until"), analysis.day)).transpose()?;
    let mut verdict = Verdict {
        act,
        by: ask.text("by").to_owned(),
        why: ask.text("because").to_owned(),
        decided: analysis.day,
        until,
        work_item: text("as"),
        fix: None,
        changes: Vec::new(),
        closes: Vec::new(),
        opens: Vec::new(),
    };
    let edits = match act.action() {
        Some(action) => {
            let card = decide::Verdict {
                action,
                reason: text("because"),
                by: text("by"),
                decided: verdict.decided,
                until,
                work_item: verdict.work_item.clone(),
            };
            decide(&analysis, &[place], &card)?
        }
        None => fixing(model, &analysis, place, &mut verdict)?,
    };
    let finding = &analysis.findings[place];
    let name = format!("{} of {} {}", finding.rule.id, analysis.catalog.id(finding.subject), act.word());
    let Some((changes, mut effects)) = edit::make(model, &name, &edits, "") else {
        let why = model.toast.take().map_or("this cannot be written".to_owned(), |toast| toast.text);
        return Err(why);
    };
    verdict.changes = changes.iter().map(Changed::from).collect();
    if let Some(meeting) = &mut model.review.meeting {
        if act.ends() {
            meeting.until = ask.text("until").to_owned();
        }
        meeting.decide(verdict);
        meeting.go_on();
    }
    (model.review.ways, model.review.offset) = (None, 0);
    effects.extend(keep(model));
    Ok(effects)
}

/// The edits of the chosen fix; a decision about the gap goes with it, since it would have nothing left to say.
fn fixing(
    model: &Model,
    analysis: &Analysis,
    place: usize,
    verdict: &mut Verdict,
) -> Result<Vec<CardEdit>, String> {
    let chosen = model.review.meeting.as_ref().map_or(0, |meeting| meeting.chosen);
    let proven = model.review.found().and_then(|found| found.get(chosen));
    let Some(Proven { fix, outcome: Some(outcome) }) = proven else {
        return Err("the ways out have changed meanwhile; choose again".to_owned());
    };
    verdict.fix = Some(fix.title.clone());
    // They were tried without what logs prove.
    let bare = model.bare.as_deref().unwrap_or(analysis);
    let gone = outcome.gone.iter().filter_map(|gone| bare.findings.get(*gone));
    let others = gone.filter(|other| !other.same_key(&analysis.findings[place]));
    verdict.closes = others.map(|other| other.message.clone()).collect();
    verdict.opens = outcome.new_findings().map(|finding| finding.message.clone()).collect();
    let catalog = &analysis.catalog;
    let finding = &analysis.findings[place];
    let stale = catalog.decisions.iter().filter(|card| matches(catalog, card, finding));
    let mut edits = fix.edits.clone();
    for card in stale {
        let removal = CardEdit::Remove(card.place.card);
        if !edits.contains(&removal) {
            edits.push(removal);
        }
    }
    Ok(edits)
}

/// Ends the meeting: the cards are saved, then the minutes are written. Ended, it makes way for another.
fn finish(model: &mut Model) -> Vec<Effect> {
    let Some(meeting) = &model.review.meeting else { return Vec::new() };
    if meeting.course == Course::Over {
        model.review.last = model.review.meeting.take();
        model.review.choose = Choose::default();
        refresh(model);
        return Vec::new();
    }
    if model.readonly {
        say(model, edit::READ_ONLY, true);
        return Vec::new();
    }
    model.review.ending = true;
    if model.session.unsaved().next().is_none() {
        return write_minutes(model);
    }
    let effects = edit::save(model, true);
    // A conflict has to be settled first; then one presses again.
    model.review.ending = effects.iter().any(|effect| matches!(effect, Effect::Save(_)));
    effects
}

/// The cards were saved: if that was for the end of the meeting, its minutes are next.
pub fn saved(model: &mut Model) -> Vec<Effect> {
    if model.review.ending { write_minutes(model) } else { Vec::new() }
}

/// They could not be saved.
pub fn unsaved(model: &mut Model) {
    model.review.ending = false;
}

fn write_minutes(model: &mut Model) -> Vec<Effect> {
    model.review.ending = false;
    let Some(meeting) = &model.review.meeting else { return Vec::new() };
    let mut over = meeting.clone();
    over.course = Course::Over;
    model.working = Some("writing the minutes".to_owned());
    let chosen = meeting.minutes.is_some();
    vec![Effect::Minutes {
        path: end::minutes_path(meeting),
        markdown: markdown(&over),
        html: html(&over),
        chosen,
    }]
}

/// The minutes were written, or why not.
pub fn minutes(model: &mut Model, written: Result<String, String>) -> Vec<Effect> {
    model.working = None;
    match written {
        Ok(path) => {
            if let Some(meeting) = &mut model.review.meeting {
                meeting.minutes = Some(path.clone());
                meeting.course = Course::Over;
            }
            say(model, format!("the review has ended; its minutes are in {path}"), false);
            let mut effects = keep(model);
            effects.push(Effect::Clock(false));
            effects
        }
        Err(why) => {
            say(model, why, true);
            Vec::new()
        }
    }
}

fn keep(model: &Model) -> Vec<Effect> {
    match &model.review.meeting {
        Some(meeting) if !model.review.following => vec![Effect::KeepMeeting(Box::new(meeting.clone()))],
        _ => Vec::new(),
    }
}
