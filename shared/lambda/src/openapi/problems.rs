//! Which problems an operation may be answered with, and what they look like: derived from what the operation takes.
//!
//! | an operation that | may be answered |
//! | --- | --- |
//! | is any | 500, 503 |
//! | takes anything | 400 |
//! | needs a token | 401, 403 |
//! | names something by path, or a place in the tree by query | 404 |
//! | takes a body | 413, 415, 422 |
//! | needs a token and changes something | 409 |
//! | takes `Idempotency-Key` | 409, 413, 415, 422 |
//! | takes `If-Match` | 409, 412, 428 |
//!
//! What follows from nothing an operation takes – an account that is locked, a thing named in a body – its handler adds:
//! `responses((status = 201, …), (status = 423))`.

use std::collections::BTreeSet;

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{
    AllOfBuilder, Components, ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::http::{Fault, PROBLEM_JSON, Problem};

/// HTTP status, name of the response among the components, and when it is given.
const PROBLEMS: [(u16, &str, &str); 14] = [
    (400, "Malformed", "The request is malformed; `errors` names where."),
    (401, "NotSignedIn", "There is no valid token, or signing in failed."),
    (403, "Forbidden", "The role or the separation of duties forbids it, or the portal's header is missing."),
    (404, "NotFound", "There is no such thing, or it lies outside the reader's data scope."),
    (409, "Conflict", "Not in this state, or somebody else was faster."),
    (412, "VersionChanged", "`If-Match` names a version that is over; `ETag` tells the current one."),
    (413, "TooLarge", "The body is too large."),
    (415, "NotJson", "The body is not JSON."),
    (422, "Invalid", "Rules are broken, `errors` names where; or the idempotency key stands for another request."),
    (423, "Locked", "The account is locked; `Retry-After` in seconds."),
    (428, "VersionMissing", "`If-Match` is missing."),
    (429, "TooMany", "Too many requests of one kind."),
    (500, "Internal", "A bug of the platform's."),
    (503, "Unavailable", "Something the platform needs does not answer, or the time ran out."),
];
/// Query parameters that name a place in the tree: what lies outside the reader's is not found.
const PLACES: [&str; 3] = ["node", "unit", "office"];

/// Adds the responses that operations refer to, and the schemas they are made of.
pub(super) fn describe(components: &mut Components) {
    components.schemas.insert(Problem::name().into(), Problem::schema());
    components.schemas.insert(Fault::name().into(), Fault::schema());
    let described = PROBLEMS.map(|(status, name, text)| (name.to_owned(), response(status, text).into()));
    components.responses.extend(described);
}

/// Gives an operation the problems that follow from what it takes, and those its handler names their form.
pub(super) fn add(method: &str, operation: &mut Operation) {
    let mut statuses = statuses(method, operation);
    let named = operation.responses.responses.keys().filter_map(|status| status.parse::<u16>().ok());
    statuses.extend(named.filter(|status| *status >= 400));
    for (status, name, _) in PROBLEMS.iter().filter(|(status, ..)| statuses.contains(status)) {
        operation.responses.responses.insert(status.to_string(), RefOr::Ref(Ref::from_response_name(*name)));
    }
}

fn statuses(method: &str, operation: &Operation) -> BTreeSet<u16> {
    let parameters = || operation.parameters.iter().flatten().filter_map(inline);
    let header = |name: &str| parameters().any(|p| matches!(p.parameter_in, ParameterIn::Header) && p.name == name);
    let names_a_place = |p: &Parameter| match p.parameter_in {
        ParameterIn::Path => true,
        ParameterIn::Query => PLACES.contains(&p.name.as_str()),
        _ => false,
    };
    // An operation that anybody may call says so; the others keep to the document's own requirement.
    let signed = operation.security.is_none();
    let (body, keyed, versioned) = (operation.request_body.is_some(), header("Idempotency-Key"), header("If-Match"));
    let follows: [(bool, &[u16]); 8] = [
        (true, &[500, 503]),
        (body || parameters().next().is_some(), &[400]),
        (signed, &[401, 403]),
        (parameters().any(names_a_place), &[404]),
        (body, &[413, 415, 422]),
        (signed && method != "GET", &[409]),
        (keyed, &[409, 413, 415, 422]),
        (versioned, &[409, 412, 428]),
    ];
    follows.iter().filter(|(applies, _)| *applies).flat_map(|(_, statuses)| *statuses).copied().collect()
}

fn inline(parameter: &RefOr<Parameter>) -> Option<&Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

/// A problem whose `status` is that of the answer.
fn response(status: u16, text: &str) -> Response {
    let own = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([status]));
    let own = ObjectBuilder::new().property("status", own).required("status");
    let problem = AllOfBuilder::new().item(Ref::from_schema_name(Problem::name())).item(own);
    let content = ContentBuilder::new().schema(Some(problem)).build();
    ResponseBuilder::new().description(text).content(PROBLEM_JSON, content).build()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use utoipa_axum::router::OpenApiRouter;
    use utoipa_axum::routes;

    use super::*;
    use crate::http::{Empty, IdempotencyKey, IfMatch, Paging};

    #[utoipa::path(get, path = "/me", responses((status = 200)))]
    async fn me() {}

    #[utoipa::path(get, path = "/orders", params(Paging), responses((status = 200)))]
    async fn list() {}

    #[utoipa::path(get, path = "/orders/{order}", params(("order" = String, Path)), responses((status = 200)))]
    async fn one() {}

    #[utoipa::path(post, path = "/orders", params(IdempotencyKey), request_body = Empty, responses((status = 201)))]
    async fn place() {}

    #[utoipa::path(delete, path = "/orders/{order}", params(("order" = String, Path), IfMatch),
        responses((status = 204)))]
    async fn cancel() {}

    #[utoipa::path(post, path = "/sessions", security(()), request_body = Empty,
        responses((status = 201), (status = 423)))]
    async fn sign_in() {}

    #[test]
    fn problems_follow_from_what_an_operation_takes() {
        let router: OpenApiRouter = OpenApiRouter::new();
        let router = router.routes(routes!(me)).routes(routes!(list, place)).routes(routes!(one, cancel));
        let mut document = router.routes(routes!(sign_in)).into_openapi();
        let mut of = |path: &str, method: &str| {
            let item = document.paths.paths.get_mut(path).unwrap();
            let slots = [("GET", &mut item.get), ("POST", &mut item.post), ("DELETE", &mut item.delete)];
            let operation = slots.into_iter().find_map(|(name, slot)| (name == method).then_some(slot)).unwrap();
            let operation = operation.as_mut().unwrap();
            add(method, operation);
            operation.responses.responses.keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("/me", "GET"), "200 401 403 500 503");
        assert_eq!(of("/orders", "GET"), "200 400 401 403 500 503");
        assert_eq!(of("/orders/{order}", "GET"), "200 400 401 403 404 500 503");
        assert_eq!(of("/orders", "POST"), "201 400 401 403 409 413 415 422 500 503");
        assert_eq!(of("/orders/{order}", "DELETE"), "204 400 401 403 404 409 412 428 500 503");
        assert_eq!(of("/sessions", "POST"), "201 400 413 415 422 423 500 503");
    }

    #[test]
    fn a_response_says_its_own_status() {
        let mut components = Components::new();
        describe(&mut components);
        let shown = serde_json::to_value(&components.responses["Locked"]).unwrap();
        let schema = &shown["content"][PROBLEM_JSON]["schema"]["allOf"];
        assert_eq!(schema[0]["$ref"], "#/components/schemas/Problem");
        assert_eq!(schema[1]["properties"]["status"]["enum"], serde_json::json!([423]));
    }
}
