//! One OpenAPI 3.1 document of all functions.

mod problems;

use serde_json::Error;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder, ServerBuilder};

use crate::http::ACCESS_COOKIE;

/// Name of the security scheme of access tokens as bearers.
pub const SECURITY_SCHEME: &str = "bearer";
/// Name of the security scheme of access tokens in cookies.
pub const COOKIE_SCHEME: &str = "cookie";

/// Two functions answer the same request, or give two things the same name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two functions describe {method} {path}")]
pub struct DescribedTwice {
    /// Method, or `schema`.
    pub method: &'static str,
    /// Path, or the schema's name.
    pub path: String,
}

/// The functions' documents as one: with a server, the two schemes – one of them required unless an operation says
/// `security(())` –, the problems every operation may be answered with, and ids of operations that are unique, as typed
/// clients need them: `post-tasks-task-acquisition`.
pub fn merged(server: &str, functions: impl IntoIterator<Item = OpenApi>) -> Result<OpenApi, DescribedTwice> {
    let info = InfoBuilder::new()
        .title("职工互助保障平台 API")
        .description(Some("Conventions: docs/http-api.md."))
        .version(env!("CARGO_PKG_VERSION"));
    let mut whole = OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(server).build()]))
        .security(Some(
            [SECURITY_SCHEME, COOKIE_SCHEME].map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new())),
        ))
        .build();
    for mut function in functions {
        for (path, item) in std::mem::take(&mut function.paths.paths) {
            add(whole.paths.paths.entry(path.clone()).or_default(), item, &path)?;
        }
        let components = whole.components.get_or_insert_with(Components::new);
        for (name, schema) in function.components.unwrap_or_default().schemas {
            if components.schemas.get(&name).is_some_and(|known| *known != schema) {
                return Err(DescribedTwice { method: "schema", path: name });
            }
            components.schemas.insert(name, schema);
        }
    }
    let components = whole.components.get_or_insert_with(Components::new);
    problems::describe(components);
    let bearer = SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    components.add_security_scheme(SECURITY_SCHEME, bearer);
    let text = "What is not GET or HEAD must also bear `X-Requested-By: portal`.";
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(ACCESS_COOKIE, text)));
    components.add_security_scheme(COOKIE_SCHEME, cookie);
    Ok(whole)
}

/// The document as text that is the same for the same document: keys sorted, a line feed at the end.
pub fn text(document: &OpenApi) -> Result<String, Error> {
    let mut value = serde_json::to_value(document)?;
    value.sort_all_objects();
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn add(whole: &mut PathItem, item: PathItem, path: &str) -> Result<(), DescribedTwice> {
    let slots = [
        ("GET", &mut whole.get, item.get),
        ("PUT", &mut whole.put, item.put),
        ("POST", &mut whole.post, item.post),
        ("DELETE", &mut whole.delete, item.delete),
        ("PATCH", &mut whole.patch, item.patch),
    ];
    for (method, slot, operation) in slots {
        match (&slot, operation) {
            (Some(_), Some(_)) => return Err(DescribedTwice { method, path: path.to_owned() }),
            (None, Some(mut operation)) => {
                operation.operation_id = Some(operation_id(method, path));
                problems::add(method, &mut operation);
                *slot = Some(operation);
            }
            (_, None) => {}
        }
    }
    Ok(())
}

fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method.to_ascii_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use serde_json::{Value, json};
    use utoipa_axum::router::OpenApiRouter;
    use utoipa_axum::routes;

    use super::*;
    use crate::http::{IdempotencyKey, IfMatch, PROBLEM_JSON, Paging};

    #[utoipa::path(get, path = "/orders", params(Paging), responses((status = 200)))]
    async fn list() {}

    #[utoipa::path(post, path = "/orders", params(IdempotencyKey, IfMatch), responses((status = 201)))]
    async fn place() {}

    fn function(reads: bool) -> OpenApi {
        let router: OpenApiRouter = OpenApiRouter::new();
        let router = if reads { router.routes(routes!(list)) } else { router.routes(routes!(place)) };
        router.into_openapi()
    }

    #[test]
    fn functions_share_a_path_and_one_text_whatever_their_order() {
        let document =
            |order: [bool; 2]| text(&merged("https://api.example.org", order.map(function)).unwrap()).unwrap();
        assert_eq!(document([true, false]), document([false, true]));
        let whole: Value = serde_json::from_str(&document([true, false])).unwrap();
        assert!(whole["openapi"].as_str().unwrap().starts_with("3.1"));
        let names = |method: &str| {
            let parameters = whole["paths"]["/orders"][method]["parameters"].as_array().unwrap().iter();
            parameters.map(|p| format!("{}:{}", p["in"], p["name"]).replace('"', "")).collect::<Vec<_>>()
        };
        assert_eq!(names("get"), ["query:limit", "query:cursor"]);
        assert_eq!(names("post"), ["header:Idempotency-Key", "header:If-Match"]);
        let problem = &whole["paths"]["/orders"]["post"]["responses"]["412"];
        assert_eq!(problem, &json!({"$ref": "#/components/responses/VersionChanged"}));
        let problem = &whole["components"]["responses"]["VersionChanged"]["content"][PROBLEM_JSON]["schema"];
        assert_eq!(problem["allOf"][0], json!({"$ref": "#/components/schemas/Problem"}));
        let fields = whole["components"]["schemas"]["Problem"]["properties"].as_object().unwrap();
        let fields: Vec<_> = fields.keys().map(String::as_str).collect();
        assert_eq!(fields, ["code", "detail", "errors", "instance", "status", "title", "type"]);
    }

    #[test]
    fn operations_are_named_by_what_they_do() {
        assert_eq!(operation_id("POST", "/tasks/{task}/acquisition"), "post-tasks-task-acquisition");
        assert_eq!(operation_id("GET", "/opinion-phrases"), "get-opinion-phrases");
    }

    #[test]
    fn what_two_functions_answer_is_refused() {
        let twice = merged("https://api.example.org", [true, true].map(function)).map(|_| ());
        assert_eq!(twice, Err(DescribedTwice { method: "GET", path: "/orders".into() }));
    }
}
