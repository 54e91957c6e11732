//! The sample accounts: one of each role, and enough of them to race for a task.

use anyhow::{Result, anyhow};
use aws::dynamo::Dynamo;
use aws::world::SystemIds;
use domain::account::{Account, Role};
use domain::identity::Mobile;
use domain::ids::{AccountId, UnitId};
use domain::organisation::NodePath;
use serde_json::json;
use workflow::accounts::mobile_index;
use workflow::ports::{Cipher, Registry};
use workflow::texts::seal;

/// A sample account: user name, name, role, where it sits, its unit, mobile number, what it is for.
type Sample = (&'static str, &'static str, Role, &'static str, Option<&'static str>, &'static str, &'static str);

const QISHAN: &str = "/hq/2602/2602-3/2602-3-1/";
const BAOJI: &str = "/hq/2602/2602-3/";
const SHAANXI: &str = "/hq/2602/";

const ACCOUNTS: [Sample; 22] = [
    (
        "zhangsan",
        "张三",
        Role::UnitHandler,
        "/hq/2602/2602-3/2602-3-1/unit-qishan-1/",
        Some("unit-qishan-1"),
        "13800000001",
        "单位经办人 · 岐山县第一机械厂",
    ),
    (
        "sunliu",
        "孙柳",
        Role::UnitHandler,
        "/hq/2602/2602-3/2602-3-1/unit-qishan-2/",
        Some("unit-qishan-2"),
        "13800000002",
        "单位经办人 · 岐山县中心小学",
    ),
    (
        "lisi",
        "李思",
        Role::UnitHandler,
        "/hq/2602/2602-3/2602-3-2/unit-feng-1/",
        Some("unit-feng-1"),
        "13800000003",
        "单位经办人 · 凤县人民医院",
    ),
    (
        "zhaoqi",
        "赵琪",
        Role::UnitHandler,
        "/hq/1600/1600-2/1600-2-1/unit-xinxiang-1/",
        Some("unit-xinxiang-1"),
        "13800000004",
        "单位经办人 · 新乡市纺织集团",
    ),
    ("dengjihong", "邓纪红", Role::Registrar, QISHAN, None, "13800000005", "单位管理 · 岐山县总工会"),
    ("xiezhuce", "谢注册", Role::Registrar, SHAANXI, None, "13800000022", "单位管理 · 陕西省办事处"),
    ("wangchushen", "王初审", Role::EnrolmentFirstReviewer, QISHAN, None, "13800000006", "初审 · 岐山县总工会"),
    ("machushen", "马初审", Role::EnrolmentFirstReviewer, QISHAN, None, "13800000007", "初审 · 岐山县总工会"),
    ("chenfushen", "陈复审", Role::EnrolmentSecondReviewer, BAOJI, None, "13800000008", "复审 · 宝鸡代办处"),
    ("liuzhongshen", "刘终审", Role::EnrolmentFinalReviewer, SHAANXI, None, "13800000009", "终审 · 陕西省办事处"),
    ("zhoucaiwu", "周财务", Role::Finance, SHAANXI, None, "13800000010", "财务 · 陕西省办事处"),
    ("wuguidang", "吴归档", Role::Archivist, SHAANXI, None, "13800000011", "归档 · 陕西省办事处"),
    ("zhengzhuguan", "郑主管", Role::Supervisor, SHAANXI, None, "13800000012", "主管 · 陕西省办事处"),
    ("tanghuodong", "唐活动", Role::PlanAdmin, "/hq/", None, "13800000020", "活动管理 · 总会"),
    ("fanhuodong", "范活动", Role::PlanAdmin, SHAANXI, None, "13800000021", "补贴和赠险 · 陕西省办事处"),
    ("qianshenji", "钱审计", Role::Auditor, "/hq/", None, "13800000013", "审计 · 总会"),
    ("henanchushen", "何初审", Role::EnrolmentFirstReviewer, "/hq/1600/", None, "13800000014", "初审 · 河南省办事处"),
    ("henanfushen", "何复审", Role::EnrolmentSecondReviewer, "/hq/1600/", None, "13800000015", "复审 · 河南省办事处"),
    ("henancaiwu", "何财务", Role::Finance, "/hq/1600/", None, "13800000016", "财务 · 河南省办事处"),
    ("henanguidang", "何归档", Role::Archivist, "/hq/1600/", None, "13800000017", "归档 · 河南省办事处"),
    ("tangguanli", "唐管理", Role::OrgAdmin, SHAANXI, None, "13800000018", "管理员 · 陕西省办事处"),
    ("songguanli", "宋管理", Role::OrgAdmin, "/hq/", None, "13800000019", "管理员 · 总会"),
];

/// Writes the accounts that are missing; answers whether any was.
pub async fn fill(store: &Dynamo, cipher: &dyn Cipher, password: &str) -> Result<bool> {
    let mut hash = None;
    for sample in ACCOUNTS {
        if store.credentials(sample.0).await?.is_some() {
            continue;
        }
        let hash = match &hash {
            Some(hash) => hash,
            None => hash.insert(sign_in::passwords::hash_password(&SystemIds, password)?),
        };
        let account = account(cipher, sample)?;
        store.put_account(&account, hash).await?;
        if account.unit.is_none() {
            let mobile = Mobile::parse(sample.5).map_err(|reason| anyhow!(reason.text()))?;
            store.put_mobile(&mobile_index(cipher, &mobile), &account.id).await?;
        }
    }
    Ok(hash.is_some())
}

fn account(cipher: &dyn Cipher, (user, name, role, node, unit, mobile, _): Sample) -> Result<Account> {
    let id = AccountId::parse(user)?;
    Ok(Account {
        sealed_mobile: Some(seal(cipher, &id, mobile)),
        id,
        user_name: user.to_owned(),
        name: name.to_owned(),
        roles: vec![role],
        node: NodePath::try_from(node.to_owned())?,
        unit: unit.map(UnitId::parse).transpose()?,
        active: true,
        version: 1,
    })
}

/// Writes the same for the sign-in page of a laptop, with the inboxes of the messages that are not really sent.
///
/// `mails`: where the laptop shows them.
pub fn hint(file: &str, endpoint: &str, mails: &str, password: &str) -> Result<()> {
    let accounts: Vec<_> = ACCOUNTS
        .iter()
        .map(|(user, name, .., what)| json!({"user_name": user, "name": name, "purpose": what}))
        .collect();
    let texts = format!("{endpoint}/_ministack/sns/sms-messages");
    let hints = json!({"password": password, "accounts": accounts, "texts": texts, "mails": mails});
    Ok(std::fs::write(file, hints.to_string())?)
}

/// Prints who may sign in.
pub fn print(password: Option<&str>) {
    println!("\nSample accounts{}", password.map_or(String::new(), |p| format!(" – password {p}")));
    for (user, name, .., what) in ACCOUNTS {
        println!("  {user:14}{name}  {what}");
    }
}
