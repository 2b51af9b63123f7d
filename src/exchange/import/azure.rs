//! Role assignments and role definitions of Azure, as the command line and the REST API write them.
//!
//! Principals become personas, scopes components. In which environment a scope lies is not said there,
//! and stays open.

use std::collections::HashMap;
use std::sync::Arc;

use super::draft::{Reading, text};
use super::marked::{Marked, json};
use super::words::{Vocabulary, component};
use super::{Format, Source};
use crate::card::kinds::Kind;
use crate::card::node::Node;

/// See the module.
pub static FORMAT: Format = Format {
    name: "azure",
    summary: "role assignments and role definitions of Azure, of the command line and the REST API",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    let text = source.peek();
    if !text.trim_start().starts_with(['{', '[']) {
        return 0;
    }
    let assigns = text.contains("\"roleDefinitionId\"") && text.contains("\"principalId\"");
    let named = text.contains("\"roleDefinitionName\"") && text.contains("\"scope\"");
    let defines = text.contains("\"roleName\"") && text.contains("\"permissions\"")
        || text.contains("\"AssignableScopes\"") && text.contains("\"Actions\"");
    if assigns || named || defines { 95 } else { 0 }
}

/// Built-in roles that every subscription has.
const BUILT_IN: [(&str, &str); 4] = [
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"),
    ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"),
    ("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"),
];

#[derive(Default)]
struct Roles {
    names: HashMap<String, String>,
    levels: HashMap<String, String>,
}

fn read(source: &Source<'_>, words: &Vocabulary) -> Reading {
    let file: Arc<str> = source.path.into();
    let root = match source.text().map_err(|why| (1, why)).and_then(json) {
        Ok(root) => root,
        Err((line, why)) => return Reading::nothing(source.path, line, why),
    };
    let mut reading = Reading::default();
    let template = root
        .get("resources")
        .filter(|_| root.get("$schema").is_some() || root.get("contentVersion").is_some());
    let mut items: Vec<&Marked> = Vec::new();
    for item in template.or(root.get("value")).unwrap_or(&root).items() {
        let what = item.word("type").filter(|_| template.is_some());
        match what.filter(|what| !what.to_lowercase().starts_with("microsoft.authorization/role")) {
            Some(other) => {
                reading.unread(
                    &file,
                    item.line,
                    format!("a resource of the type {other} says nothing about roles"),
                );
            }
            None => items.push(item),
        }
    }
    if root.word("nextLink").is_some() {
        let line = root.get("nextLink").map_or(1, |link| link.line);
        reading.unread(
            &file,
            line,
            "this is one page of several, as its nextLink says; import the others too",
        );
    }
    let mut roles = Roles::default();
    let mut defined = Vec::new();
    for item in &items {
        let inner = item.get("properties").unwrap_or(item);
        if let Some(name) =
            inner.word("roleName").or_else(|| definition(inner).then(|| item.word("Name")).flatten())
        {
            for id in ["name", "id", "Id"].into_iter().filter_map(|key| item.word(key)) {
                roles.names.insert(last(id).to_lowercase(), name.to_owned());
            }
            if let Some(level) = level_of(inner, words) {
                roles.levels.insert(name.to_owned(), level);
            }
            defined.push((name.to_owned(), item.line));
        }
    }
    let mut used: Vec<String> = Vec::new();
    for item in items {
        let inner = item.get("properties").unwrap_or(item);
        if definition(inner) {
            continue;
        }
        let is_open = |key: &str| inner.word(key).is_some_and(|word| word.starts_with('['));
        if template.is_some() && ["principalId", "roleDefinitionId", "scope"].into_iter().any(is_open) {
            let why =
                "who gets which role is an expression of the template; import what was deployed instead";
            reading.unread(&file, item.line, why);
            continue;
        }
        match assignment(item, inner, &roles, &file, words, &mut reading) {
            Some(role) => used.push(role),
            None => reading.unread(
                &file,
                item.line,
                "this is neither a role assignment with principal, role and scope nor a role definition",
            ),
        }
    }
    for (name, line) in defined {
        if !used.contains(&name) {
            let why = format!(
                "the role {name} is assigned nowhere in this file, so no component is known that has it"
            );
            reading.unread(&file, line, why);
        }
    }
    reading.combine();
    reading
}

/// Whether this defines a role: as the API and the command line list one, or as the command line takes one.
fn definition(inner: &Marked) -> bool {
    inner.get("permissions").is_some() || inner.get("Actions").is_some() || inner.get("DataActions").is_some()
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn assignment(
    item: &Marked,
    inner: &Marked,
    roles: &Roles,
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) -> Option<String> {
    let scope = inner.word("scope")?;
    let id = inner.word("principalId");
    let principal = inner.word("principalName").or_else(|| inner.word("displayName")).or(id)?;
    let role_id = inner.word("roleDefinitionId").map(|id| last(id).to_lowercase());
    let built_in =
        |id: &str| BUILT_IN.iter().find(|(known, _)| *known == id).map(|(_, name)| (*name).to_owned());
    let role = inner.word("roleDefinitionName").map(str::to_owned);
    let role = role
        .or_else(|| roles.names.get(role_id.as_deref()?).cloned())
        .or_else(|| built_in(role_id.as_deref()?));
    let role = match (role, role_id) {
        (Some(role), _) => role,
        (None, Some(id)) => {
            reading.unread(
                file,
                item.line,
                format!("the name of the role {id} is not in this file; import its definition with it"),
            );
            id
        }
        (None, None) => return None,
    };
    let (target, what) = scope_name(scope);
    let kind = inner.word("principalType").unwrap_or_default().to_lowercase();
    if kind == "user" {
        let own = reading.draft(Kind::Person, principal, file, item.line);
        own.push("personas", text(principal));
        reading.note(file, item.line, format!("{principal} holds a role in person; a persona of that name carries it until one of yours does"));
    }
    let persona = reading.draft(Kind::Persona, principal, file, item.line);
    if kind == "serviceprincipal" || kind == "msi" {
        persona.set("type", "service");
    }
    if let Some(id) = id
        && kind != "group"
    {
        persona.put("identity", Node::Map(vec![("provider".into(), text("entra")), ("id".into(), text(id))]));
    }
    let mut fields = vec![("role".into(), text(&role))];
    if let Some(why) = inner.word("description") {
        fields.push(("reason".into(), text(why)));
    }
    persona.push("component_access", component(&target, fields));
    if kind == "serviceprincipal" || kind == "msi" {
        reading.note(file, item.line, format!("{principal} is taken for a service, because it is a service principal; write agent where it decides at run time"));
    }
    if let Some(condition) = inner.word("condition") {
        let shown: String = condition.chars().take(60).collect();
        reading.unread(
            file,
            item.line,
            format!("the condition on {principal}'s {role} has no place on a card: {shown}"),
        );
    }
    let own = reading.draft(Kind::Component, &target, file, item.line);
    own.set("platform", "azure");
    own.set("notes", what);
    if words.role(&role).is_none() {
        let item = match roles.levels.get(&role) {
            Some(level) => Node::Map(vec![("name".into(), text(&role)), ("level".into(), text(level))]),
            None => text(&role),
        };
        own.push("roles", item);
    }
    Some(role)
}

/// What a scope is called, and what it is.
fn scope_name(scope: &str) -> (String, &str) {
    let parts: Vec<&str> = scope.split('/').filter(|part| !part.is_empty()).collect();
    let find = |key: &str| {
        let place = parts.iter().position(|part| part.eq_ignore_ascii_case(key))?;
        parts.get(place + 1).copied()
    };
    if let Some(place) = parts.iter().rposition(|part| part.eq_ignore_ascii_case("providers"))
        && parts.len() > place + 3
        && find("managementGroups").is_none()
    {
        return (parts.last().copied().unwrap_or(scope).to_owned(), scope);
    }
    if let Some(group) = find("resourceGroups") {
        return (format!("Resource group {group}"), scope);
    }
    if let Some(group) = find("managementGroups") {
        return (format!("Management group {group}"), scope);
    }
    match find("subscriptions") {
        Some(subscription) => (format!("Subscription {subscription}"), scope),
        None => ("All of Azure".to_owned(), scope),
    }
}

/// What a definition allows: reading only, everything, or something between.
fn level_of(inner: &Marked, words: &Vocabulary) -> Option<String> {
    let mut actions: Vec<&str> = Vec::new();
    let mut not: Vec<&str> = Vec::new();
    let own = std::slice::from_ref(inner);
    for permission in inner.get("permissions").map_or(own, Marked::items) {
        for key in ["actions", "dataActions", "Actions", "DataActions"] {
            actions.extend(permission.words(key));
        }
        for key in ["notActions", "NotActions"] {
            not.extend(permission.words(key));
        }
    }
    let place = if actions.is_empty() {
        return None;
    } else if actions.iter().all(|action| action.to_lowercase().ends_with("/read")) {
        0
    } else if actions.contains(&"*") && not.is_empty() {
        words.levels.len().checked_sub(1)?
    } else {
        1
    };
    words.levels.get(place).map(|level| level.written().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;

    fn reading(text: &str) -> Reading {
        read(&Source { path: "roles.json", bytes: text.as_bytes() }, &usual())
    }

    const STORAGE: &str =
        "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/lake1";

    #[test]
    fn assignments_of_the_command_line_and_of_the_api() {
        let cli = format!(
            r#"[{{"principalName": "ci-runner", "principalId": "i1", "principalType": "ServicePrincipal", "roleDefinitionName": "Storage Blob Data Reader", "scope": "{STORAGE}"}},
               {{"principalName": "ana@x.example", "principalType": "User", "principalId": "i2", "roleDefinitionName": "Owner", "scope": "/subscriptions/s1"}}]"#
        );
        let own = reading(&cli);
        let by = |kind: Kind, name: &str| {
            own.drafts.iter().find(|draft| draft.kind == kind && draft.name() == name).unwrap()
        };
        assert_eq!(by(Kind::Persona, "ci-runner").text("type"), Some("service"));
        assert!(
            format!("{:?}", by(Kind::Persona, "ana@x.example").get("component_access"))
                .contains("Subscription s1")
        );
        assert!(by(Kind::Person, "ana@x.example").get("personas").is_some());
        assert!(by(Kind::Component, "lake1").get("roles").is_some());
        let api = format!(
            r#"{{"value": [{{"properties": {{"roleDefinitionId": "/x/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7", "principalId": "i1", "principalType": "Group", "scope": "{STORAGE}"}}}},
               {{"properties": {{"roleDefinitionId": "/x/roleDefinitions/abc", "principalId": "i1", "principalType": "Group", "scope": "/"}}}},
               {{"name": "abc", "properties": {{"roleName": "Log Looker", "permissions": [{{"actions": ["*/read"]}}]}}}}, {{"x": 1}}]}}"#
        );
        let own = reading(&api);
        assert!(format!("{:?}", own.drafts[0].get("component_access")).contains("Reader"));
        assert!(format!("{:?}", own.drafts).contains("Log Looker"));
        assert_eq!(own.unread.len(), 1, "{:?}", own.unread);
    }

    #[test]
    fn definitions_of_all_dialects_and_templates() {
        let text = format!(
            r#"[{{"Name": "Lake Writer", "Id": "d9", "Actions": [], "DataActions": ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"], "AssignableScopes": ["/"]}},
               {{"principalName": "bot", "principalId": "i1", "principalType": "ServicePrincipal", "roleDefinitionId": "/x/roleDefinitions/d9", "scope": "{STORAGE}"}}]"#
        );
        let own = reading(&text);
        assert_eq!(own.unread, []);
        let lake = own.drafts.iter().find(|draft| draft.kind == Kind::Component).unwrap();
        assert!(format!("{:?}", lake.get("roles")).contains("write"), "{:?}", lake.fields);
        let template = r#"{"$schema": "x", "contentVersion": "1.0.0.0", "resources": [
            {"type": "Microsoft.Authorization/roleAssignments", "properties": {"principalId": "[parameters('p')]", "roleDefinitionId": "[x]"}},
            {"type": "Microsoft.Web/sites", "name": "w"}]}"#;
        let own = reading(template);
        let lines: Vec<u32> = own.unread.iter().map(|unread| unread.line).collect();
        assert_eq!((own.drafts.len(), lines), (0, vec![3, 2]));
        let page = reading(r#"{"value": [], "nextLink": "https://x.example"}"#);
        assert!(page.unread[0].why.contains("nextLink"), "{:?}", page.unread);
    }
}
