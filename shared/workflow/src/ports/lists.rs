//! Lists of enrolments across the units of a subtree.

use async_trait::async_trait;
use domain::enrolment::State;
use domain::ids::UnitId;
use domain::organisation::NodePath;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{EnrolmentSummary, Outage, Page, PageRequest};
use crate::scope::Scope;

/// Which enrolments a list shows. Its default shows all of the root's subtree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentList {
    /// The node whose subtree is looked at; a unit's path shows that unit.
    pub node: NodePath,
    /// In one of these states; empty: in any.
    pub states: Vec<State>,
    /// Created at this instant or later.
    pub created_from: Option<Timestamp>,
    /// Created before this instant.
    pub created_before: Option<Timestamp>,
    /// With this plan, by code.
    pub plan: Option<String>,
    /// 是否新业态
    pub new_employment_form: Option<bool>,
    /// Whether somebody sent it back and it waits for the unit since.
    pub returned: Option<bool>,
}

impl Default for EnrolmentList {
    fn default() -> Self {
        Self::of(NodePath::root())
    }
}

impl EnrolmentList {
    /// Everything below a node.
    pub fn of(node: NodePath) -> Self {
        Self {
            node,
            states: Vec::new(),
            created_from: None,
            created_before: None,
            plan: None,
            new_employment_form: None,
            returned: None,
        }
    }

    /// The states it looks into, each once.
    pub fn wanted(&self) -> Vec<State> {
        State::ALL.into_iter().filter(|state| self.states.is_empty() || self.states.contains(state)).collect()
    }

    /// Whether an enrolment below the node passes the other conditions.
    pub fn admits(&self, e: &EnrolmentSummary) -> bool {
        (self.states.is_empty() || self.states.contains(&e.state))
            && self.created_from.is_none_or(|from| e.created_at >= from)
            && self.created_before.is_none_or(|before| e.created_at < before)
            && self.plan.as_ref().is_none_or(|plan| e.plan_codes.contains(plan))
            && self.new_employment_form.is_none_or(|wanted| e.new_employment_form == wanted)
            && self.returned.is_none_or(|wanted| e.return_reason.is_some() == wanted)
    }
}

/// How many enrolments a list has, by state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentCounts {
    /// Each state the list looks into, with its count.
    pub by_state: Vec<(State, u32)>,
    /// Whether a count is “at least”: counting stops at a number of enrolments found, and of enrolments looked at.
    pub at_least: bool,
}

impl EnrolmentCounts {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.by_state.iter().map(|(_, count)| count).fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// Most enrolments of a page of a list.
pub const LIST_LIMIT_MAX: u32 = 1_000;

/// Lists enrolments. All of it may be a moment behind the last commit.
#[async_trait]
pub trait EnrolmentLists: Send + Sync {
    /// A page of a list, newest first, of at most [`LIST_LIMIT_MAX`]. Subtree, states and instants cost what the page
    /// shows; the other conditions cost what is looked at to find it. So that no page costs more than a bounded number
    /// of reads, one that finds little may end before it is full – even empty – with a place to go on from.
    async fn enrolments(&self, list: &EnrolmentList, page: &PageRequest) -> Result<Page<EnrolmentSummary>, Outage>;

    /// How many a list has, by state, counted up to a cap.
    async fn count_enrolments(&self, list: &EnrolmentList) -> Result<EnrolmentCounts, Outage>;

    /// The enrolment of an application number; none if there is none or it lies outside the scope.
    async fn enrolment_numbered(&self, number: &str, scope: &Scope) -> Result<Option<EnrolmentSummary>, Outage>;

    /// The paid enrolments of a unit that nothing renews and whose cover, of any plan, ends on one of these days, the
    /// earliest end first; empty if the unit lies outside the scope.
    async fn enrolments_ending(
        &self,
        unit: &UnitId,
        scope: &Scope,
        days: (Date, Date),
        page: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage>;
}
