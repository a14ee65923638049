//! Rows 1 to 7, 12, 13, 22, 24: the way to the code.

use gdata_auth::{
    Exchange, Kind,
    emulator::Rotation,
    oauth2::{Client, ClientKind, CodeVerifier, Discovery, Grant, Provider, Redirect},
    run,
    scope::ScopeNames,
    wire::query::Pairs,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    YOUTUBE, app, ask, ask_with, browse, get, sources,
    support::{
        oauth2::{
            BACK, TOKEN, code_form, link, parameter, post, refresh_form, tokens, world, world_with,
        },
        world::{Counted, text},
    },
};

#[test]
fn row_01_pkce_is_always_s256_and_plain_cannot_be_made() {
    let world = world();
    for client in [app(), Client::web("w", "s").unwrap()] {
        let pending = client
            .authorize("https://www.example.com/")
            .scopes(ScopeNames::parse(YOUTUBE).unwrap());
        let pending = match client.kind() {
            ClientKind::Web => pending.begin(&[3; 96], world.now()).unwrap(),
            _ => ask(&client, world.now()),
        };
        let link = pending.link();
        assert_eq!(parameter(link, "code_challenge_method"), "S256");
        assert_eq!(parameter(link, "code_challenge").len(), 43);
    }
    assert_eq!(CodeVerifier::METHOD, "S256");
    assert!(
        sources()
            .iter()
            .all(|(name, text)| !name.contains("scheme/oauth2") || !text.contains("\"plain\"")),
        "no client code knows the method plain"
    );
}

#[tokio::test]
async fn row_02_a_code_is_good_for_its_own_verifier_alone() {
    let world = world();
    let (mine, theirs) = (ask(&app(), world.now()), ask(&app(), world.now()));
    let stolen = parameter(&world.google.browse(theirs.link()).unwrap(), "code");
    let state = parameter(mine.link(), "state");
    let injected = format!("{BACK}?code={stolen}&state={state}").replace("/0", "%2F0");
    let exchange = mine
        .finish(&app(), &Redirect::parse(&injected).unwrap(), world.now())
        .unwrap();
    let error = run(&exchange, &world.google).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Revoked);
    assert!(
        world.reason().contains("code_verifier"),
        "{}",
        world.reason()
    );
}

#[tokio::test]
async fn row_03_a_wrong_missing_or_reused_state_makes_no_token_call() {
    let world = world();
    let redirect = browse(&world, &ask(&app(), world.now()));
    let calls = world.google.journal().len();
    let error = ask(&app(), world.now())
        .finish(&app(), &redirect, world.now())
        .unwrap_err();
    assert!(error.to_string().starts_with("state:"));
    let bare = Redirect::parse(&format!("{BACK}?code=4%2F0x")).unwrap();
    assert!(
        ask(&app(), world.now())
            .finish(&app(), &bare, world.now())
            .is_err()
    );
    assert_eq!(world.google.journal().len(), calls, "nothing was sent");
    // A pending consent is consumed by `finish`: using it again does not compile. A copy of its serialised form
    // gets no further than the server, which knows the code.
    let pending = ask(&app(), world.now());
    let copy = serde_json::from_str(&serde_json::to_string(&pending).unwrap());
    let copy: gdata_auth::oauth2::PendingAuthorization = copy.unwrap();
    let redirect = browse(&world, &pending);
    let first = pending.finish(&app(), &redirect, world.now()).unwrap();
    let second = copy.finish(&app(), &redirect, world.now()).unwrap();
    assert!(run(&first, &world.google).await.is_ok());
    assert!(run(&second, &world.google).await.is_err());
}

#[tokio::test]
async fn row_04_redirect_addresses_match_exactly_on_both_sides() {
    let world = world();
    let pending = ask(&app(), world.now());
    let state = parameter(pending.link(), "state");
    let elsewhere = Redirect::parse(&format!("http://127.0.0.1:49152/x?code=c&state={state}"));
    assert!(
        pending
            .finish(&app(), &elsewhere.unwrap(), world.now())
            .is_err()
    );
    for evil in [
        "https%3A%2F%2Fevil.test%2F",
        "http%3A%2F%2F127.0.0.1.evil.test%2F",
        "http%3A%2F%2Fevil.test%3A80%40127.0.0.1%2F",
    ] {
        let link = link(YOUTUBE, "").replace("http%3A%2F%2F127.0.0.1%3A49152%2F", evil);
        let answer = world.send(get(&link)).await;
        assert_eq!(answer.status(), 400, "{evil}");
        assert!(text(&answer).contains("redirect_uri_mismatch"));
    }
}

#[test]
fn row_05_the_code_of_another_issuer_is_an_error() {
    let world = world_with(|config| config.send_iss = true);
    let pending = ask(&app(), world.now());
    let back = world.google.browse(pending.link()).unwrap();
    assert_eq!(parameter(&back, "iss"), "https://accounts.google.com");
    let mixed = back.replace("accounts.google.com", "accounts.evil.test");
    let error = pending
        .finish(&app(), &Redirect::parse(&mixed).unwrap(), world.now())
        .unwrap_err();
    assert!(error.to_string().starts_with("iss:"));
    let pending = ask(&app(), world.now());
    let redirect = browse(&world, &pending);
    assert!(pending.finish(&app(), &redirect, world.now()).is_ok());
}

#[tokio::test]
async fn row_06_there_is_no_implicit_and_no_password_grant() {
    let world = world();
    let implicit = link(YOUTUBE, "").replace("response_type=code", "response_type=token");
    assert_eq!(world.send(get(&implicit)).await.status(), 400);
    let form = "grant_type=password&username=ann%40example.com&password=secret&client_id=c";
    assert_eq!(Grant::read(&Pairs::parse(form).unwrap()).unwrap(), None);
    let answer = world.send(post(TOKEN, form)).await;
    assert!(text(&answer).contains("unsupported_grant_type"));
}

#[tokio::test]
async fn row_07_reuse_of_a_rotated_refresh_token_ends_its_family() {
    let world = world_with(|config| config.rotate_refresh_tokens = Rotation::Strict);
    let granted = tokens(&world, YOUTUBE).await;
    let first = granted["refresh_token"].as_str().unwrap();
    let answer = world.send(post(TOKEN, &refresh_form(first))).await;
    let second: serde_json::Value = serde_json::from_str(&text(&answer)).unwrap();
    let second = second["refresh_token"].as_str().unwrap();
    assert_ne!(first, second);
    assert_eq!(
        world.send(post(TOKEN, &refresh_form(first))).await.status(),
        400
    );
    assert_eq!(
        world
            .send(post(TOKEN, &refresh_form(second)))
            .await
            .status(),
        400
    );
}

#[tokio::test]
async fn row_12_no_embedded_browser_and_no_browser_opened_by_the_library() {
    let world = world();
    let mut request = get(&link(YOUTUBE, ""));
    let webview =
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/120.0 Mobile";
    let webview = http::HeaderValue::from_static(webview);
    request.headers_mut().insert("user-agent", webview);
    let answer = world.send(request).await;
    assert!(text(&answer).contains("disallowed_useragent"));
    for (name, text) in sources() {
        let opens = ["xdg-open", "webbrowser", "WebView"]
            .iter()
            .any(|word| text.contains(word));
        assert!(!opens || name.contains("/cli/"), "{name}");
    }
}

#[tokio::test]
async fn row_13_the_receiver_binds_loopback_alone_and_checks_the_host() {
    use gdata_auth::client::LoopbackReceiver;
    let receiver = LoopbackReceiver::open(0).unwrap();
    let address = receiver.redirect_uri();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    let port: u16 = address["http://127.0.0.1:".len()..]
        .trim_end_matches('/')
        .parse()
        .unwrap();
    // Another address of this machine does not lead to it.
    let outside = tokio::net::UdpSocket::bind("0.0.0.0:0").await.unwrap();
    if outside.connect("192.0.2.1:9").await.is_ok() {
        let own = outside.local_addr().unwrap().ip();
        if !own.is_loopback() {
            assert!(
                tokio::net::TcpStream::connect((own, port)).await.is_err(),
                "{own}"
            );
        }
    }
    for host in ["evil.test", "evil.test:80", "127.0.0.1.evil.test"] {
        let mut socket = tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .unwrap();
        let head =
            format!("GET /?state=x&code=c HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    }
}

#[tokio::test]
async fn row_16_metadata_must_be_of_the_issuer_that_was_asked() {
    let world = world();
    let call = Discovery::new("https://accounts.google.com").unwrap();
    let provider = run(&call, &world.google).await.unwrap();
    assert_eq!(
        provider.token_endpoint(),
        Provider::google().token_endpoint()
    );
    let forged = Discovery::new("https://accounts.example.com").unwrap();
    let answer = world.send(call.request()).await;
    assert!(
        forged
            .parse(&answer)
            .unwrap_err()
            .to_string()
            .starts_with("issuer:")
    );
}

#[tokio::test]
async fn row_22_a_code_is_good_once_and_ten_minutes_and_not_left_in_the_address() {
    let world = world();
    let back = world.google.browse(&link(YOUTUBE, "")).unwrap();
    let code = parameter(&back, "code");
    assert_eq!(
        world.send(post(TOKEN, &code_form(&code))).await.status(),
        200
    );
    assert_eq!(
        world.send(post(TOKEN, &code_form(&code))).await.status(),
        400
    );
    let late = parameter(&world.google.browse(&link(YOUTUBE, "")).unwrap(), "code");
    world.pass(601);
    assert_eq!(
        world.send(post(TOKEN, &code_form(&late))).await.status(),
        400
    );
    // tests/client_loopback.rs: the receiver answers 303 to an address without the code.
    let pending = ask(&app(), world.now());
    assert!(!format!("{:?}", browse(&world, &pending)).contains("4/0"));
}

#[test]
fn row_24_state_and_verifier_have_256_random_bits_each() {
    let world = world();
    let pending = ask_with(&app(), world.now(), &Counted::default());
    let other = ask_with(&app(), world.now(), &Counted::default());
    assert_eq!(pending.link(), other.link(), "all randomness is injected");
    let (one, two) = (ask(&app(), world.now()), ask(&app(), world.now()));
    for name in ["state", "code_challenge"] {
        let (one, two) = (parameter(one.link(), name), parameter(two.link(), name));
        assert_eq!(one.len(), 43, "{name}: 32 bytes");
        assert_ne!(one, two, "{name}");
    }
    assert_ne!(
        parameter(one.link(), "state"),
        parameter(one.link(), "code_challenge")
    );
}
