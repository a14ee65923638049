//! Workload identity: a token of another system, from a file or an address, becomes one of Google's
//! (RFC 8693; oauth2.md 5.8).
//!
//! ```text
//! SubjectSource::File | Url ─▶ subject token ─▶ StsCall ─▶ federated token ─▶ (impersonation) ─▶ access token
//! ```
//!
//! A source that is a command, a certificate or a cloud's own signature is refused with words: commands in a
//! credential file are never run here.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::{
    AllowedHosts, Grant, Impersonation, TokenCall, TokenExchange, file::Fields, provider, reply,
    token_call::get_request,
};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    scope::ScopeNames,
    secret::Secret,
};

/// What an access token is called in an exchange of tokens (RFC 8693, 3).
pub const ACCESS_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The scope of a token that is only used to impersonate a service account.
pub const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// An `external_account` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalAccount {
    audience: String,
    subject_token_type: String,
    token_url: String,
    source: SubjectSource,
    form: SubjectForm,
    impersonation: Option<Impersonation>,
    workforce_project: Option<String>,
    quota_project: Option<String>,
}

/// Where the token of the other system comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubjectSource {
    /// A file, read anew for each exchange: whoever mounts it renews it.
    File(String),
    /// An address on this machine's network.
    Url {
        /// The address.
        url: String,
        /// What to send with the GET; the values may be secrets.
        headers: Vec<(String, Secret)>,
    },
}

/// How the token stands in what the source yields.
#[derive(Clone, Debug, PartialEq, Eq)]
enum SubjectForm {
    Text,
    Json { field: String },
}

impl ExternalAccount {
    pub(super) fn of(fields: &Fields<'_>, hosts: &AllowedHosts) -> Result<Self, Error> {
        let token_url = fields.needed("token_url")?;
        hosts.check(&fields.path("token_url"), token_url)?;
        let source = fields
            .object("credential_source")?
            .ok_or_else(|| fields.wrong("credential_source", "expected an object, got none"))?;
        let impersonation = match fields.text("service_account_impersonation_url")? {
            None => None,
            Some(url) => {
                hosts.check(&fields.path("service_account_impersonation_url"), url)?;
                let options = fields.object("service_account_impersonation")?;
                let seconds = match options {
                    Some(options) => options.number("token_lifetime_seconds")?,
                    None => None,
                };
                Some(Impersonation::at(url)?.lasting(Duration::from_secs(seconds.unwrap_or(3_600))))
            }
        };
        let text = |name: &str| Ok::<_, Error>(fields.text(name)?.map(str::to_owned));
        Ok(Self {
            audience: fields.needed("audience")?.to_owned(),
            subject_token_type: fields.needed("subject_token_type")?.to_owned(),
            token_url: provider::endpoint("token_url", token_url)?,
            form: form(&source)?,
            source: subject_source(&source, hosts)?,
            impersonation,
            workforce_project: text("workforce_pool_user_project")?,
            quota_project: text("quota_project_id")?,
        })
    }

    /// Where the subject token comes from.
    #[must_use]
    pub fn source(&self) -> &SubjectSource {
        &self.source
    }

    /// The service account that the federated token acts for, if it does.
    #[must_use]
    pub fn impersonation(&self) -> Option<&Impersonation> {
        self.impersonation.as_ref()
    }

    /// The project that calls are billed to.
    #[must_use]
    pub fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }

    /// The GET that yields the subject token, for a source that is an address.
    #[must_use]
    pub fn fetch_subject(&self) -> Option<FetchSubject<'_>> {
        match self.source {
            SubjectSource::Url { .. } => Some(FetchSubject(self)),
            SubjectSource::File(_) => None,
        }
    }

    /// The subject token in what a file or an answer holds.
    ///
    /// # Errors
    /// [`Kind::Reply`] naming the field, when it is not there, is empty, or is larger than 1 MiB.
    pub fn read_subject(&self, content: &[u8]) -> Result<Secret, Error> {
        let wrong = |problem: &str| Error::reply("subject token", problem);
        if content.len() > 1 << 20 {
            return Err(wrong("expected at most 1 MiB, got more"));
        }
        let text = std::str::from_utf8(content).map_err(|_| wrong("expected text"))?;
        let token = match &self.form {
            SubjectForm::Text => text.trim().to_owned(),
            SubjectForm::Json { field } => {
                let value: Value =
                    serde_json::from_str(text).map_err(|_| wrong("expected JSON"))?;
                value
                    .get(field)
                    .and_then(Value::as_str)
                    .ok_or_else(|| wrong("expected it in the field that the file names, got none"))?
                    .to_owned()
            }
        };
        match token.is_empty() {
            true => Err(wrong("expected a value, got an empty one")),
            false => Ok(Secret::new(token)),
        }
    }

    /// Exchanges a subject token for one of Google's with these scopes, or for the token that impersonation needs.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `scope` when none is asked for.
    pub fn exchange(&self, subject: Secret, scopes: &ScopeNames) -> Result<TokenCall, Error> {
        if scopes.is_empty() {
            return Err(Error::input("scope", "expected at least one, got none"));
        }
        let scope = match self.impersonation {
            Some(_) => ScopeNames::parse(CLOUD_PLATFORM)?,
            None => scopes.clone(),
        };
        let options = self
            .workforce_project
            .as_ref()
            .map(|project| serde_json::json!({ "userProject": project }).to_string());
        let grant = Grant::TokenExchange(TokenExchange {
            audience: self.audience.clone(),
            subject_token: subject,
            subject_token_type: self.subject_token_type.clone(),
            requested_token_type: ACCESS_TOKEN_TYPE.to_owned(),
            scope,
            options,
        });
        Ok(TokenCall::anonymous(&self.token_url, &grant))
    }
}

/// The GET of a subject token; made by [`ExternalAccount::fetch_subject`].
#[derive(Clone, Debug)]
pub struct FetchSubject<'a>(&'a ExternalAccount);

impl Exchange for FetchSubject<'_> {
    type Output = Secret;

    fn request(&self) -> http::Request<Bytes> {
        let SubjectSource::Url { url, headers } = &self.0.source else {
            return http::Request::new(Bytes::new());
        };
        let mut request = get_request(url);
        for (name, value) in headers {
            let name = HeaderName::try_from(name.as_str());
            let value = HeaderValue::try_from(value.expose());
            if let (Ok(name), Ok(mut value)) = (name, value) {
                value.set_sensitive(true);
                request.headers_mut().insert(name, value);
            }
        }
        request
    }

    /// # Errors
    /// As [`ExternalAccount::read_subject`], and for a refusal.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<Secret, Error> {
        reply::expect_success(answer)?;
        self.0.read_subject(answer.body())
    }
}

fn subject_source(fields: &Fields<'_>, hosts: &AllowedHosts) -> Result<SubjectSource, Error> {
    for (name, what) in [
        (
            "executable",
            "a command, which is never run here: let it write a file, and name that",
        ),
        ("environment_id", "an AWS signature, which is not made here"),
        (
            "certificate",
            "a client certificate, which is not sent here",
        ),
    ] {
        if fields.has(name) {
            return Err(Error::new(
                Kind::Unsupported,
                format!("{}: {what}", fields.path(name)),
            ));
        }
    }
    if let Some(path) = fields.text("file")? {
        return Ok(SubjectSource::File(path.to_owned()));
    }
    let url = fields.needed("url")?;
    hosts.check(&fields.path("url"), url)?;
    let mut headers = Vec::new();
    if let Some(given) = fields.object("headers")? {
        for (name, value) in given.iter_texts() {
            let fits = HeaderName::try_from(name).is_ok() && HeaderValue::try_from(value).is_ok();
            if !fits {
                return Err(fields.wrong("headers", "expected headers, got other texts"));
            }
            headers.push((name.to_owned(), Secret::new(value)));
        }
    }
    Ok(SubjectSource::Url {
        url: url.to_owned(),
        headers,
    })
}

fn form(fields: &Fields<'_>) -> Result<SubjectForm, Error> {
    let Some(format) = fields.object("format")? else {
        return Ok(SubjectForm::Text);
    };
    match format.text("type")? {
        None | Some("text") => Ok(SubjectForm::Text),
        Some("json") => Ok(SubjectForm::Json {
            field: format.needed("subject_token_field_name")?.to_owned(),
        }),
        Some(_) => Err(format.wrong("type", "expected text or json, got another")),
    }
}
