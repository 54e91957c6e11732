//! Units, their codes and their registrations.

use std::collections::BTreeSet;

use domain::ids::{AccountId, NodeId, RegistrationId, UnitId};
use domain::organisation::{NodeKind, NodePath, Unit};
use domain::registration::{By, Context, Form, NewRegistration, OwningAgency, Registration, State, submit};
use domain::unit::{CertificateType, Contact, Nature, Region, SealedContact, StoredImage, UnitFacts, UnitImages};
use futures::future::join_all;
use workflow::commit::{CodeChange, Commit, CommitError, UnitWrite};
use workflow::ports::{CodeHolder, PageRequest, RegistrationList, Store, UnitQuery, UnitSearch};
use workflow::scope::Scope;

use super::fixture::{Fixture, Place, elsewhere, insist, pages};
use crate::sample;

const CONTENDERS: usize = 8;

fn sealed(f: &Fixture, name: &str) -> SealedContact {
    SealedContact {
        name: name.to_owned(),
        position: String::new(),
        masked_mobile: "138****5678".to_owned(),
        name_index: f.hash(),
        mobile_index: f.hash(),
        sealed: "c2VhbGVk".to_owned(),
    }
}

fn registration(f: &Fixture, place: &Place) -> Registration {
    let image = || StoredImage {
        upload: domain::ids::UploadId::from_ulid(f.ids.ulid()),
        key: "unit-papers/1".to_owned(),
        thumbnail: None,
    };
    let form = Form {
        agency: OwningAgency {
            id: NodeId::from_ulid(f.ids.ulid()),
            name: "样例".to_owned(),
            path: place.county.clone(),
            office: NodeId::from_ulid(f.ids.ulid()),
            office_code: place.unit.office_code,
        },
        unit: UnitFacts {
            name: "样例厂".to_owned(),
            nature: Nature::Private,
            certificate_type: CertificateType::BusinessLicence,
            certificate_valid_until: Some(jiff::civil::date(2030, 12, 31)),
            code: f.text(),
            union_name: "样例厂工会".to_owned(),
            union_code: String::new(),
            industry: String::new(),
            parent_unit: String::new(),
            region: Region { province: "省".into(), city: "市".into(), county: "县".into() },
            address: "路".to_owned(),
        },
        contact: sealed(f, "李四"),
        images: UnitImages { unit_certificate: image(), union_certificate: image() },
    };
    let id = RegistrationId::from_ulid(f.ids.ulid());
    let new = NewRegistration { id, form, request_hash: f.hash(), token_hash: f.hash() };
    let context = Context { by: By::Applicant("李四"), now: f.now, due_at: f.now, task: None };
    submit(new, &context).unwrap().registration
}

fn unit(f: &Fixture, place: &Place, name: &str) -> Unit {
    let id = UnitId::from_ulid(f.ids.ulid());
    let template = sample::Organisation::default().unit;
    Unit { path: place.county.unit(&id), id, name: name.to_owned(), code: f.text(), ..template }
}

fn founding(unit: &Unit) -> Commit {
    let write = UnitWrite { before: None, after: Box::new(unit.clone()) };
    Commit { units: vec![write], ..Commit::default() }
}

fn changing(before: &Unit, after: &Unit) -> Commit {
    let write = UnitWrite { before: Some(Box::new(before.clone())), after: Box::new(after.clone()) };
    Commit { units: vec![write], ..Commit::default() }
}

fn coding(change: CodeChange) -> Commit {
    Commit { codes: vec![change], ..Commit::default() }
}

async fn found<S: Store>(store: &S, node: &NodePath, by: UnitSearch) -> Vec<UnitId> {
    let query = UnitQuery { node: node.clone(), by };
    let mut ids: Vec<UnitId> = Vec::new();
    for limit in [1, 2, 100] {
        let units: Vec<Unit> = pages!(limit, |request| store.find_units(&query, &request));
        let mut listed: Vec<UnitId> = units.into_iter().map(|unit| unit.id).collect();
        listed.sort_unstable();
        assert!(limit == 1 || listed == ids, "pages of {limit} list the same");
        ids = listed;
    }
    ids
}

fn part(text: &str) -> UnitSearch {
    UnitSearch::NamePart(domain::unit::search_text(text))
}

pub(super) async fn tells_which_units_are_classified<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    // More than one batch of DynamoDB reads (100).
    let units: Vec<Unit> = (0..104).map(|_| unit(f, &place, "厂")).collect();
    for (i, unit) in units.iter().enumerate() {
        let unit = Unit { classified: i % 4 == 0, ..unit.clone() };
        insist(store, founding(&unit)).await.unwrap();
    }
    let mut asked: BTreeSet<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    asked.insert(UnitId::from_ulid(f.ids.ulid()));
    let expected: BTreeSet<UnitId> = units.iter().step_by(4).map(|unit| unit.id.clone()).collect();
    assert_eq!(store.classified(&asked).await.unwrap(), expected);
    assert_eq!(store.classified(&BTreeSet::new()).await.unwrap(), BTreeSet::new());
}

pub(super) async fn gives_a_code_to_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let code = f.text();
    let holders: Vec<CodeHolder> =
        (0..CONTENDERS).map(|_| CodeHolder::Registration(RegistrationId::from_ulid(f.ids.ulid()))).collect();
    let take = |by: &CodeHolder| coding(CodeChange::Take { code: code.clone(), by: by.clone() });
    let answers = join_all(holders.iter().map(|by| insist(store, take(by)))).await;
    let winners: Vec<&CodeHolder> = holders.iter().zip(&answers).filter(|(_, a)| a.is_ok()).map(|(h, _)| h).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|a| matches!(a, Ok(()) | Err(CommitError::Code))), "{answers:?}");
    assert_eq!(store.code_holder(&code).await.unwrap().as_ref(), Some(winners[0]));
    assert_eq!(store.code_holder(&f.text()).await.unwrap(), None);
}

pub(super) async fn passes_and_releases_codes<S: Store>(store: &S, f: &Fixture) {
    let code = f.text();
    let from = CodeHolder::Registration(RegistrationId::from_ulid(f.ids.ulid()));
    let to = CodeHolder::Unit(UnitId::from_ulid(f.ids.ulid()));
    let pass = |from: &CodeHolder, to: &CodeHolder| {
        coding(CodeChange::Pass { code: code.clone(), from: from.clone(), to: to.clone() })
    };
    let refused = |answer| assert!(matches!(answer, Err(CommitError::Code)), "{answer:?}");
    refused(store.commit(pass(&from, &to)).await);
    store.commit(coding(CodeChange::Take { code: code.clone(), by: from.clone() })).await.unwrap();
    refused(store.commit(pass(&to, &from)).await);
    store.commit(pass(&from, &to)).await.unwrap();
    assert_eq!(store.code_holder(&code).await.unwrap(), Some(to.clone()));
    let release = |by: &CodeHolder| coding(CodeChange::Release { code: code.clone(), by: by.clone() });
    refused(store.commit(release(&from)).await);
    store.commit(release(&to)).await.unwrap();
    assert_eq!(store.code_holder(&code).await.unwrap(), None);
}

pub(super) async fn writes_a_registration_version_once<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let first = registration(f, &place);
    let write = |r: &Registration, expected| Commit { registration: Some((r.clone(), expected)), ..Commit::default() };
    store.commit(write(&first, 0)).await.unwrap();
    for scope in [Scope::Platform, Scope::Subtree(place.office.clone()), Scope::Subtree(place.county.clone())] {
        assert_eq!(store.registration(&first.id, &scope).await.unwrap().as_ref(), Some(&first));
    }
    assert_eq!(store.registration(&first.id, &elsewhere(f)).await.unwrap(), None);
    let next = Registration { version: 2, task: None, ..first.clone() };
    for (r, expected) in [(&first, 0), (&next, 0), (&next, 2)] {
        let answer = store.commit(write(r, expected)).await;
        assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
    }
    store.commit(write(&next, 1)).await.unwrap();
    assert_eq!(store.registration(&first.id, &Scope::Platform).await.unwrap(), Some(next));
}

pub(super) async fn lists_registrations_by_state<S: Store>(store: &S, f: &Fixture) {
    let (place, other) = (f.place().await, f.place().await);
    let write = |r: &Registration, expected| Commit { registration: Some((r.clone(), expected)), ..Commit::default() };
    let listed = async |node: &NodePath, state| {
        let list = RegistrationList { node: node.clone(), state };
        let mut ids: Vec<RegistrationId> = Vec::new();
        for limit in [1, 2, 100] {
            let found: Vec<Registration> = pages!(limit, |request| store.registrations(&list, &request));
            let found = found.into_iter().map(|r| r.id).collect();
            assert!(limit == 1 || found == ids, "pages of {limit} list the same");
            ids = found;
        }
        ids
    };
    let since = |seconds| f.now + jiff::SignedDuration::from_secs(seconds);
    let all: Vec<Registration> =
        (0..4).map(|n| Registration { state_since: since(n), ..registration(f, &place) }).collect();
    for r in [&all[2], &all[0], &all[3], &all[1], &registration(f, &other)] {
        store.commit(write(r, 0)).await.unwrap();
    }
    let ids = |numbers: &[usize]| numbers.iter().map(|n| all[*n].id.clone()).collect::<Vec<_>>();
    for node in [&place.office, &place.county] {
        assert_eq!(listed(node, State::Submitted).await, ids(&[3, 2, 1, 0]), "the newest first");
    }
    for (n, r) in all.iter().enumerate().take(2) {
        let since = since(9 - i64::try_from(n).unwrap());
        let next = Registration { version: 2, stored_state: State::Rejected, state_since: since, ..r.clone() };
        store.commit(write(&next, 1)).await.unwrap();
    }
    for node in [&place.office, &place.county] {
        assert_eq!(listed(node, State::Submitted).await, ids(&[3, 2]));
        assert_eq!(listed(node, State::Rejected).await, ids(&[0, 1]), "by when they were rejected");
        assert!(listed(node, State::Approved).await.is_empty());
    }
    let list = RegistrationList { node: place.county.clone(), state: State::Rejected };
    let request = PageRequest { limit: 1, after: None };
    let shown = store.registrations(&list, &request).await.unwrap().items;
    assert_eq!((shown[0].version, shown[0].stored_state), (2, State::Rejected), "as it is now");
}

pub(super) async fn writes_a_unit_version_once<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let mut first = unit(f, &place, "岐山县第一机械厂");
    let contact = sealed(f, "李四");
    first.record.contacts.push(Contact { account: AccountId::from_ulid(f.ids.ulid()), contact, active: true });
    first.record.nature = Some(Nature::StateOwned);
    store.commit(founding(&first)).await.unwrap();
    assert_eq!(store.unit(&first.id, &Scope::Platform).await.unwrap().as_ref(), Some(&first));
    let answer = store.commit(founding(&first)).await;
    assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
    let next = Unit { version: 2, address: "人民路9号".to_owned(), ..first.clone() };
    let answers = join_all((0..CONTENDERS).map(|_| insist(store, changing(&first, &next)))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|a| matches!(a, Ok(()) | Err(CommitError::Version))), "{answers:?}");
    assert_eq!(store.unit(&first.id, &Scope::Platform).await.unwrap(), Some(next));
}

pub(super) async fn finds_units_by_any_part<S: Store>(store: &S, f: &Fixture) {
    let (place, other) = (f.place().await, f.place().await);
    let twice = unit(f, &place, "锻压厂附属锻压厂");
    let once = unit(f, &place, "太白县 第一锻压厂");
    let longest = unit(f, &place, &"长名单位锻压厂".repeat(9).chars().take(60).collect::<String>());
    let beyond = unit(f, &other, "凤县锻压厂");
    for unit in [&twice, &once, &longest, &beyond] {
        store.commit(founding(unit)).await.unwrap();
    }
    let ids = |units: &[&Unit]| {
        let mut ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
        ids.sort_unstable();
        ids
    };
    for node in [&place.office, &place.county] {
        assert_eq!(found(store, node, part("锻压")).await, ids(&[&twice, &once, &longest]), "each once");
        assert_eq!(found(store, node, part("县第一")).await, ids(&[&once]));
        assert_eq!(found(store, node, part("附属锻压厂")).await, ids(&[&twice]));
        assert_eq!(found(store, node, part("压厂附")).await, ids(&[&twice]));
        assert!(found(store, node, part("锻压厂办")).await.is_empty());
        assert!(found(store, node, part("凤县")).await.is_empty(), "outside the subtree");
    }
    assert_eq!(found(store, &other.county, part("锻压")).await, ids(&[&beyond]));
    let all = found(store, &place.county, UnitSearch::All).await;
    assert!(ids(&[&twice, &once, &longest]).iter().all(|id| all.contains(id)) && !all.contains(&beyond.id));
}

pub(super) async fn finds_renamed_units_by_their_new_name_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let before = unit(f, &place, "太白县第一锻压制造厂");
    store.commit(founding(&before)).await.unwrap();
    let after = Unit { version: 2, name: "西凤酒厂".to_owned(), ..before.clone() };
    store.commit(changing(&before, &after)).await.unwrap();
    for old in ["太白", "锻压", "造厂"] {
        assert!(found(store, &place.county, part(old)).await.is_empty(), "{old}");
    }
    for new in ["西凤", "酒厂"] {
        assert_eq!(found(store, &place.county, part(new)).await, std::slice::from_ref(&after.id), "{new}");
    }
}

pub(super) async fn finds_units_by_contact<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let mut with = unit(f, &place, "岐山县第一机械厂");
    let contact = sealed(f, "李四");
    let (name, mobile) = (contact.name_index.clone(), contact.mobile_index.clone());
    with.record.contacts.push(Contact { account: AccountId::from_ulid(f.ids.ulid()), contact, active: true });
    store.commit(founding(&with)).await.unwrap();
    for index in [&name, &mobile] {
        assert_eq!(found(store, &place.office, UnitSearch::Contact(index.clone())).await, [with.id.clone()]);
    }
    assert!(found(store, &f.place().await.office, UnitSearch::Contact(name.clone())).await.is_empty());
    let mut without = Unit { version: 2, ..with.clone() };
    without.record.contacts[0].active = false;
    store.commit(changing(&with, &without)).await.unwrap();
    for index in [&name, &mobile] {
        assert!(found(store, &place.office, UnitSearch::Contact(index.clone())).await.is_empty(), "disabled");
    }
}

pub(super) async fn commits_for_active_units_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let active = unit(f, &place, "岐山县第一机械厂");
    store.commit(founding(&active)).await.unwrap();
    let checked = |unit: &UnitId| Commit {
        open_unit: Some(unit.clone()),
        codes: vec![CodeChange::Take { code: f.text(), by: CodeHolder::Unit(unit.clone()) }],
        ..Commit::default()
    };
    store.commit(checked(&active.id)).await.unwrap();
    let closed = Unit { version: 2, active: false, ..active.clone() };
    store.commit(changing(&active, &closed)).await.unwrap();
    for unit in [closed.id, UnitId::from_ulid(f.ids.ulid())] {
        let answer = store.commit(checked(&unit)).await;
        assert!(matches!(answer, Err(CommitError::Unit)), "{answer:?}");
    }
}

pub(super) async fn lists_the_tree<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let paths: Vec<NodePath> =
        place.county.lineage().skip(1).map(|p| NodePath::try_from(p.to_owned()).unwrap()).collect();
    for (path, kind) in paths.iter().zip([NodeKind::Office, NodeKind::Agency, NodeKind::Agency]) {
        f.seed.node(f.node(path, kind)).await;
    }
    let listed = |nodes: Vec<domain::organisation::Node>| nodes.into_iter().map(|node| node.path).collect::<Vec<_>>();
    assert_eq!(listed(store.subtree(&paths[0]).await.unwrap()), paths);
    assert_eq!(listed(store.subtree(&paths[1]).await.unwrap()), paths[1..]);
    assert!(listed(store.subtree(&NodePath::root()).await.unwrap()).contains(&paths[2]));
}
