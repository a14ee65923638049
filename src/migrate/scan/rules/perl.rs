//! Perl: the modules of CPAN, of which one is named after AuthSub and does ClientLogin.

use super::{
    Kind::{Auth, Dependency, Done},
    Needs, Place, Rule, rule,
};
use crate::migrate::scan::language::Language::{self, Dependencies, Perl};

const PL: &[Language] = &[Perl];

pub(super) const RULES: &[Rule] = &[
    rule(
        "E1",
        Auth,
        Place::Code,
        Needs::Nothing,
        PL,
        r"\bNet::Google::AuthSub(?:::Once)?\s*->\s*new\b",
        "Net::Google::AuthSub, which is ClientLogin",
    ),
    rule(
        "E1",
        Dependency,
        Place::Code,
        Needs::Nothing,
        PL,
        r"^[ \t]*(?:use|require)\s+(?:base\s+)?(?:Net::Google::(?:AuthSub|Calendar|DataAPI|Spreadsheets|PicasaWeb)|WWW::Google::Contacts|WebService::Google::Reader)\b|\b(?:Net::Google::(?:Calendar|Spreadsheets|PicasaWeb)|WWW::Google::Contacts|WebService::Google::Reader)\s*->\s*new\b",
        "a module that logs in the old way",
    ),
    rule(
        "E2",
        Auth,
        Place::Code,
        Needs::Library,
        PL,
        r"->(?:auth_params|auth_token|authorised|request_token_string)\b",
        "the header of Net::Google::AuthSub",
    ),
    rule(
        "E2",
        Auth,
        Place::Code,
        Needs::Library,
        PL,
        r"\$\w*(?i:auth|cal|cl|google|authsub)\w*\s*->\s*login\s*\(",
        "ClientLogin by Net::Google::AuthSub",
    ),
    rule(
        "E3",
        Auth,
        Place::Code,
        Needs::Nothing,
        PL,
        r"\bWWW::Google::ClientLogin\b",
        "WWW::Google::ClientLogin",
    ),
    rule(
        "E4",
        Auth,
        Place::Any,
        Needs::Nothing,
        PL,
        r"\bNet::Google::DataAPI::Auth::(?:AuthSub|ClientLogin|OAuth)\b",
        "Net::Google::DataAPI, which did all three",
    ),
    rule(
        "P21",
        Done,
        Place::Any,
        Needs::Nothing,
        PL,
        r"\bNet::Google::DataAPI::Auth::OAuth2\b",
        "a credential of OAuth 2.0 for the old library",
    ),
    rule(
        "E1",
        Dependency,
        Place::Any,
        Needs::Nothing,
        &[Dependencies, Perl],
        r#"["'](?:Net::Google::(?:AuthSub(?:::Once)?|DataAPI|Calendar|Spreadsheets|PicasaWeb)|WWW::Google::(?:ClientLogin|Contacts)|WebService::Google::Reader)["']\s*(?:=>|:|,|;|$)|^[ \t]*(?:Net::Google::(?:AuthSub(?:::Once)?|DataAPI|Calendar|Spreadsheets|PicasaWeb)|WWW::Google::(?:ClientLogin|Contacts)|WebService::Google::Reader)\s*(?:=>|:[ \t]|,|=[ \t]*[\d.]+[ \t]*$)"#,
        "a module that logs in the old way",
    ),
    rule(
        "E2",
        Auth,
        Place::Code,
        Needs::Library,
        PL,
        r#"[{>]["']?\w*(?i:auth|google|authsub)\w*["']?\s*\}?\s*->\s*login\s*\("#,
        "ClientLogin by Net::Google::AuthSub",
    ),
    rule(
        "E4",
        Auth,
        Place::Code,
        Needs::Word("DataAPI::Auth::OAuth"),
        PL,
        r"->(?:get_request_token|get_authorize_token_url)\b",
        "a step of OAuth 1.0",
    ),
];
