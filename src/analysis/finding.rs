//! What a finding is: a rule, its key, a sentence, the path that proves it, and ways out.
//!
//! A finding is symbolic: it names entities and places in cards. Lines are computed when they are
//! shown. Findings are made through [`Sink`], which knows the rule and refuses one without proof.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Entity, Place};

use super::rules::Rule;

/// How bad a finding is, from worst to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Act now.
    Critical,
    /// Act before the next release.
    High,
    /// Plan it.
    Medium,
    /// When you pass by.
    Low,
    /// Good to know.
    Info,
}

impl Severity {
    /// From worst to least.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }

    /// Its letter, so that colour is never the only sign.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Critical => 'C',
            Self::High => 'H',
            Self::Medium => 'M',
            Self::Low => 'L',
            Self::Info => 'I',
        }
    }

    /// Its sign: shape and letter.
    #[must_use]
    pub fn badge(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Critical, false) => "◆C",
            (Self::High, false) => "▲H",
            (Self::Medium, false) => "●M",
            (Self::Low, false) => "○L",
            (Self::Info, false) => "·I",
            (Self::Critical, true) => "#C",
            (Self::High, true) => "^H",
            (Self::Medium, true) => "*M",
            (Self::Low, true) => "oL",
            (Self::Info, true) => ".I",
        }
    }

    /// The severity of a word, whatever its case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = crate::card::words::fold(word);
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }

    /// Whether this is as bad as `other`, or worse.
    #[must_use]
    pub fn at_least(self, other: Self) -> bool {
        self <= other
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The catalog says enough.
    High,
    /// The catalog says too little to be sure.
    Low,
}

impl Confidence {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
        }
    }
}

/// One step of the proof: an edge of the graph, and where a card states it.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Where the edge starts.
    pub from: Entity,
    /// How the two are related, as a verb: "is granted".
    pub relation: &'static str,
    /// Where it ends.
    pub to: Entity,
    /// What matters about it here: "write in prod".
    pub detail: String,
    /// Where it stands.
    pub place: Place,
}

/// One finding of a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Whom or what it is about.
    pub subject: Entity,
    /// In relation to what.
    pub object: Option<Entity>,
    /// In which environment.
    pub environment: Option<usize>,
    /// What is wrong, as one sentence.
    pub message: String,
    /// The path that proves it.
    pub evidence: Vec<Evidence>,
    /// Where to look first.
    pub place: Option<Place>,
    /// What was decided about it, where something was.
    pub decision: Option<Decided>,
}

/// Why a finding is not open.
#[derive(Clone, Debug, PartialEq)]
pub enum Decided {
    /// A decision card.
    Card(crate::catalog::DecisionId),
    /// A comment on the line that causes it, with its reason.
    Ignored(String),
}

impl Finding {
    /// Whether it counts: nothing was decided about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.decision.is_none()
    }

    /// Whether two findings have the same key.
    #[must_use]
    pub fn same_key(&self, other: &Self) -> bool {
        self.rule.id == other.rule.id
            && self.subject == other.subject
            && self.object == other.object
            && self.environment == other.environment
    }

    /// Whether it is about an entity, as subject or object.
    #[must_use]
    pub fn is_about(&self, entity: Entity) -> bool {
        self.subject == entity || self.object == Some(entity)
    }
}

/// The order of findings: by severity, then by key.
#[must_use]
pub fn order(catalog: &Catalog, left: &Finding, right: &Finding) -> Ordering {
    let word =
        |environment: Option<usize>| environment.map(|environment| catalog.settings.environment(environment));
    left.severity
        .cmp(&right.severity)
        .then_with(|| left.rule.id.cmp(right.rule.id))
        .then_with(|| entity_order(catalog, left.subject, right.subject))
        .then_with(|| match (left.object, right.object) {
            (Some(left), Some(right)) => entity_order(catalog, left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        })
        .then_with(|| word(left.environment).cmp(&word(right.environment)))
}

fn entity_order(catalog: &Catalog, left: Entity, right: Entity) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    catalog
        .kind(left)
        .word()
        .cmp(catalog.kind(right).word())
        .then_with(|| catalog.id(left).cmp(&catalog.id(right)))
        .then_with(|| left.cmp(&right))
}

/// Where rules put their findings.
#[derive(Debug)]
pub struct Sink {
    rule: &'static Rule,
    findings: Vec<Finding>,
}

impl Sink {
    /// A sink for one rule.
    #[must_use]
    pub fn new(rule: &'static Rule) -> Self {
        Self { rule, findings: Vec::new() }
    }

    /// Begins a finding; it counts once [`Draft::because`] gives its proof.
    pub fn about(&mut self, subject: impl Into<Entity>, severity: Severity, message: String) -> Draft<'_> {
        Draft {
            finding: Finding {
                rule: self.rule,
                severity,
                confidence: Confidence::High,
                subject: subject.into(),
                object: None,
                environment: None,
                message,
                evidence: Vec::new(),
                place: None,
                decision: None,
            },
            sink: self,
        }
    }

    /// The findings, one a key, of several the worst.
    #[must_use]
    pub fn take(self) -> Vec<Finding> {
        let mut kept: Vec<Finding> = Vec::with_capacity(self.findings.len());
        let mut known = std::collections::HashMap::new();
        for finding in self.findings {
            let key = (finding.subject, finding.object, finding.environment);
            match known.get(&key).copied() {
                None => {
                    known.insert(key, kept.len());
                    kept.push(finding);
                }
                Some(place) => {
                    let earlier: &mut Finding = &mut kept[place];
                    if finding.severity < earlier.severity {
                        *earlier = finding;
                    }
                }
            }
        }
        kept
    }
}

/// A finding in the making.
#[must_use = "a finding counts once it is proven with `because`"]
#[derive(Debug)]
pub struct Draft<'s> {
    finding: Finding,
    sink: &'s mut Sink,
}

impl Draft<'_> {
    /// Names the object.
    pub fn object(mut self, object: impl Into<Entity>) -> Self {
        self.finding.object = Some(object.into());
        self
    }

    /// Names the environment.
    pub fn environment(mut self, environment: Option<usize>) -> Self {
        self.finding.environment = environment;
        self
    }

    /// Says that the catalog says too little to be sure; then it is of low severity at most.
    pub fn unsure(mut self, unsure: bool) -> Self {
        if unsure {
            self.finding.confidence = Confidence::Low;
            self.finding.severity = self.finding.severity.max(Severity::Low);
        }
        self
    }

    /// Says where to look first, and proves the finding.
    pub fn because(mut self, place: Option<Place>, evidence: Vec<Evidence>) {
        self.finding.place = place;
        self.finding.evidence = evidence;
        self.sink.findings.push(self.finding);
    }
}
