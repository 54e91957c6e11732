//! One OpenAPI 3.1 document of all functions.

use serde_json::Error;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder, ServerBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::http::{Fault, PROBLEM_JSON, Problem};

/// Name of the security scheme.
pub const SECURITY_SCHEME: &str = "bearer";

/// Two functions answer the same request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two functions describe {method} {path}")]
pub struct DescribedTwice {
    /// Method.
    pub method: &'static str,
    /// Path.
    pub path: String,
}

/// The functions' documents as one: with a server, the bearer scheme – required unless an operation says
/// `security(())` – and a problem as the default answer of every operation.
pub fn merged(server: &str, functions: impl IntoIterator<Item = OpenApi>) -> Result<OpenApi, DescribedTwice> {
    let info = InfoBuilder::new()
        .title("职工互助保障平台 API")
        .description(Some("Conventions: docs/http-api.md."))
        .version(env!("CARGO_PKG_VERSION"));
    let mut whole = OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(server).build()]))
        .security(Some([SecurityRequirement::new(SECURITY_SCHEME, Vec::<String>::new())]))
        .build();
    for mut function in functions {
        for (path, item) in std::mem::take(&mut function.paths.paths) {
            add(whole.paths.paths.entry(path.clone()).or_default(), item, &path)?;
        }
        let components = whole.components.get_or_insert_with(Components::new);
        components.schemas.extend(function.components.unwrap_or_default().schemas);
    }
    let components = whole.components.get_or_insert_with(Components::new);
    components.schemas.insert(Problem::name().into(), Problem::schema());
    components.schemas.insert(Fault::name().into(), Fault::schema());
    let bearer = SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    components.add_security_scheme(SECURITY_SCHEME, bearer);
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
            (None, Some(operation)) => *slot = Some(with_problems(operation)),
            (_, None) => {}
        }
    }
    Ok(())
}

fn with_problems(mut operation: Operation) -> Operation {
    let schema = RefOr::Ref(Ref::from_schema_name(Problem::name()));
    let problem = ResponseBuilder::new()
        .description("What is wrong, RFC 9457.")
        .content(PROBLEM_JSON, ContentBuilder::new().schema(Some(schema)).build());
    operation.responses.responses.entry("default".to_owned()).or_insert_with(|| problem.build().into());
    operation
}
