//! Whole flows of every scheme against the emulator, on tape.

use gdata_auth::{
    BodyHint, Transport,
    authsub::Accounts,
    cassette::Cassette,
    clientlogin::{Endpoint, LoginRequest},
    crypto::PrivateKey,
    emulator::{Consumer as Registered, Emulator, ServiceAccount as Known, User},
    oauth1::{self, Callback, Consumer, Credential, TokenRequest},
    oauth2::{CodeVerifier, ServiceAccount},
    run,
    scope::ScopeNames,
};

use super::{
    oauth2::{DESKTOP, TOKEN, clients, field, json, link, location, parameter, post},
    tape::Taping,
    world::{CERTIFICATE, KEY, UPLOADS, World, YOUTUBE, get},
};

pub const PASSWORD: &str = "p&ss w=rd77";
pub const CONSUMER_SECRET: &str = "s3cr+t/consumer";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const ROBOT: &str = "sync@project.iam.gserviceaccount.com";
const BACK: &str = "http://www.example.com/oauth?lang=en";

pub fn world() -> World {
    World::with(|config| {
        let mut config = clients(config).with_service_account(Known::new(ROBOT, CERTIFICATE));
        config.user = vec![User::new("user@gmail.com", "User").with_password(PASSWORD)];
        config.consumer = vec![
            Registered::with_secret("www.example.com", CONSUMER_SECRET)
                .and_certificate(CERTIFICATE),
        ];
        config
    })
}

fn taping(world: &World) -> Taping<Emulator> {
    Taping::new(world.google.clone())
}

pub async fn auth_sub(world: &World) -> Cassette {
    let tape = taping(world);
    let asked = world.link(YOUTUBE).secure(true);
    let answer = tape.send(get(&asked.to_string())).await.unwrap();
    let redirect = asked.read_redirect(&location(&answer)).unwrap();
    let token = redirect.into_token().secured_by(world.signer());
    let accounts = Accounts::google();
    let exchange = token.exchange(&accounts, &world.stamp()).unwrap();
    let session = run(&exchange, &tape).await.unwrap();
    let (mut parts, body) =
        get(&format!("{UPLOADS}?v=2&key=AI39si-dev-key-0123456789")).into_parts();
    session.authorize(&mut parts, &world.stamp()).unwrap();
    let answer = tape
        .send(http::Request::from_parts(parts, body))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let revoke = session.revoke(&accounts, &world.stamp()).unwrap();
    run(&revoke, &tape).await.unwrap();
    tape.cassette()
}

pub async fn client_login(world: &World) -> Cassette {
    let tape = taping(world);
    let login = LoginRequest::new("user@gmail.com").unwrap();
    let login = login
        .service("youtube")
        .unwrap()
        .source("acme-app-1")
        .unwrap();
    let exchange = login.exchange(PASSWORD, &Endpoint::google()).unwrap();
    let token = run(&exchange, &tape).await.unwrap().into_token();
    let (mut parts, body) = get(UPLOADS).into_parts();
    token.authorize(&mut parts, &world.stamp()).unwrap();
    let answer = tape
        .send(http::Request::from_parts(parts, body))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    tape.cassette()
}

pub fn consumers() -> Vec<Consumer> {
    let hmac = || Consumer::hmac("www.example.com", CONSUMER_SECRET).unwrap();
    let signer = PrivateKey::from_pem(KEY).unwrap().signer();
    vec![
        hmac(),
        hmac().placed_in(oauth1::Placement::Query),
        Consumer::rsa("www.example.com", signer).unwrap(),
        Consumer::plaintext("www.example.com", CONSUMER_SECRET).unwrap(),
    ]
}

pub async fn oauth1(world: &World, consumer: Consumer) -> Cassette {
    let tape = taping(world);
    let accounts = oauth1::Accounts::google();
    let request = TokenRequest::new(consumer).scope(YOUTUBE).unwrap();
    let request = request.callback(Callback::to(BACK).unwrap());
    let exchange = request.exchange(&accounts, &world.stamp()).unwrap();
    let token = run(&exchange, &tape).await.unwrap();
    let asked = token.authorize_link(&accounts).to_string();
    let answer = tape.send(get(&asked)).await.unwrap();
    let authorized = token.read_redirect(&location(&answer)).unwrap();
    let exchange = authorized.exchange(&accounts, &world.stamp()).unwrap();
    let access = run(&exchange, &tape).await.unwrap();
    let address = format!("{UPLOADS}?v=2&q=a+b%2Fc&empty=");
    let (mut parts, body) = get(&address).into_parts();
    let credential = Credential::from(access);
    credential
        .authorize(&mut parts, BodyHint::Empty, &world.stamp())
        .unwrap();
    let answer = tape
        .send(http::Request::from_parts(parts, body))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    tape.cassette()
}

pub async fn oauth2(world: &World) -> Cassette {
    let tape = taping(world);
    let challenge = CodeVerifier::new(VERIFIER).unwrap().challenge();
    let more = format!(
        "&code_challenge={challenge}&code_challenge_method=S256&nonce=n0nce&access_type=offline"
    );
    let scope = "openid email https://www.googleapis.com/auth/youtube";
    let answer = tape.send(get(&link(scope, &more))).await.unwrap();
    let code = parameter(&location(&answer), "code");
    let form = format!(
        "grant_type=authorization_code&code={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F\
         &client_id={DESKTOP}&client_secret=desk&code_verifier={VERIFIER}",
        code.replace('/', "%2F")
    );
    let answer = tape.send(post(TOKEN, &form)).await.unwrap();
    assert_eq!(answer.status(), 200, "{answer:?}");
    let tokens = json(&answer);
    assert!(!field(&tokens, "id_token").is_empty());
    let form = format!(
        "grant_type=refresh_token&refresh_token={}&client_id={DESKTOP}&client_secret=desk",
        field(&tokens, "refresh_token").replace('/', "%2F")
    );
    let answer = tape.send(post(TOKEN, &form)).await.unwrap();
    assert_eq!(answer.status(), 200);
    let fresh = field(&json(&answer), "access_token");
    let call = http::Request::get("https://openidconnect.googleapis.com/v1/userinfo")
        .header("authorization", format!("Bearer {fresh}"))
        .body(bytes::Bytes::new())
        .unwrap();
    assert_eq!(tape.send(call).await.unwrap().status(), 200);
    tape.cassette()
}

pub async fn service_account(world: &World) -> Cassette {
    let tape = taping(world);
    let account = ServiceAccount::new(ROBOT, &PrivateKey::from_pem(KEY).unwrap()).unwrap();
    let scopes = ScopeNames::parse("https://www.googleapis.com/auth/calendar").unwrap();
    let call = account.exchange(&scopes, world.now()).unwrap();
    run(&call, &tape).await.unwrap();
    tape.cassette()
}
