//! Lists a page at a time. A cursor goes on where a page ended, for the same list as the same reader sees it.

use axum::extract::FromRequestParts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use http::request::Parts;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use subtle::ConstantTimeEq;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};
use utoipa::{IntoParams, ToSchema};
use workflow::ports::{Cipher, Page, PageRequest};

use super::signed::Gate;
use super::{Fault, Problem, Query, Signed};

/// Items of a page, unless the client says otherwise.
pub const LIMIT_DEFAULT: u32 = 20;
/// Most items of a page.
pub const LIMIT_MAX: u32 = 100;
/// Longest cursor, in characters.
const CURSOR_LENGTH_MAX: usize = 1024;

/// The page a client asks for: `?limit=20&cursor=…` beside the list's own filters.
///
/// The cursor is signed together with path, filters and the reader's place in the tree, so it goes on in that list for
/// that reader only. It is not secret; it holds keys, and keys hold no personal data.
pub struct Paging {
    request: PageRequest,
    list: String,
    cipher: Arc<dyn Cipher>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listing<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    limit: Option<u32>,
    cursor: Option<String>,
}

impl Paging {
    /// What to ask of a store.
    pub fn request(&self) -> &PageRequest {
        &self.request
    }

    /// The cursor belongs to another list: what lists say whose order follows from more than path and query.
    pub fn other_list() -> Problem {
        forged()
    }

    /// A page as it is sent.
    pub fn listing<T, U>(&self, page: Page<T>, show: impl FnMut(T) -> U) -> Listing<U> {
        let next = page.next.map(|after| seal(&*self.cipher, &self.list, &after));
        Listing { items: page.items.into_iter().map(show).collect(), next }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Signed { actor, .. } = Signed::from_request_parts(parts, state).await?;
        let cipher = Gate::of(parts)?.cursors().cloned();
        let cipher = cipher.ok_or_else(|| Problem::internal("the gate has no key for cursors"))?;
        let Query(Asked { limit, cursor }) = Query::from_request_parts(parts, state).await?;
        let limit = limit.unwrap_or(LIMIT_DEFAULT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            let fault = Fault::new("query:limit", "LIMIT_RANGE", format!("每页条数应为1至{LIMIT_MAX}"));
            return Err(Problem::malformed(vec![fault]));
        }
        let list = list(parts.uri.path(), parts.uri.query().unwrap_or_default(), actor.node.as_str());
        let after = cursor.map(|cursor| open(&*cipher, &list, &cursor).ok_or_else(forged)).transpose()?;
        Ok(Self { request: PageRequest { limit, after }, list, cipher })
    }
}

/// What a cursor is bound to: the path, the filters in any order, and where the reader stands.
fn list(path: &str, query: &str, node: &str) -> String {
    let own = |(name, _): &(_, _)| !matches!(AsRef::<str>::as_ref(name), "limit" | "cursor");
    let mut filters: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().filter(own).collect();
    filters.sort();
    let filters = form_urlencoded::Serializer::new(String::new()).extend_pairs(filters).finish();
    format!("{path}\n{node}\n{filters}")
}

fn tag(cipher: &dyn Cipher, list: &str, after: &str) -> String {
    cipher.blind("cursor", &format!("{list}\n{after}"))
}

fn seal(cipher: &dyn Cipher, list: &str, after: &str) -> String {
    format!("{}.{}", tag(cipher, list, after), BASE64.encode(after))
}

fn open(cipher: &dyn Cipher, list: &str, cursor: &str) -> Option<String> {
    let (given, after) = cursor.get(..=CURSOR_LENGTH_MAX).map_or(cursor, |_| "").split_once('.')?;
    let after = String::from_utf8(BASE64.decode(after).ok()?).ok()?;
    bool::from(given.as_bytes().ct_eq(tag(cipher, list, &after).as_bytes())).then_some(after)
}

fn forged() -> Problem {
    let text = "翻页标记无效或与查询条件不符，请从第一页重新查询";
    Problem::malformed(vec![Fault::new("query:cursor", "CURSOR_INVALID", text)])
}

impl IntoParams for Paging {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(LIMIT_MAX))
            .default(Some(LIMIT_DEFAULT.into()));
        let cursor = ObjectBuilder::new().schema_type(Type::String).max_length(Some(CURSOR_LENGTH_MAX));
        let parameter = |name, text, schema| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(text))
                .schema(Some(schema))
                .build()
        };
        vec![
            parameter("limit", "Most items of the page.", limit),
            parameter("cursor", "`next` of the page before; valid for the same list and filters.", cursor),
        ]
    }
}
