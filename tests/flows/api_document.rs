//! The API is what docs/openapi.json says, and the template routes exactly that.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use lambda::enrolments::Counter;
use testing::world::World;
use utoipa_axum::router::OpenApiRouter;
use workflow::desk::Desk;
use workflow::ports::Store;

use crate::in_process::series;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn counter() -> Counter {
    let world = World::default();
    let store: Arc<dyn Store> = Arc::new(world.store.clone());
    let desk = Desk { store, clock: Arc::new(world.clock.clone()), ids: Arc::new(world.ids.clone()) };
    Counter { desk, links: Arc::new(world.objects.clone()) }
}

/// The routers of all HTTP functions.
pub fn routers() -> Vec<OpenApiRouter> {
    let cipher = Arc::new(World::default().cipher);
    let press = print_certificate::Press {
        counter: counter(),
        cipher: cipher.clone(),
        public_url: "https://example.org".into(),
    };
    vec![
        sign_in::routes(sign_in_door()),
        request_upload::routes(counter()),
        enter_enrolment::routes(counter()),
        review_enrolment::routes(counter()),
        enter_receipt::routes(counter()),
        confirm_payment::routes(counter(), series(&World::default())),
        print_certificate::routes(press),
        manage_plans::routes(counter().desk),
        query_records::routes(query_records::Records { counter: counter(), cipher: cipher.clone() }),
        follow_messages::routes(follow_messages::Postbox { counter: counter(), cipher: cipher.clone() }),
        maintain_roster::routes(maintain_roster::Cabinet {
            counter: counter(),
            objects: Arc::new(World::default().objects),
            cipher: cipher.clone(),
        }),
        register_unit::routes(register_unit::Office { counter: counter(), cipher: cipher.clone() }),
        manage_unit::routes(manage_unit::Bureau { counter: counter(), cipher: cipher.clone() }),
        restrict_people::routes(restrict_people::Register { desk: counter().desk, cipher: cipher.clone() }),
        manage_organisation::routes(manage_organisation::Chancery { desk: counter().desk, cipher }),
    ]
}

fn sign_in_door() -> sign_in::Door {
    let key = lambda::auth::LocalKey::generate().unwrap();
    sign_in::Door { desk: counter().desk, cipher: Arc::new(World::default().cipher), signer: Arc::new(key) }
}

fn document() -> utoipa::openapi::OpenApi {
    let documents = routers().into_iter().map(|router| router.split_for_parts().1);
    lambda::openapi::merged("/", documents).unwrap()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the developer asks by the environment for the document to be written")]
fn the_checked_in_document_is_the_api() {
    let file = root().join("docs/openapi.json");
    let text = lambda::openapi::text(&document()).unwrap();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let checked_in = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(checked_in == text, "docs/openapi.json is out of date: UPDATE_OPENAPI=1 writes it");
}

#[test]
fn the_template_routes_what_the_document_describes() {
    let document = serde_json::to_value(document()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in
            item.as_object().unwrap().keys().filter(|key| ["get", "put", "post", "delete"].contains(&key.as_str()))
        {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let template = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    let route = |line: &str| {
        let line = line.trim().trim_start_matches("- ").trim_matches('\'').to_owned();
        let known = ["GET /", "PUT /", "POST /", "DELETE /"].iter().any(|method| line.starts_with(method));
        known.then_some(line)
    };
    let routed: BTreeSet<String> = template.lines().filter_map(route).collect();
    assert_eq!(routed, described);
}
