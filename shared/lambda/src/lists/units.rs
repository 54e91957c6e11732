//! Lists of units (单位查询, 单位信息维护).

use domain::account::{Actor, Permission};
use domain::identity::normalise;
use domain::organisation::NodePath;
use domain::refusal::{Problem as Wrong, Refusal};
use domain::unit::{SEARCHED_CHARACTERS_MIN, search_text};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use workflow::ports::{Cipher, UnitQuery, UnitSearch};
use workflow::unit_lists::{self, UnitList};

use crate::http::{Fault, Problem};

/// Which units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct UnitFilter {
    /// A part of the name, two characters or more; all units in the order of their names if absent.
    pub name: Option<String>,
    /// 统一社会信用代码, in full; then the name is not looked at.
    pub code: Option<String>,
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub node: Option<NodePath>,
}

impl UnitFilter {
    /// The units that an account asks for.
    ///
    /// # Errors
    /// Not permitted; a node outside the account's scope; `NAME_TOO_SHORT`.
    pub fn list(self, actor: &Actor) -> Result<UnitList, Problem> {
        looks_up(actor)?;
        let node = self.node.unwrap_or_else(|| actor.node.clone());
        if !actor.node.covers(&node) {
            return Err(Problem::not_found());
        }
        if let Some(code) = self.code {
            return Ok(UnitList::Coded { node, code: normalise(&code).to_uppercase() });
        }
        let by = match self.name.map(|name| search_text(&name)).filter(|name| !name.is_empty()) {
            None => UnitSearch::All,
            Some(part) if part.chars().count() < SEARCHED_CHARACTERS_MIN => {
                let text = format!("请输入单位名称中连续的{SEARCHED_CHARACTERS_MIN}个字以上");
                return Err(Problem::malformed(vec![Fault::new("query:name", "NAME_TOO_SHORT", text)]));
            }
            Some(part) => UnitSearch::NamePart(part),
        };
        Ok(UnitList::Found(UnitQuery { node, by }))
    }
}

/// The units of an account's subtree that have a valid contact of this name, in full, or of this mobile number.
///
/// # Errors
/// Not permitted; `CONTACT_FORMAT` at `/contact`: it is neither.
pub fn units_of_contact(cipher: &dyn Cipher, actor: &Actor, contact: &str) -> Result<UnitList, Problem> {
    looks_up(actor)?;
    let index = unit_lists::contact_index(cipher, contact).ok_or_else(|| {
        let text = "请输入联系人的完整姓名或11位手机号码";
        Refusal::invalid(vec![Wrong::new("/contact", "CONTACT_FORMAT", text)])
    })?;
    Ok(UnitList::Found(UnitQuery { node: actor.node.clone(), by: UnitSearch::Contact(index) }))
}

fn looks_up(actor: &Actor) -> Result<(), Refusal> {
    if actor.may(Permission::ReadUnits) { Ok(()) } else { Err(Refusal::not_permitted()) }
}
