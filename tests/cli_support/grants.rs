//! An emulator with a store of grants beside it, and logins by OAuth 2.0.

use serde_json::Value;

use super::{Running, Waiting, browse, folder, run};

pub(crate) const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";

/// An emulator, and a store for the grants of one test.
pub(crate) struct Place {
    pub(crate) google: Running,
    pub(crate) store: String,
}

impl Place {
    pub(crate) fn new(name: &str, args: &[&str]) -> Self {
        Self {
            google: Running::start(args),
            store: folder(name),
        }
    }

    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        run(&[args, &["--store", &self.store]].concat())
    }

    /// Starts a login that shows a link.
    pub(crate) fn login(&self, args: &[&str]) -> Waiting {
        let origin = self.google.origin();
        let common = ["--emulator", &origin, "--client-id", "app", "--store"];
        Waiting::start(&[&common, &[self.store.as_str()][..], args].concat())
    }

    /// A whole login, by loopback.
    pub(crate) fn logged_in(&self, args: &[&str]) -> (String, String) {
        let login = self.login(args);
        browse(&login.link);
        let (code, out, err) = login.end();
        assert_eq!(code, 0, "{err}");
        (out, err)
    }

    pub(crate) fn accounts(&self) -> Value {
        let (code, out, err) = self.run(&["accounts", "--json"]);
        assert_eq!((code, err.as_str()), (0, ""));
        serde_json::from_str(&out).unwrap()
    }

    pub(crate) fn token(&self) -> String {
        let (code, out, err) = self.run(&["token"]);
        assert_eq!((code, err.as_str()), (0, ""));
        out.trim().to_owned()
    }

    /// The text of the only file of a grant.
    pub(crate) fn kept(&self) -> Value {
        let mut files = std::fs::read_dir(&self.store).unwrap();
        let grant = files.find_map(|entry| {
            let path = entry.unwrap().path();
            (path.extension()? == "json").then_some(path)
        });
        let file: Value =
            serde_json::from_str(&std::fs::read_to_string(grant.unwrap()).unwrap()).unwrap();
        file["grant"].clone()
    }

    pub(crate) fn mine(&self) -> String {
        format!(
            "{}/youtube/v3/channels?part=id&mine=true",
            self.google.origin()
        )
    }
}
