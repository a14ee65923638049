//! An oracle by other hands: oauthlib computes base string and signature of random requests.
//!
//! Skipped without `python3` and its package `oauthlib`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use gdata_auth::{
    BodyHint, Stamp, Timestamp,
    oauth1::{AccessToken, Consumer, Credential},
    wire::percent,
};
use serde_json::{Value, json};

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/support/oauthlib_oracle.py"
);
const REQUESTS: u64 = 200;
/// What names and values are made of: letters, empties, reserved characters, other scripts.
const WORDS: &[&str] = &[
    "",
    "a",
    "a",
    "b",
    "c2",
    "max-results",
    "file",
    "oauth",
    "A",
    " ",
    "a b",
    "+",
    "%",
    "%20",
    "&",
    "=",
    "/",
    ":",
    "~",
    "*",
    "'",
    "(",
    "ü",
    "日本",
    "🦀",
    "1/x_y-z.",
    "\"",
];
const ADDRESSES: &[&str] = &[
    "http://example.com/",
    "http://EXAMPLE.com:80/r%20v/X",
    "https://www.google.com:443/accounts/OAuthGetRequestToken",
    "https://www.google.com:8443/feeds/api/users/default",
    "http://127.0.0.1:42241/a~b;c=d",
    "http://example.com:443/%7Ea",
    "http://[::1]:8080/x",
];

/// A generator that anybody can repeat (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    fn form(&mut self, plus: bool) -> String {
        let pairs: Vec<String> = (0..self.below(7))
            .map(|_| {
                let encode = |text: &str| {
                    let text = percent::encode(text);
                    if plus {
                        text.replace("%20", "+")
                    } else {
                        text.into_owned()
                    }
                };
                format!("n{}={}", encode(self.word()), encode(self.word()))
            })
            .collect();
        pairs.join("&")
    }
}

#[test]
fn oauthlib_computes_the_same_base_strings_and_signatures() {
    let mut numbers = Numbers(1);
    let requests: Vec<(Value, Value)> = (0..REQUESTS).map(|at| request(&mut numbers, at)).collect();
    let Some(answers) = oracle(&requests) else {
        skip("oauthlib_computes_the_same_base_strings_and_signatures: no python3 with oauthlib");
        return;
    };
    assert_eq!(answers.len(), requests.len());
    for ((asked, ours), theirs) in requests.iter().zip(&answers) {
        assert_eq!(ours, theirs, "{asked}");
    }
}

/// A random request for the oracle, and what we make of it.
fn request(numbers: &mut Numbers, at: u64) -> (Value, Value) {
    let address = ADDRESSES[numbers.below(ADDRESSES.len())];
    let method = ["GET", "POST", "PUT", "DELETE"][numbers.below(4)];
    let (query, body) = (numbers.form(true), numbers.form(false));
    let secrets = (numbers.word(), numbers.word());
    let consumer = Consumer::hmac("www.example.com", secrets.0)
        .unwrap()
        .sends_version(numbers.below(2) == 0);
    let token = AccessToken::new(consumer, "1/to ken", secrets.1).unwrap();
    let url = if query.is_empty() {
        address.to_owned()
    } else {
        format!("{address}?{query}")
    };
    let request = http::Request::builder().method(method).uri(url);
    let mut parts = request.body(()).unwrap().into_parts().0;
    let seconds = 1_300_000_000 + i64::try_from(at).unwrap();
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(seconds), at);
    let credential = Credential::from(token);
    let hint = BodyHint::Form(body.as_bytes());
    let base = credential.base_string(&parts, hint, &stamp).unwrap();
    credential.authorize(&mut parts, hint, &stamp).unwrap();
    let header = parts.headers["authorization"].to_str().unwrap();
    let (_, signature) = header.rsplit_once("oauth_signature=\"").unwrap();
    let signature = percent::decode("oauth_signature", signature.trim_end_matches('"')).unwrap();
    let asked = json!({
        "method": method,
        "address": address,
        "query": query,
        "body": body,
        "header": header,
        "consumer_secret": secrets.0,
        "token_secret": secrets.1,
    });
    (asked, json!([base.as_str(), signature]))
}

/// `None` where there is no oracle.
fn oracle(requests: &[(Value, Value)]) -> Option<Vec<Value>> {
    let probe = Command::new("python3")
        .args(["-c", "import oauthlib.oauth1"])
        .stderr(Stdio::null())
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        return None;
    }
    let mut python = Command::new("python3")
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = requests
        .iter()
        .map(|(asked, _)| format!("{asked}\n"))
        .collect();
    let mut stdin = python.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
fn skip(what: &str) {
    eprintln!("skip - {what}");
}
