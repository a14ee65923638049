//! The calls of OAuth 1.0 as they go over the wire, and what their answers become.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Advice, BodyHint, Error, Exchange, Kind, Stamp, Timestamp,
    oauth1::{
        AccessToken, Accounts, AuthorizeLink, Callback, Consumer, Credential, MigrationGrant,
        Placement, Problem, RequestToken, TokenInfo, TokenReply, TokenRequest,
    },
    scope::ScopeSet,
};

const YOUTUBE: &str = "http://gdata.youtube.com/feeds/";

fn stamp() -> Stamp {
    Stamp::new(Timestamp::from_unix_seconds(1_300_000_000), "n0nce").unwrap()
}

fn reply(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(body.into())
        .unwrap()
}

fn plain() -> Consumer {
    Consumer::plaintext("example.com", "s").unwrap()
}

fn request_token(callback: Callback) -> RequestToken {
    RequestToken::new(plain(), "4/req", "rs", callback).unwrap()
}

fn access_token(consumer: Consumer) -> AccessToken {
    AccessToken::new(consumer, "1/acc", "as").unwrap()
}

fn parts(url: &str) -> http::request::Parts {
    let request = http::Request::get(url).body(()).unwrap();
    request.into_parts().0
}

/// Method, address, header, body.
fn wire(request: &http::Request<Bytes>) -> (String, String, String, String) {
    let header = request.headers().get("authorization");
    (
        request.method().to_string(),
        request.uri().to_string(),
        header
            .map_or("", |value| value.to_str().unwrap())
            .to_owned(),
        String::from_utf8(request.body().to_vec()).unwrap(),
    )
}

#[test]
fn the_calls_as_they_go_over_the_wire() {
    // PLAINTEXT, so that the whole text can be written down by hand.
    let accounts = Accounts::at("http://127.0.0.1:8080/accounts").unwrap();
    let asked = TokenRequest::new(plain())
        .scope(YOUTUBE)
        .unwrap()
        .callback(Callback::to("http://a.test/back?x=1").unwrap())
        .display_name("A name")
        .unwrap()
        .exchange(&accounts, &stamp())
        .unwrap();
    let own = "oauth_nonce=\"n0nce\", oauth_signature_method=\"PLAINTEXT\", oauth_timestamp=\"1300000000\"";
    let version = "oauth_version=\"1.0\"";
    assert_eq!(
        wire(&asked.request()),
        (
            "POST".to_owned(),
            "http://127.0.0.1:8080/accounts/OAuthGetRequestToken".to_owned(),
            format!(
                "OAuth oauth_callback=\"http%3A%2F%2Fa.test%2Fback%3Fx%3D1\", \
                 oauth_consumer_key=\"example.com\", {own}, {version}, oauth_signature=\"s%26\""
            ),
            "scope=http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F&xoauth_displayname=A%20name"
                .to_owned(),
        )
    );
    let granted = "oauth_token=4%2Freq&oauth_token_secret=rs&oauth_callback_confirmed=true";
    let token = asked.parse(&reply(200, granted)).unwrap();
    assert_eq!(
        token.authorize_link(&accounts).to_string(),
        "http://127.0.0.1:8080/accounts/OAuthAuthorizeToken?oauth_token=4%2Freq"
    );

    let exchange = token
        .read_redirect("http://a.test/back?x=1&oauth_verifier=v%2Fr&oauth_token=4%2Freq")
        .unwrap()
        .exchange(&accounts, &stamp())
        .unwrap();
    assert_eq!(
        wire(&exchange.request()),
        (
            "POST".to_owned(),
            "http://127.0.0.1:8080/accounts/OAuthGetAccessToken".to_owned(),
            format!(
                "OAuth oauth_consumer_key=\"example.com\", {own}, oauth_token=\"4%2Freq\", \
                 oauth_verifier=\"v%2Fr\", {version}, oauth_signature=\"s%26rs\""
            ),
            String::new(),
        )
    );
    let token = exchange
        .parse(&reply(200, "oauth_token=1%2Facc&oauth_token_secret=as"))
        .unwrap();
    assert_eq!(token.scopes().to_string(), YOUTUBE);
    assert_eq!(token.token().expose(), "1/acc");
    assert_eq!(token.secret().expose(), "as");

    let credential = Credential::from(token);
    let header = format!(
        "OAuth oauth_consumer_key=\"example.com\", {own}, oauth_token=\"1%2Facc\", {version}, \
         oauth_signature=\"s%26as\""
    );
    let info = credential.token_info(&accounts, &stamp()).unwrap();
    let get = |endpoint: &str| {
        let url = format!("http://127.0.0.1:8080/accounts/{endpoint}");
        ("GET".to_owned(), url, header.clone(), String::new())
    };
    assert_eq!(wire(&info.request()), get("AuthSubTokenInfo"));
    let revoke = credential.revoke(&accounts, &stamp()).unwrap();
    assert_eq!(wire(&revoke.request()), get("AuthSubRevokeToken"));
    revoke.parse(&reply(200, "")).unwrap();
}

#[test]
fn spells_requests_as_the_consumer_says() {
    // As the Java client: everything in the query, no oauth_version.
    let consumer = plain().placed_in(Placement::Query).sends_version(false);
    let credential = Credential::from(access_token(consumer));
    let mut once = parts("http://a.test/f?v=2");
    credential
        .authorize(&mut once, BodyHint::Empty, &stamp())
        .unwrap();
    let expected = "http://a.test/f?v=2&oauth_consumer_key=example.com&oauth_nonce=n0nce\
                    &oauth_signature_method=PLAINTEXT&oauth_timestamp=1300000000\
                    &oauth_token=1%2Facc&oauth_signature=s%26as";
    assert_eq!(once.uri, expected);
    // Signed anew, the old parameters go.
    credential
        .authorize(&mut once, BodyHint::Empty, &stamp())
        .unwrap();
    assert_eq!(once.uri, expected);

    // As the old Python client: an empty realm.
    let consumer = plain().realm("").unwrap();
    let mut request = parts("http://a.test/");
    Credential::two_legged(consumer)
        .authorize(&mut request, BodyHint::Empty, &stamp())
        .unwrap();
    assert_eq!(
        request.headers["authorization"],
        "OAuth realm=\"\", oauth_consumer_key=\"example.com\", oauth_nonce=\"n0nce\", \
         oauth_signature_method=\"PLAINTEXT\", oauth_timestamp=\"1300000000\", oauth_version=\"1.0\", \
         oauth_signature=\"s%26\""
    );
    assert!(request.headers["authorization"].is_sensitive());
}

#[test]
fn a_two_legged_request_names_its_user_in_the_query() {
    let consumer = Consumer::hmac("example.com", "sec").unwrap();
    let credential = Credential::on_behalf_of(consumer, "user@example.com").unwrap();
    for (url, expected) in [
        (
            "http://a.test/f",
            "http://a.test/f?xoauth_requestor_id=user%40example.com",
        ),
        (
            "http://a.test?v=2",
            "http://a.test/?v=2&xoauth_requestor_id=user%40example.com",
        ),
        (
            "http://a.test/?xoauth_requestor_id=user@example.com",
            "http://a.test/?xoauth_requestor_id=user@example.com",
        ),
    ] {
        let mut request = parts(url);
        credential
            .authorize(&mut request, BodyHint::Empty, &stamp())
            .unwrap();
        assert_eq!(request.uri, expected);
    }
    let mut other = parts("http://a.test/?xoauth_requestor_id=another");
    let error = credential
        .authorize(&mut other, BodyHint::Empty, &stamp())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "xoauth_requestor_id: expected the user of this credential, got another in the address"
    );
}

#[test]
fn refuses_to_sign_what_cannot_be_signed() {
    let credential = Credential::from(access_token(plain()));
    for (url, message) in [
        (
            "/feeds",
            "address: expected an absolute http or https address to sign, got a path",
        ),
        (
            "ftp://a.test/",
            "address: expected http or https, got another scheme",
        ),
        (
            "http://u@a.test/",
            "address: expected no user name before the host, got one",
        ),
        (
            "http://a.test/?q=%zz",
            "address: expected two hex digits after every %, got something else",
        ),
        (
            "http://a.test/?oauth%5Ftoken=x",
            "address: expected no OAuth parameter before signing, got oauth_token",
        ),
    ] {
        let error = credential
            .authorize(&mut parts(url), BodyHint::Empty, &stamp())
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert_eq!(error.to_string(), message);
    }
    let mut post = parts("http://a.test/");
    let error = credential
        .authorize(&mut post, BodyHint::Form(b"a=%"), &stamp())
        .unwrap_err();
    assert!(error.to_string().starts_with("form: "), "{error}");
    let early = Stamp::new(Timestamp::from_unix_seconds(-1), "1").unwrap();
    let error = credential
        .authorize(&mut post, BodyHint::Empty, &early)
        .unwrap_err();
    assert!(error.to_string().starts_with("timestamp: "), "{error}");
}

#[test]
fn refuses_values_that_no_request_carries() {
    let long = "x".repeat(Consumer::MAX + 1);
    let refusals: Vec<(Result<(), Error>, &str)> = vec![
        (Consumer::hmac("", "s").map(drop), "oauth_consumer_key: "),
        (
            Consumer::hmac("a\nb", "s").map(drop),
            "oauth_consumer_key: ",
        ),
        (
            Consumer::hmac("a", long.as_str()).map(drop),
            "consumer secret: ",
        ),
        (plain().realm("a\"b").map(drop), "realm: "),
        (
            AccessToken::new(plain(), "", "s").map(drop),
            "oauth_token: ",
        ),
        (
            AccessToken::new(plain(), "t", "a\0").map(drop),
            "oauth_token_secret: ",
        ),
        (Callback::to("back").map(drop), "oauth_callback: "),
        (
            Callback::to("javascript:alert(1)").map(drop),
            "oauth_callback: ",
        ),
        (
            Callback::to("http://a.test/ b").map(drop),
            "oauth_callback: ",
        ),
        (
            request_token(Callback::oob()).verified_by(" ").map(drop),
            "oauth_verifier: ",
        ),
        (
            AuthorizeLink::parse("hd=default").map(drop),
            "oauth_token: ",
        ),
        (
            AuthorizeLink::parse("oauth_token=a&oauth_token=b").map(drop),
            "oauth_token: ",
        ),
        (
            AuthorizeLink::parse("oauth_token=a&hl=<en>").map(drop),
            "hl: ",
        ),
        (TokenRequest::new(plain()).scope(" ").map(drop), "scope: "),
        (
            TokenRequest::new(plain()).scope("youtube").map(drop),
            "scope: ",
        ),
        (
            TokenRequest::new(plain()).display_name("a\tb").map(drop),
            "xoauth_displayname: ",
        ),
        (MigrationGrant::new("").map(drop), "client_id: "),
        (
            MigrationGrant::new("c")
                .unwrap()
                .at("http://accounts.test/token")
                .map(drop),
            "token endpoint: ",
        ),
        (
            Accounts::at("http://accounts.test/").map(drop),
            "accounts: ",
        ),
        (
            Accounts::at("https://accounts.test/?a").map(drop),
            "accounts: ",
        ),
        (Accounts::at("/accounts").map(drop), "accounts: "),
        (
            Credential::on_behalf_of(plain(), "").map(drop),
            "xoauth_requestor_id: ",
        ),
    ];
    for (result, field) in refusals {
        let error = result.unwrap_err();
        assert!(error.to_string().starts_with(field), "{field} {error}");
    }
}

#[test]
fn reads_the_link_that_it_prints() {
    let link = AuthorizeLink::new("4/a+b")
        .unwrap()
        .hd("example.com")
        .unwrap()
        .hl("de")
        .unwrap()
        .btmpl("mobile")
        .unwrap()
        .callback(Callback::to("http://a.test/?x=1&y").unwrap());
    let query = "oauth_token=4%2Fa%2Bb&hd=example.com&hl=de&btmpl=mobile\
                 &oauth_callback=http%3A%2F%2Fa.test%2F%3Fx%3D1%26y";
    assert_eq!(link.query(), query);
    let read = AuthorizeLink::parse(query).unwrap();
    assert_eq!(read, link);
    assert_eq!(read.token().expose(), "4/a+b");
    assert_eq!(read.hosted_domain(), Some("example.com"));
    assert_eq!(read.language(), Some("de"));
    assert_eq!(read.template(), Some("mobile"));
    assert_eq!(
        read.callback_in_link().and_then(Callback::address),
        Some("http://a.test/?x=1&y")
    );
}

#[test]
fn puts_verifier_and_token_behind_the_callbacks_own_query() {
    for (callback, expected) in [
        (
            "http://a.test",
            "http://a.test?oauth_verifier=v&oauth_token=4%2Fa",
        ),
        (
            "http://a.test/?",
            "http://a.test/?oauth_verifier=v&oauth_token=4%2Fa",
        ),
        (
            "http://a.test/?x=1#f",
            "http://a.test/?x=1&oauth_verifier=v&oauth_token=4%2Fa#f",
        ),
    ] {
        let callback = Callback::parse(callback).unwrap();
        let granted = callback.granted("4/a", "v").unwrap();
        assert_eq!(granted, expected);
        let token = RequestToken::new(plain(), "4/a", "s", callback).unwrap();
        token.read_redirect(&granted).unwrap();
    }
    assert_eq!(Callback::oob().granted("a", "b"), None);
}

#[test]
fn tells_a_refusal_of_the_user_from_a_broken_redirect() {
    let callback = || Callback::to("http://a.test/back").unwrap();
    for (address, kind, message) in [
        (
            "http://a.test/back",
            Kind::Denied,
            "the user declined: the redirect carries no verifier",
        ),
        (
            "http://a.test/back?oauth_token=4%2Freq&oauth_problem=user_refused",
            Kind::Denied,
            "the user declined: the redirect carries no verifier",
        ),
        (
            "http://a.test/back?oauth_token=4%2Freq",
            Kind::Reply,
            "oauth_verifier: expected a verifier, got none",
        ),
        (
            "http://a.test/back?oauth_token=4%2Fother&oauth_verifier=v",
            Kind::Reply,
            "oauth_token: expected the request token that was sent, got another",
        ),
        (
            "http://a.test/back?oauth_verifier=v",
            Kind::Reply,
            "oauth_token: expected the request token that was sent, got another",
        ),
        (
            "http://a.test/back?oauth_token=4%2Freq&oauth_verifier=v&oauth_verifier=w",
            Kind::Reply,
            "oauth_verifier: expected the parameter once, got it more than once",
        ),
        (
            "https://a.test/back?oauth_token=4%2Freq&oauth_verifier=v",
            Kind::Reply,
            "redirect: expected the origin of the callback, got another host, scheme or port",
        ),
        (
            "http://a.test/other?oauth_token=4%2Freq&oauth_verifier=v",
            Kind::Reply,
            "redirect: expected the path of the callback, got another one",
        ),
    ] {
        let error = request_token(callback())
            .read_redirect(address)
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (kind, message),
            "{address}"
        );
    }
    // A framework hands over the path alone; the user types with blanks.
    let bare = "/back?oauth_token=4%2Freq&oauth_verifier=v";
    request_token(callback()).read_redirect(bare).unwrap();
    request_token(Callback::oob()).verified_by(" v3r ").unwrap();
}

#[test]
fn reads_the_answers_of_2013_and_no_others() {
    // legacy-protocol.md 4 and 8.3.
    let body = "oauth_token=4%2F5bNFM_efIu3yN-E9RrF1KfZzOAZG&oauth_token_secret=%2B4O49V9WUOkjXgpOobAtgYzy\
                &oauth_callback_confirmed=true";
    let read = TokenReply::parse(body.as_bytes()).unwrap();
    assert_eq!(read.token().expose(), "4/5bNFM_efIu3yN-E9RrF1KfZzOAZG");
    assert_eq!(read.secret().expose(), "+4O49V9WUOkjXgpOobAtgYzy");
    assert!(read.is_callback_confirmed());
    assert_eq!(read.to_body(), body);
    let again = TokenReply::new(read.token().expose(), read.secret().expose());
    assert_eq!(again.confirming_the_callback(), read);

    for (body, message) in [
        ("", "oauth_token: expected the parameter, got none"),
        (
            "oauth_token=&oauth_token_secret=s",
            "oauth_token: expected a token, got an empty one",
        ),
        (
            "oauth_token=t",
            "oauth_token_secret: expected the parameter, got none",
        ),
        (
            "oauth_token=t&oauth_token=u&oauth_token_secret=s",
            "oauth_token: expected the parameter once, got it more than once",
        ),
        ("<html>", "oauth_token: expected the parameter, got none"),
    ] {
        let error = TokenReply::parse(body.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    assert!(TokenReply::parse(b"oauth_token=\xff&oauth_token_secret=s").is_err());
    assert!(TokenReply::parse(&vec![b'a'; TokenReply::MAX + 1]).is_err());
}

#[test]
fn a_request_token_without_a_confirmed_callback_is_refused() {
    let exchange = TokenRequest::new(plain())
        .exchange(&Accounts::google(), &stamp())
        .unwrap();
    let error = exchange
        .parse(&reply(200, "oauth_token=t&oauth_token_secret=s"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "oauth_callback_confirmed: expected true, got none: the server speaks OAuth 1.0 without its revision A"
    );
    let error = exchange.parse(&reply(302, "")).unwrap_err();
    assert_eq!(error.to_string(), "status: expected 200, got 302");
    // A token that no header can carry.
    let body = "oauth_token=a%0Ab&oauth_token_secret=s&oauth_callback_confirmed=true";
    assert_eq!(
        exchange.parse(&reply(200, body)).unwrap_err().kind(),
        Kind::Reply
    );
}

#[test]
fn a_wrong_verifier_is_answered_as_google_did() {
    let exchange = request_token(Callback::oob())
        .verified_by("test")
        .unwrap()
        .exchange(&Accounts::google(), &stamp())
        .unwrap();
    let error = exchange
        .parse(&reply(400, "The token is invalid.\n\n"))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Revoked);
    assert_eq!(
        error.to_string(),
        "the server no longer accepts the token (400: The token is invalid.)"
    );
}

#[test]
fn problems_are_explained_wherever_they_are_named() {
    let credential =
        Credential::from(access_token(plain())).with_scopes(ScopeSet::parse(YOUTUBE).unwrap());
    let explained = |reply: &http::Response<Bytes>| {
        let error = credential.explain("http://gdata.youtube.com/feeds/api", reply);
        error.map(|error| (error.kind(), error.to_string(), error.advice()))
    };
    assert_eq!(explained(&reply(200, "")), None);
    assert_eq!(explained(&reply(302, "signature_invalid")), None);

    let late = reply(401, "timestamp_refused\n1300000000");
    assert_eq!(
        explained(&late),
        Some((
            Kind::Signature,
            "the timestamp is too far from the server's clock (401: timestamp_refused)".to_owned(),
            Advice::FixClock
        ))
    );
    let body = reply(401, "oauth_problem=token_revoked&oauth_problem_advice=x");
    assert_eq!(explained(&body).unwrap().0, Kind::Revoked);
    let challenge = http::Response::builder()
        .status(401)
        .header(
            "www-authenticate",
            "OAuth realm=\"x\", oauth_problem=nonce_used",
        )
        .body(Bytes::new())
        .unwrap();
    let (kind, _, advice) = explained(&challenge).unwrap();
    assert_eq!(
        (kind, advice),
        (Kind::Refused, Advice::Retry { after: None })
    );

    let scope = reply(
        401,
        "<TITLE>Token invalid - AuthSub token has wrong scope</TITLE>",
    );
    let told = credential
        .explain("http://www.google.com/m8/feeds/", &scope)
        .unwrap();
    assert_eq!(told.kind(), Kind::Scope);
    assert!(told.to_string().contains(YOUTUBE), "{told}");

    for problem in Problem::ALL {
        let body = reply(400, format!("oauth_problem={}", problem.word));
        assert_eq!(Problem::read(&body), Some(problem));
        assert_eq!(explained(&body).unwrap().0, problem.kind);
    }
}

#[test]
fn token_info_reads_what_it_prints() {
    let scopes = ScopeSet::parse(YOUTUBE).unwrap();
    let info = TokenInfo::new("www.example.com", scopes);
    let body = "Target=www.example.com\nSecure=true\nScope=http://gdata.youtube.com/feeds/\n";
    assert_eq!(info.to_string(), body);
    assert_eq!(TokenInfo::parse(body.as_bytes()).unwrap(), info);
    assert!(info.is_secure());
    for (body, field) in [
        ("Secure=true\nScope=http://a.test/", "Target: "),
        ("Target=a\nScope=http://a.test/", "Secure: "),
        ("Target=a\nSecure=yes\nScope=http://a.test/", "Secure: "),
        ("Target=a\nSecure=true\nScope=youtube", "Scope: "),
    ] {
        let error = TokenInfo::parse(body.as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with(field), "{error}");
    }
}

#[test]
fn the_migration_grant_yields_a_refresh_token() {
    // Migration is placed in the header, whatever the consumer does elsewhere.
    let consumer = plain().placed_in(Placement::Query);
    let exchange = MigrationGrant::new("client")
        .unwrap()
        .scope("https://www.google.com/m8/feeds")
        .unwrap()
        .at(MigrationGrant::ENDPOINT_V3)
        .unwrap()
        .exchange(&access_token(consumer), &stamp())
        .unwrap();
    let (method, url, header, body) = wire(&exchange.request());
    assert_eq!(
        (method.as_str(), url.as_str()),
        ("POST", MigrationGrant::ENDPOINT_V3)
    );
    assert!(header.starts_with("OAuth oauth_consumer_key=\"example.com\", "));
    assert_eq!(
        body,
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Amigration%3Aoauth1&client_id=client\
         &scope=https%3A%2F%2Fwww.google.com%2Fm8%2Ffeeds"
    );

    let answer = r#"{ "refresh_token" : "1/refresh", "token_type":"Bearer" }"#;
    let token = exchange.parse(&reply(200, answer)).unwrap();
    assert_eq!(token.expose(), "1/refresh");
    for (status, body, kind, message) in [
        (
            400,
            "{\n  \"error\" : \"invalid_grant\"\n}",
            Kind::Revoked,
            "the server does not accept the OAuth 1.0 token or signature (400: invalid_grant)",
        ),
        (
            401,
            "{\"error\":\"invalid_client\"}",
            Kind::Refused,
            "the server does not know the OAuth 2.0 client or its secret (401: invalid_client)",
        ),
        (
            400,
            "{\"error\":\"unsupported_grant_type\"}",
            Kind::Retired,
            "the server does not migrate tokens of OAuth 1.0 (400: unsupported_grant_type)",
        ),
        (
            200,
            "{\"access_token\":\"x\"}",
            Kind::Reply,
            "refresh_token: expected a refresh token, got none",
        ),
        (
            200,
            "<html>",
            Kind::Reply,
            "body: expected a JSON object, got something else",
        ),
        (302, "", Kind::Reply, "status: expected 200, got 302"),
    ] {
        let error = exchange.parse(&reply(status, body)).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
    }
    assert_eq!(
        exchange.parse(&reply(410, "")).unwrap_err().kind(),
        Kind::Retired
    );
}

#[test]
fn no_debug_shows_a_secret() {
    const CANARY: &str = "CANARY-4711";
    let consumer = || Consumer::hmac("k", CANARY).unwrap();
    let token = RequestToken::new(consumer(), CANARY, CANARY, Callback::oob()).unwrap();
    let access = AccessToken::new(consumer(), CANARY, CANARY).unwrap();
    let grant = MigrationGrant::new("c")
        .unwrap()
        .client_secret(CANARY)
        .unwrap();
    let credential = Credential::from(access.clone());
    let query = Credential::from(AccessToken::new(consumer(), CANARY, CANARY).unwrap())
        .placed_in(Placement::Query);
    let accounts = Accounts::google();
    let mut request = parts("http://a.test/?key=CANARY");
    let base = credential
        .base_string(&request, BodyHint::Empty, &stamp())
        .unwrap();
    assert!(base.as_str().contains("CANARY"));
    credential
        .authorize(&mut request, BodyHint::Empty, &stamp())
        .unwrap();
    let header = gdata_auth::oauth1::Header::of(&request.headers).unwrap();
    let signed = gdata_auth::oauth1::SignedRequest::read(
        &request.headers,
        "key=CANARY",
        BodyHint::Form(b"Passwd=CANARY"),
    )
    .unwrap();
    let reply = TokenReply::new(CANARY, CANARY);
    let mut texts = vec![
        format!("{:?}", consumer()),
        format!("{token:?}"),
        format!("{access:?}"),
        format!("{grant:?}"),
        format!("{:?}", grant.exchange(&access, &stamp()).unwrap()),
        format!("{credential:#?}"),
        format!("{:?}", query.token_info(&accounts, &stamp()).unwrap()),
        format!("{:?}", query.revoke(&accounts, &stamp()).unwrap()),
        format!("{base:?}"),
        base.masked(),
        format!("{header:?}"),
        format!("{signed:#?}"),
        format!("{reply:?}"),
        format!("{:?}", token.authorize_link(&accounts)),
        format!("{:?}", request.headers),
    ];
    let authorized = token.verified_by(CANARY).unwrap();
    texts.push(format!("{authorized:?}"));
    texts.push(format!(
        "{:?}",
        authorized.exchange(&accounts, &stamp()).unwrap()
    ));
    for text in texts {
        assert!(!text.contains("CANARY"), "{text}");
    }
}
