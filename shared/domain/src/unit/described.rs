//! A unit in words, for its trail: what stood there before and what stands there now.

use super::{CertificateType, Nature};
use crate::ids::AccountId;
use crate::organisation::Unit;

/// Every field by its Chinese name. Numbers of contacts are masked.
#[must_use]
pub fn described(unit: &Unit) -> Vec<(String, String)> {
    let r = &unit.record;
    let yes = |yes: bool| if yes { "是" } else { "否" }.to_owned();
    let region = r.region.as_ref().map(|region| format!("{}{}{}", region.province, region.city, region.county));
    let field = |label: &str, value: String| (label.to_owned(), if value.is_empty() { "无".to_owned() } else { value });
    let mut fields = vec![
        field("单位名称", unit.name.clone()),
        field("单位性质", r.nature.map_or("", Nature::chinese).to_owned()),
        field("证件类型", r.certificate_type.map_or("", CertificateType::chinese).to_owned()),
        field("证件有效期至", r.certificate_valid_until.map(|day| day.to_string()).unwrap_or_default()),
        field("统一社会信用代码", unit.code.clone()),
        field("工会名称", unit.union_name.clone()),
        field("工会统一社会信用代码", r.union_code.clone()),
        field("所属行业", r.industry.clone()),
        field("上级单位", r.parent_unit.clone()),
        field("省市县", region.unwrap_or_default()),
        field("地址", unit.address.clone()),
        field("可参保", yes(unit.active)),
        field("限制参保", yes(unit.restricted)),
        field("涉密单位", yes(unit.classified)),
        field("合并到", unit.merged_into.as_ref().map(ToString::to_string).unwrap_or_default()),
    ];
    if let Some(images) = &r.images {
        fields.push(field("单位证件图片", images.unit_certificate.upload.to_string()));
        fields.push(field("工会证书图片", images.union_certificate.upload.to_string()));
    }
    let name_of = |account: &AccountId| {
        let contact = r.contacts.iter().find(|contact| contact.account == *account);
        contact.map_or_else(|| account.to_string(), |contact| contact.contact.name.clone())
    };
    fields.push(field("经办人", name_of(&unit.handler)));
    for (i, contact) in r.contacts.iter().enumerate() {
        let c = &contact.contact;
        let valid = if contact.active { "有效" } else { "停用" };
        // The sealed part changes with every sealing; what else it holds is not told.
        let text = format!("{} {} {} {valid}", c.name, c.position, c.masked_mobile);
        fields.push(field(&format!("联系人{}", i + 1), text));
    }
    fields
}
