//! Small catalogs that chance wrote: every kind of card in every form, with names that are wrong, doubled or
//! nearly the same. One seed gives one catalog, on every machine.
#![allow(dead_code, reason = "each test takes what it needs of this")]

/// Numbers that follow from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (bound.max(1) as u64)).expect("it is small")
    }

    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    /// Some of the words, each once, in a flow list.
    pub fn some(&mut self, words: &[&str], most: usize) -> String {
        let mut taken: Vec<&str> = Vec::new();
        for _ in 0..self.below(most + 1) {
            let word = self.of(words);
            if !taken.contains(&word) {
                taken.push(word);
            }
        }
        taken.join(", ")
    }
}

const COMPONENTS: &[&str] =
    &["Store", "Hub", "Key Vault", "Search Index", "Search Indx", "Meter", "Tools", "Tool Server", "store"];
const SKILLS: &[&str] = &["SQL", "Python", "PySpark", "RAG", "Go", "Kubernetes", "Kubernets"];
const TEAMS: &[&str] = &["Blue", "Red", "Nobody's", "AI Team"];
const PROCESSES: &[&str] = &["Build", "Run", "Model Ops", "Part", "Lost work"];
const PEOPLE: &[&str] = &["Kim", "Lee", "Sam"];
const LEVELS: &[&str] = &["read", "write", "admin"];
const PLACES: &[&str] = &["dev", "stage", "prod"];
const ROLES: &[&str] = &["Reader", "Contributor", "Keeper", "Kepeer", "Owner"];

/// The files of a catalog.
pub fn catalog(seed: u64) -> Vec<(String, String)> {
    let mut dice = Dice::new(seed);
    let count = 2 + dice.below(4);
    let names: Vec<String> = (1..=count).map(|number| format!("P{number}")).collect();
    let mut files = vec![("catalog.yaml".to_owned(), settings(&mut dice))];
    let mut cards: Vec<String> = (0..count).map(|number| persona(&mut dice, number, &names)).collect();
    if dice.one_in(6) {
        cards.push("kind: Persona\nid: P1\nname: Twin  # keep twin\n".to_owned());
    }
    if dice.one_in(2) {
        files.push(("cards/all.yaml".to_owned(), cards.join("---\n")));
    } else {
        for (number, card) in cards.into_iter().enumerate() {
            files.push((format!("cards/p{number}.yaml"), card));
        }
    }
    let work: Vec<String> =
        ["Build", "Run", "Model Ops", "Part"].iter().map(|name| process(&mut dice, name, &names)).collect();
    files.push(("work.yaml".to_owned(), work.join("---\n")));
    files.push(("things.yaml".to_owned(), things(&mut dice)));
    if dice.below(3) > 0 {
        files.push(("people.yaml".to_owned(), people(&mut dice, &names)));
    }
    if dice.one_in(2) {
        files.push(("zz/decisions.yaml".to_owned(), decisions(&mut dice, &names)));
    }
    for (_, text) in &mut files {
        if dice.one_in(8) {
            *text = text.replace('\n', "\r\n");
        }
        if dice.one_in(8) {
            text.truncate(text.trim_end().len());
        }
    }
    files
}

fn settings(dice: &mut Dice) -> String {
    let mut out = "kind: Catalog\nname: Chance # keep name\n".to_owned();
    if dice.one_in(3) {
        out.push_str("persona_count: {min: 1, max: 9}\n");
    }
    if dice.one_in(2) {
        out.push_str(
            "separation_of_duties:\n  - {name: two, duties: [{process: Build}, {component: Store, level: write}], max: 1}\n",
        );
    }
    out
}

fn grant(dice: &mut Dice, own: &mut String) {
    let component = dice.of(COMPONENTS);
    let places = dice.some(PLACES, 3);
    let note = if dice.one_in(5) { "   # keep grant" } else { "" };
    match dice.below(6) {
        0 => own.push_str(&format!("  - {component}{note}\n")),
        1 => own.push_str(&format!("  - {component}: {}{note}\n", dice.of(LEVELS))),
        2 => own.push_str(&format!("  - {component}: {}{note}\n", dice.of(ROLES))),
        3 => own.push_str(&format!(
            "  - {component}: {{level: {}, environments: [{places}], mode: {}}}{note}\n",
            dice.of(LEVELS),
            dice.of(&["standing", "jit", "eligible"])
        )),
        _ => {
            own.push_str(&format!("  # keep above {component}\n  - component: {component}{note}\n"));
            let own = &mut *own;
            let mut field = |dice: &mut Dice, chance: usize, key: &str, words: &[&str]| {
                if dice.one_in(chance) {
                    own.push_str(&format!("    {key}: {}\n", dice.of(words)));
                }
            };
            field(dice, 3, "role", ROLES);
            field(dice, 2, "level", LEVELS);
            field(dice, 2, "environments", &["dev", "[dev, prod]", "prod", "[dev, stage, prod]", "[stage]"]);
            field(dice, 3, "tools", &["[run]", "['*']", "[run, look]", "look"]);
            field(dice, 3, "mode", &["standing", "jit", "eligible"]);
            field(dice, 6, "phases", &["[test]", "build"]);
            field(dice, 6, "max_risk", &["low", "medium"]);
            field(dice, 8, "max_duration", &["1h", "8h"]);
            field(dice, 8, "expires", &["2026-01-01", "2027-06-30"]);
            field(dice, 12, "starts", &["2026-12-24", "2026-01-01"]);
            field(dice, 4, "auth", &["managed-identity", "api-key", "pat", "oauth2", "password"]);
            field(dice, 6, "approval", &["P1", "[P2, Kim]", "Nobody", "P3"]);
        }
    }
}

fn persona(dice: &mut Dice, number: usize, names: &[String]) -> String {
    let own: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut known = own.clone();
    known.extend(["Kim", "Ghost"]);
    let kind = dice.of(&["human", "human", "agent", "agent", "service"]);
    let mut out =
        format!("# keep head {number}\nkind: Persona\nid: P{}\nname: Persona {}\n", number + 1, number + 1);
    if kind != "human" || dice.one_in(3) {
        out.push_str(&format!("type: {kind}\n"));
    }
    if dice.below(3) > 0 {
        out.push_str(&format!("team: {}\n", dice.of(TEAMS)));
    }
    let mut parties = own.clone();
    parties.extend(["Blue", "Nobody", "Redd"]);
    match dice.below(4) {
        0 => {}
        1 => out.push_str(&format!("primary_interaction: {}\n", dice.of(&parties))),
        2 => out.push_str(&format!("primary_interaction: [{}]\n", dice.some(&parties, 3))),
        _ => out.push_str(&format!(
            "primary_interaction:\n  - {{with: {}, protocol: a2a}}\n  - {}   # keep party\n",
            dice.of(&parties),
            dice.of(&parties)
        )),
    }
    if dice.one_in(6) {
        out.push_str(dice.of(&[
            "grant_defaults: {mode: jit}\n",
            "grant_defaults: {environments: [dev], auth: api-key}\n",
            "grant_defaults: {level: write, approval: P1}\n",
        ]));
    }
    if dice.below(6) > 0 {
        out.push_str("component_access:\n");
        for _ in 0..=dice.below(5) {
            grant(dice, &mut out);
        }
    } else {
        out.push_str(&format!("component_access: {}\n", dice.of(COMPONENTS)));
    }
    match dice.below(4) {
        0 => out.push_str(&format!("processes: {}\n", dice.of(PROCESSES))),
        1 => out.push_str(&format!(
            "processes:\n  - {}\n  - {{process: {}, responsibility: {}}}\n",
            dice.of(PROCESSES),
            dice.of(PROCESSES),
            dice.of(&["accountable", "responsible", "consulted"])
        )),
        2 => out.push_str(&format!("processes: [{}]\n", dice.some(PROCESSES, 3))),
        _ => {}
    }
    match dice.below(4) {
        0 => out.push_str(&format!("skills: {}\n", dice.of(SKILLS))),
        1 => out.push_str(&format!(
            "skills:\n- {{skill: {}, level: {}}}\n- {}\n",
            dice.of(SKILLS),
            1 + dice.below(4),
            dice.of(SKILLS)
        )),
        2 => out.push_str(&format!("skills: [{}]\n", dice.some(SKILLS, 3))),
        _ => {}
    }
    if kind != "human" || dice.one_in(8) {
        if dice.one_in(3) {
            out.push_str(&format!(
                "identity: {{provider: {}, id: x{}}}\n",
                dice.of(&["entra", "aws"]),
                dice.below(3)
            ));
        }
        let mut field = |dice: &mut Dice, key: &str| {
            if dice.below(3) > 0 {
                let words = if dice.one_in(2) {
                    dice.of(&known).to_owned()
                } else {
                    format!("[{}]", dice.some(&known, 2))
                };
                out.push_str(&format!("{key}: {words}\n"));
            }
        };
        for key in ["accountable", "escalates_to", "override", "invokes", "monitored_by"] {
            field(dice, key);
        }
    }
    out
}

fn uses(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("[{}]", dice.of(COMPONENTS)),
        1 => format!("[{}: {}]", dice.of(COMPONENTS), dice.of(LEVELS)),
        2 => format!(
            "[{{component: {}, level: {}, environments: [{}]}}, {}]",
            dice.of(COMPONENTS),
            dice.of(LEVELS),
            dice.of(PLACES),
            dice.of(COMPONENTS)
        ),
        _ => format!("[{{component: {}, tools: [run]}}]", dice.of(&["Tools", "Tool Server"])),
    }
}

fn process(dice: &mut Dice, name: &str, names: &[String]) -> String {
    let mut own: Vec<&str> = names.iter().map(String::as_str).collect();
    own.extend(["Ghost", "persona 1"]);
    let mut out = format!("kind: Process\nname: {name}   # keep process\n");
    if name == "Part" {
        out.push_str("part_of: Model Ops\n");
    }
    if dice.one_in(3) {
        out.push_str(&format!("uses: {}\n", uses(dice)));
    }
    if dice.one_in(4) {
        out.push_str(&format!("skills: [{}]\n", dice.some(SKILLS, 2)));
    }
    if dice.below(4) > 0 {
        out.push_str("steps:\n");
        for step in 0..=dice.below(3) {
            out.push_str(&format!("  - name: step {step}\n"));
            if dice.below(3) > 0 {
                out.push_str(&format!("    environments: [{}]\n", dice.of(PLACES)));
            }
            if dice.below(4) > 0 {
                out.push_str(&format!("    uses: {}\n", uses(dice)));
            }
            if dice.one_in(3) {
                out.push_str(&format!(
                    "    skills: [{{skill: {}, level: {}}}]\n",
                    dice.of(SKILLS),
                    1 + dice.below(4)
                ));
            }
            if dice.one_in(2) {
                out.push_str(&format!(
                    "    performers: [{}, {{persona: {}, level: read}}]\n",
                    dice.of(&own),
                    dice.of(&own)
                ));
            } else if dice.one_in(5) {
                out.push_str("    performers: Ghost\n");
            }
        }
    }
    out
}

fn things(dice: &mut Dice) -> String {
    let mut out = "kind: ComponentList\nitems:\n".to_owned();
    for name in ["Store", "Hub", "Search Index", "Tools", "Meter", "Spare"] {
        if dice.one_in(6) {
            continue;
        }
        if dice.one_in(4) {
            out.push_str(&format!("  - {name}\n"));
            continue;
        }
        out.push_str(&format!("  - name: {name}  # keep {name}\n"));
        if dice.one_in(2) {
            out.push_str(&format!("    platform: {}\n", dice.of(&["azure", "aws", "saas", "mcp"])));
        }
        if dice.one_in(3) {
            out.push_str("    roles:\n      - {name: Keeper, level: admin, environments: [dev]}\n      - {name: Keeper, level: read, environments: [stage, prod]}\n");
        }
        if dice.one_in(3) {
            out.push_str(&format!(
                "    skills: [{}, {{skill: {}, from: write}}]\n",
                dice.of(SKILLS),
                dice.of(SKILLS)
            ));
        }
        if name == "Tools" {
            out.push_str("    tools: {run: write, look: read}\n");
        }
        if dice.one_in(3) {
            out.push_str("    audit_log: Log\n");
        }
        if dice.one_in(4) {
            out.push_str(&format!("    auth: [{}]\n", dice.of(&["oauth2", "api-key"])));
        }
        if dice.one_in(4) {
            out.push_str(&format!(
                "    alternatives: [{{component: {}, removes: [{}]}}]\n",
                dice.of(COMPONENTS),
                dice.of(SKILLS)
            ));
        }
    }
    out.push_str("---\nkind: SkillList\nitems:\n  - SQL\n  - {name: PySpark, implies: [Python], learn: [{title: Course}]}\n  - Kubernetes\n---\nkind: TeamList\nitems: [Blue, Red]\n");
    out
}

fn people(dice: &mut Dice, names: &[String]) -> String {
    let own: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut out = "kind: PersonList\nitems:\n".to_owned();
    for name in PEOPLE {
        out.push_str(&format!("  - name: {name}\n    personas: [{}]\n", dice.some(&own, 4)));
        if dice.one_in(2) {
            out.push_str(&format!("    skills: [{}]\n", dice.some(SKILLS, 4)));
        }
        if dice.one_in(6) {
            out.push_str("    active: false\n");
        }
        if dice.one_in(6) {
            out.push_str("    allocation: 0.5\n");
        }
    }
    out
}

fn decisions(dice: &mut Dice, names: &[String]) -> String {
    let own: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut cards = Vec::new();
    for _ in 0..=dice.below(3) {
        cards.push(format!(
            "kind: Decision\nfinding: {{rule: {}, subject: {}, object: {}}}\naction: {}\nreason: so\nby: Kim\ndecided: 2026-11-01\nuntil: {}\n",
            dice.of(&["unneeded-access", "standing-agent-access", "missing-access"]),
            dice.of(&own),
            dice.of(&["Store", "Hub", "Meter"]),
            dice.of(&["accept", "defer", "fix"]),
            dice.of(&["2026-11-22", "2026-11-23", "2027-01-01"])
        ));
    }
    cards.join("---\n")
}
