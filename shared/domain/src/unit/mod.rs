//! What the platform knows of a member unit beside what enrolments need: its papers, and the people to talk to
//! (workflows: unit registration).

mod described;
mod form;
mod merger;
mod name;
mod search;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::described::described;
pub use self::form::{RawContact, RawUnit};
pub use self::merger::{Merged, UnitMove, hand_over, merge, merger_obstacles};
pub use self::name::{Discretion, UnitName};
pub use self::search::{
    SEARCHED_CHARACTERS_MIN, UnitTerm, all_group, contact_group, name_group, search_text, suffixes, terms,
};
use crate::identity::{Email, Landline, Mobile, PersonName};
use crate::ids::{AccountId, UploadId};

/// Longest unit name, in characters: the index of name parts holds an item for each, in one transaction with the unit.
pub const NAME_CHARACTERS_MAX: usize = 60;
/// Most contacts of a unit, disabled ones included: each valid one is in the index, in one transaction with the unit.
pub const CONTACTS_MAX: usize = 10;

/// Declares an enum of named choices, each with its name in the API and its Chinese one.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $api:literal, $chinese:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $(#[doc = $chinese] #[serde(rename = $api)] $variant,)+
        }

        impl $name {
            /// Every choice there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As tables and the API spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $api),+ }
            }

            /// As people call it.
            #[must_use]
            pub fn chinese(self) -> &'static str {
                match self { $(Self::$variant => $chinese),+ }
            }

            /// Reads either name; none if it is neither.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.trim();
                Self::ALL.iter().copied().find(|choice| choice.as_str() == text || choice.chinese() == text)
            }
        }
    };
}

choices! {
    /// 单位性质
    Nature {
        Administration = "administration", "行政单位";
        Institution = "institution", "事业单位";
        StateOwned = "state-owned", "国有企业";
        Collective = "collective", "集体企业";
        Private = "private", "私营企业";
        Foreign = "foreign", "外资企业";
        SocialOrganisation = "social-organisation", "社会团体";
        Other = "other", "其他";
    }
}

choices! {
    /// 证件类型 of the paper that shows the unit code. The specification names none: these are what the registries issue.
    CertificateType {
        BusinessLicence = "business-licence", "营业执照";
        InstitutionCertificate = "institution-certificate", "事业单位法人证书";
        SocialOrganisationCertificate = "social-organisation-certificate", "社会团体法人登记证书";
        CreditCodeCertificate = "credit-code-certificate", "统一社会信用代码证书";
        Other = "other", "其他";
    }
}

/// 省市县
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// 省、自治区、直辖市
    pub province: String,
    /// 市、州
    pub city: String,
    /// 区、县
    pub county: String,
}

/// What a unit's papers and its clerk say of it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFacts {
    /// 单位名称
    pub name: String,
    /// 单位性质
    pub nature: Nature,
    /// 证件类型
    pub certificate_type: CertificateType,
    /// 证件有效期至; none for one without an end.
    pub certificate_valid_until: Option<Date>,
    /// 统一社会信用代码
    pub code: String,
    /// 工会名称
    pub union_name: String,
    /// 工会统一社会信用代码
    pub union_code: String,
    /// 所属行业
    pub industry: String,
    /// 上级单位
    pub parent_unit: String,
    /// 省市县
    pub region: Region,
    /// 地址
    pub address: String,
}

/// Somebody to talk to, checked. Personal data: kept sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFacts {
    /// 姓名
    pub name: PersonName,
    /// 职务
    pub position: String,
    /// 办公电话, with its area code.
    pub office_phone: Landline,
    /// 手机
    pub mobile: Mobile,
    /// 电子邮箱
    pub email: Email,
}

/// A contact as it rests: what lists show in clear, the rest sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedContact {
    /// 姓名
    pub name: String,
    /// 职务
    pub position: String,
    /// 手机, masked.
    pub masked_mobile: String,
    /// Keyed index of the name, by which it is found.
    pub name_index: String,
    /// Keyed index of the mobile number.
    pub mobile_index: String,
    /// [`ContactFacts`], sealed.
    pub sealed: String,
}

/// A contact of a unit (联系人): it has an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its account.
    pub account: AccountId,
    /// Who.
    #[serde(flatten)]
    pub contact: SealedContact,
    /// Whether it is valid; a disabled one cannot sign in.
    pub active: bool,
}

/// An accepted image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredImage {
    /// The upload that carried it.
    pub upload: UploadId,
    /// Key of the stored copy in the documents bucket.
    pub key: String,
    /// Key of the thumbnail.
    pub thumbnail: Option<String>,
}

/// The images of a unit's papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitImages {
    /// 单位证件
    pub unit_certificate: StoredImage,
    /// 工会法人资格证书
    pub union_certificate: StoredImage,
}

/// What is on record of a unit. All of it is there for a unit that registered; units taken over from elsewhere have what
/// they have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UnitRecord {
    /// 单位性质
    pub nature: Option<Nature>,
    /// 证件类型
    pub certificate_type: Option<CertificateType>,
    /// 证件有效期至
    pub certificate_valid_until: Option<Date>,
    /// 工会统一社会信用代码
    pub union_code: String,
    /// 所属行业
    pub industry: String,
    /// 上级单位
    pub parent_unit: String,
    /// 省市县
    pub region: Option<Region>,
    /// 联系人, the oldest first.
    pub contacts: Vec<Contact>,
    /// Images of the papers.
    pub images: Option<UnitImages>,
}
