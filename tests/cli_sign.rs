//! `sign` and `verify` under ClientLogin and OAuth 1.0, as a stranger uses them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cli_support::{file, key, run, run_with_input};

mod cli_support;

/// Vector S5 of the fact sheet: OAuth Core 1.0, appendix A.5.
const PHOTOS: &str = "http://photos.example.net/photos?file=vacation.jpg&size=original";
const PHOTOS_HEADER: &str = "Authorization: OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
    oauth_nonce=\"kllo9940pd9333jh\", oauth_signature_method=\"HMAC-SHA1\", \
    oauth_timestamp=\"1191242096\", oauth_token=\"nnch734d00sl2jdk\", oauth_version=\"1.0\", \
    oauth_signature=\"tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D\"\n";

#[test]
fn signs_the_example_of_oauth_core_from_files() {
    let (code, out, err) = run(&[
        "sign",
        "oauth1",
        "--consumer-key",
        "dpf43f3p2l4k3l03",
        "--consumer-secret-file",
        &file("sign-s5-consumer", "kd94hf93k423kf44\n"),
        "--token-file",
        &file("sign-s5-token", "nnch734d00sl2jdk\n"),
        "--token-secret-file",
        &file("sign-s5-secret", "pfkkdhi9sl3r4s00\n"),
        "--timestamp",
        "1191242096",
        "--nonce",
        "kllo9940pd9333jh",
        "GET",
        PHOTOS,
    ]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, PHOTOS_HEADER);
}

#[test]
fn signs_what_googles_playground_accepted_and_shows_the_base_string() {
    // Vector S3; the callback stands in the query here, and is signed all the same.
    let url = "https://www.google.com/accounts/OAuthGetRequestToken\
               ?scope=http%3A%2F%2Fwww.blogger.com%2Ffeeds%2F\
               &oauth_callback=http%3A%2F%2Fgooglecodesamples.com%2Foauth_playground%2Findex.php";
    let (code, out, err) = run(&[
        "sign",
        "oauth1",
        "--timestamp",
        "1246491360",
        "--nonce",
        "c0155b3f28697c029e7a62efff44bd46",
        "--show-base-string",
        "GET",
        url,
    ]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        out,
        "Authorization: OAuth oauth_consumer_key=\"anonymous\", \
         oauth_nonce=\"c0155b3f28697c029e7a62efff44bd46\", oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"1246491360\", oauth_version=\"1.0\", \
         oauth_signature=\"5a2GPdtAY3LWYv8IdiT3wp1Coeg%3D\"\n"
    );
    assert_eq!(
        err,
        "GET&https%3A%2F%2Fwww.google.com%2Faccounts%2FOAuthGetRequestToken&\
         oauth_callback%3Dhttp%253A%252F%252Fgooglecodesamples.com%252Foauth_playground%252Findex.php\
         %26oauth_consumer_key%3Danonymous%26oauth_nonce%3Dc0155b3f28697c029e7a62efff44bd46\
         %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1246491360%26oauth_version%3D1.0\
         %26scope%3Dhttp%253A%252F%252Fwww.blogger.com%252Ffeeds%252F\n"
    );
}

#[test]
fn signs_a_form_that_google_accepted() {
    // Vector S6, with the callback among the fields.
    let (code, out, _) = run(&[
        "sign",
        "oauth1",
        "--form",
        "scope=https://www.google.com/m8/feeds/",
        "--form",
        "xoauth_displayname=Application name",
        "--form",
        "oauth_callback=oob",
        "--timestamp",
        "1375114466",
        "--nonce",
        "JKLrpVu2KW9WiZwsbko1MHtRh",
        "POST",
        "https://www.google.com/accounts/OAuthGetRequestToken",
    ]);
    assert_eq!(code, 0);
    assert!(
        out.contains("oauth_signature=\"N7FRU%2BJKa4kkjlUpzlGAHSxPUqg%3D\""),
        "{out}"
    );
    assert!(
        out.starts_with("Content-Type: application/x-www-form-urlencoded\nAuthorization: OAuth "),
        "{out}"
    );
}

#[test]
fn verifies_what_it_signed_by_either_sort_of_key() {
    let secret = file("verify-consumer", "c&s\n");
    let token_secret = file("verify-secret", "t s\n");
    let url = "http://a.test/x?b=2&a=1+1";
    let hmac: &[&str] = &["--consumer-secret-file", &secret];
    let (private, public) = (
        key("insecure-rsa2048-pkcs8.pem"),
        key("insecure-rsa2048-pub.pem"),
    );
    let certificate = key("insecure-rsa2048-cert.pem");
    let cases: [(&[&str], &[&str], &str); 4] = [
        (hmac, hmac, "HMAC-SHA1"),
        (
            &[
                "--method-name",
                "PLAINTEXT",
                "--consumer-secret-file",
                &secret,
            ],
            hmac,
            "PLAINTEXT",
        ),
        (
            &["--key", &private, "--method-name", "RSA-SHA1"],
            &["--public-key", &public],
            "RSA-SHA1",
        ),
        (
            &["--key", &private, "--no-version"],
            &["--certificate", &certificate],
            "RSA-SHA1",
        ),
    ];
    for (how, keys, method) in cases {
        let token = file("verify-token", "1/token\n");
        let sign = [
            &["sign", "oauth1", "--consumer-key", "www.example.com"],
            how,
            &["--token-file", &token, "--token-secret-file", &token_secret],
            &["--timestamp", "1300000000", "--nonce", "77"],
            &["--form", "q=a b&c", "POST", url],
        ]
        .concat();
        let (code, header, err) = run(&sign);
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(
            header.contains("oauth_version"),
            !how.contains(&"--no-version"),
            "{header}"
        );
        let check = |form: &str| {
            let verify = [
                &["verify", "oauth1"],
                keys,
                &["--token-secret-file", &token_secret, "--header-file", "-"],
                &["--form", form, "POST", url],
            ]
            .concat();
            run_with_input(&verify, &header)
        };
        let (code, out, err) = check("q=a b&c");
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(
            out,
            format!(
                "verified: signed by www.example.com with {method} for this request at \
                 2011-03-13T07:06:40Z (1300000000), nonce 77\n"
            )
        );
        // PLAINTEXT covers nothing but the secrets.
        let (code, out, err) = check("q=other");
        assert_eq!(code, i32::from(method != "PLAINTEXT"));
        assert_eq!(out.is_empty(), code == 1);
        assert_eq!(
            err.starts_with("not verified: oauth_signature: "),
            code == 1
        );
    }
}

#[test]
fn tells_that_the_query_was_left_out_and_which_parameters_that_were() {
    let secret = file("left-out-consumer", "s3cr3t-CANARY\n");
    let base = "http://a.test/x";
    let sign = [
        "sign",
        "oauth1",
        "--consumer-key",
        "www.example.com",
        "--consumer-secret-file",
        &secret,
        "GET",
        base,
    ];
    let (_, header, _) = run(&sign);
    let verify = [
        "verify",
        "oauth1",
        "--consumer-secret-file",
        &secret,
        "--header",
        header.trim(),
        "GET",
        &format!("{base}?v=2"),
    ];
    let (code, out, err) = run(&verify);
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(
        err,
        "not verified: oauth_signature: the query was left out, as Zend_Oauth does \
         (v: 2 here, missing there)\n"
    );
}

#[test]
fn a_requestor_goes_into_the_address_which_is_told() {
    let secret = file("requestor-consumer", "s\n");
    let (code, out, err) = run(&[
        "sign",
        "oauth1",
        "--consumer-key",
        "example.com",
        "--consumer-secret-file",
        &secret,
        "--requestor",
        "ann@example.com",
        "GET",
        "http://a.test/x?v=2",
    ]);
    assert_eq!(code, 0);
    let url = "http://a.test/x?v=2&xoauth_requestor_id=ann%40example.com";
    assert_eq!(err, format!("call it at {url}\n"));
    let verify = ["verify", "oauth1", "--consumer-secret-file", &secret];
    let verify = [&verify[..], &["--header", out.trim(), "GET", url]].concat();
    assert_eq!(run(&verify).0, 0);
}

#[test]
fn clientlogin_prints_its_header_and_the_envelope() {
    let (code, out, err) = run_with_input(
        &[
            "sign",
            "clientlogin",
            "--token-file",
            "-",
            "--gdata-version",
            "2",
            "--developer-key-file",
            &file("clientlogin-developer-key", "AI39si-dev\n"),
            "--client",
            "acme-app-1",
            "GET",
            "http://gdata.youtube.com/feeds/api/users/default/uploads",
        ],
        "DQAAAGgA7Zg8CTN\n",
    );
    assert_eq!((code, err.as_str()), (0, ""));
    let mut lines: Vec<&str> = out.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "Authorization: GoogleLogin auth=DQAAAGgA7Zg8CTN",
            "GData-Version: 2",
            "X-GData-Client: acme-app-1",
            "X-GData-Key: key=AI39si-dev",
        ]
    );
}

#[test]
fn says_what_is_wrong_with_a_command_and_shows_no_secret() {
    let secret = file("wrong-consumer", "CANARY-secret\n");
    let private = key("insecure-rsa2048-pkcs8.pem");
    let url = "http://a.test/";
    let cases: [(&[&str], &str); 9] = [
        (
            &["sign", "oauth1", "--consumer-key", "a.test", "GET", url],
            "consumer-secret: expected a value or a file",
        ),
        (
            &["sign", "oauth1", "--method-name", "RSA-SHA1", "GET", url],
            "key: expected the private key of RSA-SHA1",
        ),
        (
            &[
                "sign",
                "oauth1",
                "--key",
                &private,
                "--method-name",
                "hmac-sha1",
                "GET",
                url,
            ],
            "method-name: expected RSA-SHA1 with --key",
        ),
        (
            &["sign", "oauth1", "--token", "CANARY", "GET", url],
            "token-secret: expected a value or a file",
        ),
        (
            &["sign", "oauth1", "--token-secret", "CANARY", "GET", url],
            "token-secret: expected its token too",
        ),
        (
            &["sign", "oauth1", "--form", "nonsense", "GET", url],
            "form: expected NAME=VALUE",
        ),
        (
            &["sign", "clientlogin", "--token", "CANARY \"", "GET", url],
            "auth: ",
        ),
        (&["sign", "clientlogin", "GET", url], "--token"),
        (&["verify", "oauth1", "GET", url], "--consumer-secret-file"),
    ];
    for (args, expected) in cases {
        let (code, out, err) = run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(expected), "{args:?}: {err}");
        assert!(!err.contains("CANARY"), "{args:?}: {err}");
    }
    // A no that is clear, and still tells no secret.
    let header = "OAuth oauth_consumer_key=\"k\", oauth_token=\"CANARY-token\", oauth_nonce=\"1\", \
        oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1300000000\", oauth_signature=\"Q0FOQVJZ\"";
    for header in [header, "OAuth nonsense", "Basic CANARY"] {
        let (code, out, err) = run(&[
            "verify",
            "oauth1",
            "--consumer-secret-file",
            &secret,
            "--header",
            header,
            "GET",
            url,
        ]);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.starts_with("not verified: "), "{err}");
        assert!(!err.contains("CANARY") && !err.contains("Q0FO"), "{err}");
    }
}

#[test]
fn help_has_examples() {
    for (args, piece) in [
        (
            ["sign", "clientlogin"],
            "gdata-auth sign clientlogin --token-file t",
        ),
        (["sign", "oauth1"], "gdata-auth sign oauth1 --consumer-key"),
        (
            ["verify", "oauth1"],
            "gdata-auth verify oauth1 --consumer-secret-file c",
        ),
    ] {
        let (code, out, _) = run(&[args[0], args[1], "--help"]);
        assert_eq!(code, 0);
        assert!(out.contains(piece), "{out}");
    }
}
