//! The one setting changed in a text, which keeps its comments, its order and everything else.

use std::{fs, path::Path};

use toml::de::DeTable;

use super::{Settings, form, place::Fault, text_of};
use crate::{
    error::Error,
    migrate::{disk::refused, dual::run::Override, journal::Lock, replace::replace},
};

const KEY: &str = "override";
/// Some editors begin a text with it.
const MARK: char = '\u{feff}';

impl Settings {
    /// The same text with another setting above the rules: only that value changes, and where there is none, a line at
    /// the beginning is added.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml).
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::dual::{Override, Settings};
    ///
    /// let text = "override = \"none\"   # see the runbook\n[otherwise]\nprefer = \"new\"\n";
    /// let text = Settings::set_override_in(text, Override::Old)?;
    /// assert_eq!(text, "override = \"old\"   # see the runbook\n[otherwise]\nprefer = \"new\"\n");
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn set_override_in(text: &str, setting: Override) -> Result<String, Error> {
        edited(text, setting).map_err(|fault| Error::input("settings", fault.told(text)))
    }

    /// Changes the setting above the rules in a file, and yields the one that was there. A crash leaves the old file or
    /// the new one; permissions stay, and a link stays a link. A lock beside the file keeps two of these apart, so that
    /// each tells what the other left.
    ///
    /// # Errors
    /// As [`read`](Self::read); [`Kind::Input`](crate::Kind::Input) when somebody else changes the file meanwhile,
    /// [`Kind::Refused`](crate::Kind::Refused) while another process keeps the lock, and
    /// [`Kind::Transport`](crate::Kind::Transport) when it cannot be written. The file is then as it was.
    pub fn write_override(path: impl AsRef<Path>, setting: Override) -> Result<Override, Error> {
        let path = path.as_ref();
        // Whoever finds it set already has nothing to write, and needs no lock.
        let before = Self::read(path)?.setting;
        if before == setting {
            return Ok(before);
        }
        let place =
            fs::canonicalize(path).map_err(|cause| refused("settings", "read", path, cause))?;
        let _lock = Lock::take_soon(&place)?;
        let text = text_of(path)?;
        let named = |fault: Fault| {
            let told = format_args!("{}, {}", path.display(), fault.told(&text));
            Error::input("settings", told)
        };
        let before = form::read(&text).map_err(named)?.override_now();
        let changed = edited(&text, setting).map_err(named)?;
        if changed != text {
            replace(&place, text.as_bytes(), changed.as_bytes())?;
        }
        Ok(before)
    }
}

fn edited(text: &str, setting: Override) -> Result<String, Fault> {
    let before = form::read(text)?;
    let value = format!("\"{}\"", setting.word());
    let document = DeTable::parse(text).map_err(|cause| Fault::of(&cause))?;
    let mut all = document.get_ref().iter();
    let known = all.find(|(key, _)| *key.get_ref() == KEY);
    let changed = match known.map(|(_, value)| value.span()) {
        Some(span) => format!(
            "{}{value}{}",
            text.get(..span.start).unwrap_or_default(),
            text.get(span.end..).unwrap_or_default()
        ),
        None => {
            let (mark, rest) = match text.strip_prefix(MARK) {
                Some(rest) => (MARK.to_string(), rest),
                None => (String::new(), text),
            };
            let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            format!("{mark}{KEY} = {value}{end}{rest}")
        }
    };
    // What is written is what was meant, or it is not written.
    let wanted = Settings { setting, ..before };
    match form::read(&changed) {
        Ok(read) if read == wanted => Ok(changed),
        _ => Err(Fault::whole(format!(
            "expected a text in which `{KEY}` can be changed alone"
        ))),
    }
}
