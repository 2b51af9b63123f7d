//! The play itself: routing by routing, hop by hop, access by access.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::chance::Chance;
use super::trail::{TrailEvent, UNJUDGED, expected};
use super::{Expected, Plan, Played};
use crate::analysis::Analysis;
use crate::analysis::routes::asks::{
    Ask, Ruling, Setting, approvers, asks, asks_of_grant, nearest, ruling, tool_level,
};
use crate::analysis::routes::phrases::ask_words;
use crate::analysis::routes::{MOST_MOVES, Move, movers};
use crate::audit::event::written;
use crate::audit::judge::Verdict;
use crate::card::kinds::Mode;
use crate::catalog::{Actor, Grant, Level, Named, PersonaId, Trigger};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
/// How far hand-overs beside the route go.
const DEPTH: usize = 3;

/// Plays until there are enough events, or the sink has enough.
pub fn play<E>(
    analysis: &Analysis,
    plan: &Plan,
    sink: &mut dyn FnMut(&TrailEvent, Expected) -> Result<(), E>,
) -> Result<Played, E> {
    let scenario = &analysis.catalog.scenarios[plan.scenario.index()];
    let (movers, there) = movers(scenario);
    let mut failure = None;
    let mut take = |event: &TrailEvent, expected: Expected| match sink(event, expected) {
        Ok(()) => true,
        Err(error) => {
            failure = Some(error);
            false
        }
    };
    let mut stage = Stage {
        analysis,
        plan,
        movers,
        there,
        chance: Chance::new(plan.seed, 29, 0),
        now: plan.start,
        routing: 0,
        active: Vec::new(),
        closed: false,
        played: Played { triggers: vec![(0, 0); scenario.triggers.len()], ..Played::default() },
        sink: &mut take,
    };
    let routers: Vec<PersonaId> = scenario.router.iter().filter_map(|named| named.target).collect();
    while stage.is_open() {
        let trigger = stage.chance.below(scenario.triggers.len());
        let router = routers[stage.chance.below(routers.len())];
        // An error of the sink, or the last event, ends a routing where it stands.
        let _ = stage.routing(trigger, &scenario.triggers[trigger], router);
        stage.active.clear();
        stage.now += MINUTE + stage.within(4 * 60 * MINUTE);
    }
    let played = stage.played;
    match failure {
        Some(error) => Err(error),
        None => Ok(played),
    }
}

/// No more events are taken.
#[derive(Debug)]
struct Full;

type Step<T = ()> = Result<T, Full>;

/// A grant that is active.
#[derive(Clone, Debug)]
struct Active<'a> {
    persona: PersonaId,
    trigger: &'a Trigger,
    grant: usize,
    ask: Ask,
    /// Until when, in microseconds.
    until: i64,
    /// Whether it stays until the route ends, not only the persona's part.
    whole_route: bool,
    approved_by: Option<Actor>,
    behalf: Option<PersonaId>,
    event: String,
}

/// Somebody at work on a routing.
#[derive(Clone, Debug)]
struct At<'a> {
    persona: PersonaId,
    /// Who set it to work.
    behalf: Option<PersonaId>,
    /// The event that did.
    parent: String,
    trigger: &'a Trigger,
    depth: usize,
}

struct Stage<'a> {
    analysis: &'a Analysis,
    plan: &'a Plan,
    movers: Vec<PersonaId>,
    there: u64,
    chance: Chance,
    now: i64,
    routing: u64,
    active: Vec<Active<'a>>,
    closed: bool,
    played: Played,
    sink: &'a mut dyn FnMut(&TrailEvent, Expected) -> bool,
}

impl<'a> Stage<'a> {
    fn is_open(&self) -> bool {
        !self.closed && self.played.events < self.plan.events
    }

    /// Some time, up to a limit, in microseconds: whole seconds, as people and logs have them.
    fn within(&mut self, most: i64) -> i64 {
        let seconds = usize::try_from(most / SECOND).unwrap_or(0);
        i64::try_from(self.chance.below(seconds)).unwrap_or(0) * SECOND + SECOND
    }

    fn day(&self) -> Date {
        day(self.now).unwrap_or(self.analysis.day)
    }

    fn setting(&self, trigger: &Trigger) -> Setting {
        Setting { phase: trigger.phase.clone(), risk: trigger.risk, day: self.day() }
    }

    fn id(&self, persona: PersonaId) -> String {
        self.analysis.catalog.id(persona.into()).into_owned()
    }

    fn is_there(&self, persona: PersonaId) -> bool {
        let place = self.movers.iter().position(|mover| *mover == persona);
        place.is_none_or(|place| self.there & 1 << place != 0)
    }

    /// One change, from the router to the end or to where it is stuck.
    fn routing(&mut self, number: usize, trigger: &'a Trigger, router: PersonaId) -> Step {
        self.routing += 1;
        let moves = self.order(trigger);
        self.played.triggers[number].0 += 1;
        let mut giver: Option<(PersonaId, String)> = None;
        let mut stuck = false;
        for one in moves {
            match one {
                Move::Joins(id) => self.moves(id, true, trigger)?,
                Move::Leaves(id) => self.moves(id, false, trigger)?,
                // What is left of a route that is stuck does not happen; joins and leaves do.
                Move::Hop(_) if stuck => {}
                Move::Hop(0) => {
                    let here = self.is_there(router);
                    let first = self.begin(router, trigger, here)?;
                    let at = At { persona: router, behalf: None, parent: first.clone(), trigger, depth: 0 };
                    stuck = if here {
                        self.work(&at, Some((number, 0)))?
                    } else {
                        self.stuck(number, 0, "not-there");
                        true
                    };
                    if !stuck && trigger.route.is_empty() {
                        self.stuck(number, 0, "no-route");
                        self.escalate(&at, "nobody to hand over to", &first)?;
                        stuck = true;
                    }
                    giver = Some((router, first));
                }
                Move::Hop(place) => {
                    let Some((from, parent)) = giver.clone() else { continue };
                    let taker = &trigger.route[place - 1];
                    match self.hop(number, place, (from, parent), taker, trigger)? {
                        Some(next) => giver = Some(next),
                        None => stuck = true,
                    }
                }
            }
        }
        self.revoke_all(|_| true)?;
        if !stuck {
            self.played.triggers[number].1 += 1;
        }
        Ok(())
    }

    /// A drawn order of joins, leaves and hops; the hops keep theirs.
    fn order(&mut self, trigger: &Trigger) -> Vec<Move> {
        let mut moving: Vec<Move> = Vec::new();
        let joins = trigger.joins.iter().filter_map(|named| named.target).map(Move::Joins);
        let leaves = trigger.leaves.iter().filter_map(|named| named.target).map(Move::Leaves);
        for one in joins.chain(leaves) {
            let id = match one {
                Move::Joins(id) | Move::Leaves(id) => id,
                Move::Hop(_) => continue,
            };
            if self.movers.contains(&id) && !moving.contains(&one) {
                moving.push(one);
            }
        }
        // As where all orders are walked: what is too much joins at the start, or leaves in the end.
        let rest = moving.split_off(moving.len().min(MOST_MOVES));
        let (mut out, late): (Vec<Move>, Vec<Move>) =
            rest.into_iter().partition(|one| matches!(one, Move::Joins(_)));
        let mut hop = 0;
        let hops = trigger.route.len() + 1;
        while hop < hops || !moving.is_empty() {
            let left = hops - hop;
            let drawn = self.chance.below(moving.len() + left);
            if drawn < moving.len() {
                out.push(moving.remove(drawn));
            } else {
                out.push(Move::Hop(hop));
                hop += 1;
            }
        }
        out.extend(late);
        out
    }

    fn moves(&mut self, id: PersonaId, joins: bool, trigger: &Trigger) -> Step {
        let Some(place) = self.movers.iter().position(|mover| *mover == id) else { return Ok(()) };
        if joins == self.is_there(id) {
            return Ok(());
        }
        if joins {
            self.there |= 1 << place;
        } else {
            // Whoever leaves takes nothing along.
            self.revoke_all(|active| active.persona == id)?;
            self.there &= !(1 << place);
        }
        self.now += self.chance_seconds(30);
        let action = if joins { "join" } else { "leave" };
        let event = TrailEvent {
            agent: self.id(id),
            action: action.to_owned(),
            decision: "allow".to_owned(),
            outcome: "success".to_owned(),
            ..self.blank(trigger)
        };
        self.put(event, UNJUDGED)?;
        Ok(())
    }

    fn chance_seconds(&mut self, most: i64) -> i64 {
        self.within(most * SECOND)
    }

    fn begin(&mut self, router: PersonaId, trigger: &Trigger, here: bool) -> Step<String> {
        let change = trigger.change.as_ref().map_or("a change", |change| change.written());
        let event = TrailEvent {
            agent: self.id(router),
            action: format!("receive {change}"),
            outcome: if here { "success" } else { "failure" }.to_owned(),
            ..self.blank(trigger)
        };
        self.put(event, UNJUDGED)
    }

    /// A hand-over along the route, and the taker's part; the giver of the next, or nothing where the
    /// change is stuck.
    fn hop(
        &mut self,
        number: usize,
        place: usize,
        (from, parent): (PersonaId, String),
        taker: &Named<PersonaId>,
        trigger: &'a Trigger,
    ) -> Step<Option<(PersonaId, String)>> {
        let catalog = &self.analysis.catalog;
        let why = match taker.target {
            None => Some("no-card"),
            Some(id) if !self.is_there(id) => Some("not-there"),
            Some(id) => {
                let human = catalog.personas[id.index()].is_human();
                let nobody = !self.analysis.facts.is_embodied(catalog, id);
                (human && nobody).then_some("nobody-embodies")
            }
        };
        let giver = At { persona: from, behalf: None, parent, trigger, depth: 0 };
        let event = self.hand_over(&giver, taker, why.is_none())?;
        if let Some(why) = why {
            self.stuck(number, place, why);
            self.escalate(&giver, &format!("{} cannot take over", taker.name), &event)?;
            return Ok(None);
        }
        let Some(id) = taker.target else { return Ok(None) };
        self.played.handed_over += 1;
        let at = At { persona: id, behalf: Some(from), parent: event.clone(), trigger, depth: 0 };
        let stuck = self.work(&at, Some((number, place)))?;
        Ok((!stuck).then_some((id, event)))
    }

    fn hand_over(&mut self, giver: &At<'_>, taker: &Named<PersonaId>, works: bool) -> Step<String> {
        self.now += self.chance_seconds(20);
        let name = taker.target.map_or_else(|| taker.name.to_string(), |id| self.id(id));
        let interactions = &self.analysis.catalog.personas[giver.persona.index()].interactions;
        let protocol = interactions.iter().find(|one| {
            one.name == taker.name
                || taker.target.is_some_and(|id| one.party == crate::catalog::Party::Persona(id))
        });
        let action = match protocol.and_then(|one| one.protocol.as_ref()) {
            Some(protocol) => format!("hand over to {name} by {protocol}"),
            None => format!("hand over to {name}"),
        };
        let event = TrailEvent {
            agent: self.id(giver.persona),
            action,
            outcome: if works { "success" } else { "failure" }.to_owned(),
            on_behalf_of: giver.behalf.map_or_else(String::new, |id| self.id(id)),
            parent: giver.parent.clone(),
            ..self.blank(giver.trigger)
        };
        self.put(event, UNJUDGED)
    }

    /// Somebody's part: what it needs, where it strays to, and whom it sets to work beside the route.
    /// Whether the change is stuck there; `stop` is the trigger and the place of the stop.
    fn work(&mut self, at: &At<'a>, stop: Option<(usize, usize)>) -> Step<bool> {
        let own = &self.analysis.catalog.personas[at.persona.index()];
        if own.is_human() {
            return Ok(false);
        }
        let mut needed = asks(self.analysis, at.persona, at.trigger.phase.as_ref());
        let is_needed = !needed.is_empty();
        if !is_needed {
            // Where no card says what it does, it may do what its grants give: some of it.
            let context = self.setting(at.trigger).context();
            let day = self.day();
            let admitted = own.grants.iter().filter(|grant| context.refusals(grant, day).is_empty());
            needed = admitted.flat_map(asks_of_grant).collect();
            needed.retain(|_| self.chance.percent(50));
        }
        for place in (1..needed.len()).rev() {
            let other = self.chance.below(place + 1);
            needed.swap(place, other);
        }
        let mut stuck = false;
        for ask in needed {
            if self.chance.percent(self.plan.strays) {
                self.stray(at)?;
            }
            if let Some(why) = self.access(at, &ask)?
                && is_needed
            {
                stuck = true;
                if let Some((number, place)) = stop {
                    self.stuck(number, place, why);
                }
                break;
            }
        }
        if !stuck && at.depth < DEPTH && !own.invokes.is_empty() && self.chance.percent(self.plan.strays) {
            self.invoke(at)?;
        }
        let persona = at.persona;
        self.revoke_all(|active| active.persona == persona && !active.whole_route)?;
        Ok(stuck)
    }

    /// Sets somebody to work whom it may, beside the route.
    fn invoke(&mut self, at: &At<'a>) -> Step {
        let analysis = self.analysis;
        let invokes = &analysis.catalog.personas[at.persona.index()].invokes;
        let Some(taker) = self.chance.one_of(invokes) else { return Ok(()) };
        let there = taker.target.filter(|id| self.is_there(*id));
        let event = self.hand_over(at, taker, there.is_some())?;
        let Some(id) = there else { return Ok(()) };
        self.played.handed_over += 1;
        let next = At {
            persona: id,
            behalf: Some(at.persona),
            parent: event,
            trigger: at.trigger,
            depth: at.depth + 1,
        };
        self.work(&next, None)?;
        Ok(())
    }

    /// Asks for something that is not its task: more, elsewhere, or of something else.
    fn stray(&mut self, at: &At<'a>) -> Step {
        let analysis = self.analysis;
        let catalog = &analysis.catalog;
        let settings = &catalog.settings;
        if catalog.components.is_empty() {
            return Ok(());
        }
        let grants = &catalog.personas[at.persona.index()].grants;
        let levels = settings.access_levels.len();
        let mut ask = match self.chance.one_of(grants) {
            Some(grant) if self.chance.percent(70) => {
                let all = asks_of_grant(grant);
                let Some(one) = self.chance.one_of(&all) else { return Ok(()) };
                one.clone()
            }
            _ => Ask {
                component: crate::catalog::ComponentId::from_index(
                    self.chance.below(catalog.components.len()),
                ),
                environment: None,
                level: None,
                tool: None,
            },
        };
        match self.chance.below(3) {
            0 => {
                ask.environment = Some(self.chance.below(settings.environments.len()))
                    .filter(|_| !settings.environments.is_empty())
            }
            1 if levels > 0 => ask.level = u8::try_from(self.chance.below(levels)).ok().map(Level),
            _ => {
                let tools = &catalog.components[ask.component.index()].tools;
                ask.tool = self.chance.one_of(tools).map(|(name, _)| name.clone());
                ask.level = tool_level(catalog, ask.component, ask.tool.as_ref()).or(ask.level);
            }
        }
        self.access(at, &ask)?;
        Ok(())
    }

    /// One access: approved, activated and used, or refused. Why it was not taken.
    fn access(&mut self, at: &At<'a>, ask: &Ask) -> Step<Option<&'static str>> {
        self.now += self.chance_seconds(90);
        self.revoke_lapsed()?;
        // A tool says at which level it works where nothing else does.
        let level =
            ask.level.or_else(|| tool_level(&self.analysis.catalog, ask.component, ask.tool.as_ref()));
        let ask = &Ask { level, ..ask.clone() };
        let Ruling::Admitted(grant) = ruling(self.analysis, at.persona, ask, &self.setting(at.trigger))
        else {
            return self.refuse(at, ask, "refused");
        };
        let stated = &self.analysis.catalog.personas[at.persona.index()].grants[grant];
        let held = self.active.iter().find(|one| one.persona == at.persona && one.grant == grant);
        let (approved_by, parent) = match held {
            Some(held) => (held.approved_by, held.event.clone()),
            None => {
                let (approved_by, parent) = match self.approval(at, ask, stated)? {
                    Approved::Unneeded => (None, at.parent.clone()),
                    Approved::By(actor, event) => (Some(actor), event),
                    Approved::Refused => return self.refuse(at, ask, "approval-refused"),
                    Approved::Nobody => return self.refuse(at, ask, "nobody-approves"),
                };
                self.now += self.chance_seconds(10);
                // Waiting may have taken until the grant was over.
                if !self.is_allowed(at, ask, approved_by) {
                    return self.refuse(at, ask, "refused");
                }
                (approved_by, self.activate(at, ask, grant, approved_by, parent)?)
            }
        };
        self.now += self.chance_seconds(20);
        self.revoke_lapsed()?;
        if !self.is_allowed(at, ask, approved_by) {
            return self.refuse(at, ask, "refused");
        }
        let action = match (&ask.tool, ask.level) {
            (Some(_), _) => "call".to_owned(),
            (None, Some(level)) => self.analysis.catalog.settings.level(level).to_owned(),
            (None, None) => "use".to_owned(),
        };
        let failed = self.chance.percent(2);
        let event = TrailEvent {
            decision: "allow".to_owned(),
            outcome: if failed { "failure" } else { "success" }.to_owned(),
            approval: approved_by.map_or_else(String::new, |actor| self.word(actor)),
            parent,
            ..self.about(at, ask, &action)
        };
        let found = expected(self.analysis, at.persona, ask, &self.setting(at.trigger), approved_by);
        self.put(event, found)?;
        self.played.taken += 1;
        Ok(None)
    }

    /// Whether a grant admits an access now, with the approval that was given.
    fn is_allowed(&self, at: &At<'_>, ask: &Ask, approved_by: Option<Actor>) -> bool {
        let found = expected(self.analysis, at.persona, ask, &self.setting(at.trigger), approved_by);
        found.verdict == Verdict::Allowed
    }

    fn activate(
        &mut self,
        at: &At<'a>,
        ask: &Ask,
        place: usize,
        approved_by: Option<Actor>,
        parent: String,
    ) -> Step<String> {
        let grant = &self.analysis.catalog.personas[at.persona.index()].grants[place];
        let mut active = Active {
            persona: at.persona,
            trigger: at.trigger,
            grant: place,
            ask: ask.clone(),
            until: until(grant, self.now),
            whole_route: grant.mode != Some(Mode::JustInTime),
            approved_by,
            behalf: at.behalf,
            event: parent.clone(),
        };
        if grant.is_standing() {
            // It needs no activation; where it was approved, that is remembered for the route.
            if approved_by.is_some() {
                self.active.push(active);
            }
            return Ok(parent);
        }
        let event = TrailEvent {
            decision: "allow".to_owned(),
            outcome: "success".to_owned(),
            approval: approved_by.map_or_else(String::new, |actor| self.word(actor)),
            parent,
            ..self.about(at, ask, "activate")
        };
        let found = expected(self.analysis, at.persona, ask, &self.setting(at.trigger), approved_by);
        let id = self.put(event, found)?;
        self.played.activated += 1;
        active.event.clone_from(&id);
        self.active.push(active);
        Ok(id)
    }

    /// Asks one of those who can approve, where somebody has to.
    fn approval(&mut self, at: &At<'_>, ask: &Ask, grant: &Grant) -> Step<Approved> {
        if grant.approval.is_empty() {
            return Ok(Approved::Unneeded);
        }
        let words = ask_words(&self.analysis.catalog, ask);
        let can = approvers(self.analysis, grant);
        let Some(actor) = self.chance.one_of(&can).copied() else {
            let names: Vec<&str> = grant.approval.iter().map(|named| named.name.written()).collect();
            let event = TrailEvent {
                action: format!("ask {} to approve {words}", names.join(", ")),
                outcome: "failure".to_owned(),
                ..self.about_nothing(at)
            };
            self.put(event, UNJUDGED)?;
            self.played.unasked += 1;
            return Ok(Approved::Nobody);
        };
        let name = self.word(actor);
        let event = TrailEvent {
            action: format!("ask {name} to approve {words}"),
            outcome: "success".to_owned(),
            ..self.about_nothing(at)
        };
        let asked = self.put(event, UNJUDGED)?;
        self.now += self.within(20 * MINUTE);
        self.revoke_lapsed()?;
        let refused = self.chance.percent(self.plan.refusals);
        let counts = self.played.asked.entry(actor).or_default();
        counts.0 += 1;
        counts.1 += u64::from(refused);
        let who = self.id(at.persona);
        let verb = if refused { "refuse" } else { "approve" };
        let event = TrailEvent {
            agent: name,
            action: format!("{verb} {words} for {who}"),
            decision: if refused { "deny" } else { "allow" }.to_owned(),
            outcome: "success".to_owned(),
            parent: asked,
            ..self.blank(at.trigger)
        };
        let event = self.put(event, UNJUDGED)?;
        Ok(if refused { Approved::Refused } else { Approved::By(actor, event) })
    }

    /// An access that is denied, and what is said of it up the line. Gives back why.
    fn refuse(&mut self, at: &At<'_>, ask: &Ask, why: &'static str) -> Step<Option<&'static str>> {
        let setting = self.setting(at.trigger);
        let lacks = nearest(self.analysis, at.persona, ask, &setting, None).map(|(_, lacks)| lacks);
        let lack = lacks.and_then(|lacks| lacks.first().copied());
        *self.played.refused.entry((at.persona, lack)).or_default() += 1;
        let event = TrailEvent {
            decision: "deny".to_owned(),
            outcome: "denied".to_owned(),
            ..self.about(at, ask, "ask")
        };
        let id = self.put(event, expected(self.analysis, at.persona, ask, &setting, None))?;
        let words = ask_words(&self.analysis.catalog, ask);
        self.escalate(at, &format!("refused {words}"), &id)?;
        Ok(Some(why))
    }

    /// Goes to the first whom it escalates to and who is there; a human then steps in.
    fn escalate(&mut self, at: &At<'_>, what: &str, parent: &str) -> Step {
        let analysis = self.analysis;
        let own = &analysis.catalog.personas[at.persona.index()];
        let there = own.escalates_to.iter().filter_map(|named| named.target).find_map(|actor| match actor {
            Actor::Person(id) => Some(actor).filter(|_| analysis.catalog.people[id.index()].active),
            Actor::Persona(id) if !analysis.catalog.personas[id.index()].is_human() => {
                Some(actor).filter(|_| self.is_there(id))
            }
            Actor::Persona(id) if analysis.catalog.people.is_empty() => Some(Actor::Persona(id)),
            Actor::Persona(id) => analysis.facts.embodied_by[id.index()].first().map(|person| {
                let person = Actor::Person(*person);
                let word = crate::card::words::Name::new(&analysis.catalog.id(person.into()));
                if analysis.catalog.find_actor(&word) == Some(person) { person } else { actor }
            }),
        });
        let Some(actor) = there else {
            self.played.unescalated += 1;
            return Ok(());
        };
        *self.played.escalated.entry(actor).or_default() += 1;
        self.now += self.chance_seconds(30);
        let name = self.word(actor);
        let event = TrailEvent {
            action: format!("escalate to {name}: {what}"),
            outcome: "success".to_owned(),
            parent: parent.to_owned(),
            ..self.about_nothing(at)
        };
        let id = self.put(event, UNJUDGED)?;
        let human = match actor {
            Actor::Person(_) => true,
            Actor::Persona(id) => analysis.catalog.personas[id.index()].is_human(),
        };
        if human {
            self.now += self.within(30 * MINUTE);
            let who = self.id(at.persona);
            let event = TrailEvent {
                agent: name,
                action: format!("step in for {who}"),
                decision: "deny".to_owned(),
                outcome: "success".to_owned(),
                parent: id,
                ..self.blank(at.trigger)
            };
            self.put(event, UNJUDGED)?;
        }
        Ok(())
    }

    /// Revokes what has lapsed by now, each at the moment when it did.
    fn revoke_lapsed(&mut self) -> Step {
        while let Some(place) = self
            .active
            .iter()
            .enumerate()
            .filter(|(_, one)| one.until <= self.now)
            .min_by_key(|(_, one)| one.until)
            .map(|(place, _)| place)
        {
            let one = self.active.remove(place);
            let later = self.now;
            // Never before what was written last.
            let last = self.played.span.map_or(self.plan.start, |(_, last)| last);
            self.now = one.until.max(last);
            self.revoke(&one)?;
            self.now = later;
        }
        Ok(())
    }

    fn revoke_all(&mut self, which: impl Fn(&Active<'a>) -> bool) -> Step {
        self.revoke_lapsed()?;
        let (gone, kept): (Vec<Active<'a>>, Vec<Active<'a>>) =
            std::mem::take(&mut self.active).into_iter().partition(which);
        self.active = kept;
        for one in gone {
            self.now += SECOND;
            // The second may be the one in which it lapses; what is over on the next day is not revoked then.
            self.now = self.now.min(one.until.max(self.played.span.map_or(self.now, |(_, last)| last)));
            self.revoke(&one)?;
        }
        Ok(())
    }

    fn revoke(&mut self, one: &Active<'a>) -> Step {
        let analysis = self.analysis;
        let grant = &analysis.catalog.personas[one.persona.index()].grants[one.grant];
        if grant.is_standing() {
            return Ok(());
        }
        let trigger = one.trigger;
        let at =
            At { persona: one.persona, behalf: one.behalf, parent: one.event.clone(), trigger, depth: 0 };
        let event = TrailEvent {
            decision: "allow".to_owned(),
            outcome: "success".to_owned(),
            approval: one.approved_by.map_or_else(String::new, |actor| self.word(actor)),
            parent: one.event.clone(),
            ..self.about(&at, &one.ask, "revoke")
        };
        let found = expected(analysis, one.persona, &one.ask, &self.setting(trigger), one.approved_by);
        self.put(event, found)?;
        self.played.revoked += 1;
        Ok(())
    }

    fn stuck(&mut self, trigger: usize, place: usize, why: &'static str) {
        *self.played.stuck.entry((trigger, place, why)).or_default() += 1;
    }

    /// The word by which a log knows somebody.
    fn word(&self, actor: Actor) -> String {
        self.analysis.catalog.id(actor.into()).into_owned()
    }

    fn blank(&self, trigger: &Trigger) -> TrailEvent {
        let settings = &self.analysis.catalog.settings;
        TrailEvent {
            phase: trigger.phase.as_ref().map_or_else(String::new, |phase| phase.written().to_owned()),
            risk: trigger.risk.map_or_else(String::new, |risk| settings.risk(risk).to_owned()),
            trace: format!("s{:x}-r{}", self.plan.seed, self.routing),
            ..TrailEvent::default()
        }
    }

    fn about_nothing(&self, at: &At<'_>) -> TrailEvent {
        TrailEvent {
            agent: self.id(at.persona),
            on_behalf_of: at.behalf.map_or_else(String::new, |id| self.id(id)),
            parent: at.parent.clone(),
            ..self.blank(at.trigger)
        }
    }

    fn about(&self, at: &At<'_>, ask: &Ask, action: &str) -> TrailEvent {
        let catalog = &self.analysis.catalog;
        let settings = &catalog.settings;
        TrailEvent {
            component: catalog.id(ask.component.into()).into_owned(),
            tool: ask.tool.as_ref().map_or_else(String::new, |tool| tool.written().to_owned()),
            action: action.to_owned(),
            level: ask.level.map_or_else(String::new, |level| settings.level(level).to_owned()),
            environment: ask
                .environment
                .map_or_else(String::new, |environment| settings.environment(environment).to_owned()),
            ..self.about_nothing(at)
        }
    }

    /// Writes an event, at the moment that it is, and gives its id.
    fn put(&mut self, event: TrailEvent, found: Expected) -> Step<String> {
        if !self.is_open() {
            return Err(Full);
        }
        let number = self.played.events + 1;
        let id = format!("s{:x}-{number}", self.plan.seed);
        let event = TrailEvent { time: written(self.now), event: id.clone(), ..event };
        let first = self.played.span.map_or(self.now, |(first, _)| first);
        self.played.span = Some((first, self.now));
        self.played.events = number;
        if !(self.sink)(&event, found) {
            self.closed = true;
            return Err(Full);
        }
        Ok(id)
    }
}

/// What became of an approval.
#[derive(Debug)]
enum Approved {
    Unneeded,
    By(Actor, String),
    Refused,
    Nobody,
}

fn day(moment: i64) -> Option<Date> {
    Some(Timestamp::from_microsecond(moment).ok()?.to_zoned(TimeZone::UTC).date())
}

/// Until when a grant that is activated at a moment lasts: its longest duration, or the last second of its
/// last day.
fn until(grant: &Grant, now: i64) -> i64 {
    let most = grant.max_duration.map_or(i64::MAX, |most| {
        let micros = i64::try_from(most.as_micros()).unwrap_or(i64::MAX);
        now.saturating_add(micros.max(0))
    });
    let end = grant.expires.and_then(|last| {
        let midnight = last.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond();
        midnight.checked_sub(SECOND)
    });
    most.min(end.unwrap_or(i64::MAX))
}
