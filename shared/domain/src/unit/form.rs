//! The form of a unit as it was typed, and everything that is wrong with it at once.

use jiff::civil::Date;

use super::{CertificateType, ContactFacts, NAME_CHARACTERS_MAX, Nature, Region, UnitFacts, search_text};
use crate::identity::{Email, Landline, Mobile, PersonName, Uscc};
use crate::refusal::Problem;

/// Longest text of the other fields, in characters.
const TEXT_CHARACTERS_MAX: usize = 100;
/// Longest part of a region, position or industry, in characters.
const SHORT_CHARACTERS_MAX: usize = 30;

/// A unit as typed; nothing is checked yet.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the field of its name in UnitFacts")]
pub struct RawUnit<'a> {
    pub name: &'a str,
    pub nature: &'a str,
    pub certificate_type: &'a str,
    pub certificate_valid_until: &'a str,
    pub code: &'a str,
    pub union_name: &'a str,
    pub union_code: &'a str,
    pub industry: &'a str,
    pub parent_unit: &'a str,
    pub province: &'a str,
    pub city: &'a str,
    pub county: &'a str,
    pub address: &'a str,
}

/// A contact as typed; nothing is checked yet.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "each is the field of its name in ContactFacts")]
pub struct RawContact<'a> {
    pub name: &'a str,
    pub position: &'a str,
    pub area_code: &'a str,
    pub phone: &'a str,
    pub mobile: &'a str,
    pub email: &'a str,
}

/// Collects what is wrong while the fields are read.
struct Reader<'p> {
    at: &'p str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn add(&mut self, field: &str, code: &str, text: impl Into<String>) {
        self.problems.push(Problem::new(format!("{}/{field}", self.at), code, text));
    }

    /// A trimmed text, not too long; given, if it has a `name` by which it is missed.
    fn text(&mut self, field: &str, text: &str, required: Option<&str>, characters_max: usize) -> String {
        let text = text.trim();
        if let (true, Some(name)) = (text.is_empty(), required) {
            self.add(field, "TEXT_MISSING", format!("请填写{name}"));
        }
        if text.chars().count() > characters_max {
            self.add(field, "TEXT_TOO_LONG", format!("最多{characters_max}个字"));
        }
        if text.chars().any(char::is_control) {
            self.add(field, "TEXT_CHARACTER", "含有换行或控制字符，请删去");
        }
        text.to_owned()
    }

    fn choice<T>(&mut self, field: &str, name: &str, text: &str, choice: Option<T>) -> Option<T> {
        match choice {
            None if text.trim().is_empty() => self.add(field, "CHOICE_MISSING", format!("请选择{name}")),
            None => self.add(field, "CHOICE_UNKNOWN", format!("没有这种{name}，请重新选择")),
            Some(_) => {}
        }
        choice
    }

    fn code(&mut self, field: &str, name: &str, text: &str) -> Option<Uscc> {
        if text.trim().is_empty() {
            self.add(field, "TEXT_MISSING", format!("请填写{name}"));
            return None;
        }
        let code = Uscc::parse(text);
        code.map_err(|reason| self.problems.push(Problem::of(format!("{}/{field}", self.at), &reason))).ok()
    }
}

impl RawUnit<'_> {
    /// The facts, or every problem with its place below `at`. A certificate must be valid `today`.
    ///
    /// # Errors
    /// Every broken rule.
    pub fn read(&self, at: &str, today: Date) -> Result<UnitFacts, Vec<Problem>> {
        let mut r = Reader { at, problems: Vec::new() };
        let name = r.text("name", self.name, Some("单位名称"), NAME_CHARACTERS_MAX);
        if search_text(&name).chars().count() == 1 {
            r.add("name", "UNIT_NAME_LENGTH", "单位名称至少2个字");
        }
        let nature = r.choice("nature", "单位性质", self.nature, Nature::parse(self.nature));
        let kind = CertificateType::parse(self.certificate_type);
        let certificate_type = r.choice("certificate_type", "证件类型", self.certificate_type, kind);
        let certificate_valid_until = match self.certificate_valid_until.trim() {
            "" => None,
            text => match text.parse::<Date>() {
                Ok(day) if day < today => {
                    r.add("certificate_valid_until", "CERTIFICATE_EXPIRED", "证件已过有效期，请换用有效的证件");
                    None
                }
                Ok(day) => Some(day),
                Err(_) => {
                    r.add("certificate_valid_until", "DATE_FORMAT", "日期应为2027-12-31这样的格式");
                    None
                }
            },
        };
        let code = r.code("code", "统一社会信用代码", self.code);
        let union_name = r.text("union_name", self.union_name, Some("工会名称"), TEXT_CHARACTERS_MAX);
        let union_code = r.code("union_code", "工会统一社会信用代码", self.union_code);
        let industry = r.text("industry", self.industry, None, SHORT_CHARACTERS_MAX);
        let parent_unit = r.text("parent_unit", self.parent_unit, None, TEXT_CHARACTERS_MAX);
        let region = Region {
            province: r.text("region/province", self.province, Some("省"), SHORT_CHARACTERS_MAX),
            city: r.text("region/city", self.city, Some("市"), SHORT_CHARACTERS_MAX),
            county: r.text("region/county", self.county, Some("区县"), SHORT_CHARACTERS_MAX),
        };
        let address = r.text("address", self.address, Some("地址"), TEXT_CHARACTERS_MAX);
        match (nature, certificate_type, code, union_code) {
            (Some(nature), Some(certificate_type), Some(code), Some(union_code)) if r.problems.is_empty() => {
                Ok(UnitFacts {
                    name,
                    nature,
                    certificate_type,
                    certificate_valid_until,
                    code: code.into(),
                    union_name,
                    union_code: union_code.into(),
                    industry,
                    parent_unit,
                    region,
                    address,
                })
            }
            _ => Err(r.problems),
        }
    }
}

impl RawContact<'_> {
    /// The facts, or every problem with its place below `at`.
    ///
    /// # Errors
    /// Every broken rule.
    pub fn read(&self, at: &str) -> Result<ContactFacts, Vec<Problem>> {
        let mut r = Reader { at, problems: Vec::new() };
        let name = PersonName::parse(self.name);
        for reason in name.as_ref().err().into_iter().flatten() {
            r.problems.push(Problem::of(format!("{at}/name"), reason));
        }
        let position = r.text("position", self.position, None, SHORT_CHARACTERS_MAX);
        let office_phone = Landline::parse(self.area_code, self.phone);
        if office_phone.is_none() {
            let text = "办公电话应为区号（0开头的3至4位）和7至8位号码，分机号前加“-”";
            r.add("office_phone", "OFFICE_PHONE_FORMAT", text);
        }
        let mobile = Mobile::parse(self.mobile);
        let email = Email::parse(self.email);
        for (field, reason) in [("mobile", mobile.as_ref().err()), ("email", email.as_ref().err())] {
            r.problems.extend(reason.map(|reason| Problem::of(format!("{at}/{field}"), reason)));
        }
        match (name, office_phone, mobile, email) {
            (Ok(name), Some(office_phone), Ok(mobile), Ok(email)) if r.problems.is_empty() => {
                Ok(ContactFacts { name, position, office_phone, mobile, email })
            }
            _ => Err(r.problems),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;

    use super::*;

    const UNIT: RawUnit<'_> = RawUnit {
        name: " 岐山县第二机械厂 ",
        nature: "国有企业",
        certificate_type: "business-licence",
        certificate_valid_until: "2030-12-31",
        code: "91370211ma3abcde1k",
        union_name: "岐山县第二机械厂工会委员会",
        union_code: "81370200MC7654321U",
        industry: "制造业",
        parent_unit: "",
        province: "陕西省",
        city: "宝鸡市",
        county: "岐山县",
        address: "人民路2号",
    };
    const CONTACT: RawContact<'_> = RawContact {
        name: "李 四",
        position: "工会干事",
        area_code: "0917",
        phone: "8212345",
        mobile: "13812345678",
        email: "lisi@example.com",
    };

    fn places(problems: Vec<Problem>) -> Vec<String> {
        problems.into_iter().map(|problem| format!("{} {}", problem.at, problem.code)).collect()
    }

    #[test]
    fn a_complete_form_is_read() {
        let facts = UNIT.read("/unit", date(2026, 3, 10)).unwrap();
        assert_eq!((facts.name.as_str(), facts.code.as_str()), ("岐山县第二机械厂", "91370211MA3ABCDE1K"));
        assert_eq!((facts.nature, facts.certificate_valid_until), (Nature::StateOwned, Some(date(2030, 12, 31))));
        let contact = CONTACT.read("/contact").unwrap();
        assert_eq!((contact.name.as_str(), contact.office_phone.as_str()), ("李四", "0917-8212345"));
        let endless = RawUnit { certificate_valid_until: " ", ..UNIT };
        assert_eq!(endless.read("", date(2026, 3, 10)).unwrap().certificate_valid_until, None);
    }

    #[test]
    fn every_problem_is_named_with_its_place() {
        let empty = RawUnit::default().read("/unit", date(2026, 3, 10)).unwrap_err();
        assert_eq!(
            places(empty),
            [
                "/unit/name TEXT_MISSING",
                "/unit/nature CHOICE_MISSING",
                "/unit/certificate_type CHOICE_MISSING",
                "/unit/code TEXT_MISSING",
                "/unit/union_name TEXT_MISSING",
                "/unit/union_code TEXT_MISSING",
                "/unit/region/province TEXT_MISSING",
                "/unit/region/city TEXT_MISSING",
                "/unit/region/county TEXT_MISSING",
                "/unit/address TEXT_MISSING",
            ]
        );
        let long = "长".repeat(61);
        let wrong = RawUnit {
            name: &long,
            nature: "个体户",
            certificate_valid_until: "2026-03-09",
            code: "123702006762229200",
            address: "一\n二",
            ..UNIT
        };
        assert_eq!(
            places(wrong.read("/unit", date(2026, 3, 10)).unwrap_err()),
            [
                "/unit/name TEXT_TOO_LONG",
                "/unit/nature CHOICE_UNKNOWN",
                "/unit/certificate_valid_until CERTIFICATE_EXPIRED",
                "/unit/code USCC_CHECK_DIGIT",
                "/unit/address TEXT_CHARACTER",
            ]
        );
        assert_eq!(
            places(RawContact { position: "", ..RawContact::default() }.read("/contact").unwrap_err()),
            [
                "/contact/name NAME_MISSING",
                "/contact/office_phone OFFICE_PHONE_FORMAT",
                "/contact/mobile PHONE_MISSING",
                "/contact/email EMAIL_MISSING",
            ]
        );
    }
}
