//! The table itself. The order of the fields is that in which a card is written.

use super::{Field, Form, Mapping, Takes};
use crate::card::kinds::Kind;

/// The mapping that a card of a kind is.
#[must_use]
pub fn mapping_of(kind: Kind) -> &'static Mapping {
    match kind {
        Kind::Catalog => &CATALOG,
        Kind::Persona => &PERSONA,
        Kind::Process => &PROCESS,
        Kind::Component => &COMPONENT,
        Kind::Skill => &SKILL,
        Kind::Team => &TEAM,
        Kind::Person => &PERSON,
        Kind::Scenario => &SCENARIO,
        Kind::Decision => &DECISION,
    }
}

/// Every mapping, the cards first.
#[must_use]
pub fn mappings() -> Vec<&'static Mapping> {
    fn add(mapping: &'static Mapping, found: &mut Vec<&'static Mapping>) {
        if found.iter().any(|known| known.id == mapping.id) {
            return;
        }
        found.push(mapping);
        for field in mapping.fields {
            if let Takes::WordsOr(inner) = field.takes {
                add(inner, found);
            }
            for form in field.takes.forms() {
                if let Form::Map(inner) | Form::Access(inner) = form {
                    add(inner, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    for kind in Kind::ALL {
        add(mapping_of(kind), &mut found);
    }
    found
}

static LEVELLED_SKILL: [Form; 2] = [Form::Name, Form::Map(&SKILL_LEVEL)];
static USED: [Form; 2] = [Form::Name, Form::Access(&USE)];

const WORDS: Takes = Takes::List(&[Form::Word]);

const fn field(
    name: &'static str,
    takes: Takes,
    about: &'static str,
    examples: &'static [&'static str],
) -> Field {
    Field { name, takes, required: false, about, examples }
}

const fn needed(
    name: &'static str,
    takes: Takes,
    about: &'static str,
    examples: &'static [&'static str],
) -> Field {
    Field { name, takes, required: true, about, examples }
}

const fn mapping(
    id: &'static str,
    what: &'static str,
    about: &'static str,
    fields: &'static [Field],
) -> Mapping {
    Mapping { id, what, about, fields, one_of: &[] }
}

const KIND: Field = field("kind", Takes::Anything, "What this card is.", &["Persona"]);
const ID: Field =
    field("id", Takes::Text, "A short id that other cards may refer to. Absent: the name.", &["P011"]);
const NAME: Field =
    needed("name", Takes::Name, "The name, as other cards refer to it.", &["Dev Unit Test Agent"]);
const ALIASES: Field = field(
    "aliases",
    WORDS,
    "Other names that cards use for it. No two of a kind may share one.",
    &["[Unit Test Agent]"],
);
const DESCRIPTION: Field = field(
    "description",
    Takes::Text,
    "What it is for, in a sentence or two.",
    &["Runs the unit tests of every change."],
);
const NOTES: Field = field(
    "notes",
    Takes::Anything,
    "Anything worth knowing. It is kept, shown, and never checked.",
    &["Agreed in the review of May."],
);
const ENVIRONMENTS: Field = field(
    "environments",
    WORDS,
    "Where it holds: environments of the catalog. Absent: nothing is said, and any is covered.",
    &["[dev]", "[stage, prod]"],
);
const ENVIRONMENT: Field = field("environment", WORDS, "The same as `environments`.", &["prod"]);
const SKILLS: Field = field(
    "skills",
    Takes::List(&LEVELLED_SKILL),
    "Skills, each by name or with a level.",
    &["[Python, {skill: RAG, level: 2}]"],
);
const SKILL_LEVEL_FIELD: Field = field(
    "level",
    Takes::SkillLevel,
    "A number from 1, or a word of the catalog's `skill_levels`: novice, practitioner, proficient, expert.",
    &["3", "proficient"],
);
const LEVEL: Field = field(
    "level",
    Takes::Text,
    "A level of access of the catalog: read, write, admin, unless it sets others.",
    &["read", "write", "admin"],
);
const USES: Field = field(
    "uses",
    Takes::List(&USED),
    "The components that the work touches. From these follows what those who do it need.",
    &["[{Azure Storage: read}]"],
);
const GRANT_ROLE: Field = field(
    "role",
    WORDS,
    "One or several roles of the component, or of the catalog.",
    &["Storage Blob Data Contributor"],
);
const GRANT_ROLES: Field = field("roles", WORDS, "The same as `role`.", &["[Reader]"]);
const TOOLS: Field =
    field("tools", WORDS, "Of a tool server: which of its tools. \"*\" is all of them.", &["[run_tests]"]);
const MODE: Field = field(
    "mode",
    Takes::Choice(&["standing", "eligible", "jit"]),
    "How it is held: standing (always on), eligible (its holder activates it) or jit (provisioned just in time). Absent: standing, but not stated.",
    &["jit"],
);
const GRANT_PHASES: Field = field("phases", WORDS, "Only in these phases of a process.", &["[test]"]);
const GRANT_PHASE: Field = field("phase", WORDS, "The same as `phases`.", &["test"]);
const MAX_RISK: Field = field(
    "max_risk",
    Takes::Text,
    "Only up to this risk, of the catalog's `risk_levels`.",
    &["low", "medium"],
);
const MAX_DURATION: Field = field(
    "max_duration",
    Takes::Length,
    "For how long one activation holds at most.",
    &["1h", "30m", "PT8H"],
);
const STARTS: Field = field("starts", Takes::Day, "From this day on.", &["2026-10-01"]);
const EXPIRES: Field = field("expires", Takes::Day, "The last day on which it holds.", &["2027-03-31"]);
const GRANT_AUTH: Field = field(
    "auth",
    Takes::Text,
    "How its holder signs in: managed-identity, workload-identity, oauth2, a2a; of keys and passwords (api-key, password, pat, connection-string) a gap is made.",
    &["managed-identity"],
);
const APPROVAL: Field = field("approval", WORDS, "Who must approve: personas, else people.", &["P007"]);
const REASON: Field = field("reason", Takes::Text, "Why it is so.", &["for training scenarios"]);

/// A list of cards, of whatever kind.
pub static LIST: Mapping = mapping(
    "list",
    "list of cards",
    "Several cards of one kind.",
    &[KIND, NOTES, field("items", Takes::Anything, "The cards.", &["[Python, {name: RAG}]"])],
);

static CATALOG: Mapping = mapping(
    "catalog",
    "catalog",
    "The settings of a catalog. There is one card of this kind, in catalog.yaml.",
    &[
        KIND,
        field("name", Takes::Text, "The catalog's name. Absent: that of its folder.", &["AI workload"]),
        NOTES,
        field(
            "environments",
            WORDS,
            "The environments, from least to most critical. The last is the one where most is at stake.",
            &["[dev, stage, prod]"],
        ),
        ENVIRONMENT,
        field("access_levels", WORDS, "Levels of access, from least to most.", &["[read, write, admin]"]),
        field("risk_levels", WORDS, "Levels of risk, from least to most.", &["[low, medium, high]"]),
        field(
            "skill_levels",
            WORDS,
            "What the levels 1, 2, 3, ... of a skill are called.",
            &["[novice, practitioner, proficient, expert]"],
        ),
        field(
            "roles",
            Takes::List(&[Form::Word, Form::Levels]),
            "Roles that every component has, each with the level that it means.",
            &["{Reader: read, Contributor: write, Owner: admin}"],
        ),
        field(
            "persona_count",
            Takes::One(&[Form::Map(&PERSONA_COUNT)]),
            "How many personas are a good balance.",
            &["{min: 5, max: 10}"],
        ),
        field(
            "rules",
            Takes::One(&[Form::Severities]),
            "The severity of a rule (critical, high, medium, low, info), or `off`.",
            &["{standing-agent-access: low, one-way-interaction: off}"],
        ),
        field(
            "separation_of_duties",
            Takes::List(&[Form::Name, Form::Map(&DUTY_SET)]),
            "Sets of duties that one persona or person should not combine.",
            &[
                "[{name: build and approve, duties: [{process: Build}, {component: Registry, level: write}], max: 1}]",
            ],
        ),
        field("exclude", WORDS, "Files that are not read, as in a .gitignore file.", &["[\"archive/**\"]"]),
    ],
);

static PERSONA_COUNT: Mapping = mapping(
    "persona-count",
    "persona count",
    "A range of numbers of personas.",
    &[
        field("min", Takes::Whole, "The fewest.", &["5"]),
        field("max", Takes::Whole, "The most.", &["10"]),
        NOTES,
    ],
);

static DUTY_SET: Mapping = mapping(
    "duty-set",
    "set of duties",
    "Duties of which one holder should not have more than `max`.",
    &[
        needed("name", Takes::Name, "What the set is called.", &["build and approve"]),
        NOTES,
        field(
            "duties",
            Takes::List(&[Form::Name, Form::Map(&DUTY)]),
            "The duties: processes, or components from a level up.",
            &["[{process: Build}, {component: Registry, level: write}]"],
        ),
        field("max", Takes::Whole, "How many of them one may hold. Absent: 1.", &["1"]),
    ],
);

static DUTY: Mapping = Mapping {
    one_of: &["process", "component"],
    ..mapping(
        "duty",
        "duty",
        "One duty: a process, or a component from a level up.",
        &[
            field("process", Takes::Text, "The process.", &["Build"]),
            field("component", Takes::Text, "The component.", &["Azure Container Registry"]),
            field("level", Takes::Text, "Of the component: from this level of access up.", &["write"]),
            NOTES,
        ],
    )
};

static PERSONA: Mapping = mapping(
    "persona",
    "persona",
    "A part that people, an agent or a service play in the team.",
    &[
        KIND,
        ID,
        NAME,
        ALIASES,
        field(
            "type",
            Takes::Choice(&["human", "agent", "service"]),
            "Who plays the part: a human (default), an agent (unattended, decides at run time), or a service (unattended, but deterministic, such as a pipeline's identity).",
            &["agent"],
        ),
        field("section", Takes::Text, "Free grouping, such as a department.", &["Development"]),
        field("team", Takes::Text, "The team that is responsible for it.", &["Engineering Team"]),
        field(
            "color",
            Takes::Text,
            "The flag on its card, as #rrggbb or the name of a colour. Absent: chosen from the id.",
            &["\"#92D050\""],
        ),
        DESCRIPTION,
        NOTES,
        field(
            "primary_interaction",
            Takes::List(&[Form::Name, Form::Map(&INTERACTION)]),
            "The personas and teams that it works with.",
            &["[AI Team, {with: Dev Router Agent, protocol: a2a}]"],
        ),
        field(
            "grant_defaults",
            Takes::One(&[Form::Map(&GRANT_DEFAULTS)]),
            "Fields of a grant, for the grants that do not state them.",
            &["{mode: jit, auth: managed-identity}"],
        ),
        field(
            "component_access",
            Takes::List(&[Form::Name, Form::Access(&GRANT)]),
            "What it may touch. A grant is the name of a component, a name with a level or a role, or a mapping.",
            &[
                "[Azure DevOps, {Azure AI Foundry: read}, {component: GitHub, role: Developer, environments: [dev]}]",
            ],
        ),
        field(
            "processes",
            Takes::List(&[Form::Name, Form::Map(&PROCESS_PART)]),
            "The processes that it takes part in.",
            &["[DevOps, {process: MLOps, responsibility: consulted}]"],
        ),
        SKILLS,
        field(
            "work_items",
            Takes::List(&[Form::Name, Form::Map(&WORK_ITEM)]),
            "Stories and features of a tracker that it works on.",
            &["[{id: AB#12, type: feature, title: Route changes}]"],
        ),
        field(
            "identity",
            Takes::One(&[Form::Word, Form::Map(&IDENTITY)]),
            "Of an agent or service: what it signs in as. No two should share one.",
            &["{provider: entra, id: unit-test-agent}"],
        ),
        field(
            "accountable",
            WORDS,
            "Of an agent or service: who answers for it. Personas, else people; followed to the first humans.",
            &["P007"],
        ),
        field(
            "escalates_to",
            WORDS,
            "Of an agent: whom it asks when it is out of its bounds, in order.",
            &["[P007, P004]"],
        ),
        field(
            "override",
            Takes::WordsOr(&OVERRIDE),
            "Of an agent: who can stop it, and how.",
            &["{by: [P007], how: disable the identity}", "P007"],
        ),
        field("invokes", WORDS, "Of an agent: the agents that it may hand work to.", &["[P012]"]),
        field("monitored_by", WORDS, "Of an agent: who watches it.", &["P012"]),
    ],
);

static INTERACTION: Mapping = mapping(
    "interaction",
    "interaction",
    "With whom a persona works, and how.",
    &[
        needed("with", Takes::Name, "A persona or a team.", &["Dev Router Agent"]),
        field("protocol", Takes::Text, "How agents talk.", &["a2a"]),
        field("auth", Takes::Text, "How they know each other.", &["oauth2"]),
        field("cadence", Takes::Text, "How often people meet.", &["weekly"]),
        NOTES,
    ],
);

static GRANT_DEFAULTS: Mapping = mapping(
    "grant-defaults",
    "grant",
    "Fields of a grant, for the grants that do not state them.",
    &[
        GRANT_ROLE,
        GRANT_ROLES,
        LEVEL,
        ENVIRONMENTS,
        ENVIRONMENT,
        TOOLS,
        MODE,
        GRANT_PHASES,
        GRANT_PHASE,
        MAX_RISK,
        MAX_DURATION,
        STARTS,
        EXPIRES,
        GRANT_AUTH,
        APPROVAL,
        REASON,
        NOTES,
    ],
);

/// A grant, as its own mapping.
pub static GRANT: Mapping = mapping(
    "grant",
    "grant",
    "What a persona may do with a component, where, and on which conditions.",
    &[
        needed("component", Takes::Name, "The component.", &["Azure Storage"]),
        GRANT_ROLE,
        GRANT_ROLES,
        LEVEL,
        ENVIRONMENTS,
        ENVIRONMENT,
        TOOLS,
        MODE,
        GRANT_PHASES,
        GRANT_PHASE,
        MAX_RISK,
        MAX_DURATION,
        STARTS,
        EXPIRES,
        GRANT_AUTH,
        APPROVAL,
        REASON,
        NOTES,
    ],
);

static PROCESS_PART: Mapping = mapping(
    "process-part",
    "process",
    "The part that a persona has in a process.",
    &[
        needed("process", Takes::Name, "The process.", &["MLOps"]),
        field(
            "responsibility",
            Takes::Choice(&["responsible", "accountable", "consulted", "informed"]),
            "What its part is. Those who are consulted or informed do not take part in the work.",
            &["accountable"],
        ),
        NOTES,
    ],
);

static SKILL_LEVEL: Mapping = mapping(
    "skill-level",
    "skill",
    "A skill and its level.",
    &[needed("skill", Takes::Name, "The skill.", &["Python"]), SKILL_LEVEL_FIELD, NOTES],
);

static WORK_ITEM: Mapping = mapping(
    "work-item",
    "work item",
    "A story, a feature, or another item of a tracker.",
    &[
        needed("id", Takes::Name, "Its id in the tracker.", &["AB#12"]),
        field("type", Takes::Text, "What it is there.", &["feature"]),
        field("title", Takes::Text, "What it says.", &["Route changes to the agents"]),
        field("parent", Takes::Text, "The id of the item above it.", &["AB#3"]),
        NOTES,
    ],
);

static IDENTITY: Mapping = mapping(
    "identity",
    "identity",
    "An identity of a directory.",
    &[
        field("provider", Takes::Text, "The directory: entra, aws, gcp, github, ...", &["entra"]),
        field("id", Takes::Text, "The id there.", &["unit-test-agent"]),
        NOTES,
    ],
);

static OVERRIDE: Mapping = mapping(
    "override",
    "override",
    "Who can stop an agent, and how.",
    &[
        field("by", WORDS, "Who can: personas, else people.", &["[P007]"]),
        field("how", Takes::Text, "How it is done.", &["disable the identity"]),
        NOTES,
    ],
);

static PROCESS: Mapping = mapping(
    "process",
    "process",
    "Work. What its steps use is what those who perform them need.",
    &[
        KIND,
        ID,
        NAME,
        ALIASES,
        DESCRIPTION,
        NOTES,
        field("part_of", WORDS, "The process that this one is a part of.", &["Model lifecycle"]),
        field("loop", Takes::Choice(&["inner", "outer"]), "Which loop it belongs to.", &["inner"]),
        field("phases", WORDS, "Its phases; conditions of grants refer to them.", &["[build, test, deploy]"]),
        USES,
        SKILLS,
        field(
            "steps",
            Takes::List(&[Form::Name, Form::Map(&STEP)]),
            "Its steps.",
            &["[{id: test, name: Test the change, uses: [{GitHub: read}], performers: [P011]}]"],
        ),
    ],
);

static STEP: Mapping = mapping(
    "step",
    "step",
    "A step of a process.",
    &[
        field("id", Takes::Text, "Its id, unique in the process. Absent: the name.", &["train"]),
        needed("name", Takes::Name, "Its name.", &["Refine data and train model"]),
        NOTES,
        field(
            "environments",
            WORDS,
            "Where it is done. Where a use states its own, that one counts.",
            &["[dev]"],
        ),
        ENVIRONMENT,
        field("phase", Takes::Text, "In which phase it is done.", &["build"]),
        USES,
        SKILLS,
        field(
            "performers",
            Takes::List(&[Form::Name, Form::Map(&PERFORMER)]),
            "The personas that perform it. Absent: all that take part in the process.",
            &["[P004, {persona: P007, level: read}]"],
        ),
        field(
            "next",
            Takes::List(&[Form::Name, Form::Map(&NEXT)]),
            "The steps that follow, here or in another process.",
            &["[evaluate, {process: Outer loop, step: fetch}]"],
        ),
        field("lane", Takes::Text, "Where the process map draws it.", &["Inner loop"]),
    ],
);

static USE: Mapping = mapping(
    "use",
    "use",
    "The use of a component by a step or a process.",
    &[
        needed("component", Takes::Name, "The component.", &["Azure Storage"]),
        LEVEL,
        ENVIRONMENTS,
        ENVIRONMENT,
        TOOLS,
        NOTES,
    ],
);

static PERFORMER: Mapping = mapping(
    "performer",
    "performer",
    "A persona that performs a step.",
    &[
        needed("persona", Takes::Name, "The persona.", &["P007"]),
        field("level", Takes::Text, "What this one needs at most of what the step uses.", &["read"]),
        NOTES,
    ],
);

static NEXT: Mapping = Mapping {
    one_of: &["process", "step"],
    ..mapping(
        "next-step",
        "next step",
        "A step that follows, perhaps in another process.",
        &[
            field("process", Takes::Text, "The process, where it is another.", &["Outer loop"]),
            field("step", Takes::Text, "The step's id. Absent: the first of that process.", &["fetch"]),
            NOTES,
        ],
    )
};

static COMPONENT: Mapping = mapping(
    "component",
    "component",
    "A service, a tool server, anything that personas are given access to.",
    &[
        KIND,
        ID,
        NAME,
        ALIASES,
        DESCRIPTION,
        NOTES,
        field(
            "platform",
            Takes::Text,
            "Where it runs: azure, aws, gcp, github, saas, mcp, on-premises, ...",
            &["azure", "mcp"],
        ),
        field("layer", Takes::Text, "Where the architecture map draws it.", &["Backend"]),
        field(
            "roles",
            Takes::List(&[Form::Name, Form::Map(&ROLE)]),
            "Its own roles, each with the level that it means.",
            &["[{name: Azure AI Developer, level: write, environments: [dev]}]"],
        ),
        field(
            "skills",
            Takes::List(&[Form::Name, Form::Map(&COMPONENT_SKILL)]),
            "Skills that working with it asks for.",
            &["[SQL, {skill: RAG, from: write}]"],
        ),
        field(
            "tools",
            Takes::List(&[Form::Word, Form::Levels]),
            "Of a tool server: its tools, each with its level.",
            &["{run_tests: write, read_log: read}"],
        ),
        field("auth", WORDS, "How one signs in to it.", &["[managed-identity, oauth2]"]),
        field("audit_log", Takes::Text, "Where its use is recorded.", &["Azure Activity Log"]),
        field(
            "flows_to",
            Takes::List(&[Form::Name, Form::Map(&FLOW)]),
            "Where its data goes.",
            &["[{component: Azure AI Search, label: index}]"],
        ),
        field(
            "alternatives",
            Takes::List(&[Form::Name, Form::Map(&ALTERNATIVE)]),
            "What could stand in its place, and the skills that this would make unnecessary.",
            &["[{component: Azure OpenAI Service, removes: [model training]}]"],
        ),
        field(
            "role_table",
            Takes::Text,
            "A table in Markdown to open beside it.",
            &["docs/foundry-roles.md"],
        ),
    ],
);

static ROLE: Mapping = mapping(
    "role",
    "role",
    "A role of a component.",
    &[
        needed("name", Takes::Name, "The role.", &["Azure AI Developer"]),
        field("level", Takes::Text, "The level of access that it means.", &["write"]),
        field("environments", WORDS, "Where it means that. Absent: everywhere.", &["[dev]"]),
        ENVIRONMENT,
        NOTES,
    ],
);

static COMPONENT_SKILL: Mapping = mapping(
    "component-skill",
    "skill",
    "A skill that working with a component asks for.",
    &[
        needed("skill", Takes::Name, "The skill.", &["RAG"]),
        field("from", Takes::Text, "Only from this level of access up.", &["write"]),
        SKILL_LEVEL_FIELD,
        NOTES,
    ],
);

static FLOW: Mapping = mapping(
    "flow",
    "flow",
    "A flow of data.",
    &[
        needed("component", Takes::Name, "Where it goes.", &["Azure AI Search"]),
        field("label", Takes::Text, "What flows.", &["index"]),
        NOTES,
    ],
);

static ALTERNATIVE: Mapping = mapping(
    "alternative",
    "alternative",
    "A component that could stand in the place of another.",
    &[
        needed("component", Takes::Name, "The component.", &["Azure OpenAI Service"]),
        field("removes", WORDS, "Skills that are not needed with it.", &["[model training]"]),
        NOTES,
    ],
);

static SKILL: Mapping = mapping(
    "skill",
    "skill",
    "Something to know: personas and people have it, steps and components ask for it.",
    &[
        KIND,
        ID,
        NAME,
        ALIASES,
        DESCRIPTION,
        NOTES,
        field("implies", WORDS, "Who has this has these too.", &["[Python]"]),
        field(
            "learn",
            Takes::List(&[Form::Word, Form::Map(&COURSE)]),
            "Courses and pages to learn it from.",
            &["[{title: A course, url: \"https://example.com/course\"}]"],
        ),
    ],
);

static COURSE: Mapping = mapping(
    "course",
    "course",
    "A course or a page.",
    &[
        field("title", Takes::Text, "Its title.", &["Introduction to PySpark"]),
        field("url", Takes::Text, "Where it is.", &["\"https://example.com/course\""]),
        NOTES,
    ],
);

static TEAM: Mapping = mapping(
    "team",
    "team",
    "A team: personas name it as theirs, or as one that they work with.",
    &[KIND, ID, NAME, ALIASES, DESCRIPTION, NOTES],
);

static PERSON: Mapping = mapping(
    "person",
    "person",
    "Somebody who plays the part of one or several personas.",
    &[
        KIND,
        ID,
        NAME,
        ALIASES,
        DESCRIPTION,
        NOTES,
        field(
            "personas",
            Takes::List(&[Form::Name, Form::Map(&EMBODIED)]),
            "The personas that this person embodies.",
            &["[P004, {persona: P006, context: until the hire in May}]"],
        ),
        SKILLS,
        field("active", Takes::Flag, "Whether this person is there; true unless said otherwise.", &["false"]),
        field("allocation", Takes::Share, "The share of a full working week, above 0. Absent: 1.", &["0.5"]),
    ],
);

static EMBODIED: Mapping = mapping(
    "embodied-persona",
    "persona",
    "A persona that a person embodies.",
    &[
        needed("persona", Takes::Name, "The persona.", &["P006"]),
        field("context", Takes::Text, "In which context.", &["until the hire in May"]),
        NOTES,
    ],
);

static SCENARIO: Mapping = mapping(
    "scenario",
    "scenario",
    "How changes are routed among agents.",
    &[
        KIND,
        ID,
        NAME,
        ALIASES,
        DESCRIPTION,
        NOTES,
        field("router", WORDS, "The persona that routes.", &["P010"]),
        field(
            "triggers",
            Takes::List(&[Form::Name, Form::Map(&TRIGGER)]),
            "What is routed, and to whom.",
            &["[{change: unit code, phase: test, risk: low, route: [P011]}]"],
        ),
    ],
);

static TRIGGER: Mapping = mapping(
    "trigger",
    "trigger",
    "A change, and the agents that it is handed to.",
    &[
        field("change", Takes::Text, "What changes.", &["unit code"]),
        field("phase", Takes::Text, "In which phase.", &["test"]),
        field("risk", Takes::Text, "At which risk, of the catalog's `risk_levels`.", &["low"]),
        field("route", WORDS, "The personas that it is handed to, one after another.", &["[P011]"]),
        field("joins", WORDS, "Personas that join for it.", &["[P013]"]),
        field("leaves", WORDS, "Personas that leave after it.", &["[P011]"]),
        NOTES,
    ],
);

static DECISION: Mapping = mapping(
    "decision",
    "decision",
    "What a review decided about a finding.",
    &[
        KIND,
        field("id", Takes::Anything, "An id of your own; nothing reads it.", &["D1"]),
        field("name", Takes::Anything, "A name of your own; nothing reads it.", &["Storage until the hire"]),
        NOTES,
        needed(
            "finding",
            Takes::One(&[Form::Map(&FINDING)]),
            "Which finding: its key.",
            &["{rule: excess-level, subject: P006, object: Azure Storage, environment: prod}"],
        ),
        field(
            "action",
            Takes::Choice(&["accept", "defer", "fix", "reject"]),
            "What was decided. Accept and defer keep the finding out of the score and the exit status, and need `until`.",
            &["accept"],
        ),
        REASON,
        field("by", Takes::Text, "Who decided.", &["Ana"]),
        field("decided", Takes::Day, "When.", &["2026-11-23"]),
        field("until", Takes::Day, "The last day on which an accept or a defer holds.", &["2027-02-01"]),
        field("work_item", Takes::Text, "The item of the tracker that follows it.", &["AB#31"]),
    ],
);

static FINDING: Mapping = mapping(
    "finding-key",
    "finding",
    "The key of a finding.",
    &[
        field("rule", Takes::Text, "The rule.", &["excess-level"]),
        field(
            "subject",
            Takes::One(&[Form::Word, Form::Entity]),
            "Whom it is about, by id or name; {skill: NAME} where two kinds share the name.",
            &["P006"],
        ),
        field(
            "object",
            Takes::One(&[Form::Word, Form::Entity]),
            "The other entity of the key, where there is one.",
            &["Azure Storage"],
        ),
        field("environment", WORDS, "The environment of the key, where there is one.", &["prod"]),
        field("environments", WORDS, "The same as `environment`.", &["[prod]"]),
        NOTES,
    ],
);
