//! Asking the user: which account, which scopes, and where the browser goes then.
//!
//! ```text
//! begin ─▶ account? ─▶ Question::Account ─┐
//!            │ known                      ▼ decide
//!            └──────▶ consent? ─▶ Question::Consent ─▶ decide ─▶ code
//!                        │ given before (web clients)            ▲
//!                        └───────────────────────────────────────┘
//! ```
//!
//! Each page carries a random number and is answered once: a number that nobody was shown decides nothing.

use http::{HeaderValue, StatusCode, header};

use super::{
    authorize::shown,
    code::{self, Challenge, Code},
    device_page, form, page,
    page::{Fault, account_page, code_page, consent_page, problem_page},
    registration::Registration,
    scopes,
};
use crate::{
    emulator::{
        answer::Answer,
        config::{Consent, User},
        seen::Seen,
        state::State,
    },
    scheme::oauth2::{AuthorizationQuery, ErrorCode, GOOGLE_ISSUER, is_out_of_band},
    scope::ScopeNames,
    time::Timestamp,
    wire::query::Pairs,
};

/// Where the pages post their answers. The emulator's own address: Google's is not known.
pub(super) const PATH: &str = "/o/oauth2/consent";
/// Pages that wait beyond this many push the oldest numbers out.
const MAX_QUESTIONS: usize = 1_000;

/// A link that passed all checks.
#[derive(Clone)]
pub(super) struct Ask {
    pub(super) query: AuthorizationQuery,
    pub(super) client: Registration,
    pub(super) challenge: Option<Challenge>,
}

/// A page that waits for an answer.
#[derive(Clone)]
pub(super) enum Question {
    Account(Box<Ask>),
    Consent(Box<Ask>, String),
    /// What a device asks, by its `user_code`.
    Device(String),
}

impl Ask {
    pub(super) fn prompt_words(&self) -> impl Iterator<Item = &str> {
        self.query.prompt.iter().flat_map(|words| words.split(' '))
    }

    pub(super) fn prompts(&self, wanted: &str) -> bool {
        self.prompt_words().any(|word| word == wanted)
    }

    fn is_web(&self) -> bool {
        self.client.is_web(&self.query.redirect_uri)
    }
}

/// Shows a page, or answers at once where the configuration or the link says so.
pub(super) fn begin(state: &mut State, ask: &Ask, now: Timestamp) -> Answer {
    let users = users_for(state, ask);
    let hinted = hinted(&users, ask);
    let Some(user) = hinted.or_else(|| users.first()).cloned() else {
        return problem("hd: no account here belongs to this domain");
    };
    if ask.prompts("none") {
        return silently(state, ask, hinted.is_some() || users.len() == 1, &user, now);
    }
    match state.config.consent {
        Consent::Allow => match barred(ask, &user) {
            Some(fault) => shown(&fault),
            None => {
                let scopes = ask.query.scope.clone();
                allow(state, ask, &user, scopes, "consent", now)
            }
        },
        Consent::Deny => back_with(state, ask, "access_denied").because("consent: deny"),
        Consent::Ask => {
            if ask.prompts("select_account") || (hinted.is_none() && users.len() > 1) {
                let chosen = user.email;
                let id = wait(state, Question::Account(Box::new(ask.clone())));
                return page(StatusCode::OK, account_page(ask, &users, &chosen, &id));
            }
            consent(state, ask, &user, now)
        }
    }
}

/// What was chosen on a page.
pub(super) fn decide(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let Some(form) = form(seen) else {
        return problem("the form cannot be read");
    };
    let Some(id) = form.first("page") else {
        return problem("page: expected the page's number, got none");
    };
    let Some(question) = state.oauth2.questions.remove(id) else {
        return problem("page: answered before, or never shown");
    };
    let decision = form.first("decision").unwrap_or_default();
    match (question, decision) {
        (Question::Device(code), "allow" | "deny") => {
            device_page::decided(state, &code, &form, decision == "allow", now)
        }
        (Question::Account(ask) | Question::Consent(ask, _), "deny") => {
            back_with(state, &ask, "access_denied").because("the user declined")
        }
        (Question::Account(ask), "allow") => {
            let chosen = form.first("user").unwrap_or_default();
            let users = users_for(state, &ask);
            match users.into_iter().find(|user| user.email == chosen) {
                Some(user) => consent(state, &ask, &user, now),
                None => problem("user: expected one of the accounts on the page"),
            }
        }
        (Question::Consent(ask, email), "allow") => {
            let users = users_for(state, &ask);
            let Some(user) = users.into_iter().find(|user| user.email == email) else {
                return problem("user: the account is not configured any more");
            };
            let scopes = ticked(&ask.query.scope, &form);
            if scopes.is_empty() {
                // UNVERIFIED: what Google does when nothing is left.
                return back_with(state, &ask, "access_denied")
                    .because("scope: the user ticked none of them");
            }
            allow(state, &ask, &user, scopes, "consent", now)
        }
        _ => problem("decision: expected allow or deny"),
    }
}

/// A page that says what is wrong with a form.
pub(super) fn problem(reason: &'static str) -> Answer {
    page(StatusCode::BAD_REQUEST, problem_page(reason)).because(reason)
}

/// Keeps a question, and yields its number.
pub(super) fn wait(state: &mut State, question: Question) -> String {
    let id = state.random_text(18);
    let questions = &mut state.oauth2.questions;
    if questions.len() >= MAX_QUESTIONS {
        questions.pop_first();
    }
    questions.insert(id.clone(), question);
    id
}

/// Whether more than one scope beyond signing in is asked for, so that each gets a box (oauth2.md 5.2).
pub(super) fn is_granular(scopes: &ScopeNames) -> bool {
    scopes
        .iter()
        .filter(|name| !scopes::is_for_sign_in(name))
        .count()
        > 1
}

/// `prompt=none`: a code, or an error that comes back. UNVERIFIED which of the two errors Google sends when.
fn silently(state: &mut State, ask: &Ask, is_certain: bool, user: &User, now: Timestamp) -> Answer {
    if ask.query.login_hint.is_some() && !is_certain {
        return back_with(state, ask, "login_required")
            .because("login_hint: nobody here, and prompt=none");
    }
    if !is_certain {
        return back_with(state, ask, "interaction_required")
            .because("prompt=none, but there is more than one account");
    }
    if !is_remembered(state, ask, user) || barred(ask, user).is_some() {
        return back_with(state, ask, "interaction_required")
            .because("prompt=none, but the user has not consented to this before");
    }
    let scopes = ask.query.scope.clone();
    allow(state, ask, user, scopes, "none", now)
}

/// Asks for consent, where it is needed. Whether a desktop client is ever spared it is UNVERIFIED: here it is not.
fn consent(state: &mut State, ask: &Ask, user: &User, now: Timestamp) -> Answer {
    if let Some(fault) = barred(ask, user) {
        return shown(&fault);
    }
    if ask.is_web() && !ask.prompts("consent") && is_remembered(state, ask, user) {
        let scopes = ask.query.scope.clone();
        return allow(state, ask, user, scopes, "none", now);
    }
    let question = Question::Consent(Box::new(ask.clone()), user.email.clone());
    let id = wait(state, question);
    page(StatusCode::OK, consent_page(ask, user, &id))
}

/// What keeps this account from this client.
fn barred(ask: &Ask, user: &User) -> Option<Fault> {
    if user.admin_policy {
        return Some(Fault {
            status: StatusCode::BAD_REQUEST,
            code: ErrorCode::AdminPolicyEnforced,
            reason: "admin_policy: the user's organisation forbids it",
        });
    }
    let domain = ask.client.internal()?;
    (!user.domain().eq_ignore_ascii_case(domain)).then_some(Fault {
        status: StatusCode::FORBIDDEN,
        code: ErrorCode::OrgInternal,
        reason: "internal: the client is for members of another domain",
    })
}

fn is_remembered(state: &State, ask: &Ask, user: &User) -> bool {
    let consents = state.oauth2.consents.get(&user.email);
    consents
        .and_then(|clients| clients.get(&ask.client.id))
        .is_some_and(|granted| ask.query.scope.missing_from(granted).is_empty())
}

/// Those of the asked scopes that the user left ticked; what is for signing in has no box.
fn ticked(asked: &ScopeNames, form: &Pairs) -> ScopeNames {
    if !is_granular(asked) {
        return asked.clone();
    }
    let boxes: Vec<&str> = form.all("scope").collect();
    asked
        .iter()
        .filter(|name| scopes::is_for_sign_in(name) || boxes.contains(name))
        .collect()
}

/// Gives a code out, and sends the browser back with it.
fn allow(
    state: &mut State,
    ask: &Ask,
    user: &User,
    scopes: ScopeNames,
    prompted: &str,
    now: Timestamp,
) -> Answer {
    let web = ask.is_web();
    let before = state
        .oauth2
        .consents
        .get(&user.email)
        .and_then(|clients| clients.get(&ask.client.id))
        .cloned();
    let is_first = before.is_none();
    // Installed clients have no incremental consent (oauth2.md 5.2).
    let scopes = match &before {
        Some(before) if web && ask.query.include_granted_scopes => {
            scopes.with(before).unwrap_or(scopes)
        }
        _ => scopes,
    };
    let all = match &before {
        Some(before) => before.with(&scopes).unwrap_or_else(|_| scopes.clone()),
        None => scopes.clone(),
    };
    state
        .oauth2
        .consents
        .entry(user.email.clone())
        .or_default()
        .insert(ask.client.id.clone(), all);
    let offline = ask.query.access_type.as_deref() == Some("offline");
    let text = format!("4/0A{}", state.random_text(48));
    let code = Code {
        client_id: ask.client.id.clone(),
        redirect_uri: ask.query.redirect_uri.clone(),
        challenge: ask.challenge.clone(),
        user: user.email.clone(),
        scopes: scopes.clone(),
        nonce: ask.query.nonce.clone(),
        refreshable: !web || (offline && (is_first || ask.prompts("consent"))),
        family: state.random_text(12),
        expires_at: now.after(code::LIFETIME),
        spent: false,
    };
    state.oauth2.codes.keep(text.clone(), code, now);
    if is_out_of_band(&ask.query.redirect_uri) {
        return page(StatusCode::OK, code_page(&text));
    }
    let position = state
        .config
        .user
        .iter()
        .position(|one| one.email == user.email);
    let called = match state.config.alias_scopes {
        true => scopes::as_google_calls_them(&scopes),
        false => scopes,
    };
    let mut back = start(state, ask);
    back.push("code", text);
    back.push("scope", called.to_string());
    back.push("authuser", position.unwrap_or(0).to_string());
    back.push("prompt", prompted);
    redirect(&ask.query.redirect_uri, &back)
}

/// Sends the browser back with an error, and `state`.
fn back_with(state: &State, ask: &Ask, error: &str) -> Answer {
    if is_out_of_band(&ask.query.redirect_uri) {
        return problem("access_denied");
    }
    let mut back = start(state, ask);
    back.push("error", error);
    redirect(&ask.query.redirect_uri, &back)
}

/// `state`, and `iss` where a switch turns it on: Google sends none (RFC 9207).
fn start(state: &State, ask: &Ask) -> Pairs {
    let mut back = Pairs::new();
    if let Some(text) = &ask.query.state {
        back.push("state", text);
    }
    if state.config.send_iss {
        back.push("iss", GOOGLE_ISSUER);
    }
    back
}

fn redirect(address: &str, back: &Pairs) -> Answer {
    let mark = if address.contains('?') { '&' } else { '?' };
    let mut answer = Answer::moved(&format!("{address}{mark}{back}"));
    let headers = answer.response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    answer
}

/// The accounts that `hd` lets in; `*` is any account of a hosted domain, which here all have.
fn users_for(state: &State, ask: &Ask) -> Vec<User> {
    let lets_in = |user: &&User| match ask.query.hd.as_deref() {
        None | Some("*") => true,
        Some(domain) => user.domain().eq_ignore_ascii_case(domain),
    };
    state.config.user.iter().filter(lets_in).cloned().collect()
}

/// Who `login_hint` means, by address or `sub`.
fn hinted<'u>(users: &'u [User], ask: &Ask) -> Option<&'u User> {
    let hint = ask.query.login_hint.as_deref()?;
    users
        .iter()
        .find(|user| user.email.eq_ignore_ascii_case(hint) || user.subject() == hint)
}
