//! The form of an application: every field, the agency and the images, all at once.

use domain::ids::NodeId;
use domain::organisation::{Node, NodeKind, OfficeSettings};
use domain::refusal::Problem;
use domain::registration::OwningAgency;
use domain::unit::{ContactFacts, RawContact, RawUnit, UnitFacts, UnitImages};
use futures::future::try_join3;

use crate::desk::Desk;
use crate::papers;
use crate::ports::Outage;

/// An application as typed.
#[derive(Debug, Clone, Copy)]
pub struct Application<'a> {
    /// 办事处: its node.
    pub office: &'a str,
    /// 归属代办处: its node.
    pub agency: &'a str,
    /// The unit.
    pub unit: RawUnit<'a>,
    /// Its contact.
    pub contact: RawContact<'a>,
    /// Upload of the image of the unit's certificate.
    pub unit_certificate: &'a str,
    /// Upload of the image of the union's certificate.
    pub union_certificate: &'a str,
}

/// An application whose every field is right.
pub(super) struct Checked {
    pub agency: OwningAgency,
    pub office: OfficeSettings,
    pub unit: UnitFacts,
    pub contact: ContactFacts,
    pub images: UnitImages,
}

/// Checks an application; answers every problem with its place.
pub(super) async fn checked(
    desk: &Desk,
    application: &Application<'_>,
) -> Result<Result<Checked, Vec<Problem>>, Outage> {
    let a = application;
    let images = papers::images(desk, "/images", a.unit_certificate, a.union_certificate);
    let (office, agency, images) = try_join3(node(desk, a.office), node(desk, a.agency), images).await?;
    let mut problems = Vec::new();
    let office = office.filter(|node| node.kind == NodeKind::Office);
    if office.is_none() {
        problems.push(Problem::new("/office", "OFFICE_UNKNOWN", "请选择办事处"));
    }
    let agency = agency.filter(|node| node.kind == NodeKind::Agency);
    match (&office, &agency) {
        (_, None) => problems.push(Problem::new("/agency", "AGENCY_UNKNOWN", "请选择归属代办处")),
        (Some(office), Some(agency)) if !office.path.covers(&agency.path) => {
            problems.push(Problem::new("/agency", "AGENCY_NOT_OF_OFFICE", "该代办处不属于所选的办事处，请重新选择"));
        }
        _ => {}
    }
    let mut keep = |found: Vec<Problem>| problems.extend(found);
    let unit = a.unit.read("/unit", desk.clock.today()).map_err(&mut keep).ok();
    let contact = a.contact.read("/contact").map_err(&mut keep).ok();
    let images = images.map_err(&mut keep).ok();
    let owning = office.zip(agency).and_then(|(office, agency)| {
        let settings = office.settings.clone()?;
        let office_code = office.office_code?;
        let owning =
            OwningAgency { id: agency.id, name: agency.name, path: agency.path, office: office.id, office_code };
        Some((owning, settings))
    });
    Ok(match (owning, unit, contact, images) {
        (Some((agency, office)), Some(unit), Some(contact), Some(images)) if problems.is_empty() => {
            Ok(Checked { agency, office, unit, contact, images })
        }
        (None, ..) if problems.is_empty() => Err(vec![Problem::new("/office", "OFFICE_UNKNOWN", "请选择办事处")]),
        _ => Err(problems),
    })
}

async fn node(desk: &Desk, id: &str) -> Result<Option<Node>, Outage> {
    match NodeId::parse(id) {
        Ok(id) => desk.store.node(&id).await,
        Err(_) => Ok(None),
    }
}
