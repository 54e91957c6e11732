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
