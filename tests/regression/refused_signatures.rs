//! A signature that was not accepted, by a wrong clock above all, was told as a revoked token, and users were
//! sent through consent again for nothing. Google had one text for both.

use std::sync::Arc;

use gdata_auth::{
    Advice, Error, Exchange, Kind, Stamp, Timestamp,
    authsub::{Accounts, SessionToken},
    client::AuthorizedClient,
    crypto::PrivateKey,
    gdata::Refusal,
    system::{Stamps, SystemRandomness},
};

use crate::{KEY, Script, answer, get};

const BODY: &str = "<TITLE>Token invalid - Invalid AuthSub token.</TITLE>";
const UPLOADS: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads";
/// Sun, 13 Mar 2011 07:06:40 GMT.
const NOW: i64 = 1_300_000_000;

fn plain() -> SessionToken {
    SessionToken::new("T").unwrap()
}

fn secure() -> SessionToken {
    plain().secured_by(PrivateKey::from_pem(KEY).unwrap().signer())
}

async fn refused(token: SessionToken, date: fn(usize) -> http::Response<bytes::Bytes>) -> Error {
    let stamps = Stamps::new(
        Arc::new(|| Timestamp::from_unix_seconds(NOW)),
        Arc::new(SystemRandomness),
    );
    let client = AuthorizedClient::new(Script::new(date), token).with_stamps(stamps);
    client.request(get(UPLOADS)).await.unwrap_err()
}

fn an_hour_later(_: usize) -> http::Response<bytes::Bytes> {
    answer(401, &[("date", "Sun, 13 Mar 2011 08:06:40 GMT")], BODY)
}

fn five_minutes_before(_: usize) -> http::Response<bytes::Bytes> {
    answer(401, &[("date", "Sun, 13 Mar 2011 07:01:40 GMT")], BODY)
}

#[test]
fn for_a_secure_token_the_signature_may_be_the_reason() {
    let reply = answer(401, &[], BODY);
    let error = secure().explain(UPLOADS, &reply).unwrap();
    assert_eq!(error.kind(), Kind::Revoked);
    assert_eq!(
        error.to_string(),
        "the server no longer accepts the token, or does not accept the signature: check key, address and \
         clock (401: Token invalid - Invalid AuthSub token.)"
    );
    assert!(error.needs_user());
    let error = plain().explain(UPLOADS, &reply).unwrap();
    assert!(!error.to_string().contains("signature"), "{error}");
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_with_its_distance() {
    let error = refused(secure(), an_hour_later).await;
    assert_eq!(error.kind(), Kind::Revoked);
    assert_eq!(error.advice(), Advice::FixClock);
    assert!(!error.needs_user());
    assert!(
        error
            .to_string()
            .contains("stamped 3600 s behind the server's clock"),
        "{error}"
    );
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.downcast_ref::<Refusal>().is_some());

    for error in [
        refused(plain(), an_hour_later).await,
        refused(secure(), five_minutes_before).await,
        refused(secure(), |_| answer(401, &[("date", "yesterday")], BODY)).await,
    ] {
        assert_eq!(error.advice(), Advice::AskConsent { scopes: Vec::new() });
    }
}

#[test]
fn a_token_call_knows_its_stamp_too() {
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(NOW + 301), 7);
    let info = secure().token_info(&Accounts::google(), &stamp).unwrap();
    let reply = answer(403, &[("date", "Sun, 13 Mar 2011 07:06:40 GMT")], BODY);
    let error = info.parse(&reply).unwrap_err();
    assert_eq!(error.advice(), Advice::FixClock);
    assert!(error.to_string().contains("301 s ahead of"), "{error}");
}
