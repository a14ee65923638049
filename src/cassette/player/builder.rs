//! The settings of a player.

use std::sync::{Arc, Mutex, atomic::AtomicU64};

use bytes::Bytes;
use http::Request;

use super::{
    Matcher, Player,
    index::{Held, Index},
    session::Session,
    stub::Stub,
    track::Tracks,
};
use crate::{
    cassette::{
        Cassette, Interaction, SecretKind,
        clock::{TimeRule, TimeRules},
        echo::EchoRules,
        faults::{FaultRules, Faults},
        format::Format,
        meaning::{MatchRules, Meaning, Rules, SecretRule, View, Whereto, is_lenient},
        verify::{Keys, TokenSecrets},
    },
    crypto::Sign,
    error::Error,
    system::{Clock, SystemClock},
};

/// The settings of a [`Player`].
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use gdata_auth::{Timestamp, cassette::{Cassette, Keys, MatchRules, Player, TimeRule, TimeRules}};
///
/// let mut rules = MatchRules::default();
/// rules.repeat = true;
/// let player = Player::builder(Cassette::default())
///     .rules(rules)
///     .keys(Keys::new().with_consumer_secret("anonymous", "anonymous"))
///     .time(TimeRules::new(TimeRule::Shift))
///     .clock(Arc::new(|| Timestamp::from_unix_seconds(1_300_000_000)))
///     .build()?;
/// # let _ = player;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[must_use]
pub struct PlayerBuilder {
    cassette: Cassette,
    rules: MatchRules,
    matcher: Option<Box<Matcher>>,
    keys: Option<Keys>,
    time: TimeRules,
    clock: Arc<dyn Clock>,
    echo: EchoRules,
    faults: FaultRules,
    socket: bool,
    signer: Option<(String, Arc<dyn Sign>)>,
}

impl PlayerBuilder {
    pub(super) fn new(cassette: Cassette) -> Self {
        Self {
            cassette,
            rules: MatchRules::default(),
            matcher: None,
            keys: None,
            time: TimeRules::default(),
            clock: Arc::new(SystemClock),
            echo: EchoRules::default(),
            faults: FaultRules::default(),
            socket: false,
            signer: None,
        }
    }

    /// What is compared, and in which order interactions are played.
    pub fn rules(mut self, rules: MatchRules) -> Self {
        self.rules = rules;
        self
    }

    /// Compares with a closure instead of by meaning: the first interaction for which it holds, and which was not
    /// played yet, answers. Every interaction is asked, so this takes as long as the cassette is.
    pub fn matcher(
        mut self,
        matcher: impl Fn(&Interaction, &Request<Bytes>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.matcher = Some(Box::new(matcher));
        self
    }

    /// Checks what clients sign, and refuses what is wrong. What no key is known for passes.
    pub fn keys(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// What becomes of the moments in answers.
    pub fn time(mut self, time: TimeRules) -> Self {
        self.time = time;
        self
    }

    /// The client's clock; the machine's by default.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What goes out as the client sent it.
    pub fn echo(mut self, echo: EchoRules) -> Self {
        self.echo = echo;
        self
    }

    /// What goes wrong on purpose.
    pub fn faults(mut self, faults: FaultRules) -> Self {
        self.faults = faults;
        self
    }

    /// Answers go out on a socket: faults that only bytes can show stand in the extensions of an answer
    /// ([`Fault`](crate::cassette::Fault)) instead of being errors of the transport.
    pub fn on_a_socket(mut self) -> Self {
        self.socket = true;
        self
    }

    /// Makes ID tokens anew whose moments or nonce change, with a test key under this `kid`.
    pub fn sign_id_tokens(mut self, key_id: impl Into<String>, signer: Arc<dyn Sign>) -> Self {
        self.signer = Some((key_id.into(), signer));
        self
    }

    /// The player.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming a rule that cannot be read.
    pub fn build(self) -> Result<Player, Error> {
        let rules = Rules::read(&self.rules)?;
        if let Some(status) = self.rules.refuse_with
            && !(200..=999).contains(&status)
        {
            return Err(Error::input(
                "refuse-with",
                "expected 200 to 999, got another",
            ));
        }
        for rule in &self.echo.rules {
            rule.target()?;
        }
        let interactions = &self.cassette.interactions;
        let meanings: Vec<Meaning> = interactions
            .iter()
            .map(|one| Meaning::of_view(&View::recorded(&one.request), &rules))
            .collect();
        let tracks = Tracks::of(&self.cassette, &meanings, &self.echo);
        let secrets = Secrets::of(&self.cassette, &self.rules, tracks.issued);
        let mut index = Index::new();
        let mut stubs = Vec::new();
        for (at, (interaction, meaning)) in interactions.iter().zip(&meanings).enumerate() {
            match &interaction.pattern {
                None => {
                    let origin = interaction.request.origin();
                    let origin = origin.map_or(Whereto::Any, Whereto::Origin);
                    index.add(at, &meaning.facets, origin, |kind, text| {
                        secrets.held(kind, text)
                    });
                }
                Some(pattern) => {
                    let later_first = interaction.provenance.format == Some(Format::WireMock);
                    stubs.push(Stub::new(at, pattern, later_first));
                }
            }
        }
        stubs.sort_by_key(Stub::rank);
        Ok(Player {
            played: interactions.iter().map(|_| AtomicU64::new(0)).collect(),
            tokens: TokenSecrets::of(&self.cassette),
            faults: Faults::read(&self.faults, self.socket)?,
            plain: self.time.rule == TimeRule::Keep && self.echo.rules.is_empty(),
            cassette: self.cassette,
            settings: self.rules,
            rules,
            index,
            tracks: tracks.all,
            stubs,
            secrets,
            session: Mutex::new(Session::default()),
            matcher: self.matcher,
            keys: self.keys,
            clock: self.clock,
            time: self.time.rule,
            echo: self.echo,
            signer: self.signer,
            unmatched: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            notes: Mutex::default(),
        })
    }
}

impl std::fmt::Debug for PlayerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlayerBuilder")
            .field("interactions", &self.cassette.interactions.len())
            .field("rules", &self.rules)
            .field("keys", &self.keys)
            .field("time", &self.time)
            .field("echo", &self.echo)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// Which recorded secrets stand for what.
pub(super) struct Secrets {
    rules: MatchRules,
    /// Stand-ins of the cassette, and whether an answer hands them out.
    stand_ins: std::collections::HashMap<String, bool>,
    issued: std::collections::HashSet<String>,
}

impl Secrets {
    fn of(
        cassette: &Cassette,
        rules: &MatchRules,
        issued: std::collections::HashSet<String>,
    ) -> Self {
        let stand_ins = cassette.stand_ins.iter();
        Self {
            rules: rules.clone(),
            stand_ins: stand_ins
                .map(|one| (one.text.clone(), one.issued))
                .collect(),
            issued,
        }
    }

    pub(super) fn held(&self, kind: SecretKind, text: &str) -> Held {
        if is_lenient(&self.rules, kind) {
            return Held::Ignored;
        }
        let free = match self.stand_ins.get(text) {
            Some(issued) => !issued,
            None if self.issued.contains(text) => false,
            None => self.rules.secrets == SecretRule::Bind || is_placeholder(text),
        };
        match free {
            true => Held::Free,
            false => Held::Fixed,
        }
    }
}

/// What other tools put in place of a secret: `<TOKEN>`, `[FILTERED]`, `REDACTED`, `xxxxx`, `****`.
fn is_placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "redacted",
        "filtered",
        "scrubbed",
        "sanitized",
        "dummy",
        "placeholder",
    ];
    let lower = text.to_ascii_lowercase();
    let enclosed = |open: char, close: char| text.starts_with(open) && text.ends_with(close);
    let one_letter = |letter: char| text.len() >= 4 && lower.chars().all(|c| c == letter);
    text.len() > 2
        && (enclosed('<', '>')
            || enclosed('[', ']')
            || (text.starts_with("{{") && text.ends_with("}}")))
        || one_letter('x')
        || one_letter('*')
        || WORDS.iter().any(|word| lower.contains(word))
}
