//! A campaign against the emulator, and a user with a browser, without a socket.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use gdata_auth::{
    Transport,
    emulator::Emulator,
    migrate::campaign::{Campaign, InvitationPage, Invitee, Settings, State},
    oauth2::Client,
    scope::ScopeNames,
    store::MemoryStore,
};

use super::oauth2::{BACK, DESKTOP, PAGE, YOUTUBE_V3, page_number, post};
use super::world::{Counted, World, text};

pub const ANN: &str = "ann@example.com";
pub const READONLY: &str = "https://www.googleapis.com/auth/youtube.readonly";

/// A page, and what it needs.
pub struct Stage {
    pub world: World,
    pub page: InvitationPage,
    pub store: Arc<MemoryStore>,
    pub path: PathBuf,
    pub events: Arc<Mutex<Vec<String>>>,
}

/// A file of this name, where none is yet. Names differ between tests.
pub fn place(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    for ending in ["", ".lock", ".new"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    path
}

pub fn app() -> Client {
    let app = Client::installed(DESKTOP).unwrap();
    app.with_secret("desk").unwrap()
}

pub fn settings() -> Settings {
    let scopes = ScopeNames::parse(&format!("{YOUTUBE_V3} {READONLY}")).unwrap();
    Settings::new("Tide <Videos>", &app(), &scopes, BACK.trim_end_matches('/'))
        .unwrap()
        .with_reason("It shows your uploads beside the tide tables.")
        .unwrap()
}

pub fn campaign(name: &str) -> Campaign {
    Campaign::create(&place(name), &settings(), &Counted::default()).unwrap()
}

pub fn invitees(emails: &[&str]) -> Vec<Invitee> {
    let new = |email: &&str| Invitee::new(*email).unwrap();
    emails.iter().map(new).collect()
}

impl Stage {
    pub fn new(name: &str, world: World, emails: &[&str]) -> Self {
        let mut campaign = campaign(name);
        campaign.add(invitees(emails), world.now()).unwrap();
        Self::on(world, campaign, Arc::default())
    }

    pub fn on(world: World, campaign: Campaign, store: Arc<MemoryStore>) -> Self {
        let path = campaign.path().to_owned();
        let events: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = events.clone();
        let page = InvitationPage::new(campaign, app(), store.clone(), world.google.clone())
            .unwrap()
            .pinned(world.clock(), Arc::new(Counted::default()))
            .observed(move |event| heard.lock().unwrap().push(event.to_string()));
        Self {
            world,
            page,
            store,
            path,
            events,
        }
    }

    pub fn link(&self, email: &str) -> String {
        let campaign = self.page.campaign();
        let member = campaign.find(email).unwrap().unwrap();
        campaign.link(&member).unwrap()
    }

    pub fn state(&self, email: &str) -> State {
        let member = self.page.campaign().find(email).unwrap().unwrap();
        member.standing.at(self.world.now())
    }

    pub fn note(&self, email: &str) -> String {
        let member = self.page.campaign().find(email).unwrap().unwrap();
        member.standing.note
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser {
            page: &self.page,
            google: &self.world.google,
            cookie: None,
        }
    }

    pub fn events(&self) -> String {
        self.events.lock().unwrap().join("\n")
    }
}

/// A browser with one cookie, on the page and on the emulator.
pub struct Browser<'s> {
    page: &'s InvitationPage,
    google: &'s Emulator,
    pub cookie: Option<String>,
}

impl Browser<'_> {
    pub async fn send(&mut self, mut request: http::Request<Bytes>) -> http::Response<Bytes> {
        if let Some(cookie) = &self.cookie {
            let value = cookie.parse().unwrap();
            request.headers_mut().insert("cookie", value);
        }
        let answer = self.page.send(request).await.unwrap();
        if let Some(set) = answer.headers().get("set-cookie") {
            let set = set.to_str().unwrap();
            self.cookie = Some(set.split(';').next().unwrap().to_owned());
        }
        answer
    }

    pub async fn get(&mut self, address: &str) -> http::Response<Bytes> {
        let request = http::Request::get(address).body(Bytes::new()).unwrap();
        self.send(request).await
    }

    /// Presses a button of the page: where it leads.
    pub async fn press(&mut self, path: &str) -> http::Response<Bytes> {
        let request = http::Request::post(format!("{}{path}", BACK.trim_end_matches('/')))
            .header("origin", BACK.trim_end_matches('/'))
            .header("sec-fetch-site", "same-origin")
            .body(Bytes::new())
            .unwrap();
        self.send(request).await
    }

    /// Opens the link, and goes to the server: its link.
    pub async fn go(&mut self, link: &str) -> String {
        let shown = self.get(link).await;
        assert_eq!(shown.status(), 200, "{}", text(&shown));
        to(&self.press("/start").await)
    }

    /// Comes back, and reads what the page says.
    pub async fn back(&mut self, address: &str) -> String {
        let answer = self.get(address).await;
        let result = to(&answer);
        assert!(result.ends_with("/result"), "{result}");
        text(&self.get(&result).await)
    }

    /// Follows an emulator that allows or denies at once.
    pub async fn consent(&mut self, link: &str) -> String {
        let asked = self.go(link).await;
        let back = self.google.browse(&asked).unwrap();
        self.back(&back).await
    }

    /// On an emulator that asks: signs in as [`ANN`] where the account is asked for, ticks these scopes, and presses
    /// `allow` or `deny`.
    pub async fn decide(&mut self, link: &str, ticked: &[&str], decision: &str) -> String {
        let asked = self.go(link).await;
        let mut shown = self.google.send(super::world::get(&asked)).await.unwrap();
        if text(&shown).contains("name=\"user\"") {
            let form = format!(
                "page={}&decision=allow&user={}",
                page_number(&text(&shown)),
                ANN.replace('@', "%40")
            );
            shown = self.google.send(post(PAGE, &form)).await.unwrap();
        }
        let mut form = format!("page={}&decision={decision}", page_number(&text(&shown)));
        for scope in ticked {
            form.push_str(&format!(
                "&scope={}",
                scope.replace(':', "%3A").replace('/', "%2F")
            ));
        }
        let answer = self.google.send(post(PAGE, &form)).await.unwrap();
        let back = super::oauth2::location(&answer);
        self.back(&back).await
    }
}

pub fn to(answer: &http::Response<Bytes>) -> String {
    assert_eq!(answer.status(), 303, "{}", text(answer));
    answer.headers()["location"].to_str().unwrap().to_owned()
}
