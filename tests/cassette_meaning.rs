//! What a request says: timestamps, nonces and signatures apart, two requests match when they ask the same.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use gdata_auth::cassette::{
    Body, FacetRole, MatchRules, Meaning, RecordedRequest, SCHEMES, Scheme,
};

/// A request: method, address, headers, body.
#[derive(Clone, Copy)]
struct Sent {
    line: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn recorded(sent: Sent) -> RecordedRequest {
    let (method, target) = sent.line.split_once(' ').unwrap();
    let mut request = RecordedRequest::new(method, target);
    for (name, value) in sent.headers {
        request.headers.push(*name, *value);
    }
    request.body = Body::wire(sent.body);
    request
}

fn meaning(sent: Sent) -> Meaning {
    Meaning::of(&recorded(sent), &MatchRules::default()).unwrap()
}

/// One scheme: a request, others that say the same, and others that do not.
struct Case {
    scheme: Scheme,
    one: Sent,
    same: &'static [Sent],
    others: &'static [Sent],
}

const fn sent(
    line: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
) -> Sent {
    Sent {
        line,
        headers,
        body,
    }
}

const FEED: &str = "GET http://www.google.com/calendar/feeds/default?v=2&alt=json";

const CASES: &[Case] = &[
    Case {
        scheme: Scheme::None,
        one: sent("GET https://a.test/x?b=2&a=1&b=3", &[("Cookie", "S=1")], ""),
        same: &[
            sent("GET https://a.test/x?a=%31&b=2&b=3", &[], ""),
            sent(
                "GET https://A.test:443/%78?b=2&b=3&a=1",
                &[("User-Agent", "x")],
                "",
            ),
        ],
        others: &[
            sent("GET https://a.test/x?b=3&a=1&b=2", &[], ""),
            sent("GET https://a.test/x?b=2&a=1", &[], ""),
            sent("GET https://a.test/X?b=2&a=1&b=3", &[], ""),
            sent("GET https://a.test/x%2F?b=2&a=1&b=3", &[], ""),
            sent("GET http://a.test/x?b=2&a=1&b=3", &[], ""),
            sent("HEAD https://a.test/x?b=2&a=1&b=3", &[], ""),
            sent("GET https://a.test/x?b=2&a=1&b=3", &[], "body"),
        ],
    },
    Case {
        scheme: Scheme::ApiKey,
        one: sent("GET https://a.test/x?key=AIzaOne", &[], ""),
        same: &[sent(
            "GET https://a.test/x",
            &[("X-Goog-Api-Key", "AIzaOne")],
            "",
        )],
        others: &[
            sent("GET https://a.test/x?key=AIzaTwo", &[], ""),
            sent("GET https://a.test/x", &[], ""),
        ],
    },
    Case {
        scheme: Scheme::AuthSub,
        one: sent(
            FEED,
            &[(
                "Authorization",
                r#"AuthSub token="1/abc" sigalg="rsa-sha1" data="GET http://www.google.com/calendar/feeds/default?v=2&alt=json 1300000000 111" sig="AAAA""#,
            )],
            "",
        ),
        same: &[sent(
            FEED,
            &[(
                "authorization",
                "AuthSub sig=\"BBBB\nBBBB\", token=1/abc, data='GET http://www.google.com/calendar/feeds/default?v=2&alt=json 1400000000 222' sigalg=rsa-sha1",
            )],
            "",
        )],
        others: &[
            // Another token.
            sent(
                FEED,
                &[(
                    "Authorization",
                    r#"AuthSub token="1/abd" sigalg="rsa-sha1" data="GET http://www.google.com/calendar/feeds/default?v=2&alt=json 1300000000 111" sig="AAAA""#,
                )],
                "",
            ),
            // Signed for another address, for another method, and not at all.
            sent(
                FEED,
                &[(
                    "Authorization",
                    r#"AuthSub token="1/abc" sigalg="rsa-sha1" data="GET http://www.google.com/calendar/feeds/default?v=2 1300000000 111" sig="AAAA""#,
                )],
                "",
            ),
            sent(
                FEED,
                &[(
                    "Authorization",
                    r#"AuthSub token="1/abc" sigalg="rsa-sha1" data="POST http://www.google.com/calendar/feeds/default?v=2&alt=json 1300000000 111" sig="AAAA""#,
                )],
                "",
            ),
            sent(FEED, &[("Authorization", r#"AuthSub token="1/abc""#)], ""),
        ],
    },
    Case {
        scheme: Scheme::AuthSubLink,
        one: sent(
            "GET https://www.google.com/accounts/AuthSubRequest?next=http%3A%2F%2Fa.test%2F&scope=http%3A%2F%2Fx%2F+http%3A%2F%2Fy%2F&secure=1&session=1&hd=default",
            &[],
            "",
        ),
        same: &[sent(
            "GET https://www.google.com/accounts/AuthSubRequest?scope=http://y/%20http://x/&next=http://a.test/&session=1&secure=1&hd=default",
            &[],
            "",
        )],
        others: &[sent(
            "GET https://www.google.com/accounts/AuthSubRequest?next=http%3A%2F%2Fa.test%2F&scope=http%3A%2F%2Fx%2F&secure=1&session=1&hd=default",
            &[],
            "",
        )],
    },
    Case {
        scheme: Scheme::ClientLogin,
        one: sent(
            "POST https://www.google.com/accounts/ClientLogin",
            &[FORM],
            "Email=a%40b.c&Passwd=one&service=cl&accountType=GOOGLE&source=app-1&logintoken=t&logincaptcha=cat",
        ),
        same: &[sent(
            "POST https://www.google.com/accounts/ClientLogin",
            &[FORM],
            "service=cl&source=app-2&accountType=GOOGLE&Passwd=one&Email=a@b.c&logintoken=t&logincaptcha=cat",
        )],
        others: &[
            sent(
                "POST https://www.google.com/accounts/ClientLogin",
                &[FORM],
                "Email=other%40b.c&Passwd=one&service=cl&accountType=GOOGLE&source=app-1&logintoken=t&logincaptcha=cat",
            ),
            sent(
                "POST https://www.google.com/accounts/ClientLogin",
                &[FORM],
                "Email=a%40b.c&Passwd=one&service=youtube&accountType=GOOGLE&source=app-1&logintoken=t&logincaptcha=cat",
            ),
            sent(
                "POST https://www.google.com/accounts/ClientLogin",
                &[FORM],
                "Email=a%40b.c&Passwd=one&service=cl&accountType=HOSTED&source=app-1&logintoken=t&logincaptcha=cat",
            ),
            sent(
                "POST https://www.google.com/accounts/ClientLogin",
                &[FORM],
                "Email=a%40b.c&Passwd=one&service=cl&accountType=GOOGLE&source=app-1",
            ),
        ],
    },
    Case {
        scheme: Scheme::GoogleLogin,
        one: sent(FEED, &[("Authorization", "GoogleLogin auth=DQAAone")], ""),
        same: &[sent(
            FEED,
            &[("Authorization", "googlelogin Auth=\"DQAAone\"")],
            "",
        )],
        others: &[
            sent(FEED, &[("Authorization", "GoogleLogin auth=DQAAtwo")], ""),
            sent(FEED, &[], ""),
        ],
    },
    Case {
        scheme: Scheme::OAuth1,
        one: sent(
            "POST https://www.google.com/accounts/OAuthGetAccessToken",
            &[
                FORM,
                (
                    "Authorization",
                    r#"OAuth oauth_consumer_key="anonymous",oauth_token="4%2Fab",oauth_signature_method="HMAC-SHA1",oauth_signature="one%3D",oauth_timestamp="1375114407",oauth_nonce="first",oauth_version="1.0",oauth_callback="oob""#,
                ),
            ],
            "oauth%5Fverifier=qT6&scope=http%3A%2F%2Fx%2F",
        ),
        same: &[
            // Everything in the form; then in the query, and in another order.
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken",
                &[FORM],
                "scope=http://x/&oauth_verifier=qT6&oauth_nonce=second&oauth_timestamp=1500000000&oauth_signature=two&oauth_signature_method=HMAC-SHA1&oauth_token=4/ab&oauth_consumer_key=anonymous&oauth_callback=oob",
            ),
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken?scope=http%3A%2F%2Fx%2F&oauth_verifier=qT6",
                &[(
                    "Authorization",
                    r#"OAuth realm="x", oauth_callback=oob, oauth_consumer_key="anonymous", oauth_token="4%2Fab", oauth_signature_method="HMAC-SHA1", oauth_signature="three", oauth_timestamp="1", oauth_nonce="third""#,
                )],
                "",
            ),
        ],
        others: &[
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken",
                &[FORM],
                "scope=http://x/&oauth_verifier=other&oauth_nonce=second&oauth_timestamp=1500000000&oauth_signature=two&oauth_signature_method=HMAC-SHA1&oauth_token=4/ab&oauth_consumer_key=anonymous&oauth_callback=oob",
            ),
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken",
                &[FORM],
                "scope=http://x/&oauth_verifier=qT6&oauth_nonce=second&oauth_timestamp=1500000000&oauth_signature=two&oauth_signature_method=HMAC-SHA1&oauth_token=4/other&oauth_consumer_key=anonymous&oauth_callback=oob",
            ),
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken",
                &[FORM],
                "scope=http://x/&oauth_verifier=qT6&oauth_nonce=second&oauth_timestamp=1500000000&oauth_signature=two&oauth_signature_method=HMAC-SHA1&oauth_token=4/ab&oauth_consumer_key=other&oauth_callback=oob",
            ),
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken",
                &[FORM],
                "scope=http://x/&oauth_verifier=qT6&oauth_nonce=second&oauth_timestamp=1500000000&oauth_signature=two&oauth_signature_method=RSA-SHA1&oauth_token=4/ab&oauth_consumer_key=anonymous&oauth_callback=oob",
            ),
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken",
                &[FORM],
                "scope=http://x/&oauth_verifier=qT6&oauth_nonce=second&oauth_timestamp=1500000000&oauth_signature=two&oauth_signature_method=HMAC-SHA1&oauth_token=4/ab&oauth_consumer_key=anonymous&oauth_callback=http://a/",
            ),
            sent(
                "POST https://www.google.com/accounts/OAuthGetAccessToken",
                &[FORM],
                "scope=http://y/&oauth_verifier=qT6&oauth_nonce=second&oauth_timestamp=1500000000&oauth_signature=two&oauth_signature_method=HMAC-SHA1&oauth_token=4/ab&oauth_consumer_key=anonymous&oauth_callback=oob",
            ),
        ],
    },
    Case {
        scheme: Scheme::OAuth1Link,
        one: sent(
            "GET https://www.google.com/accounts/OAuthAuthorizeToken?oauth_token=4%2Fab&hd=default&hl=en&btmpl=mobile",
            &[],
            "",
        ),
        same: &[sent(
            "GET https://www.google.com/accounts/OAuthAuthorizeToken?hl=en&btmpl=mobile&hd=default&oauth_token=4/ab",
            &[],
            "",
        )],
        others: &[sent(
            "GET https://www.google.com/accounts/OAuthAuthorizeToken?oauth_token=4%2Fcd&hd=default&hl=en&btmpl=mobile",
            &[],
            "",
        )],
    },
    Case {
        scheme: Scheme::Authorization,
        one: sent(
            "GET https://accounts.google.com/o/oauth2/v2/auth?client_id=me&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code&scope=b+a&state=one&nonce=n1&code_challenge=c1&code_challenge_method=S256",
            &[],
            "",
        ),
        same: &[sent(
            "GET https://accounts.google.com/o/oauth2/v2/auth?client_id=me&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code&scope=a%20b&state=two&nonce=n2&code_challenge=c2&code_challenge_method=S256",
            &[],
            "",
        )],
        others: &[
            sent(
                "GET https://accounts.google.com/o/oauth2/v2/auth?client_id=you&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code&scope=b+a&state=one&nonce=n1&code_challenge=c1&code_challenge_method=S256",
                &[],
                "",
            ),
            sent(
                "GET https://accounts.google.com/o/oauth2/v2/auth?client_id=me&redirect_uri=http%3A%2F%2F127.0.0.2%2F&response_type=code&scope=b+a&state=one&nonce=n1&code_challenge=c1&code_challenge_method=S256",
                &[],
                "",
            ),
            sent(
                "GET https://accounts.google.com/o/oauth2/v2/auth?client_id=me&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code&scope=b&state=one&nonce=n1&code_challenge=c1&code_challenge_method=S256",
                &[],
                "",
            ),
            sent(
                "GET https://accounts.google.com/o/oauth2/v2/auth?client_id=me&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code&scope=b+a&state=one&nonce=n1&code_challenge=c1&code_challenge_method=plain",
                &[],
                "",
            ),
        ],
    },
    Case {
        scheme: Scheme::CodeGrant,
        one: sent(
            "POST https://oauth2.googleapis.com/token",
            &[FORM],
            "grant_type=authorization_code&code=4%2F0A&redirect_uri=http%3A%2F%2F127.0.0.1%2F&client_id=me&client_secret=s3cr3t&code_verifier=one",
        ),
        same: &[
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM],
                "client_secret=s3cr3t&code_verifier=two&client_id=me&code=4/0A&redirect_uri=http://127.0.0.1/&grant_type=authorization_code",
            ),
            // The client in the header: me:s3cr3t.
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM, ("Authorization", "Basic bWU6czNjcjN0")],
                "code=4/0A&redirect_uri=http://127.0.0.1/&grant_type=authorization_code&code_verifier=three",
            ),
        ],
        others: &[
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM],
                "grant_type=authorization_code&code=4%2F0B&redirect_uri=http%3A%2F%2F127.0.0.1%2F&client_id=me&client_secret=s3cr3t&code_verifier=one",
            ),
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM],
                "grant_type=authorization_code&code=4%2F0A&redirect_uri=http%3A%2F%2F127.0.0.1%2F&client_id=you&client_secret=s3cr3t&code_verifier=one",
            ),
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM, ("Authorization", "Basic bWU6b3RoZXI=")],
                "code=4/0A&redirect_uri=http://127.0.0.1/&grant_type=authorization_code&code_verifier=three",
            ),
        ],
    },
    Case {
        scheme: Scheme::RefreshGrant,
        one: sent(
            "POST https://oauth2.googleapis.com/token",
            &[FORM],
            "grant_type=refresh_token&refresh_token=1%2F%2Fr&client_id=me&client_secret=s&scope=a+b",
        ),
        same: &[sent(
            "POST https://oauth2.googleapis.com/token",
            &[FORM],
            "client_id=me&client_secret=s&refresh_token=1//r&scope=b+a&grant_type=refresh_token",
        )],
        others: &[sent(
            "POST https://oauth2.googleapis.com/token",
            &[FORM],
            "grant_type=refresh_token&refresh_token=1%2F%2Fother&client_id=me&client_secret=s&scope=a+b",
        )],
    },
    Case {
        scheme: Scheme::DeviceStart,
        one: sent(
            "POST https://oauth2.googleapis.com/device/code",
            &[FORM],
            "client_id=tv&scope=a+b",
        ),
        same: &[sent(
            "POST https://oauth2.googleapis.com/device/code",
            &[FORM],
            "scope=b%20a&client_id=tv",
        )],
        others: &[sent(
            "POST https://oauth2.googleapis.com/device/code",
            &[FORM],
            "client_id=tv&scope=a",
        )],
    },
    Case {
        scheme: Scheme::DeviceGrant,
        one: sent(
            "POST https://oauth2.googleapis.com/token",
            &[FORM],
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=AH-1&client_id=tv&client_secret=s",
        ),
        same: &[],
        others: &[sent(
            "POST https://oauth2.googleapis.com/token",
            &[FORM],
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=AH-2&client_id=tv&client_secret=s",
        )],
    },
    Case {
        scheme: Scheme::JwtBearer,
        // {"iss":"a@b","scope":"y x","aud":"https://t/","sub":"u","iat":1,"exp":2,"nbf":1,"jti":"j"}
        one: sent(
            "POST https://oauth2.googleapis.com/token",
            &[FORM],
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhQGIiLCJzY29wZSI6InkgeCIsImF1ZCI6Imh0dHBzOi8vdC8iLCJzdWIiOiJ1IiwiaWF0IjoxLCJleHAiOjIsIm5iZiI6MSwianRpIjoiaiJ9.AAAA",
        ),
        same: &[
            // {"iss":"a@b","scope":"x y","aud":"https://t/","sub":"u","iat":8,"exp":9}
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM],
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJhQGIiLCJzY29wZSI6InggeSIsImF1ZCI6Imh0dHBzOi8vdC8iLCJzdWIiOiJ1IiwiaWF0Ijo4LCJleHAiOjl9.BBBB",
            ),
        ],
        others: &[
            // {"iss":"c@b","scope":"x y","aud":"https://t/","sub":"u","iat":8,"exp":9}
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM],
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjQGIiLCJzY29wZSI6InggeSIsImF1ZCI6Imh0dHBzOi8vdC8iLCJzdWIiOiJ1IiwiaWF0Ijo4LCJleHAiOjl9.BBBB",
            ),
            // {"iss":"a@b","scope":"x","aud":"https://t/","sub":"u","iat":8,"exp":9}
            sent(
                "POST https://oauth2.googleapis.com/token",
                &[FORM],
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhQGIiLCJzY29wZSI6IngiLCJhdWQiOiJodHRwczovL3QvIiwic3ViIjoidSIsImlhdCI6OCwiZXhwIjo5fQ.BBBB",
            ),
        ],
    },
    Case {
        scheme: Scheme::TokenExchange,
        one: sent(
            "POST https://sts.googleapis.com/v1/token",
            &[FORM],
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&audience=a&scope=s&requested_token_type=t&subject_token_type=u&subject_token=opaque-one&actor_token=opaque-two",
        ),
        same: &[],
        others: &[sent(
            "POST https://sts.googleapis.com/v1/token",
            &[FORM],
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&audience=a&scope=s&requested_token_type=t&subject_token_type=u&subject_token=opaque-other&actor_token=opaque-two",
        )],
    },
    Case {
        scheme: Scheme::OtherGrant,
        one: sent(
            "POST https://a.test/token",
            &[FORM],
            "grant_type=password&client_id=me&scope=s&password=p&client_secret=s",
        ),
        same: &[],
        others: &[sent(
            "POST https://a.test/token",
            &[FORM],
            "grant_type=client_credentials&client_id=me&scope=s&password=p&client_secret=s",
        )],
    },
    Case {
        scheme: Scheme::Revocation,
        one: sent(
            "POST https://oauth2.googleapis.com/revoke",
            &[FORM],
            "token=1%2F%2Fr",
        ),
        same: &[sent(
            "POST https://oauth2.googleapis.com/revoke?token=1//r",
            &[],
            "",
        )],
        others: &[sent(
            "POST https://oauth2.googleapis.com/revoke",
            &[FORM],
            "token=other",
        )],
    },
    Case {
        scheme: Scheme::Bearer,
        one: sent(FEED, &[("Authorization", "Bearer ya29.one")], ""),
        same: &[
            sent(FEED, &[("Authorization", "bearer   ya29.one")], ""),
            sent(FEED, &[("Authorization", "OAuth ya29.one")], ""),
        ],
        others: &[sent(FEED, &[("Authorization", "Bearer ya29.two")], "")],
    },
    Case {
        scheme: Scheme::OtherScheme,
        one: sent(FEED, &[("Authorization", "Digest username=a")], ""),
        same: &[],
        others: &[sent(FEED, &[("Authorization", "Digest username=b")], "")],
    },
];

/// RFC 8252, 7.3: the port of a loopback redirect is a new one in every run.
#[test]
fn the_port_of_a_loopback_redirect_is_not_compared() {
    let rules = MatchRules::default();
    let meaning = |redirect: &str| {
        let target = format!(
            "https://accounts.google.com/o/oauth2/v2/auth?client_id=a&response_type=code&redirect_uri={redirect}"
        );
        Meaning::of(&RecordedRequest::new("GET", target), &rules).unwrap()
    };
    let one = meaning("http%3A%2F%2F127.0.0.1%3A51533%2Fback");
    assert!(one.is_same(&meaning("http%3A%2F%2F127.0.0.1%3A9999%2Fback")));
    assert!(!one.is_same(&meaning("http%3A%2F%2F127.0.0.1%3A51533%2Felsewhere")));
    let site = meaning("https%3A%2F%2Fwww.example.com%3A8443%2Fback");
    assert!(!site.is_same(&meaning("https%3A%2F%2Fwww.example.com%2Fback")));
}

#[test]
fn what_says_the_same_matches_and_each_difference_alone_does_not() {
    for case in CASES {
        let one = meaning(case.one);
        assert_eq!(one.scheme, case.scheme, "{one:#?}");
        assert!(one.is_same(&one));
        for same in case.same {
            let other = meaning(*same);
            assert!(
                one.is_same(&other) && other.is_same(&one),
                "{one:#?}\n{other:#?}"
            );
        }
        for other in case.others {
            let other = meaning(*other);
            assert!(
                !one.is_same(&other) && !other.is_same(&one),
                "{one:#?}\n{other:#?}"
            );
        }
    }
}

#[test]
fn the_table_of_schemes_is_what_the_code_does() {
    // Facets of the request itself, which every protocol shares.
    const COMMON: &[&str] = &["scheme", "method", "path"];
    for row in SCHEMES {
        let case = CASES.iter().find(|case| case.scheme == row.scheme);
        let meaning = meaning(case.unwrap_or_else(|| panic!("{}: no case", row.name)).one);
        let names = |wanted: fn(&FacetRole) -> bool| -> BTreeSet<String> {
            let facets = meaning.facets.iter().filter(|facet| wanted(&facet.role));
            facets
                .filter(|facet| !COMMON.contains(&facet.place.as_str()) && facet.place != "cookie")
                .map(|facet| match facet.place.as_str() {
                    "parameter" => "parameter".to_owned(),
                    _ => facet.to_string(),
                })
                .collect()
        };
        let told = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>()
        };
        let own = ["query v", "query alt", "query a", "query b"];
        let mut compared = names(|role| *role == FacetRole::Compared);
        compared.retain(|name| !own.contains(&name.as_str()));
        assert_eq!(compared, told(row.compared), "{}", row.name);
        assert_eq!(
            names(|role| matches!(role, FacetRole::Secret(_))),
            told(row.secret),
            "{}",
            row.name
        );
        assert_eq!(
            names(|role| *role == FacetRole::LeftOut),
            told(row.left_out),
            "{}",
            row.name
        );
    }
}

#[test]
fn the_documentation_prints_the_table_of_schemes() {
    let page = include_str!("../docs/cassettes.md");
    for row in SCHEMES {
        let cell = |names: &[&str]| match names.is_empty() {
            true => "-".to_owned(),
            false => names
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let line = format!(
            "| {} | {} | {} | {} |",
            row.name,
            cell(row.compared),
            cell(row.secret),
            cell(row.left_out)
        );
        assert!(page.contains(&line), "expected the line\n{line}");
    }
}

fn with_body(kind: &str, body: &[u8]) -> Meaning {
    let mut request = RecordedRequest::new("POST", "https://a.test/");
    if !kind.is_empty() {
        request.headers.push("content-type", kind.to_owned());
    }
    request.body = Body::wire(body.to_vec());
    Meaning::of(&request, &MatchRules::default()).unwrap()
}

#[test]
fn bodies_are_compared_by_value() {
    let json = "application/json; charset=utf-8";
    let xml = "application/atom+xml";
    for (kind, one, other, same) in [
        (
            json,
            r#"{"a":1,"b":[true,null]}"#,
            "{ \"b\": [true, null], \"a\": 1.0 }",
            true,
        ),
        (json, r#"{"a":1}"#, r#"{"a":"1"}"#, false),
        (json, r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, false),
        (json, r#"{"a":[]}"#, r#"{"a":{}}"#, false),
        (json, r#"{"a":null}"#, "{}", false),
        (json, "{not json", "{not json", true),
        (json, "{not json", "{not  json", false),
        (
            xml,
            r#"<?xml version="1.0"?><entry xmlns="urn:x" a="1" b="2"><t>x</t></entry>"#,
            "<y:entry b='2' a='1' xmlns:y='urn:x'>\n  <y:t>x</y:t>\n</y:entry>",
            true,
        ),
        (xml, r#"<e xmlns="urn:x"/>"#, r#"<e xmlns="urn:y"/>"#, false),
        (xml, "<e><a/><b/></e>", "<e><b/><a/></e>", false),
        (
            xml,
            "<e><a>1</a><a>2</a></e>",
            "<e><a>2</a><a>1</a></e>",
            false,
        ),
        (xml, "<e><a/></e>", "<e><a>x</a></e>", false),
        ("", "a=1&b=2", "b=2&a=%31", true),
        ("text/plain", "a=1&b=2", "b=2&a=1", false),
    ] {
        let (first, second) = (
            with_body(kind, one.as_bytes()),
            with_body(kind, other.as_bytes()),
        );
        assert_eq!(
            first.is_same(&second),
            same,
            "{one}\n{other}\n{first:#?}\n{second:#?}"
        );
    }
    let (one, other) = (with_body("", &[0xff, 1]), with_body("", &[0xfe, 1]));
    assert!(one.is_same(&one) && !one.is_same(&other));
}

#[test]
fn parts_are_compared_whatever_parts_them() {
    let body = |boundary: &str, entry: &str| {
        format!(
            "--{boundary}\r\nContent-Type: application/atom+xml\r\n\r\n{entry}\r\n\
             --{boundary}\r\nContent-Type: video/mp4\r\n\r\n\u{1}\u{2}\r\n--{boundary}--\r\n"
        )
    };
    let of = |kind: &str, boundary: &str, entry: &str| {
        let kind = format!("{kind}; boundary={boundary}");
        with_body(&kind, body(boundary, entry).as_bytes())
    };
    let one = of("multipart/related", "one", "<e a='1' b='2'/>");
    assert!(one.is_same(&of("multipart/related", "two", "<e b=\"2\" a=\"1\"></e>")));
    assert!(!one.is_same(&of("multipart/related", "two", "<e b=\"2\" a=\"3\"></e>")));
    assert!(
        one.facet("part 2", "type")
            .is_some_and(|facet| facet.value == "video/mp4")
    );
    assert!(
        of("multipart/mixed", "x", "<e/>")
            .facet("part 1 xml", "/e")
            .is_some()
    );
}

#[test]
fn gzip_says_what_it_holds() {
    use std::io::Write as _;
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(b"{\"a\":1}").unwrap();
    let mut request = RecordedRequest::new("POST", "https://a.test/");
    request.headers.push("content-type", "application/json");
    request.headers.push("content-encoding", "gzip");
    request.body = Body::wire(coder.finish().unwrap());
    let rules = MatchRules::default();
    let zipped = Meaning::of(&request, &rules).unwrap();
    assert!(zipped.is_same(&with_body("application/json", b"{\"a\":1}")));
}

#[test]
fn state_is_compared_where_it_is_no_word_of_a_consent() {
    let of = |line| meaning(sent(line, &[], ""));
    assert!(
        !of("GET https://a.test/issues?state=open")
            .is_same(&of("GET https://a.test/issues?state=closed"))
    );
    assert!(
        of("GET https://a.test/back?code=c&state=one")
            .is_same(&of("GET https://a.test/back?code=c&state=two"))
    );
}

#[test]
fn an_overridden_method_is_the_method() {
    let put = meaning(sent("PUT https://a.test/", &[], "x"));
    let post = meaning(sent(
        "POST https://a.test/",
        &[("X-HTTP-Method-Override", "PUT")],
        "x",
    ));
    assert!(put.is_same(&post));
    assert!(!put.is_same(&meaning(sent("POST https://a.test/", &[], "x"))));
}

#[test]
fn rules_add_and_take_away() {
    let of = |line: &str, header: &str, rules: &MatchRules| {
        let (method, target) = line.split_once(' ').unwrap();
        let mut request = RecordedRequest::new(method, target);
        request.headers.push("Accept", header.to_owned());
        request.headers.push("Cookie", format!("S={header}"));
        Meaning::of(&request, rules).unwrap()
    };
    let mut rules = MatchRules::default();
    let line = "GET https://a.test/?_=1&x=2";
    assert!(of(line, "one", &rules).is_same(&of(line, "two", &rules)));
    rules.headers.push("Accept".to_owned());
    assert!(!of(line, "one", &rules).is_same(&of(line, "two", &rules)));
    rules.headers.clear();
    rules.compare.push("cookie:S".to_owned());
    assert!(!of(line, "one", &rules).is_same(&of(line, "two", &rules)));
    rules.compare.clear();
    rules.ignore.push("query:_*".to_owned());
    let other = "GET https://a.test/?_=9&x=2";
    assert!(of(line, "one", &rules).is_same(&of(other, "one", &rules)));
    assert!(!of(line, "one", &rules).is_same(&of("GET https://a.test/?_=9&x=3", "one", &rules)));
}

#[test]
fn a_rule_that_names_no_place_is_refused() {
    let mut rules = MatchRules::default();
    rules.ignore.push(":x".to_owned());
    let refusal = Meaning::of(&RecordedRequest::new("GET", "/"), &rules).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "ignore: expected a facet like query:scope, got one without a place"
    );
}

#[test]
fn no_secret_is_shown_by_debug() {
    for case in CASES {
        let printed = format!("{:?}", meaning(case.one));
        for secret in [
            "1/abc", "DQAAone", "4/ab", "qT6", "ya29.one", "s3cr3t", "AIzaOne", "1//r",
        ] {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    }
}

#[test]
fn live_and_recorded_requests_mean_the_same() {
    for case in CASES {
        let request = recorded(case.one);
        let mut live = http::Request::builder()
            .method(&*request.method)
            .uri(&request.target);
        for (name, value) in case.one.headers {
            live = live.header(*name, *value);
        }
        let live = live.body(bytes::Bytes::from(case.one.body)).unwrap();
        let live = Meaning::of_live(&live, &MatchRules::default()).unwrap();
        assert_eq!(live.facets, meaning(case.one).facets);
    }
}
