//! Processes and threads that write at once, die at it, or cannot.

use std::{
    io::BufReader,
    process::{Command, Stdio},
    sync::Arc,
};

use gdata_auth::store::{TokenStore, update};

use crate::{
    child::{PLAIN, Running, child, run},
    place::{Place, SPAN, account, counted, grant, key, say, stored},
};

#[test]
fn two_processes_lose_no_update() {
    let place = Place::new("processes");
    let start = || {
        child("write 200 times", &place.folder(), PLAIN)
            .stdout(Stdio::null())
            .spawn()
    };
    let mut children = [start().unwrap(), start().unwrap()];
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let (kept, _) = place.store().load(&key()).unwrap().unwrap();
    assert_eq!(kept.rotations(), 400);
    assert!(place.names(".new").is_empty());
}

#[test]
fn threads_of_one_store_lose_no_update() {
    let place = Place::new("threads");
    let store = Arc::new(place.store());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || {
                for _ in 0..25 {
                    update(&store, &key(), counted).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let (kept, _) = store.load(&key()).unwrap().unwrap();
    assert_eq!(kept.rotations(), 100);
}

#[test]
fn a_writer_that_is_killed_leaves_a_whole_file() {
    let place = Place::new("killed");
    let store = place.store();
    let mut last = 0;
    for round in 0..40_u32 {
        let mut writer = Running::start("write until killed", &place.folder());
        writer.until(&format!("wrote {}", round % 4));
        // A different moment of the next write each round.
        for _ in 0..round * 97 {
            std::hint::black_box(store.load(&key()).is_ok_and(|found| found.is_some()));
            if round % 3 == 0 {
                break;
            }
        }
        writer.kill();
        let (kept, version) = store.load(&key()).unwrap().unwrap();
        let number = kept.rotations();
        assert!(number > last, "the kept grant went back to {number}");
        last = number;
        assert_eq!(kept.refresh_token().unwrap().expose(), number.to_string());
        let filler = kept.extra()["filler"].as_str().unwrap();
        assert_eq!(filler, format!("{number} ").repeat(10_000));
        // Its lock went with it.
        stored(store.put(&key(), &kept, Some(&version)).unwrap());
    }
    assert_eq!(store.list().unwrap(), [key()]);
}

#[test]
fn a_lease_ends_with_its_process_however_that_ends() {
    let place = Place::new("lease");
    let store = place.store();
    let mut holder = child("hold a lease", &place.folder(), PLAIN)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap());
    let mut holder = Running(holder, lines);
    holder.until("held");
    assert!(store.lease(&key(), SPAN).unwrap().is_none());
    assert!(store.lease(&account("bob"), SPAN).unwrap().is_some());
    holder.kill();
    let mut lease = store.lease(&key(), SPAN).unwrap().unwrap();
    assert!(lease.renew(SPAN).unwrap());
    run("find the lease taken", &place.folder(), PLAIN);
    drop(lease);
    assert!(store.lease(&key(), SPAN).unwrap().is_some());
}

#[test]
fn a_lease_holds_between_the_threads_of_one_store() {
    let place = Place::new("lease-threads");
    let store = Arc::new(place.store());
    let lease = store.lease(&key(), SPAN).unwrap().unwrap();
    let other = store.clone();
    let taken = std::thread::spawn(move || other.lease(&key(), SPAN).unwrap().is_none());
    assert!(taken.join().unwrap());
    // Who holds the lease can write, and so can the others.
    update(&store, &key(), counted).unwrap();
    drop(lease);
    assert!(store.lease(&key(), SPAN).unwrap().is_some());
}

#[test]
fn a_write_beyond_the_limit_of_the_process_leaves_the_old_file() {
    let place = Place::new("limit");
    stored(place.store().put(&key(), &grant(), None).unwrap());
    // The signal of the limit is ignored, so that the write itself fails, part of the way.
    let limited = format!("trap '' XFSZ; ulimit -f 8; {PLAIN}");
    run("fail to write", &place.folder(), &limited);
    assert!(place.names(".new").is_empty());
}

/// Runs a task in a folder on a disk of its own, if this user may mount one.
fn on_a_small_disk(task: &str) {
    let place = Place::new(&task.replace(' ', "-"));
    let mount = format!("mount -t tmpfs -o size=64k none '{}'", place.0.display());
    let possible = Command::new("unshare")
        .args(["-rm", "sh", "-c", &mount])
        .status()
        .is_ok_and(|status| status.success());
    if !possible {
        say("skipped: it lacks the right to mount a file system in a namespace (unshare -rm)");
        return;
    }
    let shell = format!("exec unshare -rm sh -c \"{mount} && exec \\\"\\$@\\\"\" sh \"$@\"");
    run(task, &place.folder(), &shell);
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    on_a_small_disk("fill the disk");
}

#[test]
fn a_read_only_disk_can_be_read_and_refuses_to_be_written() {
    on_a_small_disk("write to a read-only disk");
}
