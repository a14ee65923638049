//! `login --authsub`.

use super::{Gained, receiver::Receiver, server, show};
use crate::{
    cli::{args::Login, given},
    error::Error,
    scheme::authsub::{Accounts, AuthSubRequest},
    system::Stamps,
    transport::{Reqwest, run},
};

pub(super) async fn login(options: &Login) -> Result<Gained, Error> {
    let accounts = Accounts::at(&server::accounts(options.server()))?;
    let key = match options.consent.secure {
        true => given::private_key(&options.key)?,
        false => None,
    };
    let receiver = Receiver::open(options.consent.port)?;
    let mut link = AuthSubRequest::new(receiver.address())?
        .secure(key.is_some())
        .session(true)
        .at(&accounts);
    for scope in &options.consent.scope {
        link = link.scope(scope)?;
    }
    show(&link.to_string());
    let limit = options.consent.limit();
    let back = receiver.wait(limit).await?;
    let mut token = link.read_redirect(back.expose())?.into_token();
    if let Some(key) = key {
        token = token.secured_by(key.signer());
    }
    let call = token.exchange(&accounts, &Stamps::system().next())?;
    let session = run(&call, &Reqwest::new()?).await?;
    let printed = format!("{}\n", session.secret().expose());
    Ok((session.into(), printed))
}
