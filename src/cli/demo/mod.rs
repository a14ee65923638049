//! `demo`: a story for each way in, told on an emulator with every exchange as it is on the wire.

mod api_key;
mod authsub;
mod browser;
mod clientlogin;
mod clock;
mod feeds;
mod journey;
mod oauth1;
mod oauth2;
mod refresh;
mod stage;
mod wiretap;

use std::process::ExitCode;

use serde::Serialize;

use self::stage::{Stage, Story};
use super::{
    args::{Demo, DemoScheme},
    paint, put, runtime,
};
use crate::error::{Error, Kind};

/// The code of a program that Ctrl-C stopped.
const STOPPED: u8 = 130;

/// What `--json` prints of several stories.
#[derive(Serialize)]
struct Stories {
    ok: bool,
    stories: Vec<Story>,
}

pub(super) fn run(options: &Demo) -> Result<ExitCode, Error> {
    let told_of = matches!(options.scheme, DemoScheme::Authsub | DemoScheme::All);
    if (options.plain || options.secure) && !told_of {
        return Err(Error::input(
            "scheme",
            "expected authsub with --plain or --secure: only its tokens are of two sorts",
        ));
    }
    let ok = runtime()?.block_on(async {
        if options.migrate {
            let Some(story) = journey::story(options).await? else {
                return Ok(None);
            };
            if options.json {
                print(&story)?;
            }
            return Ok(Some(story.ok));
        }
        if options.scheme != DemoScheme::All {
            let story = story(options.scheme, options).await?;
            if options.json {
                print(&story)?;
            }
            return Ok(Some(story.ok));
        }
        let mut stories = Vec::new();
        for scheme in EACH {
            if !options.json {
                let name = paint::styled(paint::HEAD, format_args!("== {}", name(scheme)));
                stage::say(&format!("{name}\n\n"));
            }
            let mut story = story(scheme, options).await?;
            story.scheme = Some(name(scheme));
            if !options.json {
                stage::say("\n");
            }
            stories.push(story);
        }
        let ok = stories.iter().all(|story| story.ok);
        if options.json {
            print(&Stories { ok, stories })?;
        }
        Ok::<_, Error>(Some(ok))
    })?;
    Ok(match ok {
        Some(true) => ExitCode::SUCCESS,
        Some(false) => ExitCode::FAILURE,
        None => ExitCode::from(STOPPED),
    })
}

/// Tells one story on a stage of its own.
async fn story(scheme: DemoScheme, options: &Demo) -> Result<Story, Error> {
    let config = match scheme {
        DemoScheme::Authsub | DemoScheme::All => authsub::config(),
        DemoScheme::Clientlogin => clientlogin::config(),
        DemoScheme::Oauth1 => oauth1::config(),
        DemoScheme::Oauth2 => oauth2::config(),
        DemoScheme::ApiKey => api_key::config(),
    };
    let mut stage = Stage::open(config, options.json)?;
    let finished = match scheme {
        DemoScheme::Authsub | DemoScheme::All => {
            authsub::tell(&mut stage, options.secure || !options.plain).await
        }
        DemoScheme::Clientlogin => clientlogin::tell(&mut stage).await,
        DemoScheme::Oauth1 => oauth1::tell(&mut stage).await,
        DemoScheme::Oauth2 => oauth2::tell(&mut stage).await,
        DemoScheme::ApiKey => api_key::tell(&mut stage).await,
    };
    stage.close(finished.is_ok()).await
}

fn print(document: &impl Serialize) -> Result<(), Error> {
    let mut text = serde_json::to_string_pretty(document).map_err(|cause| {
        Error::new(Kind::Input, "cannot print the story as JSON").caused_by(cause)
    })?;
    text.push('\n');
    put(text.as_bytes())
}

fn name(scheme: DemoScheme) -> &'static str {
    match scheme {
        DemoScheme::Authsub => "authsub",
        DemoScheme::Clientlogin => "clientlogin",
        DemoScheme::Oauth1 => "oauth1",
        DemoScheme::Oauth2 => "oauth2",
        DemoScheme::ApiKey => "api-key",
        DemoScheme::All => "all",
    }
}

/// What `all` tells, in the order of history.
const EACH: [DemoScheme; 5] = [
    DemoScheme::Authsub,
    DemoScheme::Clientlogin,
    DemoScheme::Oauth1,
    DemoScheme::Oauth2,
    DemoScheme::ApiKey,
];
