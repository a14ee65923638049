//! A dual run as one file, which a running program takes over when it changes.
//!
//! ```toml
//! override = "none"                # the one setting above all rules: none, old (rolled back), new
//! count = ["https://www.google.com/calendar/feeds/"]
//!
//! [compare]
//! ignore = ["/feed/entry[*]/id"]
//! pair = [{ old = "/feed/entry[*]/title", new = "/items/*/snippet/title" }]
//! without_values = true
//!
//! [[rule]]                         # the first that fits decides
//! feed = "https://www.google.com/m8/feeds/"
//! users = ["ann@example.com"]
//! percent = 10
//! prefer = "new"
//! fall_back = "when-refused"       # never, when-refused, when-refused-or-unreachable
//! shadow = true
//!
//! [otherwise]                      # last, so that half a file is no file
//! prefer = "old"
//! ```
//!
//! | file | what it does |
//! |---|---|
//! | `form` | the tables and keys, and what may stand in them |
//! | `place` | where in the text something stands: line, table, key |
//! | `edit` | the one setting changed in a text that keeps everything else |
//! | `template` | a first file, out of a plan |
//! | `watch` | the file looked at again |

mod edit;
mod form;
mod place;
mod template;
mod watch;

use std::{fs, io::Read, path::Path};

pub use self::watch::SettingsFile;

use super::{compare::Compare, rules::Rules, run::Override};
use crate::{error::Error, migrate::disk::refused};

/// What a dual run goes by.
///
/// # Shape
/// TOML of at most [`MAX_BYTES`](Self::MAX_BYTES). `[otherwise]` has to be there; a key that is unknown is refused.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::dual::{DualRun, Override, Settings, Side};
///
/// let settings = Settings::from_toml(r#"
///     override = "old"
///     [[rule]]
///     feed = "https://www.google.com/m8/feeds/"
///     percent = 10
///     prefer = "new"
///     fall_back = "when-refused"
///     [otherwise]
///     prefer = "old"
/// "#)?;
/// let run = DualRun::from_settings(&settings);
/// assert_eq!(run.override_now(), Override::Old);
///
/// let error = Settings::from_toml("[otherwise]\nprefer = \"both\"\n").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "settings: line 2, [otherwise], prefer: unknown variant `both`, expected `new` or `old`"
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    setting: Override,
    rules: Rules,
    compare: Compare,
    count: Vec<String>,
}

impl Settings {
    /// The most bytes of a file.
    pub const MAX_BYTES: usize = 1 << 20;
    /// The most fields that are passed over, and the most pairs.
    pub const MAX_FIELDS: usize = 200;

    /// Reads settings.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `settings`, the line, the table and the key.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        form::read(text).map_err(|fault| Error::input("settings", fault.told(text)))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), naming the file too; and when there is none, it is no file, or larger than
    /// [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = text_of(path)?;
        form::read(&text).map_err(|fault| {
            let told = format_args!("{}, {}", path.display(), fault.told(&text));
            Error::input("settings", told)
        })
    }

    /// What stands above the rules.
    #[must_use]
    pub fn override_now(&self) -> Override {
        self.setting
    }

    /// The rules, and what holds where none fits.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What is compared.
    #[must_use]
    pub fn compare(&self) -> &Compare {
        &self.compare
    }

    /// The feeds that are counted: those of the rules, and those of `count`.
    pub fn feeds(&self) -> impl Iterator<Item = &str> {
        let named = self.count.iter().map(String::as_str);
        self.rules.feeds().chain(named)
    }
}

/// The text of a file that is one, and not too large: a pipe would wait for somebody to write.
fn text_of(path: &Path) -> Result<String, Error> {
    let wrong = |problem: String| Error::input("settings", problem);
    let cannot = |cause: std::io::Error| refused("settings", "read", path, cause);
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        let problem = format!("expected a file at {}, got something else", path.display());
        return Err(wrong(problem));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(cannot)?;
    let most = Settings::MAX_BYTES as u64 + 1;
    file.take(most).read_to_end(&mut bytes).map_err(cannot)?;
    String::from_utf8(bytes)
        .map_err(|_| wrong(format!("expected text in UTF-8 in {}", path.display())))
}
