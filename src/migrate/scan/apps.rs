//! Which of the APIs of Google Apps a file speaks to: they share a package, a client class and a code of ClientLogin.
//!
//! `gdata.apps`, `Google.GData.Apps` and `service=apps` alone say nothing yet; a module below them does, or a class.

use std::{ops::Range, sync::LazyLock};

use regex_automata::meta::Regex;

use super::rules::build;

/// What the libraries of Python, Java and .NET call the package.
const PACKAGES: &str = r"\bgdata[._/](?:client[._/])?apps\b|\bappsforyourdomain\b|\bGData\.Apps\b|\bcalendar_resource\b";

/// Modules below it, as they begin, in lower case; and the row of the catalogue.
const MODULES: &[(&str, &str)] = &[
    ("audit", "email-audit"),
    ("adminsettings", "admin-settings"),
    ("emailsettings", "email-settings"),
    ("gmailsettings", "email-settings"),
    ("googlemailsettings", "email-settings"),
    ("migration", "email-migration"),
    ("calendarresource", "calendar-resources"),
    ("calendar_resource", "calendar-resources"),
    ("groups", "provisioning"),
    ("multidomain", "provisioning"),
    ("organization", "provisioning"),
    ("provisioning", "provisioning"),
];

/// Classes, which count in a file that names the package.
const CLASSES: &[(&str, &str)] = &[
    ("AuditService", "email-audit"),
    ("AdminSettingsService", "admin-settings"),
    ("EmailSettingsClient", "email-settings"),
    ("EmailSettingsService", "email-settings"),
    ("GmailSettingsService", "email-settings"),
    ("GoogleMailSettingsService", "email-settings"),
    ("MailItemService", "email-migration"),
    ("MigrationService", "email-migration"),
    ("CalendarResourceClient", "calendar-resources"),
    ("CalendarResourceService", "calendar-resources"),
    ("AppsClient", "provisioning"),
    ("AppsForYourDomainService", "provisioning"),
    ("AppsGroupsService", "provisioning"),
    ("AppsService", "provisioning"),
    ("EmailListRecipientService", "provisioning"),
    ("EmailListService", "provisioning"),
    ("GroupsProvisioningClient", "provisioning"),
    ("GroupsService", "provisioning"),
    ("MultiDomainManagementService", "provisioning"),
    ("MultiDomainProvisioningClient", "provisioning"),
    ("NicknameService", "provisioning"),
    ("OrganizationService", "provisioning"),
    ("OrganizationUnitProvisioningClient", "provisioning"),
    ("UserService", "provisioning"),
];

struct Searches {
    packages: Regex,
    names: Regex,
}

static SEARCHES: LazyLock<Option<Searches>> = LazyLock::new(|| {
    Some(Searches {
        packages: build(PACKAGES)?,
        names: build(
            r"(?:\bgdata[._/](?:client[._/])?apps|\bappsforyourdomain|\bGData\.Apps)(?:[ \t]+import[ \t]+|[._/])(?P<module>\w+)|\bgdata[._/](?P<whole>calendar_resource)\b|\b(?P<class>[A-Z]\w*(?:Service|Client))\b",
        )?,
    })
});

/// Whether what this file looks for can be built.
pub(super) fn is_ready() -> bool {
    SEARCHES.is_some()
}

/// Where a text names one of them, and which: the id of its row.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let Some(searches) = &*SEARCHES else {
        return Vec::new();
    };
    if !searches.packages.is_match(text) {
        return Vec::new();
    }
    let hits = searches.names.captures_iter(text).filter_map(|captures| {
        let all = captures.get_match()?;
        let name = ["module", "whole", "class"]
            .into_iter()
            .find_map(|group| captures.get_group_by_name(group))?;
        Some((all.range(), row(text.get(name.range())?)?))
    });
    hits.take(MOST).collect()
}

/// The most places of one file.
const MOST: usize = 2_000;

fn row(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let module = MODULES.iter().find(|(begin, _)| lower.starts_with(begin));
    let class = CLASSES.iter().find(|(class, _)| *class == name);
    class.or(module).map(|(_, id)| *id)
}
