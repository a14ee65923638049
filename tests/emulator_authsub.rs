//! The emulator's four AuthSub endpoints: what it grants, what it refuses, and what it says.

mod support;

use bytes::Bytes;
use gdata_auth::{
    Kind, Stamp, Timestamp,
    authsub::{Accounts, AuthSubRequest, SessionToken, SingleUseToken},
    emulator::{Consent, Site, User},
};
use support::world::{
    CALENDARS, CERTIFICATE, NEXT, SITE, START, UPLOADS, World, YOUTUBE, authorized, get, text,
};

#[tokio::test]
async fn plays_a_plain_life_from_consent_to_revocation() {
    let world = World::new();
    let session = world.plain_session().await;
    assert!(session.secret().expose().starts_with("1/"));
    assert_eq!(session.secret().expose().len(), 45);

    assert_eq!(world.get(&session, UPLOADS).await.status(), 200);
    let info = world
        .run(session.token_info(&Accounts::google(), &world.stamp()))
        .await
        .unwrap();
    assert_eq!(info.target(), SITE);
    assert!(!info.is_secure());
    assert_eq!(info.scopes().to_string(), YOUTUBE);

    world
        .run(session.revoke(&Accounts::google(), &world.stamp()))
        .await
        .unwrap();
    let answer = world.get(&session, UPLOADS).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(world.reason(), "the token was revoked");
    assert_eq!(
        session.explain(UPLOADS, &answer).unwrap().kind(),
        Kind::Revoked
    );
}

#[tokio::test]
async fn an_unknown_token_gets_the_401_of_199_bytes() {
    let world = World::new();
    let stranger = SessionToken::new("1/never-issued").unwrap();
    let answer = world.get(&stranger, UPLOADS).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.body().len(), 199);
    assert_eq!(
        text(&answer),
        "<HTML>\n<HEAD>\n<TITLE>Token invalid - Invalid AuthSub token.</TITLE>\n</HEAD>\n\
         <BODY BGCOLOR=\"#FFFFFF\" TEXT=\"#000000\">\n\
         <H1>Token invalid - Invalid AuthSub token.</H1>\n<H2>Error 401</H2>\n</BODY>\n</HTML>\n"
    );
    let headers = answer.headers();
    assert_eq!(
        headers["www-authenticate"],
        "AuthSub realm=\"http://www.google.com/accounts/AuthSubRequest\""
    );
    assert_eq!(headers["content-type"], "text/html; charset=UTF-8");
    assert_eq!(headers["cache-control"], "private, max-age=0");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["x-frame-options"], "SAMEORIGIN");
    assert_eq!(headers["x-xss-protection"], "1; mode=block");
    assert_eq!(headers["server"], "GSE");
}

#[tokio::test]
async fn what_is_echoed_is_escaped() {
    let world = World::new();
    let request = http::Request::get("https://www.google.com/accounts/AuthSubRevokeToken")
        .header(
            "authorization",
            "AuthSub token=<script>alert(1)</script>&'x",
        )
        .body(Bytes::new())
        .unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.status(), 403);
    let body = text(&answer);
    assert!(
        body.contains(
            "<TITLE>Invalid token: Cannot parse AuthSub token: \
         &lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;x</TITLE>"
        ),
        "{body}"
    );
    assert!(body.contains("<H2>Error 403</H2>"));
}

#[tokio::test]
async fn any_call_burns_a_single_use_token() {
    let world = World::new();
    for address in [
        "https://www.google.com/accounts/AuthSubTokenInfo",
        "https://www.google.com/accounts/AuthSubSessionToken",
        UPLOADS,
        CALENDARS,
    ] {
        let token = world.single_use(&world.link(YOUTUBE));
        let as_session = SessionToken::new(token.secret().clone()).unwrap();
        world.get(&as_session, address).await;
        let again = token.exchange(&Accounts::google(), &world.stamp());
        let error = world.run(again).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Revoked, "{address}: {error}");
        assert_eq!(
            world.reason(),
            "the single-use token was spent before",
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_call_that_is_not_signed_burns_a_secure_single_use_token_too() {
    let world = World::new();
    let token = world.single_use(&world.link(YOUTUBE).secure(true));
    let unsigned = SessionToken::new(token.secret().clone()).unwrap();
    assert_eq!(world.get(&unsigned, UPLOADS).await.status(), 401);
    assert_eq!(
        world.reason(),
        "the token is secure, but the request is not signed"
    );
    let exchange = token.exchange(&Accounts::google(), &world.stamp());
    world.run(exchange).await.unwrap_err();
    assert_eq!(world.reason(), "the single-use token was spent before");
}

#[tokio::test]
async fn a_token_of_session_0_authorises_one_request_and_no_exchange() {
    let world = World::new();
    let link = world.link(YOUTUBE).session(false);

    let token = world.single_use(&link);
    let (mut parts, body) = get(UPLOADS).into_parts();
    token.authorize(&mut parts, &world.stamp()).unwrap();
    assert_eq!(
        world
            .send(http::Request::from_parts(parts.clone(), body))
            .await
            .status(),
        200
    );
    let again = http::Request::from_parts(parts, Bytes::new());
    assert_eq!(world.send(again).await.status(), 401);

    let token = world.single_use(&link);
    let error = world
        .run(token.exchange(&Accounts::google(), &world.stamp()))
        .await
        .unwrap_err();
    assert_eq!(
        world.reason(),
        "the link asked for session=0, so the token cannot be exchanged"
    );
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_session_token_cannot_be_exchanged_again() {
    let world = World::new();
    let session = world.plain_session().await;
    let again = SingleUseToken::new(session.secret().clone()).unwrap();
    world
        .run(again.exchange(&Accounts::google(), &world.stamp()))
        .await
        .unwrap_err();
    assert_eq!(
        world.reason(),
        "only a single-use token can be exchanged; this is a session token"
    );
}

#[tokio::test]
async fn a_secure_token_needs_a_good_signature_on_every_call() {
    let world = World::new();
    let session = world.secure_session().await;
    assert_eq!(world.get(&session, UPLOADS).await.status(), 200);
    let info = world
        .run(session.token_info(&Accounts::google(), &world.stamp()))
        .await
        .unwrap();
    assert!(info.is_secure());

    let unsigned = SessionToken::new(session.secret().clone()).unwrap();
    assert_eq!(world.get(&unsigned, UPLOADS).await.status(), 401);
    assert_eq!(
        world.reason(),
        "the token is secure, but the request is not signed"
    );

    let other = include_str!("../fixtures/keys/insecure-rsa1024-pkcs8.pem");
    let other = gdata_auth::crypto::PrivateKey::from_pem(other).unwrap();
    let forged = SessionToken::new(session.secret().clone())
        .unwrap()
        .secured_by(other.signer());
    assert_eq!(world.get(&forged, UPLOADS).await.status(), 401);
    assert!(
        world
            .reason()
            .starts_with("sig: not made by the key of www.example.com"),
        "{}",
        world.reason()
    );
    assert_eq!(world.get(&session, UPLOADS).await.status(), 200);
}

#[tokio::test]
async fn a_signature_holds_for_one_method_and_one_address() {
    let world = World::new();
    let session = world.secure_session().await;
    let signed = |address: &str| authorized(&session, get(address), &world.stamp());

    let mut moved = signed(UPLOADS);
    *moved.uri_mut() = format!("{UPLOADS}?max-results=1").parse().unwrap();
    assert_eq!(world.send(moved).await.status(), 401);
    assert!(world.reason().starts_with("query: "), "{}", world.reason());

    let mut posted = signed(UPLOADS);
    *posted.method_mut() = http::Method::POST;
    assert_eq!(world.send(posted).await.status(), 401);
    assert_eq!(
        world.reason(),
        "method: signed for GET, but the request has POST"
    );

    let mut elsewhere = signed("http://gdata.youtube.com/feeds/api/videos/x");
    *elsewhere.uri_mut() = UPLOADS.parse().unwrap();
    assert_eq!(world.send(elsewhere).await.status(), 401);
    assert!(world.reason().starts_with("path: "), "{}", world.reason());
}

#[tokio::test]
async fn a_nonce_counts_once_and_a_timestamp_for_ten_minutes() {
    let world = World::new();
    let session = world.secure_session().await;
    let stamp = Stamp::new(world.now(), "00812").unwrap();
    let request = || authorized(&session, get(UPLOADS), &stamp);
    assert_eq!(world.send(request()).await.status(), 200);
    assert_eq!(world.send(request()).await.status(), 401);
    assert_eq!(
        world.reason(),
        "nonce: this timestamp and nonce were used before"
    );

    // The same nonce at another second is another pair.
    world.pass(1);
    let later = Stamp::new(world.now(), "00812").unwrap();
    let answer = world.send(authorized(&session, get(UPLOADS), &later)).await;
    assert_eq!(answer.status(), 200);

    for (offset, status) in [(-600, 200), (600, 200), (-601, 401), (601, 401)] {
        let moment = Timestamp::from_unix_seconds(world.now().unix_seconds() + offset);
        let stamp = Stamp::numbered(moment, 77);
        let answer = world.send(authorized(&session, get(UPLOADS), &stamp)).await;
        assert_eq!(answer.status(), status, "{offset}: {}", world.reason());
    }
    assert_eq!(
        world.reason(),
        "timestamp: 601 s from this clock, at most 600 s are allowed"
    );
}

#[tokio::test]
async fn a_replay_is_refused_for_as_long_as_its_timestamp_is_taken() {
    let world = World::new();
    let session = world.secure_session().await;
    let stamp = Stamp::numbered(world.now(), 5);
    let request = || authorized(&session, get(UPLOADS), &stamp);
    assert_eq!(world.send(request()).await.status(), 200);
    for _ in 0..7 {
        world.pass(100);
        assert_eq!(world.send(request()).await.status(), 401);
    }
    assert!(
        world.reason().starts_with("timestamp: 700 s"),
        "{}",
        world.reason()
    );
}

#[tokio::test]
async fn a_scope_covers_its_prefix_and_scheme_only() {
    let world = World::new();
    let session = world.plain_session().await;
    let answer = world.get(&session, CALENDARS).await;
    assert_eq!(answer.status(), 401);
    assert!(text(&answer).contains("<H1>Token invalid - AuthSub token has wrong scope</H1>"));
    let error = session.explain(CALENDARS, &answer).unwrap();
    assert_eq!(error.kind(), Kind::Scope);
    assert!(error.to_string().contains(YOUTUBE), "{error}");

    let other_scheme = UPLOADS.replace("http://", "https://");
    let answer = world.get(&session, &other_scheme).await;
    assert_eq!(answer.status(), 401);
    let error = session.explain(&other_scheme, &answer).unwrap();
    assert_eq!(error.kind(), Kind::Scope);
    assert!(error.to_string().contains("https"), "{error}");

    let lenient = World::with(|mut config| {
        config.scope_scheme_matters = false;
        config
    });
    let session = lenient.plain_session().await;
    assert_eq!(lenient.get(&session, &other_scheme).await.status(), 200);
}

#[tokio::test]
async fn a_default_port_in_host_is_answered_as_a_wrong_scope() {
    let world = World::new();
    let session = world.plain_session().await;
    let request = http::Request::get("/feeds/api/users/default/uploads")
        .header("host", "gdata.youtube.com:443")
        .header(
            "authorization",
            format!("AuthSub token={}", session.secret().expose()),
        )
        .body(Bytes::new())
        .unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.status(), 401);
    assert!(text(&answer).contains("wrong scope"));
    assert_eq!(
        world.reason(),
        "Host: carries the default port; send it without"
    );
}

#[tokio::test]
async fn a_header_of_another_scheme_is_unknown() {
    let world = World::new();
    for value in ["Negotiate abc", "Basic eDp5", "AuthSubs token=x"] {
        let request = http::Request::get(UPLOADS)
            .header("authorization", value)
            .body(Bytes::new())
            .unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status(), 401, "{value}");
        assert!(
            text(&answer).contains("<H1>Unknown authorization header</H1>"),
            "{value}"
        );
        assert!(answer.headers().contains_key("www-authenticate"), "{value}");
    }
    let answer = world.send(get(UPLOADS)).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(world.reason(), "the request has no Authorization header");
}

#[tokio::test]
async fn session_tokens_end_when_they_are_configured_to() {
    let world = World::with(|mut config| {
        config.session_seconds = Some(3600);
        config
    });
    let session = world.plain_session().await;
    assert_eq!(
        session.expires_at(),
        Some(Timestamp::from_unix_seconds(START + 3600))
    );
    world.pass(3599);
    assert_eq!(world.get(&session, UPLOADS).await.status(), 200);
    world.pass(1);
    let answer = world.get(&session, UPLOADS).await;
    assert!(text(&answer).contains("<H1>Token expired</H1>"));
    assert_eq!(
        session.explain(UPLOADS, &answer).unwrap().kind(),
        Kind::Expired
    );
}

#[tokio::test]
async fn tokens_have_the_form_of_2006_on_request() {
    let world = World::with(|mut config| {
        config.classic_tokens = true;
        config
    });
    let token = world.single_use(&world.link(YOUTUBE));
    let text = token.secret().expose();
    assert!(text.starts_with('C') && text.len() == 17, "{text}");
}

#[test]
fn a_link_that_cannot_be_shown_says_why() {
    let world = World::new();
    let cases = [
        ("", "next: "),
        ("?next=http://a.test/", "scope: "),
        ("?next=upload.html&scope=http://a.test/", "next: "),
        (
            "?next=http://a.test/&scope=http://b.test/&secure=1",
            "secure: a.test asks for a secure token",
        ),
        (
            "?next=http://a.test/&scope=http://b.test/&hd=nobody.test",
            "hd: ",
        ),
    ];
    for (query, start) in cases {
        let request = get(&format!(
            "https://www.google.com/accounts/AuthSubRequest{query}"
        ));
        let answer = world.google.handle(world.now(), &request);
        assert_eq!(answer.status(), 400, "{query}");
        assert!(
            world.reason().starts_with(start),
            "{query}: {}",
            world.reason()
        );
    }
}

#[test]
fn the_page_asks_once_and_takes_one_answer() {
    let world = World::with(|config| config.with_consent(Consent::Ask));
    let link = world.link(YOUTUBE).secure(true);
    let page = world.google.handle(world.now(), &get(&link.to_string()));
    assert_eq!(page.status(), 200);
    let html = text(&page);
    for expected in [
        "www.example.com asks for access to your Google Account",
        "YouTube: see and manage your videos and your channel",
        "<code>http://gdata.youtube.com/feeds/</code>",
        "This website signs every request",
        "It may keep access until you revoke it.",
        "ann@example.com",
        "ben@example.org",
        "value=\"allow\"",
        "value=\"deny\"",
    ] {
        assert!(html.contains(expected), "{expected} is not on the page");
    }
    let (_, rest) = html.split_once("name=\"consent\" value=\"").unwrap();
    let (number, _) = rest.split_once('"').unwrap();
    let decide = |body: String| {
        let request = http::Request::post("https://www.google.com/accounts/AuthSubConsent")
            .body(Bytes::from(body))
            .unwrap();
        world.google.handle(world.now(), &request)
    };
    let answer = decide(format!(
        "consent={number}&user=ben%40example.org&decision=allow"
    ));
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(
        location.starts_with("http://www.example.com/upload.html?lang=en&token=1%2F"),
        "{location}"
    );
    link.read_redirect(location).unwrap();

    let again = decide(format!(
        "consent={number}&user=ben%40example.org&decision=allow"
    ));
    assert_eq!(again.status(), 400);
    for body in ["", "decision=allow", "consent=guess&decision=allow", "%zz"] {
        assert_eq!(decide(body.to_owned()).status(), 400, "{body}");
    }
}

#[test]
fn a_refusal_sends_the_browser_back_to_next_as_it_was() {
    let world = World::with(|config| config.with_consent(Consent::Deny));
    let link = world.link(YOUTUBE);
    assert_eq!(world.google.browse(&link.to_string()).unwrap(), NEXT);
}

#[test]
fn what_a_link_holds_is_escaped_on_the_page() {
    let world = World::with(|config| config.with_consent(Consent::Ask));
    let link = "https://www.google.com/accounts/AuthSubRequest?next=http://a.test/%3C%22%27\
                &scope=http://b.test/%3Cscript%3E%22%27";
    let answer = world.google.handle(world.now(), &get(link));
    let html = text(&answer);
    assert!(!html.contains("<script>"), "{html}");
    let refused = world.google.handle(
        world.now(),
        &get("https://www.google.com/accounts/AuthSubRequest?next=http://a.test/&scope=http://b.test/&hd=%3Cb%3E"),
    );
    assert!(!text(&refused).contains("<b>"));
}

#[test]
fn hd_limits_the_accounts_to_its_domain() {
    let world = World::with(|mut config| {
        config.user.push(User::new("eve@corp.test", "Eve"));
        config.with_consent(Consent::Ask)
    });
    let page = |hd: &str| {
        let link = world.link(YOUTUBE).hd(hd).unwrap();
        text(&world.google.handle(world.now(), &get(&link.to_string())))
    };
    assert!(page("corp.test").contains("eve@corp.test"));
    assert!(!page("corp.test").contains("ann@example.com"));
    assert!(page("default").contains("ann@example.com"));
}

#[test]
fn the_consent_page_takes_a_post_as_the_youtube_page_says() {
    let world = World::new();
    let link = world.link(YOUTUBE);
    let request = http::Request::post("https://www.google.com/accounts/AuthSubRequest")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(link.query()))
        .unwrap();
    let answer = world.google.handle(world.now(), &request);
    assert_eq!(answer.status(), 302);
}

#[test]
fn the_token_calls_are_gets() {
    let world = World::new();
    for (call, method) in [
        ("AuthSubSessionToken", "POST"),
        ("AuthSubTokenInfo", "POST"),
        ("AuthSubRevokeToken", "POST"),
        ("AuthSubSessionToken", "HEAD"),
        ("AuthSubRevokeToken", "HEAD"),
    ] {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("https://www.google.com/accounts/{call}"))
            .body(Bytes::new())
            .unwrap();
        let answer = world.google.handle(world.now(), &request);
        assert_eq!(answer.status(), 405, "{call}");
        assert_eq!(answer.headers()["allow"], "GET");
    }
}

#[tokio::test]
async fn a_client_that_names_no_host_uses_googles_paths_on_loopback() {
    let world = World::new();
    let accounts = Accounts::at("http://127.0.0.1:8080/accounts").unwrap();
    let link = world.link(YOUTUBE).at(&accounts).secure(true);
    let token = world.single_use(&link);
    let session = world
        .run(token.exchange(&accounts, &world.stamp()))
        .await
        .unwrap();
    let uploads = "http://127.0.0.1:8080/feeds/api/users/default/uploads?v=2&max-results=5";
    assert_eq!(world.get(&session, uploads).await.status(), 200);

    // In origin form, as it comes from a socket.
    let signed = authorized(&session, get(uploads), &world.stamp());
    let request = http::Request::get("/feeds/api/users/default/uploads?v=2&max-results=5")
        .header("host", "127.0.0.1:8080")
        .header("authorization", signed.headers()["authorization"].clone())
        .body(Bytes::new())
        .unwrap();
    assert_eq!(world.send(request).await.status(), 200);
}

#[tokio::test]
async fn requests_without_a_host_or_with_two_are_refused() {
    let world = World::new();
    let none = get("/accounts/AuthSubTokenInfo");
    assert_eq!(world.send(none).await.status(), 400);
    let two = http::Request::get("/accounts/AuthSubTokenInfo")
        .header("host", "a.test")
        .header("host", "b.test")
        .body(Bytes::new())
        .unwrap();
    assert_eq!(world.send(two).await.status(), 400);
    let unknown = get("http://elsewhere.test/accounts/AuthSubTokenInfo");
    assert_eq!(world.send(unknown).await.status(), 404);
}

#[test]
fn a_site_whose_certificate_cannot_be_read_is_named() {
    let config = gdata_auth::emulator::Config::new().with_site(Site::new("a.test", "nonsense"));
    let error = gdata_auth::emulator::Emulator::with(config).unwrap_err();
    assert!(error.to_string().starts_with("site a.test: "), "{error}");
    let mut config =
        gdata_auth::emulator::Config::new().with_site(Site::new("a.test", CERTIFICATE));
    config.user.clear();
    assert_eq!(
        gdata_auth::emulator::Emulator::with(config)
            .unwrap_err()
            .kind(),
        Kind::Input
    );
}

#[test]
fn the_journal_is_one_plain_line_whatever_a_client_sends() {
    let world = World::new();
    let link = "https://www.google.com/accounts/AuthSubRequest?%0aforged=%zz";
    world.google.handle(world.now(), &get(link));
    let path = get("http://gdata.youtube.com/\u{9b}31m\u{202e}x");
    world.google.handle(world.now(), &path);
    for entry in world.google.journal() {
        let line = entry.to_string();
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
        assert!(!line.contains('\u{202e}'), "{line:?}");
    }
}

#[test]
fn an_observer_may_ask_the_emulator() {
    let world = World::new();
    let google = world.google.clone();
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = seen.clone();
    let inner = google.clone();
    let google = google.observed(move |_| {
        count.fetch_add(inner.journal().len(), std::sync::atomic::Ordering::Relaxed);
    });
    google.handle(world.now(), &get(UPLOADS));
    assert_eq!(seen.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[test]
fn a_site_is_a_bare_host_that_stands_once() {
    for host in ["http://a.test", "a.test:80", "a.test/x", "", "a b"] {
        let config = gdata_auth::emulator::Config::new().with_site(Site::new(host, CERTIFICATE));
        let error = gdata_auth::emulator::Emulator::with(config).unwrap_err();
        assert!(
            error.to_string().starts_with("site: expected a bare host"),
            "{host}: {error}"
        );
    }
    let config = gdata_auth::emulator::Config::new()
        .with_site(Site::new("a.test", CERTIFICATE))
        .with_site(Site::new("A.test", CERTIFICATE));
    let error = gdata_auth::emulator::Emulator::with(config).unwrap_err();
    assert!(error.to_string().contains("once"), "{error}");
}

#[tokio::test]
async fn a_host_that_is_named_on_plain_http_is_of_the_scheme_http() {
    let world = World::new();
    let session = world
        .session(&world.link("https://gdata.youtube.com/feeds/"))
        .await;
    let ask = |forwarded: Option<&str>| {
        let mut request = http::Request::get("/feeds/api/users/default/uploads")
            .header("host", "gdata.youtube.com")
            .header(
                "authorization",
                format!("AuthSub token={}", session.secret().expose()),
            );
        if let Some(scheme) = forwarded {
            request = request.header("x-forwarded-proto", scheme);
        }
        request.body(Bytes::new()).unwrap()
    };
    assert_eq!(world.send(ask(None)).await.status(), 401);
    assert_eq!(world.send(ask(Some("https"))).await.status(), 200);
}

#[test]
fn the_journal_shows_no_secret() {
    let world = World::new();
    let back = world
        .google
        .browse(&world.link(YOUTUBE).to_string())
        .unwrap();
    let token = AuthSubRequest::new(NEXT)
        .unwrap()
        .read_redirect(&back)
        .unwrap()
        .into_token();
    let secret = token.secret().expose().to_owned();
    let session = SessionToken::new(secret.clone()).unwrap();
    let request = authorized(
        &session,
        get(&format!("{UPLOADS}?token={secret}")),
        &world.stamp(),
    );
    world.google.handle(world.now(), &request);
    for entry in world.google.journal() {
        assert!(!format!("{entry} {entry:?}").contains(&secret), "{entry}");
    }
}
