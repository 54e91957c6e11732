//! Sample data for the printed documents.

use documents::print::{
    CertificateData, CollectionAccount, MemberRow, NoticePlan, PaymentNoticeData, PlanRow, ReceiptData, ReceiptItem,
    Subsidy,
};
use domain::money::Fen;
use jiff::civil::date;

/// Names that need the fallback font, characters outside the first plane, or Latin letters.
pub const RARE_NAMES: &[&str] =
    &["王㛃", "李䶮", "𠮷野宏", "陈𫖯", "张𬱖", "赵𪚥", "欧阳﨑", "阿依古丽·买买提", "Anna Smith"];

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华建国红梅志永春生海燕玉珍凤云飞鹏宇浩然子涵欣怡梓轩雨泽俊熙诗琪思远嘉懿晨曦若彤锦程瑾瑜";

/// The plans of [`certificate`], as its annex names them.
pub const PLANS: [&str; 3] = ["住院医疗（A方案）", "女职工特殊疾病", "意外伤害"];

/// A certificate of three plans with `members` rows in its annex; the rare names come first.
pub fn certificate(members: usize) -> CertificateData {
    let plan = |name: &str, shares, fee, count: u32, note: &str| PlanRow {
        name: name.to_owned(),
        starts_on: date(2024, 12, 11),
        ends_on: date(2025, 12, 10),
        shares,
        fee: Fen::new(fee),
        members: count,
        amount: Fen::new(fee).checked_times(shares * count).unwrap(),
        note: note.to_owned(),
    };
    let third = u32::try_from(members / 3).unwrap();
    CertificateData {
        office: "青岛办事处".to_owned(),
        number: "G26022024120410000822".to_owned(),
        revision: 1,
        issued_on: date(2024, 12, 10),
        unit: "青岛西海岸新区城市公共交通集团有限公司工会委员会".to_owned(),
        handler: "孙晓梅".to_owned(),
        phone: "138****5678".to_owned(),
        address: "山东省青岛市西海岸新区滨海大道1288号公交大厦A座17层".to_owned(),
        plans: vec![
            plan("职工住院医疗互助保障活动（A方案）", 1, 9_500, third, ""),
            plan("女职工特殊疾病互助保障活动", 2, 3_600, third, "续保"),
            plan("职工意外伤害互助保障活动", 1, 2_500, third, "含高危职业"),
        ],
        renewal_grace_days: 15,
        verification_url: "https://huzhu.example.cn/verify?t=eyJuIjoiRzI2MDIyMDI0MTIwNDEwMDAwODIyIiwiciI6MX0.qV1nH0bXo8kzq3sJt7yCw2mE5uLr9dAaPfGiKxTzBvY".to_owned(),
        members: (0..members).map(member).collect(),
        printed_at: date(2024, 12, 12).at(9, 5, 0, 0),
    }
}

/// Row `index` of a made-up roster; no two neighbours look alike.
fn member(index: usize) -> MemberRow {
    let pick = |from: &str, at: usize| from.chars().nth(at % from.chars().count()).unwrap();
    let name = RARE_NAMES.get(index).map_or_else(
        || {
            let mut name = String::from(pick(SURNAMES, index * 7));
            name.push(pick(GIVEN, index * 13 + index / 97));
            if !index.is_multiple_of(4) {
                name.push(pick(GIVEN, index * 31 + index / 53));
            }
            name
        },
        |name| (*name).to_owned(),
    );
    MemberRow {
        name,
        sex: if index % 3 == 1 { "女" } else { "男" }.to_owned(),
        age: u32::try_from(19 + index * 11 % 41).unwrap(),
        id_number: format!("{:06}********{:04}", 110_101 + index * 37 % 540_000, index * 7_919 % 10_000),
        plan: PLANS[index % PLANS.len()].to_owned(),
        state: "有效".to_owned(),
    }
}

/// A receipt of the sample series.
pub fn receipt() -> ReceiptData {
    let item = |name: &str, quantity, price, note: &str| ReceiptItem {
        code: "0501".to_owned(),
        name: name.to_owned(),
        unit: "人".to_owned(),
        quantity,
        price: Fen::new(price),
        amount: Fen::new(price).checked_times(quantity).unwrap(),
        note: note.to_owned(),
    };
    ReceiptData {
        code: "00010224".to_owned(),
        number: "0000012345".to_owned(),
        check_code: "a1b2c3".to_owned(),
        payer: "青岛西海岸新区城市公共交通集团有限公司工会委员会".to_owned(),
        payer_uscc: "81370200MC7654321U".to_owned(),
        issued_on: date(2024, 12, 10),
        items: vec![
            item("职工住院医疗互助保障活动会费", 25, 6_000, "工会经费"),
            item("女职工特殊疾病互助保障活动会费", 25, 3_600, ""),
        ],
        other_information: "申请书号 A26022024120410000821".to_owned(),
        issuer: "中国职工保险互助会青岛办事处".to_owned(),
        checker: "周明".to_owned(),
        cashier: "吴静".to_owned(),
        sample: true,
    }
}

/// The notice of the subsidy vector in the rules: 3,275.00 − 875.00 = 2,400.00.
pub fn payment_notice() -> PaymentNoticeData {
    let plan = |name: &str, fee| NoticePlan {
        name: name.to_owned(),
        members: 25,
        shares: 1,
        fee: Fen::new(fee),
        amount: Fen::new(fee).checked_times(25).unwrap(),
    };
    PaymentNoticeData {
        office: "青岛办事处".to_owned(),
        application: "A26022024120410000821".to_owned(),
        issued_on: date(2024, 12, 4),
        unit: "青岛西海岸新区城市公共交通集团有限公司工会委员会".to_owned(),
        handler: "孙晓梅".to_owned(),
        phone: "138****5678".to_owned(),
        plans: vec![plan("职工住院医疗互助保障活动（A方案）", 9_500), plan("女职工特殊疾病互助保障活动", 3_600)],
        subsidies: vec![Subsidy {
            bearer: "青岛市总工会补贴（每人35.00元）".to_owned(), amount: Fen::new(87_500)
        }],
        amount_due: Fen::new(240_000),
        account: CollectionAccount {
            holder: "中国职工保险互助会青岛办事处".to_owned(),
            bank: "中国工商银行青岛市南支行".to_owned(),
            number: "3803 0210 0920 0123 456".to_owned(),
        },
        pay_by: date(2024, 12, 20),
        receipt_entry_by: date(2024, 12, 18),
        office_phone: "0532-12351".to_owned(),
        print_count: 2,
        printed_at: date(2024, 12, 5).at(14, 30, 0, 0),
    }
}
