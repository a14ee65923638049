//! What a refused grant died of.

use std::error::Error as _;

use gdata_auth::{
    Advice, Kind,
    oauth2::{DeathCause, Diagnosis, Evidence, Refusal},
};

use super::{answer, later, now, scopes};

const DAY: i64 = 86_400;

fn refusal(json: &str) -> Refusal {
    Refusal::read(&answer(400, json)).unwrap()
}

fn dead() -> Refusal {
    refusal(r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#)
}

fn first(refusal: Refusal, evidence: &Evidence) -> DeathCause {
    Diagnosis::of(refusal, evidence, now()).likely()[0].cause
}

fn consented(days_ago: i64) -> Evidence {
    Evidence {
        consented_at: Some(later(-days_ago * DAY)),
        ..Evidence::default()
    }
}

#[test]
fn each_row_of_evidence_leads_to_its_cause() {
    assert_eq!(first(dead(), &consented(7)), DeathCause::TestingMode);
    assert_eq!(first(dead(), &consented(6)), DeathCause::RevokedElsewhere);
    assert_eq!(first(dead(), &consented(8)), DeathCause::RevokedElsewhere);
    assert_eq!(first(dead(), &consented(181)), DeathCause::SixMonthsUnused);
    let used = Evidence {
        last_used_at: Some(later(-DAY)),
        ..consented(400)
    };
    assert_eq!(first(dead(), &used), DeathCause::RevokedElsewhere);
    let testing = Evidence {
        refresh_expires_at: Some(later(-60)),
        consented_at: Some(later(-60 - 604_799)),
        ..Evidence::default()
    };
    assert_eq!(first(dead(), &testing), DeathCause::TestingMode);
    let ended = Evidence {
        refresh_expires_at: Some(later(-60)),
        ..consented(30)
    };
    assert_eq!(first(dead(), &ended), DeathCause::Ended);
    let many = Evidence {
        consents: 91,
        ..consented(30)
    };
    assert_eq!(first(dead(), &many), DeathCause::TokenCap);
    let gmail = Evidence {
        scopes: scopes("https://mail.google.com/"),
        ..consented(30)
    };
    assert_eq!(first(dead(), &gmail), DeathCause::PasswordChanged);
    assert_eq!(
        first(dead(), &Evidence::default()),
        DeathCause::RevokedElsewhere
    );
}

#[test]
fn session_control_asks_for_a_sign_in_and_leaves_the_grant_alive() {
    let rapt = refusal(r#"{"error":"invalid_grant","error_subtype":"rapt_required"}"#);
    let diagnosis = Diagnosis::of(rapt, &consented(7), now());
    assert_eq!(diagnosis.likely()[0].cause, DeathCause::SessionControl);
    assert!(!diagnosis.is_dead());
    let error = diagnosis.explain();
    assert_eq!(error.advice(), Advice::Reauthenticate);
    assert!(error.needs_user());
}

#[test]
fn a_wrong_clock_is_told_by_the_servers_date() {
    let mut reply = answer(
        400,
        r#"{"error":"invalid_grant","error_description":"Invalid JWT"}"#,
    );
    // One hour before `now`.
    let date = http::HeaderValue::from_static("Tue, 14 Nov 2023 21:13:20 GMT");
    reply.headers_mut().insert("date", date);
    let refusal = Refusal::read(&reply).unwrap();
    let assertion = Evidence {
        is_assertion: true,
        ..Evidence::default()
    };
    let error = Diagnosis::of(refusal.clone(), &assertion, now()).explain();
    assert_eq!(error.advice(), Advice::FixClock);
    assert!(
        error
            .to_string()
            .contains("this clock is 3600 s ahead of the server's")
    );
    // A refresh token does not care about clocks.
    assert_eq!(
        first(refusal, &Evidence::default()),
        DeathCause::RevokedElsewhere
    );
}

#[test]
fn the_error_tells_the_likeliest_cause_with_its_evidence_and_keeps_the_rest() {
    let many = Evidence {
        consents: 95,
        ..consented(7)
    };
    let error = Diagnosis::of(dead(), &many, now()).explain();
    assert_eq!(error.kind(), Kind::Revoked);
    assert_eq!(
        error.to_string(),
        "the server refused the grant (400 invalid_grant: Token has been expired or revoked.); most likely the \
         project's consent screen is in testing, where grants live seven days: publish it, then ask for consent anew: \
         it is 7.0 days old; or more than 100 refresh tokens of this user and client, of which the oldest die"
    );
    let diagnosis: &Diagnosis = error.source().unwrap().downcast_ref().unwrap();
    assert_eq!(diagnosis.likely().len(), 3);
    assert!(diagnosis.is_dead());
}
