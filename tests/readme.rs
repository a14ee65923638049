//! The example of the README, as it stands there, and proof that it does stand there.

#![expect(clippy::print_stdout, reason = "the example prints")]

use gdata_auth::emulator::{Config, Consent, Emulator};

use gdata_auth::authsub::{Accounts, AuthSubRequest, SessionToken};
use gdata_auth::{Error, Transport, run, system::Stamps};

/// `back` is the address that the user's browser came back to from the link.
#[rustfmt::skip]
async fn session(
    link: &AuthSubRequest, back: &str, google: &impl Transport,
) -> Result<SessionToken, Error> {
    let (accounts, stamps) = (Accounts::google(), Stamps::system());
    let token = link.read_redirect(back)?.into_token();
    let session = run(&token.exchange(&accounts, &stamps.next())?, google).await?;
    let info = run(&session.token_info(&accounts, &stamps.next())?, google).await?;
    println!("{} may use {}", info.target(), info.scopes());
    Ok(session)
}

const README: &str = include_str!("../README.md");
const THIS_FILE: &str = include_str!("readme.rs");

#[tokio::test]
async fn the_example_runs() {
    let config = Config::new().with_consent(Consent::Allow);
    let google = Emulator::with(config).unwrap();
    let link = AuthSubRequest::new("http://www.example.com/upload.html")
        .unwrap()
        .scope("http://gdata.youtube.com/feeds/")
        .unwrap()
        .session(true);
    let back = google.browse(&link.to_string()).unwrap();
    let session = session(&link, &back, &google).await.unwrap();
    assert_eq!(
        session.scopes().to_string(),
        "http://gdata.youtube.com/feeds/"
    );
}

#[test]
fn the_readme_shows_the_example_that_runs() {
    let (_, rest) = README.split_once("```rust\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    assert!(shown.lines().count() <= 15, "{}", shown.lines().count());
    let run = THIS_FILE.replace("#[rustfmt::skip]\n", "");
    assert!(run.contains(&format!("\n{shown}")), "{shown}");
}

#[test]
fn the_readme_names_the_two_commands_and_every_feature() {
    for line in ["cargo run --features cli -- demo", "cargo test"] {
        assert!(README.contains(line), "{line}");
    }
    let manifest = include_str!("../Cargo.toml");
    let (_, features) = manifest.split_once("[features]\n").unwrap();
    let (features, _) = features.split_once("\n[").unwrap();
    let named = features
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| *name != "default");
    let mut count = 0;
    for name in named {
        assert!(
            README.contains(&format!("| `{name}`")),
            "{name} is not in the README"
        );
        count += 1;
    }
    assert!(count >= 6, "{count}");
}
