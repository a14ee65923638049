//! What a file as a whole says: whether it speaks to Google, by which library, and of which services.
//!
//! A call site counts as one only beside such evidence (migration.md 1.3): the same header and the same parameters are
//! in use today between readers of feeds and their own servers.

use std::sync::LazyLock;

use regex_automata::meta::Regex;

use super::{apps, bounds, calls, rules::build, view::View};
use crate::migrate::catalogue::{Catalogue, KIN, Service, is_shared};

/// Addresses under which Google offered gdata and its logins.
const HOSTS: &str = r#"(?:(?:www|ssl)\.google\.com|[/"'\x60]google\.com)(?::(?:443|80))?(?:["'\x60\s;)\\]|/["'\x60\s]|/accounts|/calendar/(?:feeds|dav)|/m8|/analytics/feeds|/base/feeds|/health|/h9|/finance/feeds|/webmasters/tools|/books/feeds|/codesearch/feeds|/sidewiki/feeds|/notebook|/reader/|/cloudprint|/voice|/bookmarks|/a/)|\bgdata\.youtube\.com|\bpicasaweb\.google\.com|\bspreadsheets\.google\.com/feeds|\bdocs\.google\.com/feeds|\bsites\.google\.com/feeds|\bblogger\.com/feeds|\bapps-apis\.google\.com|\bgoogle\.com/accounts/|\bbase\.google\.com|\bfinance\.google\.com|\bmaps\.google\.com/maps/feeds|\bAI39si[\w-]{6}"#;

/// Settings of such a login: which service it is for, under a name that says Google.
const SETTINGS: &str = r#"^[ \t"']*[\w.\-]*(?i:google|gdata)[\w.\-]*[._](?i:service)["']?\s*[=:]\s*["']?(?:cl|cp|lh2|wise|writely|youtube|blogger|analytics|sitemaps|apps|jotspot|local|books|print|health|weaver|finance|codesearch|gbase|code|reader|xapi|mail)\b"#;

/// Of these, those that are no login: who logs in for something else has none.
const FEEDS: &str = r"\bgdata\.youtube\.com|\bpicasaweb\.google|\b(?:spreadsheets|docs|sites)\.google\.com/feeds|blogger\.com/feeds|apps-apis\.google|google\.com/(?:[\w/]+/feeds|m8|reader/)";

/// Libraries that spoke the old protocols.
const LIBRARIES: &str = r#"\bgdata\.(?:service|client|auth|gauth|youtube|calendar|contacts|docs|spreadsheets?|photos|blogger|analytics|apps|sites|base|books|health|finance|webmastertools|codesearch|alt|maps|projecthosting|media|acl|data|sample_util|calendar_resource|oauth)\b|\b(?:Zend_Gdata|Zend/Gdata|ZendG[Dd]ata)|\bcom[./]google[./]gdata\b|\bcom\.google\.api\.client\.(?:googleapis|http)\.auth\.(?:authsub|clientlogin)|\bGoogle\.(?:GData|Contacts|YouTube|Documents|AccessControl)\b|\bGData::|\bGData(?:Service|Feed|Entry|Query)\w*|["<]GData/|<gdata/gdata|\bgdata_\w+_(?:service|authorizer)\w*|\b(?:Net|WWW)::Google::\w+|\bGoogleAuthSub\.|googleclientlogin|google\.load\(\s*["']gdata|\bYouTube(?:It|G)\b|\bGoogle(?:Drive|Spreadsheet)\.|\bgspread\b|\brequire ["'](?:gdata|youtube_it|gcalapi)|\bAuthSubUtil\b|\bnew\s+gapi\(|\bgapi(?:ClientLogin|AuthSub|\.class\.php)"#;

/// Calls of the old protocols.
const STRONG: &str = r"AuthSub|ClientLogin|GoogleLogin|OAuthGetRequestToken|OAuthAuthorizeToken|OAuthGetAccessToken|ProgrammaticLogin|client_login|setUserCredentials|\bPasswd\b|gspread\.login|Google(?:Drive|Spreadsheet)\.login\b|clientlogin|authsub|auth_sub|GoogleOAuth(?:Parameters|Helper)|setOAuthCredentials|SetOAuthInputParameters|OAuth(?:HmacSha1|RsaSha1)Signer|GOAuthRequestFactory|TwoLeggedOAuth";

const MESSAGING: &str = "a client of C2DM";

const READER: &str = "the protocol of a Reader server";

/// Servers and services that took its place.
const READERS: &str =
    r"(?i)freshrss|inoreader|theoldreader|bazqux|miniflux|newsblur|feedhq|commafeed";

/// The parameters of ClientLogin; of each row one.
const PARAMETERS: &[&[&str]] = &[
    &["Passwd"],
    &["Email"],
    &["service", "accountType", "SERVICE"],
];

/// Others that speak the same protocol, and what they are.
const OTHERS: &[(&str, &str)] = &[
    (
        r"android\.clients\.google\.com|\bandroidmarket\b",
        "a client of Android's own login",
    ),
    (r"c2dm/send|\bac2dm\b|apis\.google\.com/c2dm", MESSAGING),
    (
        r"google\.com/devicemanagement",
        "Chromium's device management",
    ),
    (r"(?i)\breader/api/0|greader", READER),
    (READERS, READER),
    (
        r"\bRequestHandler\b|\bwebapp2?\.|@\w+\.(?:route|get|post)\(|\b(?:app|router|server|api)\.(?:get|post|all|use)\(|\bHandleFunc\(|\bBaseHTTPRequestHandler\b|\bcreateServer\(|\bRoute::(?:get|post|any)\(|\bweb::(?:post|resource)|\bServletException\b|\bdoPost\(",
        "a server of its own",
    ),
];

/// Words of libraries that name a service.
const MODULES: &str = r#"(?i)(?:gdata[._/](?:client[._])?|Zend_Gdata_|Zend/Gdata/|ZendGData\\|Google\.GData\.|\bGoogle\.|GDataServiceGoogle|GDataFeed|GData::Client::|Net::Google::|WWW::Google::|ServiceNames\.|\bnew\s+)(?P<word>calendar_resource|calendar|contacts?|docs|doclist|documents?|spreadsheets?|photos?|picasaweb|picasa|youtube|blogger|analytics|webmastertools|gapps|apps|appsforyourdomain|sites?|gbase|books?|health|finance|codesearch|maps|projecthosting)(?:[^a-z]|service|client|feed|query|$)|\b(?P<other>gspread|GoogleSpreadsheet|GoogleDrive|YouTubeIt|youtube_it)\b|\b(?:new\s+)?(?-i:(?P<third>gapi(?:ClientLogin|AuthSub|\.class\.php|\()))"#;

/// Paths of feeds whose host stands elsewhere in the file, and that host.
const PATHS: &str = r#"["'\x60}\x20/](?P<word>(?:calendar|m8|analytics|base|webmasters/tools|finance|health|books|a)/feeds/[\w/.-]*|reader/api/0|feeds/api/[a-z]+|data/(?:feed|entry)/(?:api|base)|feeds/(?:worksheets|spreadsheets|cells|default/private))\b"#;
const HOSTS_OF_PATHS: &[(&str, &str)] = &[
    ("feeds/api", "gdata.youtube.com"),
    ("data/", "picasaweb.google.com"),
    ("a/feeds", "apps-apis.google.com"),
    ("feeds/default", "docs.google.com"),
    ("feeds/", "spreadsheets.google.com"),
    ("", "www.google.com"),
];

const WORDS: &[(&str, &str)] = &[
    ("calendar_resource", "calendar-resources"),
    ("calendar", "calendar"),
    ("contact", "contacts"),
    ("doc", "documents"),
    ("spreadsheet", "spreadsheets"),
    ("photo", "photos"),
    ("picasa", "photos"),
    ("youtube", "youtube"),
    ("blogger", "blogger"),
    ("analytics", "analytics"),
    ("webmastertools", "webmasters"),
    ("site", "sites"),
    ("gbase", "base"),
    ("book", "books"),
    ("health", "health"),
    ("finance", "finance"),
    ("codesearch", "codesearch"),
    ("maps", "maps"),
    ("projecthosting", "project-hosting"),
    ("gspread", "spreadsheets"),
    ("googlespreadsheet", "spreadsheets"),
    ("googledrive", "documents"),
    ("gapi", "analytics"),
];

struct Searches {
    hosts: Regex,
    libraries: Regex,
    strong: Regex,
    others: Vec<(Regex, &'static str)>,
    modules: Regex,
    feeds: Regex,
    codes: Regex,
    paths: Regex,
    google_feeds: Regex,
    settings: Regex,
    readers: Regex,
    header: Regex,
}

static SEARCHES: LazyLock<Option<Searches>> = LazyLock::new(|| {
    let others = OTHERS
        .iter()
        .map(|(pattern, what)| Some((build(pattern)?, *what)));
    Some(Searches {
        hosts: build(HOSTS)?,
        libraries: build(LIBRARIES)?,
        strong: build(STRONG)?,
        others: others.collect::<Option<_>>()?,
        modules: build(MODULES)?,
        feeds: build(
            r#"(?:https?(?:://|%3A%2F%2F))?(?:[\w-]+\.)+(?:google|youtube|blogger|googleusercontent)\.com(?:/|%2F)?[^\s"'\x60<>)|]*"#,
        )?,
        codes: build(
            r#"\bservice["']?\]?\s*(?:=>|:=|=|:|,)\s*@?["']?(?P<word>[a-z0-9]{2,12})\b|RequestFactory\(\s*"(?P<other>[a-z0-9]{2,12})""#,
        )?,
        paths: build(PATHS)?,
        google_feeds: build(FEEDS)?,
        settings: build(SETTINGS)?,
        readers: build(READERS)?,
        header: build(r"\bAuthSub\s+token\s*=")?,
    })
});

/// Whether everything that evidence is looked for by can be built.
pub(super) fn is_ready() -> bool {
    SEARCHES.is_some() && apps::is_ready() && calls::is_ready()
}

/// What a file says as a whole.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) google: bool,
    pub(super) library: bool,
    pub(super) strong: bool,
    /// Without an address of Google: the parameters of its ClientLogin, all of them.
    pub(super) parameters: bool,
    /// It logs in to Google, but for C2DM alone, which was never gdata.
    pub(super) messaging: bool,
    pub(super) other: Option<&'static str>,
    services: Vec<(usize, &'static Service)>,
}

impl Evidence {
    /// `whole` is the file with its comments.
    pub(super) fn of(view: &View, whole: &str) -> Self {
        let (Some(searches), text) = (&*SEARCHES, view.text()) else {
            return Self::default();
        };
        let other = searches
            .others
            .iter()
            .find(|(regex, _)| regex.is_match(text));
        let mut evidence = Self {
            google: searches.hosts.is_match(text) || searches.settings.is_match(text),
            messaging: false,
            library: searches.libraries.is_match(text),
            strong: searches.strong.is_match(text),
            parameters: false,
            other: other.map(|(_, what)| *what),
            services: Vec::new(),
        };
        // Nobody else ever asked for this header, so it names Google, unless the file is the one that answers.
        evidence.google |= evidence.other.is_none() && searches.header.is_match(text);
        if evidence.other == Some(MESSAGING) && !evidence.library {
            evidence.messaging = !searches.google_feeds.is_match(text);
            evidence.google &= !evidence.messaging;
        }
        if !evidence.speaks_to_google() {
            evidence.parameters = PARAMETERS.iter().all(|words| {
                let mut words = words.iter();
                words.any(|word| text.contains(word))
            });
            // Who writes such a client says for which servers, if only in a comment.
            let named = || searches.readers.is_match(whole);
            if evidence.other.is_none() && named() {
                evidence.other = Some(READER);
            }
        }
        evidence.find_services(searches, text);
        evidence
    }

    /// Whether the file speaks to Google at all.
    pub(super) fn speaks_to_google(&self) -> bool {
        self.google || self.library
    }

    fn find_services(&mut self, searches: &Searches, text: &str) {
        let Ok(catalogue) = Catalogue::built_in() else {
            return;
        };
        // Feeds that stand there in full, by the ids of their services.
        let mut named: Vec<&str> = Vec::new();
        let mut spans = Vec::new();
        for hit in searches.feeds.find_iter(text).take(MOST) {
            spans.push(hit.range());
            let address = text
                .get(hit.range())
                .unwrap_or_default()
                .replace("%3A", ":")
                .replace("%2F", "/");
            let address = of_domain(&address, text, hit.end()).unwrap_or(address);
            if !address.contains("/schemas/")
                && let Ok(service) = catalogue.by_feed(&address)
            {
                self.services.push((hit.start(), service));
                if !is_shared(&address) {
                    named.push(service.id());
                }
            }
        }
        for captures in searches.paths.captures_iter(text).take(MOST) {
            let Some(span) = captures.get_group_by_name("word") else {
                continue;
            };
            let at = spans.partition_point(|known| known.end <= span.start);
            if spans.get(at).is_some_and(|known| known.start <= span.start) {
                continue;
            }
            let path = text.get(span.range()).unwrap_or_default();
            let path = path.trim_end_matches('/');
            let host = HOSTS_OF_PATHS
                .iter()
                .find(|(start, _)| path.starts_with(start));
            let address = format!("https://{}/{path}/", host.map_or("", |(_, host)| host));
            if let Ok(service) = catalogue.by_feed(&address) {
                self.services.push((span.start, service));
                if !is_shared(&address) {
                    named.push(service.id());
                }
            }
        }
        let apps = apps::find(text);
        let mut told = named.clone();
        for (span, id) in &apps {
            told.push(id);
            let service = catalogue.service(id);
            self.services
                .extend(service.map(|service| (span.start, service)));
        }
        for (regex, names) in [(&searches.codes, false), (&searches.modules, true)] {
            for captures in regex.captures_iter(text).take(MOST) {
                let word = captures
                    .get_group_by_name("word")
                    .or(captures.get_group_by_name("other"))
                    .or(captures.get_group_by_name("third"));
                let Some(span) = word else { continue };
                // What says more stands there already.
                if apps.iter().any(|(all, _)| all.contains(&span.start)) {
                    continue;
                }
                let word = text.get(span.range()).unwrap_or_default();
                let service = match names {
                    true if is_apps(word) => one_of_code(catalogue, "apps", &told),
                    true => by_word(catalogue, word),
                    false => one_of_code(catalogue, word, &told),
                };
                self.services
                    .extend(service.map(|service| (span.start, service)));
            }
        }
        for (living, dead) in KIN {
            if named.contains(living)
                && !named.contains(dead)
                && let Some(service) = catalogue.service(living)
            {
                let meant = self
                    .services
                    .iter_mut()
                    .filter(|(_, own)| own.id() == *dead);
                meant.for_each(|(_, own)| *own = service);
            }
        }
        self.services.sort_by_key(|(at, _)| *at);
    }

    /// The service that is named in a stretch, or else nearest to it.
    pub(super) fn service_at(&self, start: usize, end: usize) -> Option<&'static Service> {
        let distance = |at: usize| match at {
            at if at < start => start - at,
            at if at > end => at - end,
            _ => 0,
        };
        let near = self.services.iter().min_by_key(|(at, _)| distance(*at));
        let (at, service) = near?;
        // A table of many services says nothing about what is far from it.
        let far = distance(*at) > NEAR && self.names_many();
        (!far).then_some(*service)
    }

    /// The first of these services, by their ids, that the file names.
    pub(super) fn one_of(&self, ids: &[&str]) -> Option<&'static Service> {
        let mut own = self.services.iter().map(|(_, service)| *service);
        own.find(|service| ids.contains(&service.id()))
    }

    fn names_many(&self) -> bool {
        let mut ids: Vec<&str> = self
            .services
            .iter()
            .map(|(_, service)| service.id())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len() > MANY
    }
}

/// The address of a feed of a domain, where the domain is put into it: `…/contacts/%s/full' % domain`.
fn of_domain(address: &str, text: &str, end: usize) -> Option<String> {
    let before = ["/m8/feeds/contacts/", "/m8/feeds/gal/"];
    let (start, path) = before.iter().find_map(|path| {
        let start = address.find(path)? + path.len();
        Some((start, address.get(start..)?))
    })?;
    let put_in = path.is_empty() || path.starts_with(['%', '{', '$', '#']);
    let to = bounds::floor(text, end.saturating_add(LINE).min(text.len()));
    let rest = text.get(end..to)?.lines().next()?;
    let named = [path, rest]
        .iter()
        .any(|part| part.to_ascii_lowercase().contains("domain"));
    (put_in && named).then(|| format!("{}example.com/full", &address[..start]))
}

/// How much of a line is looked at behind an address.
const LINE: usize = 80;

/// How many bytes away a service may be named in a file that names many.
const NEAR: usize = 1_000;
const MANY: usize = 3;

/// The most services of one file that are looked at.
const MOST: usize = 2_000;

fn by_word(catalogue: &'static Catalogue, word: &str) -> Option<&'static Service> {
    let word = word.to_ascii_lowercase();
    let row = WORDS.iter().find(|(start, _)| word.starts_with(start));
    catalogue.service(row?.1)
}

/// Whether a word names the package of all APIs of Google Apps.
fn is_apps(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["apps", "gapps"]
        .iter()
        .any(|begin| word.starts_with(begin))
}

/// The service of a code. Where several share it: the one whose feeds are dead, since that is the usual case, unless the
/// file tells another of them and not this one.
fn one_of_code(
    catalogue: &'static Catalogue,
    code: &str,
    told: &[&str],
) -> Option<&'static Service> {
    let rows = catalogue.by_service(code).ok()?;
    let usual = match code {
        "cp" => catalogue.service("contacts"),
        "apps" => catalogue.service("provisioning"),
        _ => rows.first().copied(),
    };
    match usual {
        Some(usual) if told.contains(&usual.id()) => Some(usual),
        _ => {
            let mut rows = rows.into_iter();
            rows.find(|row| told.contains(&row.id())).or(usual)
        }
    }
}
