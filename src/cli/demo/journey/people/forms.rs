//! Pages fetched and forms sent as a browser sends them, for machines without one. It knows as much HTML as the pages of
//! this crate have.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response, header};

use crate::{
    cli::demo::{
        browser::{between, post},
        stage::{Stage, Wire},
    },
    error::Error,
    transport::{Reqwest, Transport},
    wire::{origin::Origin, query::Pairs},
};

/// The most redirects that are followed in a row.
const MAX_REDIRECTS: usize = 10;

pub(in crate::cli::demo::journey) struct Forms {
    /// To the emulator, where the story shows what goes over.
    wire: Wire,
    emulator: String,
    elsewhere: Reqwest,
    cookies: BTreeMap<String, String>,
    /// Where the shown page is from.
    origin: String,
    shown: String,
}

impl Forms {
    pub(super) fn new(stage: &Stage) -> Result<Self, Error> {
        Ok(Self {
            wire: stage.wire.clone(),
            emulator: stage.origin.clone(),
            elsewhere: Reqwest::new()?,
            cookies: BTreeMap::new(),
            origin: String::new(),
            shown: String::new(),
        })
    }

    pub(super) async fn open(&mut self, address: &str) -> Result<(), Error> {
        let request = crate::cli::demo::browser::get(address)?;
        self.follow(address.to_owned(), request).await
    }

    pub(super) async fn press(&mut self, words: &str) -> Result<(), Error> {
        let missing = || {
            Error::reply(
                "page",
                format_args!("expected a button {words:?}, got none"),
            )
        };
        let end = format!(">{words}</button>");
        let before = self
            .shown
            .split(&end)
            .next()
            .filter(|it| it.len() < self.shown.len());
        let before = before.ok_or_else(missing)?;
        let at = before.rfind("<form ").ok_or_else(missing)?;
        let form = &before[at..];
        let action = between(form, "action=\"", "\"").ok_or_else(missing)?;
        let button = &form[form.rfind("<button").ok_or_else(missing)?..];
        let mut fields = Pairs::new();
        for input in form.split("<input ").skip(1) {
            let input = input.split('>').next().unwrap_or_default();
            let chosen = input.contains("type=\"hidden\"") || input.ends_with(" checked");
            if let (true, Some(name)) = (chosen, attribute(input, "name")) {
                fields.push(name, attribute(input, "value").unwrap_or_default());
            }
        }
        if let Some(name) = attribute(button, "name") {
            fields.push(name, attribute(button, "value").unwrap_or_default());
        }
        let address = match action.starts_with('/') {
            true => format!("{}{action}", self.origin),
            false => action,
        };
        let mut request = post(&address, &fields)?;
        let origin = self.origin.parse().map_err(|_| missing())?;
        request.headers_mut().insert(header::ORIGIN, origin);
        self.follow(address, request).await
    }

    pub(super) fn heading(&self) -> Result<String, Error> {
        between(&self.shown, "<h1>", "</h1>")
            .ok_or_else(|| Error::reply("page", "expected a heading, got none"))
    }

    async fn follow(&mut self, address: String, request: Request<Bytes>) -> Result<(), Error> {
        let (mut address, mut request) = (address, request);
        for _ in 0..MAX_REDIRECTS {
            let origin = Origin::of(&address)?.to_string();
            let answer = self.send(&origin, request).await?;
            let location = answer.headers().get(header::LOCATION);
            let Some(location) = location.and_then(|it| it.to_str().ok()) else {
                self.origin = origin;
                self.shown = String::from_utf8_lossy(answer.body()).into_owned();
                return Ok(());
            };
            address = match location.starts_with('/') {
                true => format!("{origin}{location}"),
                false => location.to_owned(),
            };
            request = crate::cli::demo::browser::get(&address)?;
        }
        Err(Error::reply(
            "location",
            "expected a page, got redirects without end",
        ))
    }

    async fn send(
        &mut self,
        origin: &str,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Error> {
        if let Some(cookie) = self.cookies.get(origin).and_then(|it| it.parse().ok()) {
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        let answer = match origin == self.emulator {
            true => self.wire.send(request).await?,
            false => self.elsewhere.send(request).await?,
        };
        let set = answer.headers().get(header::SET_COOKIE);
        if let Some(cookie) = set.and_then(|it| it.to_str().ok()?.split(';').next()) {
            self.cookies.insert(origin.to_owned(), cookie.to_owned());
        }
        Ok(answer)
    }
}

/// An attribute's value, without its escapes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = between(tag, &format!("{name}=\""), "\"")?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&amp;", "&"),
    )
}
