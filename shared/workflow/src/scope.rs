//! Data scope: what a reader may see. Every read of an enrolment, upload or unit takes one, so no handler can forget it.

use domain::account::Actor;
use domain::organisation::NodePath;

/// What a reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The platform's own workers see everything.
    Platform,
    /// A person sees the subtree of the node the account sits at.
    Subtree(NodePath),
}

impl Scope {
    /// The scope of an account.
    pub fn of(actor: &Actor) -> Self {
        Self::Subtree(actor.node.clone())
    }

    /// Whether something at `path` may be seen.
    pub fn covers(&self, path: &NodePath) -> bool {
        match self {
            Self::Platform => true,
            Self::Subtree(node) => node.covers(path),
        }
    }
}
