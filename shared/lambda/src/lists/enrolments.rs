//! Lists of enrolments.

use domain::account::{Actor, Permission};
use domain::enrolment::State;
use domain::ids::UnitId;
use domain::organisation::NodePath;
use domain::refusal::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{IntoParams, ToSchema};
use workflow::ports::{EnrolmentList, EnrolmentSummary, Outage, Store, business_day_begins};
use workflow::scope::Scope;

use crate::http::Problem;

/// Which enrolments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct EnrolmentFilter {
    /// One state or several, with commas between: `invoicing,awaiting-payment`. All if absent.
    #[serde(deserialize_with = "states", serialize_with = "with_commas", skip_serializing_if = "Vec::is_empty")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub state: Vec<State>,
    /// Path of a node, to look at its subtree; one's own if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub node: Option<NodePath>,
    /// A unit in one's scope, to look at its enrolments only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub unit: Option<UnitId>,
    /// 申请书号, in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_number: Option<String>,
    /// First day, in UTC+8, on which an enrolment was entered (录入日期).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// Last day, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Date>,
    /// With this plan variant, by code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// 未打印 or 已打印: the certificate waits for its first print, or has been printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub certificate: Option<Printed>,
    /// 是否新业态
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_employment_form: Option<bool>,
    /// Sent back to the unit, and waiting for it since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<bool>,
}

/// Whether a certificate was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Printed {
    /// 未打印
    Unprinted,
    /// 已打印
    Printed,
}

impl Printed {
    /// The states in which it is so: the first print moves an enrolment on.
    fn states(self) -> &'static [State] {
        match self {
            Self::Unprinted => &[State::AwaitingPrint],
            Self::Printed => &[State::AwaitingArchive, State::Completed],
        }
    }
}

impl EnrolmentFilter {
    /// The list that an account asks for; none if its conditions exclude each other.
    ///
    /// # Errors
    /// Not permitted, or a node or unit outside the account's scope, which does not exist for it.
    pub async fn list(&self, store: &dyn Store, actor: &Actor) -> Result<Option<EnrolmentList>, Problem> {
        if !actor.may(Permission::ReadEnrolments) {
            return Err(Refusal::not_permitted().into());
        }
        let node = match &self.unit {
            Some(unit) => store.unit(unit, &Scope::of(actor)).await?.ok_or_else(Problem::not_found)?.path,
            None => self.node.clone().unwrap_or_else(|| actor.node.clone()),
        };
        let above = self.node.as_ref().unwrap_or(&actor.node);
        if !actor.node.covers(&node) || !actor.node.covers(above) {
            return Err(Problem::not_found());
        }
        let Some(states) = self.states() else { return Ok(None) };
        Ok(above.covers(&node).then(|| EnrolmentList {
            node,
            states,
            created_from: self.from.and_then(business_day_begins),
            created_before: self.to.and_then(|day| business_day_begins(day.tomorrow().ok()?)),
            plan: self.plan.clone(),
            new_employment_form: self.new_employment_form,
            returned: self.returned,
        }))
    }

    /// The enrolment the filter names by its application number, if it passes the list.
    pub async fn numbered(
        store: &dyn Store,
        number: &str,
        list: &EnrolmentList,
    ) -> Result<Option<EnrolmentSummary>, Outage> {
        let found = store.enrolment_numbered(number, &Scope::Subtree(list.node.clone())).await?;
        Ok(found.filter(|e| list.admits(e)))
    }

    /// The states asked for in both ways together; none if no state is both.
    fn states(&self) -> Option<Vec<State>> {
        let Some(printed) = self.certificate else { return Some(self.state.clone()) };
        let both = printed.states().iter().filter(|state| self.state.is_empty() || self.state.contains(state));
        let both: Vec<State> = both.copied().collect();
        (!both.is_empty()).then_some(both)
    }
}

fn states<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<State>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let state = |name: &str| State::ALL.into_iter().find(|state| state.as_str() == name);
    let named = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    named.map(|name| state(name).ok_or_else(|| de::Error::custom("no state of an enrolment"))).collect()
}

fn with_commas<S: Serializer>(states: &[State], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn read(json: &str) -> EnrolmentFilter {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn states_are_asked_for_by_name_and_by_print() {
        let check = |json: &str, states: Option<&[State]>| assert_eq!(read(json).states().as_deref(), states, "{json}");
        check("{}", Some(&[]));
        check(r#"{"state": "drafting, completed,"}"#, Some(&[State::Drafting, State::Completed]));
        check(r#"{"certificate": "unprinted"}"#, Some(&[State::AwaitingPrint]));
        check(r#"{"certificate": "printed", "state": "completed,drafting"}"#, Some(&[State::Completed]));
        check(r#"{"certificate": "printed", "state": "drafting"}"#, None);
        assert!(serde_json::from_str::<EnrolmentFilter>(r#"{"state": "drafted"}"#).is_err());
    }

    #[test]
    fn a_filter_is_read_as_it_was_written() {
        let text = r#"{"state":"drafting,completed","node":"/hq/2602/","from":"2026-01-01","returned":true}"#;
        assert_eq!(serde_json::to_string(&read(text)).unwrap(), text);
        assert_eq!(serde_json::to_string(&EnrolmentFilter::default()).unwrap(), "{}");
    }
}
