//! Reference data in versions: plans, self-check rules, and what offices grant.

use async_trait::async_trait;
use domain::ids::NodeId;
use domain::organisation::NodePath;
use domain::plan::PlanBook;
use domain::receipt::ReliefBook;
use domain::self_check::RuleBook;
use domain::trail::{Topic, TopicKind};

use super::Outage;

/// One piece of reference data with all its versions, written as a whole by a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Book {
    /// A plan variant.
    Plan(PlanBook),
    /// The self-check rules.
    Rules(RuleBook),
    /// The subsidies and gifted cover of an office.
    Reliefs(ReliefBook),
}

impl Book {
    /// Its version.
    pub fn version(&self) -> u64 {
        match self {
            Self::Plan(book) => book.version,
            Self::Rules(book) => book.version,
            Self::Reliefs(book) => book.version,
        }
    }

    /// The subject of its trail.
    pub fn topic(&self) -> Topic {
        let root = NodePath::root();
        match self {
            Self::Plan(book) => Topic::new(plan_subject(&book.code), TopicKind::Plan, &root, book.code.as_str()),
            Self::Rules(_) => Topic::new(RULES_SUBJECT, TopicKind::SelfCheckRules, &root, ""),
            Self::Reliefs(book) => {
                let office = root.child(&book.office);
                Topic::new(reliefs_subject(&book.office), TopicKind::Reliefs, &office, "")
            }
        }
    }
}

impl From<PlanBook> for Book {
    fn from(book: PlanBook) -> Self {
        Self::Plan(book)
    }
}

impl From<RuleBook> for Book {
    fn from(book: RuleBook) -> Self {
        Self::Rules(book)
    }
}

impl From<ReliefBook> for Book {
    fn from(book: ReliefBook) -> Self {
        Self::Reliefs(book)
    }
}

/// Subject of the trail of the self-check rules.
pub const RULES_SUBJECT: &str = "self-check-rules";

/// Subject of the trail of a plan variant.
pub fn plan_subject(code: &str) -> String {
    format!("plan-{code}")
}

/// Subject of the trail of what an office grants.
pub fn reliefs_subject(office: &NodeId) -> String {
    format!("reliefs-{office}")
}

/// Reads reference data. It is written by [`Commits::commit`](super::Commits::commit).
#[async_trait]
pub trait References: Send + Sync {
    /// Every plan variant.
    async fn plan_books(&self) -> Result<Vec<PlanBook>, Outage>;

    /// A plan variant as last written (strongly consistent).
    async fn plan_book(&self, code: &str) -> Result<Option<PlanBook>, Outage>;

    /// The self-check rules as last written (strongly consistent); as shipped, in version 0, before the first change.
    async fn rule_book(&self) -> Result<RuleBook, Outage>;

    /// What an office grants, as last written (strongly consistent); nothing, in version 0, before the first grant.
    async fn relief_book(&self, office: &NodeId) -> Result<ReliefBook, Outage>;
}
