//! A program that signs its user in with yup-oauth2, and keeps the tokens in the file that yup-oauth2 writes.
//!
//! ```text
//! yup_store CLIENT_SECRETS FILE SCOPE…
//! ```
//! The link for the user is printed by the crate's own delegate; then comes a line `access token TOKEN`. Started again
//! with the same file and scopes, it takes the token from there, or refreshes it. Of gdata-auth it knows nothing.

use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use yup_oauth2::{
    CustomHyperClientBuilder, InstalledFlowAuthenticator, InstalledFlowReturnMethod,
    read_application_secret,
};

const USAGE: &str = "usage: yup_store CLIENT_SECRETS FILE SCOPE…";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let secrets = arguments.next().ok_or(USAGE)?;
    let file = arguments.next().ok_or(USAGE)?;
    let scopes: Vec<String> = arguments.collect();

    let client = Client::builder(TokioExecutor::new()).build_http();
    let authenticator = InstalledFlowAuthenticator::with_client(
        read_application_secret(secrets).await?,
        InstalledFlowReturnMethod::HTTPRedirect,
        CustomHyperClientBuilder::from(client),
    )
    .persist_tokens_to_disk(file)
    .build()
    .await?;
    let token = authenticator.token(&scopes).await?;
    println!(
        "access token {}",
        token.token().ok_or("expected a token, got none")?
    );
    Ok(())
}
