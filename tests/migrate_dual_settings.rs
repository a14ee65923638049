//! The settings file of a dual run: read, refused by line and key, made out of a plan, rolled back by one setting.

use std::fs;

use gdata_auth::{
    Kind,
    migrate::{
        catalogue::{Catalogue, State},
        dual::{FallBack, Override, Rule, Rules, Settings, Side},
        plan::{CallLog, Inputs, Plan, Wishes},
    },
};
use proptest::prelude::*;

const FULL: &str = r#"
override = "none"
count = ["https://www.google.com/calendar/feeds/"]

[compare]
headers = ["Content-Type", "location"]
ignore = ["/feed/entry[*]/id"]
pair = [{ old = "/feed/entry[*]/title", new = "/items/*/snippet/title" }]
without_values = true

[[rule]]
feed = "https://www.google.com/m8/feeds/"
users = ["Boss@example.com", "ann@example.com"]
prefer = "old"

[[rule]]
feed = "https://www.google.com/m8/feeds/"
percent = 12.5
prefer = "new"
fall_back = "when-refused-or-unreachable"
shadow = true

[otherwise]
prefer = "old"
fall_back = "when-refused"
"#;

/// Everything by one side.
fn all(side: &str) -> String {
    format!("[otherwise]\nprefer = \"{side}\"\n")
}

fn place(name: &str) -> std::path::PathBuf {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

#[test]
fn every_key_is_read() {
    let settings = Settings::from_toml(FULL).unwrap();
    assert_eq!(settings.override_now(), Override::None);
    let expected = Rules::new(vec![
        Rule::new(Side::Old)
            .of_feed("https://www.google.com/m8/feeds/")
            .of_user("boss@example.com")
            .of_user("ann@example.com"),
        Rule::new(Side::New)
            .of_feed("https://www.google.com/m8/feeds/")
            .for_percent(12.5)
            .falling_back(FallBack::WhenRefusedOrUnreachable)
            .in_shadow(),
    ])
    .unwrap()
    .otherwise(Rule::new(Side::Old).falling_back(FallBack::WhenRefused));
    assert_eq!(settings.rules(), &expected);
    let compare = settings.compare();
    assert_eq!(
        compare.headers().collect::<Vec<_>>(),
        ["content-type", "location"]
    );
    assert_eq!(compare.ignored().last(), Some("/feed/entry[*]/id"));
    assert_eq!(
        compare.pairs().collect::<Vec<_>>(),
        [("/feed/entry[*]/title", "/items/*/snippet/title")]
    );
    assert!(!compare.tells_values());
    let feeds: Vec<&str> = settings.feeds().collect();
    assert_eq!(
        feeds.last(),
        Some(&"https://www.google.com/calendar/feeds/")
    );
    let who = |user| {
        let contacts = "http://www.google.com/m8/feeds/contacts/default/full";
        settings.rules().which(user, contacts)
    };
    assert_eq!(who("BOSS@example.com"), Some(0));
    assert_eq!(
        settings
            .rules()
            .which("boss@example.com", "http://gdata.youtube.com/feeds/"),
        None
    );
}

#[test]
fn what_is_wrong_is_told_by_line_table_and_key() {
    for (text, told) in [
        (
            "",
            "expected a table [otherwise] at the end, for what no rule takes, with a line prefer",
        ),
        (
            "[otherwise]\n",
            "line 1, [otherwise]: expected a line prefer = \"old\" or prefer = \"new\", there is none",
        ),
        (
            "override = \"back\"\n[otherwise]\nprefer = \"old\"\n",
            "line 1, override: unknown variant `back`, expected one of `none`, `old`, `new`",
        ),
        (
            "[otherwise]\nprefer = \"old\"\npercent = 5\n",
            "line 3, [otherwise], percent: unknown field `percent`, expected one of `prefer`, `fall_back`, `shadow`",
        ),
        (
            "[[rule]]\nprefer = \"new\"\n[[rule]]\nprefer = \"new\"\npercent = 140\n[otherwise]\nprefer = \"old\"\n",
            "line 5, [[rule]] 2, percent: expected 0 to 100, got 140",
        ),
        (
            "[[rule]]\nprefer = \"new\"\n\n[[rule]]\npercent = 14\n[otherwise]\nprefer = \"old\"\n",
            "line 4, [[rule]] 2: expected a line prefer = \"old\"",
        ),
        (
            "[[rule]]\nprefer = \"new\"\npercent = nan\n[otherwise]\nprefer = \"old\"\n",
            "line 3, [[rule]] 1, percent: expected 0 to 100, got NaN",
        ),
        (
            "[[rule]]\nprefer = \"new\"\nshadow = \"yes\"\n[otherwise]\nprefer = \"old\"\n",
            "line 3, [[rule]] 1, shadow: invalid type: string \"yes\", expected a boolean",
        ),
        (
            "[[rule]]\nprefer = \"new\"\nfeed = \"m8/feeds\"\n[otherwise]\nprefer = \"old\"\n",
            "line 3, [[rule]] 1, feed: expected the beginning of an absolute address, such as \
             https://www.google.com/m8/feeds/, got \"m8/feeds\"",
        ),
        (
            "[[rule]]\nprefer = \"new\"\nusers = []\n[otherwise]\nprefer = \"old\"\n",
            "line 3, [[rule]] 1, users: expected users, or no such key for all of them, got nobody",
        ),
        (
            "[compare]\npair = [\n  { old = \"/a\", new = \"/b\" },\n  { old = \"/a\", new = \"b\" },\n]\n[otherwise]\nprefer = \"old\"\n",
            "line 4, [compare], pair 2, new: expected a path such as /feed/entry[*]/title",
        ),
        (
            "[compare]\nheaders = [\"a b\"]\n[otherwise]\nprefer = \"old\"\n",
            "line 2, [compare], headers 1: expected the name of a header",
        ),
        (
            "count = [\"https://a.example/\", \"x\"]\n[otherwise]\nprefer = \"old\"\n",
            "line 1, count 2: expected the beginning of an absolute address, such as \
             https://www.google.com/m8/feeds/, got \"x\"",
        ),
        (
            "[otherwise]\nprefer = \"old\nx = 1\n",
            "line 2: invalid basic string",
        ),
        ("[otherwise\n", "line 1: unclosed table"),
    ] {
        let error = Settings::from_toml(text).unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{text}");
        let shown = error.to_string();
        assert!(
            shown.starts_with(&format!("settings: {told}")),
            "{shown}\nfor {text}"
        );
    }
    let large = format!("#{}\n{}", " ".repeat(Settings::MAX_BYTES), all("old"));
    let error = Settings::from_toml(&large).unwrap_err();
    assert!(error.to_string().contains("1048576 bytes"), "{error}");
    let deep = format!("count = {}", "[".repeat(100_000));
    assert!(Settings::from_toml(&deep).is_err());
    let many = "[[rule]]\nprefer='new'\n".repeat(Rules::MAX + 1) + &all("old");
    let error = Settings::from_toml(&many).unwrap_err();
    assert!(error.to_string().contains("at most 10000 rules"), "{error}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let path = place("dual-unread.toml");
    let error = Settings::read(&path).unwrap_err().to_string();
    assert!(error.contains("dual-unread.toml"), "{error}");
    fs::write(&path, "override = 1\n[otherwise]\nprefer = \"old\"\n").unwrap();
    let error = Settings::read(&path).unwrap_err().to_string();
    assert!(
        error.contains("dual-unread.toml, line 1, override: "),
        "{error}"
    );
    fs::write(&path, b"# \xff\n").unwrap();
    assert!(Settings::read(&path).is_err());
    let folder = path.parent().unwrap();
    let error = Settings::read(folder).unwrap_err().to_string();
    assert!(error.contains("expected a file at"), "{error}");
}

#[test]
fn the_one_setting_changes_alone() {
    let texts = [
        (
            "# top\noverride = \"none\" # none, old, new\n[otherwise] # end\nprefer = 'old'\n",
            "# top\noverride = \"old\" # none, old, new\n[otherwise] # end\nprefer = 'old'\n",
        ),
        (
            "# override = \"new\"\n\"override\"  =  'new'\r\n[otherwise]\r\nprefer = 'old'",
            "# override = \"new\"\n\"override\"  =  \"old\"\r\n[otherwise]\r\nprefer = 'old'",
        ),
        (
            "override = \"\"\"new\"\"\"\n[otherwise]\nprefer = 'old'\n",
            "override = \"old\"\n[otherwise]\nprefer = 'old'\n",
        ),
        (
            "# no setting\n[otherwise]\r\nprefer = 'old'\r\n",
            "override = \"old\"\r\n# no setting\n[otherwise]\r\nprefer = 'old'\r\n",
        ),
        (
            "\u{feff}[otherwise]\nprefer = 'old'\n",
            "\u{feff}override = \"old\"\n[otherwise]\nprefer = 'old'\n",
        ),
        (
            "[[rule]]\nusers = [\"ä override = none\"]\nprefer = 'new'\n[otherwise]\nprefer = 'old'\n",
            "override = \"old\"\n[[rule]]\nusers = [\"ä override = none\"]\nprefer = 'new'\n[otherwise]\nprefer = 'old'\n",
        ),
    ];
    for (text, expected) in texts {
        let edited = Settings::set_override_in(text, Override::Old).unwrap();
        assert_eq!(edited, expected);
        let again = Settings::set_override_in(&edited, Override::Old).unwrap();
        assert_eq!(again, edited);
        let read = Settings::from_toml(&edited).unwrap();
        assert_eq!(read.override_now(), Override::Old);
        assert_eq!(read.rules(), Settings::from_toml(text).unwrap().rules());
    }
    let error = Settings::set_override_in("override = 'old'\n", Override::New).unwrap_err();
    assert!(error.to_string().contains("otherwise"), "{error}");
}

#[test]
fn rules_that_decide_nothing_are_found() {
    let feed = "https://www.google.com/m8/feeds/";
    let rules = Rules::new(vec![
        Rule::new(Side::New).of_feed(feed).for_percent(10.0),
        Rule::new(Side::New).of_feed(feed).of_user("ann"),
        Rule::new(Side::Old).of_feed(feed).for_percent(5.0),
        Rule::new(Side::Old).of_feed("http://www.google.com/m8/feeds/contacts"),
        Rule::new(Side::Old).of_feed(feed).of_users(["ann", "ben"]),
        Rule::new(Side::New)
            .of_user("ANN")
            .of_feed(feed)
            .for_percent(50.0),
        Rule::new(Side::New),
        Rule::new(Side::Old).of_user("zoe"),
    ])
    .unwrap();
    assert_eq!(rules.never_reached(), [(2, 0), (5, 1), (7, 6)]);
}

#[test]
fn the_template_of_any_services_parses_and_holds_everything_at_the_old_side() {
    let catalogue = Catalogue::built_in().unwrap();
    let none = Settings::from_toml(&Settings::template([])).unwrap();
    assert_eq!(none.rules().iter().len(), 0);
    let every = Settings::template(catalogue.services());
    let settings = Settings::from_toml(&every).unwrap();
    assert!(settings.rules().iter().len() > 3);
    assert_eq!(settings.rules().never_reached(), []);
    for rule in settings
        .rules()
        .iter()
        .chain([settings.rules().where_none_fits()])
    {
        assert_eq!((rule.side(), rule.is_in_shadow()), (Side::Old, true));
    }
    for service in catalogue.services() {
        for feed in service.feeds().filter(|feed| !feed.contains('{')) {
            // A dead API answers neither credential: its rule is off, whatever other rule takes the feed.
            if service.state() == State::Dead {
                let rule = format!("\n# [[rule]]\n# feed = \"https://{feed}\"\n# prefer = \"old\"");
                assert!(every.contains(&rule), "{feed}");
                continue;
            }
            let number = settings.rules().which("ann", &format!("http://{feed}/x"));
            let rule = settings.rules().iter().nth(number.unwrap()).unwrap();
            assert_eq!(rule.feed(), Some(&*format!("https://{feed}")));
        }
    }
    // The marks taken away, rules of a domain hold too.
    let own = every
        .replace("# [[rule]]", "[[rule]]")
        .replace("# feed = ", "feed = ")
        .replace("# prefer", "prefer")
        .replace("# fall_back", "fall_back")
        .replace("# shadow", "shadow")
        .replace("{domain}", "example.com");
    let settings_of_domain = Settings::from_toml(&own).unwrap();
    let feeds = catalogue
        .services()
        .iter()
        .flat_map(|service| service.feeds());
    let feeds: std::collections::BTreeSet<&str> = feeds.collect();
    assert_eq!(settings_of_domain.rules().iter().len(), feeds.len());
}

#[test]
fn a_plan_becomes_rules() {
    let catalogue = Catalogue::built_in().unwrap();
    let line = r#"{"method":"GET","url":"https://www.google.com/calendar/feeds/default","time":"2026-11-20T05:00:00Z"}
{"method":"GET","url":"https://www.blogger.com/feeds/default/blogs","time":"2026-11-20T05:00:00Z"}"#;
    let mut log = CallLog::default();
    log.read(&mut line.as_bytes(), None, catalogue).unwrap();
    let inputs = Inputs::new(catalogue).with_log(&log);
    let plan = Plan::draw(&inputs, &Wishes::default()).unwrap();
    let plan = plan.to_json().unwrap();
    let text = Settings::template_of_plan(plan.as_bytes(), catalogue).unwrap();
    assert!(
        text.contains("\n# Calendar Data API v2: dead; to Calendar API v3\n# Neither credential opens anything there"),
        "{text}"
    );
    let settings = Settings::from_toml(&text).unwrap();
    assert_eq!(
        settings.feeds().collect::<Vec<_>>(),
        ["https://www.blogger.com/feeds"]
    );
    for wrong in ["{}", "[]", r#"{"version":99,"services":[]}"#] {
        let error = Settings::template_of_plan(wrong.as_bytes(), catalogue).unwrap_err();
        assert!(error.to_string().starts_with("plan: expected"), "{error}");
    }
}

#[test]
fn the_example_of_the_page_is_read() {
    let page = include_str!("../docs/migration-campaign.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let settings = Settings::from_toml(example).unwrap();
    assert_eq!(settings.override_now(), Override::None);
    assert_eq!(settings.rules().iter().len(), 2);
    assert_eq!(settings.rules().never_reached(), []);
    assert!(!settings.compare().tells_values());
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "(override|count|rule|otherwise|prefer|users|compare|[\\[\\]={}\"'#\n ,0-9a-zä.])*") {
        let _ = Settings::from_toml(&text);
    }

    /// What is written is read, and a roll-back changes the one setting of it.
    #[test]
    fn a_roll_back_changes_one_thing(
        before in prop::sample::select(vec!["none", "old", "new"]),
        percent in 0.0..100.0,
        user in "[a-z]{1,9}@example\\.(com|org)",
        remark in "[ -~]{0,30}",
    ) {
        let text = format!(
            "# {remark}\noverride = '{before}' # {remark}\n[[rule]]\nusers = ['{user}']\npercent = {percent}\nprefer = 'new'\n# {remark}\n[otherwise]\nprefer = 'old'\n"
        );
        let edited = Settings::set_override_in(&text, Override::Old).unwrap();
        prop_assert_eq!(
            &edited,
            &text.replacen(&format!("override = '{before}' #"), "override = \"old\" #", 1)
        );
    }
}
