#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::ids::{AccountId, UnitId};

const OFFICE: &str = "/hq/2602/";
const BAOJI: &str = "/hq/2602/baoji/";

fn path(text: &str) -> NodePath {
    NodePath::try_from(text.to_owned()).unwrap()
}

fn account(id: &str, role: Role, node: &str) -> Account {
    Account {
        id: AccountId::parse(id).unwrap(),
        user_name: id.to_owned(),
        name: "张三".to_owned(),
        roles: vec![role],
        node: path(node),
        unit: (role == Role::UnitHandler).then(|| UnitId::parse("unit-1").unwrap()),
        sealed_mobile: Some("sealed".to_owned()),
        active: true,
        version: 3,
    }
}

fn admin() -> Actor {
    account("admin", Role::OrgAdmin, OFFICE).actor()
}

fn appointment(of: &Account) -> Appointment {
    Appointment { name: of.name.clone(), roles: of.roles.clone(), node: Some(of.node.clone()), mobile: None }
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> &'static str {
    outcome.unwrap_err().code
}

fn faults(outcome: Result<AccountDecision, Refusal>) -> Vec<(String, String)> {
    outcome.unwrap_err().problems.into_iter().map(|problem| (problem.at, problem.code)).collect()
}

fn commands(of: &Account) -> Vec<AccountCommand> {
    let reason = || "离职".to_owned();
    vec![
        AccountCommand::Change(appointment(of)),
        AccountCommand::Close { reason: reason() },
        AccountCommand::Reopen { reason: reason() },
        AccountCommand::ResetTotp { reason: reason(), enrolled: true },
        AccountCommand::SendLink,
    ]
}

/// Every command × every role of the one who asks × every role and place of the account asked about.
#[test]
fn only_administrators_manage_and_those_who_watch_are_managed_from_above() {
    for asking in Role::ALL {
        for held in Role::ALL {
            for node in [OFFICE, BAOJI] {
                let actor = Actor { roles: vec![asking], ..admin() };
                let mut subject = account("b", held, node);
                for command in commands(&subject) {
                    subject.active = !matches!(command, AccountCommand::Reopen { .. });
                    let name = format!("{asking:?} on {held:?} at {node}: {command:?}");
                    let outcome = decide(&subject, command, &actor);
                    if asking != Role::OrgAdmin {
                        assert_eq!(code(outcome), "NOT_PERMITTED", "{name}");
                    } else if held.watches() && node == OFFICE {
                        assert_eq!(code(outcome), "MADE_FROM_ABOVE", "{name}");
                    } else {
                        assert_eq!(outcome.map(|next| next.account.version), Ok(4), "{name}");
                    }
                }
            }
        }
    }
}

#[test]
fn nobody_manages_the_own_account() {
    let own = account("admin", Role::Finance, BAOJI);
    assert!(commands(&own).into_iter().all(|command| code(decide(&own, command, &admin())) == "OWN_ACCOUNT"));
}

#[test]
fn a_change_is_told_before_and_after() {
    let before = account("b", Role::EnrolmentFirstReviewer, BAOJI);
    let roles = vec![Role::EnrolmentFirstReviewer, Role::Finance];
    let mobile = Some("13800000001".to_owned());
    let asked = Appointment { name: "张珊".into(), roles, node: Some(path(OFFICE)), mobile };
    let next = decide(&before, AccountCommand::Change(asked.clone()), &admin()).unwrap();
    let note = "姓名：张三 → 张珊；角色：参保初审 → 参保初审、财务；所在机构：/hq/2602/baoji/ → /hq/2602/";
    assert_eq!((told(&next.changes).as_str(), next.account.version), (note, 4));
    assert_eq!(next.mobile.unwrap().as_str(), "13800000001");
    assert!(!next.ends_sessions && !next.sends_link && !next.clears_totp);
}

#[test]
fn everything_wrong_with_a_change_is_named_at_once() {
    let before = account("b", Role::Finance, BAOJI);
    let roles = vec![Role::OrgAdmin, Role::Finance, Role::Finance, Role::UnitHandler];
    let mobile = Some("1380000".to_owned());
    let asked = Appointment { name: "3".into(), roles, node: Some(path(OFFICE)), mobile };
    let told = faults(decide(&before, AccountCommand::Change(asked), &admin()));
    let codes: Vec<_> = told.iter().map(|(at, code)| (at.as_str(), code.as_str())).collect();
    assert_eq!(
        codes[codes.len() - 4..],
        [
            ("/roles/0", "ROLE_NOT_GRANTABLE"),
            ("/roles/2", "ROLE_TWICE"),
            ("/roles/3", "ROLE_NOT_FOR_ACCOUNT"),
            ("/mobile", "PHONE_FORMAT"),
        ]
    );
    assert!(codes.iter().any(|(at, _)| *at == "/name"));

    let none = Appointment { roles: vec![], node: Some(path("/hq/1600/")), ..appointment(&before) };
    for node in [none.node.clone(), None] {
        let told = faults(decide(&before, AccountCommand::Change(Appointment { node, ..none.clone() }), &admin()));
        assert_eq!(told, [("/roles".into(), "ROLES_MISSING".into()), ("/node".into(), "NODE_OUT_OF_SCOPE".into())]);
    }
}

#[test]
fn a_units_account_stays_with_its_unit() {
    let before = account("b", Role::UnitHandler, "/hq/2602/baoji/unit-1/");
    let moved = Appointment { node: Some(path(BAOJI)), ..appointment(&before) };
    let told = faults(decide(&before, AccountCommand::Change(moved), &admin()));
    assert_eq!(told, [("/node".into(), "UNIT_ACCOUNT_MOVED".into())]);
    let raised = Appointment { roles: vec![Role::Finance], ..appointment(&before) };
    let told = faults(decide(&before, AccountCommand::Change(raised), &admin()));
    assert_eq!(told, [("/roles/0".into(), "ROLE_NOT_FOR_ACCOUNT".into())]);
}

#[test]
fn an_administrator_is_made_from_above() {
    let mut before = account("b", Role::Finance, BAOJI);
    let made = Appointment { roles: vec![Role::OrgAdmin, Role::Auditor], ..appointment(&before) };
    assert!(decide(&before, AccountCommand::Change(made.clone()), &admin()).is_ok(), "below the own node");
    before.node = path(OFFICE);
    let told =
        faults(decide(&before, AccountCommand::Change(Appointment { node: Some(path(OFFICE)), ..made }), &admin()));
    assert_eq!(told.iter().filter(|(_, code)| code == "ROLE_NOT_GRANTABLE").count(), 2, "at the own node");
}

#[test]
fn closing_ends_the_sessions_and_what_is_closed_can_only_be_reopened() {
    let open = account("b", Role::Finance, BAOJI);
    let close = || AccountCommand::Close { reason: " 离职 ".to_owned() };
    let closed = decide(&open, close(), &admin()).unwrap();
    assert_eq!((closed.ends_sessions, closed.account.active, closed.reason.as_str()), (true, false, "离职"));
    assert_eq!(told(&closed.changes), "状态：启用 → 停用");
    assert_eq!(code(decide(&closed.account, close(), &admin())), "ACCOUNT_CLOSED");
    assert_eq!(code(decide(&closed.account, AccountCommand::SendLink, &admin())), "ACCOUNT_CLOSED");
    let reopen = || AccountCommand::Reopen { reason: "返岗".to_owned() };
    assert_eq!(code(decide(&open, reopen(), &admin())), "ACCOUNT_OPEN");
    assert!(decide(&closed.account, reopen(), &admin()).unwrap().account.active);
    let without = Account { sealed_mobile: None, ..open.clone() };
    assert_eq!(code(decide(&without, AccountCommand::SendLink, &admin())), "NO_MOBILE");
    let reset = |enrolled| AccountCommand::ResetTotp { reason: "手机遗失".to_owned(), enrolled };
    assert_eq!(code(decide(&open, reset(false), &admin())), "TOTP_NOT_SET");
    assert!(decide(&open, reset(true), &admin()).unwrap().clears_totp);
    for (reason, wrong) in [(String::new(), "REASON_MISSING"), ("长".repeat(201), "TEXT_TOO_LONG")] {
        let told = faults(decide(&open, AccountCommand::Close { reason }, &admin()));
        assert_eq!(told, [("/reason".into(), wrong.into())]);
    }
}

fn newcomer(roles: Vec<Role>, node: &str) -> Appointment {
    Appointment { name: "周才".into(), roles, node: Some(path(node)), mobile: Some("13800000001".into()) }
}

/// Every role of the one who asks × every role of the new account × its place.
#[test]
fn accounts_are_opened_by_administrators_in_their_own_subtree_and_never_above_themselves() {
    for asking in Role::ALL {
        for held in Role::ALL {
            for node in ["/hq/", OFFICE, BAOJI, "/hq/1600/"] {
                let actor = Actor { roles: vec![asking], ..admin() };
                let name = format!("{asking:?} opens {held:?} at {node}");
                let outcome = appoint(newcomer(vec![held], node), None, &actor);
                let below = node == BAOJI;
                if asking != Role::OrgAdmin {
                    assert_eq!(code(outcome), "NOT_PERMITTED", "{name}");
                } else if held == Role::UnitHandler || !(below || (node == OFFICE && !held.watches())) {
                    assert_eq!(code(outcome), "INVALID", "{name}");
                } else {
                    assert_eq!(outcome.map(|new| (new.roles, new.node)), Ok((vec![held], path(node))), "{name}");
                }
            }
        }
    }
}

#[test]
fn everything_wrong_with_a_new_account_is_named_at_once() {
    let asked = Appointment { name: String::new(), roles: vec![], node: None, mobile: None };
    let told = appoint(asked, Some("2"), &admin()).unwrap_err().problems;
    let told: Vec<_> = told.iter().map(|problem| (problem.at.as_str(), problem.code.as_str())).collect();
    let expected = [
        ("/name", "NAME_MISSING"),
        ("/user_name", "USER_NAME_FORMAT"),
        ("/roles", "ROLES_MISSING"),
        ("/node", "NODE_OUT_OF_SCOPE"),
        ("/mobile", "PHONE_MISSING"),
    ];
    assert_eq!(told, expected);
    let fit = appoint(newcomer(vec![Role::Finance], OFFICE), Some(" ZhouCai "), &admin()).unwrap();
    assert_eq!((fit.user_name.as_deref(), fit.mobile.as_str()), (Some("zhoucai"), "13800000001"));
}
