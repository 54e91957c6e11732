//! The wrapped data key: ciphertext that only KMS opens.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use workflow::ports::Outage;

use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::done;

const WRAPPED: &str = "wrapped";

impl Dynamo {
    /// The wrapped data key of a name and version, once an installation has made it.
    pub(crate) async fn wrapped_key(&self, name: &str, version: u8) -> Result<Option<Vec<u8>>, Outage> {
        let found = self.item(Table::Registry, &keys::wrapped_key(name, version), true).await?;
        Ok(found.and_then(|mut item| item.remove(WRAPPED)?.as_b().ok().map(|blob| blob.as_ref().to_vec())))
    }

    /// Keeps a wrapped data key; false if there is one already. It is never replaced: what it sealed would be lost.
    pub(crate) async fn keep_wrapped_key(&self, name: &str, version: u8, wrapped: Vec<u8>) -> Result<bool, Outage> {
        let mut item = keys::wrapped_key(name, version).attributes();
        item.insert(WRAPPED.to_owned(), AttributeValue::B(Blob::new(wrapped)));
        let put = self.client.put_item().table_name(self.tables.name(Table::Registry)?).set_item(Some(item));
        done("keep-wrapped-key", put.condition_expression("attribute_not_exists(pk)").send().await)
    }
}
