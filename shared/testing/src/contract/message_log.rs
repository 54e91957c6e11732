//! The log of messages.

use domain::enrolment::Enrolment;
use domain::ids::MessageId;
use domain::message::{Message, Outgoing};
use domain::message_log::{Fate, MessageRecord, RecordChange};
use domain::organisation::NodePath;
use domain::texts::TemplateId;
use workflow::commit::{Commit, CommitError, Consumed};
use workflow::ports::{MessageFilter, MessageList, Store};

use super::fixture::{Fixture, first, pages, unsent, writing};

/// Commits a message about a new enrolment of a place, with it; answers both.
async fn sent<S: Store>(store: &S, f: &Fixture) -> (Enrolment, Outgoing) {
    let enrolment = f.draft(&f.place().await);
    let outgoing = f.message(&enrolment);
    let commit = Commit { messages: vec![outgoing.clone()], ..writing(enrolment.clone(), 0) };
    store.commit(commit).await.unwrap();
    (enrolment, outgoing)
}

fn changing(change: RecordChange) -> Commit {
    Commit { records: vec![change], ..Commit::default() }
}

async fn listed<S: Store>(store: &S, list: &MessageList, filter: &MessageFilter) -> Vec<MessageId> {
    let items = pages!(2, |request| store.messages(list, filter, &request));
    items.into_iter().map(|record| record.id).collect()
}

pub(super) async fn records_what_is_sent_with_its_commit<S: Store>(store: &S, f: &Fixture) {
    let (enrolment, outgoing) = sent(store, f).await;
    let record = store.message(&outgoing.id).await.unwrap().unwrap();
    assert_eq!((record.fate, record.template, record.attempts), (Fate::Queued, TemplateId::EnrolmentApproved, 0));
    assert_eq!((&record.path, record.account.as_ref()), (&enrolment.unit.path, Some(&enrolment.handler)));
    assert_eq!(
        (record.about.as_deref(), &record.message),
        (Some(enrolment.id.as_str()), &Some(outgoing.message.clone()))
    );

    let again = Commit { messages: vec![outgoing.clone()], ..Commit::default() };
    store.sent(&outgoing.id).await.unwrap();
    let again = store.commit(again).await;
    assert!(matches!(again, Err(CommitError::Version)), "a message of that id was there: {again:?}");
    assert!(!unsent(store).await.contains(&outgoing.id), "nothing of the commit is written");

    let work = Message::Certificate { enrolment: enrolment.id.clone(), revision: 1 };
    let work = Outgoing { id: MessageId::from_ulid(f.ids.ulid()), message: work };
    store.commit(Commit { messages: vec![work.clone()], ..Commit::default() }).await.unwrap();
    assert_eq!(store.message(&work.id).await.unwrap(), None, "work that nobody sees");
    store.sent(&work.id).await.unwrap();
}

/// Records of a place, a minute apart, the newest first.
async fn three<S: Store>(store: &S, f: &Fixture) -> (Enrolment, Vec<MessageRecord>) {
    let enrolment = f.draft(&f.place().await);
    let mut records = Vec::new();
    for minute in 0..3 {
        let outgoing = f.message(&enrolment);
        let at = f.after(minute * 60);
        records.push(MessageRecord::queued(&outgoing, Some(&enrolment.unit.path), at).unwrap());
    }
    let opened = records.iter().cloned().map(RecordChange::Open).collect();
    store.commit(Commit { records: opened, ..Commit::default() }).await.unwrap();
    records.reverse();
    (enrolment, records)
}

pub(super) async fn lists_messages_newest_first<S: Store>(store: &S, f: &Fixture) {
    let (enrolment, records) = three(store, f).await;
    let (_, elsewhere) = sent(store, f).await;
    let newest_first: Vec<MessageId> = records.iter().map(|record| record.id.clone()).collect();
    let nodes: Vec<NodePath> =
        enrolment.unit.path.lineage().skip(1).map(|node| NodePath::try_from(node.to_owned()).unwrap()).collect();
    assert_eq!(nodes.len(), 4, "office, city, county, unit");
    let lists = [MessageList::Of(enrolment.handler.clone()), MessageList::About(enrolment.id.to_string())];
    for list in lists.into_iter().chain(nodes.into_iter().map(MessageList::Below)) {
        assert_eq!(listed(store, &list, &MessageFilter::default()).await, newest_first, "{list:?}");
    }
    let page = store.messages(&MessageList::Below(NodePath::root()), &MessageFilter::default(), &first(100)).await;
    let page: Vec<MessageId> = page.unwrap().items.into_iter().map(|record| record.id).collect();
    assert!(newest_first.iter().all(|id| page.contains(id)) || page.len() == 100, "the root sees them all");
    assert!(!newest_first.contains(&elsewhere.id));
}

pub(super) async fn filters_messages<S: Store>(store: &S, f: &Fixture) {
    let (enrolment, records) = three(store, f).await;
    let list = MessageList::About(enrolment.id.to_string());
    let failed = records[1].clone().became(Fate::Failed, Some("NO_MOBILE"), f.after(600));
    store.commit(changing(RecordChange::End(failed.clone()))).await.unwrap();
    let check = async |filter: MessageFilter, places: &[usize]| {
        let expected: Vec<&MessageId> = places.iter().map(|place| &records[*place].id).collect();
        assert_eq!(listed(store, &list, &filter).await.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    };
    let none = MessageFilter::default;
    check(MessageFilter { fate: Some(Fate::Failed), ..none() }, &[1]).await;
    check(MessageFilter { fate: Some(Fate::Queued), ..none() }, &[0, 2]).await;
    check(MessageFilter { template: Some(TemplateId::EnrolmentApproved), ..none() }, &[0, 1, 2]).await;
    check(MessageFilter { template: Some(TemplateId::PasswordLink), ..none() }, &[]).await;
    check(MessageFilter { from: Some(f.after(60)), ..none() }, &[0, 1]).await;
    check(MessageFilter { before: Some(f.after(60)), ..none() }, &[2]).await;
    check(MessageFilter { from: Some(f.after(60)), before: Some(f.after(61)), ..none() }, &[1]).await;
    check(MessageFilter { from: Some(f.after(61)), before: Some(f.after(60)), ..none() }, &[]).await;
    let both = MessageFilter { fate: Some(Fate::Queued), from: Some(f.after(1)), ..none() };
    check(both, &[0]).await;
    assert_eq!(store.message(&failed.id).await.unwrap(), Some(failed));
}

pub(super) async fn writes_a_record_only_where_it_stands<S: Store>(store: &S, f: &Fixture) {
    let (_, outgoing) = sent(store, f).await;
    let queued = store.message(&outgoing.id).await.unwrap().unwrap();
    let refused = async |change: RecordChange| {
        let answer = store.commit(changing(change)).await;
        assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
    };
    refused(RecordChange::Open(queued.clone())).await;
    refused(RecordChange::Repeat(queued.clone())).await;

    let dead = MessageRecord { attempts: 5, ..queued.clone() }.became(Fate::Dead, Some("send-text"), f.after(60));
    store.commit(changing(RecordChange::Attempt(dead.clone()))).await.unwrap();
    assert_eq!(store.message(&outgoing.id).await.unwrap().as_ref(), Some(&dead));
    let again = MessageRecord { resent_as: Some(MessageId::from_ulid(f.ids.ulid())), ..dead.clone() };
    store.commit(changing(RecordChange::Repeat(again.clone()))).await.unwrap();
    refused(RecordChange::Repeat(again.clone())).await;

    let consumed = Some(Consumed { consumer: "contract", message: outgoing.id.clone() });
    let end =
        |record: &MessageRecord| Commit { consumed: consumed.clone(), ..changing(RecordChange::End(record.clone())) };
    let sent = again.clone().became(Fate::Sent, None, f.after(120));
    store.commit(end(&sent)).await.unwrap();
    let late = store.commit(end(&dead)).await;
    assert!(matches!(late, Err(CommitError::Consumed)), "the mark keeps the end: {late:?}");
    refused(RecordChange::Attempt(dead)).await;
    assert_eq!(store.message(&outgoing.id).await.unwrap(), Some(sent));
    let unknown = MessageRecord { id: MessageId::from_ulid(f.ids.ulid()), ..queued };
    store.commit(changing(RecordChange::Attempt(unknown.clone()))).await.unwrap();
    assert_eq!(store.message(&unknown.id).await.unwrap(), Some(unknown), "a message older than the log");
    store.sent(&outgoing.id).await.unwrap();
}
