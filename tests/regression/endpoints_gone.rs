//! A token call that was answered 404 was told as "nothing at this address", without the advice that the
//! protocol has been switched off.

use gdata_auth::{
    Advice, Exchange, Kind, Stamp, Timestamp,
    authsub::{Accounts, SessionToken, SingleUseToken},
    gdata::Refusal,
};

use crate::answer;

#[test]
fn a_token_call_without_its_endpoint_says_both_reasons() {
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
    let accounts = Accounts::google();
    for status in [404, 410] {
        let reply = answer(status, &[], "");
        let session = SessionToken::new("T").unwrap();
        let single = SingleUseToken::new("T").unwrap();
        for error in [
            single
                .exchange(&accounts, &stamp)
                .unwrap()
                .parse(&reply)
                .unwrap_err(),
            session
                .token_info(&accounts, &stamp)
                .unwrap()
                .parse(&reply)
                .unwrap_err(),
            session
                .revoke(&accounts, &stamp)
                .unwrap()
                .parse(&reply)
                .unwrap_err(),
        ] {
            assert_eq!(error.kind(), Kind::Retired);
            assert_eq!(error.advice(), Advice::Migrate { to: "OAuth 2.0" });
            let told = error.to_string();
            assert!(told.contains("switched off"), "{told}");
            assert!(
                told.contains("base address of the accounts service is wrong"),
                "{told}"
            );
            let source = std::error::Error::source(&error).unwrap();
            assert_eq!(source.downcast_ref::<Refusal>().unwrap().status(), status);
        }
    }
}

#[test]
fn a_404_that_tells_of_the_token_is_about_the_token() {
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
    let session = SessionToken::new("T").unwrap();
    let info = session.token_info(&Accounts::google(), &stamp).unwrap();
    let error = info.parse(&answer(404, &[], "Token revoked")).unwrap_err();
    assert_eq!(error.kind(), Kind::Revoked);
}
