//! What applications look like.

use domain::organisation::Node;
use domain::registration::{Registration, State};
use lambda::units::{ContactInput, ImageLinks, ImagesInput, MaskedContact, UnitInput};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::registrations::Seen;

use crate::input::ApplicationInput;

/// An office or agency to choose.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistrationNode)]
pub(crate) struct TreeNode {
    /// Identifier.
    id: String,
    /// Name.
    name: String,
    /// Identifier of the node above.
    parent: String,
    /// Whether a unit can belong to it: agencies, not offices.
    selectable: bool,
}

impl TreeNode {
    pub fn of(node: &Node) -> Self {
        let mut above = node.path.as_str().trim_matches('/').rsplit('/').skip(1);
        Self {
            id: node.id.to_string(),
            name: node.name.clone(),
            parent: above.next().unwrap_or_default().to_owned(),
            selectable: node.kind == domain::organisation::NodeKind::Agency,
        }
    }
}

/// Where an application was left.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistrationOutcome {
    /// Identifier.
    pub id: String,
    /// `submitted`, `approved` or `rejected`.
    pub state: &'static str,
    /// Version, for the next `If-Match`.
    pub version: u64,
    /// The unit, once approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

impl RegistrationOutcome {
    pub fn of(r: &Registration) -> Self {
        Self {
            id: r.id.to_string(),
            state: r.stored_state.as_str(),
            version: r.version,
            unit: r.unit.as_ref().map(ToString::to_string),
        }
    }
}

/// What an applicant is answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Applied {
    /// Identifier.
    pub id: String,
    /// With it the application is read and corrected; the contact gets it by text, too.
    pub token: String,
}

/// An application as its applicant sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistrationStatus)]
pub(crate) struct StatusView {
    /// `submitted`, `in-review`, `approved` or `rejected`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// Since when.
    since: String,
    /// When it was submitted first.
    created_at: String,
    /// 单位名称
    unit_name: String,
    /// 归属代办处
    agency_name: String,
    /// Why it was rejected.
    reason: Option<String>,
    /// Version, for the next `If-Match`.
    version: u64,
    /// The application as it was typed; only while it is to be corrected.
    application: Option<ApplicationInput>,
    /// Links to the images of the papers, good for five minutes; only while it is to be corrected.
    images: Vec<ImageLinks>,
}

impl StatusView {
    pub fn of(seen: &Seen, application: Option<ApplicationInput>, images: Vec<ImageLinks>) -> Self {
        let (r, state) = (&seen.registration, seen.state());
        Self {
            state: state.as_str(),
            state_name: state.chinese(),
            since: r.state_since.to_string(),
            created_at: r.created_at.to_string(),
            unit_name: r.form.unit.name.clone(),
            agency_name: r.form.agency.name.clone(),
            reason: r.rejection().map(str::to_owned),
            version: r.version,
            application,
            images,
        }
    }
}

/// The application as it was typed.
pub(crate) fn typed(r: &Registration, contact: ContactInput) -> ApplicationInput {
    ApplicationInput {
        office: r.form.agency.office.to_string(),
        agency: r.form.agency.id.to_string(),
        unit: UnitInput::of_facts(&r.form.unit),
        contact,
        images: ImagesInput {
            unit_certificate: r.form.images.unit_certificate.upload.to_string(),
            union_certificate: r.form.images.union_certificate.upload.to_string(),
        },
    }
}

/// An application as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistrationRow {
    /// Identifier.
    id: String,
    /// 单位名称
    unit_name: String,
    /// 统一社会信用代码
    code: String,
    /// 归属代办处
    agency_name: String,
    /// Name of the contact.
    contact_name: String,
    /// Whether a registrar entered it on the unit's behalf.
    on_behalf: bool,
    /// When it was submitted first.
    created_at: String,
    /// Since when it stands where it does.
    since: String,
    /// Why it was rejected, while it is.
    reason: Option<String>,
    /// The unit that came of it.
    registered_unit: Option<String>,
}

impl RegistrationRow {
    pub fn of(r: &Registration) -> Self {
        Self {
            id: r.id.to_string(),
            unit_name: r.form.unit.name.clone(),
            code: r.form.unit.code.clone(),
            agency_name: r.form.agency.name.clone(),
            contact_name: r.form.contact.name.clone(),
            on_behalf: !r.entered_by.is_empty(),
            created_at: r.created_at.to_string(),
            since: r.state_since.to_string(),
            reason: r.rejection().map(str::to_owned),
            registered_unit: r.unit.as_ref().map(ToString::to_string),
        }
    }
}

/// A conclusion.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistrationReview {
    /// Who.
    by_name: String,
    /// When.
    at: String,
    /// Whether it was approved.
    approved: bool,
    /// The opinion, or the reason.
    text: String,
}

/// An application as a registrar sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistrationView {
    /// Identifier.
    id: String,
    /// `submitted`, `in-review`, `approved` or `rejected`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// Since when.
    since: String,
    /// When it was submitted first.
    created_at: String,
    /// Version, for the next `If-Match`.
    version: u64,
    /// Whether a registrar entered it on the unit's behalf.
    on_behalf: bool,
    /// 办事处
    office: String,
    /// 归属代办处
    agency: String,
    /// Its name.
    agency_name: String,
    /// The unit.
    unit: UnitInput,
    /// 联系人, masked.
    contact: MaskedContact,
    /// The open task.
    task: Option<String>,
    /// Conclusions, oldest first.
    reviews: Vec<RegistrationReview>,
    /// The unit that came of it.
    registered_unit: Option<String>,
}

impl RegistrationView {
    pub fn of(seen: &Seen) -> Self {
        let (r, state): (_, State) = (&seen.registration, seen.state());
        Self {
            id: r.id.to_string(),
            state: state.as_str(),
            state_name: state.chinese(),
            since: r.state_since.to_string(),
            created_at: r.created_at.to_string(),
            version: r.version,
            on_behalf: !r.entered_by.is_empty(),
            office: r.form.agency.office.to_string(),
            agency: r.form.agency.id.to_string(),
            agency_name: r.form.agency.name.clone(),
            unit: UnitInput::of_facts(&r.form.unit),
            contact: MaskedContact::from(&r.form.contact),
            task: r.task.as_ref().map(ToString::to_string),
            reviews: r
                .reviews
                .iter()
                .map(|review| RegistrationReview {
                    by_name: review.by_name.clone(),
                    at: review.at.to_string(),
                    approved: review.approved,
                    text: review.text.clone(),
                })
                .collect(),
            registered_unit: r.unit.as_ref().map(ToString::to_string),
        }
    }
}
