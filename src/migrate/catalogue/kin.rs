//! APIs that live on beside dead ones of the same scope, client class, or code of ClientLogin: which of the two is meant,
//! only a feed tells.

/// Those that live, and those that share something with them.
pub(in crate::migrate) const KIN: &[(&str, &str)] = &[
    ("domain-contacts", "contacts"),
    ("email-audit", "provisioning"),
];

/// Whether an address is a scope that kin share, and no feed of one of them.
pub(in crate::migrate) fn is_shared(address: &str) -> bool {
    let address = address.trim_end_matches('/');
    address.ends_with("/m8/feeds") || address.ends_with("/a/feeds")
}
