use domain::ids::{EnrolmentId, MessageId};
use domain::message::{Message, Outgoing};
use domain::texts::Said;
use jiff::Timestamp;
use workflow::commit::{Commit, CommitError};
use workflow::ports::{
    Bucket, Commits, Enrolments, Ids, Objects, Outbox, Queues, SendFailure, Sequence, Sequences, ShortMessage, Store,
    Texts,
};
use workflow::scope::Scope;

use super::*;
use crate::memory::MemoryStore;
use crate::sample::{self, Organisation};
use crate::world::{MemoryObjects, MemoryQueues, MemoryTexts, SequentialIds, World};

fn draft() -> Commit {
    let sample = Organisation::default();
    let enrolment = sample::draft(SequentialIds::default().ulid(), &sample.unit, &sample.handler, sample::now());
    Commit { enrolment: Some((enrolment, 0)), ..Commit::default() }
}

fn is_store(_: &impl Store) {}

#[tokio::test]
async fn a_commit_fails_before_or_after_it_is_written() {
    let faults = Faults::default();
    let store = faults.around(MemoryStore::default());
    is_store(&store);
    let empty = store.inner().snapshot();
    faults.fail_next_commit(When::Before);
    faults.fail_next_commit(When::AfterWritten);

    let answer = store.commit(draft()).await;
    assert!(matches!(answer, Err(CommitError::Outage(_))), "{answer:?}");
    assert_eq!(store.inner().snapshot(), empty);
    let answer = store.commit(draft()).await;
    assert!(matches!(answer, Err(CommitError::Outage(_))), "{answer:?}");
    assert_ne!(store.inner().snapshot(), empty);
    let answer = store.commit(draft()).await;
    assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
    assert_eq!((faults.calls(Call::Commit), faults.calls_to(Port::Commits), faults.fired()), (3, 3, 2));
}

#[tokio::test]
async fn calls_of_all_ports_are_counted_together() {
    let faults = Faults::default();
    let (store, texts) = (faults.around(MemoryStore::default()), faults.around(MemoryTexts::default()));
    let id = EnrolmentId::from_ulid(SequentialIds::default().ulid());
    faults.fail_nth(2, When::AfterWritten);
    assert!(store.enrolment(&id, &Scope::Platform).await.is_ok());
    let said = Said::PaymentConfirmed { number: "A1".to_owned() }.written();
    let message = ShortMessage { id: "m-1".to_owned(), mobile: "13800138000".to_owned(), said };
    let answer = texts.send(&message).await;
    assert!(matches!(answer, Err(SendFailure::Temporary(_))), "{answer:?}");
    assert_eq!(texts.inner().sent().len(), 1);
    assert!(texts.send(&message).await.is_ok(), "once only");
    assert_eq!((faults.calls_to(Port::Enrolments), faults.calls(Call::SendText), faults.fired()), (1, 2, 1));
}

#[tokio::test]
async fn every_nth_call_of_a_port_fails_until_healed() {
    let faults = Faults::default();
    let store = faults.around(MemoryStore::default());
    let objects = faults.around(MemoryObjects::default());
    faults.fail_every_nth(Port::Objects, 2, When::Before);
    let mut written = Vec::new();
    for n in 0..5 {
        assert!(store.next(Sequence::Application).await.is_ok());
        written.push(objects.put(&n.to_string(), "x".into(), "text/plain").await.is_ok());
    }
    assert_eq!(written, [true, false, true, false, true]);
    assert_eq!(objects.inner().keys(Bucket::Documents), ["0", "2", "4"]);
    faults.heal();
    assert!(objects.get(Bucket::Documents, "0", 1).await.is_ok());
    assert_eq!(faults.calls_to(Port::Objects), 6);
}

#[tokio::test]
async fn a_batch_fails_in_part() {
    let faults = Faults::default();
    let queues = faults.around(MemoryQueues::default());
    let ids = SequentialIds::default();
    let enrolment = EnrolmentId::from_ulid(ids.ulid());
    let message = |revision| Outgoing {
        id: MessageId::from_ulid(ids.ulid()),
        message: Message::Certificate { enrolment: enrolment.clone(), revision },
    };
    let batch: Vec<Outgoing> = (0..4).map(message).collect();
    faults.fail_nth(2, When::Before);
    faults.fail_every_nth(Port::Queues, 3, When::AfterWritten);
    let answers: Vec<bool> = queues.send(&batch).await.iter().map(Result::is_ok).collect();
    assert_eq!(answers, [true, false, false, true]);
    assert_eq!(queues.inner().sent(), [batch[0].clone(), batch[2].clone(), batch[3].clone()]);
}

/// Relays what is unsent, as the outbox's sweep does; fails with the first call that fails.
async fn relay(world: &World) -> Result<(), Outage> {
    let unsent = world.store.unsent(Timestamp::MAX, 10).await?;
    let answers = world.queues.send(&unsent).await;
    for (outgoing, answer) in unsent.iter().zip(answers) {
        answer?;
        world.store.sent(&outgoing.id).await?;
    }
    Ok(())
}

/// The walk that tests of use cases take: a crash at every call, in both ways, and then a retry.
#[tokio::test]
async fn a_crash_at_every_call_can_be_walked_through() {
    for when in [When::Before, When::AfterWritten] {
        let mut crashes = 0;
        for n in 1.. {
            let world = World::default();
            let message = Message::Certificate { enrolment: EnrolmentId::from_ulid(world.ids.ulid()), revision: 1 };
            let outgoing = Outgoing { id: MessageId::from_ulid(world.ids.ulid()), message };
            let commit = Commit { messages: vec![outgoing.clone()], ..Commit::default() };
            world.store.inner().commit(commit).await.unwrap();
            world.faults.fail_nth(n, when);
            let first = relay(&world).await;
            assert_eq!(first.is_err(), world.faults.fired() > 0, "{n} {when:?}");
            if first.is_ok() {
                break;
            }
            crashes += 1;
            relay(&world).await.unwrap();
            let sent = world.queues.inner().sent();
            assert!(sent.iter().all(|sent| *sent == outgoing) && !sent.is_empty(), "{n} {when:?}");
            assert_eq!(world.store.inner().outbox(), [], "{n} {when:?}");
        }
        assert_eq!(crashes, 3, "unsent, send, sent");
    }
}
