//! What scopes mean, in the words of people.

/// A scope and what it lets a program do. Others are shown by their names.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("openid", "know which account is yours"),
    (
        "email",
        "know which account is yours, and see its e-mail address",
    ),
    ("profile", "see your name and picture"),
    (
        "https://www.googleapis.com/auth/youtube",
        "see and manage your YouTube account",
    ),
    (
        "https://www.googleapis.com/auth/youtube.force-ssl",
        "see, change and delete your YouTube videos, ratings and comments",
    ),
    (
        "https://www.googleapis.com/auth/youtube.readonly",
        "see your YouTube account",
    ),
    (
        "https://www.googleapis.com/auth/youtube.upload",
        "upload videos to your YouTube account",
    ),
    (
        "https://www.googleapis.com/auth/calendar",
        "see and change all your calendars",
    ),
    (
        "https://www.googleapis.com/auth/calendar.readonly",
        "see all your calendars",
    ),
    (
        "https://www.googleapis.com/auth/calendar.events",
        "see and change events in your calendars",
    ),
    (
        "https://www.googleapis.com/auth/calendar.events.readonly",
        "see events in your calendars",
    ),
    (
        "https://www.googleapis.com/auth/contacts",
        "see and change your contacts",
    ),
    (
        "https://www.googleapis.com/auth/contacts.readonly",
        "see your contacts",
    ),
    (
        "https://www.googleapis.com/auth/drive",
        "see, change and delete all your Drive files",
    ),
    (
        "https://www.googleapis.com/auth/drive.file",
        "see and change only the Drive files that you open with it",
    ),
    (
        "https://www.googleapis.com/auth/drive.readonly",
        "see and download all your Drive files",
    ),
    (
        "https://www.googleapis.com/auth/spreadsheets",
        "see and change all your spreadsheets",
    ),
    (
        "https://www.googleapis.com/auth/spreadsheets.readonly",
        "see all your spreadsheets",
    ),
    (
        "https://www.googleapis.com/auth/blogger",
        "see and manage your blogs",
    ),
    (
        "https://www.googleapis.com/auth/blogger.readonly",
        "see your blogs",
    ),
    (
        "https://www.googleapis.com/auth/analytics.readonly",
        "see your Analytics data",
    ),
    (
        "https://www.googleapis.com/auth/webmasters.readonly",
        "see your Search Console data",
    ),
];

/// The words of a scope.
pub(in crate::migrate::campaign) fn of(scope: &str) -> Option<&'static str> {
    let found = WORDS.iter().find(|(name, _)| *name == scope);
    found.map(|(_, words)| *words)
}
