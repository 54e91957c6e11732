//! Fills a fresh installation: organisation, units, plans, accounts, workbooks to fill in, and the data key. Run again,
//! it changes nothing that is there. It reads the environment a function of the stack has; `cargo xtask up` gives it.

mod accounts;
mod organisation;

use std::sync::Arc;

use anyhow::Result;
use aws::config::environment;
use aws::connect::Aws;
use aws::dynamo::Dynamo;
use aws::world::SystemIds;
use documents::workbook::template;
use domain::plan::{Catalogue, PlanBook};
use jiff::civil::date;
use workflow::commit::{Commit, CommitError};
use workflow::ports::{Book, Commits, Ids, Objects};
use workflow::templates::TEMPLATES;

/// Sample catalogue of plans and offices.
const CATALOGUE: &str = include_str!("../../../shared/domain/catalogue/plans.json");
/// Password of the sample accounts on a laptop. Elsewhere a random one is made and shown once.
const LAPTOP_PASSWORD: &str = "Huzhu-Baozhang-2026";
/// Content type of workbooks.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
#[tokio::main]
async fn main() -> Result<()> {
    let aws = Aws::connect().await;
    let store = aws.dynamo();
    aws.create_wrapped_key().await?;
    let cipher = Arc::new(aws.cipher().await?);
    let catalogue = Catalogue::parse(CATALOGUE)?;
    plans(&store, &catalogue).await?;
    let units = organisation::fill(&store, &catalogue).await?;
    templates(&aws.objects(), &catalogue).await?;
    let laptop = environment("AWS_ENDPOINT_URL").is_some();
    let password = if laptop { LAPTOP_PASSWORD.to_owned() } else { random_password() };
    let made = accounts::fill(&store, &*cipher, &password).await?;
    println!("{} plans, {units} units.", catalogue.plans.len());
    accounts::print((made || laptop).then_some(password.as_str()));
    let told = (environment("SAMPLE_ACCOUNTS"), environment("AWS_ENDPOINT_URL"), environment("MAILS"));
    if let (Some(file), Some(endpoint), Some(mails)) = told {
        accounts::hint(&file, &endpoint, &mails, &password)?;
    }
    Ok(())
}

fn random_password() -> String {
    SystemIds.secret().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// Publishes the catalogue's plans. A variant that is there already stays as it was changed since.
async fn plans(store: &Dynamo, catalogue: &Catalogue) -> Result<()> {
    let books = PlanBook::installed(&catalogue.plans).map_err(|refusal| anyhow::anyhow!(refusal.text))?;
    for book in books {
        match store.commit(Commit { book: Some(Book::Plan(book)), ..Commit::default() }).await {
            Ok(()) | Err(CommitError::Version) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The workbooks to fill in; their creation date is part of their version.
async fn templates(objects: &dyn Objects, catalogue: &Catalogue) -> Result<()> {
    let created = date(2025, 1, 1).at(0, 0, 0, 0);
    let variants: Vec<&str> = catalogue.plans.iter().map(|plan| plan.variant.as_str()).collect();
    for item in TEMPLATES {
        let columns: &[&str] = if item.kind == "general" { &[] } else { &variants };
        objects.put(item.key, template(columns, created)?.into(), XLSX).await?;
    }
    Ok(())
}
