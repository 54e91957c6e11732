//! What the handlers of registrations and units share: forms as they are typed, and what they look like.

use std::time::Duration;

use domain::organisation::Unit;
use domain::unit::{CertificateType, ContactFacts, Nature, RawContact, RawUnit, SealedContact, UnitFacts, UnitImages};
use domain::upload::{Upload, UploadState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::ports::{Links, Outage, PostForm};

/// How long a link to an image lives.
const LINK_LIFE: Duration = Duration::from_secs(300);

/// 省市县
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RegionInput {
    /// 省、自治区、直辖市
    pub province: String,
    /// 市、州
    pub city: String,
    /// 区、县
    pub county: String,
}

/// A unit as it is typed. Fields that are left out are empty, so that everything that is missing is named at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UnitInput {
    /// 单位名称, 2 to 60 characters.
    pub name: String,
    /// 单位性质: `administration`, `institution`, `state-owned`, `collective`, `private`, `foreign`,
    /// `social-organisation` or `other`.
    pub nature: String,
    /// 证件类型: `business-licence`, `institution-certificate`, `social-organisation-certificate`,
    /// `credit-code-certificate` or `other`.
    pub certificate_type: String,
    /// 证件有效期至; empty for one without an end.
    pub certificate_valid_until: String,
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
    pub region: RegionInput,
    /// 地址
    pub address: String,
}

impl UnitInput {
    /// To be read by the rules.
    pub fn raw(&self) -> RawUnit<'_> {
        RawUnit {
            name: &self.name,
            nature: &self.nature,
            certificate_type: &self.certificate_type,
            certificate_valid_until: &self.certificate_valid_until,
            code: &self.code,
            union_name: &self.union_name,
            union_code: &self.union_code,
            industry: &self.industry,
            parent_unit: &self.parent_unit,
            province: &self.region.province,
            city: &self.region.city,
            county: &self.region.county,
            address: &self.address,
        }
    }

    /// As it would be typed again.
    pub fn of_facts(facts: &UnitFacts) -> Self {
        let f = facts.clone();
        Self {
            name: f.name,
            nature: f.nature.as_str().to_owned(),
            certificate_type: f.certificate_type.as_str().to_owned(),
            certificate_valid_until: f.certificate_valid_until.map(|day| day.to_string()).unwrap_or_default(),
            code: f.code,
            union_name: f.union_name,
            union_code: f.union_code,
            industry: f.industry,
            parent_unit: f.parent_unit,
            region: RegionInput { province: f.region.province, city: f.region.city, county: f.region.county },
            address: f.address,
        }
    }

    /// As it would be typed again.
    pub fn of_unit(unit: &Unit) -> Self {
        let record = unit.record.clone();
        let region = record.region.map_or_else(RegionInput::default, |region| RegionInput {
            province: region.province,
            city: region.city,
            county: region.county,
        });
        Self {
            name: unit.name.clone(),
            nature: record.nature.map_or("", Nature::as_str).to_owned(),
            certificate_type: record.certificate_type.map_or("", CertificateType::as_str).to_owned(),
            certificate_valid_until: record.certificate_valid_until.map(|day| day.to_string()).unwrap_or_default(),
            code: unit.code.clone(),
            union_name: unit.union_name.clone(),
            union_code: record.union_code,
            industry: record.industry,
            parent_unit: record.parent_unit,
            region,
            address: unit.address.clone(),
        }
    }
}

/// 办公电话
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OfficePhoneInput {
    /// 区号
    #[schema(example = "0917")]
    pub area_code: String,
    /// 号码, with `-` before an extension.
    #[schema(example = "8212345")]
    pub number: String,
}

/// A contact as it is typed. No `Debug`: it is never logged.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContactInput {
    /// 姓名
    pub name: String,
    /// 职务
    pub position: String,
    /// 办公电话
    pub office_phone: OfficePhoneInput,
    /// 手机
    pub mobile: String,
    /// 电子邮箱
    pub email: String,
}

impl ContactInput {
    /// To be read by the rules.
    pub fn raw(&self) -> RawContact<'_> {
        RawContact {
            name: &self.name,
            position: &self.position,
            area_code: &self.office_phone.area_code,
            phone: &self.office_phone.number,
            mobile: &self.mobile,
            email: &self.email,
        }
    }

    /// In full, as it would be typed again.
    pub fn of_facts(facts: &ContactFacts) -> Self {
        let (area_code, number) = facts.office_phone.parts();
        Self {
            name: facts.name.as_str().to_owned(),
            position: facts.position.clone(),
            office_phone: OfficePhoneInput { area_code: area_code.to_owned(), number: number.to_owned() },
            mobile: facts.mobile.as_str().to_owned(),
            email: facts.email.as_str().to_owned(),
        }
    }
}

/// A contact as everybody who may see the unit sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaskedContact {
    /// 姓名
    pub name: String,
    /// 职务
    pub position: String,
    /// 手机, masked.
    #[schema(example = "138****5678")]
    pub mobile: String,
}

impl From<&SealedContact> for MaskedContact {
    fn from(contact: &SealedContact) -> Self {
        Self { name: contact.name.clone(), position: contact.position.clone(), mobile: contact.masked_mobile.clone() }
    }
}

/// The uploads of the images of a unit's papers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImagesInput {
    /// 单位证件: an accepted upload of purpose `unit-certificate`.
    pub unit_certificate: String,
    /// 工会法人资格证书: an accepted upload of purpose `union-certificate`.
    pub union_certificate: String,
}

/// Links to an image of a paper, good for five minutes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImageLinks {
    /// `unit-certificate` or `union-certificate`.
    pub kind: &'static str,
    /// The upload that carried it.
    pub upload: String,
    /// The image.
    pub url: String,
    /// Its thumbnail.
    pub thumbnail_url: Option<String>,
}

/// Links to the images of a unit's papers.
pub async fn image_links(links: &dyn Links, images: &UnitImages) -> Result<Vec<ImageLinks>, Outage> {
    let mut shown = Vec::new();
    let both = [("unit-certificate", &images.unit_certificate), ("union-certificate", &images.union_certificate)];
    for (kind, image) in both {
        let url = links.link(&image.key, kind, LINK_LIFE).await?;
        let thumbnail_url = match &image.thumbnail {
            Some(key) => Some(links.link(key, kind, LINK_LIFE).await?),
            None => None,
        };
        shown.push(ImageLinks { kind, upload: image.upload.to_string(), url, thumbnail_url });
    }
    Ok(shown)
}

/// A form to post a file with.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperForm {
    /// The upload.
    upload: String,
    /// Where to post, as `multipart/form-data`.
    url: String,
    /// The fields to send before the file, which comes last as `file`.
    fields: Vec<PaperFormField>,
    /// Until when.
    expires_at: String,
}

/// A field of the form.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperFormField {
    /// Name.
    name: String,
    /// Value.
    value: String,
}

impl PaperForm {
    /// The form of an upload.
    pub fn of(upload: &Upload, form: PostForm) -> Self {
        let fields = form.fields.into_iter().map(|(name, value)| PaperFormField { name, value }).collect();
        Self { upload: upload.id.to_string(), url: form.url, fields, expires_at: form.expires_at.to_string() }
    }
}

/// What became of the upload of an image.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperStatus {
    /// The upload.
    upload: String,
    /// `issued`, `received`, `accepted` or `rejected`.
    state: &'static str,
    /// Why it was rejected: a stable code.
    code: Option<String>,
    /// Why it was rejected: a sentence.
    text: Option<String>,
}

impl PaperStatus {
    /// The status of an upload.
    pub fn of(upload: Upload) -> Self {
        let (state, code, text) = match upload.state {
            UploadState::Issued => ("issued", None, None),
            UploadState::Received => ("received", None, None),
            UploadState::Accepted { .. } => ("accepted", None, None),
            UploadState::Rejected { code, text } => ("rejected", Some(code), Some(text)),
        };
        Self { upload: upload.id.to_string(), state, code, text }
    }
}
