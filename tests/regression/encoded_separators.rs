//! `..` between encoded slashes or backslashes was taken for a part of a name, and so a scope covered what a
//! server may read as an address outside.

use gdata_auth::scope::{Coverage, Scope};

#[test]
fn dot_segments_count_between_separators_of_every_spelling() {
    let scope = Scope::new("http://h.test/feeds/").unwrap();
    for path in [
        "..%2fadmin",
        "..%2Fadmin",
        "x%2f..%2f..%2fadmin",
        "..%5cadmin",
        "..%5Cadmin",
        "..\\admin",
        "%2e%2e%2fadmin",
        "x\\..",
    ] {
        let url = format!("http://h.test/feeds/{path}");
        assert_eq!(scope.covers(&url), Coverage::Outside, "{url}");
    }
    for path in ["a%2fb", "a%5cb", "a\\b", "..a%2f", "x?q=..%2f.."] {
        let url = format!("http://h.test/feeds/{path}");
        assert_eq!(scope.covers(&url), Coverage::Inside, "{url}");
    }
}
