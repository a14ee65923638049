//! `login --oauth1`: back to a loopback port, or with a verifier that the user types.

use std::io::BufRead;

use super::{Gained, receiver::Receiver, server, show};
use crate::{
    cli::{args::Login, given, paint},
    error::{Error, Kind},
    scheme::oauth1::{Accounts, Callback, Credential, TokenRequest},
    secret::Secret,
    system::Stamps,
    transport::{Reqwest, run},
};

pub(super) async fn login(options: &Login) -> Result<Gained, Error> {
    let accounts = Accounts::at(&server::accounts(options.server()))?;
    let consumer = given::consumer(&options.consumer, &options.key)?;
    let receiver = match options.consent.oob {
        true => None,
        false => Some(Receiver::open(options.consent.port)?),
    };
    let mut request = TokenRequest::new(consumer).callback(match &receiver {
        Some(receiver) => Callback::to(receiver.address())?,
        None => Callback::oob(),
    });
    for scope in &options.consent.scope {
        request = request.scope(scope)?;
    }
    let (stamps, transport) = (Stamps::system(), Reqwest::new()?);
    let token = run(&request.exchange(&accounts, &stamps.next())?, &transport).await?;
    show(&token.authorize_link(&accounts).to_string());
    let token = match receiver {
        Some(receiver) => {
            let limit = options.consent.limit();
            token.read_redirect(receiver.wait(limit).await?.expose())?
        }
        None => token.verified_by(typed()?)?,
    };
    let access = run(&token.exchange(&accounts, &stamps.next())?, &transport).await?;
    let printed = format!(
        "oauth_token={}\noauth_token_secret={}\n",
        access.token().expose(),
        access.secret().expose()
    );
    Ok((Credential::from(access).into(), printed))
}

fn typed() -> Result<Secret, Error> {
    paint::talk("type the verifier that the page shows:");
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|cause| Error::new(Kind::Input, "stdin: cannot read").caused_by(cause))?;
    Ok(Secret::new(line))
}
