//! Help in a terminal of any width: examples can be copied as they stand.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

mod cli_support;

use crate::cli_support::{gdata_auth, texts};

fn help(command: &[String], columns: &str) -> String {
    let mut asked: Vec<&str> = command.iter().map(String::as_str).collect();
    asked.push("--help");
    let mut run = gdata_auth(&asked);
    run.env("COLUMNS", columns);
    texts(&run.output().unwrap()).1
}

/// The names under `Commands:`.
fn below(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:");
    lines
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Lines that are typed, and those that go on with them.
fn typed(help: &str) -> Vec<&str> {
    let mut goes_on = false;
    let mut found = Vec::new();
    for line in help.lines() {
        let begins = line.starts_with("  gdata-auth ") || line.starts_with("  curl ");
        if begins || goes_on {
            found.push(line);
        }
        goes_on = (begins || goes_on) && line.ends_with(['\\', '|']);
    }
    found
}

#[test]
fn no_example_is_broken_but_where_the_shell_goes_on() {
    let mut left: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(command) = left.pop() {
        let (narrow, wide) = (help(&command, "80"), help(&command, "100"));
        let lines = typed(&narrow);
        assert_eq!(lines, typed(&wide), "{command:?}");
        for line in &lines {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
        // What is left of a broken line would stand behind the examples, with nothing before it to go on from.
        let tail = wide.split("xamples:\n").nth(1).unwrap_or_default();
        let examples: Vec<&str> = tail.lines().take_while(|line| !line.is_empty()).collect();
        for line in &examples {
            assert!(lines.contains(line), "{command:?}: {line}");
        }
        seen += lines.len();
        let below = below(&wide).into_iter();
        left.extend(below.map(|name| [&command[..], &[name]].concat()));
    }
    assert!(seen > 80, "{seen}");
    let plan = help(&["migrate".to_owned(), "plan".to_owned()], "80");
    assert!(
        plan.contains("--format json \\\n    --users users.csv | jq .campaign\n"),
        "{plan}"
    );
}
