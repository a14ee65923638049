//! Settings of a dual run: whatever is read can be rolled back, and the rest of it stays.
#![no_main]

use gdata_auth::migrate::dual::{Override, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(settings) = Settings::from_toml(text) else {
        return;
    };
    let edited =
        Settings::set_override_in(text, Override::Old).expect("what is read can be edited");
    let read = Settings::from_toml(&edited).expect("what is edited can be read");
    assert_eq!(read.override_now(), Override::Old);
    assert_eq!(read.rules(), settings.rules());
    assert_eq!(read.compare(), settings.compare());
});
