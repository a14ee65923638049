//! The page on which a user lets a website in, or does not.

use super::{
    asking::{CONSENT_PATH, Pending},
    config::User,
};
use crate::wire::html::escape;

/// Scopes in words, by what the address holds (legacy-protocol.md 6); the first row that fits counts.
const SCOPES_IN_WORDS: &[(&str, &str)] = &[
    (
        "gdata.youtube.com",
        "YouTube: see and manage your videos and your channel",
    ),
    (
        "/calendar/feeds",
        "Google Calendar: see and change your calendars",
    ),
    ("/m8/feeds", "Google Contacts: see and change your contacts"),
    (
        "docs.google.com",
        "Google Docs: see and change your documents",
    ),
    (
        "docs.googleusercontent.com",
        "Google Docs: download your documents",
    ),
    (
        "spreadsheets.google.com",
        "Google Spreadsheets: see and change your sheets",
    ),
    (
        "picasaweb.google.com",
        "Picasa Web Albums: see and change your photos",
    ),
    ("blogger.com", "Blogger: see and change your blogs"),
    (
        "apps-apis.google.com",
        "Google Apps: administer your domain",
    ),
    ("/analytics/feeds", "Google Analytics: see your reports"),
    (
        "/webmasters/tools",
        "Webmaster Tools: see and change your sites",
    ),
    (
        "sites.google.com",
        "Google Sites: see and change your sites",
    ),
    ("/base/feeds", "Google Base: see and change your items"),
    (
        "finance.google.com",
        "Google Finance: see and change your portfolios",
    ),
    (
        "/health/feeds",
        "Google Health: see and change your profile",
    ),
    (
        "/h9/feeds",
        "Google Health (sandbox): see and change your profile",
    ),
    ("/books/feeds", "Google Books: see and change your library"),
    ("maps.google.com", "Google Maps: see and change your maps"),
    (
        "code.google.com",
        "Project Hosting: see and change your issues",
    ),
];

/// What a scope lets a website do, in words; `None` for an address that the table does not know.
pub(super) fn in_words(scope: &str) -> Option<&'static str> {
    SCOPES_IN_WORDS
        .iter()
        .find(|(needle, _)| scope.contains(needle))
        .map(|(_, words)| *words)
}

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f1f3f4;color:#202124}\
main{max-width:34rem;margin:6vh auto;background:#fff;padding:2rem;border:1px solid #dadce0;border-radius:.5rem}\
h1{font-size:1.4rem;font-weight:500;margin:0 0 1rem;overflow-wrap:anywhere}\
ul{padding-left:1.2rem}li{margin:.4rem 0}code{font-size:.85rem;color:#5f6368;overflow-wrap:anywhere}\
.facts{background:#f8f9fa;padding:.6rem 1rem;border-left:4px solid #1a73e8;margin:1rem 0}\
h1 code{color:inherit;font-weight:600}\
.warn{border-color:#d93025}label{display:block;padding:.4rem 0}\
fieldset{border:1px solid #dadce0;border-radius:.3rem;margin:1.2rem 0 0;padding:.2rem 1rem .6rem;min-width:0}\
legend{padding:0 .4rem;margin-left:-.4rem;color:#5f6368}\
fieldset label{padding-left:1.8rem}\
fieldset input{width:1.1rem;height:1.1rem;margin:0 .4rem 0 -1.8rem;vertical-align:-.15rem}\
input:not([type]){font:inherit;padding:.5rem .7rem;border:1px solid #747775;border-radius:.3rem;max-width:100%;box-sizing:border-box}\
button{font:inherit;padding:.5rem 1.6rem;margin:1.2rem .6rem 0 0;border-radius:.3rem;border:1px solid #1a73e8;cursor:pointer}\
.allow{background:#1a73e8;color:#fff}.deny{background:#fff;color:#1a73e8}\
:focus-visible{outline:3px solid #174ea6;outline-offset:2px}\
footer{margin-top:1.5rem;font-size:.8rem;color:#5f6368}\
@media(max-width:36rem){main{margin:0;border:0;border-radius:0;min-height:100vh;box-sizing:border-box}}";

/// The page that asks. Everything that came with the request is escaped.
pub(super) fn page(pending: &Pending, users: &[User], id: &str) -> String {
    let site = escape(&pending.name);
    let scopes: String = pending
        .scopes
        .iter()
        .map(|scope| {
            let address = escape(scope.as_str());
            match in_words(scope.as_str()) {
                Some(words) => format!("<li>{words}<br><code>{address}</code></li>"),
                None => format!("<li><code>{address}</code></li>"),
            }
        })
        .collect();
    let (class, secure) = if pending.signed {
        (
            "facts",
            "This website signs every request: its token alone is of no use to others.",
        )
    } else {
        (
            "facts warn",
            "This website does not sign its requests: whoever learns its token can use it.",
        )
    };
    let session = if pending.lasting {
        "It may keep access until you revoke it."
    } else {
        "It gets access for a single request."
    };
    let accounts: String = users
        .iter()
        .enumerate()
        .map(|(at, user)| {
            let checked = if at == 0 { " checked" } else { "" };
            format!(
                "<label><input type=\"radio\" name=\"user\" value=\"{email}\"{checked}> \
                 {name} &lt;{email}&gt;</label>",
                email = escape(&user.email),
                name = escape(user.name()),
            )
        })
        .collect();
    let id = escape(id);
    document(
        "Access request",
        &format!(
            "<h1>{site} asks for access to your Google Account</h1>\
             <p>If you allow it, the website can use:</p><ul>{scopes}</ul>\
             <p class=\"{class}\">{secure}<br>{session}</p>\
             <form method=\"post\" action=\"{CONSENT_PATH}\">\
             <input type=\"hidden\" name=\"consent\" value=\"{id}\">\
             <fieldset><legend>Account</legend>{accounts}</fieldset>\
             <button class=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\
             <button class=\"deny\" name=\"decision\" value=\"deny\">Deny</button></form>"
        ),
    )
}

/// The page that says what is wrong with a link.
pub(super) fn refusal_page(problem: &str) -> String {
    document(
        "Request refused",
        &format!(
            "<h1>This access request cannot be shown</h1>\
             <p class=\"facts warn\">{}</p>\
             <p>The website that sent you here has to correct its link.</p>",
            escape(problem)
        ),
    )
}

/// The page that shows a verifier to carry over to an application without a callback.
pub(super) fn verifier_page(verifier: &str) -> String {
    document(
        "Access granted",
        &format!(
            "<h1>You have granted access</h1>\
             <p>Type this into the application that sent you here:</p>\
             <p class=\"facts\"><code id=\"verifier\">{verifier}</code></p>"
        ),
    )
}

/// The page at `/`: what this is, and where things are.
pub(super) fn front_page(base: &str) -> String {
    let base = escape(base);
    document(
        "gdata-auth emulator",
        &format!(
            "<h1>A Google of the gdata years, for tests</h1><ul>\
             <li><code>{base}/accounts/AuthSubRequest</code> the consent page</li>\
             <li><code>{base}/accounts/AuthSubSessionToken</code></li>\
             <li><code>{base}/accounts/AuthSubTokenInfo</code></li>\
             <li><code>{base}/accounts/AuthSubRevokeToken</code></li>\
             <li><code>{base}/o/oauth2/v2/auth</code> the consent page of OAuth 2.0</li>\
             <li><code>{base}/token</code></li>\
             <li><code>{base}/device</code> where a device's code is typed in</li>\
             <li><code>{base}/feeds/api/users/default/uploads</code> YouTube v2</li>\
             <li><code>{base}/calendar/feeds/default/allcalendars/full</code> Calendar v2</li></ul>"
        ),
    )
}

pub(super) fn document(title: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head>\n\
         <body><main>{content}<footer>This is gdata-auth's emulator, not Google: no real account is \
         behind it.</footer></main></body></html>\n"
    )
}
