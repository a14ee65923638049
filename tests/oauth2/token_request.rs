//! Forms of the token endpoint, read as they are printed, and as others print them.

use gdata_auth::{
    Exchange, Secret,
    oauth2::{Client, ClientAuthentication, Grant, TokenExchange, read_basic},
    wire::query::Pairs,
};

use super::{app, body, scopes};

#[test]
fn every_grant_is_read_as_it_is_printed() {
    let secret = |text: &str| Secret::new(text);
    let grants = [
        Grant::AuthorizationCode {
            code: secret("4/0A b+c"),
            redirect_uri: Some("http://127.0.0.1:1/".into()),
            verifier: Some(secret("v~.")),
        },
        Grant::AuthorizationCode {
            code: secret("c"),
            redirect_uri: None,
            verifier: None,
        },
        Grant::RefreshToken {
            token: secret("1//r"),
            scope: Some(scopes("a b")),
        },
        Grant::ClientCredentials { scope: None },
        Grant::JwtBearer {
            assertion: secret("e30.e30.AA"),
        },
        Grant::DeviceCode {
            code: secret("AH-1"),
        },
        Grant::TokenExchange(TokenExchange {
            audience: "//iam.googleapis.com/x".into(),
            subject_token: secret("eyJ"),
            subject_token_type: "urn:ietf:params:oauth:token-type:jwt".into(),
            requested_token_type: "urn:ietf:params:oauth:token-type:access_token".into(),
            scope: scopes("a"),
            options: Some(r#"{"userProject":"p"}"#.into()),
        }),
    ];
    for grant in grants {
        let printed = Pairs::parse(&grant.to_pairs().to_string()).unwrap();
        assert_eq!(Grant::read(&printed).unwrap(), Some(grant));
    }
}

#[test]
fn the_drafts_device_grant_of_old_clients_is_read() {
    // oauth2client 4.1.3 and yup-oauth2 poll so (real-clients.md 5).
    let form = "client_id=c&client_secret=s&code=AH-1&grant_type=http%3A%2F%2Foauth.net%2Fgrant_type%2Fdevice%2F1.0";
    let code = Secret::new("AH-1");
    assert_eq!(
        Grant::read(&Pairs::parse(form).unwrap()).unwrap(),
        Some(Grant::DeviceCode { code })
    );
}

#[test]
fn a_form_without_its_parameter_or_with_it_twice_is_told() {
    for (form, message) in [
        ("", "grant_type: expected the parameter, got none"),
        (
            "grant_type=refresh_token",
            "refresh_token: expected the parameter, got none",
        ),
        (
            "grant_type=authorization_code&code=",
            "code: expected the parameter, got none",
        ),
        (
            "grant_type=refresh_token&refresh_token=a&refresh_token=b",
            "refresh_token: expected the parameter once, got it more than once",
        ),
    ] {
        let error = Grant::read(&Pairs::parse(form).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let password = Pairs::parse("grant_type=password&username=a&password=b").unwrap();
    assert_eq!(Grant::read(&password).unwrap(), None);
}

#[test]
fn basic_authentication_is_percent_encoded_and_read_in_both_spellings() {
    let client = Client::web("a:b", "s e%c")
        .unwrap()
        .authenticated_by(ClientAuthentication::Basic);
    let request = client.refresh("1//r", None).request();
    // printf 'a%%3Ab:s%%20e%%25c' | base64
    let header = request.headers()["authorization"].to_str().unwrap();
    assert_eq!(header, "Basic YSUzQWI6cyUyMGUlMjVj");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(
        body(&request),
        "grant_type=refresh_token&refresh_token=1%2F%2Fr"
    );
    let reading = |id: &str, secret: &str| (id.to_owned(), Secret::new(secret));
    assert_eq!(
        read_basic(header),
        [reading("a:b", "s e%c"), reading("a%3Ab", "s%20e%25c")]
    );
    // printf 'cid:c+s%%' | base64: what most clients send.
    assert_eq!(read_basic("basic Y2lkOmMrcyU="), [reading("cid", "c+s%")]);
    // printf 'cid:csec' | base64
    assert_eq!(read_basic("Basic Y2lkOmNzZWM="), [reading("cid", "csec")]);
    assert_eq!(read_basic("Bearer x"), []);
    assert_eq!(read_basic("Basic !"), []);
}

#[test]
fn a_refresh_may_ask_for_less() {
    let request = app().refresh("1//r", Some(&scopes("a"))).request();
    assert_eq!(
        body(&request),
        "grant_type=refresh_token&refresh_token=1%2F%2Fr&scope=a&client_id=1234.apps.googleusercontent.com"
    );
    assert!(!format!("{:?}", app().refresh("1//r", None)).contains("1//r"));
}

#[test]
fn a_client_of_its_own_account_says_so() {
    let client = Client::web("w", "s").unwrap();
    assert_eq!(
        body(&client.client_credentials(Some(&scopes("api"))).request()),
        "grant_type=client_credentials&scope=api&client_id=w&client_secret=s"
    );
}
