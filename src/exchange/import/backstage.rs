//! Catalogs of Backstage: users are people, groups teams; components, APIs, resources and systems components.
//!
//! What has no field of its own on a card (owner, system, what depends on what) is kept under `x-` names.

use std::sync::Arc;

use super::draft::{Draft, Reading, list};
use super::kubernetes::objects;
use super::marked::Marked;
use super::words::Vocabulary;
use super::{Format, Source};
use crate::card::kinds::Kind;

/// See the module.
pub static FORMAT: Format = Format {
    name: "backstage",
    summary: "catalogs of Backstage: User, Group, Component, API, Resource, System",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    if source.peek().contains("backstage.io/v1") { 95 } else { 0 }
}

fn read(source: &Source<'_>, _: &Vocabulary) -> Reading {
    let file: Arc<str> = source.path.into();
    let mut reading = Reading::default();
    for object in objects(source, &mut reading) {
        let word = object.word("kind").unwrap_or_default().to_owned();
        let kind = match word.as_str() {
            "User" => Kind::Person,
            "Group" => Kind::Team,
            "Component" | "API" | "Resource" | "System" => Kind::Component,
            other => {
                reading.unread(
                    &file,
                    object.line,
                    format!(
                        "a {} has no card of its own, and is passed over",
                        if other.is_empty() { "document without kind" } else { other }
                    ),
                );
                continue;
            }
        };
        let Some(name) = object.at(&["metadata", "name"]).and_then(Marked::text) else {
            reading.unread(&file, object.line, format!("this {word} has no metadata.name"));
            continue;
        };
        one(&object, kind, &word, name, &file, &mut reading);
    }
    reading.combine();
    reading
}

fn one(object: &Marked, kind: Kind, word: &str, name: &str, file: &Arc<str>, reading: &mut Reading) {
    let title = object
        .at(&["spec", "profile", "displayName"])
        .or_else(|| object.at(&["metadata", "title"]))
        .and_then(Marked::text)
        .unwrap_or(name);
    let mut draft = Draft { kind, fields: Vec::new(), file: file.clone(), line: object.line, home: None };
    if title != name {
        draft.set("id", name);
    }
    draft.set("name", title);
    if let Some(text) = object.at(&["metadata", "description"]).and_then(Marked::text) {
        draft.set("notes", text);
    }
    if kind == Kind::Component {
        draft.set("x-kind", word);
    }
    let known = ["name", "namespace", "title", "description", "uid", "etag", "generation"];
    let mut left: Vec<String> = object
        .get("metadata")
        .map_or(&[][..], Marked::entries)
        .iter()
        .filter(|(key, _, _)| !known.contains(&&**key))
        .map(|(key, _, _)| format!("metadata.{key}"))
        .collect();
    let profile = object.at(&["spec", "profile"]).map_or(&[][..], Marked::entries);
    left.extend(
        profile
            .iter()
            .filter(|(key, _, _)| &**key != "displayName")
            .map(|(key, _, _)| format!("spec.profile.{key}")),
    );
    left.extend(object.at(&["spec", "definition"]).map(|_| "spec.definition".to_owned()));
    if !left.is_empty() {
        reading.note(file, object.line, format!("{} of {name} are on no card", left.join(", ")));
    }
    for (key, line, value) in object.get("spec").map_or(&[][..], Marked::entries) {
        let own = match &**key {
            "profile" | "definition" | "presence" => continue,
            "memberOf" => "x-member-of",
            "members" => "x-members",
            "parent" => "x-parent",
            "children" => "x-children",
            "type" => "x-type",
            "lifecycle" => "x-lifecycle",
            "owner" => "x-owner",
            "system" => "x-system",
            "domain" => "x-domain",
            "subcomponentOf" => "x-part-of",
            "dependsOn" => "x-depends-on",
            "dependencyOf" => "x-dependency-of",
            "providesApis" => "x-provides-apis",
            "consumesApis" => "x-consumes-apis",
            other => {
                reading.unread(file, *line, format!("\"{other}\" of {name} is no field that is known"));
                continue;
            }
        };
        let words: Vec<&str> = value.items().iter().filter_map(Marked::text).collect();
        match (value.is_list(), words.as_slice()) {
            (_, []) => {}
            (false, [one]) => draft.set(own, one),
            (_, several) => draft.put(own, list(several.iter().copied())),
        }
    }
    reading.drafts.push(draft);
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;

    #[test]
    fn users_groups_and_components() {
        let text = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ana}\nspec:\n  profile: {displayName: Ana A}\n  memberOf: [team-a]\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  description: Sells.\nspec: {type: service, owner: team-a, dependsOn: ['resource:db'], mood: good}\n---\nkind: Location\n---\nkind: Group\nmetadata: {name: team-a}\nspec: {type: team, children: []}\n";
        let reading = read(&Source { path: "catalog-info.yaml", bytes: text.as_bytes() }, &usual());
        let all: Vec<_> =
            reading.drafts.iter().map(|draft| (draft.kind, draft.text("id"), draft.name())).collect();
        assert_eq!(
            all,
            [
                (Kind::Person, Some("ana"), "Ana A"),
                (Kind::Component, None, "shop"),
                (Kind::Team, None, "team-a")
            ]
        );
        assert_eq!(reading.drafts[1].text("x-owner"), Some("team-a"));
        assert_eq!(
            reading.unread.iter().map(|unread| unread.line).collect::<Vec<_>>(),
            [13, 15],
            "{:?}",
            reading.unread
        );
    }
}
