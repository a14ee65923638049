//! The XML namespaces of gdata, and the prefixes that Google wrote for them.
//!
//! Readers go by the address alone; prefixes matter only when a document is printed.
//!
//! # Source
//! The root elements of the recorded replies that legacy-protocol.md 2 is drawn from.

/// Atom (RFC 4287).
pub const ATOM: &str = "http://www.w3.org/2005/Atom";
/// The Atom publishing protocol (RFC 5023).
pub const APP: &str = "http://www.w3.org/2007/app";
/// What all gdata services share, the `<errors>` document included.
pub const GD: &str = "http://schemas.google.com/g/2005";
/// Batch operations and their outcomes.
pub const BATCH: &str = "http://schemas.google.com/gdata/batch";
/// Calendar.
pub const CALENDAR: &str = "http://schemas.google.com/gCal/2005";
/// Access rules.
pub const ACCESS: &str = "http://schemas.google.com/acl/2007";
/// Contacts.
pub const CONTACT: &str = "http://schemas.google.com/contact/2008";
/// Documents list.
pub const DOCS: &str = "http://schemas.google.com/docs/2007";
/// Picasa Web Albums.
pub const PHOTOS: &str = "http://schemas.google.com/photos/2007";
/// YouTube.
pub const YOUTUBE: &str = "http://gdata.youtube.com/schemas/2007";
/// Media RSS.
pub const MEDIA: &str = "http://search.yahoo.com/mrss/";
/// GeoRSS.
pub const GEORSS: &str = "http://www.georss.org/georss";
/// GML, inside GeoRSS.
pub const GML: &str = "http://www.opengis.net/gml";
/// OpenSearch 1.1, of `GData-Version: 2` and later.
pub const OPENSEARCH: &str = "http://a9.com/-/spec/opensearch/1.1/";
/// OpenSearch 1.0, of `GData-Version: 1`.
pub const OPENSEARCH_1_0: &str = "http://a9.com/-/spec/opensearchrss/1.0/";
/// XHTML, inside text constructs.
pub const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// `xml:lang` and its like; bound to the prefix `xml` without a declaration.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Which prefix a namespace is printed with; all others become `ns1`, `ns2`, ….
pub const PREFIXES: &[(&str, &str)] = &[
    ("atom", ATOM),
    ("app", APP),
    ("gd", GD),
    ("batch", BATCH),
    ("gCal", CALENDAR),
    ("gAcl", ACCESS),
    ("gContact", CONTACT),
    ("docs", DOCS),
    ("gphoto", PHOTOS),
    ("yt", YOUTUBE),
    ("media", MEDIA),
    ("georss", GEORSS),
    ("gml", GML),
    ("openSearch", OPENSEARCH),
    ("openSearchRss", OPENSEARCH_1_0),
    ("xhtml", XHTML),
    ("xml", XML),
];
