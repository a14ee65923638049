//! `migrate upgrade`: tokens moved by the grant, and everybody else asked once more.

mod client;
mod grant;
mod known;
mod lists;
mod remind;
mod serve;
mod users;

use std::{path::Path, process::ExitCode};

use crate::{
    cli::{
        args::migrate::{NewCampaign, Upgrade},
        paint, runtime,
    },
    error::Error,
    migrate::campaign::{Campaign, Settings},
    scope::ScopeNames,
    system::SystemRandomness,
    transport::Reqwest,
};

pub(super) fn run(step: &Upgrade) -> Result<ExitCode, Error> {
    match step {
        Upgrade::Grant(options) => grant::run(options),
        Upgrade::New(options) => new(options),
        Upgrade::Add(options) => users::add(options),
        Upgrade::Serve(options) => serve::run(options),
        Upgrade::Status(options) => users::status(options),
        Upgrade::List(options) => users::list(options),
        Upgrade::Remind(options) => remind::run(options),
        Upgrade::Renew(options) => users::renew(options),
    }
}

fn new(options: &NewCampaign) -> Result<ExitCode, Error> {
    let (client, addresses) = runtime()?.block_on(async {
        let transport = Reqwest::new()?;
        client::with_addresses(&options.client, &transport).await
    })?;
    let words = options.scope.iter().flat_map(|text| text.split(' '));
    let scopes = ScopeNames::new(words.filter(|word| !word.is_empty()))?;
    // What another server calls its scopes is its own affair.
    if options.client.issuer.is_none() {
        known::scopes(&scopes)?;
    }
    let mut settings = Settings::new(options.app.as_str(), &client, &scopes, &options.origin)?
        .with_lifetime(std::time::Duration::from_secs(
            options.days.saturating_mul(86_400),
        ));
    if let Some(path) = &options.redirect_path {
        settings = settings.with_redirect_path(path.as_str())?;
    }
    if let Some(reason) = &options.reason {
        settings = settings.with_reason(reason.as_str())?;
    }
    if let Some(contact) = &options.contact {
        settings = settings.with_contact(contact.as_str())?;
    }
    if let Some(domain) = &options.hosted_domain {
        settings = settings.with_hosted_domain(domain.as_str())?;
    }
    known::redirect(&settings, &client, addresses.as_deref())?;
    let campaign = Campaign::create(&options.campaign, &settings, &SystemRandomness)?;
    paint::talk(format_args!(
        "made: {}\nasks for: {}\nthe server has to send browsers back to: {}",
        campaign.path().display(),
        settings.scopes(),
        settings.redirect_uri()
    ));
    Ok(ExitCode::SUCCESS)
}

/// A campaign to go on with; what a crash tore is told.
fn opened(path: &Path) -> Result<Campaign, Error> {
    let campaign = Campaign::open(path)?;
    tell_torn(&campaign);
    Ok(campaign)
}

fn tell_torn(campaign: &Campaign) {
    if campaign.torn_bytes() > 0 {
        paint::talk(format_args!(
            "{} {}: the last change was torn by a crash, and did not happen ({} bytes)",
            paint::styled(paint::NOTICE, "notice:"),
            campaign.path().display(),
            campaign.torn_bytes()
        ));
    }
}
