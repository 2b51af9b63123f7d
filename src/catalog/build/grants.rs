//! Grants: fields, defaults, and the level that follows from roles and tools.

use super::words::{distinct, position};
use super::*;

impl Builder {
    pub(super) fn grant(
        &mut self,
        component: ComponentId,
        fields: &GrantFields,
        place: Place,
        subject: Entity,
    ) -> Grant {
        let key = |name: &str| place.with(place.path.key(name));
        let mut level = self.access_level(fields.level.as_ref(), key("level"));
        let mut roles = fields.roles.clone();
        for word in &fields.level_or_roles {
            match position(&self.settings.access_levels, word) {
                Some(stated) => level = level.max(Some(stated)),
                None => roles.push(word.clone()),
            }
        }
        let environments = self.environments(&fields.environments, key("environments"));
        let max_risk = self.risk_level(fields.max_risk.as_ref(), key("max_risk"));
        let approval = self.actors(&fields.approval, place, place.path, "approval", subject);
        Grant {
            level,
            roles,
            environments,
            tools: distinct(&fields.tools),
            mode: fields.mode,
            phases: distinct(&fields.phases),
            max_risk,
            max_duration: fields.max_duration,
            starts: fields.starts,
            expires: fields.expires,
            auth: fields.auth.clone(),
            approval,
            reason: fields.reason.clone(),
            ..Grant::empty(component, place)
        }
    }

    /// The level of a grant in each environment, and without one, as its roles and tools give it.
    pub(super) fn with_levels(&self, mut grant: Grant) -> Grant {
        let component = &self.components[grant.component.index()];
        grant.unknown_roles = grant
            .roles
            .iter()
            .filter(|role| {
                !component.roles.iter().any(|own| own.name == **role)
                    && !self.settings.roles.iter().any(|(name, _)| name == *role)
            })
            .cloned()
            .collect();
        let by_tools = (grant.level.is_none() && grant.roles.is_empty() && !grant.tools.is_empty())
            .then(|| {
                let every = grant.has_every_tool();
                let tools = component.tools.iter();
                tools
                    .filter(|(name, _)| every || grant.tools.contains(name))
                    .filter_map(|(_, level)| *level)
                    .max()
            })
            .flatten();
        let level_in = |environment: Option<usize>| {
            let by_roles =
                grant.roles.iter().filter_map(|role| self.role_level(component, role, environment)).max();
            grant.level.max(by_roles).max(by_tools)
        };
        let without = level_in(None);
        let levels = if grant.environments.is_empty() {
            Vec::new()
        } else {
            (0..self.settings.environments.len()).map(|environment| level_in(Some(environment))).collect()
        };
        grant.with_levels(levels, without)
    }

    pub(super) fn role_level(
        &self,
        component: &Component,
        role: &Name,
        environment: Option<usize>,
    ) -> Option<Level> {
        let own: Vec<&Role> = component.roles.iter().filter(|own| own.name == *role).collect();
        if own.is_empty() {
            return self.settings.roles.iter().find(|(name, _)| name == role).and_then(|(_, level)| *level);
        }
        let general = own.iter().any(|entry| entry.environments.is_empty());
        own.iter()
            .filter(|entry| match environment {
                Some(environment) => {
                    entry.environments.is_empty() || entry.environments.contains(environment)
                }
                None => entry.environments.is_empty() || !general,
            })
            .filter_map(|entry| entry.level)
            .max()
    }
}

pub(super) fn with_defaults(mut grant: Grant, defaults: &Grant) -> Grant {
    pub(super) fn fill<T: Clone>(field: &mut Option<T>, default: &Option<T>) {
        if field.is_none() {
            field.clone_from(default);
        }
    }
    pub(super) fn fill_list<T: Clone>(field: &mut Vec<T>, default: &[T]) {
        if field.is_empty() {
            field.extend_from_slice(default);
        }
    }
    fill(&mut grant.level, &defaults.level);
    fill_list(&mut grant.roles, &defaults.roles);
    if grant.environments.is_empty() {
        grant.environments = defaults.environments;
    }
    fill_list(&mut grant.tools, &defaults.tools);
    fill(&mut grant.mode, &defaults.mode);
    fill_list(&mut grant.phases, &defaults.phases);
    fill(&mut grant.max_risk, &defaults.max_risk);
    fill(&mut grant.max_duration, &defaults.max_duration);
    fill(&mut grant.starts, &defaults.starts);
    fill(&mut grant.expires, &defaults.expires);
    fill(&mut grant.auth, &defaults.auth);
    fill_list(&mut grant.approval, &defaults.approval);
    fill(&mut grant.reason, &defaults.reason);
    grant
}
