//! Items: an aggregate as the nested attribute `doc`, beside it only what keys, indexes and conditions need.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use workflow::ports::Outage;

use super::keys::Key;

/// Largest item DynamoDB stores, in bytes, attribute names included.
pub(crate) const ITEM_BYTES_MAX: usize = 400 * 1024;
/// The aggregate.
pub(crate) const DOC: &str = "doc";
/// When DynamoDB may forget the item, in epoch seconds.
pub(crate) const EXPIRES: &str = "expires";

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// An item cannot be written or read. Says nothing of what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ItemProblem {
    #[error("the item has {bytes} bytes, more than {ITEM_BYTES_MAX}")]
    TooLarge { bytes: usize },
    #[error("no item can hold a {0}")]
    NotStorable(&'static str),
    #[error("the item is not a {0}")]
    OtherShape(&'static str),
}

/// An item being put together.
pub(crate) struct Row(Item);

impl Row {
    pub fn new(key: &Key) -> Self {
        Self(key.attributes())
    }

    /// An item with its aggregate.
    pub fn of<T: Serialize>(key: &Key, doc: &T) -> Result<Self, Outage> {
        Self::new(key).nested(DOC, doc)
    }

    pub fn nested<T: Serialize>(mut self, name: &str, value: &T) -> Result<Self, Outage> {
        self.0.insert(name.to_owned(), to_value(value)?);
        Ok(self)
    }

    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub fn number(mut self, name: &str, value: impl Into<i128>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::N(value.into().to_string()));
        self
    }

    /// Lets DynamoDB forget the item some seconds after an instant.
    pub fn expires(self, at: Timestamp, life_s: i64) -> Self {
        self.number(EXPIRES, at.as_second().saturating_add(life_s))
    }

    /// The item, if DynamoDB can hold it.
    pub fn finish(self) -> Result<Item, Outage> {
        let bytes = map_bytes(&self.0);
        if bytes > ITEM_BYTES_MAX {
            return Err(Outage::new("write-item", ItemProblem::TooLarge { bytes }));
        }
        Ok(self.0)
    }
}

/// A value as an attribute.
pub(crate) fn to_value<T: Serialize>(value: &T) -> Result<AttributeValue, Outage> {
    // The serialiser's message may quote a value.
    serde_dynamo::to_attribute_value(value)
        .map_err(|_| Outage::new("write-item", ItemProblem::NotStorable(std::any::type_name::<T>())))
}

/// Takes an attribute out of an item and reads it.
pub(crate) fn take<T: DeserializeOwned>(item: &mut Item, name: &str) -> Result<T, Outage> {
    let value = item.remove(name).ok_or(ItemProblem::OtherShape(std::any::type_name::<T>()));
    value.and_then(from_value).map_err(|problem| Outage::new("read-item", problem))
}

/// The aggregate of an item.
pub(crate) fn doc<T: DeserializeOwned>(mut item: Item) -> Result<T, Outage> {
    take(&mut item, DOC)
}

/// The text of an attribute, if it has one.
pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// Reads a value; none of what it holds gets into the error.
pub(crate) fn from_value<T: DeserializeOwned>(value: AttributeValue) -> Result<T, ItemProblem> {
    serde_dynamo::from_attribute_value(value).map_err(|_| ItemProblem::OtherShape(std::any::type_name::<T>()))
}

/// Bytes an item counts as, never less than DynamoDB's own count.
fn map_bytes(map: &Item) -> usize {
    map.iter().map(|(name, value)| name.len() + 1 + value_bytes(value)).sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len() / 2 + 2,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::L(values) => 3 + values.iter().map(|value| 1 + value_bytes(value)).sum::<usize>(),
        AttributeValue::M(map) => 3 + map_bytes(map),
        AttributeValue::Ss(texts) | AttributeValue::Ns(texts) => texts.iter().map(|text| text.len() + 2).sum(),
        AttributeValue::Bs(blobs) => blobs.iter().map(|blob| blob.as_ref().len()).sum(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::dynamo::keys;

    #[test]
    fn an_item_that_is_too_large_is_refused_before_the_call() {
        let key = keys::idempotency("k");
        let fits = Row::of(&key, &"x".repeat(ITEM_BYTES_MAX - 100)).unwrap();
        assert!(fits.finish().is_ok());
        let error = Row::of(&key, &"x".repeat(ITEM_BYTES_MAX)).unwrap().finish().unwrap_err();
        assert!(error.source.to_string().contains("more than 409600"), "{}", error.source);
    }

    #[test]
    fn an_unreadable_item_is_named_without_what_it_holds() {
        let item = Row::of(&keys::idempotency("k"), &"zhang san").unwrap().finish().unwrap();
        let error = doc::<u32>(item).unwrap_err();
        assert_eq!(error.source.to_string(), "the item is not a u32");
        assert!(!format!("{error:?}").contains("zhang"));
    }
}
