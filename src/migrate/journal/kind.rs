//! Which file is whose: its mark in the first bytes, what it is called, and who makes one.

/// What stands in a file, so that one is not taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::migrate) enum FileKind {
    Campaign,
    Retire,
}

const KINDS: &[(FileKind, [u8; 4], &str, &str)] = &[
    (
        FileKind::Campaign,
        *b"camp",
        "a campaign",
        "`gdata-auth migrate upgrade new` makes one",
    ),
    (
        FileKind::Retire,
        *b"reti",
        "a state file of `migrate retire`",
        "`gdata-auth migrate retire watch` makes one",
    ),
];

impl FileKind {
    pub(super) fn mark(self) -> [u8; 4] {
        self.row().1
    }

    /// What it is called, with its article.
    pub(super) fn name(self) -> &'static str {
        self.row().2
    }

    /// Whether what stands in it has to stay with its owner: a campaign holds the key of all links.
    pub(super) fn is_secret(self) -> bool {
        self == Self::Campaign
    }

    /// Who makes one.
    pub(super) fn maker(self) -> &'static str {
        self.row().3
    }

    pub(super) fn of_mark(mark: &[u8]) -> Option<Self> {
        let row = KINDS.iter().find(|row| row.1 == mark);
        row.map(|row| row.0)
    }

    fn row(self) -> &'static (Self, [u8; 4], &'static str, &'static str) {
        let row = KINDS.iter().find(|row| row.0 == self);
        row.unwrap_or(&KINDS[0])
    }
}
