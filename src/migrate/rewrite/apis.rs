//! Which API a client class of the gdata libraries speaks to, and whether it still answers.
//!
//! Source: migration.md 2.4, whose dates are those of the status page it cites.

/// What became of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It answers to OAuth 2.0.
    Alive,
    /// It answers if the feed is one of Domain Shared Contacts, else not.
    SharedContacts,
    /// It answers if the feed is one of Email Audit, else not.
    Audit,
    /// It is switched off; this took its place.
    Dead(&'static str),
}

/// A client class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Api {
    /// The names that its class has in Python, Java and .NET.
    pub classes: &'static [&'static str],
    /// ClientLogin's code of the service.
    pub service: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What became of it.
    pub state: State,
}

const fn dead(
    classes: &'static [&'static str],
    service: &'static str,
    name: &'static str,
    successor: &'static str,
) -> Api {
    Api {
        classes,
        service,
        name,
        state: State::Dead(successor),
    }
}

/// All client classes that are known.
pub const APIS: &[Api] = &[
    Api {
        classes: &["AuditService"],
        service: "apps",
        name: "Email Audit",
        state: State::Alive,
    },
    Api {
        classes: &["ContactsClient", "ContactsService", "ContactsRequest"],
        service: "cp",
        name: "Contacts",
        state: State::SharedContacts,
    },
    Api {
        classes: &[
            "AppsForYourDomainService",
            "AppsPropertyService",
            "AppsService",
            "PropertyService",
            "AppsClient",
        ],
        service: "apps",
        name: "Apps Provisioning",
        state: State::Audit,
    },
    dead(
        &["CalendarService", "CalendarClient"],
        "cl",
        "Calendar v2",
        "Calendar v3",
    ),
    dead(
        &["YouTubeService", "YouTubeClient", "YouTubeRequest"],
        "youtube",
        "YouTube v2",
        "YouTube Data v3",
    ),
    dead(
        &[
            "DocsService",
            "DocsClient",
            "DocumentsService",
            "DocumentsRequest",
        ],
        "writely",
        "Documents List",
        "Drive v3",
    ),
    dead(
        &[
            "SpreadsheetsService",
            "SpreadsheetsClient",
            "SpreadsheetService",
        ],
        "wise",
        "Spreadsheets v3",
        "Sheets v4",
    ),
    dead(
        &[
            "PhotosService",
            "PicasawebService",
            "PicasaService",
            "PicasaRequest",
            "PhotosClient",
        ],
        "lh2",
        "Picasa Web",
        "the Photos Picker",
    ),
    dead(
        &["BloggerService", "BloggerClient"],
        "blogger",
        "Blogger v2",
        "Blogger v3",
    ),
    dead(
        &[
            "AnalyticsDataService",
            "AnalyticsService",
            "AnalyticsClient",
            "AccountFeedService",
        ],
        "analytics",
        "Analytics Data Export",
        "the GA4 Data API",
    ),
    dead(
        &[
            "GWebmasterToolsService",
            "WebmasterToolsService",
            "WebmasterToolsClient",
        ],
        "sitemaps",
        "Webmaster Tools",
        "Search Console",
    ),
    dead(
        &["SitesClient", "SitesService"],
        "jotspot",
        "classic Sites",
        "nothing",
    ),
    dead(
        &["GBaseService", "GoogleBaseService"],
        "gbase",
        "Base",
        "the Merchant API",
    ),
    dead(
        &["HealthService", "H9Service"],
        "health",
        "Health",
        "nothing",
    ),
    dead(
        &["FinanceService"],
        "finance",
        "Finance Portfolio",
        "nothing",
    ),
    dead(
        &["BookService", "BooksService"],
        "print",
        "Book Search",
        "Books v1",
    ),
    dead(
        &["CodesearchService"],
        "codesearch",
        "Code Search",
        "nothing",
    ),
    dead(
        &["ProjectHostingService", "ProjectHostingClient"],
        "code",
        "Project Hosting",
        "nothing",
    ),
    dead(
        &[
            "GroupsService",
            "EmailSettingsService",
            "EmailSettingsClient",
            "MultiDomainProvisioningClient",
            "OrganizationService",
            "AdminSettingsService",
            "CalendarResourceClient",
            "MigrationService",
            "UserService",
        ],
        "apps",
        "Apps administration",
        "the Admin SDK and Gmail APIs",
    ),
];

/// The API of a class.
#[must_use]
pub fn of_class(class: &str) -> Option<&'static Api> {
    APIS.iter().find(|api| api.classes.contains(&class))
}

/// The APIs of a service's code.
pub(super) fn of_service(service: &str) -> Option<&'static Api> {
    let alive = |api: &&Api| api.service == service && api.state != State::Alive;
    APIS.iter().find(alive)
}

/// Whether the feeds that a source names prove that the API is one of those that answer.
///
/// # Errors
/// Why not, in a sentence.
pub(super) fn answers(api: &Api, texts: &[String]) -> Result<(), String> {
    let domain_feed = |text: &String| {
        text.split_once("/m8/feeds/contacts/")
            .is_some_and(|(_, rest)| {
                let owner = rest.split('/').next().unwrap_or_default();
                owner != "default" && !owner.contains(['@', '%']) && owner.contains('.')
            })
    };
    match api.state {
        State::Alive => Ok(()),
        State::SharedContacts if texts.iter().any(domain_feed) => Ok(()),
        State::Audit if texts.iter().any(|text| text.contains("/feeds/compliance/audit")) => Ok(()),
        State::SharedContacts => Err(
            "a user's contacts are switched off (People v1 took their place), and nothing in this file proves that these are \
             the shared contacts of a domain, which answer: expected a feed such as /m8/feeds/contacts/example.com/full"
                .to_owned(),
        ),
        State::Audit => Err(
            "the Apps APIs are switched off (the Admin SDK took their place), and nothing in this file proves that this is \
             Email Audit, which answers: expected a feed under /a/feeds/compliance/audit"
                .to_owned(),
        ),
        State::Dead(successor) => Err(format!(
            "{} is switched off, so another credential does not help: port to {successor}",
            api.name
        )),
    }
}
