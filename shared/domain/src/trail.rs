//! The trail (操作轨迹): who did what, when, how long it took. Append-only.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::account::Account;
use crate::enrolment::Enrolment;
use crate::ids::{AccountId, NodeId};
use crate::organisation::{Node, NodePath, Unit};
use crate::registration::Registration;

/// What kind of thing a trail is kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TopicKind {
    /// 参保单
    Enrolment,
    /// 注册申请
    Registration,
    /// 单位
    Unit,
    /// 账号
    Account,
    /// 组织机构
    Node,
    /// 保障活动细类
    Plan,
    /// 自核规则
    SelfCheckRules,
    /// 补贴和赠险, of an office
    Reliefs,
    /// An entry of the restricted list
    Restriction,
}

/// What an entry is about, as it was when something was done to it: which trail it stands in, and what an auditor needs to
/// find it and to know it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Identifier of the trail: an enrolment's id, `account-<id>`.
    pub id: String,
    /// What it is.
    pub kind: TopicKind,
    /// Where it lay in the tree.
    pub path: NodePath,
    /// What people call it by: application number, unit code, user name, name of a node, code of a plan. Empty where that
    /// would say who somebody is.
    pub name: String,
}

impl Topic {
    /// An enrolment.
    pub fn enrolment(e: &Enrolment) -> Self {
        Self::new(e.id.to_string(), TopicKind::Enrolment, &e.unit.path, &e.application_number)
    }

    /// An application of a unit.
    pub fn registration(r: &Registration) -> Self {
        Self::new(r.id.to_string(), TopicKind::Registration, &r.form.agency.path, r.form.unit.code.as_str())
    }

    /// A unit.
    pub fn unit(unit: &Unit) -> Self {
        Self::new(unit.id.to_string(), TopicKind::Unit, &unit.path, unit.code.as_str())
    }

    /// An account.
    pub fn account(account: &Account) -> Self {
        Self::new(account_subject(&account.id), TopicKind::Account, &account.node, &account.user_name)
    }

    /// A node of the tree.
    pub fn node(node: &Node) -> Self {
        Self::new(node_subject(&node.id), TopicKind::Node, &node.path, &node.name)
    }

    /// Anything else.
    pub fn new(id: impl Into<String>, kind: TopicKind, path: &NodePath, name: impl Into<String>) -> Self {
        Self { id: id.into(), kind, path: path.clone(), name: name.into() }
    }
}

/// Identifier of an account's trail.
pub fn account_subject(id: &AccountId) -> String {
    format!("account-{id}")
}

/// Identifier of a node's trail.
pub fn node_subject(id: &NodeId) -> String {
    format!("node-{id}")
}

/// One entry of a subject's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// What the entry is about.
    #[serde(alias = "subject", deserialize_with = "topic")]
    pub topic: Topic,
    /// The subject's version after the step; with `n` it names the entry.
    pub version: u64,
    /// Place among the entries of one step.
    pub n: usize,
    /// When.
    pub at: Timestamp,
    /// Who; none for the platform itself.
    pub account: Option<AccountId>,
    /// Name shown.
    pub actor_name: String,
    /// The command, in kebab-case.
    pub action: String,
    /// State before.
    pub from: String,
    /// State after.
    pub to: String,
    /// Opinion, reason or remark.
    pub note: String,
    /// Milliseconds since the subject entered the state it was in.
    pub duration_ms: i64,
}

/// A topic as it is stored: entries from before topics say no more than the identifier of their trail.
fn topic<'de, D: Deserializer<'de>>(stored: D) -> Result<Topic, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Topic(Topic),
        Subject(String),
    }
    Ok(match Stored::deserialize(stored)? {
        Stored::Topic(topic) => topic,
        Stored::Subject(id) => {
            let kinds = [("account-", TopicKind::Account), ("node-", TopicKind::Node), ("plan-", TopicKind::Plan)];
            let kind = kinds.into_iter().find(|(prefix, _)| id.starts_with(prefix));
            Topic::new(id, kind.map_or(TopicKind::Enrolment, |(_, kind)| kind), &NodePath::root(), "")
        }
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use serde_json::json;

    use super::*;

    #[test]
    fn entries_from_before_topics_are_read() {
        let entry = |about: serde_json::Value| -> TrailEntry {
            let mut stored = json!({
                "version": 3, "n": 0, "at": "2026-11-22T03:04:05Z", "account": "a-1", "actor_name": "宋管理",
                "action": "close-account", "from": "", "to": "", "note": "", "duration_ms": 0,
            });
            stored.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
            serde_json::from_value(stored).unwrap()
        };
        let before = entry(json!({"subject": "account-a-2"}));
        assert_eq!((before.topic.id.as_str(), before.topic.kind), ("account-a-2", TopicKind::Account));
        let now = TrailEntry { topic: Topic { name: "hegui".into(), ..before.topic.clone() }, ..before };
        assert_eq!(entry(serde_json::to_value(&now).unwrap()), now);
    }
}
