//! The pages of the OAuth 2.0 server: accounts, consent, faults, and a device's code. No script, and every control has
//! a label.

use http::StatusCode;

use super::{
    asking::{Ask, PATH, is_granular},
    device, scopes,
};
use crate::{
    emulator::{config::User, consent::document},
    scheme::oauth2::ErrorCode,
    scope::ScopeNames,
    wire::html::escape,
};

/// A fault that Google shows, and does not redirect.
pub(super) struct Fault {
    pub(super) status: StatusCode,
    pub(super) code: ErrorCode,
    pub(super) reason: &'static str,
}

/// `Error 400: redirect_uri_mismatch`, and why. The words but for that line are the emulator's own.
pub(super) fn fault_page(fault: &Fault) -> String {
    document(
        "Access blocked",
        &format!(
            "<h1>Access blocked: this application&#39;s request cannot be shown</h1>\
             <p class=\"facts warn\">Error {}: {}</p><p>{}</p>",
            fault.status.as_u16(),
            escape(fault.code.as_str()),
            escape(fault.reason)
        ),
    )
}

/// What is wrong with a form, or what became of a decision.
pub(super) fn problem_page(problem: &str) -> String {
    document(
        "Request refused",
        &format!(
            "<h1>This cannot be done</h1><p class=\"facts warn\">{}</p>",
            escape(problem)
        ),
    )
}

pub(super) fn account_page(ask: &Ask, users: &[User], chosen: &str, id: &str) -> String {
    let client = escape(&ask.client.id);
    let accounts = accounts(users, chosen);
    document(
        "Choose an account",
        &format!(
            "<h1>Choose an account</h1><p>to continue to <code>{client}</code></p>{}",
            form(
                PATH,
                id,
                &format!("<fieldset><legend>Account</legend>{accounts}</fieldset>"),
                "Next"
            )
        ),
    )
}

pub(super) fn consent_page(ask: &Ask, user: &User, id: &str) -> String {
    let client = escape(&ask.client.id);
    let account = format!(
        "<p>Account: {} &lt;{}&gt;</p>",
        escape(user.name()),
        escape(&user.email)
    );
    let asked = asked(&ask.query.scope, is_granular(&ask.query.scope));
    document(
        "Access request",
        &format!(
            "<h1><code>{client}</code> wants access to your Google Account</h1>{account}{}",
            form(PATH, id, &asked, "Allow")
        ),
    )
}

/// Where the code of a device is typed in.
pub(super) fn device_page(prefilled: &str, problem: Option<&str>) -> String {
    let problem = problem.map_or_else(String::new, |problem| {
        format!(
            "<p class=\"facts warn\" role=\"alert\">{}</p>",
            escape(problem)
        )
    });
    document(
        "Connect a device",
        &format!(
            "<h1>Connect a device</h1>{problem}<form method=\"post\" action=\"{}\">\
             <label for=\"user_code\">Enter the code displayed on your device</label>\
             <input id=\"user_code\" name=\"user_code\" value=\"{}\" autocomplete=\"off\" \
             autocapitalize=\"characters\" spellcheck=\"false\" size=\"15\" required>\
             <div><button class=\"allow\">Next</button></div></form>",
            device::PAGE,
            escape(prefilled)
        ),
    )
}

pub(super) fn device_consent_page(
    client_id: &str,
    names: &ScopeNames,
    users: &[User],
    id: &str,
) -> String {
    let client = escape(client_id);
    let first = users.first().map_or("", |user| user.email.as_str());
    let content = format!(
        "<fieldset><legend>Account</legend>{}</fieldset>{}",
        accounts(users, first),
        asked(names, is_granular(names))
    );
    document(
        "Access request",
        &format!(
            "<h1><code>{client}</code>, on your device, wants access to your Google Account</h1>{}",
            form(PATH, id, &content, "Allow")
        ),
    )
}

/// What a device's user is told at the end.
pub(super) fn device_done_page(allowed: bool) -> String {
    let words = match allowed {
        true => "You can go back to your device: it has access now.",
        false => "Your device was given no access.",
    };
    document("Device", &format!("<h1>Done</h1><p>{words}</p>"))
}

/// The code of an out-of-band consent; programs read it from the title, as the gdata years had it ([MEM]).
pub(super) fn code_page(code: &str) -> String {
    let code = escape(code);
    document(
        &format!("Success code={code}"),
        &format!(
            "<h1>Copy this code</h1><p><label for=\"code\">Paste it into your application</label></p>\
             <input id=\"code\" readonly size=\"70\" value=\"{code}\">"
        ),
    )
}

/// A form with the page's number and two ways out.
fn form(action: &str, id: &str, content: &str, allow: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"page\" value=\"{}\">{content}\
         <button class=\"allow\" name=\"decision\" value=\"allow\">{allow}</button>\
         <button class=\"deny\" name=\"decision\" value=\"deny\">Cancel</button></form>",
        escape(id)
    )
}

fn accounts(users: &[User], chosen: &str) -> String {
    users
        .iter()
        .map(|user| {
            let checked = if user.email == chosen { " checked" } else { "" };
            format!(
                "<label><input type=\"radio\" name=\"user\" value=\"{email}\"{checked}> \
                 {name} &lt;{email}&gt;</label>",
                email = escape(&user.email),
                name = escape(user.name()),
            )
        })
        .collect()
}

/// The scopes: a list, or a box for each that may be left out.
fn asked(names: &ScopeNames, granular: bool) -> String {
    let shown = |name: &str| {
        let address = escape(name);
        match scopes::in_words(name) {
            Some(words) => format!("{words}<br><code>{address}</code>"),
            None => format!("<code>{address}</code>"),
        }
    };
    let (mut listed, mut boxes) = (String::new(), String::new());
    for name in names.iter() {
        if granular && !scopes::is_for_sign_in(name) {
            boxes.push_str(&format!(
                "<label><input type=\"checkbox\" name=\"scope\" value=\"{}\" checked> {}</label>",
                escape(name),
                shown(name)
            ));
        } else {
            listed.push_str(&format!("<li>{}</li>", shown(name)));
        }
    }
    let mut out = String::new();
    if !listed.is_empty() {
        out.push_str(&format!("<p>It will be able to:</p><ul>{listed}</ul>"));
    }
    if !boxes.is_empty() {
        out.push_str(&format!(
            "<fieldset><legend>Select what it can access</legend>{boxes}</fieldset>"
        ));
    }
    out
}
