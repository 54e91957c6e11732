//! The members of a plan's roster: filtered, paged, masked.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Permission;
use domain::enrolment::{Enrolment, Line};
use domain::identity::{Mobile, Sex, normalise};
use domain::ids::EnrolmentId;
use domain::plan::Occupation;
use domain::refusal::{Problem as Fault, Refusal};
use domain::roster::Member;
use http::header::ETAG;
use lambda::http::{Json, Listing, Paging, Path, Problem, Signed, etag};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use workflow::cover::person_key;
use workflow::ports::{Cipher, CoverRecord, KnownPerson, Page};
use workflow::{asides, rosters};

use crate::Cabinet;

/// Which members of a roster. It travels in the body: names and ID numbers do not belong into addresses.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchInput {
    /// Code of the plan.
    plan: String,
    /// Only the members with one of these `entry`: who was shown before, as they are now.
    entries: Option<BTreeSet<String>>,
    /// Part of the name.
    name: Option<String>,
    /// The whole ID number.
    id_number: Option<String>,
    /// `ordinary` or `high-risk`.
    #[schema(value_type = Option<String>)]
    occupation: Option<Occupation>,
    /// Whether over the plan's age limit.
    over_age: Option<bool>,
    /// Whether still covered by the same plan (未到期).
    unexpired: Option<bool>,
    /// Show ID and mobile numbers in full: a permission of its own, and the trail says so.
    #[serde(default)]
    unmasked: bool,
}

/// A page of a roster.
#[derive(Serialize, ToSchema)]
pub struct MemberPage {
    /// The members.
    members: Listing<MemberView>,
    /// How many members fit the filters.
    total: usize,
}

/// A member.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// Place on the roster, from 0, as of the version in `ETag`.
    place: usize,
    /// Names the member for as long as they stand on the roster, whatever is corrected and whoever else is removed.
    entry: String,
    /// Row of the file that brought the member in.
    row: u32,
    /// Differs whenever the ID or mobile number does, also where the masks hide it. It means nothing else.
    numbers_tag: String,
    /// 姓名
    name: String,
    /// 性别: `male` or `female`.
    sex: &'static str,
    /// Age on the first day of cover.
    age: u32,
    /// 身份证号码, masked unless asked for and permitted.
    id_number: String,
    /// 手机号码, likewise.
    mobile: Option<String>,
    /// 职业
    #[schema(value_type = String)]
    occupation: Occupation,
    /// 份数
    shares: u32,
    /// 超龄
    over_age: bool,
    /// 未到期
    unexpired: bool,
    /// Covers by the same unit, past and present.
    covers: Vec<CoverView>,
}

/// A cover.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverView {
    /// The enrolment.
    enrolment: String,
    /// Code of the plan.
    plan: String,
    /// First day.
    start: String,
    /// Last day.
    end: String,
    /// 份数
    shares: u32,
    /// Whether today is covered.
    current: bool,
}

/// The members of a plan's roster, in its order.
#[utoipa::path(post, path = "/enrolments/{enrolment}/roster/search", tag = "roster",
    params(("enrolment" = String, Path), Paging),
    request_body = SearchInput, responses((status = 200, body = MemberPage)))]
pub async fn search(
    State(cabinet): State<Cabinet>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
    paging: Paging,
    Json(input): Json<SearchInput>,
) -> Result<Response, Problem> {
    let e = cabinet.counter.readable(&actor, &id).await?;
    if input.unmasked && !actor.may(Permission::UnmaskNumbers) {
        return Err(Refusal::not_permitted().into());
    }
    let line = e
        .line(&input.plan)
        .ok_or_else(|| Refusal::invalid(vec![Fault::new("/plan", "PLAN_NOT_CHOSEN", "参保单中没有这个保障活动")]))?;
    let members = rosters::load(&*cabinet.objects, &*cabinet.cipher, line.roster.as_ref()).await?;
    let place = Place { cabinet: &cabinet, line, input: &input };
    let (page, total) = place.page(members, &paging)?;
    if input.unmasked {
        let note = format!("查看“{}”{}人的证件号码", line.plan.variant, page.items.len());
        asides::seen(&cabinet.counter.desk, &actor, &e, note).await?;
    }
    let covers = covers(&cabinet, &page.items).await?;
    let today = cabinet.counter.desk.clock.today();
    let view = View { e: &e, plan: &input.plan, unmasked: input.unmasked, today, cipher: &*cabinet.cipher };
    let mut covers = covers.into_iter();
    let members = paging.listing(page, |member| view.member(member, covers.next().flatten()));
    Ok(([(ETAG, etag(e.version))], Json(MemberPage { members, total })).into_response())
}

/// What the platform knows of each member, in their order.
async fn covers(cabinet: &Cabinet, shown: &[(usize, Member)]) -> Result<Vec<Option<KnownPerson>>, Problem> {
    let keys: Vec<_> = shown.iter().map(|(_, m)| person_key(&*cabinet.cipher, m.id.as_str())).collect();
    Ok(cabinet.counter.desk.store.known(&keys).await?)
}

/// Where a page lies: on this roster, under these filters.
struct Place<'a> {
    cabinet: &'a Cabinet,
    line: &'a Line,
    input: &'a SearchInput,
}

impl Place<'_> {
    /// The page that is asked for, each member with its place on the roster, and how many fit in all.
    fn page(&self, members: Vec<Member>, paging: &Paging) -> Result<(Page<(usize, Member)>, usize), Problem> {
        let list = self.list();
        let from = match &paging.request().after {
            None => 0,
            Some(after) => {
                let after =
                    after.split_once('.').filter(|(_, same)| *same == list).and_then(|(from, _)| from.parse().ok());
                after.ok_or_else(Paging::other_list)?
            }
        };
        let mut fitting: Vec<_> = members.into_iter().enumerate().filter(|(_, member)| self.fits(member)).collect();
        let total = fitting.len();
        fitting.retain(|(place, _)| *place >= from);
        let limit = usize::try_from(paging.request().limit).unwrap_or(usize::MAX);
        let next = fitting.get(limit).map(|(place, _)| format!("{place}.{list}"));
        fitting.truncate(limit);
        Ok((Page { items: fitting, next }, total))
    }

    /// Names roster and filters without telling what they are: a cursor is shown to whoever holds it.
    fn list(&self) -> String {
        let roster = self.line.roster.as_ref().map(|roster| &roster.key);
        let named = json!([roster, self.input]).to_string();
        self.cabinet.cipher.blind("roster-page", &named)
    }

    fn fits(&self, member: &Member) -> bool {
        let SearchInput { entries, name, id_number, occupation, over_age, unexpired, .. } = self.input;
        entries.as_ref().is_none_or(|entries| entries.contains(&member.entry()))
            && name.as_ref().is_none_or(|part| member.name.as_str().contains(&normalise(part)))
            && id_number.as_ref().is_none_or(|id| member.id.as_str() == normalise(id).to_ascii_uppercase())
            && occupation.is_none_or(|occupation| member.occupation == occupation)
            && over_age.is_none_or(|flag| member.over_age == flag)
            && unexpired.is_none_or(|flag| member.unexpired == flag)
    }
}

struct View<'a> {
    e: &'a Enrolment,
    plan: &'a str,
    unmasked: bool,
    today: jiff::civil::Date,
    cipher: &'a dyn Cipher,
}

impl View<'_> {
    fn member(&self, (place, member): (usize, Member), known: Option<KnownPerson>) -> MemberView {
        let start = self.e.period(self.plan).map(|period| period.start());
        let full = |mobile: &Mobile| if self.unmasked { mobile.as_str().to_owned() } else { mobile.masked() };
        let covers = known.map(|known| known.covers).unwrap_or_default();
        MemberView {
            place,
            entry: member.entry(),
            row: member.row,
            numbers_tag: self.numbers_tag(&member),
            name: member.name.as_str().to_owned(),
            sex: if member.id.sex() == Sex::Male { "male" } else { "female" },
            age: member.id.age_on(start.unwrap_or_else(|| self.e.first_day(self.plan, self.today))),
            id_number: if self.unmasked { member.id.as_str().to_owned() } else { member.id.masked() },
            mobile: member.mobile.as_ref().map(full),
            occupation: member.occupation,
            shares: member.shares,
            over_age: member.over_age,
            unexpired: member.unexpired,
            covers: covers.into_iter().filter(|cover| cover.unit == self.e.unit.id).map(|c| self.cover(c)).collect(),
        }
    }

    /// Of this member on this roster only: equal numbers elsewhere have another tag.
    fn numbers_tag(&self, member: &Member) -> String {
        let mobile = member.mobile.as_ref().map(Mobile::as_str);
        let numbers = json!([self.e.id, self.plan, member.entry(), member.id.as_str(), mobile]);
        self.cipher.blind("member-numbers", &numbers.to_string())
    }

    fn cover(&self, cover: CoverRecord) -> CoverView {
        CoverView {
            enrolment: cover.enrolment.to_string(),
            current: (cover.start..=cover.end).contains(&self.today),
            start: cover.start.to_string(),
            end: cover.end.to_string(),
            plan: cover.plan,
            shares: cover.shares,
        }
    }
}
