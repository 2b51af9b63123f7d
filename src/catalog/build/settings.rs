//! The catalog's own card: vocabularies, roles, sets of duties.

use super::words::{distinct, position};
use super::*;

impl Builder {
    /// The one card with the catalog's settings: that of `catalog.yaml` before any other.
    pub(super) fn choose_catalog<'f>(
        &mut self,
        files: &'f [Arc<CardFile>],
    ) -> Option<(CardId, &'f CatalogCard)> {
        let all: Vec<_> = every_card(files)
            .filter_map(|(id, file, card)| match card {
                Card::Catalog(card) => Some((id, file, card)),
                _ => None,
            })
            .collect();
        let chosen = all.iter().position(|(_, file, _)| &*file.path == "catalog.yaml").unwrap_or(0);
        for (place, (id, _, _)) in all.iter().enumerate() {
            if place != chosen {
                let first = all.get(chosen).map_or("", |(_, file, _)| &file.path);
                self.pending.push(Pending {
                    place: Place { card: *id, path: FieldPath::CARD.key("kind") },
                    level: Severity::Error,
                    message: "this is a second Catalog, and was passed over".to_owned(),
                    hint: format!("Keep the settings in one card: {first} has them."),
                });
            }
        }
        all.get(chosen).map(|(id, _, card)| (*id, *card))
    }

    pub(super) fn read_settings(&mut self, id: CardId, card: &CatalogCard) {
        let place = Place { card: id, path: FieldPath::CARD };
        self.settings.place = Some(place);
        self.settings.description.clone_from(&card.description);
        let mut environments = distinct(&card.environments);
        if environments.len() > EnvironmentSet::MOST {
            self.pending.push(Pending {
                place: place.with(FieldPath::CARD.key("environments")),
                level: Severity::Error,
                message: format!("a catalog has at most {} environments", EnvironmentSet::MOST),
                hint: "Those beyond were passed over.".to_owned(),
            });
            environments.truncate(EnvironmentSet::MOST);
        }
        for (stated, setting) in [
            (environments, &mut self.settings.environments),
            (distinct(&card.access_levels), &mut self.settings.access_levels),
            (distinct(&card.risk_levels), &mut self.settings.risk_levels),
            (distinct(&card.skill_levels), &mut self.settings.skill_levels),
        ] {
            if !stated.is_empty() {
                *setting = stated;
            }
        }
        // Levels are small numbers; nobody has 256 of them.
        self.settings.access_levels.truncate(255);
        self.settings.risk_levels.truncate(255);
        self.settings.skill_levels.truncate(255);
        match &card.roles {
            Some(roles) => {
                let place = place.with(FieldPath::CARD.key("roles"));
                self.settings.roles = roles
                    .iter()
                    .map(|(name, level)| (name.clone(), self.access_level(level.as_ref(), place)))
                    .collect();
            }
            None => {
                // The default roles mean default levels, as far as the catalog has them.
                let levels = self.settings.access_levels.clone();
                for (role, word) in [("Reader", "read"), ("Contributor", "write"), ("Owner", "admin")] {
                    let level = position(&levels, &Name::new(word));
                    if let Some(entry) =
                        self.settings.roles.iter_mut().find(|(name, _)| name.is(&role.to_lowercase()))
                    {
                        entry.1 = level;
                    }
                }
            }
        }
        let count = |stated: Option<i64>, default| {
            stated.map_or(default, |value| usize::try_from(value.max(0)).unwrap_or(default))
        };
        let (min, max) = card.persona_count;
        self.settings.persona_count = (count(min, 5), count(max, 10));
        self.settings.rules.clone_from(&card.rules);
    }

    pub(super) fn duty_sets(&mut self, id: CardId, sets: &[DutySetCard]) {
        for set in sets {
            let place = Place { card: id, path: FieldPath::CARD.item("separation_of_duties", set.at) };
            let mut duties = Vec::new();
            for duty in &set.duties {
                let place = place.with(place.path.item("duties", duty.at));
                if let Some(process) = &duty.process {
                    let target = DutyTarget::Process(self.process(process, place));
                    duties.push(Duty { target, place });
                }
                if let Some(component) = &duty.component {
                    let level = self.access_level(duty.level.as_ref(), place.with(place.path.key("level")));
                    let target = DutyTarget::Component(self.component(component, place), level);
                    duties.push(Duty { target, place });
                }
            }
            let max = set.max.map_or(1, |max| usize::try_from(max.max(0)).unwrap_or(1));
            self.settings.duty_sets.push(DutySet { name: set.name.clone(), duties, max, place });
        }
    }
}
