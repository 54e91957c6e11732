//! Clock, identifiers, cipher, buckets, queues and providers that a test steers and looks into.

mod cipher;
mod clock;
mod ids;
mod messaging;
mod objects;
mod receipts;

pub use self::cipher::PlainCipher;
pub use self::clock::FixedClock;
pub use self::ids::SequentialIds;
pub use self::messaging::{MemoryMails, MemoryQueues, MemoryTexts};
pub use self::objects::{MemoryObjects, PostRefusal, Posted, Stored};
pub use self::receipts::CountingSeries;
use crate::faults::{Faults, Faulty};
use crate::memory::MemoryStore;
use crate::sample::Organisation;

/// All ports of a use case in memory, under one clock and one plan of faults, with the sample organisation and plans.
#[derive(Clone)]
pub struct World {
    /// Who is there.
    pub sample: Organisation,
    /// At [`sample::now`](crate::sample::now) until it is moved.
    pub clock: FixedClock,
    /// Identifiers that are the same in every run.
    pub ids: SequentialIds,
    /// What fails, and what was called.
    pub faults: Faults,
    /// The tables.
    pub store: Faulty<MemoryStore>,
    /// The buckets.
    pub objects: Faulty<MemoryObjects>,
    /// The queues.
    pub queues: Faulty<MemoryQueues>,
    /// The provider of texts.
    pub texts: Faulty<MemoryTexts>,
    /// The provider of mail.
    pub mails: Faulty<MemoryMails>,
    /// The receipt series.
    pub receipts: Faulty<CountingSeries>,
    /// A cipher that hides nothing.
    pub cipher: PlainCipher,
}

impl Default for World {
    fn default() -> Self {
        let (clock, faults, sample) = (FixedClock::default(), Faults::default(), Organisation::default());
        let store = MemoryStore::new(clock.clone());
        sample.seed(&store);
        Self {
            sample,
            clock,
            ids: SequentialIds::default(),
            store: faults.around(store),
            objects: faults.around(MemoryObjects::default()),
            queues: faults.around(MemoryQueues::default()),
            texts: faults.around(MemoryTexts::default()),
            mails: faults.around(MemoryMails::default()),
            receipts: faults.around(CountingSeries::default()),
            cipher: PlainCipher,
            faults,
        }
    }
}
