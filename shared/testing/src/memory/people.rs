//! People under cover.

use async_trait::async_trait;
use domain::ids::{EnrolmentId, UnitId};
use workflow::ports::{KnownPerson, Outage, People, PersonKey, PersonWrite};

use super::MemoryStore;

#[async_trait]
impl People for MemoryStore {
    async fn known(&self, keys: &[PersonKey]) -> Result<Vec<Option<KnownPerson>>, Outage> {
        let tables = self.tables();
        Ok(keys.iter().map(|key| tables.people.get(&key.0).cloned().map(KnownPerson::from)).collect())
    }

    async fn write_cover(&self, writes: &[PersonWrite]) -> Result<(), Outage> {
        let mut tables = self.tables();
        for PersonWrite { key, name_index, cover } in writes {
            let row = tables.people.entry(key.0.clone()).or_default();
            row.name_index.get_or_insert_with(|| name_index.clone());
            if !row.covers.iter().any(|c| (&c.enrolment, &c.plan) == (&cover.enrolment, &cover.plan)) {
                row.covers.push(cover.clone());
            }
        }
        Ok(())
    }

    async fn move_cover(
        &self,
        people: &[PersonKey],
        (enrolment, plan): (&EnrolmentId, &str),
        unit: &UnitId,
    ) -> Result<(), Outage> {
        let mut tables = self.tables();
        for key in people {
            let covers = tables.people.get_mut(&key.0).into_iter().flat_map(|row| &mut row.covers);
            for cover in covers.filter(|cover| (&cover.enrolment, cover.plan.as_str()) == (enrolment, plan)) {
                cover.unit = unit.clone();
            }
        }
        Ok(())
    }
}
