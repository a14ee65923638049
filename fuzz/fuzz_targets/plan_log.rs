//! Logs of calls: no bytes make the reader panic, every line is counted once, and it makes no difference in which pieces
//! a log comes, nor in what order its lines stand.
#![no_main]

use std::io::BufReader;

use gdata_auth::migrate::{
    catalogue::Catalogue,
    plan::{CallLog, Seen},
};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8], piece: usize, host: Option<&str>) -> CallLog {
    let catalogue = Catalogue::built_in().expect("the table is whole");
    let mut log = CallLog::default();
    log.read(&mut BufReader::with_capacity(piece, bytes), host, catalogue).expect("bytes can be read");
    log
}

/// All but the numbers of lines.
fn figures(log: CallLog) -> String {
    let mut log = log;
    log.unknown_at.clear();
    format!("{log:?}")
}

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (piece, given, bytes) = input;
    let host = given.then_some("gdata.youtube.com");
    let whole = read(bytes, 1 << 16, host);
    let services: u64 = whole.services.values().map(Seen::calls).sum();
    let logins: u64 = whole.logins.values().sum();
    let counted = [
        whole.unknown, whole.others, whole.today, whole.without_host, whole.tunnels, whole.unlisted, logins, services,
    ];
    assert_eq!(counted.iter().sum::<u64>(), whole.lines);
    for seen in whole.services.values() {
        assert_eq!(seen.days.total(), seen.calls());
    }
    assert_eq!(format!("{whole:?}"), format!("{:?}", read(bytes, usize::from(piece) + 1, host)));
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    lines.reverse();
    assert_eq!(figures(read(&lines.join(&b'\n'), 1 << 16, host)), figures(whole));
});
