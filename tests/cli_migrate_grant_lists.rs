//! The lists of `upgrade grant`: the same command once more replaces its own, and loses nobody else's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{file, place, run};

/// A token of OAuth 1.0 and one of AuthSub for each user.
fn store(name: &str, users: &[&str]) -> String {
    let lines: String = users
        .iter()
        .flat_map(|user| {
            [
                format!("{user}\t1h|anonymous|anonymous|1%2F{name}-{user}|secret|3||\n"),
                format!("{user}\t1a|{name}-{user}|http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F\n"),
            ]
        })
        .collect();
    file(name, &lines)
}

/// Nobody answers at the discard port.
fn grant(tokens: &str, more: &[&str]) -> (i32, String, String) {
    let kept = format!("{tokens}-kept");
    let words = [
        &["migrate", "upgrade", "grant", tokens, "--store", &kept],
        &["--client-id", "app", "--tries", "1"][..],
        &["--emulator", "http://127.0.0.1:9"],
        more,
    ];
    run(&words.concat())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_same_command_replaces_the_lists_of_the_run_before() {
    let tokens = store("grant-lists-tokens", &["ann@example.com"]);
    let (invited, told) = (place("grant-lists-invited"), place("grant-lists-grants"));
    let lists = ["--invite", &invited, "--output", &told];
    let (code, out, said) = grant(&tokens, &lists);
    assert_eq!((code, out.as_str()), (1, ""), "{said}");
    assert_eq!(read(&invited), "email\r\nann@example.com\r\n");
    let outcomes = read(&told);
    assert!(
        outcomes.starts_with("email,outcome,why\r\nann@example.com,unreachable,"),
        "{outcomes}"
    );
    assert!(
        outcomes.contains("\r\nann@example.com,not_moved,"),
        "{outcomes}"
    );

    // What stood there is gone, and not put behind.
    std::fs::write(&told, "email,outcome,why\r\nann@example.com,moved,\r\n").unwrap();
    let (code, _, said) = grant(&tokens, &lists);
    assert_eq!(code, 1, "{said}");
    assert_eq!((read(&told), read(&invited).lines().count()), (outcomes, 2));
    #[cfg(unix)]
    for path in [&told, &invited] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
}

#[test]
fn what_another_run_or_hand_wrote_stays_unless_that_is_wanted() {
    let tokens = store("grant-lists-other-tokens", &["ann@example.com"]);
    for (option, text, why) in [
        (
            "--invite",
            "my notes\n",
            "is no list that this command wrote",
        ),
        (
            "--invite",
            "email,name\r\nann@example.com,Ann\r\n",
            "is no list that this command wrote",
        ),
        (
            "--invite",
            "email\r\nben@example.org\r\nann@example.com\r\n",
            "holds 1 user of whom the stores of this run know nothing",
        ),
        (
            "--output",
            "email,outcome,why\r\nben@example.org,moved,\r\ncleo,moved,\r\n",
            "holds 2 users of whom the stores of this run know nothing",
        ),
    ] {
        let list = file("grant-lists-other", text);
        let (code, out, said) = grant(&tokens, &[option, &list]);
        assert_eq!((code, out.as_str()), (2, ""), "{said}");
        assert!(
            said.contains(why) && said.contains("--force overwrites it"),
            "{said}"
        );
        assert_eq!(read(&list), text);
        let (code, _, said) = grant(&tokens, &[option, &list, "--force"]);
        assert_eq!(code, 1, "{said}");
        assert!(read(&list).contains("\r\nann@example.com"), "{said}");
    }
    // A place that was made and not filled holds nothing that could be lost.
    let empty = file("grant-lists-empty", "");
    assert_eq!(grant(&tokens, &["--invite", &empty]).0, 1);
    assert_eq!(read(&empty), "email\r\nann@example.com\r\n");
}
