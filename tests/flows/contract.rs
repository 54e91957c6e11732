//! The contract of the store, kept by DynamoDB as by memory: on tables of its own, which nothing else reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use aws::config::Tables;
use aws::dynamo::Dynamo;
use aws::world::{SystemClock, SystemIds};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use domain::account::Account;
use domain::organisation::{Node, Unit};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use testing::contract::{self, Fixture, Seed};
use workflow::ports::{Clock, Ids, PersonKey, Sequence, Sequences};

use crate::cloud;

/// An index: name, hash attribute, range attribute.
type Index = (&'static str, &'static str, &'static str);

/// Tables with their indexes, as the template has them.
const TABLES: [(&str, &[Index]); 8] = [
    (
        "registry",
        &[
            ("units-0", "units_0", "text"),
            ("units-1", "units_1", "text"),
            ("units-2", "units_2", "text"),
            ("units-3", "units_3", "text"),
            ("by-place", "listed", "place"),
        ],
    ),
    (
        "enrolments",
        &[
            ("by-unit", "unit", "created"),
            ("by-number", "number", "created"),
            ("by-end", "unit", "ends"),
            ("list-0", "list_0", "listed"),
            ("list-1", "list_1", "listed"),
            ("list-2", "list_2", "listed"),
            ("list-3", "list_3", "listed"),
            ("list-4", "list_4", "listed"),
            ("renewal-0", "renewal_0", "cover_ends"),
            ("renewal-1", "renewal_1", "cover_ends"),
            ("renewal-2", "renewal_2", "cover_ends"),
            ("renewal-3", "renewal_3", "cover_ends"),
            ("renewal-4", "renewal_4", "cover_ends"),
        ],
    ),
    ("cover", &[]),
    (
        "tasks",
        &[
            ("pool-0", "pool_0", "queued_at"),
            ("pool-1", "pool_1", "queued_at"),
            ("pool-2", "pool_2", "queued_at"),
            ("pool-3", "pool_3", "queued_at"),
            ("pool-4", "pool_4", "queued_at"),
            ("by-owner", "owner", "queued_at"),
            ("by-due", "due_on", "due_at"),
        ],
    ),
    (
        "journal",
        &[
            ("list-0", "list_0", "listed_at"),
            ("list-1", "list_1", "listed_at"),
            ("list-2", "list_2", "listed_at"),
            ("list-3", "list_3", "listed_at"),
            ("list-4", "list_4", "listed_at"),
            ("by-number", "number", "listed_at"),
            ("by-actor", "actor", "acted"),
        ],
    ),
    ("outbox", &[]),
    ("runtime", &[]),
    (
        "messages",
        &[
            ("log-0", "log_0", "queued_at"),
            ("log-1", "log_1", "queued_at"),
            ("log-2", "log_2", "queued_at"),
            ("log-3", "log_3", "queued_at"),
            ("log-4", "log_4", "queued_at"),
            ("by-account", "account", "queued_at"),
            ("by-subject", "about", "queued_at"),
        ],
    ),
];

fn schema(hash: &str, range: &str) -> Vec<KeySchemaElement> {
    let element = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    vec![element(hash, KeyType::Hash), element(range, KeyType::Range)]
}

async fn create(client: &Client, name: &str, indexes: &[Index]) {
    let mut attributes = vec!["pk", "sk"];
    attributes.extend(indexes.iter().flat_map(|(_, hash, range)| [*hash, *range]));
    attributes.sort_unstable();
    attributes.dedup();
    let definition = |attribute: &&str| {
        let builder = AttributeDefinition::builder().attribute_name(*attribute);
        builder.attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let index = |(name, hash, range): &Index| {
        let all = Projection::builder().projection_type(ProjectionType::All).build();
        let builder = GlobalSecondaryIndex::builder().index_name(*name).set_key_schema(Some(schema(hash, range)));
        builder.projection(all).build().unwrap()
    };
    let indexes: Vec<_> = indexes.iter().map(index).collect();
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(schema("pk", "sk")))
        .set_attribute_definitions(Some(attributes.iter().map(definition).collect()))
        .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
        .send()
        .await
        .unwrap();
}

/// Fills the registry through the adapter.
struct Registrar(Dynamo);

#[async_trait]
impl Seed for Registrar {
    async fn node(&self, node: Node) {
        self.0.put_node(&node).await.unwrap();
    }
    async fn unit(&self, unit: Unit) {
        self.0.put_unit(&unit).await.unwrap();
    }
    async fn account(&self, account: Account, password_hash: &str) {
        self.0.put_account(&account, password_hash).await.unwrap();
    }
    async fn restrict(&self, person: &PersonKey) {
        let span = testing::sample::restriction();
        let (office, _) = span.id.parts().unwrap();
        self.0.restrict(person, &office, &span).await.unwrap();
    }
}

/// Two thousand numbers, sixty-four asked for at a time: no two are the same.
async fn numbers_differ(store: &Dynamo) {
    const NUMBERS: usize = 2_000;
    let numbers = stream::iter(0..NUMBERS).map(|_| store.next(Sequence::ReceiptBatch)).buffer_unordered(64);
    let numbers: BTreeSet<u64> = numbers.try_collect().await.unwrap();
    assert_eq!(numbers.len(), NUMBERS);
}

#[tokio::test(flavor = "multi_thread")]
async fn dynamodb_keeps_the_contract() {
    let client = Client::new(&cloud().sdk().await);
    let run = SystemIds.ulid().to_string();
    for (name, indexes) in TABLES {
        create(&client, &format!("contract-{run}-{name}"), indexes).await;
    }
    let named = |variable: &str| {
        let name = variable.strip_prefix("TABLE_")?.to_lowercase();
        Some(format!("contract-{run}-{name}"))
    };
    let store = Dynamo::new(client.clone(), Tables::from_environment(named), Arc::new(SystemClock));
    let now = Timestamp::from_millisecond(SystemClock.now().as_millisecond()).unwrap();
    let fixture = Fixture { ids: Arc::new(SystemIds), now, seed: Arc::new(Registrar(store.clone())) };
    contract::run(&store, &fixture).await;
    numbers_differ(&store).await;
    for (name, _) in TABLES {
        client.delete_table().table_name(format!("contract-{run}-{name}")).send().await.unwrap();
    }
}
