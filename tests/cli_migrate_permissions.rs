//! Files that this user may not read or write: exit 3, and what to do.
//!
//! Root may read and write everything, so where root runs the tests the binary runs as nobody.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it lacks"
)]

mod cli_support;

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
};

use cli_support::{folder, gdata_auth, run, texts};

const NOBODY: u32 = 65_534;
/// What to do, for files and for stores.
const STEPS: [&str; 2] = [
    "; whoever runs this has to own it and its folder (chown), or be given the right to read and write them (chmod)",
    "; whoever runs this has to own the store and be able to write there (chown, chmod), or use another",
];

/// The binary as a user who is not root.
fn run_plainly(root: &str, args: &[&str]) -> (i32, String, String) {
    let mut command = gdata_auth(args);
    if fs::metadata(root).unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    texts(&command.output().unwrap())
}

fn mode(path: impl AsRef<Path>, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A folder with a file of each sort, made by the commands themselves.
fn made(name: &str) -> String {
    let root = folder(name);
    fs::create_dir(&root).unwrap();
    let at = |file: &str| format!("{root}/{file}");
    let (state, campaign, dual) = (at("retire.state"), at("up.campaign"), at("dual.toml"));
    let done = [
        run(&["migrate", "retire", "watch", &state, "tides"]),
        run(&[
            "migrate",
            "upgrade",
            "new",
            &campaign,
            "--app",
            "Tide",
            "--client-id",
            "app",
            "--scope",
            "https://www.googleapis.com/auth/youtube",
        ]),
        run(&["migrate", "dual", "init", &dual]),
    ];
    for (code, _, told) in done {
        assert_eq!(code, 0, "{told}");
    }
    fs::write(at("counters.json"), "{\"feeds\":{}}").unwrap();
    fs::write(at("users.csv"), "email\nann@example.com\n").unwrap();
    fs::write(
        at("tokens"),
        "ann@example.com\t1h|anonymous|anonymous|1%2Ft|s|3||\n",
    )
    .unwrap();
    fs::write(
        at("old.json"),
        r#"{"version":1,"scheme":"clientlogin","token":"DQAAACANARY"}"#,
    )
    .unwrap();
    fs::write(
        at("audit.py"),
        "import gdata.apps.audit.service\ns = gdata.apps.audit.service.AuditService()\ns.ClientLogin('a', 'b')\n",
    )
    .unwrap();
    fs::create_dir(at("store")).unwrap();
    for file in fs::read_dir(&root).unwrap() {
        let path = file.unwrap().path();
        match path.extension().is_some_and(|it| it == "lock") {
            true => fs::remove_file(path).unwrap(),
            false => mode(path, 0o644),
        }
    }
    // Its key makes links, so it is its owner's alone: who may read it here, and not write it.
    if fs::metadata(&root).unwrap().uid() == 0 {
        chown(&campaign, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    mode(&campaign, 0o400);
    root
}

/// Whether the other user comes as far as to these files at all.
fn can_come_here(root: &str) -> bool {
    let file = format!("{root}/counters.json");
    let mut command = std::process::Command::new("cat");
    if fs::metadata(root).unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let can = command.arg(file).output().unwrap().status.success();
    if !can {
        eprintln!("skipped: nobody may not look into {root}");
    }
    can
}

/// Runs each row, in which `@` stands for the folder, `%` for that sign and `~` for a space within a word.
fn all_are_3(root: &str, rows: &[&str]) {
    for row in rows {
        let words: Vec<String> = row
            .split(' ')
            .map(|word| word.replace('@', root).replace('%', "@").replace('~', " "))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (code, out, told) = run_plainly(root, &[&["migrate"], &words[..]].concat());
        assert_eq!(code, 3, "{row}: {out}{told}");
        let last = told.lines().last().unwrap();
        assert!(last.starts_with("error: "), "{row}: {told}");
        assert!(
            STEPS.iter().any(|step| last.ends_with(step)),
            "{row}: {told}"
        );
        assert!(!format!("{out}{told}").contains("CANARY"), "{row}");
    }
}

#[test]
fn what_can_be_read_and_not_written_is_looked_at_and_no_more() {
    let root = made("permissions-read-only");
    if !can_come_here(&root) {
        return;
    }
    mode(format!("{root}/store"), 0o555);
    mode(&root, 0o555);
    for (row, code) in [
        ("retire status @/retire.state", 1),
        ("upgrade status @/up.campaign", 0),
        ("upgrade list @/up.campaign", 0),
        ("dual check @/dual.toml", 0),
        ("report --retire @/retire.state --campaign @/up.campaign", 1),
    ] {
        let words: Vec<String> = row
            .split(' ')
            .map(|word| word.replace('@', &root))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (got, _, told) = run_plainly(&root, &[&["migrate"], &words[..]].concat());
        assert_eq!(got, code, "{row}: {told}");
    }
    all_are_3(
        &root,
        &[
            "retire watch @/retire.state other",
            "retire watch @/new.state other",
            "retire observe @/retire.state tides --counters @/counters.json",
            "upgrade new @/new.campaign --app Tide --scope email --client-id app",
            "upgrade add @/up.campaign @/users.csv",
            "upgrade renew @/up.campaign --expired",
            "upgrade remind @/up.campaign --from Tide~<a%example.com> --mbox @/mbox",
            "upgrade list @/up.campaign --output @/list.csv",
            "upgrade grant @/tokens --client-id app --emulator http://127.0.0.1:9 --store @/new-store",
            "upgrade grant @/tokens --client-id app --emulator http://127.0.0.1:9 --invite @/invite.csv",
            "dual roll-back @/dual.toml",
            "dual switch @/dual.toml",
            "dual init @/new.toml",
            "dual init @/dual.toml --force",
            "report --retire @/retire.state --output @/report.html",
        ],
    );
    let source = format!("{root}/audit.py");
    let (code, _, told) = run_plainly(&root, &["migrate", "rewrite", "--write", &source]);
    assert_eq!(code, 3, "{told}");
    assert!(
        told.contains("audit.py: ") && told.contains(STEPS[0]),
        "{told}"
    );
    mode(&root, 0o755);
}

#[test]
fn what_cannot_be_read_is_no_mistake_of_the_command() {
    let root = made("permissions-unreadable");
    if !can_come_here(&root) {
        return;
    }
    for file in fs::read_dir(&root).unwrap() {
        mode(file.unwrap().path(), 0o000);
    }
    mode(&root, 0o555);
    all_are_3(
        &root,
        &[
            "retire status @/retire.state",
            "retire watch @/retire.state other",
            "retire revoke @/old.json --server http://127.0.0.1:9",
            "upgrade status @/up.campaign",
            "upgrade serve @/up.campaign --client-id app --store @/store",
            "upgrade grant @/tokens --client-id app --emulator http://127.0.0.1:9 --store @/store",
            "dual check @/dual.toml",
            "dual roll-back @/dual.toml",
            "dual init - --plan @/counters.json",
            "dual compare --new ann --old @/old.json --store @/store http://127.0.0.1:9/",
            "report --retire @/retire.state",
            "report --grants @/users.csv",
            "report --counters @/counters.json",
        ],
    );
    mode(&root, 0o755);
    // A path that is not there is a mistake of the command, as before.
    let gone = format!("{root}/gone");
    for words in [
        ["migrate", "retire", "status", gone.as_str()],
        ["migrate", "dual", "check", &gone],
        ["migrate", "report", "--grants", &gone],
    ] {
        let (code, _, told) = run_plainly(&root, &words);
        assert_eq!(code, 2, "{told}");
    }
}
