//! The recommendations for workload teams as questions, each answered from the catalog, with the evidence,
//! what to do next, and a total.
//!
//! An answer is a share of things that can be looked at. What the cards do not say is never taken for good:
//! it is unknown, and where nothing is known, the answer is that one cannot tell.

mod access;
mod agents;
mod people;
mod work;

use crate::catalog::Entity;

use super::view::line_of;
use super::{Analysis, Finding};

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Roles and accountability.
    Roles,
    /// Skills.
    Skills,
    /// Access.
    Access,
    /// Agents.
    Agents,
    /// Processes and planning.
    Work,
}

impl Section {
    /// In the order of a report.
    pub const ALL: [Self; 5] = [Self::Roles, Self::Skills, Self::Access, Self::Agents, Self::Work];

    /// The title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Roles => "Roles and accountability",
            Self::Skills => "Skills",
            Self::Access => "Access",
            Self::Agents => "Agents",
            Self::Work => "Processes and planning",
        }
    }
}

/// A question.
#[derive(Debug)]
pub struct Question {
    /// What it is known by.
    pub id: &'static str,
    /// What it is about.
    pub section: Section,
    /// The question.
    pub text: &'static str,
    /// How much it weighs, from 1 to 4.
    pub weight: u32,
    /// The rules whose findings speak against it; while one is off, a good answer proves nothing.
    pub rules: &'static [&'static str],
    /// What to do where the answer is not yes.
    pub next: &'static str,
    ask: fn(&Analysis) -> Sample,
}

/// Every question, section by section.
pub const QUESTIONS: &[Question] = &[
    Question {
        id: "number",
        section: Section::Roles,
        weight: 2,
        rules: &["persona-count"],
        ask: people::number,
        text: "Are there enough personas to keep access apart, and few enough to look after?",
        next: "See what merging and splitting would cost: `persona whatif --counts`.",
    },
    Question {
        id: "cards",
        section: Section::Roles,
        weight: 2,
        rules: &[],
        ask: people::cards,
        text: "Does every card say its team, whom it works with, what it touches, its processes and its skills?",
        next: "Fill the fields that are named here.",
    },
    Question {
        id: "owners",
        section: Section::Roles,
        weight: 3,
        rules: &["unowned-process", "unclear-accountability"],
        ask: people::owners,
        text: "Does one persona, and one only, answer for each process?",
        next: "State `responsibility: accountable` on the card of one persona for each process.",
    },
    Question {
        id: "staffed",
        section: Section::Roles,
        weight: 2,
        rules: &["unstaffed-persona"],
        ask: people::staffed,
        text: "Is there somebody behind every human persona?",
        next: "Name the people (`kind: Person`) and the personas they embody; hire, or merge personas, where nobody is left.",
    },
    Question {
        id: "load",
        section: Section::Roles,
        weight: 1,
        rules: &["overloaded-person"],
        ask: people::load,
        text: "Can the people carry all the personas that they embody?",
        next: "Share the personas of those who are named out among others: `persona fix --list rule:overloaded-person`.",
    },
    Question {
        id: "skills",
        section: Section::Skills,
        weight: 3,
        rules: &["missing-skill", "skill-level-too-low"],
        ask: people::skills,
        text: "Has every persona the skills that its tasks and its tools ask for?",
        next: "Train, hire, reassign or redesign: `persona train`, and `persona fix --list rule:missing-skill`.",
    },
    Question {
        id: "trained",
        section: Section::Skills,
        weight: 2,
        rules: &["untrained-person"],
        ask: people::trained,
        text: "Do the people know what the personas they embody ask for?",
        next: "Follow the plan of `persona train`.",
    },
    Question {
        id: "bottlenecks",
        section: Section::Skills,
        weight: 2,
        rules: &["single-holder", "uncovered-skill"],
        ask: people::bottlenecks,
        text: "Would each skill still be there if any one person left?",
        next: "Train a second one: `persona train --coverage` shows who is the only one.",
    },
    Question {
        id: "courses",
        section: Section::Skills,
        weight: 1,
        rules: &[],
        ask: people::courses,
        text: "Is there a known way to learn each skill that the work asks for?",
        next: "Add `learn:` with a course to the cards of these skills.",
    },
    Question {
        id: "least-privilege",
        section: Section::Access,
        weight: 4,
        rules: &access::WIDER_THAN_NEEDED,
        ask: access::least_privilege,
        text: "Does everybody have the access that the work needs, and no more?",
        next: "Narrow what is too wide: `persona fix --list category:access`.",
    },
    Question {
        id: "enough",
        section: Section::Access,
        weight: 2,
        rules: &["missing-access"],
        ask: access::enough,
        text: "Is all access that the work needs granted?",
        next: "Grant it, or let somebody else do the work: `persona fix --list rule:missing-access`.",
    },
    Question {
        id: "tables",
        section: Section::Access,
        weight: 2,
        rules: &[],
        ask: access::tables,
        text: "Is each access stated for each environment, with its level?",
        next: "State `level` and `environments` of each grant; `persona matrix components` is the table.",
    },
    Question {
        id: "production",
        section: Section::Access,
        weight: 2,
        rules: &["human-write-in-prod"],
        ask: access::production,
        text: "Is production out of reach of people's standing access?",
        next: "Make it just in time, or leave it to the pipeline: `persona fix --list rule:human-write-in-prod`.",
    },
    Question {
        id: "duties",
        section: Section::Access,
        weight: 2,
        rules: &["separation-of-duties"],
        ask: access::duties,
        text: "Are duties that must not meet in one pair of hands kept apart?",
        next: "State `separation_of_duties` in catalog.yaml, and part what meets.",
    },
    Question {
        id: "sign-in",
        section: Section::Access,
        weight: 2,
        rules: &["static-credential"],
        ask: access::sign_in,
        text: "Is every access by an identity, and none by a stored password or key?",
        next: "State `auth` of each grant, and replace keys by managed or workload identities.",
    },
    Question {
        id: "identity",
        section: Section::Agents,
        weight: 3,
        rules: &["shared-identity"],
        ask: agents::identity,
        text: "Does every agent and service act under an identity of its own?",
        next: "State `identity` with provider and id on each card, a different one each.",
    },
    Question {
        id: "answerable",
        section: Section::Agents,
        weight: 4,
        rules: &["unaccountable-agent"],
        ask: agents::answerable,
        text: "Does a human answer for what each agent does?",
        next: "State `accountable` on its card: `persona fix --list rule:unaccountable-agent`.",
    },
    Question {
        id: "override",
        section: Section::Agents,
        weight: 3,
        rules: &["no-override"],
        ask: agents::overridable,
        text: "Can a human step in and stop each agent?",
        next: "State `override` with who and how on its card.",
    },
    Question {
        id: "escalation",
        section: Section::Agents,
        weight: 2,
        rules: &["no-escalation"],
        ask: agents::escalation,
        text: "Does each agent know whom to ask when it leaves its bounds?",
        next: "State `escalates_to` with a human at the end.",
    },
    Question {
        id: "watched",
        section: Section::Agents,
        weight: 2,
        rules: &["unmonitored-agent"],
        ask: agents::watched,
        text: "Is each agent watched by another?",
        next: "State `monitored_by` on its card.",
    },
    Question {
        id: "just-in-time",
        section: Section::Agents,
        weight: 3,
        rules: &["standing-agent-access"],
        ask: agents::just_in_time,
        text: "Do agents get access only while they use it?",
        next: "Make it just in time: `persona fix --list rule:standing-agent-access`.",
    },
    Question {
        id: "conditions",
        section: Section::Agents,
        weight: 3,
        rules: &["unconditioned-agent-access", "unscoped-tools"],
        ask: agents::conditions,
        text: "Is agents' access bound to tools, and to a phase or a risk?",
        next: "State `tools`, and `phases` or `max_risk`, of each grant of an agent.",
    },
    Question {
        id: "approval",
        section: Section::Agents,
        weight: 2,
        rules: &["unapproved-agent-write", "self-approval"],
        ask: agents::approval,
        text: "Does a human approve before an agent changes production?",
        next: "State `approval` of these grants, with a human.",
    },
    Question {
        id: "trail",
        section: Section::Agents,
        weight: 3,
        rules: &["unlogged-access"],
        ask: agents::trail,
        text: "Is it recorded what agents do, wherever they do it?",
        next: "State `audit_log` on the cards of these components.",
    },
    Question {
        id: "platforms",
        section: Section::Agents,
        weight: 2,
        rules: &["missing-auth"],
        ask: agents::platforms,
        text: "Is it defined how agents sign in on every platform they work on?",
        next: "State `platform` and `auth` of these components, or `auth` of the grants.",
    },
    Question {
        id: "protocols",
        section: Section::Agents,
        weight: 1,
        rules: &["missing-protocol"],
        ask: agents::protocols,
        text: "Is it defined by which protocol agents talk to each other?",
        next: "State `protocol` of these interactions.",
    },
    Question {
        id: "delegation",
        section: Section::Agents,
        weight: 2,
        rules: &["delegation-widening"],
        ask: agents::delegation,
        text: "Do agents gain nothing by handing work to others?",
        next: "Ask for an approval, or make it just in time: `persona fix --list rule:delegation-widening`.",
    },
    Question {
        id: "described",
        section: Section::Work,
        weight: 2,
        rules: &["undescribed-process", "undeclared"],
        ask: work::described,
        text: "Is every process written down, with its steps and what they use?",
        next: "Write the steps of these processes, and what they use.",
    },
    Question {
        id: "mapped",
        section: Section::Work,
        weight: 2,
        rules: &[],
        ask: work::mapped,
        text: "Does every persona have its place in a process?",
        next: "List the processes on these cards, or the personas as performers of steps.",
    },
    Question {
        id: "architecture",
        section: Section::Work,
        weight: 2,
        rules: &["undeclared"],
        ask: work::architecture,
        text: "Is every component on the map of the architecture?",
        next: "Write a card with `layer` or `flows_to` for these components.",
    },
    Question {
        id: "automation",
        section: Section::Work,
        weight: 2,
        rules: &[],
        ask: work::automation,
        text: "Is what changes production done by automation, the same way each time?",
        next: "Give these steps to an agent or a service.",
    },
    Question {
        id: "interactions",
        section: Section::Work,
        weight: 2,
        rules: &["unknown-interaction"],
        ask: work::interactions,
        text: "Is everybody known whom personas say they work with?",
        next: "Write the missing cards, or mend the names: `persona fix --list rule:unknown-interaction`.",
    },
    Question {
        id: "backlog",
        section: Section::Work,
        weight: 1,
        rules: &[],
        ask: work::backlog,
        text: "Is the work of every persona part of a shared backlog?",
        next: "State `work_items` on these cards; `persona backlog` proposes what is to do.",
    },
];

/// The things that a question looks at.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// How many are as they should be.
    pub good: usize,
    /// How many are not.
    pub bad: usize,
    /// Of how many the cards do not say it.
    pub unknown: usize,
    /// Why some are not as they should be, a sentence each.
    pub against: Vec<String>,
    /// What is not known, a sentence each.
    pub doubts: Vec<String>,
    /// The open findings among what speaks against it, by place.
    pub findings: Vec<usize>,
    /// "grants": what is counted.
    pub of: &'static str,
    /// What was looked at, where counting says too little.
    pub note: Option<String>,
}

impl Sample {
    fn of(of: &'static str) -> Self {
        Self { of, ..Self::default() }
    }

    fn good(&mut self) {
        self.good += 1;
    }

    fn bad(&mut self, why: String) {
        self.bad += 1;
        self.against.push(why);
    }

    fn unknown(&mut self, why: String) {
        self.unknown += 1;
        self.doubts.push(why);
    }

    /// Counts a thing by the findings against it: bad where there is one, good where there is none.
    fn judged(&mut self, analysis: &Analysis, found: Vec<(usize, &Finding)>) {
        match found.first() {
            None => self.good(),
            Some((_, first)) => {
                self.bad(sentence(analysis, first));
                self.findings.extend(found.iter().map(|(place, _)| *place));
            }
        }
    }
}

/// The sentence of a finding, with its line.
fn sentence(analysis: &Analysis, finding: &Finding) -> String {
    let line = finding.place.map_or(String::new(), |place| format!(" ({})", line_of(analysis, place)));
    format!("{}{line}", finding.message)
}

/// The open findings of some rules with this subject, and this object where one is given.
fn against<'a>(
    analysis: &'a Analysis,
    rules: &[&str],
    subject: Entity,
    object: Option<Entity>,
) -> Vec<(usize, &'a Finding)> {
    analysis
        .about(subject)
        .filter(|(_, finding)| {
            finding.is_open()
                && finding.subject == subject
                && rules.contains(&finding.rule.id)
                && (object.is_none() || finding.object == object)
        })
        .collect()
}

/// What the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that is looked at is as it should be.
    Yes,
    /// Half of it or more.
    Partly,
    /// Less than half.
    No,
    /// The cards do not say.
    CannotTell,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// To which question.
    pub question: &'static Question,
    /// What it is.
    pub verdict: Verdict,
    /// From 0 to 100; none where one cannot tell.
    pub score: Option<f64>,
    /// What was looked at.
    pub sample: Sample,
    /// Rules that the catalog turns off.
    pub off: Vec<&'static str>,
}

impl Answer {
    /// "7 of 9 personas are as asked; of 2 the cards do not say it".
    #[must_use]
    pub fn basis(&self) -> String {
        let Sample { good, bad, unknown, of, .. } = self.sample;
        let all = good + bad + unknown;
        let mut text = match all {
            _ if self.sample.note.is_some() => self.sample.note.clone().unwrap_or_default(),
            0 => format!("there are no {of} to look at"),
            _ => format!("{good} of {all} {of}"),
        };
        if unknown > 0 && self.sample.note.is_none() {
            text.push_str(&format!("; of {unknown} the cards do not say it"));
        }
        if !self.off.is_empty() {
            let verb = if self.off.len() == 1 { "is" } else { "are" };
            text.push_str(&format!("; {} {verb} off in this catalog", self.off.join(", ")));
        }
        text
    }
}

/// All answers, and what they come to.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// In the order of the questions.
    pub answers: Vec<Answer>,
    /// The weighted mean of those with a score, from 0 to 100.
    pub value: Option<f64>,
    /// The share of the weights of questions that could be answered, from 0 to 1.
    pub answered: f64,
}

impl Assessment {
    /// The grade; none where less than half could be answered.
    #[must_use]
    pub fn grade(&self) -> Option<char> {
        let value = self.value.filter(|_| self.answered >= 0.5)?;
        Some(crate::analysis::score::grade_of(value))
    }

    /// The answers of a section.
    pub fn of(&self, section: Section) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.question.section == section)
    }
}

/// Answers every question.
#[must_use]
pub fn assess(analysis: &Analysis) -> Assessment {
    let answers: Vec<Answer> = QUESTIONS.iter().map(|question| answer(analysis, question)).collect();
    let weight = |answer: &Answer| f64::from(answer.question.weight);
    let all: f64 = answers.iter().map(weight).sum();
    let answered: f64 = answers.iter().filter(|answer| answer.score.is_some()).map(weight).sum();
    let sum: f64 = answers.iter().filter_map(|answer| Some(weight(answer) * answer.score?)).sum();
    // A sum of nothing is minus zero.
    let share = if answered > 0.0 { answered / all } else { 0.0 };
    Assessment { value: (answered > 0.0).then(|| sum / answered), answered: share, answers }
}

fn answer(analysis: &Analysis, question: &'static Question) -> Answer {
    let sample = (question.ask)(analysis);
    let off: Vec<&'static str> = question
        .rules
        .iter()
        .copied()
        .filter(|rule| {
            let settings = &analysis.catalog.settings;
            settings.rules.iter().any(|(known, severity)| known.is(rule) && severity.is("off"))
        })
        .collect();
    let all = sample.good + sample.bad + sample.unknown;
    let verdict = if sample.good + sample.bad == 0 {
        Verdict::CannotTell
    } else if sample.good == all {
        // Where a rule is off nothing was looked for.
        if off.is_empty() { Verdict::Yes } else { Verdict::CannotTell }
    } else if 2 * sample.good >= all {
        Verdict::Partly
    } else if sample.bad == 0 {
        // What is known is good, and little is known.
        Verdict::CannotTell
    } else {
        Verdict::No
    };
    #[expect(clippy::cast_precision_loss, reason = "counts of things are small")]
    let score = (verdict != Verdict::CannotTell).then(|| 100.0 * sample.good as f64 / all as f64);
    Answer { question, verdict, score, sample, off }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::RULES;
    use crate::analysis::testing::analysis;

    #[test]
    fn questions_have_ids_of_their_own_and_rules_that_exist() {
        let mut ids: Vec<&str> = QUESTIONS.iter().map(|question| question.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        assert!(QUESTIONS.is_sorted_by_key(|question| question.section));
        for question in QUESTIONS {
            assert!(question.text.ends_with('?') && question.next.ends_with('.'), "{}", question.id);
            for rule in question.rules {
                assert!(RULES.iter().any(|known| known.id == *rule), "{rule}");
            }
        }
    }

    #[test]
    fn nothing_is_yes_for_lack_of_data() {
        for text in [
            "kind: Catalog\nname: Nothing\n",
            "kind: PersonaList\nitems: [A, B, C, D, E]\n",
            "kind: ComponentList\nitems: [S]\n---\nkind: Process\nname: P\n",
        ] {
            let found = assess(&analysis(text));
            let yes: Vec<&str> = found
                .answers
                .iter()
                .filter(|answer| answer.verdict == Verdict::Yes && answer.question.id != "number")
                .map(|answer| answer.question.id)
                .collect();
            assert!(yes.is_empty(), "{text}: {yes:?}");
            assert_eq!(found.grade(), None, "{text}");
        }
    }

    #[test]
    fn a_rule_that_is_off_proves_nothing() {
        let text = |rules: &str| {
            format!(
                "kind: Catalog\nname: C\nrules: {{{rules}}}\n---\nkind: Persona\nid: A\nname: Agent\ntype: agent\n---\nkind: Persona\nid: B\nname: Bea\n"
            )
        };
        let verdict = |rules: &str| {
            let found = assess(&analysis(&text(rules)));
            let one = found.answers.into_iter().find(|answer| answer.question.id == "override").unwrap();
            (one.verdict, one.sample.bad)
        };
        assert_eq!(verdict(""), (Verdict::No, 1));
        assert_eq!(verdict("no-override: off"), (Verdict::CannotTell, 0));
    }

    #[test]
    fn the_total_is_the_weighted_mean_of_what_can_be_answered() {
        let found = assess(&analysis(
            "kind: PersonaList\nitems:\n  - {id: A, name: Agent, type: agent, accountable: B, override: B}\n  - {id: B, name: Bea, team: T}\n",
        ));
        let (sum, weights) = found
            .answers
            .iter()
            .filter_map(|answer| Some((answer.score?, f64::from(answer.question.weight))))
            .fold((0.0, 0.0), |(sum, all), (score, weight)| (sum + score * weight, all + weight));
        assert!((found.value.unwrap() - sum / weights).abs() < 1e-9);
        assert!(found.answered > 0.0 && found.answered < 1.0);
    }
}
