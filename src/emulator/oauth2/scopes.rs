//! Scopes as Google's OAuth 2.0 treats them: what is for signing in, and what they are called in answers and on pages.

use crate::scope::{ScopeNames, canonical};

const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
const PROFILE: &str = "https://www.googleapis.com/auth/userinfo.profile";
const OPENID: &str = "openid";

/// Scopes in words; texts of our own.
const IN_WORDS: &[(&str, &str)] = &[
    (OPENID, "Know who you are at Google"),
    (EMAIL, "See your email address"),
    (PROFILE, "See your name and picture"),
    (
        "https://www.googleapis.com/auth/youtube",
        "YouTube: see and manage your account",
    ),
    (
        "https://www.googleapis.com/auth/youtube.force-ssl",
        "YouTube: see, change and delete your videos, ratings, comments and captions",
    ),
    (
        "https://www.googleapis.com/auth/youtube.readonly",
        "YouTube: see your account",
    ),
    (
        "https://www.googleapis.com/auth/youtube.upload",
        "YouTube: upload and manage your videos",
    ),
    (
        "https://www.googleapis.com/auth/calendar",
        "Google Calendar: see, share and delete all your calendars",
    ),
    (
        "https://www.googleapis.com/auth/calendar.readonly",
        "Google Calendar: see your calendars",
    ),
    (
        "https://www.googleapis.com/auth/contacts",
        "Google Contacts: see, change and delete your contacts",
    ),
    (
        "https://www.googleapis.com/auth/drive",
        "Google Drive: see, change and delete all your files",
    ),
    (
        "https://www.googleapis.com/auth/drive.file",
        "Google Drive: see and change the files that you use with this application",
    ),
    (
        "https://www.googleapis.com/auth/spreadsheets",
        "Google Sheets: see, change and delete your spreadsheets",
    ),
];

/// What a scope lets an application do, in words.
pub(super) fn in_words(name: &str) -> Option<&'static str> {
    let name = canonical(name);
    IN_WORDS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, words)| *words)
        .or_else(|| crate::emulator::consent::in_words(name))
}

/// Whether a scope only tells who the user is; granular consent does not ask for it.
pub(super) fn is_for_sign_in(name: &str) -> bool {
    [OPENID, EMAIL, PROFILE].contains(&canonical(name))
}

pub(super) fn are_for_sign_in(names: &ScopeNames) -> bool {
    names.iter().all(is_for_sign_in)
}

/// The scopes by Google's names for them, with `openid` where the address or the profile is asked for
/// (oauth2.md 5.2).
pub(super) fn as_google_calls_them(names: &ScopeNames) -> ScopeNames {
    let mut called: Vec<&str> = Vec::new();
    for name in names.iter().map(canonical) {
        if !called.contains(&name) {
            called.push(name);
        }
    }
    if called.iter().any(|name| [EMAIL, PROFILE].contains(name)) && !called.contains(&OPENID) {
        called.push(OPENID);
    }
    called.into_iter().collect()
}

pub(super) fn show_email(names: &ScopeNames) -> bool {
    names.cover(EMAIL)
}

pub(super) fn show_profile(names: &ScopeNames) -> bool {
    names.cover(PROFILE)
}

/// Whether they tell who the user is at all.
pub(super) fn show_subject(names: &ScopeNames) -> bool {
    names.iter().any(is_for_sign_in)
}
