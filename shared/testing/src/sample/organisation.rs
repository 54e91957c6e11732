//! A small organisation: headquarters, office 2602 with a city agency, two county agencies and a unit in each, and
//! office 1600 with a unit of its own.

use domain::account::{Account, Role};
use domain::ids::{AccountId, NodeId, UnitId};
use domain::number::OfficeCode;
use domain::organisation::{CollectionAccount, Node, NodeKind, NodePath, OfficeSettings, Unit};

use crate::memory::MemoryStore;

/// What stands for a password's PHC string where nobody signs in.
pub const PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FtcGxl$c2FtcGxl";

/// The organisation, its units, and an account for every role.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// All nodes, from the root down.
    pub nodes: Vec<Node>,
    /// 岐山机械厂, under `/hq/2602/baoji/qishan/`.
    pub unit: Unit,
    /// 凤县林场, in the other county of the same city.
    pub neighbour: Unit,
    /// 红旗纺织厂, in office 1600.
    pub stranger: Unit,
    /// 经办人 of [`unit`](Self::unit).
    pub handler: Account,
    /// 经办人 of [`neighbour`](Self::neighbour).
    pub neighbour_handler: Account,
    /// 经办人 of [`stranger`](Self::stranger).
    pub stranger_handler: Account,
    /// Unit management at Qishan county.
    pub registrar: Account,
    /// 初审 at Qishan county.
    pub first_reviewer: Account,
    /// 初审 at Qishan county too, to race with the first.
    pub other_first_reviewer: Account,
    /// 复审 at Baoji city.
    pub second_reviewer: Account,
    /// 终审 at office 2602.
    pub final_reviewer: Account,
    /// 财务 at office 2602.
    pub finance: Account,
    /// 归档 at office 2602.
    pub archivist: Account,
    /// Supervisor at office 2602.
    pub supervisor: Account,
    /// 活动管理 at headquarters.
    pub plan_admin: Account,
    /// Subsidies and gifted cover at office 2602.
    pub office_plan_admin: Account,
    /// Administrator at office 2602.
    pub administrator: Account,
    /// Auditor at headquarters.
    pub auditor: Account,
    /// 初审 at office 1600, who sees nothing of 2602.
    pub stranger_reviewer: Account,
}

impl Default for Organisation {
    fn default() -> Self {
        let (shaanxi, henan) = (path("/hq/2602/"), path("/hq/1600/"));
        let (baoji, qishan) = (path("/hq/2602/baoji/"), path("/hq/2602/baoji/qishan/"));
        let (fengxian, hongqi) = (path("/hq/2602/baoji/fengxian/"), path("/hq/1600/xinxiang/hongqi/"));
        let unit = unit(("qishan-machinery", "岐山机械厂", "91350100M000100Y43"), &qishan, "wangfang");
        let neighbour = self::unit(("fengxian-forestry", "凤县林场", "12370200MB12345671"), &fengxian, "liuwei");
        let stranger = self::unit(("hongqi-textile", "红旗纺织厂", "11370200004234567H"), &hongqi, "chenjing");
        let handler_of = |unit: &Unit, name: &str| {
            let at = account(unit.handler.as_str(), name, Role::UnitHandler, &unit.path);
            Account { unit: Some(unit.id.clone()), ..at }
        };
        Self {
            nodes: nodes(),
            handler: handler_of(&unit, "王芳"),
            neighbour_handler: handler_of(&neighbour, "刘伟"),
            stranger_handler: handler_of(&stranger, "陈静"),
            registrar: account("zhaolei", "赵磊", Role::Registrar, &qishan),
            first_reviewer: account("limin", "李敏", Role::EnrolmentFirstReviewer, &qishan),
            other_first_reviewer: account("zhouyang", "周洋", Role::EnrolmentFirstReviewer, &qishan),
            second_reviewer: account("zhangqiang", "张强", Role::EnrolmentSecondReviewer, &baoji),
            final_reviewer: account("yangli", "杨丽", Role::EnrolmentFinalReviewer, &shaanxi),
            finance: account("huangtao", "黄涛", Role::Finance, &shaanxi),
            archivist: account("wuxia", "吴霞", Role::Archivist, &shaanxi),
            supervisor: account("zhoujie", "周杰", Role::Supervisor, &shaanxi),
            plan_admin: account("tangli", "唐丽", Role::PlanAdmin, &NodePath::root()),
            office_plan_admin: account("fangang", "范刚", Role::PlanAdmin, &shaanxi),
            administrator: account("gaofei", "高飞", Role::OrgAdmin, &shaanxi),
            auditor: account("liuming", "刘明", Role::Auditor, &NodePath::root()),
            stranger_reviewer: account("chengang", "陈刚", Role::EnrolmentFirstReviewer, &henan),
            unit,
            neighbour,
            stranger,
        }
    }
}

impl Organisation {
    /// The units.
    pub fn units(&self) -> [&Unit; 3] {
        [&self.unit, &self.neighbour, &self.stranger]
    }

    /// The accounts.
    pub fn accounts(&self) -> [&Account; 16] {
        [
            &self.handler,
            &self.neighbour_handler,
            &self.stranger_handler,
            &self.registrar,
            &self.first_reviewer,
            &self.other_first_reviewer,
            &self.second_reviewer,
            &self.final_reviewer,
            &self.finance,
            &self.archivist,
            &self.supervisor,
            &self.plan_admin,
            &self.office_plan_admin,
            &self.administrator,
            &self.auditor,
            &self.stranger_reviewer,
        ]
    }

    /// The account that holds a role in office 2602 (or above it), over [`unit`](Self::unit).
    pub fn account_for(&self, role: Role) -> &Account {
        let holds = |account: &&&Account| account.roles.contains(&role) && account.node.covers(&self.unit.path);
        self.accounts().iter().find(holds).copied().expect("every role has an account over the unit")
    }

    /// Node of the office of [`unit`](Self::unit).
    pub fn office(&self) -> &Node {
        self.nodes.iter().find(|node| node.id.as_str() == "2602").expect("office 2602 is in the sample")
    }

    /// Writes all of it, and the sample plans, to a store in memory.
    pub fn seed(&self, store: &MemoryStore) {
        for node in &self.nodes {
            store.with_node(node.clone());
        }
        for unit in self.units() {
            store.with_unit(unit.clone());
        }
        for account in self.accounts() {
            store.with_account(account.clone(), PASSWORD_HASH);
        }
        store.with_plans(&super::catalogue().plans);
    }
}

fn nodes() -> Vec<Node> {
    let office = |code, name| node(&format!("/hq/{code}/"), NodeKind::Office, name);
    let agency = |path, name| node(path, NodeKind::Agency, name);
    vec![
        node("/hq/", NodeKind::Headquarters, "中国职工保险互助会"),
        office("2602", "陕西省办事处"),
        agency("/hq/2602/baoji/", "宝鸡代办处"),
        agency("/hq/2602/baoji/qishan/", "岐山县总工会"),
        agency("/hq/2602/baoji/fengxian/", "凤县总工会"),
        office("1600", "河南省办事处"),
        agency("/hq/1600/xinxiang/", "新乡市"),
        agency("/hq/1600/xinxiang/hongqi/", "红旗区"),
    ]
}

fn node(text: &str, kind: NodeKind, name: &str) -> Node {
    let mut parts = text.trim_matches('/').split('/');
    Node {
        id: NodeId::parse(parts.clone().next_back().unwrap_or_default()).expect("an id"),
        kind,
        name: name.to_owned(),
        path: path(text),
        office_code: parts.nth(1).map(office_code),
        settings: (kind == NodeKind::Office).then(office_settings),
        version: 1,
    }
}

/// Settings of a sample office: settlement day 25, fifteen days of grace.
pub fn office_settings() -> OfficeSettings {
    let collection_account = CollectionAccount {
        name: "中国职工保险互助会办事处".to_owned(),
        bank: "样例银行城关支行".to_owned(),
        account_number: "100000000000000001".to_owned(),
        branch_code: "000000000000".to_owned(),
    };
    OfficeSettings::new(collection_account, "000-00000000".to_owned(), "样例市样例路1号".to_owned())
}

fn unit((id, name, code): (&str, &str, &str), agency: &NodePath, handler: &str) -> Unit {
    let id = UnitId::parse(id).expect("an id");
    Unit {
        path: agency.unit(&id),
        id,
        name: name.to_owned(),
        code: code.to_owned(),
        union_name: format!("{name}工会委员会"),
        address: "样例县样例路2号".to_owned(),
        office_code: office_code(agency.as_str().split('/').nth(2).unwrap_or_default()),
        handler: AccountId::parse(handler).expect("an id"),
        active: true,
        restricted: false,
        version: 1,
        classified: false,
        merged_into: None,
        moving: false,
        record: domain::unit::UnitRecord::default(),
    }
}

fn account(user_name: &str, name: &str, role: Role, node: &NodePath) -> Account {
    Account {
        id: AccountId::parse(user_name).expect("an id"),
        user_name: user_name.to_owned(),
        name: name.to_owned(),
        roles: vec![role],
        node: node.clone(),
        unit: None,
        sealed_mobile: None,
        active: true,
        version: 1,
    }
}

fn office_code(text: &str) -> OfficeCode {
    OfficeCode::parse(text).expect("four digits")
}

fn path(text: &str) -> NodePath {
    NodePath::try_from(text.to_owned()).expect("a path")
}

#[cfg(test)]
mod tests {
    use domain::identity::Uscc;

    use super::*;

    #[test]
    fn everybody_sits_at_a_node_or_unit_that_exists() {
        let sample = Organisation::default();
        let paths: Vec<_> = sample.nodes.iter().map(|n| &n.path).chain(sample.units().map(|unit| &unit.path)).collect();
        assert!(sample.accounts().iter().all(|account| paths.contains(&&account.node)));
        assert!(Role::ALL.iter().all(|role| sample.account_for(*role).node.covers(&sample.unit.path)));
        assert!(sample.units().iter().all(|unit| Uscc::parse(&unit.code).is_ok()));
        assert_eq!(sample.office().office_code, Some(office_code("2602")));
    }
}
