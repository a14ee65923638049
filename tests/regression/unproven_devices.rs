//! A device's request for its code named the client and did not prove it, so servers that take RFC 8628, 3.1 to the
//! letter (oidc-provider, Authlib) refused every client with a secret. Google documents that call without one.

use gdata_auth::{
    Exchange,
    oauth2::{Client, ClientAuthentication, ClientKind, Provider},
    scope::ScopeNames,
};

#[test]
fn a_client_with_a_secret_proves_itself_when_it_asks_for_a_devices_code() {
    let scopes = ScopeNames::parse("https://www.googleapis.com/auth/youtube").unwrap();
    let scope = "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube";
    let client = |provider: Provider| {
        let client = Client::new(provider, ClientKind::LimitedInput, "tv").unwrap();
        client.with_secret("s+").unwrap()
    };
    let other = Provider::new("https://id.example.com", "https://id.example.com/token")
        .and_then(|server| server.with_device_endpoint("https://id.example.com/device"))
        .unwrap();
    let at_google = client(Provider::google()).device(&scopes).unwrap();
    assert_eq!(at_google.request().body(), &format!("client_id=tv&{scope}"));

    let posted = client(other.clone()).device(&scopes).unwrap();
    assert_eq!(
        posted.request().body(),
        &format!("client_id=tv&client_secret=s%2B&{scope}")
    );
    let basic = client(other).authenticated_by(ClientAuthentication::Basic);
    let basic = basic.device(&scopes).unwrap().request();
    assert_eq!(basic.body(), scope);
    // printf 'tv:s%%2B' | base64
    assert_eq!(basic.headers()["authorization"], "Basic dHY6cyUyQg==");
}
