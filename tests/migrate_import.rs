//! Token stores of old clients: what is found in each, and that no secret of it is told.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf};

use gdata_auth::{
    Timestamp,
    migrate::import::{
        Alarm, Blob, Credential, Event, Form, Import, Inventory, InventoryWriter, Limits, Protocol,
        Source, TokenState, Use, Walk, blob, files,
    },
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/tokens")
}

fn fixture(name: &str) -> Inventory {
    Import::inventory(&Source::new(name), &fs::read(folder().join(name)).unwrap()).unwrap()
}

fn text(name: &str, text: &str) -> Inventory {
    Import::inventory(&Source::new(name), text.as_bytes()).unwrap()
}

fn kinds(inventory: &Inventory) -> Vec<(Protocol, Use)> {
    let kind = |credential: &Credential| (credential.protocol, credential.usable);
    inventory.credentials.iter().map(kind).collect()
}

fn refresh(credential: &Credential) -> &str {
    credential.secrets.refresh_token.as_ref().unwrap().expose()
}

#[test]
fn blobs_of_gdata_python_go_both_ways() {
    // legacy-protocol.md 8.4, in full.
    for text in [
        "1s|b|f",
        "1s||",
        "1s|||http%3A%2F%2Fexample.net|http%3A%2F%2Fgoogle.com",
        "1r|consumerKey|myRsa|t|secret|2|http%3A%2F%2Fexample.com%2Fnext|verifier",
        "1r||myRsa|t|secret|0||",
        "1h||c%2Cs|t|secret|7||v",
        "2o|clientId|clientSecret|https%3A%2F%2Fwww.google.com%2Fcalendar%2Ffeeds|userAgent|\
         https%3A%2F%2Faccounts.google.com%2Fo%2Foauth2%2Fauth|https%3A%2F%2Faccounts.google.com%2Fo%2Foauth2%2Ftoken|\
         accessToken|refreshToken",
        "1c|token",
        "1a|token",
        "1htl|key|secret|ann%40example.com",
        "1rtl|key|-----BEGIN|",
    ] {
        let blob = Blob::parse(text).unwrap();
        assert_eq!(blob.to_text().expose(), text);
    }
    let some = |text: &str| Some(text.to_owned());
    let parts = [some("1x"), some("test|string"), some("%x%"), None, None];
    assert_eq!(blob::fields("1x|test%7Cstring|%25x%25||").unwrap(), parts);
    assert_eq!(blob::print_fields(&parts), "1x|test%7Cstring|%25x%25||");
    let error = Blob::parse("~~z").unwrap_err();
    assert_eq!(error.kind(), gdata_auth::Kind::Unsupported);
    assert!(Blob::parse("1c|a|b").is_err());
    assert!(Blob::parse("1h|a|b|c|d|many||").is_err());
}

#[test]
fn a_list_of_blobs_tells_each_for_what_it_is() {
    let inventory = fixture("gdata-blobs.txt");
    assert_eq!(
        kinds(&inventory),
        [
            (Protocol::ClientLogin, Use::ConsentAgain),
            (Protocol::AuthSub, Use::ConsentAgain),
            (Protocol::SecureAuthSub, Use::ConsentAgain),
            (Protocol::OAuth1, Use::MigrationGrant),
            (Protocol::OAuth1, Use::ConsentAgain),
            (Protocol::OAuth1, Use::MigrationGrant),
            (Protocol::OAuth1TwoLegged, Use::ServiceAccount),
            (Protocol::OAuth1TwoLegged, Use::ServiceAccount),
            (Protocol::OAuth2, Use::AsItIs),
        ]
    );
    let credentials = &inventory.credentials;
    assert_eq!(
        credentials[1].scopes,
        [
            "http://www.google.com/calendar/feeds/",
            "http://www.google.com/m8/feeds/"
        ]
    );
    assert_eq!(credentials[4].state, Some(TokenState::Request));
    assert_eq!(credentials[6].user.as_deref(), Some("ann@example.com"));
    assert_eq!(refresh(&credentials[8]), "1//blobrefresh");
    let alarmed: Vec<u64> = credentials
        .iter()
        .filter(|credential| credential.alarms == [Alarm::PrivateKey])
        .map(|credential| credential.number)
        .collect();
    assert_eq!(alarmed, [3, 6, 8]);
    assert_eq!(inventory.summary.alarms, 3);
    assert!(inventory.problems.is_empty(), "{:?}", inventory.problems);
}

#[test]
fn every_form_is_told_by_its_content() {
    for (name, form, protocol, user, secret) in [
        (
            "zend.session",
            Form::PhpSession,
            Protocol::AuthSub,
            Some("ann@example.com"),
            "token",
        ),
        (
            "moodle.sql",
            Form::MoodlePreferences,
            Protocol::AuthSub,
            Some("moodle user 5"),
            "token",
        ),
        (
            "cookies.txt",
            Form::Cookies,
            Protocol::AuthSub,
            None,
            "token",
        ),
        (
            "oauth2client.json",
            Form::Oauth2clientJson,
            Protocol::OAuth2,
            Some("ann@example.com"),
            "refresh_token",
        ),
        (
            "multistore.json",
            Form::Oauth2clientJson,
            Protocol::OAuth2,
            None,
            "refresh_token",
        ),
        (
            "oauth2client-2.pickle",
            Form::Pickle,
            Protocol::OAuth2,
            Some("ann@example.com"),
            "refresh_token",
        ),
        (
            "token.json",
            Form::GoogleAuthJson,
            Protocol::OAuth2,
            Some("ben@example.com"),
            "refresh_token",
        ),
        (
            "token.pickle",
            Form::Pickle,
            Protocol::OAuth2,
            None,
            "refresh_token",
        ),
        (
            "yup-oauth2.json",
            Form::YupOauth2Json,
            Protocol::OAuth2,
            None,
            "refresh_token",
        ),
        (
            "go.json",
            Form::GoJson,
            Protocol::OAuth2,
            None,
            "refresh_token",
        ),
        (
            "node.json",
            Form::NodeJson,
            Protocol::OAuth2,
            None,
            "refresh_token",
        ),
        (
            "adc.json",
            Form::Gcloud,
            Protocol::OAuth2,
            None,
            "refresh_token",
        ),
        (
            "rclone.conf",
            Form::Rclone,
            Protocol::OAuth2,
            None,
            "refresh_token",
        ),
        (
            "service-account.json",
            Form::ServiceAccountKey,
            Protocol::ServiceAccount,
            Some("robot@p.iam.gserviceaccount.com"),
            "private_key",
        ),
        (
            "login-reply.txt",
            Form::Settings,
            Protocol::ClientLogin,
            None,
            "token",
        ),
    ] {
        let inventory = fixture(name);
        let first = &inventory.credentials[0];
        assert_eq!((first.form, first.protocol), (form, protocol), "{name}");
        assert_eq!(first.user.as_deref(), user, "{name}");
        assert!(
            first.masks.iter().any(|mask| mask.name == secret),
            "{name}: {:?}",
            first.masks
        );
        assert_eq!(inventory.problems, [], "{name}");
        // A name says nothing.
        let bytes = fs::read(folder().join(name)).unwrap();
        let renamed = Import::inventory(&Source::new("x.bin"), &bytes).unwrap();
        assert_eq!(renamed.credentials[0].form, form, "{name}");
    }
}

#[test]
fn moments_of_five_libraries_are_the_same_moment() {
    let end = Timestamp::from_unix_seconds(1_717_236_000);
    for name in [
        "go.json",
        "node.json",
        "token.json",
        "yup-oauth2.json",
        "rclone.conf",
    ] {
        assert_eq!(fixture(name).credentials[0].expires_at, Some(end), "{name}");
    }
    let older = "{\"tokens\":[{\"hash\":\"1\",\"scopes\":[\"s\"],\"token\":{\"access_token\":\"ya29.a\",\
                 \"refresh_token\":\"1//r\",\"token_type\":\"Bearer\",\"expires_in\":null,\"expires_in_timestamp\":1717236000}}]}";
    let inventory = text("old yup-oauth2", older);
    let first = &inventory.credentials[0];
    assert_eq!(
        (first.form, first.expires_at),
        (Form::YupOauth2Json, Some(end))
    );
    assert_eq!(first.scopes, ["s"]);
}

#[test]
fn a_pickle_of_app_engine_is_walked_in_either_protocol() {
    for name in ["appengine-v1.pickle", "appengine-v1-2.pickle"] {
        let inventory = fixture(name);
        assert_eq!(
            kinds(&inventory),
            [
                (Protocol::AuthSub, Use::ConsentAgain),
                (Protocol::ClientLogin, Use::ConsentAgain),
                (Protocol::OAuth1, Use::MigrationGrant),
            ],
            "{name}"
        );
        // One token under two scopes is one credential.
        assert_eq!(
            inventory.credentials[0].scopes,
            [
                "http://www.google.com/calendar/feeds/",
                "http://www.google.com/m8/feeds/"
            ]
        );
        assert_eq!(
            inventory.credentials[2].client.as_deref(),
            Some("www.example.com")
        );
    }
}

#[test]
fn a_pickle_that_calls_is_only_looked_at() {
    let evil = "cos\nsystem\n(S'touch pwned'\ntR.";
    let inventory = text("evil", evil);
    assert_eq!(inventory.credentials.len(), 0);
    assert!(!PathBuf::from("pwned").exists());
}

#[test]
fn objects_in_a_session_are_looked_through() {
    let inventory = fixture("zend-objects.session");
    let protocols: Vec<_> = inventory.credentials.iter().map(|it| it.protocol).collect();
    assert_eq!(protocols, [Protocol::OAuth1, Protocol::AuthSub]);
    assert_eq!(inventory.credentials[0].found.at, "$.access._params");
}

#[test]
fn what_is_within_a_session_is_its_users() {
    let session = "email|s:15:\"zoe@example.com\";client|O:21:\"Zend_Gdata_HttpClient\":1:{s:16:\"\0*\0_authSubToken\";\
                   s:12:\"1/abcdefghij\";}";
    let inventory = text("session", session);
    let [credential] = &inventory.credentials[..] else {
        panic!("{:?}", inventory.credentials);
    };
    assert_eq!(credential.protocol, Protocol::AuthSub);
    assert_eq!(credential.user.as_deref(), Some("zoe@example.com"));
}

#[test]
fn names_of_the_protocol_itself_belong_together() {
    let settings = "ann.email=ann@example.com\nann.oauth_token=1/abcdefghij12\nann.oauth_token_secret=s1\n\
                    ann.oauth_consumer_key=www.tides.example\nann.oauth_consumer_secret=s2\n";
    let inventory = text("properties", settings);
    assert_eq!(kinds(&inventory), [(Protocol::OAuth1, Use::MigrationGrant)]);
    let ann = &inventory.credentials[0];
    assert_eq!(ann.client.as_deref(), Some("www.tides.example"));
    assert_eq!(ann.user.as_deref(), Some("ann@example.com"));
}

#[test]
fn a_name_that_is_set_again_begins_another_record_and_is_told() {
    let yaml = "ann@example.com:\n  token: 1/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1\n  secret: s1\n\
                ben@example.org:\n  token: 1/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB1\n  secret: s2\n";
    let inventory = text("yaml", yaml);
    assert_eq!(
        inventory.credentials.len(),
        2,
        "{:?}",
        inventory.credentials
    );
    let [problem] = &inventory.problems[..] else {
        panic!("{:?}", inventory.problems);
    };
    assert!(
        problem.found.at == "line 5" && problem.what.contains("set again"),
        "{problem:?}"
    );
    let same = "[ann]\noauth_token=1/AAAAAAAA11\noauth_token_secret=s\noauth_token=1/AAAAAAAA11\n";
    let inventory = text("properties", same);
    assert_eq!(
        (inventory.credentials.len(), inventory.problems.len()),
        (1, 0)
    );
}

#[test]
fn a_token_that_moved_up_into_an_address_is_not_told() {
    let inventory = text(
        "blob",
        "2o|cid|secret|scope|agent|access|1%2FCANARYrefresh\n",
    );
    let [credential] = &inventory.credentials[..] else {
        panic!("{:?}", inventory.credentials);
    };
    assert_eq!(credential.token_uri, None);
    let told = serde_json::to_string(&inventory).unwrap();
    assert!(!told.contains("CANARY"), "{told}");
    let whole =
        "2o|cid|secret|scope|agent|https://a.example/auth|https://a.example/token|access|refresh\n";
    let told = &text("blob", whole).credentials[0].token_uri;
    assert_eq!(told.as_deref(), Some("https://a.example/token"));
}

#[test]
fn settings_that_belong_together_make_one_credential_each() {
    let inventory = fixture("old.properties");
    assert_eq!(
        kinds(&inventory),
        [
            (Protocol::OAuth1, Use::MigrationGrant),
            (Protocol::OAuth1, Use::MigrationGrant),
            (Protocol::ClientLogin, Use::ConsentAgain),
        ]
    );
    let ann = &inventory.credentials[0];
    assert_eq!(ann.found.at, "line 4, ann");
    assert_eq!(ann.client.as_deref(), Some("www.example.com"));
    assert_eq!(
        ann.secrets.token_secret.as_ref().unwrap().expose(),
        "ann=secret"
    );
    assert_eq!(inventory.credentials[2].alarms, [Alarm::Password]);

    let inventory = fixture("authsub.ini");
    assert_eq!(inventory.credentials[0].found.at, "[calendar], line 2");
    assert_eq!(kinds(&inventory)[1], (Protocol::OAuth2, Use::AsItIs));
}

#[test]
fn the_same_user_twice_is_told_and_the_newest_counts() {
    let inventory = fixture("gdata-users.tsv");
    let [double] = inventory.doubles[..] else {
        panic!("{:?}", inventory.doubles)
    };
    assert_eq!((double.number, double.by, double.same_token), (1, 3, false));
    let current: Vec<u64> = inventory.current().map(|it| it.number).collect();
    assert_eq!(current, [2, 3]);

    // The newer file counts, in whatever order they come.
    let blob = |token: &str| format!("ann@example.com\t1a|{token}|s\n").into_bytes();
    let mut doubles = Vec::new();
    let mut import = Import::new();
    for (token, at) in [("newer", 2000), ("older", 1000), ("newer", 2000)] {
        let source = Source::new(token).modified_at(Timestamp::from_unix_seconds(at));
        import
            .read(&source, &mut blob(token).as_slice(), &mut |event: Event<
                '_,
            >| {
                if let Event::Double(double) = event {
                    doubles.push((double.number, double.by, double.same_token));
                }
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(doubles, [(2, 1, false), (1, 3, true)]);
}

#[test]
fn no_secret_is_in_the_inventory_unless_it_was_asked_for() {
    let mut secrets = 0;
    for walk in files([folder().as_path()]) {
        let Walk::File(path, source) = walk else {
            panic!("{walk:?}")
        };
        let bytes = fs::read(&path).unwrap();
        let inventory = Import::inventory(&source, &bytes).unwrap();
        let plain = written(&source, &bytes, false);
        let full = written(&source, &bytes, true);
        assert_eq!(
            serde_json::to_value(&inventory).unwrap()["credentials"],
            plain["credentials"]
        );
        let (plain, full) = (plain.to_string(), full.to_string());
        let debug = format!("{inventory:?}");
        for credential in &inventory.credentials {
            for (_, secret) in credential.secrets.iter() {
                let quoted = serde_json::to_string(secret.expose()).unwrap();
                assert!(full.contains(&quoted), "{}", source.name);
                assert!(!plain.contains(secret.expose()), "{}", source.name);
                assert!(!debug.contains(secret.expose()), "{}", source.name);
                secrets += 1;
            }
        }
        let again = Inventory::from_json(full.as_bytes()).unwrap();
        let exposed = |inventory: &Inventory| -> Vec<_> {
            inventory
                .credentials
                .iter()
                .map(|it| it.secrets.clone())
                .collect()
        };
        assert_eq!(exposed(&again), exposed(&inventory), "{}", source.name);
    }
    assert!(secrets > 60, "{secrets}");
}

fn written(source: &Source, bytes: &[u8], secrets: bool) -> serde_json::Value {
    let mut writer = match secrets {
        true => InventoryWriter::with_secrets(Vec::new()),
        false => InventoryWriter::new(Vec::new()),
    }
    .unwrap();
    let mut import = Import::new();
    import
        .read(source, &mut { bytes }, &mut |event: Event<'_>| {
            writer.write(event)
        })
        .unwrap();
    serde_json::from_slice(&writer.finish(import.summary()).unwrap()).unwrap()
}

#[test]
fn a_store_that_is_cut_anywhere_gives_what_stood_before_or_says_so() {
    for walk in files([folder().as_path()]) {
        let Walk::File(path, source) = walk else {
            panic!("{walk:?}")
        };
        let bytes = fs::read(&path).unwrap();
        let whole = Import::inventory(&source, &bytes).unwrap();
        for end in 0..bytes.len() {
            let cut = Import::inventory(&source, &bytes[..end]).unwrap();
            assert!(
                cut.credentials.len() <= whole.credentials.len(),
                "{} at {end}",
                source.name
            );
            let told = cut
                .problems
                .iter()
                .map(|problem| problem.what.as_str())
                .collect::<String>();
            for credential in &whole.credentials {
                for (name, secret) in credential.secrets.iter() {
                    assert!(
                        !told.contains(secret.expose()),
                        "{} at {end}: {name}",
                        source.name
                    );
                }
            }
        }
    }
}

#[test]
fn a_store_with_any_byte_changed_is_survived_and_nothing_of_it_is_told() {
    for walk in files([folder().as_path()]) {
        let Walk::File(path, source) = walk else {
            panic!("{walk:?}")
        };
        let bytes = fs::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(3) {
            for other in [b'0', b'9', b'{', b'"', b'|', b'\n', 0, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] = other;
                let inventory = Import::inventory(&source, &changed).unwrap();
                let told: String = inventory
                    .problems
                    .iter()
                    .map(|it| it.what.as_str())
                    .collect();
                assert!(!told.contains("1//") && !told.contains("GOCSPX"), "{told}");
            }
        }
    }
}

#[test]
fn damage_is_named_with_its_place() {
    for (name, content, at, what) in [
        (
            "cut.json",
            "{\"refresh_token\":\"1//r\",\"client_id\":",
            "the file, 1:36",
            "cut off",
        ),
        (
            "bad.json",
            "{\"refresh_token\" \"1//r\"}",
            "the file, 1:18",
            "expected JSON",
        ),
        (
            "cut.session",
            "user|s:3:\"ann\";sessionToken|s:45:\"1/abc",
            "byte 34",
            "damaged session",
        ),
        (
            "cut.pickle",
            "(dp0\nS'token'\np1\nS'x'\n",
            "the file",
            "damaged",
        ),
        (
            "list",
            "1c|DQAAAaa,~~z,1c|DQAAAbb",
            "line 1, record 2",
            "expected a token",
        ),
        (
            "list",
            "1c|DQAAAaa,1h|a|b|c|d|x||",
            "line 1, record 2",
            "auth_state",
        ),
        ("list", "1c|DQAAAaa,1c|", "line 1, record 2", "empty record"),
        (
            "half.json",
            "{\"_class\":\"OAuth2Credentials\",\"client_id\":\"x\",\"refresh_token\":null}",
            "$",
            "half written",
        ),
        (
            "cookies",
            "# Netscape HTTP Cookie File\na\tb\n",
            "line 2",
            "7 columns",
        ),
        (
            "db",
            "SQLite format 3\0\u{1}",
            "the file",
            "legacy_credentials",
        ),
        (
            "rclone.conf",
            "# Encrypted\nRCLONE_ENCRYPT_V0:\nabc",
            "the file",
            "rclone config show",
        ),
        (
            "java",
            "{\"type\":\"external_account\"}",
            "$",
            "workload identity",
        ),
    ] {
        let inventory = text(name, content);
        let [problem] = &inventory.problems[..] else {
            panic!("{name}: {:?}", inventory.problems)
        };
        assert_eq!(problem.found.at, at, "{name}");
        assert!(problem.what.contains(what), "{name}: {}", problem.what);
    }
}

#[test]
fn what_is_too_much_is_named_and_never_held() {
    let mut limits = Limits::default();
    (
        limits.record,
        limits.document,
        limits.values,
        limits.problems,
    ) = (100, 1000, 50, 3);
    let read = |content: &[u8]| {
        let mut problems = Vec::new();
        let mut import = Import::new().with_limits(limits);
        import
            .read(&Source::new("x"), &mut { content }, &mut |event: Event<
                '_,
            >| {
                if let Event::Problem(problem) = event {
                    problems.push(problem.what.clone());
                }
                Ok(())
            })
            .unwrap();
        (import.finish(), problems)
    };
    let long = format!("1c|DQAAAaa,1c|{},1c|DQAAAbb", "D".repeat(500));
    let (summary, problems) = read(long.as_bytes());
    assert_eq!((summary.credentials, problems.len()), (2, 1));
    let (_, problems) = read(format!("{{\"a\":\"{}\"}}", "x".repeat(2000)).as_bytes());
    assert!(problems[0].contains("at most 1000 bytes"), "{problems:?}");
    let (_, problems) = read(format!("(lp0\n{}.", "I1\na".repeat(100)).as_bytes());
    assert!(problems[0].contains("at most 50 values"), "{problems:?}");
    let (summary, problems) = read("1c|,".repeat(50).as_bytes());
    assert_eq!((summary.problems, problems.len()), (50, 4));
    assert_eq!(problems[3], "and 47 more problems");
}

#[test]
fn hostile_nesting_and_types_are_survived() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for content in [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        deep("a:1:{i:0;", "}"),
        format!("x|{}", deep("O:1:\"a\":1:{s:1:\"b\";", "}")),
        format!("{}.", "(l".repeat(100_000)),
        format!("{}N{}.", "(".repeat(100_000), "t".repeat(100_000)),
        "a:99999999999:{}".to_owned(),
        "s:18446744073709551615:\"x\";".to_owned(),
        "[{\"scopes\":7,\"token\":{\"access_token\":[],\"refresh_token\":{},\"expires_at\":[9999999999,1,1,1,1,1]}}]".to_owned(),
        "{\"refresh_token\":\"1//r\",\"client_id\":5,\"scopes\":{\"a\":1},\"expiry\":[],\"expiry_date\":1e400}".to_owned(),
        "{\"refresh_token\":\"1//r\",\"expires_at\":[2024,366,23,59,60,0,-9223372036854775808,0,0]}".to_owned(),
        "=\n:\n[\n]\n==\n".to_owned(),
        "\u{feff}".to_owned(),
    ] {
        let inventory = Import::inventory(&Source::new("hostile"), content.as_bytes()).unwrap();
        assert!(inventory.credentials.len() <= 1);
    }
}

#[test]
fn a_document_in_base64_is_looked_into() {
    // {"_class":"OAuth2Credentials","client_id":"x","refresh_token":"1//r"}
    let inner = "eyJfY2xhc3MiOiJPQXV0aDJDcmVkZW50aWFscyIsImNsaWVudF9pZCI6IngiLCJyZWZyZXNoX3Rva2VuIjoiMS8vciJ9";
    let store = format!("{{\"credentials\":{{\"ann@example.com\":\"{inner}\"}}}}");
    let inventory = text("multiprocess", &store);
    assert_eq!(kinds(&inventory), [(Protocol::OAuth2, Use::AsItIs)]);
    assert_eq!(
        inventory.credentials[0].user.as_deref(),
        Some("ann@example.com")
    );
}

#[test]
fn other_encodings_are_read_as_what_they_are() {
    let ini = "[a]\r\nauthsub_token=1/abcdefghijklmnopqrstuvwxyz0123456789abcdefg\r\n";
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(ini.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let marked = format!("\u{feff}{ini}").into_bytes();
    for bytes in [ini.as_bytes().to_vec(), wide, marked] {
        let inventory = Import::inventory(&Source::new("ini"), &bytes).unwrap();
        assert_eq!(kinds(&inventory), [(Protocol::AuthSub, Use::ConsentAgain)]);
    }
}

#[test]
fn one_document_on_each_line_is_read_line_by_line() {
    let lines = "{\"access_token\":\"ya29.a\",\"refresh_token\":\"1//a\",\"email\":\"a@example.com\"}\n\
                 {\"access_token\":\"ya29.b\",\"refresh_token\":\"1//b\",\n\
                 {\"access_token\":\"ya29.c\",\"refresh_token\":\"1//c\",\"email\":\"c@example.com\"}\n";
    let inventory = text("jsonl", lines);
    let users: Vec<_> = inventory
        .credentials
        .iter()
        .filter_map(|it| it.user.as_deref())
        .collect();
    assert_eq!(users, ["a@example.com", "c@example.com"]);
    assert_eq!(inventory.problems[0].found.at, "line 2, 1:48");
}

#[test]
fn code_that_sets_such_names_is_no_store() {
    for content in [
        "access_token = config.token\nrefresh_token = data[\"refresh_token\"]\n",
        "var sessionToken = getToken();\nauth = HTTPBasicAuth(user, password)\n",
        "oauth_token: <your token here>\noauth_token_secret: secret\n",
        "password = hunter2\nuser = ann\n",
    ] {
        let inventory = text("code", content);
        assert_eq!(kinds(&inventory), [], "{content}");
    }
}

#[test]
fn what_holds_no_token_is_passed_over_in_silence() {
    for content in [
        "",
        "hello world\n",
        "<html></html>",
        "{\"a\":1}",
        "[1,2]",
        "int main() { return 0; }\n",
        "\u{0}\u{1}",
    ] {
        let inventory = text("other", content);
        assert_eq!(
            (inventory.credentials.len(), inventory.problems.len()),
            (0, 0),
            "{content:?}"
        );
        assert_eq!(inventory.summary.skipped, 1);
    }
}
