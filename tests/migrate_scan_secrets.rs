//! No secret is shown by a scan, whatever takes it and wherever it stands on a line.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::path::PathBuf;

use gdata_auth::migrate::scan::{Baseline, Finding, Kind, Scan, Verdict, report, text};

/// Stands for a secret that has no digit and no shape of its own; and one that looks like any.
const WORD: &str = "canarysecret";
const MARKED: &[&str] = &[WORD, "Canary4kd9Rt0Zq7Xw", "secret-canary", "1/canary"];

const PYTHON: &str =
    "import gdata.gauth\nu = 'https://www.google.com/accounts/AuthSubRequest'; \\\n";
const RUBY: &str =
    "require 'gdata'\nu = 'https://www.google.com/accounts/OAuthGetRequestToken'; \\\n";
const PHP: &str = "<?php require 'Zend/Gdata.php';\n";
const JAVA: &str = "import com.google.gdata.client.appsforyourdomain.audit.AuditService;\n";

/// A file's name and its first lines, and calls in which `@` is a secret. An address of an old login on the line makes it
/// a finding that shows it.
const CALLS: &[(&str, &str, &[&str])] = &[
    (
        "a.py",
        PYTHON,
        &[
            "gdata.gauth.OAuthHmacToken(k, '@', tok, '@', gdata.gauth.ACCESS_TOKEN)",
            "gdata.gauth.OAuthHmacToken('k.example', '@', '@', '@', 1)",
            "gdata.gauth.TwoLeggedOAuthHmacToken(k, '@', 'ann@example.com')",
            "client.get_oauth_token(['https://www.google.com/m8/feeds/'], back, k, '@')",
            "oauth.OAuthConsumer(k, '@')",
            "oauth.OAuthConsumer(key=k, secret='@')",
            "gdata.gauth.token_from_blob('1h|k|@|@|@|x')",
            "gdata.gauth.AuthSubToken('@', scopes)",
            "c.SetOAuthInputParameters(m, 'k.example', '@')",
        ],
    ),
    (
        "a.rb",
        RUBY,
        &[
            "C = OAuth::Consumer.new('www.tides.example', '@', :site => 'https://www.google.com')",
            "C = OAuth::Consumer.new 'www.tides.example', \"@\", :site => 'https://www.google.com'",
            "t = OAuth::AccessToken.new(c, tok, '@')",
            "y = YouTubeIt::OAuthClient.new(k, '@', 'ann', key)",
            "y.authorize_from_access('@', '@')",
        ],
    ),
    (
        "a.php",
        PHP,
        &[
            "$c = new OAuthConsumer($k, '@', NULL);",
            "$c = new \\Vendor\\OAuthConsumer($k, '@', NULL);",
            "$c = new OAuth($k, \"@\");",
        ],
    ),
    (
        "a.js",
        "",
        &[
            "var o = new OAuth('https://www.google.com/a', 'https://www.google.com/b', 'k.example', '@', '1.0', null, 'HMAC-SHA1');",
        ],
    ),
    (
        "A.java",
        JAVA,
        &[
            "c = new DefaultOAuthConsumer(k, \"@\");",
            "s.setAuthSubToken(\"@\");",
            "s.setHeader(\"Authorization\", \"AuthSub token=\\\"@\\\"\");",
            "s.setHeader(\"Authorization\", \"GoogleLogin auth=@\");",
            "p.setOAuthToken(\"@\");",
            "s = new AuditService(\"admin@x\", \"@\", \"x\", \"app\");",
        ],
    ),
    ("A.scala", JAVA, &["val c = Consumer(k, \"@\")"]),
    (
        "a.cs",
        "using Google.GData.Client;\n",
        &["f.Token = \"@\";", "f.TokenSecret = \"@\";"],
    ),
];

/// Where a call stands: alone, behind and before an address of a login, and far out on a long line.
fn places(call: &str) -> [String; 5] {
    let address = "\"https://www.google.com/accounts/OAuthGetRequestToken\"";
    let words = "lorem(ipsum); ".repeat(60);
    [
        call.to_owned(),
        format!("x({address}); {call}"),
        format!(
            "{call}{}x({address})",
            if call.ends_with(';') { " " } else { "; " }
        ),
        format!("{words}x({address}); {call} {words}"),
        format!("{}x({address}); {call}", " ".repeat(70)),
    ]
}

fn forms(folder: &str, name: &str, source: &str) -> (Vec<Finding>, Vec<String>) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), source).unwrap();
    let found = Scan::new().run(&[folder.join(name)], |_, _| {}).unwrap();
    let view = report::View::of(&found, None, true);
    let forms = vec![
        report::json(&found, &view).unwrap(),
        report::sarif(&found, &view).unwrap(),
        report::html(&found, &view),
        Baseline::of(&found.findings).to_json().unwrap(),
        format!("{found:?}"),
    ];
    (found.findings, forms)
}

#[test]
fn no_form_of_output_shows_what_a_call_takes_as_a_secret() {
    for (name, head, calls) in CALLS {
        for (call, secret) in calls
            .iter()
            .flat_map(|call| MARKED.iter().map(move |secret| (call, secret)))
        {
            // The at-sign of an e-mail stands behind a letter.
            let call = ["'@", "\"@", "|@", "=@"]
                .iter()
                .fold((*call).to_owned(), |call, mark| {
                    call.replace(mark, &mark.replace('@', secret))
                });
            for line in places(&call) {
                let (found, forms) = forms("scan-secrets", name, &format!("{head}{line}\n"));
                let is_shown = |form: &&String| form.contains("canary") || form.contains("Canary");
                assert_eq!(forms.iter().find(is_shown), None, "{line}");
                let far = line.starts_with("lorem");
                assert!(
                    far || name.ends_with(".js") || !found.is_empty(),
                    "{name}: {line}"
                );
            }
        }
    }
}

#[test]
fn a_literal_that_is_not_plainly_harmless_is_not_shown() {
    let head = "import gdata.service\n";
    for hidden in [
        "hdhd0244k9j7ao03",
        "kSdFqWmXzPoIuYtRbNvC",
        "a8Bz+Qk/3d9Lm2==",
        "Tr0ub4dor&3",
        "hunter2",
        "open!sesame",
        "1/short",
        "CANARYpw",
        "12345678",
    ] {
        let line = format!("send('{hidden}', 'https://www.google.com/accounts/ClientLogin')");
        let comment = if hidden.contains('!') {
            String::new()
        } else {
            format!("  # was {hidden}")
        };
        let found = text("a.py", &format!("{head}{line}{comment}\n"));
        let shown = &found.last().unwrap().excerpt;
        assert!(!shown.contains(&hidden[..4]), "{shown}");
    }
    for harmless in [
        "www.example.com",
        "ann99@example.org",
        "https://www.google.com/calendar/feeds/default/private/full",
        "/m8/feeds/contacts/default/full?max-results=50",
        "tides-1.0",
        "Example-App-v2",
        "HMAC-SHA1",
        "xoauth_requestor_id",
        "setOAuth2Credentials",
        "HOSTED_OR_GOOGLE",
        "the token of %s is gone: #{name1}",
        "GData-Version: 2.0",
        "application/x-www-form-urlencoded",
    ] {
        let line = format!("send('{harmless}', 'https://www.google.com/accounts/ClientLogin')");
        let found = text("a.py", &format!("{head}{line}\n"));
        assert_eq!(found.last().unwrap().excerpt, line);
    }
    let private = "u = 'https://www.google.com/calendar/feeds/ann@example.org/private-5d41402abc4b2a76b9719d91/basic'";
    let found = text("a.py", private);
    assert_eq!(
        found[0].excerpt,
        "u = 'https://www.google.com/calendar/feeds/ann@example.org/****/basic'"
    );
}

#[test]
fn code_beside_a_literal_is_shown() {
    let line = "String form = \"&Passwd=\" + URLEncoder.encode(password, \"UTF-8\") + \"&x=\";";
    let found = text("A.java", &format!("{JAVA}{line}\n"));
    assert_eq!(found.last().unwrap().excerpt, line);
}

fn leaks(name: &str, source: &str) -> Vec<(usize, usize, &'static str, Verdict)> {
    let found = text(name, source).into_iter();
    let leaks = found.filter(|one| one.kind == Kind::Leak);
    leaks
        .map(|one| (one.line, one.column, one.rule, one.verdict))
        .collect()
}

#[test]
fn a_literal_where_a_secret_stands_is_a_secret_in_the_code() {
    let of = |line, column| vec![(line, column, "W30", Verdict::ReplaceSecret)];
    let ruby = "require 'gdata'\n";
    for (call, place) in [
        (
            "C = OAuth::Consumer.new('k.example', 'opensesame',\n  :site => 'x')",
            (2, 39),
        ),
        (
            "C = OAuth::Consumer.new(\n  'k.example', # whose\n  'open' +\n  'sesame', s)",
            (4, 4),
        ),
        (
            "C = OAuth::Consumer.new 'k.example',\n  'opensesame'\n",
            (3, 4),
        ),
    ] {
        assert_eq!(
            leaks("a.rb", &format!("{ruby}{call}\n")),
            of(place.0, place.1),
            "{call}"
        );
    }
    for call in [
        "C = OAuth::Consumer.new('k.example', ENV['SECRET'], :site => 'x')",
        "C = OAuth::Consumer.new('k.example', secret('opensesame'))",
        "C = OAuth::Consumer.new('k.example', \"#{secret}\")",
        "C = OAuth::Consumer.new('anonymous', 'anonymous')",
        "C = OAuth::Consumer.new('k.example', 'your-secret')",
        "C = OAuth::Consumer.new 'k.example', secret\nx 'a', 'opensesame'",
        "# C = OAuth::Consumer.new('k.example', 'opensesame')",
    ] {
        assert_eq!(leaks("a.rb", &format!("{ruby}{call}\n")), [], "{call}");
    }
    // Elsewhere it is no business of this program.
    assert_eq!(
        leaks(
            "a.rb",
            "C = OAuth::Consumer.new('k.example', 'opensesame')\n"
        ),
        []
    );
}

#[test]
fn a_constructor_with_a_password_is_a_login() {
    for (name, code) in [
        (
            "A.scala",
            "val s = new AuditService(\"admin@x\", \"opensesame\", \"x\", \"app\")",
        ),
        (
            "A.java",
            "var s = new AppsForYourDomainService(\"admin@x\", \"open,sesame)\", \"x\", \"app\");",
        ),
        (
            "A.java",
            "var s = new AuditService(user, read(\"x\"),\n  domain, \"app\");",
        ),
    ] {
        let found = text(name, &format!("{JAVA}{code}\n"));
        let login = found
            .iter()
            .find(|one| one.line == 2 && one.kind == Kind::Auth);
        assert_eq!(login.map(|one| one.rule), Some("J1"), "{found:#?}");
        assert_eq!(
            leaks(name, &format!("{JAVA}{code}\n")).len(),
            usize::from(code.contains("open"))
        );
    }
    for code in [
        "var s = new AuditService(\"x\", \"app\");",
        "public AuditService(String a, String b, String c, String d) {}",
    ] {
        let found = text("A.java", &format!("{JAVA}{code}\n"));
        assert!(found.iter().all(|one| one.line == 1), "{found:#?}");
    }
}

#[test]
fn puts_is_a_log_too() {
    let ruby = "require 'gdata'\nu = 'https://www.google.com/accounts/AuthSubSessionToken'\n";
    for (line, leak) in [
        ("puts \"token=#{kept['token']}\"", true),
        ("puts token", true),
        ("$stderr.puts(\"the token is #{token}\")", true),
        ("puts 'no token'", false),
        ("inputs token", false),
    ] {
        let found = leaks("a.rb", &format!("{ruby}{line}\n"));
        assert_eq!(found.iter().any(|one| one.2 == "L1"), leak, "{line}");
    }
}

#[test]
fn calls_that_never_end_cost_no_more_than_their_length() {
    let nested = format!("{PYTHON}{}", "AuthSubToken(".repeat(150_000));
    // Each call read to the end of the text would be some ten thousand million steps: the test would not come to an end.
    assert!(text("a.py", &nested).len() < 10);
}

#[test]
fn what_looks_like_a_variable_in_other_languages_is_hidden_in_its_place() {
    for (name, source) in [
        (
            "a.py",
            "import gdata.gauth\nt = gdata.gauth.OAuthHmacToken('k', '$canarysecret', '#{canarysecret', '${canarysecret', 3)\n",
        ),
        (
            "A.java",
            "import com.google.gdata.client.GoogleService;\nservice.setAuthSubToken(\"$canarysecret\");\n",
        ),
    ] {
        let findings = text(name, source);
        assert!(findings.iter().any(|one| one.line == 2), "{findings:?}");
        assert!(!format!("{findings:?}").contains(WORD), "{findings:?}");
    }
}
