//! Feed prefixes by their host, so that a log of millions of addresses is looked up without an allocation.

use std::collections::HashMap;

use super::Service;

/// Stands for one segment that is a domain.
const DOMAIN: &str = "{domain}";

/// Paths below each host, in the order of the table.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes {
    hosts: HashMap<String, Vec<Prefix>>,
}

#[derive(Clone, Debug)]
struct Prefix {
    /// With a slash at its beginning, or empty for the whole host.
    path: String,
    service: usize,
}

impl Prefixes {
    pub(super) fn new(services: &[Service]) -> Self {
        let mut hosts: HashMap<String, Vec<Prefix>> = HashMap::new();
        for (service, row) in services.iter().enumerate() {
            for feed in row.feeds() {
                let (host, path) = feed.split_at(feed.find('/').unwrap_or(feed.len()));
                let path = path.to_owned();
                let prefix = Prefix { path, service };
                hosts.entry(host.to_owned()).or_default().push(prefix);
            }
        }
        Self { hosts }
    }

    /// The row that the longest prefix of this address belongs to; of two that are as long, the later one.
    ///
    /// # Shape
    /// The host in lower case and without its port; the path without its query.
    pub(super) fn find(&self, host: &str, path: &str) -> Option<usize> {
        let path = path.trim_end_matches('/');
        let mut best: Option<&Prefix> = None;
        for prefix in self.hosts.get(host)? {
            let longer = best.is_none_or(|best| prefix.path.len() >= best.path.len());
            if longer && prefix.takes(path) {
                best = Some(prefix);
            }
        }
        best.map(|prefix| prefix.service)
    }
}

impl Prefix {
    fn takes(&self, path: &str) -> bool {
        if !self.path.contains(DOMAIN) {
            let rest = path.strip_prefix(self.path.as_str());
            return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        }
        let mut given = path.split('/');
        self.path.split('/').all(|segment| {
            given.next().is_some_and(|got| match segment {
                DOMAIN => got.contains('.') && !got.contains(['@', '%']),
                _ => segment == got,
            })
        })
    }
}
