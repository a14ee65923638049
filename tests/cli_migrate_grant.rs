//! `upgrade grant` and `retire revoke` on stores as old servers leave them, on an emulator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{Running, Waiting, browse, file, folder, place, run};
use serde_json::Value;

const YOUTUBE: &str = "http://gdata.youtube.com/feeds/";
const UPLOADS: &str = "/feeds/api/users/default/uploads";

/// A credential of the emulator's first user, as `login --save` writes it: the file and what is in it.
fn saved(origin: &str, way: &str, name: &str) -> (String, Value) {
    let path = place(name);
    let login = Waiting::start(&[way, "--server", origin, "--scope", YOUTUBE, "--save", &path]);
    browse(&login.link);
    let (code, _, told) = login.end();
    assert_eq!(code, 0, "{told}");
    let kept = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    (path, kept)
}

/// A store of one credential that names its user.
fn named(name: &str, kept: &Value) -> String {
    file(
        name,
        &format!("{{\"account\":\"ann@example.com\",\"credential\":{kept}}}\n"),
    )
}

fn text<'v>(kept: &'v Value, field: &str) -> &'v str {
    kept[field].as_str().unwrap()
}

fn status(origin: &str, credential: &str) -> i32 {
    run(&[
        "request",
        "--credential",
        credential,
        "GET",
        &format!("{origin}{UPLOADS}"),
    ])
    .0
}

#[test]
fn every_token_of_a_user_is_ended_the_older_one_too() {
    let google = Running::start(&["--consent", "allow"]);
    let origin = google.origin();
    let (first, one) = saved(&origin, "--authsub", "grant-revoke-1.json");
    let (second, other) = saved(&origin, "--authsub", "grant-revoke-2.json");
    let blob = |kept: &Value| {
        let token = text(kept, "token").replace('/', "%2F");
        format!("ann@example.com\t1a|{token}|http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F\n")
    };
    // The same token twice is ended once.
    let store = file(
        "grant-revoke-store",
        &[blob(&one), blob(&other), blob(&other)].concat(),
    );
    assert_eq!((status(&origin, &first), status(&origin, &second)), (0, 0));
    let (code, out, told) = run(&["migrate", "retire", "revoke", &store, "--server", &origin]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(
        out.matches("ann@example.com,AuthSub,revoked,").count(),
        2,
        "{out}"
    );
    assert_eq!(out.lines().count(), 3, "{out}");
    assert_eq!((status(&origin, &first), status(&origin, &second)), (1, 1));
}

#[test]
fn a_record_that_was_cut_off_does_not_count_before_a_whole_one() {
    let whole = "ann@example.com\t1h|anonymous|anonymous|1%2Fwhole-token|secret|3||\n";
    let torn = "ann@example.com\t1h|anonymous|anonymous|1";
    let store = file("grant-torn-store", &format!("{whole}{torn}"));
    let (code, out, told) = run(&["migrate", "import", "--json", &store]);
    assert_eq!(code, 1, "{told}");
    let inventory: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (
            &inventory["doubles"][0]["number"],
            &inventory["doubles"][0]["by"]
        ),
        (&2.into(), &1.into())
    );
    let problem = text(&inventory["problems"][0], "what");
    assert!(
        problem.contains("a token's secret") && problem.contains("cut off"),
        "{problem}"
    );

    // A file in which nothing is known is named.
    let strange = file("grant-strange-store", "ann@example.com,1x|foo\n");
    let (code, _, told) = run(&["migrate", "import", &store, &strange]);
    assert_eq!(code, 1);
    assert!(
        told.contains("grant-strange-store: nothing in it"),
        "{told}"
    );
    assert_eq!(run(&["migrate", "import", "nowhere-at-all"]).0, 2);
}

#[test]
fn a_grant_of_other_scopes_is_no_reason_to_lose_a_token() {
    let google = Running::start(&["--consent", "allow"]);
    let origin = google.origin();
    let store = folder("grant-differs-store");
    let secret = cli_support::secret_file("grant-differs-secret", "GOCSPX-secret\n");
    let client = [
        "--emulator",
        &origin,
        "--client-id",
        "app",
        "--client-secret-file",
        &secret,
    ];
    let asked = [
        &client[..],
        &[
            "--scope",
            "openid",
            "--scope",
            "email",
            "--account",
            "ann@example.com",
            "--store",
            &store,
        ],
    ]
    .concat();
    let login = Waiting::start(&asked);
    browse(&login.link);
    let (code, _, told) = login.end();
    assert_eq!(code, 0, "{told}");

    let (_, kept) = saved(&origin, "--oauth1", "grant-differs.json");
    let tokens = named("grant-differs-tokens", &kept);
    let grant = |more: &[&str]| {
        let words = [
            &["migrate", "upgrade", "grant", &tokens, "--store", &store],
            &client[..],
            more,
        ]
        .concat();
        run(&words)
    };
    let (code, out, told) = grant(&[]);
    assert_eq!(code, 1, "{told}");
    assert!(
        out.contains("ann@example.com,differs,")
            && out.contains(YOUTUBE)
            && out.contains("--replace"),
        "{out}"
    );

    // A list that cannot be written is told before a token is exchanged.
    let taken = file("grant-differs-taken", "mine");
    let (code, out, told) = grant(&["--replace", "--invite", &taken]);
    assert_eq!((code, out.as_str()), (2, ""), "{told}");

    let (code, out, told) = grant(&["--replace"]);
    assert_eq!(
        (code, out.contains("ann@example.com,moved,")),
        (0, true),
        "{told}"
    );
    let (code, out, told) = grant(&[]);
    assert_eq!(
        (code, out.contains("ann@example.com,already,")),
        (0, true),
        "{told}"
    );
    // The client stands with the grant, so that it can be refreshed at once.
    let (code, token, told) = run(&["token", "--account", "ann@example.com", "--store", &store]);
    assert_eq!((code, token.starts_with("ya29.")), (0, true), "{told}");
}

#[test]
fn a_server_that_is_not_there_is_the_mediums_failure() {
    let tokens = file(
        "grant-nobody-tokens",
        "ann@example.com\t1h|anonymous|anonymous|1%2Ftoken|secret|3||\n",
    );
    let store = folder("grant-nobody-store");
    let (code, out, told) = run(&[
        "migrate",
        "upgrade",
        "grant",
        &tokens,
        "--store",
        &store,
        "--client-id",
        "app",
        "--emulator",
        "http://127.0.0.1:9",
        "--tries",
        "1",
    ]);
    assert_eq!(code, 3, "{told}");
    assert!(out.contains("ann@example.com,unreachable,"), "{out}");
    assert!(told.contains("run the same command again"), "{told}");
}
