//! The name of a unit in the records that lists are made of: it leaves them only as its reader may see it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::UnitId;
use crate::organisation::{NodePath, Unit};

/// The name of a unit as a record keeps it. It is no text, so that no list can show it without asking who reads: a unit may
/// have become classified (涉密单位) after the record was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitName(String);

impl UnitName {
    /// The name in full: for papers, trails, and whoever reads the one subject it belongs to. Not for lists.
    #[must_use]
    pub fn in_full(&self) -> &str {
        &self.0
    }

    /// The name as a list shows it to its reader; `path` is where the unit stands.
    #[must_use]
    pub fn listed(&self, path: &NodePath, discretion: &Discretion) -> String {
        if discretion.masks(path) { Unit::masked_name(&self.0) } else { self.0.clone() }
    }
}

impl From<String> for UnitName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl From<&str> for UnitName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// Which names a reader of a list does not get to see: those of classified units outside whose agency the reader sits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discretion {
    reader: NodePath,
    classified: BTreeSet<UnitId>,
}

impl Discretion {
    /// For an account that sits at `reader`; `classified` are those of the listed units that are.
    #[must_use]
    pub fn new(reader: NodePath, classified: BTreeSet<UnitId>) -> Self {
        Self { reader, classified }
    }

    /// The unit at `path`, if its name depends on whether it is classified: of a unit of the reader's own agency it does not.
    #[must_use]
    pub fn asks_about(reader: &NodePath, path: &NodePath) -> Option<UnitId> {
        let agency = path.parent()?;
        if agency.covers(reader) { None } else { UnitId::parse(path.last()).ok() }
    }

    /// Whether what a list says of the unit at `path` must not tell which one it is.
    #[must_use]
    pub fn masks(&self, path: &NodePath) -> bool {
        // A record that does not say where its unit stands is from before records did.
        let unknown = *path == NodePath::root() && self.reader != *path;
        unknown || Self::asks_about(&self.reader, path).is_some_and(|unit| self.classified.contains(&unit))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn path(text: &str) -> NodePath {
        NodePath::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn a_classified_units_name_is_masked_outside_its_agency() {
        let name = UnitName::from("岐山县第一机械厂");
        let (secret, open) = (path("/hq/2602/baoji/qishan/u1/"), path("/hq/2602/baoji/qishan/u2/"));
        let shown = |reader: &str, at: &NodePath| {
            let classified = BTreeSet::from([UnitId::parse("u1").unwrap()]);
            name.listed(at, &Discretion::new(path(reader), classified))
        };
        for inside in ["/hq/2602/baoji/qishan/", "/hq/2602/baoji/qishan/u1/", "/hq/2602/baoji/qishan/u2/"] {
            assert_eq!(shown(inside, &secret), "岐山县第一机械厂", "{inside}");
        }
        for outside in ["/hq/", "/hq/2602/", "/hq/2602/baoji/", "/hq/2602/baoji/fengxian/", "/hq/2602/baoji/qishan2/"] {
            assert_eq!(shown(outside, &secret), "岐山****械厂", "{outside}");
            assert_eq!(shown(outside, &open), "岐山县第一机械厂", "{outside}");
        }
        assert_eq!(shown("/hq/2602/", &NodePath::root()), "岐山****械厂", "nobody knows where it stands");
    }

    #[test]
    fn only_units_of_other_agencies_are_asked_about() {
        let unit = path("/hq/2602/baoji/qishan/u1/");
        let asked = |reader: &str| Discretion::asks_about(&path(reader), &unit).map(|unit| unit.to_string());
        assert_eq!(asked("/hq/2602/baoji/qishan/"), None);
        assert_eq!(asked("/hq/2602/baoji/qishan/u1/"), None);
        assert_eq!(asked("/hq/2602/").as_deref(), Some("u1"));
    }
}
