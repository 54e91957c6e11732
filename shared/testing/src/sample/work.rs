//! Enrolments and uploads to begin a test with.

use domain::account::Account;
use domain::enrolment::{Enrolment, LineChoice, NewEnrolment, create};
use domain::ids::{EnrolmentId, NodeId, UploadId};
use domain::number::NumberKind;
use domain::organisation::Unit;
use domain::upload::{Purpose, Upload, UploadState};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use ulid::Ulid;
use workflow::ports::{Ids, business_date};

use super::{Organisation, now, plan};
use crate::world::SequentialIds;

/// A plan of the sample catalogue with its shares.
pub fn choice(code: &str, shares: u32) -> LineChoice {
    LineChoice { plan: plan(code), shares }
}

/// A new enrolment of a unit, entered by its handler or a registrar: version 1, nothing chosen yet.
pub fn draft(id: Ulid, unit: &Unit, by: &Account, at: Timestamp) -> Enrolment {
    let sequence = u64::try_from(id.random() % 9_000_000).unwrap_or_default();
    let sequence = NumberKind::Application.first_sequence() + sequence;
    let number = NumberKind::Application.write(unit.office_code, business_date(at), sequence);
    let office = unit.path.as_str().split('/').nth(2).unwrap_or_default();
    let new = NewEnrolment {
        id: EnrolmentId::from_ulid(id),
        application_number: number.expect("a sequence in range"),
        unit,
        office: NodeId::parse(office).expect("a unit stands below an office"),
        now: at,
    };
    create(new, &by.actor()).expect("the account may enter enrolments of the unit")
}

/// A CSV roster upload for an enrolment, issued but not posted.
pub fn upload_for(id: Ulid, enrolment: &Enrolment, by: &Account, file: &[u8], at: Timestamp) -> Upload {
    Upload {
        id: UploadId::from_ulid(id),
        purpose: Purpose::Roster,
        enrolment: Some(enrolment.id.clone()),
        plans: enrolment.lines.iter().map(|line| line.plan.code.clone()).collect(),
        path: enrolment.unit.path.clone(),
        account: Some(by.id.clone()),
        file_name: "人员清单.csv".to_owned(),
        size: file.len() as u64,
        sha256: Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect(),
        issued_at: at,
        state: UploadState::Issued,
        sequencer: None,
    }
}

/// A CSV roster upload of the sample unit's handler.
pub fn upload(file: &[u8]) -> Upload {
    let (ids, sample) = (SequentialIds::default(), Organisation::default());
    let enrolment = draft(ids.ulid(), &sample.unit, &sample.handler, now());
    upload_for(ids.ulid(), &enrolment, &sample.handler, file, now())
}
