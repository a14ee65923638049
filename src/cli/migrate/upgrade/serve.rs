//! The page of a campaign on a socket.

use std::{
    io::IsTerminal,
    net::SocketAddr,
    process::ExitCode,
    sync::{Arc, OnceLock},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{client, opened};
use crate::{
    cli::{
        accounts::{CLIENT, Registered, folder},
        args::migrate::ServeCampaign,
        listen, paint, put, runtime, stop_signal,
    },
    error::Error,
    migrate::campaign::{Campaign, InvitationPage, PageEvent, State},
    serve::Server,
    store::FileStore,
    system::{Clock, SystemClock},
    transport::{Mishap, Reqwest, Transport, TransportError},
    wire::origin::Origin,
};

/// A form of this page has no fields.
const MAX_BODY: usize = 4_096;

pub(super) fn run(options: &ServeCampaign) -> Result<ExitCode, Error> {
    let campaign = opened(&options.campaign)?;
    let store = Arc::new(FileStore::open(folder(&options.store)?)?);
    runtime()?.block_on(async {
        let transport = Reqwest::new()?;
        let client = client::given(&options.client, &transport).await?;
        let slot: Arc<OnceLock<InvitationPage>> = Arc::default();
        let server = bind(options, &campaign, &slot)?;
        let campaign = moved(campaign, &server)?;
        let tally = campaign.tally(SystemClock.now())?;
        let bar = bar(options.quiet, tally.total(), tally.of(State::Consented));
        let shown = bar.clone();
        let quiet = options.quiet;
        // What a refresh needs later is kept with each grant, as `login` does.
        let registered = Registered::new(client.clone(), false).to_value()?;
        let page = InvitationPage::new(campaign, client, store, transport)?
            .keeping(CLIENT, registered)
            .observed(move |event| {
                if !quiet {
                    tell(&shown, event);
                }
            });
        let origin = page.campaign().settings().origin().to_owned();
        let _first = slot.set(page);
        put(format!("listening on {}\n", server.origin()).as_bytes())?;
        if !options.quiet {
            paint::talk(format_args!(
                "links lead to {origin}; Ctrl-C stops it, and nothing is lost"
            ));
        }
        server.run(stop_signal()).await?;
        bar.finish_and_clear();
        Ok(ExitCode::SUCCESS)
    })
}

fn bind(
    options: &ServeCampaign,
    campaign: &Campaign,
    slot: &Arc<OnceLock<InvitationPage>>,
) -> Result<Server, Error> {
    let origin = Origin::of(campaign.settings().origin())?;
    let address = match options.listen {
        Some(address) => address,
        None if origin.is_loopback() && !origin.is_secure() => {
            SocketAddr::from(([127, 0, 0, 1], origin.port()))
        }
        None => {
            return Err(Error::input(
                "listen",
                format_args!(
                    "expected --listen, since {origin} is not served from here: name the address that its proxy \
                     calls, such as 127.0.0.1:8090"
                ),
            ));
        }
    };
    if !address.ip().to_canonical().is_loopback() && !options.allow_any_interface {
        return Err(Error::input(
            "listen",
            format_args!(
                "expected an address of this machine alone, such as 127.0.0.1:{}, got {address}, where links and codes \
                 come in plain text; --allow-any-interface permits it, for a proxy on another machine",
                address.port()
            ),
        ));
    }
    let slot = Arc::clone(slot);
    let builder = Server::builder().max_body(MAX_BODY);
    let builder = match options.allow_any_interface {
        true => builder.allow_any_interface(),
        false => builder,
    };
    let bound = builder.bind(address, move |request| {
        let page = slot.get().cloned();
        async move {
            match page {
                Some(page) => page.send(request).await,
                None => Err(TransportError::new(
                    Mishap::Other,
                    "the page is not ready yet",
                )),
            }
        }
    });
    let next = match options.listen {
        Some(_) => "give another address to --listen",
        None => {
            "make the campaign for another port (upgrade new --origin), or behind a proxy give --listen another address"
        }
    };
    bound.map_err(|cause| listen::refused(cause, address, next))
}

/// A campaign at port 0 is where the system put it.
fn moved(mut campaign: Campaign, server: &Server) -> Result<Campaign, Error> {
    if Origin::of(campaign.settings().origin())?.port() == 0 {
        let settings = campaign.settings().clone().at(&server.origin())?;
        campaign.set(settings)?;
    }
    Ok(campaign)
}

fn bar(quiet: bool, total: u64, consented: u64) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    bar.set_position(consented);
    match ProgressStyle::with_template("{wide_bar} {pos}/{len} consented") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn tell(bar: &ProgressBar, event: &PageEvent) {
    if event.what == "consented" {
        bar.inc(1);
    }
    bar.suspend(|| paint::talk(event));
}
