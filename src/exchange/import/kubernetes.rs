//! Access rules of Kubernetes: roles of a namespace or the cluster, and who is bound to them.
//!
//! Subjects become personas, a namespace or the cluster a component. Other objects are passed over.

use std::collections::HashMap;
use std::sync::Arc;

use super::draft::{Reading, text};
use super::marked::{Marked, json, yaml};
use super::words::{Vocabulary, component};
use super::{Format, Source};
use crate::card::kinds::Kind;
use crate::card::node::Node;

/// See the module.
pub static FORMAT: Format = Format {
    name: "kubernetes",
    summary: "Role, ClusterRole, RoleBinding and ClusterRoleBinding, in YAML or JSON",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    if source.peek().contains("rbac.authorization.k8s.io") { 95 } else { 0 }
}

/// The objects of a file, of lists too, and what cannot be read.
pub fn objects(source: &Source<'_>, reading: &mut Reading) -> Vec<Marked> {
    let file: Arc<str> = source.path.into();
    let body = match source.text() {
        Ok(body) => body,
        Err(why) => {
            reading.unread(&file, 1, why);
            return Vec::new();
        }
    };
    let documents = if body.trim_start().starts_with(['{', '[']) {
        match json(body) {
            Ok(root) => vec![root],
            Err((line, why)) => {
                reading.unread(&file, line, why);
                Vec::new()
            }
        }
    } else {
        let (documents, error) = yaml(body);
        if let Some((line, why)) = error {
            reading.unread(&file, line, why);
        }
        documents
    };
    let mut out = Vec::new();
    for document in documents {
        let is_list = document.word("kind").is_some_and(|kind| kind.ends_with("List"));
        match document.get("items").filter(|_| is_list) {
            Some(items) => out.extend(items.items().iter().cloned()),
            None => out.extend(document.items().iter().cloned()),
        }
    }
    out
}

fn read(source: &Source<'_>, words: &Vocabulary) -> Reading {
    let file: Arc<str> = source.path.into();
    let mut reading = Reading::default();
    let objects = objects(source, &mut reading);
    let mut levels: HashMap<(String, String), String> = HashMap::new();
    for object in &objects {
        let kind = object.word("kind").unwrap_or_default();
        if matches!(kind, "Role" | "ClusterRole")
            && let Some(name) = object.at(&["metadata", "name"]).and_then(Marked::text)
        {
            for rule in object.get("rules").map_or(&[][..], Marked::items) {
                if let Some(paths) = rule.get("nonResourceURLs") {
                    let why = format!(
                        "the role {name} allows paths of the API server, which are no component here"
                    );
                    reading.unread(&file, paths.line, why);
                }
                if let Some(names) = rule.get("resourceNames") {
                    let why =
                        format!("the role {name} is for some objects only, and a card does not say which");
                    reading.unread(&file, names.line, why);
                }
            }
            let level = level_of(object, words);
            let space = if kind == "Role" { space_of(object) } else { String::new() };
            match level {
                Some(level) => drop(levels.insert((space.clone(), name.to_owned()), level)),
                None => {
                    reading.unread(&file, object.line, format!("the rules of the role {name} say no level"))
                }
            }
            if kind == "Role" {
                add_role(
                    &place(&space),
                    name,
                    levels.get(&(space, name.to_owned())),
                    &file,
                    object.line,
                    words,
                    &mut reading,
                );
            }
        }
    }
    for object in &objects {
        match object.word("kind").unwrap_or_default() {
            "RoleBinding" | "ClusterRoleBinding" => binding(object, &levels, &file, words, &mut reading),
            "Role" | "ClusterRole" => {}
            "" => reading.unread(&file, object.line, "this document has no kind"),
            other => reading.unread(
                &file,
                object.line,
                format!("a {other} says nothing about access, and is passed over"),
            ),
        }
    }
    reading.combine();
    reading
}

fn space_of(object: &Marked) -> String {
    object.at(&["metadata", "namespace"]).and_then(Marked::text).unwrap_or("default").to_owned()
}

fn place(space: &str) -> String {
    if space.is_empty() { "Kubernetes cluster".to_owned() } else { format!("Kubernetes namespace {space}") }
}

fn add_role(
    target: &str,
    role: &str,
    level: Option<&String>,
    file: &Arc<str>,
    line: u32,
    words: &Vocabulary,
    reading: &mut Reading,
) {
    let draft = reading.draft(Kind::Component, target, file, line);
    draft.set("platform", "kubernetes");
    if words.role(role).is_none() {
        draft.push(
            "roles",
            match level {
                Some(level) => Node::Map(vec![("name".into(), text(role)), ("level".into(), text(level))]),
                None => text(role),
            },
        );
    }
}

fn binding(
    object: &Marked,
    levels: &HashMap<(String, String), String>,
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) {
    let Some(role) = object.at(&["roleRef", "name"]).and_then(Marked::text) else {
        reading.unread(file, object.line, "this binding names no role");
        return;
    };
    let cluster = object.word("kind") == Some("ClusterRoleBinding");
    let space = if cluster { String::new() } else { space_of(object) };
    let of_role = if object.at(&["roleRef", "kind"]).and_then(Marked::text) == Some("ClusterRole") {
        ""
    } else {
        &space
    };
    let level = levels.get(&(of_role.to_owned(), role.to_owned()));
    let target = place(&space);
    add_role(&target, role, level, file, object.line, words, reading);
    let subjects = object.get("subjects").map_or(&[][..], Marked::items);
    if subjects.is_empty() {
        reading.unread(file, object.line, format!("the binding to {role} names nobody"));
    }
    for subject in subjects {
        let Some(name) = subject.word("name") else {
            reading.unread(file, subject.line, "a subject has no name");
            continue;
        };
        let kind = subject.word("kind").unwrap_or_default();
        if kind == "User" {
            reading.draft(Kind::Person, name, file, subject.line).push("personas", text(name));
            reading.note(
                file,
                subject.line,
                format!(
                    "{name} holds a role in person; a persona of that name carries it until one of yours does"
                ),
            );
        }
        let persona = reading.draft(Kind::Persona, name, file, subject.line);
        if kind == "ServiceAccount" {
            persona.set("type", "service");
            let own = subject.word("namespace").unwrap_or("default");
            let id = format!("system:serviceaccount:{own}:{name}");
            persona.put(
                "identity",
                Node::Map(vec![("provider".into(), text("kubernetes")), ("id".into(), text(&id))]),
            );
        }
        persona.push("component_access", component(&target, vec![("role".into(), text(role))]));
        if kind == "ServiceAccount" {
            reading.note(file, subject.line, format!("{name} is taken for a service, because it is a service account; write agent where it decides at run time"));
        }
    }
}

/// What rules allow: reading only, everything, or something between.
fn level_of(object: &Marked, words: &Vocabulary) -> Option<String> {
    let rules = object.get("rules").map_or(&[][..], Marked::items);
    let verbs: Vec<&str> = rules.iter().flat_map(|rule| rule.words("verbs")).collect();
    let all = rules.iter().any(|rule| {
        rule.words("verbs").any(|verb| verb == "*") && rule.words("resources").any(|resource| resource == "*")
    });
    let place = if verbs.is_empty() {
        return None;
    } else if all {
        words.levels.len().checked_sub(1)?
    } else if verbs.iter().all(|verb| matches!(*verb, "get" | "list" | "watch")) {
        0
    } else {
        1
    };
    words.levels.get(place).map(|level| level.written().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;

    #[test]
    fn roles_and_bindings_become_grants() {
        let text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: web, name: pod-reader}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get, list]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: web, name: b}\nsubjects:\n- {kind: User, name: jane}\n- {kind: ServiceAccount, name: bot, namespace: ci}\n- kind: Group\nroleRef: {kind: Role, name: pod-reader}\n---\nkind: ConfigMap\n";
        let source = Source { path: "rbac.yaml", bytes: text.as_bytes() };
        assert_eq!(sniff(&source), 95);
        let reading = read(&source, &usual());
        let by = |kind: Kind, name: &str| {
            reading.drafts.iter().find(|draft| draft.kind == kind && draft.name() == name).unwrap()
        };
        let space = by(Kind::Component, "Kubernetes namespace web");
        assert!(format!("{:?}", space.get("roles")).contains("read"));
        assert_eq!(by(Kind::Persona, "bot").text("type"), Some("service"));
        assert!(by(Kind::Persona, "jane").get("component_access").is_some());
        let lines: Vec<u32> = reading.unread.iter().map(|unread| unread.line).collect();
        assert_eq!(lines, [13, 16], "{:?}", reading.unread);
    }
}
