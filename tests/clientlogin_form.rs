//! The form of a login, printed in one order and read in all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Exchange, Kind,
    clientlogin::{AccountType, ClientBug, Endpoint, LoginForm, LoginRequest},
};
use proptest::prelude::*;

fn login() -> LoginRequest {
    LoginRequest::new("user@gmail.com")
        .unwrap()
        .service("youtube")
        .unwrap()
        .source("acme-app-1")
        .unwrap()
}

#[test]
fn prints_the_whole_request() {
    let exchange = login().exchange("p&ss w=rd", &Endpoint::google()).unwrap();
    let request = exchange.request();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://www.google.com/accounts/ClientLogin");
    assert_eq!(request.headers().len(), 1);
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        request.body(),
        "accountType=HOSTED_OR_GOOGLE&Email=user%40gmail.com&Passwd=p%26ss%20w%3Drd\
         &service=youtube&source=acme-app-1"
    );
}

#[test]
fn prints_every_field_in_order() {
    let form = login()
        .account_type(AccountType::Hosted)
        .extra("client", "a b")
        .unwrap()
        .extra("client", "\u{fc}")
        .unwrap()
        .extra("empty", "")
        .unwrap()
        .captcha("DQAAAGgA...dkI1LK9", "brinmar")
        .unwrap();
    assert_eq!(
        LoginForm::new(form, "pw+%").unwrap().body(),
        "accountType=HOSTED&Email=user%40gmail.com&Passwd=pw%2B%25&service=youtube&source=acme-app-1\
         &logintoken=DQAAAGgA...dkI1LK9&logincaptcha=brinmar&client=a%20b&client=%C3%BC&empty="
    );
    let bare = LoginRequest::new("alice").unwrap().without_account_type();
    assert_eq!(
        LoginForm::new(bare, "x").unwrap().body(),
        "Email=alice&Passwd=x"
    );
}

#[test]
fn knows_where_every_server_has_it() {
    let at = |base: &str| Endpoint::at(base).unwrap().login();
    let google = "https://www.google.com/accounts/ClientLogin";
    assert_eq!(Endpoint::google().login(), google);
    assert_eq!(at("https://www.google.com/"), google);
    assert_eq!(at("https://www.google.com/accounts"), google);
    assert_eq!(at("https://www.google.com/accounts/ClientLogin"), google);
    let youtube = "https://www.google.com/youtube/accounts/ClientLogin";
    assert_eq!(Endpoint::youtube().login(), youtube);
    assert_eq!(at("https://www.google.com/youtube"), youtube);
    assert_eq!(
        at("https://rss.example.net/api/greader.php"),
        "https://rss.example.net/api/greader.php/accounts/ClientLogin"
    );
    assert_eq!(
        at("http://127.0.0.1:8080"),
        "http://127.0.0.1:8080/accounts/ClientLogin"
    );
    assert_eq!(
        Endpoint::allow_plain_http("http://rss.lan")
            .unwrap()
            .login(),
        "http://rss.lan/accounts/ClientLogin"
    );
    for base in [
        "",
        "rss.example.net",
        "/accounts/ClientLogin",
        "http://rss.example.net",
        "https://rss.example.net/?x=1",
        "https://rss.example.net/#x",
        "https://user@rss.example.net/",
        "ftp://rss.example.net",
    ] {
        let error = Endpoint::at(base).unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{base}");
        assert!(error.to_string().starts_with("endpoint: "), "{error}");
    }
}

/// What the clients of real-clients.md 5 send for one user, in their orders and escapes.
const FORMS: [&str; 7] = [
    // gdata 2.0.18 for Python
    "Passwd=p%26ss+w%3Drd&source=acme-app-1&service=youtube&Email=user%40gmail.com&accountType=HOSTED_OR_GOOGLE",
    // the Java client
    "Email=user%40gmail.com&service=youtube&accountType=HOSTED_OR_GOOGLE&source=acme-app-1&Passwd=p%26ss+w%3Drd",
    // .NET under Mono
    "Email=user%40gmail.com&Passwd=p%26ss%20w%3Drd&source=acme-app-1&service=youtube&accountType=HOSTED_OR_GOOGLE",
    // gdata-python3
    "Email=user%40gmail.com&Passwd=p%26ss+w%3Drd&accountType=HOSTED_OR_GOOGLE&service=youtube&source=acme-app-1",
    // the npm module, Zend
    "accountType=HOSTED_OR_GOOGLE&Email=user%40gmail.com&Passwd=p%26ss%20w%3Drd&service=youtube&source=acme-app-1",
    // Perl
    "service=youtube&source=acme-app-1&Passwd=p%26ss+w%3Drd&accountType=HOSTED_OR_GOOGLE&Email=user%40gmail.com",
    // libgdata of 2013, which escapes _ . - too
    "accountType=HOSTED%5FOR%5FGOOGLE&Email=user%40gmail%2Ecom&Passwd=p%26ss%20w%3Drd&service=youtube&source=acme%2Dapp%2D1",
];

#[test]
fn reads_the_forms_of_every_client_to_the_same_fields() {
    for form in FORMS {
        let form = LoginForm::parse(form.as_bytes()).unwrap();
        assert_eq!(*form.request(), login());
        assert_eq!(form.password().expose(), "p&ss w=rd");
        assert_eq!(form.bug(), None);
    }
}

#[test]
fn reads_the_captcha_round() {
    for body in [
        "logincaptcha=brinmar&logintoken=DQAAAGgA...dkI1LK9&service=youtube&Passwd=captcha&source=acme-app-1&accountType=HOSTED_OR_GOOGLE&Email=user%40gmail.com",
        "Email=user%40gmail.com&logintoken=DQAAAGgA...dkI1LK9&accountType=HOSTED_OR_GOOGLE&logincaptcha=brinmar&Passwd=captcha&service=youtube&source=acme-app-1",
    ] {
        let form = LoginForm::parse(body.as_bytes()).unwrap();
        assert_eq!(
            form.request().captcha_answer(),
            Some(("DQAAAGgA...dkI1LK9", "brinmar"))
        );
        assert_eq!(form.bug(), None);
        assert!(form.request().extras().is_empty());
    }
}

#[test]
fn names_the_bug_of_libgdata() {
    let body = "accountType=HOSTED%5FOR%5FGOOGLE&Email=u&Passwd=captcha&service=youtube&source=x&logintoken=DQAAAGgA...dkI1LK9&loginanswer=brinmar";
    let form = LoginForm::parse(body.as_bytes()).unwrap();
    assert_eq!(form.request().captcha_answer(), None);
    assert_eq!(form.bug(), Some(ClientBug::LoginAnswer));
    let told = ClientBug::LoginAnswer.to_string();
    assert!(
        told.contains("libgdata") && told.contains("logincaptcha"),
        "{told}"
    );
    assert_eq!(
        form.request().extras().to_string(),
        "logintoken=DQAAAGgA...dkI1LK9&loginanswer=brinmar"
    );
}

#[test]
fn reads_a_form_from_query_and_body_together() {
    let read = |method: &str, target: &str, body: &'static str| {
        let request = http::Request::builder()
            .method(method)
            .uri(target)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        LoginForm::of(&request)
    };
    let path = "/api/greader.php/accounts/ClientLogin";
    for form in [
        read("GET", &format!("{path}?Email=alice&Passwd=pw"), ""),
        read("POST", &format!("{path}?Email=alice&Passwd=pw"), ""),
        read("POST", path, "Email=alice&Passwd=pw"),
        read("POST", path, "Email=alice&Passwd=pw\r\n"),
        read("POST", &format!("{path}?Passwd=pw"), "Email=alice"),
    ] {
        let form = form.unwrap();
        assert_eq!(form.request().email(), "alice");
        assert_eq!(form.request().wanted_account(), None);
        assert_eq!(form.password().expose(), "pw");
    }
    // The Ruby client of Picasa adds a query of its own.
    let picasa = read("POST", &format!("{path}?alt=json"), "Email=alice&Passwd=pw").unwrap();
    assert_eq!(picasa.request().extras().to_string(), "alt=json");

    let twice = read("POST", &format!("{path}?Passwd=a"), "Email=alice&Passwd=b").unwrap_err();
    assert!(twice.to_string().starts_with("Passwd: "), "{twice}");
    let put = read("PUT", path, "Email=alice&Passwd=pw").unwrap_err();
    assert!(put.to_string().starts_with("method: "), "{put}");
}

#[test]
fn names_the_parameter_that_is_missing_doubled_or_malformed() {
    let many = format!(
        "Email=a&Passwd=b{}",
        "&x=y".repeat(LoginForm::MAX_EXTRA + 1)
    );
    let endless = format!("Email=a&Passwd=b{}", "&x=y".repeat(2_000));
    let long = format!("Email={}&Passwd=b", "x".repeat(5_000));
    let huge = vec![b'x'; LoginForm::MAX + 1];
    let cases: [(&[u8], &str); 21] = [
        (b"", "Email: "),
        (b"&&&", "Email: "),
        (b"Email=&Passwd=x", "Email: "),
        (b"Passwd=x", "Email: "),
        (b"Email=a", "Passwd: "),
        (b"Email=a&Passwd=", "Passwd: "),
        (b"email=a&passwd=b", "Email: "),
        (b"Email=a&Email=a&Passwd=b", "Email: "),
        (b"Email=a&Passwd=b&Passwd=b", "Passwd: "),
        (b"Email=a&Passwd=b&service=x&service=y", "service: "),
        (
            b"Email=a&Passwd=b&logintoken=x&logintoken=y",
            "logintoken: ",
        ),
        (b"Email=a&Passwd=b&accountType=EITHER", "accountType: "),
        (b"Email=a%0d%0ab&Passwd=b", "Email: "),
        (b"Email=a%00&Passwd=b", "Email: "),
        (b"Email=a&Passwd=50%", "Passwd: "),
        (b"Email=a&Passwd=%zz", "Passwd: "),
        (b"Email=a&Passwd=%ff", "Passwd: "),
        (b"Email=\xff&Passwd=b", "body: "),
        (many.as_bytes(), "body: "),
        (long.as_bytes(), "Email: "),
        (&huge, "body: "),
    ];
    for (body, start) in cases {
        let error = LoginForm::parse(body).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{:.60}", body.escape_ascii());
        assert!(
            error.to_string().starts_with(start),
            "{:.60}: {error}",
            body.escape_ascii()
        );
    }
    let error = LoginForm::parse(endless.as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("parameters: "), "{error}");
}

#[test]
fn names_the_field_that_cannot_be_sent() {
    let long = "x".repeat(LoginRequest::MAX_FIELD + 1);
    for bad in ["", "a\nb", "a\r\n", "a\0", long.as_str()] {
        for (error, field) in [
            (LoginRequest::new(bad).unwrap_err(), "Email: "),
            (login().service(bad).unwrap_err(), "service: "),
            (login().source(bad).unwrap_err(), "source: "),
            (login().captcha(bad, "x").unwrap_err(), "logintoken: "),
            (login().captcha("x", bad).unwrap_err(), "logincaptcha: "),
            (login().extra(bad, "x").unwrap_err(), "extra: "),
            (LoginForm::new(login(), bad).unwrap_err(), "Passwd: "),
        ] {
            assert_eq!(error.kind(), Kind::Input, "{bad:.20?}");
            assert!(error.to_string().starts_with(field), "{bad:.20?}: {error}");
        }
    }
    for taken in ["Passwd", "Email", "accountType", "logincaptcha"] {
        let error = login().extra(taken, "x").unwrap_err();
        assert!(error.to_string().starts_with("extra: "), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Print, then parse: the same form.
    #[test]
    fn a_printed_form_reads_back(
        email in "\\PC{1,40}",
        password in "\\PC{1,40}",
        kind in 0usize..4,
        service in proptest::option::of("[a-z]{1,12}"),
        source in proptest::option::of("\\PC{1,20}"),
        captcha in proptest::option::of(("[!-~]{1,40}", "\\PC{1,20}")),
        extra in proptest::collection::vec(("x[a-z&=% ]{0,6}", "\\PC{0,12}"), 0..4),
    ) {
        let mut request = LoginRequest::new(email).unwrap();
        request = match AccountType::ALL.get(kind) {
            Some(account_type) => request.account_type(*account_type),
            None => request.without_account_type(),
        };
        if let Some(code) = service { request = request.service(code).unwrap(); }
        if let Some(program) = source { request = request.source(program).unwrap(); }
        if let Some((token, answer)) = captcha { request = request.captcha(&token, &answer).unwrap(); }
        for (name, value) in extra { request = request.extra(name, value).unwrap(); }
        let form = LoginForm::new(request, password).unwrap();
        prop_assert_eq!(LoginForm::parse(&form.body()).unwrap(), form);
    }

    /// Whatever is read prints to the same.
    #[test]
    fn a_read_form_prints_and_reads_back(body in "(Email=[a-z%0-9+]{1,9}|Passwd=[a-zA-Z0-9.]{1,9}|&|x=[a-z]{0,4}|logintoken=x|logincaptcha=y|loginanswer=z|service=){0,9}") {
        if let Ok(form) = LoginForm::parse(body.as_bytes()) {
            prop_assert_eq!(LoginForm::parse(&form.body()).unwrap(), form);
        }
    }

    #[test]
    fn no_body_makes_the_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = LoginForm::parse(&body);
    }
}
