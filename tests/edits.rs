//! Random edits on cards in odd styles: the value is what was meant, and the rest is byte-equal.

use persona_workbench::card::Spot;
use persona_workbench::card::edit::{Change, Edit, Route, Step, apply};
use persona_workbench::card::node::{Node, documents};
use proptest::prelude::*;

/// Writes a value in a style that a stream of choices decides on, with comments and blank lines.
struct Writer {
    choices: Vec<u8>,
    at: usize,
    out: String,
    comments: usize,
}

impl Writer {
    fn choose(&mut self, of: u8) -> u8 {
        self.at += 1;
        self.choices[self.at % self.choices.len()] % of
    }

    fn scalar(&mut self, node: &Node, in_flow: bool) -> String {
        match node {
            Node::Null => "~".to_owned(),
            Node::Bool(value) => value.to_string(),
            Node::Int(value) => value.to_string(),
            Node::Text(text) => {
                let plain = text.chars().all(|c| c.is_alphanumeric() || c == ' ')
                    && documents(text).0 == [Node::Text(text.clone())];
                match self.choose(3) {
                    0 if plain => text.to_string(),
                    1 if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
                    _ if plain && !in_flow => text.to_string(),
                    _ => serde_json::to_string(text).unwrap(),
                }
            }
            other => unreachable!("{other:?} is no scalar"),
        }
    }

    fn flow(&mut self, node: &Node) -> String {
        let gap = ["", " ", "  "][usize::from(self.choose(3))];
        match node {
            Node::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.flow(item)).collect();
                let tail = if self.choose(4) == 0 && !items.is_empty() { "," } else { "" };
                format!("[{gap}{}{tail}{gap}]", items.join(&format!(",{gap} ")))
            }
            Node::Map(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|(key, value)| format!("{key}: {}", self.flow(value))).collect();
                format!("{{{gap}{}{gap}}}", entries.join(&format!(",{gap} ")))
            }
            scalar => self.scalar(scalar, true),
        }
    }

    fn end_line(&mut self) {
        if self.choose(4) == 0 {
            self.comments += 1;
            self.out.push_str(&format!("  # comment {}", self.comments));
        }
        self.out.push('\n');
        if self.choose(6) == 0 {
            self.out.push('\n');
        }
    }

    fn own_line_comment(&mut self, indent: usize) {
        if self.choose(6) == 0 {
            self.comments += 1;
            self.out.push_str(&format!("{}# comment {}\n", " ".repeat(indent), self.comments));
        }
    }

    fn value(&mut self, node: &Node, indent: usize, below_key: bool) {
        let is_collection = match node {
            Node::List(items) => !items.is_empty(),
            Node::Map(entries) => !entries.is_empty(),
            _ => false,
        };
        let literal = matches!(node, Node::Text(text) if text.contains('\n') && !text.starts_with([' ', '\n']) && !text.ends_with('\n'));
        if literal && self.choose(2) == 0 {
            let Node::Text(text) = node else { return };
            self.out.push_str(" |-\n");
            for line in text.lines() {
                let indent = if line.is_empty() { 0 } else { indent + 3 };
                self.out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
            }
        } else if !is_collection || self.choose(4) == 0 {
            let text = self.flow(node);
            self.out.push_str(&format!(" {text}"));
            self.end_line();
        } else if below_key {
            let step = usize::from(self.choose(2)) * 2;
            self.end_line();
            let deeper = if matches!(node, Node::List(_)) { indent + step } else { indent + 1 + step };
            self.lines(node, deeper, false);
        } else {
            self.out.push(' ');
            self.lines(node, indent + 2, true);
        }
    }

    fn lines(&mut self, node: &Node, indent: usize, compact: bool) {
        let mut first = compact;
        let mut begin = |writer: &mut Self| {
            if !std::mem::take(&mut first) {
                writer.own_line_comment(indent);
                writer.out.push_str(&" ".repeat(indent));
            }
        };
        match node {
            Node::List(items) => {
                for item in items {
                    begin(self);
                    self.out.push('-');
                    self.value(item, indent, false);
                }
            }
            Node::Map(entries) => {
                for (key, value) in entries {
                    begin(self);
                    self.out.push_str(&format!("{key}:"));
                    self.value(value, indent, true);
                }
            }
            _ => {}
        }
    }
}

fn scalars() -> impl Strategy<Value = Node> {
    prop_oneof![
        prop::sample::select(vec![
            "Azure Storage",
            "it's",
            "a: b",
            "yes",
            "",
            "# no",
            "- x",
            "ümlaut",
            "line 1\nline 2",
            "emoji 😀",
            "東京 wide",
            "👩‍👩‍👧 joined",
            "e\u{301} combined",
            "- Azure Storage: read",
            "5",
            "x,y",
            "end:",
        ])
        .prop_map(|text| Node::Text(text.into())),
        (-5i64..50).prop_map(Node::Int),
        any::<bool>().prop_map(Node::Bool),
    ]
}

fn nodes() -> impl Strategy<Value = Node> {
    scalars().prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
            prop::collection::vec(
                (prop::sample::select(vec!["level", "mode", "alpha", "Beta"]), inner),
                0..4
            )
            .prop_map(map),
        ]
    })
}

fn map(entries: Vec<(&'static str, Node)>) -> Node {
    let mut out: Vec<(Box<str>, Node)> = Vec::new();
    for (key, value) in entries {
        if !out.iter().any(|(known, _)| &**known == key) {
            out.push((key.into(), value));
        }
    }
    Node::Map(out)
}

/// Every route below a node.
fn routes(node: &Node, here: &Route, out: &mut Vec<Route>) {
    match node {
        Node::List(items) => {
            for (place, item) in items.iter().enumerate() {
                out.push(here.then(place));
                routes(item, &here.then(place), out);
            }
        }
        Node::Map(entries) => {
            for (key, value) in entries {
                out.push(here.then(&**key));
                routes(value, &here.then(&**key), out);
            }
        }
        _ => {}
    }
}

fn at<'n>(node: &'n mut Node, step: &Step) -> &'n mut Node {
    match (node, step) {
        (Node::List(items), Step::Index(place)) => &mut items[*place],
        (Node::Map(entries), Step::Key(key)) => {
            &mut entries.iter_mut().find(|(name, _)| name == key).unwrap().1
        }
        (node, step) => panic!("no {step:?} in {node:?}"),
    }
}

/// The same change, made to the value by the simplest means.
fn expected(root: &Node, edit: &Edit) -> Node {
    let mut root = root.clone();
    let (last, ahead) = edit.route.0.split_last().unwrap();
    let holder = ahead.iter().fold(&mut root, |node, step| at(node, step));
    match &edit.change {
        Change::Set(new) => *at(holder, last) = new.clone(),
        Change::Remove => match (holder, last) {
            (Node::List(items), Step::Index(place)) => drop(items.remove(*place)),
            (Node::Map(entries), Step::Key(key)) => entries.retain(|(name, _)| name != key),
            _ => unreachable!(),
        },
        Change::Insert(place, new) => {
            let own = at(holder, last);
            let mut items = match std::mem::replace(own, Node::Null) {
                Node::List(items) => items,
                bare => vec![bare],
            };
            items.insert((*place).min(items.len()), new.clone());
            *own = Node::List(items);
        }
        Change::Move(to) => match (holder, last) {
            (Node::List(items), Step::Index(place)) => {
                let item = items.remove(*place);
                items.insert(*to, item);
            }
            _ => unreachable!(),
        },
        Change::Rename(new) => match (holder, last) {
            (Node::Map(entries), Step::Key(key)) => {
                entries.iter_mut().find(|(name, _)| name == key).unwrap().0 = new.clone();
            }
            _ => unreachable!(),
        },
    }
    root
}

/// Which key of a mapping stands first means nothing.
fn in_order(node: &Node) -> Node {
    match node {
        Node::List(items) => Node::List(items.iter().map(in_order).collect()),
        Node::Map(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|(key, value)| (key.clone(), in_order(value))).collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Node::Map(entries)
        }
        scalar => scalar.clone(),
    }
}

fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.rsplit_once("# comment ")).map(|(_, number)| number.trim()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_change_the_value_and_nothing_else(
        fields in prop::collection::vec((prop::sample::select(vec!["level", "skills", "alpha", "zeta", "uses"]), nodes()), 1..5),
        choices in prop::collection::vec(any::<u8>(), 8..60),
        which in any::<prop::sample::Index>(),
        what in 0..5u8,
        place in 0..4usize,
        new in nodes(),
        windows in any::<bool>(),
        ends in any::<bool>(),
    ) {
        let Node::Map(mut entries) = map(fields) else { unreachable!() };
        entries.insert(0, ("kind".into(), Node::Text("Other".into())));
        entries.push(("tail".into(), Node::Int(7)));
        let root = Node::Map(entries);
        let mut writer = Writer { choices, at: 0, out: String::new(), comments: 0 };
        writer.lines(&root, 0, false);
        let mut text = writer.out;
        if windows { text = text.replace('\n', "\r\n"); }
        if !ends { text.truncate(text.trim_end().len()); }
        prop_assume!(documents(&text) == (vec![root.clone()], None));

        let mut all = Vec::new();
        routes(&root, &Route::default(), &mut all);
        all.retain(|route| {
            !matches!(route.0.first(), Some(Step::Key(key)) if &**key == "kind" || &**key == "tail")
        });
        let route = which.get(&all).clone();
        let in_map = matches!(route.0.last(), Some(Step::Key(_)));
        let change = match what {
            0 => Change::Set(new),
            1 => Change::Remove,
            2 => Change::Insert(place, new),
            3 if in_map => Change::Rename("renamed".into()),
            4 if !in_map => {
                let ahead = &route.0[..route.0.len() - 1];
                let mut copy = root.clone();
                let Node::List(items) = ahead.iter().fold(&mut copy, |node, step| at(node, step)) else {
                    unreachable!()
                };
                Change::Move(place % items.len())
            }
            _ => Change::Remove,
        };
        let edit = Edit::new(Spot::default(), route.clone(), change.clone());
        let after = match apply(&text, std::slice::from_ref(&edit)) {
            Ok(after) => after,
            Err(refusal) => panic!("{refusal} {edit:?}\n{text}"),
        };
        let marked = apply(&format!("\u{feff}{text}"), std::slice::from_ref(&edit));
        prop_assert_eq!(marked, Ok(format!("\u{feff}{after}")), "a byte-order mark stays");
        let (read, error) = documents(&after);
        prop_assert_eq!(error, None);
        let read: Vec<_> = read.iter().map(in_order).collect();
        prop_assert_eq!(read, vec![in_order(&expected(&root, &edit))], "{:?}\n{}\n---\n{}", edit, text, after);
        prop_assert_eq!(after.contains('\r'), windows);
        prop_assert_eq!(after.ends_with('\n'), ends, "{:?}\n{}\n---\n{}", edit, text, after);

        // Every line that does not hold the field of the edit is as it was.
        let Some(Step::Key(top)) = route.0.first() else { unreachable!() };
        let start = text.lines().position(|line| line.starts_with(&format!("{top}:"))).unwrap();
        let next = text.lines().skip(start + 1).position(|line| line.starts_with(|c: char| c.is_alphabetic())).unwrap();
        let before: Vec<_> = text.split_inclusive('\n').collect();
        let behind: String = before[start + 1 + next..].concat();
        prop_assert!(after.starts_with(&before[..start].concat()), "{:?}\n{}\n---\n{}", edit, text, after);
        prop_assert!(after.ends_with(&behind), "{:?}\n{}\n---\n{}", edit, text, after);

        // A comment goes only with what it stands beside or in.
        if matches!(change, Change::Rename(_)) {
            prop_assert_eq!(comments(&text), comments(&after));
        }
        if matches!(change, Change::Move(_)) {
            let sorted = |text| {
                let mut all = comments(text);
                all.sort_unstable();
                all.iter().map(|comment| (*comment).to_owned()).collect::<Vec<_>>()
            };
            prop_assert_eq!(sorted(&text), sorted(&after), "{:?}\n{}\n---\n{}", edit, text, after);
        }
        let is_scalar = |node: &Node| !matches!(node, Node::List(_) | Node::Map(_));
        let mut copy = root.clone();
        let old = route.0.iter().fold(&mut copy, |node, step| at(node, step)).clone();
        if let Change::Set(new) = &change && is_scalar(&old) && is_scalar(new) {
            prop_assert_eq!(comments(&text), comments(&after), "{:?}\n{}\n---\n{}", edit, text, after);
        }
        if matches!(change, Change::Insert(..)) && matches!(old, Node::List(_)) {
            prop_assert_eq!(comments(&text), comments(&after), "{:?}\n{}\n---\n{}", edit, text, after);
        }
    }
}
