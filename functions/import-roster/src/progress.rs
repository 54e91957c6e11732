//! How far an import has come, told once a second while it runs. It informs whoever waits; nothing hangs on it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use domain::ids::UploadId;
use tokio::time::{Instant, interval_at};
use workflow::ports::{RowsSoFar, Store};

/// How often it is told. A file that is done sooner tells nothing.
const EVERY: Duration = Duration::from_secs(1);

/// The counts, shared by the threads that count.
#[derive(Clone, Default)]
pub struct Counts(Arc<(AtomicU32, AtomicU32)>);

impl Counts {
    /// One more row was read.
    pub fn one_read(&self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }

    /// So many more were looked up.
    pub fn checked(&self, more: usize) {
        self.0.1.fetch_add(u32::try_from(more).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    fn so_far(&self) -> RowsSoFar {
        RowsSoFar { read: self.0.0.load(Ordering::Relaxed), checked: self.0.1.load(Ordering::Relaxed) }
    }
}

/// Does the work, and tells how far it has come. What cannot be told is left out.
pub async fn telling<T>(store: &dyn Store, upload: &UploadId, counts: &Counts, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut tick = interval_at(Instant::now() + EVERY, EVERY);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = tick.tick() => {
                if store.report(upload, counts.so_far()).await.is_err() {
                    tracing::warn!("Could not tell how far an import has come");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use testing::memory::MemoryStore;
    use workflow::ports::Uploads;

    use super::*;

    #[tokio::test]
    async fn a_long_import_tells_how_far_it_is() {
        let (store, upload, counts) = (MemoryStore::default(), UploadId::parse("U1").unwrap(), Counts::default());
        let work = async {
            counts.one_read();
            counts.one_read();
            counts.checked(1);
            loop {
                if let Some(told) = store.rows_so_far(&upload).await.unwrap() {
                    return told;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert_eq!(telling(&store, &upload, &counts, work).await, RowsSoFar { read: 2, checked: 1 });
    }
}
