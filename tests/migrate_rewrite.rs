//! The credential swapped in code that stays: what is edited, byte for byte, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

use std::process::{Command, Stdio};

use gdata_auth::migrate::rewrite::{Language, Options, Rewritten, rewrite, write};

fn done(language: Language, source: &str) -> Rewritten {
    let once = rewrite(language, source.as_bytes(), &Options::default()).unwrap();
    let twice = rewrite(language, &once.text, &Options::default()).unwrap();
    assert_eq!(twice.text, once.text, "a second run finds nothing to do");
    assert!(twice.changes.is_empty());
    once
}

fn text(rewritten: &Rewritten) -> &str {
    std::str::from_utf8(&rewritten.text).unwrap()
}

/// Left as it is, with this reason on this line.
fn refused(language: Language, source: &str, line: usize, reason: &str) {
    let rewritten = done(language, source);
    assert_eq!(text(&rewritten), source);
    let refusals = &rewritten.refusals;
    let found = refusals
        .iter()
        .any(|it| it.line == line && it.reason.contains(reason));
    assert!(found, "{refusals:?} for {source}");
}

const AUDIT: &str = include_str!("../fixtures/rewrite/audit.py");

#[test]
fn a_service_of_python_gets_the_header_and_loses_the_password() {
    let rewritten = done(Language::Python, AUDIT);
    assert_eq!(
        text(&rewritten),
        "#!/usr/bin/env python\n# -*- coding: latin-1 -*-\n\"\"\"Audits.\"\"\"\nimport sys\n\
         import gdata.apps.audit.service\nimport oauth2client.file\n\n\
         def main(user, word):\n    service = gdata.apps.audit.service.AuditService(domain='example.com')\n    \
         service.source = 'audit'\n    \
         service.additional_headers['Authorization'] = 'Bearer ' + \
         oauth2client.file.Storage('oauth2.json').get().get_access_token().access_token  # signs in\n    \
         return service.getAllMailMonitors('ann')\n"
    );
    assert!(rewritten.refusals.is_empty());
    compiles(text(&rewritten));
}

#[test]
fn a_client_of_python_is_authorised_by_the_librarys_own_class() {
    let source = "from gdata.contacts.client import ContactsClient\r\nFEED = 'https://www.google.com/m8/feeds/contacts/example.com/full'\r\n\
                  client = ContactsClient(source='x')\r\nclient.client_login('a', 'b',\r\n    'x')\r\nprint(client.get_feed(FEED))\r\n";
    let rewritten = done(Language::Python, source);
    assert_eq!(
        text(&rewritten),
        "from gdata.contacts.client import ContactsClient\r\nimport gdata.gauth\r\nimport oauth2client.file\r\n\
         FEED = 'https://www.google.com/m8/feeds/contacts/example.com/full'\r\n\
         client = ContactsClient(source='x')\r\n\
         gdata.gauth.OAuth2TokenFromCredentials(oauth2client.file.Storage('oauth2.json').get()).authorize(client)\r\n\
         print(client.get_feed(FEED))\r\n"
    );
    compiles(text(&rewritten));

    let token = source.replace(
        "client.client_login('a', 'b',\r\n    'x')",
        "client.auth_token = gdata.gauth.AuthSubToken(t, [])",
    );
    assert_eq!(text(&done(Language::Python, &token)), text(&rewritten));
}

#[test]
fn python_that_is_not_proven_is_left() {
    let import = "import gdata.contacts.client, gdata.calendar.service, gdata.apps.audit.service\n";
    let with = |rest: &str| format!("{import}{rest}");
    let audit = "gdata.apps.audit.service.AuditService()";
    for (rest, line, reason) in [
        (
            "s = gdata.calendar.service.CalendarService()\ns.ClientLogin('a', 'b')\n",
            3,
            "Calendar v2 is switched off",
        ),
        (
            "s = gdata.calendar.service.CalendarService()\ns.ClientLogin('a', 'b')\n",
            3,
            "port to Calendar v3",
        ),
        (
            "c = gdata.contacts.client.ContactsClient()\nc.client_login('a', 'b', 'c')\n",
            3,
            "nothing in this file proves",
        ),
        (
            "def f(s):\n    s.ClientLogin('a', 'b')\n",
            3,
            "given from elsewhere",
        ),
        ("s.ClientLogin('a', 'b')\n", 2, "made elsewhere"),
        (
            &format!("s = {audit}\ns = {audit}\ns.ClientLogin('a', 'b')\n"),
            4,
            "assigned more than once",
        ),
        (
            &format!("s = {audit}\nt = s.ClientLogin('a', 'b')\n"),
            3,
            "value goes on being used",
        ),
        (
            &format!("def f():\n    s = {audit}\ndef g():\n    s.ClientLogin('a', 'b')\n"),
            5,
            "another scope",
        ),
        (
            "s = make()\ns.ClientLogin('a', 'b')\n",
            3,
            "no client class",
        ),
        ("make().ClientLogin('a', 'b')\n", 2, "computed"),
        (
            &format!("s = {audit}\ngetattr(s, 'ClientLogin')('a', 'b')\n"),
            3,
            "is a text",
        ),
        (
            "from elsewhere import AuditService\ns = AuditService()\ns.ClientLogin('a', 'b')\n",
            4,
            "no client class",
        ),
        (
            &format!("s = {audit}\nfor s in x:\n    s.ClientLogin('a', 'b')\n"),
            4,
            "assigned more than once",
        ),
        (
            &format!("s = {audit}\ngdata = 1\ns.ClientLogin('a', 'b')\n"),
            4,
            "is assigned in this file",
        ),
        (
            &format!("s = {audit}\ns.auth_token = token\n"),
            3,
            "what kind of token",
        ),
    ] {
        refused(Language::Python, &with(rest), line, reason);
    }
    // What is no gdata is none of this.
    let other = "client.ClientLogin('a', 'b')\n# s.ClientLogin()\nx = 'ClientLogin'\n";
    let rewritten = done(Language::Python, other);
    assert_eq!((text(&rewritten), rewritten.refusals.len()), (other, 0));
}

const SHARED: &str = "import gdata.contacts.client\nimport gdata.gauth\n\n\
    FEED = 'https://www.google.com/m8/feeds/contacts/example.com/full'\nTOKEN = open('token').read()\n\n";

#[test]
fn each_function_of_python_has_names_of_its_own() {
    let make = "    client = gdata.contacts.client.ContactsClient(source='x')\n";
    let source = format!(
        "{SHARED}def one():\n{make}    client.auth_token = gdata.gauth.AuthSubToken(TOKEN)\n    return client\n\n\
         def two():\n{make}    client.auth_token = gdata.gauth.OAuthHmacToken(\n        'k', 's', TOKEN, 's', 3)\n    return client\n"
    );
    let rewritten = done(Language::Python, &source);
    assert_eq!(rewritten.refusals, []);
    let now = text(&rewritten);
    assert_eq!(now.matches(".authorize(client)").count(), 2, "{now}");
    assert!(!now.contains("auth_token"), "{now}");
    compiles(now);

    // A name of the module serves a function that has none of its own; one of another function does not.
    let module = format!(
        "{SHARED}client = gdata.contacts.client.ContactsClient()\ndef one():\n    client.auth_token = \
         gdata.gauth.AuthSubToken(TOKEN)\ndef two():\n    client = None\n    return client\n"
    );
    assert_eq!(done(Language::Python, &module).refusals, []);
    for (function, line, reason) in [
        (
            format!(
                "def one():\n{make}def two():\n    client.auth_token = gdata.gauth.AuthSubToken(TOKEN)\n"
            ),
            10,
            "another scope",
        ),
        (
            format!(
                "def one(client):\n    client.auth_token = gdata.gauth.AuthSubToken(TOKEN)\ndef two():\n{make}"
            ),
            8,
            "given from elsewhere",
        ),
        (
            format!(
                "def one():\n{make}    def inner():\n        nonlocal client\n        client = None\n    \
                     client.auth_token = gdata.gauth.AuthSubToken(TOKEN)\n"
            ),
            12,
            "assigned more than once",
        ),
        (
            format!(
                "def one(token):\n{make}    client.auth_token = gdata.gauth.AuthSubToken(token)\n"
            ),
            9,
            "token is given to this function, so each caller may have a user's own",
        ),
    ] {
        refused(
            Language::Python,
            &format!("{SHARED}{function}"),
            line,
            reason,
        );
    }
}

const JAVA: &str = include_str!("../fixtures/rewrite/Shared.java");

#[test]
fn a_service_of_java_is_authorised() {
    let rewritten = done(Language::Java, JAVA);
    assert_eq!(
        text(&rewritten),
        "package x;\n\nimport com.google.gdata.client.contacts.ContactsService;\n\
         import com.google.api.client.googleapis.auth.oauth2.GoogleCredential;\nimport java.io.FileInputStream;\n\n\
         public class Shared {\n  static final String FEED = \"https://www.google.com/m8/feeds/contacts/example.com/full\";\n\
         \x20 public void run(String user, String word) throws Exception {\n\
         \x20   ContactsService service = new ContactsService(\"shared\");\n\
         \x20   { GoogleCredential credential = GoogleCredential.fromStream(new FileInputStream(\"authorized_user.json\")); \
         credential.refreshToken(); service.setOAuth2Credentials(credential); } // signs in\n  }\n}\n"
    );
}

#[test]
fn java_that_would_not_compile_is_left() {
    refused(
        Language::Java,
        &JAVA.replace("throws Exception", "throws ServiceException"),
        9,
        "IOException",
    );
    let caught = JAVA
        .replace("    service.set", "    try { service.set")
        .replace(
            "word); //",
            "word); } catch (AuthenticationException e) { } //",
        );
    refused(Language::Java, &caught, 9, "no longer compile");
    refused(
        Language::Java,
        &JAVA.replace("contacts/example.com", "contacts/default"),
        9,
        "proves",
    );
    refused(
        Language::Java,
        &JAVA.replace("ContactsService", "YouTubeService"),
        9,
        "YouTube Data v3",
    );
    refused(
        Language::Java,
        &JAVA.replace("new ContactsService(\"shared\")", "factory.get()"),
        9,
        "`new`",
    );
    let tried = |inside: &str, caught: &str| {
        let there = JAVA.replace(
            "    service.setUser",
            &format!("    try {{ {inside}service.setUser"),
        );
        there.replace("// signs in", &format!("}} catch ({caught} e) {{ }}"))
    };
    refused(
        Language::Java,
        &tried("", "ServiceException"),
        9,
        "nothing else here is seen to throw one",
    );
    let asked = tried("service.getFeed(null, X.class); ", "ServiceException");
    assert_eq!(done(Language::Java, &asked).changes.len(), 2);
    let exchanged = tried("", "GeneralSecurityException").replace(
        "setUserCredentials(user, /* the admin's */ word)",
        "setAuthSubToken(AuthSubUtil.exchangeForSessionToken(word, null), null)",
    );
    refused(
        Language::Java,
        &exchanged,
        9,
        "only the login's arguments throw",
    );
    let signs_in = JAVA
        .replace("ContactsService", "AuditService")
        .replace("(\"shared\")", "(user, f(word, 1), \"example.com\", \"x\")");
    refused(Language::Java, &signs_in, 9, "signs in with a password");
    let full = JAVA.replace(
        "class Shared",
        "class Shared extends A<credential, oauth2Credential, gdataCredential>",
    );
    refused(Language::Java, &full, 9, "all in use");
}

#[test]
fn the_variable_of_java_is_one_that_the_file_does_not_use() {
    let used = JAVA.replace("String word", "String credential, String word");
    let rewritten = done(Language::Java, &used);
    assert!(
        text(&rewritten)
            .contains("{ GoogleCredential oauth2Credential = GoogleCredential.fromStream(")
    );
    assert!(text(&rewritten).contains("service.setOAuth2Credentials(oauth2Credential); }"));
}

const CSHARP: &str = include_str!("../fixtures/rewrite/Shared.cs");

#[test]
fn a_service_of_csharp_gets_a_factory() {
    let rewritten = done(Language::CSharp, CSHARP);
    let now = text(&rewritten);
    assert!(now.contains(
        "        service.RequestFactory = new GOAuth2RequestFactory(\"cp\", \"shared\", new OAuth2Parameters { \
         ClientId = System.Environment.GetEnvironmentVariable(\"GDATA_OAUTH2_CLIENT_ID\"), "
    ));
    assert!(now.starts_with(
        "using System;\r\nusing Google.GData.Contacts;\r\nusing Google.GData.Client;\r\n\r\nclass"
    ));
    assert_eq!(now.matches('\n').count(), now.matches("\r\n").count());

    let factory = CSHARP.replace(
        "service.setUserCredentials(user, word)",
        "service.RequestFactory = new GDataGAuthRequestFactory(\"cp\", \"shared\")",
    );
    assert_eq!(text(&done(Language::CSharp, &factory)), now);
}

#[test]
fn csharp_that_is_not_proven_is_left() {
    refused(
        Language::CSharp,
        &CSHARP.replace("ContactsService", "CalendarService"),
        8,
        "Calendar v3",
    );
    let configured = CSHARP.replace(
        "service.setUserCredentials(user, word);",
        "GAuthSubRequestFactory f = new GAuthSubRequestFactory(\"cp\", \"x\"); f.Token = word;",
    );
    refused(Language::CSharp, &configured, 8, "configured further on");
    let computed = CSHARP.replace(
        "service.setUserCredentials(user, word)",
        "service.RequestFactory = new GAuthSubRequestFactory(s, \"x\")",
    );
    refused(Language::CSharp, &computed, 8, "no code that is known");
    let timed = CSHARP.replace(
        "        service.set",
        "        ((GDataRequestFactory)service.RequestFactory).Timeout = 9;\r\n        service.set",
    );
    refused(Language::CSharp, &timed, 9, "is configured before");
}

#[test]
fn the_diff_is_one_that_patch_takes() {
    for (name, language, source) in [
        ("a.py", Language::Python, AUDIT),
        ("A.java", Language::Java, JAVA),
        ("a.cs", Language::CSharp, CSHARP),
    ] {
        let rewritten = done(language, source);
        let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("migrate-patch-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), source).unwrap();
        std::fs::write(folder.join("diff"), rewritten.diff(name)).unwrap();
        let patch = Command::new("patch")
            .args(["--binary", "-s", "-p1", "-i", "diff"])
            .current_dir(&folder)
            .status();
        match patch {
            Ok(status) => {
                assert!(status.success());
                assert_eq!(std::fs::read(folder.join(name)).unwrap(), rewritten.text);
            }
            Err(_) => eprintln!("skipped: patch is not installed"),
        }
    }
    assert!(
        done(Language::Python, "import gdata\n")
            .diff("x")
            .is_empty()
    );
}

#[test]
fn the_diff_has_no_line_that_stays_as_it_is() {
    for (language, source) in [
        (Language::Python, AUDIT),
        (Language::Java, JAVA),
        (Language::CSharp, CSHARP),
    ] {
        let diff = String::from_utf8(done(language, source).diff("x")).unwrap();
        let lines: Vec<&str> = diff.lines().skip(2).collect();
        let gone: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.strip_prefix('-'))
            .collect();
        assert!(!gone.is_empty() || language != Language::Java, "{diff}");
        let same = lines.iter().filter_map(|line| line.strip_prefix('+'));
        let same: Vec<&str> = same.filter(|line| gone.contains(line)).collect();
        assert!(same.is_empty(), "{same:?} in {diff}");
    }
}

#[test]
fn the_secret_of_a_consumer_that_stays_is_named() {
    let source = JAVA.replace(
        "  public void run",
        "  void old(GoogleOAuthParameters p) { p.setOAuthConsumerSecret(\"canary\"); }\n  public void run",
    );
    let rewritten = done(Language::Java, &source);
    let [refusal] = &rewritten.refusals[..] else {
        panic!("{:?}", rewritten.refusals)
    };
    assert!(
        refusal.reason.contains("take it out by hand"),
        "{refusal:?}"
    );
    assert!(!refusal.reason.contains("canary") && !rewritten.changes.is_empty());
    let named = source.replace("\"canary\"", "word");
    assert!(done(Language::Java, &named).refusals.is_empty());
}

#[test]
fn a_file_that_changed_meanwhile_is_not_written_over() {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("migrate-changed.py");
    std::fs::write(&path, AUDIT).unwrap();
    let rewritten = done(Language::Python, AUDIT);
    std::fs::write(&path, "changed\n").unwrap();
    let error = write(&path, &rewritten).unwrap_err();
    assert!(error.to_string().contains("changed meanwhile"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "changed\n");
    std::fs::write(&path, AUDIT).unwrap();
    write(&path, &rewritten).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), rewritten.text);
}

#[test]
fn sources_that_are_cut_or_strange_are_survived() {
    for (language, source) in [
        (Language::Python, AUDIT),
        (Language::Java, JAVA),
        (Language::CSharp, CSHARP),
    ] {
        for end in 0..source.len() {
            if source.is_char_boundary(end) {
                let _ = rewrite(language, &source.as_bytes()[..end], &Options::default());
            }
        }
        for strange in [
            "\"",
            "'''",
            "\\",
            ")",
            "(((",
            "@$\"",
            "/*",
            "r'",
            "\"\"\"\\",
            "a.b.",
            ".ClientLogin(",
            "\u{e9}.ClientLogin()",
        ] {
            let source = format!(
                "import gdata;\nimport com.google.gdata.x;\nusing Google.GData.Client;\n{strange}"
            );
            let _ = rewrite(language, source.as_bytes(), &Options::default());
        }
        assert!(rewrite(language, b"a\0b", &Options::default()).is_err());
    }
    assert!(Options::default().with_credentials("a'b").is_err());
}

#[test]
fn a_source_without_end_comes_to_one() {
    let import = "import gdata.apps.audit.service\ns = gdata.apps.audit.service.AuditService()\n";
    let many = format!("{import}{}", "s.ClientLogin('a')\n".repeat(400));
    let rewritten = rewrite(Language::Python, many.as_bytes(), &Options::default()).unwrap();
    let reasons: Vec<_> = rewritten
        .refusals
        .iter()
        .map(|it| it.reason.as_str())
        .collect();
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("at most 200 logins")),
        "{reasons:?}"
    );
    let chain = format!("{import}{}x\ns.ClientLogin('a')\n", "a.".repeat(200_000));
    let rewritten = rewrite(Language::Python, chain.as_bytes(), &Options::default()).unwrap();
    assert_eq!(rewritten.changes.len(), 2);
    assert!(rewrite(Language::Java, &vec![b' '; 3 << 20], &Options::default()).is_err());
}

/// Python says whether it is Python.
fn compiles(source: &str) {
    let python = Command::new("python3")
        .args(["-c", "import sys; compile(sys.stdin.read(), 'x', 'exec')"])
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), source.as_bytes()).unwrap();
    assert!(python.wait().unwrap().success());
}

#[test]
fn a_login_that_no_single_credential_replaces_is_named() {
    let python = "import gdata.apps.audit.service\n\
        s = gdata.apps.audit.service.AuditService(domain='example.com')\n\
        s.SetOAuthInputParameters(1, 'key', 'secret', two_legged_oauth=True, requestor_id='ann@example.com')\n\
        s.UpgradeToSessionToken()\n\
        url = s.GenerateOAuthURL()\n";
    refused(Language::Python, python, 3, "two-legged");
    refused(Language::Python, python, 4, "a consent of AuthSub");
    refused(Language::Python, python, 5, "a consent of OAuth 1.0");
    let java = "import com.google.gdata.client.http.AuthSubUtil;\nclass A {\n  void a() throws Exception {\n    \
        session = AuthSubUtil.exchangeForSessionToken(token, null);\n    \
        new GoogleOAuthHelper(signer).getAccessToken(parameters);\n  }\n}\n";
    refused(Language::Java, java, 4, "a consent of AuthSub");
    refused(Language::Java, java, 5, "a consent of OAuth 1.0");
    let signs_in = "import com.google.gdata.client.appsforyourdomain.audit.AuditService;\nclass Z {\n  void run() throws Exception {\n    \
        AuditService s = new AuditService(\"a@x.example\", \"secret\", \"x.example\", \"app\");\n    \
        s.setOAuth2Credentials(credential);\n  }\n}\n";
    refused(
        Language::Java,
        signs_in,
        4,
        "signs in with this password by itself",
    );
    let csharp = "using Google.GData.Client;\nclass A {\n  void B() {\n    \
        var session = AuthSubUtil.exchangeForSessionToken(token, key);\n  }\n}\n";
    refused(Language::CSharp, csharp, 4, "a consent of AuthSub");
    // Of nobody's library, it is nobody's login.
    let other = rewrite(
        Language::Python,
        b"s.UpgradeToSessionToken()\n",
        &Options::default(),
    );
    assert!(other.unwrap().refusals.is_empty());
}
