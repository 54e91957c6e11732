//! What steps need, wired to AWS.

use std::sync::Arc;

use workflow::desk::Desk;

use crate::connect::Aws;
use crate::world::{SystemClock, SystemIds};

impl Aws {
    /// The tables, the clock and new identifiers.
    pub fn desk(&self) -> Desk {
        Desk { store: Arc::new(self.dynamo()), clock: Arc::new(SystemClock), ids: Arc::new(SystemIds) }
    }
}
