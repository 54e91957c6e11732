//! The forms.

use domain::organisation::NodePath;
use domain::registration::State;
use lambda::units::{ContactInput, ImagesInput, UnitInput};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::registrations::Application;

/// An application as it is typed. Fields that are left out are empty, so that everything that is missing is named at once.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ApplicationInput {
    /// 办事处
    pub office: String,
    /// 归属代办处, below the office.
    pub agency: String,
    /// The unit.
    pub unit: UnitInput,
    /// 联系人, who becomes the unit's handler.
    pub contact: ContactInput,
    /// Images of the papers.
    pub images: ImagesInput,
}

impl ApplicationInput {
    pub fn application(&self) -> Application<'_> {
        Application {
            office: &self.office,
            agency: &self.agency,
            unit: self.unit.raw(),
            contact: self.contact.raw(),
            unit_certificate: &self.images.unit_certificate,
            union_certificate: &self.images.union_certificate,
        }
    }
}

/// Which applications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RegistrationsQuery {
    /// Where they stand.
    #[param(inline)]
    pub state: StateInput,
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    pub node: Option<NodePath>,
}

/// Where an application stands.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StateInput {
    /// It waits for its review, or is in it.
    Submitted,
    /// A unit came of it.
    Approved,
    /// It is to be corrected.
    Rejected,
}

impl StateInput {
    pub fn stored(self) -> State {
        match self {
            Self::Submitted => State::Submitted,
            Self::Approved => State::Approved,
            Self::Rejected => State::Rejected,
        }
    }
}

/// An application with the code that was sent to the contact's number.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ApplyInput {
    /// Six digits from the text message.
    #[schema(example = "123456")]
    pub code: String,
    /// The application.
    pub application: ApplicationInput,
}

/// A corrected application.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CorrectInput {
    /// What stands behind the `#` of the link.
    pub token: String,
    /// The code that was sent to the contact's number, if the number is a new one.
    pub code: String,
    /// The application, as it is to be.
    pub application: ApplicationInput,
}

/// A token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenInput {
    /// What stands behind the `#` of the link.
    pub token: String,
}

/// The answer to a captcha of `POST /captchas`. Whatever it is, the captcha is used up.
#[derive(Deserialize, ToSchema)]
#[schema(as = RegistrationCaptcha)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaptchaInput {
    pub id: String,
    /// The sum, in digits.
    pub answer: String,
}

/// Where a code is to go.
#[derive(Deserialize, ToSchema)]
#[schema(as = RegistrationCodeInput)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeInput {
    /// The contact's mobile number.
    pub mobile: String,
    pub captcha: CaptchaInput,
}

/// An image to upload.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImageInput {
    /// `unit-certificate` or `union-certificate`.
    #[schema(value_type = String)]
    pub purpose: domain::upload::Purpose,
    /// Name of the file: jpg or png.
    pub file_name: String,
    /// Its size, in bytes: 2 MiB at most.
    pub size: u64,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
}

/// A conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = RegistrationConclusion)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConclusionInput {
    /// 通过
    Approve,
    /// 退回
    Reject,
}

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RegistrationReviewInput)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewInput {
    /// 通过 or 退回
    pub conclusion: ConclusionInput,
    /// Opinion of an approval (optional), reason of a rejection (required); at most 200 characters.
    #[serde(default)]
    pub reason: String,
}
