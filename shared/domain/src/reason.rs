//! Why a row, a form or a file was refused, or what about it deserves a second look.
//!
//! A reason has a stable code, for programs, and a Chinese sentence that tells a clerk what to do. Neither ever holds
//! personal data, so both may be logged. Checks report all reasons at once.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::money::Fen;
use crate::roster::raw::Column;

/// The headings that were found while no row held all that are required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Headings(pub Vec<Column>);

/// 「姓名」「职业」, or 没有任何认识的列名.
impl fmt::Display for Headings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("没有任何认识的列名");
        }
        self.0.iter().try_for_each(|column| write!(f, "「{}」", column.heading()))
    }
}

/// Declares [`Reason`] with, for every variant: its code, the meaning shown on the workbook's help sheet, and the
/// sentence for one occurrence, into which the variant's fields are formatted.
macro_rules! reasons {
    ($(
        $variant:ident $({ $($(#[$doc:meta])* $field:ident: $type:ty),+ $(,)? })? = $code:literal, $meaning:literal, $text:literal;
    )+) => {
        /// One reason; the variants' fields are what their sentence needs.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
        #[serde(tag = "code")]
        pub enum Reason {
            $(
                #[doc = $meaning]
                #[serde(rename = $code)]
                $variant $({ $($(#[$doc])* $field: $type),+ })?,
            )+
        }

        impl Reason {
            /// Every code with its general meaning in Chinese, in the order of the help sheet.
            pub const ALL_CODES: &'static [(&'static str, &'static str)] = &[$(($code, $meaning)),+];

            /// The stable code, in capitals.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$variant $({ $($field: _),+ })? => $code),+ }
            }

            /// The sentence for the clerk.
            #[must_use]
            pub fn text(&self) -> String {
                match self { $(Self::$variant $({ $($field),+ })? => format!($text)),+ }
            }
        }

        /// `{"code": …, "text": …}` and the variant's fields, from which it is read back.
        impl Serialize for Reason {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("code", self.code())?;
                map.serialize_entry("text", &self.text())?;
                match self {
                    $(Self::$variant $({ $($field),+ })? => { $($(map.serialize_entry(stringify!($field), $field)?;)+)? })+
                }
                map.end()
            }
        }
    };
}

reasons! {
    NameMissing = "NAME_MISSING", "姓名为空",
        "没有填写姓名，请补填";
    NameLength = "NAME_LENGTH", "姓名不足2个字或超过50个字",
        "姓名应为2至50个字，请填写完整姓名";
    NameCharacter = "NAME_CHARACTER", "姓名中有数字或符号",
        "姓名只能用汉字、拉丁字母和间隔号“·”，请删去数字和其他符号";
    IdMissing = "ID_MISSING", "身份证号码为空",
        "没有填写身份证号码，请补填";
    IdLength = "ID_LENGTH", "身份证号码不是18位",
        "身份证号码应为18位，请核对是否多填或漏填";
    IdFifteen = "ID_FIFTEEN", "身份证号码是旧的15位号码",
        "15位旧身份证号码已停用，请填写现用的18位号码";
    IdCharacter = "ID_CHARACTER", "身份证号码中有不允许的字符",
        "身份证号码前17位应为数字，最后一位应为数字或X，请核对";
    IdRegion = "ID_REGION", "身份证号码的地区代码不存在",
        "身份证号码前两位不是有效的省级地区代码，请对照证件核对";
    IdBirthDate = "ID_BIRTH_DATE", "身份证号码中的出生日期不存在",
        "身份证号码第7至14位不是有效的出生日期，请对照证件核对";
    IdCheckDigit = "ID_CHECK_DIGIT", "身份证号码校验码不符",
        "身份证号码最后一位与前17位不符，说明有数字填错，请对照证件逐位核对";
    NumberStoredAsNumber = "NUMBER_STORED_AS_NUMBER", "号码以数值格式保存，已丢失位数",
        "该单元格是数值格式，15位以后的数字已丢失；请把单元格改为文本格式后重新填写号码";
    PhoneMissing = "PHONE_MISSING", "手机号码为空",
        "没有填写手机号码，请补填";
    PhoneFormat = "PHONE_FORMAT", "手机号码格式不对",
        "手机号码应为11位数字，以13至19开头，请核对";
    OccupationUnknown = "OCCUPATION_UNKNOWN", "职业填写不对",
        "职业只能填“一般职业”或“高危职业”，也可以不填（按一般职业）";
    SharesFormat = "SHARES_FORMAT", "份数不是整数",
        "份数应为不带小数的数字；不参加该活动的请留空或填0";
    NoPlanChosen = "NO_PLAN_CHOSEN", "没有参加任何活动",
        "各活动的份数都为空或0，请至少填写一个活动的份数";
    DuplicateInFile {
        /// Row of the file that holds the same ID number first.
        first_row: u32,
    } = "DUPLICATE_IN_FILE", "同一文件中身份证号码重复",
        "身份证号码与本文件第{first_row}行重复，请只保留一行";
    DuplicateInRoster = "DUPLICATE_IN_ROSTER", "已在该活动的人员清单中",
        "此人已在该活动的人员清单中，不必重复导入，请删去这一行";
    NameIdMismatch = "NAME_ID_MISMATCH", "身份证号码在平台上对应另一姓名",
        "该身份证号码在平台上登记的是另一姓名，请核对姓名和号码；确需更正的请办理信息变更";
    SexNotEligible = "SEX_NOT_ELIGIBLE", "性别不符合该活动的规定",
        "该活动限女职工参加，而身份证号码显示为男性，请核对或删去这一行";
    AgeBelowMinimum {
        /// Youngest age admitted, in whole years.
        minimum: u32,
    } = "AGE_BELOW_MINIMUM", "未达到最低参保年龄",
        "保障开始当日未满{minimum}周岁，不能参加该活动，请删去这一行";
    SharesExceeded {
        /// Shares of this enrolment.
        asked: u32,
        /// Shares of overlapping cover.
        held: u32,
        /// The plan's maximum per member.
        maximum: u32,
    } = "SHARES_EXCEEDED", "超过每人最多份数",
        "本次{asked}份，保障期内已有{held}份，超过每人最多{maximum}份，请减少份数或删去这一行";
    Restricted = "RESTRICTED", "在限制参保名单中",
        "此人在限制参保名单中，请与办事处联系";
    HeaderNotFound {
        /// Headings found in the row that came nearest.
        found: Headings,
    } = "HEADER_NOT_FOUND", "找不到表头",
        "前20行中没有同时含“姓名”和“身份证号码”（或“证件号码”）的表头行，只找到：{found}；请使用平台的模板";
    FileEmpty = "FILE_EMPTY", "文件没有内容",
        "文件没有可读取的内容，请检查后重新上传";
    FileTooLarge {
        /// Largest size accepted, in MiB.
        limit_mib: u32,
    } = "FILE_TOO_LARGE", "文件太大",
        "文件超过{limit_mib} MiB的上限，请压缩或拆分后上传";
    UnpackedTooLarge {
        /// Largest unpacked size accepted, in MiB.
        limit_mib: u32,
    } = "UNPACKED_TOO_LARGE", "文件解压后太大",
        "文件解压后超过{limit_mib} MiB的上限，请删去多余的工作表、图片和格式后上传";
    TooManyRows {
        /// Most rows accepted.
        limit: u32,
    } = "TOO_MANY_ROWS", "行数太多",
        "文件超过{limit}行的上限，请拆分成几个文件上传";
    FileTypeNotAllowed {
        /// Types accepted here, such as `jpg、png`.
        allowed: String,
    } = "FILE_TYPE_NOT_ALLOWED", "文件类型不对",
        "文件内容不是允许的类型，请上传：{allowed}";
    FileEncrypted = "FILE_ENCRYPTED", "文件已加密",
        "文件设有密码，无法读取；请取消密码后重新上传";
    FileDamaged = "FILE_DAMAGED", "文件已损坏",
        "文件损坏或不完整，无法读取；请重新保存后上传";
    FileMixed = "FILE_MIXED", "文件中混有其他类型的内容",
        "文件中混有其他类型的内容，出于安全不予接收；请重新导出后上传";
    ChecksumMismatch = "CHECKSUM_MISMATCH", "上传内容与申报的不一致",
        "收到的文件与申报的校验值不一致，可能传输出错；请重新上传";
    UploadExpired = "UPLOAD_EXPIRED", "上传已过期",
        "上传地址已过期，请重新选择文件上传";
    ImageTooSmall {
        /// Least width and height, in pixels.
        minimum_px: u32,
    } = "IMAGE_TOO_SMALL", "图片太小",
        "图片的长和宽都应不少于{minimum_px}像素，请上传更清晰的图片";
    ImageTooLarge {
        /// Most pixels accepted, in millions.
        limit_megapixels: u32,
    } = "IMAGE_TOO_LARGE", "图片像素太多",
        "图片超过{limit_megapixels}百万像素的上限，请缩小后上传";
    PdfTooManyPages {
        /// Most pages accepted.
        limit: u32,
    } = "PDF_TOO_MANY_PAGES", "PDF页数太多",
        "PDF超过{limit}页的上限，请拆分后上传";
    PdfActiveContent = "PDF_ACTIVE_CONTENT", "PDF含有脚本或启动动作",
        "PDF含有脚本或启动动作，出于安全不予接收；请打印或扫描成普通PDF后上传";
    EmailMissing = "EMAIL_MISSING", "电子邮箱为空",
        "没有填写电子邮箱，请补填";
    EmailFormat = "EMAIL_FORMAT", "电子邮箱格式不对",
        "电子邮箱格式不对，请核对";
    UsccFormat = "USCC_FORMAT", "统一社会信用代码格式不对",
        "统一社会信用代码应为18位数字和大写字母（不含I、O、S、V、Z），请核对";
    UsccCheckDigit = "USCC_CHECK_DIGIT", "统一社会信用代码校验码不符",
        "统一社会信用代码最后一位与前17位不符，请对照证书逐位核对";
    BankCardFormat = "BANK_CARD_FORMAT", "银行卡号格式不对",
        "银行卡号应为12至23位数字，请核对";
    BankCardLuhn = "BANK_CARD_LUHN", "银行卡号可能有误",
        "银行卡号未通过校验，可能有数字填错，请对照银行卡核对（个别银行的卡号不适用此校验）";
    BankCardMismatch = "BANK_CARD_MISMATCH", "两次填写的银行卡号不同",
        "两次填写的银行卡号不同，请重新填写";
    TextTooLong {
        /// Most characters accepted.
        limit: u32,
    } = "TEXT_TOO_LONG", "文字太长",
        "最多{limit}个字，请删减";
    PayerTitleMissing = "PAYER_TITLE_MISSING", "票据抬头为空",
        "没有填写票据抬头，请补填";
    TaxNumberMissing = "TAX_NUMBER_MISSING", "选择了税号类型而没有填写税号",
        "选择了税号类型就应填写税号；没有税号请选择“无”";
    ReceiptEmpty = "RECEIPT_EMPTY", "票据没有明细",
        "该张票据没有明细，请至少填写一项";
    ReceiptPlan = "RECEIPT_PLAN", "票据明细的活动不在本次参保中",
        "该保障活动不在本次参保中，请重新选择";
    ReceiptPersons {
        /// Participants of the plan in that occupation.
        maximum: u32,
    } = "RECEIPT_PERSONS", "票据人数不对",
        "人数应为1至{maximum}人（该活动该职业的参保人数）";
    ReceiptPrice {
        /// Highest price per person.
        maximum: Fen,
    } = "RECEIPT_PRICE", "票据每人金额不对",
        "每人金额应大于0且不超过{maximum}元（会费标准×份数）";
    ReceiptOverDue {
        /// Amount due of the plan.
        due: Fen,
    } = "RECEIPT_OVER_DUE", "票据金额超过应缴金额",
        "该活动的票据合计超过应缴金额{due}元，请减少人数或每人金额";
    ReceiptRemaining {
        /// Amount of the plan still without a receipt.
        remaining: Fen,
    } = "RECEIPT_REMAINING", "还有未开票金额",
        "该活动还有{remaining}元未开票，剩余金额为0才能提交";
    AmountDueNegative = "AMOUNT_DUE_NEGATIVE", "补贴和赠险超过会费",
        "补贴与赠险合计超过该活动的会费合计，请核对补贴设置";
    AmountTooLarge = "AMOUNT_TOO_LARGE", "金额超出可计算的范围",
        "金额超出可计算的范围，请核对份数和会费标准";
    NumberFormat = "NUMBER_FORMAT", "编号格式不对",
        "编号格式不对，请核对后重新输入";
}

/// The sentence.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_capitals() {
        let codes: BTreeSet<_> = Reason::ALL_CODES.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), Reason::ALL_CODES.len());
        assert!(codes.iter().all(|code| { code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') }));
    }

    #[test]
    fn a_sentence_names_the_numbers_a_clerk_needs() {
        let check = |reason: Reason, code: &str, part: &str| {
            assert_eq!(reason.code(), code);
            assert!(reason.text().contains(part), "{reason}");
        };
        check(Reason::DuplicateInFile { first_row: 7 }, "DUPLICATE_IN_FILE", "第7行");
        check(Reason::SharesExceeded { asked: 2, held: 1, maximum: 2 }, "SHARES_EXCEEDED", "最多2份");
        check(Reason::ReceiptPrice { maximum: Fen::new(19_000) }, "RECEIPT_PRICE", "190.00元");
        check(Reason::HeaderNotFound { found: Headings(vec![Column::Name]) }, "HEADER_NOT_FOUND", "只找到：「姓名」");
        check(Reason::HeaderNotFound { found: Headings::default() }, "HEADER_NOT_FOUND", "没有任何认识的列名");
    }

    #[test]
    fn travels_as_code_and_text_and_comes_back() {
        for reason in [
            Reason::IdLength,
            Reason::DuplicateInFile { first_row: 3 },
            Reason::ReceiptOverDue { due: Fen::new(5) },
            Reason::HeaderNotFound { found: Headings(vec![Column::Name, Column::Shares(1)]) },
        ] {
            let json = serde_json::to_value(&reason).unwrap();
            assert_eq!(json["code"], reason.code());
            assert_eq!(json["text"], reason.text());
            assert_eq!(serde_json::from_value::<Reason>(json).unwrap(), reason);
        }
    }
}
