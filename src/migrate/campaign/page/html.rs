//! What users see: plain words, no script, nothing from elsewhere. Readable on a phone, by day and by night.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::words;
use crate::{
    migrate::campaign::{book::Member, consent::Outcome, settings::Settings, state::State},
    scope::ScopeNames,
    wire::html::escape,
};

/// A page about a link that leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dead {
    Unknown,
    Ended,
    Replaced,
    Closed,
    Foreign,
    Busy,
    Trouble,
}

/// Their titles and sentences.
const DEAD: &[(Dead, &str, &str)] = &[
    (
        Dead::Unknown,
        "This link is not known",
        "Please open the link in your mail once more, all of it: mail programs break long ones now and then.",
    ),
    (
        Dead::Ended,
        "This link has ended",
        "Links are good for a while only. Please ask for a new one; nothing has been changed in your account.",
    ),
    (
        Dead::Replaced,
        "There is a newer link for you",
        "Please use the one in the newest mail.",
    ),
    (
        Dead::Closed,
        "Please open your link again",
        "This page was open for a long time, or in another browser. Open the link in your mail once more; nothing has \
         been changed in your account.",
    ),
    (
        Dead::Foreign,
        "This was not asked for here",
        "The request came from another website, so nothing was done. Open the link in your mail.",
    ),
    (
        Dead::Busy,
        "Too many requests at once",
        "Please try again in a minute.",
    ),
    (
        Dead::Trouble,
        "Something went wrong here",
        "Nothing has been changed in your account. Please try again later.",
    ),
];

pub(super) fn dead_page(settings: &Settings, dead: Dead) -> String {
    let (title, words) = DEAD
        .iter()
        .find(|row| row.0 == dead)
        .map_or(("", ""), |row| (row.1, row.2));
    document(settings, title, &format!("<h1>{title}</h1><p>{words}</p>"))
}

/// What is asked, and why, before anything happens.
pub(super) fn invitation(settings: &Settings, member: &Member, server: &str) -> String {
    let (app, server) = (escape(settings.app()), escape(server));
    let email = escape(member.invitee.email());
    let reason = settings
        .reason()
        .map_or_else(String::new, |reason| format!("<p>{}</p>", escape(reason)));
    let again = match member.standing.state {
        State::Partial => format!(
            "<p class=\"note\">Last time you gave a part of it. {app} cannot do its work without the rest: on the \
             next page, please tick every box.</p>"
        ),
        State::Nothing => format!(
            "<p class=\"note\">Last time you signed in and allowed nothing. {app} cannot do its work so: on the next \
             page, please tick every box.</p>"
        ),
        State::WrongAccount => format!(
            "<p class=\"note\">Last time another account was used. Please choose <b>{email}</b> on the next page.</p>"
        ),
        State::Declined => {
            "<p class=\"note\">You said no before. You may change your mind here.</p>".to_owned()
        }
        _ => String::new(),
    };
    let asked = asked(settings.scopes());
    let permissions = permissions(settings);
    document(
        settings,
        &format!("{app} asks for your permission"),
        &format!(
            "<h1>{app} asks for your permission once more</h1>{again}\
             <p>You connected {app} to your account <b>{email}</b> some years ago. The way in which that was done \
             has been switched off, so {app} has to ask again.</p>{reason}\
             <h2>What it asks for</h2><p>{app} would like to:</p>{asked}\
             <div class=\"ways\"><form method=\"post\" action=\"/start\"><button class=\"yes\">Continue to {server}\
             </button></form><form method=\"post\" action=\"/decline\"><button>No, thank you</button></form></div>\
             <h2>What happens next</h2><ol><li>You go to <b>{server}</b> and sign in there as <b>{email}</b>. \
             {app} never sees your password.</li><li>You see there what is asked, and allow it or not.</li>\
             <li>You come back here, and are told what came of it.</li></ol>{permissions}\
             <p class=\"small\">This link is yours alone, and good until {}.</p>",
            day(&member.standing.expires_at.to_string())
        ),
    )
}

/// What came of it.
pub(super) fn result(settings: &Settings, outcome: &Outcome, member: &Member) -> String {
    let app = escape(settings.app());
    let email = escape(member.invitee.email());
    let again = |words: &str| {
        format!(
            "<div class=\"ways\"><form method=\"post\" action=\"/start\"><button class=\"yes\">{words}</button></form>\
             </div>"
        )
    };
    let permissions = permissions(settings);
    let (title, content) = match outcome {
        Outcome::Consented => (
            "Thank you, that is all",
            format!(
                "<p>{app} can go on working with <b>{email}</b>. You can close this page.</p>{permissions}"
            ),
        ),
        Outcome::Partial { missing } => (
            "A part is missing",
            format!(
                "<p>You allowed a part of what {app} asked for. Not allowed was to:</p>{}<p>What you allowed works \
                 already. If you allow the rest as well, please tick every box on the next page.</p>{}",
                asked(missing),
                again("Allow the rest")
            ),
        ),
        Outcome::Nothing => (
            "Nothing was allowed",
            format!(
                "<p>You signed in, and allowed nothing of what {app} asked for. {} What it would like to:</p>{}<p>Each of \
                 these may have a box of its own on the next page: please tick every one. If you would rather not, \
                 close this page.</p>{}",
                match member.standing.state {
                    State::Partial => "What you allowed before still works.".to_owned(),
                    _ => format!("So {app} cannot go on working with <b>{email}</b> yet."),
                },
                asked(settings.scopes()),
                again("Try again")
            ),
        ),
        Outcome::Declined => (
            "You said no",
            format!(
                "<p>{app} gets no access, and you are not asked again by mail. You can close this page, or change \
                 your mind as long as your link is good.</p>{}",
                again("Change my mind")
            ),
        ),
        Outcome::WrongAccount { used } => (
            "That was another account",
            format!(
                "<p>This link is for <b>{email}</b>, and you signed in as <b>{}</b>. Nothing was kept of that \
                 account.</p><p>Please choose <b>{email}</b> on the next page; you may have to press \
                 “Use another account” there.</p>{}{}",
                escape(used),
                again("Try again"),
                wrong_account_remains(settings)
            ),
        ),
        Outcome::Failed { .. } => (
            "That did not work",
            format!(
                "<p>Nothing has been kept. This is nothing that you did: please try again now, or later with the \
                 same link.</p>{}",
                again("Try again")
            ),
        ),
    };
    document(settings, title, &format!("<h1>{title}</h1>{content}"))
}

/// A link of somebody who has consented before.
pub(super) fn already(settings: &Settings, member: &Member) -> String {
    result(settings, &Outcome::Consented, member)
}

/// The page at the origin alone.
pub(super) fn front(settings: &Settings) -> String {
    let app = escape(settings.app());
    document(
        settings,
        &format!("{app}: permission"),
        &format!("<h1>{app}</h1><p>Please open the link in your mail: it is yours alone.</p>"),
    )
}

fn asked(scopes: &ScopeNames) -> String {
    let items: String = scopes
        .iter()
        // One thing to people: who they are.
        .filter(|name| *name != "openid" || !scopes.contains("email"))
        .map(|name| match words::of(name) {
            Some(words) => format!("<li>{words}</li>"),
            None => format!("<li>use <code>{}</code></li>", escape(name)),
        })
        .collect();
    format!("<ul>{items}</ul>")
}

fn is_google(settings: &Settings) -> bool {
    settings.issuer() == crate::scheme::oauth2::GOOGLE_ISSUER
}

fn permissions(settings: &Settings) -> String {
    match is_google(settings) {
        true => "<p>You can take it back at any time at <a href=\"https://myaccount.google.com/permissions\" \
                 rel=\"noreferrer\">myaccount.google.com/permissions</a>.</p>"
            .to_owned(),
        false => "<p>You can take it back at any time in the settings of your account.</p>".to_owned(),
    }
}

fn wrong_account_remains(settings: &Settings) -> String {
    let place = match is_google(settings) {
        true => {
            "at <a href=\"https://myaccount.google.com/permissions\" rel=\"noreferrer\">\
             myaccount.google.com/permissions</a>"
        }
        false => "in the settings of that account",
    };
    format!(
        "<p class=\"small\">The other account may still list the permission; you can remove it {place}.</p>"
    )
}

fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or(moment)
}

fn document(settings: &Settings, title: &str, content: &str) -> String {
    let contact = settings.contact().map_or_else(String::new, |contact| {
        format!("<footer>Questions? {}</footer>", escape(contact))
    });
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title><style>{STYLE}</style></head>\n\
         <body><main>{content}{contact}</main></body></html>\n"
    )
}

/// What the documents may do: wear this style, and post to here, from where the browser is sent on to `server`.
pub(super) fn policy(server: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self' {server}; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

const STYLE: &str = "\
:root{color-scheme:light dark;--back:#f1f3f4;--card:#fff;--line:#dadce0;--text:#202124;--quiet:#5f6368;--act:#1a5fd0;\
--on:#fff;--note:#fef7e0;--mark:#b06000}\
@media(prefers-color-scheme:dark){:root{--back:#17181a;--card:#202124;--line:#3c4043;--text:#e8eaed;--quiet:#b6babf;\
--act:#8ab4f8;--on:#17181a;--note:#3a2f12;--mark:#fdd663}}\
body{font:1.0625rem/1.55 system-ui,sans-serif;margin:0;background:var(--back);color:var(--text)}\
main{max-width:36rem;margin:6vh auto;background:var(--card);padding:2rem 2.25rem;border:1px solid var(--line);\
border-radius:.75rem;box-sizing:border-box;overflow-wrap:anywhere}\
h1{font-size:1.5rem;line-height:1.3;font-weight:600;margin:0 0 1rem;text-wrap:balance}\
h2{font-size:1.0625rem;font-weight:600;margin:1.5rem 0 .25rem}\
p{margin:.5rem 0}ul,ol{padding-left:1.35rem;margin:.5rem 0}li{margin:.3rem 0}\
code{font-size:.9em}a{color:var(--act)}\
.note{background:var(--note);border-left:4px solid var(--mark);padding:.6rem 1rem;margin:1rem 0}\
.ways{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.5rem 0 .5rem}\
button{font:inherit;font-weight:500;padding:.65rem 1.4rem;min-height:2.75rem;border-radius:.4rem;\
border:1px solid var(--act);background:var(--card);color:var(--act);cursor:pointer}\
.yes{background:var(--act);color:var(--on)}\
:focus-visible{outline:3px solid var(--mark);outline-offset:2px}\
.small,footer{font-size:.9rem;color:var(--quiet)}footer{border-top:1px solid var(--line);margin-top:1.5rem;\
padding-top:1rem}\
@media(max-width:36rem){main{margin:0;border:0;border-radius:0;min-height:100vh;padding:1.5rem 1.25rem}\
.ways,.ways form,.ways button{width:100%}}";
