//! The workbooks that go with rosters and failed rows, written off the async threads.

use documents::workbook::{self, CONTENT_TYPE, IdNumbers, WriteProblem};
use domain::roster::Member;
use jiff::Timestamp;
use workflow::ports::{Objects, Outage, business_time};
use workflow::rosters::FailedRows;

/// Files a roster as a workbook; gives the members back.
pub async fn roster(
    objects: &dyn Objects,
    key: &str,
    members: Vec<Member>,
    at: Timestamp,
) -> Result<Vec<Member>, Outage> {
    let (workbook, members) =
        written(members, move |members| workbook::roster(members, IdNumbers::Full, business_time(at))).await?;
    objects.put(key, workbook.into(), CONTENT_TYPE).await?;
    Ok(members)
}

/// Files failed rows as a workbook; gives them back.
pub async fn failed(objects: &dyn Objects, key: &str, failed: FailedRows, at: Timestamp) -> Result<FailedRows, Outage> {
    let (workbook, failed) = written(failed, move |failed| {
        let titles: Vec<&str> = failed.columns.iter().map(String::as_str).collect();
        workbook::failed_rows(&titles, &failed.rows, business_time(at))
    })
    .await?;
    objects.put(key, workbook.into(), CONTENT_TYPE).await?;
    Ok(failed)
}

async fn written<T: Send + 'static>(
    of: T,
    write: impl FnOnce(&T) -> Result<Vec<u8>, WriteProblem> + Send + 'static,
) -> Result<(Vec<u8>, T), Outage> {
    let work = move || write(&of).map(|workbook| (workbook, of));
    let written = tokio::task::spawn_blocking(work).await.map_err(|e| Outage::new("write-workbook", e))?;
    written.map_err(|e| Outage::new("write-workbook", e))
}
