//! Who signed in, what a token is, and how machines get theirs: the emulator's ID tokens, tokeninfo, userinfo, keys,
//! service accounts, STS, IAM credentials and metadata server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::crypto::PrivateKey;
use gdata_auth::emulator::{ServiceAccount, User};
use gdata_auth::oauth2::{self, Claims, Client, IdTokenVerifier, Jwks, Jwt, sign_jwt};
use gdata_auth::scope::ScopeNames;
use support::oauth2::{
    DESKTOP, TOKEN, YOUTUBE_V3, code, code_form, field, json, link, post, refresh, tokens, world,
    world_with,
};
use support::world::{CERTIFICATE, KEY, START, World, get, text};

const ROBOT: &str = "robot@project.iam.gserviceaccount.com";
const CALENDAR: &str = "https://www.googleapis.com/auth/calendar";
const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";
const INFO: &str = "https://oauth2.googleapis.com/tokeninfo";
const USERINFO: &str = "https://openidconnect.googleapis.com/v1/userinfo";
const METADATA: &str =
    "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts";

fn ann() -> String {
    User::new("ann@example.com", "Ann Example").subject()
}

fn with_header(
    request: http::Request<Bytes>,
    name: &'static str,
    value: &str,
) -> http::Request<Bytes> {
    let (mut parts, body) = request.into_parts();
    parts.headers.insert(name, value.parse().unwrap());
    http::Request::from_parts(parts, body)
}

fn bearing(request: http::Request<Bytes>, token: &str) -> http::Request<Bytes> {
    with_header(request, "authorization", &format!("Bearer {token}"))
}

async fn keys(world: &World) -> Jwks {
    let answer = world
        .send(get("https://www.googleapis.com/oauth2/v3/certs"))
        .await;
    Jwks::parse(answer.body()).unwrap()
}

/// A world with one service account, which may act for Ann's calendar.
fn with_robot() -> World {
    world_with(|config| {
        let account = ServiceAccount::new(ROBOT, CERTIFICATE)
            .delegated("ann@example.com", ScopeNames::parse(CALENDAR).unwrap());
        config.service_account = vec![account];
    })
}

fn assertion(claims: &[(&str, serde_json::Value)]) -> String {
    let mut all: Claims = serde_json::from_value(serde_json::json!({
        "iss": ROBOT, "aud": "https://oauth2.googleapis.com/token", "scope": CLOUD,
        "iat": START, "exp": START + 3_600,
    }))
    .unwrap();
    for (name, value) in claims {
        all.insert((*name).to_owned(), value.clone());
    }
    let signer = PrivateKey::from_pem(KEY).unwrap().signer();
    sign_jwt(&all, Some("k1"), &signer)
        .unwrap()
        .expose()
        .to_owned()
}

/// Sends an assertion: the status and the whole body.
async fn assert_for(world: &World, assertion: &str) -> (u16, String) {
    let form = format!(
        "assertion={assertion}&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
    );
    let answer = world.send(post(TOKEN, &form)).await;
    (answer.status().as_u16(), text(&answer))
}

fn refusal(code: &str, description: &str) -> String {
    format!("{{\n  \"error\": \"{code}\",\n  \"error_description\": \"{description}\"\n}}\n")
}

#[tokio::test]
async fn an_id_token_says_who_signed_in() {
    let world = world();
    let code = code(&world, &link("openid email profile", "&nonce=n-1")).await;
    let body = json(&world.send(post(TOKEN, &code_form(&code))).await);
    let token = field(&body, "id_token");
    let client = Client::installed(DESKTOP).unwrap();
    let verifier = IdTokenVerifier::new(&client).with_nonce("n-1".into());
    let id = verifier
        .verify(&token, &keys(&world).await, world.now())
        .unwrap();
    assert_eq!(id.subject(), ann());
    assert_eq!(id.email(), Some("ann@example.com"));
    assert!(id.email_verified());
    let claims = id.claims();
    assert_eq!(claims["iss"], "https://accounts.google.com");
    assert_eq!(claims["azp"], DESKTOP);
    assert_eq!(claims["hd"], "example.com");
    assert_eq!(claims["name"], "Ann Example");
    assert_eq!(claims["given_name"], "Ann");
    assert_eq!(claims["family_name"], "Example");
    assert_eq!(claims["iat"], START);
    assert_eq!(claims["exp"], START + 3_600);
    assert_eq!(claims["at_hash"].as_str().unwrap().len(), 22);
}

#[tokio::test]
async fn an_id_token_shows_no_more_than_the_scopes() {
    let world = world();
    let token = field(&tokens(&world, "openid").await, "id_token");
    let claims = Jwt::parse(&token).unwrap().unverified_claims().clone();
    assert_eq!(claims["sub"], ann());
    assert!(!claims.contains_key("email") && !claims.contains_key("name"));
}

#[tokio::test]
async fn without_a_scope_for_signing_in_there_is_no_id_token() {
    assert!(tokens(&world(), YOUTUBE_V3).await.get("id_token").is_none());
}

#[tokio::test]
async fn refreshing_brings_an_id_token_again() {
    let world = world();
    let first = tokens(&world, "openid").await;
    let again = json(&refresh(&world, &field(&first, "refresh_token")).await);
    assert!(field(&again, "id_token").starts_with("ey"));
}

#[tokio::test]
async fn on_loopback_the_issuer_is_that_address() {
    let world = world();
    let code = code(&world, &link("openid", "")).await;
    let answer = world
        .send(post("http://127.0.0.1:8080/token", &code_form(&code)))
        .await;
    let token = field(&json(&answer), "id_token");
    let token = Jwt::parse(&token).unwrap();
    assert_eq!(token.unverified_claims()["iss"], "http://127.0.0.1:8080");
}

#[tokio::test]
async fn the_key_is_published_as_a_set_and_as_a_certificate() {
    let world = world();
    let set = json(
        &world
            .send(get("https://www.googleapis.com/oauth2/v3/certs"))
            .await,
    );
    let key = &set["keys"][0];
    assert_eq!(key["kid"], "insecure-public-emulator-key");
    assert_eq!(key["kty"], "RSA");
    assert_eq!(key["alg"], "RS256");
    assert_eq!(key["use"], "sig");
    assert_eq!(key["e"], "AQAB");
    let answer = world
        .send(get("https://www.googleapis.com/oauth2/v1/certs"))
        .await;
    assert_eq!(
        answer.headers()["cache-control"],
        "public, max-age=19800, must-revalidate, no-transform"
    );
    assert_eq!(json(&answer)["insecure-public-emulator-key"], CERTIFICATE);
}

#[tokio::test]
async fn discovery_names_googles_endpoints() {
    let world = world();
    let answer = world
        .send(get(
            "https://accounts.google.com/.well-known/openid-configuration",
        ))
        .await;
    assert_eq!(
        text(&answer),
        r#"{
  "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
  "claims_supported": [
    "aud",
    "email",
    "email_verified",
    "exp",
    "family_name",
    "given_name",
    "iat",
    "iss",
    "name",
    "picture",
    "sub"
  ],
  "code_challenge_methods_supported": [
    "plain",
    "S256"
  ],
  "device_authorization_endpoint": "https://oauth2.googleapis.com/device/code",
  "grant_types_supported": [
    "authorization_code",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer"
  ],
  "id_token_signing_alg_values_supported": [
    "RS256"
  ],
  "issuer": "https://accounts.google.com",
  "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
  "response_modes_supported": [
    "query"
  ],
  "response_types_supported": [
    "code"
  ],
  "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
  "scopes_supported": [
    "openid",
    "email",
    "profile"
  ],
  "subject_types_supported": [
    "public"
  ],
  "token_endpoint": "https://oauth2.googleapis.com/token",
  "token_endpoint_auth_methods_supported": [
    "client_secret_post",
    "client_secret_basic"
  ],
  "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo"
}
"#
    );
}

#[tokio::test]
async fn discovery_on_loopback_names_addresses_that_can_be_reached() {
    let world = world();
    let document = world
        .send(get(
            "http://127.0.0.1:8080/.well-known/openid-configuration",
        ))
        .await;
    let document = json(&document);
    assert_eq!(document["issuer"], "http://127.0.0.1:8080");
    assert_eq!(document["token_endpoint"], "http://127.0.0.1:8080/token");
    let keys = document["jwks_uri"].as_str().unwrap();
    assert_eq!(world.send(get(keys)).await.status(), 200);
}

#[tokio::test]
async fn tokeninfo_tells_numbers_as_text() {
    let world = world();
    let token = field(&tokens(&world, "email").await, "access_token");
    world.pass(99);
    let answer = world
        .send(post(INFO, &format!("access_token={token}")))
        .await;
    assert_eq!(
        text(&answer).replace(&ann(), "SUB"),
        "{\n  \"access_type\": \"offline\",\n  \"aud\": \"1234-desk.apps.googleusercontent.com\",\n  \
         \"azp\": \"1234-desk.apps.googleusercontent.com\",\n  \"email\": \"ann@example.com\",\n  \
         \"email_verified\": \"true\",\n  \"exp\": \"1300003599\",\n  \"expires_in\": \"3500\",\n  \
         \"scope\": \"https://www.googleapis.com/auth/userinfo.email openid\",\n  \"sub\": \"SUB\"\n}\n"
    );
}

#[tokio::test]
async fn tokeninfo_of_old_has_names_of_its_own() {
    let world = world();
    let token = field(&tokens(&world, "email").await, "access_token");
    let answer = world
        .send(get(&format!(
            "https://www.googleapis.com/oauth2/v1/tokeninfo?access_token={token}"
        )))
        .await;
    assert_eq!(
        text(&answer).replace(&ann(), "SUB"),
        "{\n  \"access_type\": \"offline\",\n  \"audience\": \"1234-desk.apps.googleusercontent.com\",\n  \
         \"email\": \"ann@example.com\",\n  \"expires_in\": 3599,\n  \
         \"issued_to\": \"1234-desk.apps.googleusercontent.com\",\n  \
         \"scope\": \"https://www.googleapis.com/auth/userinfo.email openid\",\n  \
         \"user_id\": \"SUB\",\n  \"verified_email\": true\n}\n"
    );
}

#[tokio::test]
async fn tokeninfo_reads_id_tokens() {
    let world = world();
    let token = field(&tokens(&world, "openid email").await, "id_token");
    let info = json(&world.send(post(INFO, &format!("id_token={token}"))).await);
    assert_eq!(info["sub"], ann());
    assert_eq!(info["exp"], "1300003600");
    assert_eq!(info["email_verified"], "true");
    assert_eq!(info["alg"], "RS256");
}

#[tokio::test]
async fn tokeninfo_refuses_what_is_no_token() {
    let world = world();
    for form in ["access_token=ya29.never", "id_token=a.b.c"] {
        let answer = world.send(post(INFO, form)).await;
        assert_eq!(answer.status(), 400);
        assert_eq!(text(&answer), refusal("invalid_token", "Invalid Value"));
    }
}

#[tokio::test]
async fn userinfo_tells_what_the_scopes_show() {
    let world = world();
    let token = field(&tokens(&world, "openid email").await, "access_token");
    for address in [
        USERINFO,
        "https://www.googleapis.com/oauth2/v3/userinfo",
        "http://127.0.0.1:8080/v1/userinfo",
    ] {
        let answer = world.send(bearing(get(address), &token)).await;
        assert_eq!(
            text(&answer).replace(&ann(), "SUB"),
            "{\n  \"email\": \"ann@example.com\",\n  \"email_verified\": true,\n  \
             \"hd\": \"example.com\",\n  \"sub\": \"SUB\"\n}\n"
        );
    }
}

#[tokio::test]
async fn userinfo_needs_a_living_token() {
    let world = world();
    let token = field(&tokens(&world, "openid").await, "access_token");
    world.pass(3_599);
    let answer = world.send(bearing(get(USERINFO), &token)).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(
        text(&answer),
        refusal("invalid_request", "Invalid Credentials")
    );
    assert_eq!(world.reason(), "the access token has expired");
}

#[tokio::test]
async fn userinfo_needs_a_scope_for_signing_in() {
    let world = world();
    let token = field(&tokens(&world, YOUTUBE_V3).await, "access_token");
    assert_eq!(
        world.send(bearing(get(USERINFO), &token)).await.status(),
        403
    );
}

#[tokio::test]
async fn an_assertion_becomes_an_access_token() {
    let world = with_robot();
    let (status, body) = assert_for(&world, &assertion(&[])).await;
    assert_eq!(status, 200, "{body}");
    let token = field(&serde_json::from_str(&body).unwrap(), "access_token");
    assert_eq!(
        body.replace(&token, "ya29.A"),
        "{\n  \"access_token\": \"ya29.A\",\n  \"expires_in\": 3599,\n  \"token_type\": \"Bearer\"\n}\n"
    );
}

#[tokio::test]
async fn what_the_library_asserts_is_taken() {
    let world = with_robot();
    let key = PrivateKey::from_pem(KEY).unwrap();
    let robot = oauth2::ServiceAccount::new(ROBOT, &key).unwrap();
    let scopes = ScopeNames::parse(CLOUD).unwrap();
    let reply = world
        .run(robot.exchange(&scopes, world.now()))
        .await
        .unwrap();
    assert!(reply.refresh_token().is_none());
}

#[tokio::test]
async fn an_unknown_account_is_not_found() {
    assert_eq!(
        assert_for(&world(), &assertion(&[])).await,
        (
            400,
            refusal("invalid_grant", "Invalid grant: account not found")
        )
    );
}

#[tokio::test]
async fn a_changed_assertion_has_an_invalid_signature() {
    let world = with_robot();
    let whole = assertion(&[]);
    let other = assertion(&[("scope", CALENDAR.into())]);
    let (head, _) = other.rsplit_once('.').unwrap();
    let (_, signature) = whole.rsplit_once('.').unwrap();
    assert_eq!(
        assert_for(&world, &format!("{head}.{signature}")).await,
        (400, refusal("invalid_grant", "Invalid JWT Signature."))
    );
}

#[tokio::test]
async fn an_assertion_for_someone_else_is_refused() {
    let other = assertion(&[("aud", "https://www.example.com/token".into())]);
    assert_eq!(assert_for(&with_robot(), &other).await.0, 400);
}

#[tokio::test]
async fn an_assertion_lives_an_hour_at_most_and_now() {
    let world = with_robot();
    for (iat, exp) in [
        (START, START + 3_601),
        (START - 3_600, START),
        (START + 301, START + 400),
    ] {
        let claims = assertion(&[("iat", iat.into()), ("exp", exp.into())]);
        assert_eq!(
            assert_for(&world, &claims).await,
            (
                400,
                refusal(
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable \
                     timeframe. Check your iat and exp values in the JWT claim."
                )
            )
        );
    }
}

#[tokio::test]
async fn delegation_covers_its_users_and_scopes() {
    let world = with_robot();
    let for_user =
        |user: &str, scope: &str| assertion(&[("sub", user.into()), ("scope", scope.into())]);
    assert_eq!(
        assert_for(&world, &for_user("ann@example.com", CALENDAR))
            .await
            .0,
        200
    );
    let both = format!("{CALENDAR} {CLOUD}");
    for (user, scope) in [
        ("ben@example.org", CALENDAR),
        ("ann@example.com", CLOUD),
        ("ann@example.com", both.as_str()),
    ] {
        assert_eq!(
            assert_for(&world, &for_user(user, scope)).await,
            (
                401,
                refusal(
                    "unauthorized_client",
                    "Client is unauthorized to retrieve access tokens using this method, or client \
                     not authorized for any of the scopes requested."
                )
            )
        );
    }
}

#[tokio::test]
async fn an_assertion_with_a_target_becomes_an_id_token() {
    let world = with_robot();
    let target = assertion(&[("target_audience", "https://run.example.com".into())]);
    let (status, body) = assert_for(&world, &target).await;
    assert_eq!(status, 200);
    let token = field(&serde_json::from_str(&body).unwrap(), "id_token");
    let token = Jwt::parse(&token).unwrap();
    let claims = token
        .verify(keys(&world).await.key(token.key_id()).unwrap())
        .unwrap()
        .clone();
    assert_eq!(claims["aud"], "https://run.example.com");
    assert_eq!(claims["email"], ROBOT);
}

#[tokio::test]
async fn a_token_of_another_system_becomes_a_federated_one() {
    let world = world();
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange\
         &audience=%2F%2Fiam.googleapis.com%2Fprojects%2F1%2Flocations%2Fglobal%2FworkloadIdentityPools%2Fp%2Fproviders%2Fq\
         &scope={CLOUD}&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token\
         &subject_token=theirs&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
    );
    let answer = world
        .send(post("https://sts.googleapis.com/v1/token", &form))
        .await;
    let body = json(&answer);
    let token = field(&body, "access_token");
    assert_eq!(
        text(&answer).replace(&token, "ya29.F"),
        "{\n  \"access_token\": \"ya29.F\",\n  \"expires_in\": 3600,\n  \
         \"issued_token_type\": \"urn:ietf:params:oauth:token-type:access_token\",\n  \
         \"token_type\": \"Bearer\"\n}\n"
    );
    let elsewhere = form.replace("%2F%2Fiam.googleapis.com", "elsewhere");
    let answer = world
        .send(post("https://sts.googleapis.com/v1/token", &elsewhere))
        .await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_token_acts_for_a_service_account() {
    let world = with_robot();
    let (_, own) = assert_for(&world, &assertion(&[])).await;
    let own = field(&serde_json::from_str(&own).unwrap(), "access_token");
    let address = format!(
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{ROBOT}:generateAccessToken"
    );
    let body = format!("{{\"scope\":[\"{CALENDAR}\"],\"lifetime\":\"300s\",\"delegates\":[]}}");
    let answer = world.send(bearing(post(&address, &body), &own)).await;
    let token = field(&json(&answer), "accessToken");
    assert_eq!(
        text(&answer).replace(&token, "ya29.I"),
        "{\n  \"accessToken\": \"ya29.I\",\n  \"expireTime\": \"2011-03-13T07:11:40Z\"\n}\n"
    );
    let info = world
        .send(post(INFO, &format!("access_token={token}")))
        .await;
    assert_eq!(json(&info)["scope"], CALENDAR);

    let long = body.replace("300s", "3601s");
    assert_eq!(
        world
            .send(bearing(post(&address, &long), &own))
            .await
            .status(),
        400
    );
    let narrow = world.send(bearing(post(&address, &body), &token)).await;
    assert_eq!(narrow.status(), 403);
    let stranger = address.replace("robot", "stranger");
    assert_eq!(
        world
            .send(bearing(post(&stranger, &body), &own))
            .await
            .status(),
        404
    );
    let nobody = world.send(post(&address, &body)).await;
    assert_eq!(nobody.status(), 401);
    assert_eq!(json(&nobody)["error"]["status"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_metadata_server_wants_to_be_meant() {
    let world = with_robot();
    let address = format!("{METADATA}/default/token");
    let plain = world.send(get(&address)).await;
    assert_eq!(plain.status(), 403);
    assert_eq!(plain.headers()["metadata-flavor"], "Google");
    let passed_on = with_header(get(&address), "metadata-flavor", "Google");
    let passed_on = with_header(passed_on, "x-forwarded-for", "10.0.0.1");
    assert_eq!(world.send(passed_on).await.status(), 403);
}

#[tokio::test]
async fn the_metadata_server_hands_out_tokens_of_the_machines_account() {
    let world = with_robot();
    let meant = |path: &str| {
        let request = get(&format!("{METADATA}/{path}"));
        with_header(request, "metadata-flavor", "Google")
    };
    let answer = world.send(meant("default/token?scopes=a,b")).await;
    assert_eq!(answer.headers()["metadata-flavor"], "Google");
    let token = field(&json(&answer), "access_token");
    assert_eq!(
        text(&answer).replace(&token, "ya29.M"),
        "{\n  \"access_token\": \"ya29.M\",\n  \"expires_in\": 3599,\n  \"token_type\": \"Bearer\"\n}\n"
    );
    let info = world
        .send(post(INFO, &format!("access_token={token}")))
        .await;
    assert_eq!(json(&info)["scope"], "a b");

    assert_eq!(text(&world.send(meant("default/email")).await), ROBOT);
    assert_eq!(
        text(&world.send(meant("default/scopes")).await),
        format!("{CLOUD}\n")
    );
    let all = json(&world.send(meant("default/?recursive=true")).await);
    assert_eq!(all["email"], ROBOT);
    assert_eq!(world.send(meant("nobody/token")).await.status(), 404);
}

#[tokio::test]
async fn the_metadata_server_answers_a_ping_on_any_address() {
    let world = world();
    for address in ["http://metadata.google.internal/", "http://127.0.0.1:8080/"] {
        let ping = with_header(get(address), "metadata-flavor", "Google");
        let answer = world.send(ping).await;
        assert_eq!(answer.headers()["metadata-flavor"], "Google");
    }
    let front = world.send(get("http://127.0.0.1:8080/")).await;
    assert!(!front.headers().contains_key("metadata-flavor"));
}

#[test]
fn a_service_accounts_key_has_to_be_one() {
    let mut config = gdata_auth::emulator::Config::new();
    config = config.with_service_account(ServiceAccount::new(ROBOT, "no key"));
    let error = gdata_auth::emulator::Emulator::with(config).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("service account robot@project"),
        "{error}"
    );
}
