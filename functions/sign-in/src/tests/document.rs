//! What the OpenAPI document says of these routes.

use super::*;

#[tokio::test]
async fn the_document_says_which_requests_need_a_token() {
    let stage = Stage::new().await;
    let signer = Arc::new(LocalKey::generate().unwrap());
    let door = Door { desk: stage.desk, cipher: Arc::new(PlainCipher), signer };
    let document = lambda::openapi::merged("https://api.example.org", [routes(door).into_openapi()]).unwrap();
    let document: Value = serde_json::from_str(&lambda::openapi::text(&document).unwrap()).unwrap();
    let open = |path: &str, method: &str| document["paths"][path][method]["security"] == json!([{}]);
    for path in
        ["/captchas", "/sessions", "/sessions/refresh", "/passwords", "/passwords/forgotten", "/passwords/reset"]
    {
        assert!(open(path, "post"), "{path}");
    }
    assert!(!open("/sessions/current", "delete") && !open("/me", "get") && !open("/me/totp", "put"));
    assert_eq!(document["security"], json!([{"bearer": []}, {"cookie": []}]), "either of them");
    for (path, method) in [("/me", "get"), ("/sessions", "post")] {
        assert_eq!(
            document["paths"][path][method]["responses"]["401"]["$ref"], "#/components/responses/NotSignedIn",
            "{path}"
        );
    }
    assert!(document["components"]["responses"]["NotSignedIn"]["content"]["application/problem+json"].is_object());
}
