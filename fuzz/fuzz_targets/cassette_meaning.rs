//! Requests of any kind: their meaning is read without a panic, is the same as itself live and recorded, and what
//! was recorded is answered.
#![no_main]

use bytes::Bytes;
use gdata_auth::cassette::{
    Cassette, Interaction, MatchRules, Meaning, Player, RecordedRequest, RecordedResponse,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &str, &[u8])| {
    let (target, authorization, kind, body) = input;
    let Ok(request) = http::Request::post(target)
        .header("authorization", authorization)
        .header("content-type", kind)
        .body(Bytes::copy_from_slice(body))
    else {
        return;
    };
    let rules = MatchRules::default();
    let recorded = RecordedRequest::of(&request);
    let one = Meaning::of(&recorded, &rules).expect("the rules are read");
    let live = Meaning::of_live(&request, &rules).expect("the rules are read");
    assert_eq!(one.facets, live.facets);
    assert!(one.is_same(&one));
    let cassette = Cassette::new(vec![Interaction::new(recorded, RecordedResponse::new(204))]);
    let player = Player::new(cassette).expect("the rules are read");
    // A verifier without a challenge before it passes; anything else that is recorded has its answer.
    let answer = player.play(&request).expect("it was recorded");
    assert_eq!(answer.status(), 204);
    // The second time it is explained, whatever it holds.
    let told = player.play(&request).expect_err("it was played");
    let source = std::error::Error::source(&told).expect("an explanation");
    if let Some(unmatched) = source.downcast_ref::<gdata_auth::cassette::Unmatched>() {
        let _page = unmatched.to_text();
        let _json = unmatched.to_json();
    }
});
