//! Drafts for Azure: role assignments of a persona's identity, and custom roles where a grant names no role.
//!
//! What a role may do in Azure is stated by actions of a resource provider. The provider is known of the
//! usual services only, and the actions are those of a level as a whole: a draft to be narrowed by somebody
//! who knows the service. Subscriptions, groups and resources are no matter of a catalog: where they belong
//! stands a word in braces. Azure knows no phase and no risk; that is said.

use serde_json::{Value, json};

use super::{Policy, Written, environments, grants, level_of};
use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::services::azure_provider;
use crate::analysis::view::line_of;
use crate::card::kinds::Mode;
use crate::card::words::Name;
use crate::catalog::{Catalog, ComponentId, Grant, Level, PersonaId};

/// See the module.
pub static POLICY: Policy =
    Policy { name: "azure-role", summary: "drafts of Azure custom roles and role assignments", write };

fn write(analysis: &Analysis, persona: PersonaId, context: &Context) -> Written {
    let catalog = &analysis.catalog;
    let own = &catalog.personas[persona.index()];
    let identity = own.identity.as_ref().and_then(|identity| identity.id.as_ref());
    let mut draft = Draft {
        catalog,
        owner: own.id.written().to_owned(),
        principal: identity
            .map_or_else(|| "{object id of the identity}".to_owned(), |id| id.written().to_owned()),
        human: own.is_human(),
        definitions: Vec::new(),
        assignments: Vec::new(),
        remarks: Vec::new(),
    };
    match identity {
        None => draft.remark("the card states no identity, so the principal is left open".to_owned()),
        Some(id) if !is_object_id(id.written()) => draft.remark(format!(
            "the identity {id} is no object id; write the one of that identity as principalId"
        )),
        Some(_) => {}
    }
    for (_, grant) in grants(analysis, persona, context) {
        let component = &catalog.components[grant.component.index()];
        let words = std::iter::once(&component.name).chain(&component.aliases);
        let provider = azure_provider(words);
        let is_azure =
            provider.is_some() || component.platform.as_ref().is_some_and(|platform| platform.is("azure"));
        if !is_azure {
            draft.remark(format!("{} is not on Azure, and is left out", component.name));
            continue;
        }
        draft.limits(analysis, grant, context);
        for environment in environments(grant, context) {
            draft.grant(analysis, grant, provider, environment);
        }
    }
    if draft.assignments.is_empty() {
        draft.remark("no grant here is on a component of Azure, so nothing is assigned".to_owned());
    } else {
        draft.remark("where each scope is (subscription, group, resource) is left open".to_owned());
    }
    let text = serde_json::to_string_pretty(&json!({
        "roleDefinitions": draft.definitions,
        "roleAssignments": draft.assignments,
    }));
    Written { text: text.unwrap_or_default() + "\n", remarks: draft.remarks }
}

/// Whether it looks like an id of the directory: 32 digits in five groups.
fn is_object_id(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-')
}

struct Draft<'a> {
    catalog: &'a Catalog,
    owner: String,
    principal: String,
    human: bool,
    definitions: Vec<Value>,
    assignments: Vec<Value>,
    remarks: Vec<String>,
}

impl Draft<'_> {
    fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// What Azure cannot say of a grant.
    fn limits(&mut self, analysis: &Analysis, grant: &Grant, context: &Context) {
        let line = line_of(analysis, grant.place);
        let unsaid = [
            (!grant.phases.is_empty() && context.phase.is_none(), "phases"),
            (grant.max_risk.is_some() && context.risk.is_none(), "a highest risk"),
            (!grant.tools.is_empty() && !grant.has_every_tool(), "tools"),
        ];
        let words: Vec<&str> = unsaid.iter().filter(|(is_so, _)| *is_so).map(|(_, word)| *word).collect();
        if !words.is_empty() {
            self.remark(format!(
                "Azure cannot tell {}, which the grant at {line} states",
                words.join(" and ")
            ));
        }
        if !grant.is_standing() && !self.human {
            self.remark(format!(
                "the grant at {line} is not standing, and Azure activates roles for people only: give and take the assignment where it is used, or it stands"
            ));
        }
    }

    fn grant(
        &mut self,
        analysis: &Analysis,
        grant: &Grant,
        provider: Option<&str>,
        environment: Option<usize>,
    ) {
        let component = self.catalog.id(grant.component.into()).into_owned();
        let place = environment.map(|environment| self.catalog.settings.environment(environment).to_owned());
        let scope = match &place {
            Some(place) => format!("{{{component} in {place}}}"),
            None => format!("{{{component}}}"),
        };
        let line = line_of(analysis, grant.place);
        let mut roles: Vec<String> = grant
            .roles
            .iter()
            .filter(|role| means_something(self.catalog, grant, role, environment))
            .map(|role| role.written().to_owned())
            .collect();
        // A level beside the roles, or instead of them, is a role of its own where the roles fall short of it.
        let by_roles = roles_level(self.catalog, grant, environment);
        if roles.is_empty() || grant.level > by_roles {
            match (level_of(grant, environment), provider) {
                (Some(level), Some(provider)) => {
                    roles.push(self.custom_role(grant.component, level, provider, &scope));
                }
                (None, _) => self.remark(format!("the grant at {line} states no level and no role; its role is left open")),
                (Some(_), None) => self.remark(format!(
                    "which resource provider {component} belongs to is not known; the role of the grant at {line} is left open"
                )),
            }
        }
        if roles.is_empty() {
            roles.push(format!("{{role on {component}}}"));
        }
        let schedule = match grant.mode {
            None | Some(Mode::Standing) => "active",
            Some(Mode::Eligible | Mode::JustInTime) => "eligible",
        };
        for role in roles {
            let named: Vec<&str> = grant.approval.iter().map(|named| named.name.written()).collect();
            let mut assignment = json!({
                "principalId": self.principal,
                "principalType": if self.human { "User" } else { "ServicePrincipal" },
                "roleDefinitionName": role,
                "scope": scope,
                "assignmentType": schedule,
                "grant": line,
            });
            let mut put = |key: &str, value: Value| assignment[key] = value;
            if let Some(first) = grant.starts {
                put("startDateTime", json!(format!("{first}T00:00:00Z")));
            }
            if let Some(end) = grant.expires.and_then(|last| last.tomorrow().ok()) {
                put("endDateTime", json!(format!("{end}T00:00:00Z")));
            }
            if let Some(most) = grant.max_duration {
                put("maximumActivationDuration", json!(most.to_string()));
            }
            if !named.is_empty() {
                put("approvers", json!(named));
            }
            if let Some(reason) = &grant.reason {
                put("justification", json!(reason));
            }
            self.assignments.push(assignment);
        }
    }

    /// The name of a custom role for a level, made where it is not there yet.
    fn custom_role(&mut self, component: ComponentId, level: Level, provider: &str, scope: &str) -> String {
        let settings = &self.catalog.settings;
        let component = self.catalog.id(component.into()).into_owned();
        let word = settings.level(level).to_owned();
        let name = format!("{} {component} {word}", self.owner);
        let actions = actions(provider, level, settings.top_level());
        match self.definitions.iter_mut().find(|known| known["Name"] == json!(name)) {
            Some(known) => {
                if let Some(Value::Array(scopes)) = known.get_mut("AssignableScopes")
                    && !scopes.contains(&json!(scope))
                {
                    scopes.push(json!(scope));
                }
            }
            None => self.definitions.push(json!({
                "Name": name,
                "IsCustom": true,
                "Description": format!("{word} on {component} for {}, as its card grants it", self.owner),
                "Actions": actions,
                "NotActions": not_actions(level, settings.top_level()),
                "DataActions": [],
                "NotDataActions": [],
                "AssignableScopes": [scope],
            })),
        }
        self.remark(
            "actions on data (DataActions) differ from service to service, and are left open".to_owned(),
        );
        name
    }
}

/// Whether the catalog says what a role means in an environment, or anywhere.
fn means_something(catalog: &Catalog, grant: &Grant, role: &Name, environment: Option<usize>) -> bool {
    let own = &catalog.components[grant.component.index()].roles;
    let stated: Vec<_> = own.iter().filter(|known| known.name == *role).collect();
    // A role that no card explains is still one that Azure may know.
    stated.is_empty()
        || stated.iter().any(|known| {
            known.environments.is_empty()
                || environment.is_none_or(|environment| known.environments.contains(environment))
        })
}

/// The highest level that the roles of a grant are known to mean there.
fn roles_level(catalog: &Catalog, grant: &Grant, environment: Option<usize>) -> Option<Level> {
    let own = &catalog.components[grant.component.index()].roles;
    let level = |role: &Name| {
        let stated = own.iter().filter(|known| {
            known.name == *role
                && (known.environments.is_empty()
                    || environment.is_none_or(|environment| known.environments.contains(environment)))
        });
        let common = catalog.settings.roles.iter().filter(|(name, _)| name == role).map(|(_, level)| *level);
        stated.map(|known| known.level).chain(common).flatten().max()
    };
    grant.roles.iter().filter_map(level).max()
}

/// The actions of a level: reading for the first, all for the highest, and between them all but giving
/// access to others.
fn actions(provider: &str, level: Level, top: Level) -> Vec<String> {
    if level.0 == 0 && top.0 > 0 { vec![format!("{provider}/*/read")] } else { vec![format!("{provider}/*")] }
}

fn not_actions(level: Level, top: Level) -> Vec<&'static str> {
    if level > Level(0) && level < top {
        vec!["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"]
    } else {
        Vec::new()
    }
}
