//! Many who change the one setting at once: each tells what the one before left.

use std::{fs, path::PathBuf, thread};

use gdata_auth::migrate::dual::{Override, Settings};

const ALL: [Override; 3] = [Override::None, Override::Old, Override::New];

#[test]
fn changes_at_once_come_one_behind_the_other() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dual-at-once.toml");
    fs::write(
        &path,
        "override = \"none\"\n[otherwise]\nprefer = \"old\"\n",
    )
    .unwrap();
    let writer = |first: usize| {
        let path = path.clone();
        thread::spawn(move || {
            let step = |turn: usize| {
                let setting = ALL[(first + turn) % ALL.len()];
                (Settings::write_override(&path, setting).unwrap(), setting)
            };
            (0..30).map(step).collect::<Vec<_>>()
        })
    };
    let writers: Vec<_> = (0..3).map(writer).collect();
    let steps: Vec<(Override, Override)> = writers
        .into_iter()
        .flat_map(|writer| writer.join().unwrap())
        .collect();
    let last = Settings::read(&path).unwrap().override_now();
    // A chain that begins at `none` enters each setting as often as it leaves it, but for its two ends.
    for setting in ALL {
        let left = steps.iter().filter(|step| step.0 == setting).count();
        let entered = steps.iter().filter(|step| step.1 == setting).count();
        let begins = usize::from(setting == Override::None);
        let ends = usize::from(setting == last);
        assert_eq!(entered + begins, left + ends, "{setting:?}: {steps:?}");
    }
}
