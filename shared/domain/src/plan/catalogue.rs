//! The catalogue file: plans, offices, claim types and materials that a fresh install starts from.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{PlanVariant, plan_problems};
use crate::number::OfficeCode;

/// A catalogue whose parts agree with each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Offices with the agencies under them.
    pub offices: Vec<CatalogueOffice>,
    /// 申领类型.
    pub claim_types: Vec<String>,
    /// Plan variants, each (code, version) once.
    pub plans: Vec<PlanVariant>,
    /// Ratios by named injury or grade.
    pub disability_ratios: Vec<DisabilityRatio>,
    /// Images a claim needs.
    pub materials: Vec<Material>,
}

/// An office (办事处) under headquarters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueOffice {
    /// Four digits.
    pub code: OfficeCode,
    /// Chinese name.
    pub name: String,
    /// Its agencies.
    #[serde(default)]
    pub agencies: Vec<CatalogueAgency>,
}

/// A city or county agency (代办处, 经办机构).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueAgency {
    /// Chinese name.
    pub name: String,
    /// Agencies below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<CatalogueAgency>,
}

/// Part of the sum assured that a disability pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisabilityRatio {
    /// Grade or named injury.
    pub name: String,
    /// Grade of a named injury, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Percent as a decimal in text, such as `10.5`.
    pub ratio_percent: String,
}

/// A kind of image that claims of some types need (申领材料).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// Stable code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Most images.
    pub max: u32,
    /// Claim types that cannot do without it; `*` for all.
    pub required_for: Vec<String>,
}

/// Why a catalogue file is refused.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not the JSON of a catalogue.
    #[error("the catalogue is not in its format")]
    Format(#[from] serde_json::Error),
    /// Its parts contradict each other; one line for each contradiction.
    #[error("the catalogue contradicts itself: {}", .0.join("; "))]
    Contradiction(Vec<String>),
}

impl Catalogue {
    /// Reads a catalogue file.
    ///
    /// # Errors
    /// Another format, or parts that contradict each other, all of them at once.
    pub fn parse(json: &str) -> Result<Self, CatalogueError> {
        let catalogue: Self = serde_json::from_str(json)?;
        let faults = catalogue.faults();
        if faults.is_empty() { Ok(catalogue) } else { Err(CatalogueError::Contradiction(faults)) }
    }

    /// The plan variant with this code and version.
    #[must_use]
    pub fn plan(&self, code: &str, version: &str) -> Option<&PlanVariant> {
        self.plans.iter().find(|plan| plan.code == code && plan.version == version)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        for plan in &self.plans {
            if !seen.insert((&plan.code, &plan.version)) {
                faults.push(format!("plan {} {} appears twice", plan.code, plan.version));
            }
            let broken = plan_problems(plan).into_iter();
            faults.extend(broken.map(|problem| format!("plan {}: {} {}", plan.code, problem.at, problem.code)));
            for benefit in plan.benefits.iter().filter(|benefit| !self.claim_types.contains(&benefit.claim_type)) {
                faults.push(format!("benefit {} of plan {} has an unknown claim type", benefit.code, plan.code));
            }
        }
        let mut offices = HashSet::new();
        for office in self.offices.iter().filter(|office| !offices.insert(&office.code)) {
            faults.push(format!("office {} appears twice", office.code));
        }
        for material in &self.materials {
            if material
                .required_for
                .iter()
                .any(|claim_type| claim_type != "*" && !self.claim_types.contains(claim_type))
            {
                faults.push(format!("material {} is required for an unknown claim type", material.code));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::money::Fen;
    use crate::plan::{AgeRange, CLAIM_TYPES, Occupation, SexRule};

    const SAMPLE: &str = include_str!("../../catalogue/plans.json");

    #[test]
    fn reads_the_sample_catalogue() {
        let catalogue = Catalogue::parse(SAMPLE).unwrap();
        let plan = catalogue.plan("women-25", "2025").unwrap();
        assert_eq!((plan.fee, plan.max_shares, plan.sex), (Fen::new(2500), 2, SexRule::Female));
        assert_eq!(plan.age, AgeRange { minimum: 16, maximum: 60 });
        assert_eq!(plan.contribution(Occupation::Ordinary, 2), Some(Fen::new(5000)));
        let accident = catalogue.plan("accident-20", "2025").unwrap();
        assert_eq!(accident.contribution(Occupation::HighRisk, 4), Some(Fen::new(12_800)));
        assert!(accident.new_employment_form && !plan.new_employment_form);
        assert_eq!(catalogue.plan("hospital-a", "2025").unwrap().benefits[0].terms["ratio_percent"], 70);
        assert_eq!(catalogue.offices[1].agencies[2].agencies[0].name, "岐山县总工会");
        assert_eq!(catalogue.materials[0].required_for, ["*"]);
        assert_eq!((catalogue.plans.len(), catalogue.disability_ratios.len()), (8, 11));
        assert_eq!(catalogue.claim_types, CLAIM_TYPES);
    }

    #[test]
    fn survives_storing() {
        let catalogue = Catalogue::parse(SAMPLE).unwrap();
        assert_eq!(Catalogue::parse(&serde_json::to_string(&catalogue).unwrap()).unwrap(), catalogue);
    }

    #[test]
    fn refuses_a_catalogue_that_contradicts_itself() {
        let mut broken = Catalogue::parse(SAMPLE).unwrap();
        broken.plans.push(broken.plans[0].clone());
        broken.plans[1].fee = Fen::ZERO;
        broken.claim_types.retain(|claim_type| claim_type != "疾病身故");
        let error = Catalogue::parse(&serde_json::to_string(&broken).unwrap()).unwrap_err().to_string();
        for part in ["hospital-a 2025 appears twice", "hospital-80: /fee_fen PLAN_FEE", "material death-certificate"] {
            assert!(error.contains(part), "{error}");
        }
        assert!(matches!(Catalogue::parse("{}"), Err(CatalogueError::Format(_))));
    }
}
