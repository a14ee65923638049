//! A dual run that follows its settings file, is rolled back by it, and counts on after a restart.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use gdata_auth::{
    Transport,
    client::AuthorizedClient,
    migrate::dual::{Counters, Counts, DualRun, Override, Settings, SettingsFile, Snapshot},
    oauth2::AccessToken,
};
use support::{
    tokens::{Script, ok},
    world::{UPLOADS, World, YOUTUBE, get},
};

const RULES: &str = r#"# Who is asked.
override = "none"

[[rule]]
percent = 100
prefer = "old"

[otherwise]
prefer = "old"
"#;

/// Everything by one side.
fn all(side: &str) -> String {
    format!("[otherwise]\nprefer = \"{side}\"\n")
}

fn place(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

/// A whole new file in the place, as one should.
fn put(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

fn fine() -> Script {
    Script::new(|_| ok())
}

#[cfg(unix)]
#[test]
fn a_file_that_is_rolled_back_keeps_its_mode_and_its_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (path, link) = (place("dual-mode.toml"), place("dual-link.toml"));
    fs::write(&path, RULES).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&path, &link).unwrap();
    let before = Settings::write_override(&link, Override::New).unwrap();
    assert_eq!(before, Override::None);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        RULES.replace("override = \"none\"", "override = \"new\"")
    );
    let before = Settings::write_override(&path, Override::Old).unwrap();
    assert_eq!(before, Override::New);
}

#[tokio::test]
async fn a_changed_file_is_taken_over_while_calls_go_on() {
    let world = World::new();
    let path = place("dual-running.toml");
    fs::write(&path, all("old")).unwrap();
    let (new, old) = (fine(), fine());
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = told.clone();
    let (file, settings) = SettingsFile::open(&path).unwrap();
    let run = DualRun::from_settings(&settings)
        .with_clock(world.clock())
        .following(file)
        .with_settings_report(move |outcome| {
            heard.lock().unwrap().push(match outcome {
                Ok(settings) => settings.override_now().word().to_owned(),
                Err(cause) => cause.to_string(),
            });
        });
    let client = run.client("ann@example.com", new.clone(), old.clone());
    let asked = async || {
        client.send(get(UPLOADS)).await.unwrap();
        (new.sent().len(), old.sent().len())
    };
    assert_eq!(asked().await, (0, 1));
    put(&path, &format!("override = 'none'\n{}", all("new")));
    assert_eq!(asked().await, (0, 2), "one look a second");
    world.pass(1);
    assert_eq!(asked().await, (1, 2));

    // Broken: what was holds, and it is told once.
    put(&path, "[otherwise]\nprefer = \"neither\"\n");
    world.pass(1);
    assert_eq!(asked().await, (2, 2));
    world.pass(5);
    assert_eq!(asked().await, (3, 2));
    // Gone: the same.
    fs::remove_file(&path).unwrap();
    world.pass(1);
    assert_eq!(asked().await, (4, 2));
    world.pass(1);
    assert_eq!(asked().await, (5, 2));
    // Back, and rolled back by the one setting.
    put(&path, &all("new"));
    world.pass(1);
    assert_eq!(asked().await, (6, 2));
    Settings::write_override(&path, Override::Old).unwrap();
    world.pass(1);
    assert_eq!(asked().await, (6, 3));
    assert_eq!(run.override_now(), Override::Old);
    Settings::write_override(&path, Override::None).unwrap();
    world.pass(1);
    assert_eq!(asked().await, (7, 3));

    let told = told.lock().unwrap();
    assert_eq!(told.len(), 6, "{told:?}");
    assert_eq!((&*told[0], &*told[3]), ("none", "none"));
    assert!(
        told[1].contains("line 2, [otherwise], prefer: "),
        "{told:?}"
    );
    assert!(told[2].contains("cannot read"), "{told:?}");
    assert_eq!((&*told[4], &*told[5]), ("old", "none"));
}

#[test]
fn a_program_may_look_by_itself() {
    let path = place("dual-asked.toml");
    fs::write(&path, all("old")).unwrap();
    let (file, settings) = SettingsFile::open(&path).unwrap();
    assert_eq!(file.path(), path);
    let run = DualRun::from_settings(&settings);
    assert_eq!(file.changed().unwrap(), None);
    put(&path, RULES);
    let settings = file.changed().unwrap().unwrap();
    run.apply(&settings);
    assert_eq!(file.changed().unwrap(), None);
    // Written in place, and longer.
    fs::write(&path, format!("{RULES}# one more line\n")).unwrap();
    assert_eq!(file.changed().unwrap(), Some(settings));
}

#[tokio::test]
async fn settings_that_come_later_bring_their_feeds_and_their_comparison() {
    let world = World::new();
    let run = DualRun::from_settings(&Settings::from_toml(&all("new")).unwrap())
        .with_clock(world.clock());
    let reply = |body: &'static str| {
        Script::new(move |_| {
            http::Response::builder()
                .header("content-type", "application/json")
                .body(Bytes::from(body))
                .unwrap()
        })
    };
    let (new, old) = (reply(r#"{"a":1,"b":2}"#), reply(r#"{"a":1,"b":3}"#));
    let client = run.client("ann@example.com", new, old);
    client.send(get(UPLOADS)).await.unwrap();
    for ignored in ["[]", "[\"b\"]"] {
        let text = format!(
            "count = [\"{YOUTUBE}\"]\n[compare]\nignore = {ignored}\n[otherwise]\nprefer = 'old'\nshadow = true\n"
        );
        run.apply(&Settings::from_toml(&text).unwrap());
        client.send(get(UPLOADS)).await.unwrap();
    }
    let snapshot = run.counters().snapshot();
    let other = &snapshot.feeds[Counters::OTHER];
    assert_eq!((other.new, other.old), (1, 0));
    let youtube = &snapshot.feeds[YOUTUBE];
    assert_eq!(
        (youtube.old, youtube.different, youtube.same),
        (2, 1, 1),
        "{youtube:?}"
    );
    assert_eq!(youtube.legacy_at, Some(world.now()));
}

#[tokio::test]
async fn one_setting_rolls_an_emulator_back() {
    let world = World::new();
    let path = place("dual-emulator.toml");
    fs::write(&path, all("new")).unwrap();
    let old = AuthorizedClient::new(world.google.clone(), world.plain_session().await)
        .with_stamps(world.stamps());
    let new = AuthorizedClient::new(
        world.google.clone(),
        AccessToken::new("ya29.revoked").unwrap(),
    );
    let (file, settings) = SettingsFile::open(&path).unwrap();
    let run = DualRun::from_settings(&settings)
        .with_clock(world.clock())
        .following(file);
    let client = run.client("ann@example.com", new, old);
    assert_eq!(client.send(get(UPLOADS)).await.unwrap().status(), 401);
    Settings::write_override(&path, Override::Old).unwrap();
    world.pass(1);
    assert_eq!(client.send(get(UPLOADS)).await.unwrap().status(), 200);
}

#[test]
fn counters_go_on_where_they_were() {
    let kept = r#"{"feeds":{"https://a.example/f":{"new":7,"old":2,"fallback":1,"failed":0,"same":5,"different":1,"legacy_at":1300000000},"https://b.example/":{"new":18446744073709551615,"old":0,"fallback":0,"failed":0,"same":0,"different":0}}}"#;
    let kept = Snapshot::from_json(kept).unwrap();
    let counters = Counters::of(["https://a.example/f"]);
    counters.compared(&counters.feed("https://a.example/f/x"), false);
    counters.add(&kept);
    counters.add(&kept);
    let snapshot = counters.snapshot();
    let a = &snapshot.feeds["https://a.example/f"];
    assert_eq!(
        (a.new, a.old, a.fallback, a.same, a.different),
        (14, 4, 2, 10, 3)
    );
    assert_eq!(a.legacy_at.unwrap().unix_seconds(), 1_300_000_000);
    assert_eq!(snapshot.feeds["https://b.example/"].new, u64::MAX);
    assert_eq!(snapshot.total().new, u64::MAX);

    // More names than there is room for end as `other`, and none is lost.
    let mut many = Snapshot::default();
    for number in 0..3_000 {
        let mut counts = Counts::default();
        counts.new = 1;
        many.feeds
            .insert(format!("https://{number}.example/"), counts);
    }
    let counters = Counters::of(Vec::<String>::new());
    counters.add(&many);
    let snapshot = counters.snapshot();
    assert!(snapshot.feeds.len() <= Counters::MAX_FEEDS + 2);
    assert_eq!(snapshot.total().new, 3_000);
    assert!(snapshot.feeds[Counters::OTHER].new > 1_900);
}
