//! Token secrets of OAuth 1.0 that a cassette's own answers hand out.

use std::collections::HashMap;

use crate::{
    cassette::{Cassette, Limits},
    scheme::oauth1::TokenReply,
    secret::Secret,
};

/// By token.
#[derive(Default)]
pub(in crate::cassette) struct TokenSecrets(HashMap<String, Secret>);

impl TokenSecrets {
    /// Of every answer that holds one.
    pub(in crate::cassette) fn of(cassette: &Cassette) -> Self {
        let mut found = HashMap::new();
        for interaction in &cassette.interactions {
            let Some(answer) = interaction.response() else {
                continue;
            };
            let Ok(body) = answer.body.plain(&answer.headers, &Limits::default()) else {
                continue;
            };
            if memchr::memmem::find(&body, b"oauth_token_secret").is_some()
                && let Ok(reply) = TokenReply::parse(&body)
            {
                found.insert(reply.token().expose().to_owned(), reply.secret().clone());
            }
        }
        Self(found)
    }

    pub(super) fn get(&self, token: &str) -> Option<&Secret> {
        self.0.get(token)
    }
}
