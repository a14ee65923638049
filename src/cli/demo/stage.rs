//! Where the demo plays: an emulator on a port, a tapped client, and the teller of what happened.

use std::{net::SocketAddr, sync::Arc};

use serde::Serialize;

use super::{
    clock::MovableClock,
    wiretap::{Message, Received, Tapped, Wiretap},
};
use crate::{
    cli::paint,
    emulator::{Config, Emulator},
    error::{Error, Kind},
    serve::{Running, Server},
    system::{Stamps, SystemRandomness},
    transport::Reqwest,
};

/// The client's way out, shared with the clients that a step makes.
pub(super) type Wire = Arc<Wiretap<Reqwest>>;

/// One step of the story, as it is printed and as `--json` gives it.
#[derive(Debug, Serialize)]
pub(super) struct Step {
    title: String,
    /// What to notice.
    notice: String,
    /// Whether it went as it should.
    ok: bool,
    /// What the client made of it.
    outcome: String,
    exchanges: Vec<Tapped>,
    /// What the server noted, and why it refused.
    server: Vec<String>,
}

/// The whole story.
#[derive(Debug, Serialize)]
pub(super) struct Story {
    /// Told where several stories are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scheme: Option<&'static str>,
    pub(super) ok: bool,
    origin: String,
    steps: Vec<Step>,
}

/// The story has gone another way than it should, and cannot go on.
#[derive(Debug)]
pub(super) struct Misbehaved;

pub(super) struct Stage {
    pub(super) wire: Wire,
    pub(super) origin: String,
    /// The clock of both sides.
    pub(super) clock: MovableClock,
    /// For what happened before the story, off the wire.
    pub(super) emulator: Emulator,
    server: Running,
    noted: usize,
    steps: Vec<Step>,
    json: bool,
}

impl Stage {
    /// Starts the emulator on a free loopback port.
    pub(super) fn open(config: Config, json: bool) -> Result<Self, Error> {
        let clock = MovableClock::default();
        let emulator =
            Emulator::pinned(config, Arc::new(clock.clone()), Box::new(SystemRandomness))?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let received = Received::new(emulator.clone());
        let wire = Arc::new(received.tap(Reqwest::new()?));
        let server = Server::bind(address, received)?.spawn()?;
        if !json {
            say(&format!(
                "The emulator plays Google at {}.  {}  {}\n\n",
                server.origin(),
                paint::styled(paint::SENT, "> what the client sends"),
                paint::styled(paint::RECEIVED, "< what comes back"),
            ));
        }
        Ok(Self {
            wire,
            origin: server.origin(),
            clock,
            emulator,
            server,
            noted: 0,
            steps: Vec::new(),
            json,
        })
    }

    /// Tells a step that has to succeed, and yields what it gave.
    pub(super) fn expect<T>(
        &mut self,
        title: &str,
        notice: &str,
        result: Result<T, Error>,
        outcome: impl FnOnce(&T) -> String,
    ) -> Result<T, Misbehaved> {
        match result {
            Ok(value) => {
                self.tell(title, notice, true, outcome(&value));
                Ok(value)
            }
            Err(error) => {
                self.tell(title, notice, false, format!("unexpected: {error}"));
                Err(Misbehaved)
            }
        }
    }

    /// Tells a step that has to be refused with `kind`.
    pub(super) fn expect_refusal<T>(
        &mut self,
        title: &str,
        notice: &str,
        result: Result<T, Error>,
        kind: Kind,
    ) {
        match result {
            Err(error) if error.kind() == kind => {
                self.tell(title, notice, true, format!("{kind:?}: {error}"));
            }
            Err(error) => {
                let outcome = format!("expected {kind:?}, got {:?}: {error}", error.kind());
                self.tell(title, notice, false, outcome);
            }
            Ok(_) => self.tell(
                title,
                notice,
                false,
                format!("expected {kind:?}, got a yes"),
            ),
        }
    }

    fn tell(&mut self, title: &str, notice: &str, ok: bool, outcome: String) {
        let journal = self.emulator.journal();
        let server = journal[self.noted.min(journal.len())..]
            .iter()
            .map(ToString::to_string)
            .collect();
        self.noted = journal.len();
        let step = Step {
            title: title.to_owned(),
            notice: notice.to_owned(),
            ok,
            outcome,
            exchanges: self.wire.take(),
            server,
        };
        if !self.json {
            print(self.steps.len() + 1, &step);
        }
        self.steps.push(step);
    }

    /// Passes over what happened since the last step.
    pub(super) fn pass_over(&mut self) {
        self.wire.take();
        self.noted = self.emulator.journal().len();
    }

    /// Stamps for signed requests, by the clock of both sides.
    pub(super) fn stamps(&self) -> Stamps {
        Stamps::new(Arc::new(self.clock.clone()), Arc::new(SystemRandomness))
    }

    /// Stops the server and says how it went.
    pub(super) async fn close(self, finished: bool) -> Result<Story, Error> {
        let ok = finished && self.steps.iter().all(|step| step.ok);
        if !self.json {
            let wrong = self.steps.iter().filter(|step| !step.ok).count();
            let line = if ok {
                format!("{} steps, all as they should be", self.steps.len())
            } else {
                format!("{wrong} of {} steps went wrong", self.steps.len())
            };
            let style = if ok { paint::HEAD } else { paint::WRONG };
            say(&format!("{}\n", paint::styled(style, line)));
        }
        self.server.stop().await?;
        Ok(Story {
            scheme: None,
            ok,
            origin: self.origin,
            steps: self.steps,
        })
    }
}

fn print(number: usize, step: &Step) {
    let mut out = format!(
        "{}\n",
        paint::styled(paint::HEAD, format_args!("{number:>2}. {}", step.title))
    );
    for exchange in &step.exchanges {
        message(&mut out, '>', paint::SENT, &exchange.request);
        message(&mut out, '<', paint::RECEIVED, &exchange.response);
    }
    let mark = if step.ok {
        paint::styled(paint::RECEIVED, "ok ")
    } else {
        paint::styled(paint::WRONG, "NOT AS IT SHOULD BE ")
    };
    out.push_str(&format!("    {mark} {}\n", step.outcome));
    for line in step.server.iter().filter(|line| line.contains(": ")) {
        out.push_str(&format!("    server notes: {line}\n"));
    }
    if !step.notice.is_empty() {
        out.push_str(&format!(
            "    {} {}\n",
            paint::styled(paint::NOTICE, "notice:"),
            step.notice
        ));
    }
    out.push('\n');
    say(&out);
}

fn message(out: &mut String, mark: char, style: anstyle::Style, message: &Message) {
    let mut line = |text: &str| {
        out.push_str(&format!(
            "    {}\n",
            paint::styled(style, format_args!("{mark} {text}"))
        ));
    };
    line(&message.start);
    for (name, value) in &message.headers {
        line(&format!("{name}: {value}"));
    }
    if !message.body.is_empty() {
        line("");
        for text in message.body.lines() {
            line(text);
        }
    }
}

/// The story is what the demo is run for: stdout. A reader that went away does not want the rest.
pub(super) fn say(text: &str) {
    use std::io::Write;
    let _ = write!(anstream::stdout().lock(), "{text}");
}
