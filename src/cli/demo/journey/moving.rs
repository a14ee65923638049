//! The users: one is moved by the grant, the others are invited, one consents, one declines.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use super::{
    super::{
        refresh,
        stage::{Misbehaved, Stage},
    },
    past::{APP, BEN, CLEO},
    people::Browser,
    survey::Survey,
    workshop::Workshop,
};
use crate::{
    cli::args::Demo,
    error::{Error, Kind},
    migrate::{
        campaign::{Campaign, InvitationPage, Invitee, Settings, State},
        grant::{Candidates, GrantRun},
        report::Moved as Outcome,
    },
    scheme::oauth2::Client,
    scope::ScopeNames,
    serve::{Running, Server},
    store::FileStore,
    system::{Clock, SystemRandomness},
    transport::{Mishap, Transport, TransportError},
};

/// What the new credential asks for: the narrowest scope of the plan.
const SCOPE: &str = "https://www.google.com/m8/feeds";

/// What is gone on with.
pub(super) struct Upgraded {
    pub(super) client: Client,
    pub(super) store: Arc<FileStore>,
    pub(super) outcomes: Vec<Outcome>,
}

pub(super) async fn tell(
    stage: &mut Stage,
    shop: &Workshop,
    options: &Demo,
    survey: &Survey,
) -> Result<Upgraded, Misbehaved> {
    let made = refresh::client(stage).and_then(|client| {
        let store = FileStore::open(shop.place("grants"))?;
        Ok((client, Arc::new(store)))
    });
    let (client, store) = made.map_err(|_| Misbehaved)?;
    let candidates = Candidates::of(survey.inventory.current(), None);
    let granted = async {
        let run = GrantRun::new(&client, &*store)?;
        let clock = Arc::new(stage.clock.clone());
        let run = run.pinned(stage.stamps(), clock);
        run.run(&candidates.tokens, &stage.wire).await
    };
    let granted = granted.await;
    let report = stage.expect(
        "migrate upgrade grant: OAuth 1.0 tokens become refresh tokens, and nobody is asked",
        "the old token signs the request; the answer is a refresh token for the same user and scope.",
        granted,
        |report| {
            let all = report.outcomes.iter();
            let told = all.map(|(account, outcome)| format!("{account}: {}", outcome.word()));
            told.collect::<Vec<_>>().join(", ")
        },
    )?;
    let mut outcomes: Vec<Outcome> = report
        .outcomes
        .iter()
        .map(|(account, outcome)| Outcome::new(account, outcome.word()))
        .collect();
    let others = candidates.others.iter();
    outcomes.extend(others.map(|other| Outcome::new(&other.account, "not_moved")));
    let rows = outcomes.iter();
    let rows = rows.map(|one| format!("{},{},\r\n", one.account, one.outcome));
    let list = format!("email,outcome,why\r\n{}", rows.collect::<String>());
    shop.write("grants.csv", &list).map_err(|_| Misbehaved)?;
    let asked = candidates.to_invite(&report);
    campaign(stage, shop, options, (&client, &store), &asked).await?;
    Ok(Upgraded {
        client,
        store,
        outcomes,
    })
}

async fn campaign(
    stage: &mut Stage,
    shop: &Workshop,
    options: &Demo,
    (client, store): (&Client, &Arc<FileStore>),
    asked: &[String],
) -> Result<(), Misbehaved> {
    let opened = open(stage, shop, client, store, asked);
    let (page, server) = stage.expect(
        "migrate upgrade new, add, serve: everybody else gets an invitation",
        "a link each, which nobody can guess and which ends; the page runs beside this story, on loopback.",
        opened,
        |(page, _)| {
            let campaign = page.campaign();
            format!("{} invited: {}", campaign.len(), asked.join(", "))
        },
    )?;
    let browser = Browser::start(options.browser, shop.folder(), stage).await;
    stage.pass_over();
    let mut browser = match browser {
        Ok(browser) => browser,
        Err(error) => {
            stage.expect(
                "The users sit down in front of a browser",
                "",
                Err::<(), _>(error),
                |()| String::new(),
            )?;
            return Err(Misbehaved);
        }
    };
    let host = stage.origin.trim_start_matches("http://").to_owned();
    let name = browser.name();
    let onward = format!("Continue to {host}");
    let consented = decided(&page, &mut browser, BEN, &[&onward, "Allow"])
        .await
        .and_then(|(heading, state)| expected(heading, state, State::Consented));
    stage.expect(
        "Ben opens his link, goes on to the server, and allows",
        &format!("in {name}. Whose consent it is says the verified ID token; another account's would be dropped."),
        consented,
        |heading| format!("the page says: {heading}"),
    )?;
    let declined = decided(&page, &mut browser, CLEO, &["No, thank you"])
        .await
        .and_then(|(heading, state)| expected(heading, state, State::Declined));
    stage.expect(
        "Cleo opens hers, and says no",
        &format!("in {name}. A no is an answer: she is not reminded."),
        declined,
        |heading| format!("the page says: {heading}"),
    )?;
    browser.quit().await;
    server.stop().await.map_err(|_| Misbehaved)
}

/// A campaign of those users, and its page on a port.
fn open(
    stage: &Stage,
    shop: &Workshop,
    client: &Client,
    store: &Arc<FileStore>,
    asked: &[String],
) -> Result<(InvitationPage, Running), Error> {
    let slot: Arc<OnceLock<InvitationPage>> = Arc::default();
    let shown = Arc::clone(&slot);
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(address, move |request| {
        let page = shown.get().cloned();
        async move {
            match page {
                Some(page) => page.send(request).await,
                None => Err(TransportError::new(
                    Mishap::Other,
                    "the page is not ready yet",
                )),
            }
        }
    })?
    .spawn()?;
    let scopes = ScopeNames::parse(SCOPE)?;
    let settings = Settings::new(APP, client, &scopes, &server.origin())?
        .with_reason("It prints the shared contacts of your domain as a duty roster.")?
        .with_contact("roster@example.com")?;
    let mut campaign = Campaign::create(
        &shop.place("upgrade.campaign"),
        &settings,
        &SystemRandomness,
    )?;
    let invitees = asked.iter().map(|email| Invitee::new(email.as_str()));
    campaign.add(invitees.collect::<Result<Vec<_>, _>>()?, stage.clock.now())?;
    let store = Arc::clone(store);
    let page = InvitationPage::new(campaign, client.clone(), store, stage.wire.clone())?;
    let page = page.pinned(Arc::new(stage.clock.clone()), Arc::new(SystemRandomness));
    let _first = slot.set(page.clone());
    Ok((page, server))
}

/// A user opens the link and presses these buttons: the heading at the end, and what the campaign knows.
async fn decided(
    page: &InvitationPage,
    browser: &mut Browser,
    user: &str,
    buttons: &[&str],
) -> Result<(String, State), Error> {
    let missing = || Error::input("user", "expected one of the campaign");
    let link = {
        let campaign = page.campaign();
        let member = campaign.find(user)?.ok_or_else(missing)?;
        campaign.link(&member)?
    };
    browser.open(&link).await?;
    for button in buttons {
        browser.press(button).await?;
    }
    let heading = browser.heading().await?;
    let member = page.campaign().find(user)?.ok_or_else(missing)?;
    Ok((heading, member.standing.state))
}

fn expected(heading: String, state: State, wanted: State) -> Result<String, Error> {
    match state == wanted {
        true => Ok(heading),
        false => Err(Error::new(
            Kind::Reply,
            format!(
                "expected {}, got {} ({heading})",
                wanted.word(),
                state.word()
            ),
        )),
    }
}
