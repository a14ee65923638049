//! Before, at and after the end of a token.

use gdata_auth::client::TokenSource;

use super::{Time, kept, server::Server, source, store};

fn secret(issued: &gdata_auth::client::Issued) -> String {
    issued.token.secret().expose().to_owned()
}

#[tokio::test]
async fn ten_thousand_tasks_at_expiry_make_one_call() {
    let (server, time) = (Server::new().then_token("ya29.new", 3_600), Time::new());
    let source = source(&server, store(), &time);
    let gate = server.hold();
    let tasks: Vec<_> = (0..10_000)
        .map(|_| {
            let source = source.clone();
            tokio::spawn(async move { secret(&source.token().await.unwrap()) })
        })
        .collect();
    server.arrived().await;
    gate.notify_one();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "ya29.new");
    }
    assert_eq!(server.spent(), ["1//first"]);
}

#[tokio::test]
async fn a_fresh_token_is_handed_out_without_a_call_until_225_seconds_before_its_end() {
    let server = Server::new()
        .then_token("ya29.1", 3_600)
        .then_token("ya29.2", 3_600);
    let time = Time::new();
    let source = source(&server, store(), &time);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
    time.pass(3_600 - 226);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
    assert_eq!(server.spent().len(), 1);
    time.pass(1);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.2");
    assert_eq!(server.spent().len(), 2);
}

#[tokio::test]
async fn while_one_refreshes_early_the_others_go_on_with_the_old_token() {
    let server = Server::new()
        .then_token("ya29.1", 3_600)
        .then_token("ya29.2", 3_600);
    let time = Time::new();
    let source = source(&server, store(), &time);
    source.token().await.unwrap();
    time.pass(3_500);
    let gate = server.hold();
    let leader = tokio::spawn({
        let source = source.clone();
        async move { secret(&source.token().await.unwrap()) }
    });
    server.arrived().await;
    server.arrived().await;
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
    gate.notify_one();
    assert_eq!(leader.await.unwrap(), "ya29.2");
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.2");
}

#[tokio::test]
async fn a_good_token_survives_a_refresh_that_failed_early_and_is_not_asked_for_at_once_again() {
    let server = Server::new()
        .then_token("ya29.1", 3_600)
        .then(502, "<html>Bad Gateway</html>")
        .then_torn()
        .then_token("ya29.2", 3_600);
    let time = Time::new();
    let source = source(&server, store(), &time);
    source.token().await.unwrap();
    time.pass(3_400);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
    assert_eq!(server.spent().len(), 2, "a pause after a failure");
    time.pass(10);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
    time.pass(10);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.2");
}

#[tokio::test]
async fn once_it_has_ended_a_failure_is_told_to_all_who_wait() {
    let server = Server::new().then_torn().then_token("ya29.1", 3_600);
    let time = Time::new();
    let source = source(&server, store(), &time);
    let gate = server.hold();
    let waiting = futures_util::future::join_all((0..100).map(|_| source.token()));
    let open = async {
        server.arrived().await;
        gate.notify_one();
    };
    for outcome in futures_util::future::join(waiting, open).await.0 {
        let error = outcome.unwrap_err();
        assert!(error.is_transient());
        assert_eq!(error.to_string(), "broke off");
    }
    assert_eq!(server.spent().len(), 1);
    // Nothing is poisoned: the next one gets its token.
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
}

#[tokio::test]
async fn a_server_that_says_when_to_come_back_is_left_alone_until_then() {
    let server = Server::new()
        .then_header(503, "retry-after", "30")
        .then_token("ya29.1", 3_600);
    let time = Time::new();
    let source = source(&server, store(), &time);
    assert!(source.token().await.unwrap_err().is_transient());
    time.pass(29);
    assert!(source.token().await.unwrap_err().is_transient());
    assert_eq!(server.spent().len(), 1);
    time.pass(1);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
}

#[tokio::test]
async fn a_token_of_a_minute_is_not_replaced_with_every_request() {
    let server = Server::new()
        .then_token("ya29.1", 60)
        .then_token("ya29.2", 60);
    let time = Time::new();
    let source = source(&server, store(), &time);
    for _ in 0..30 {
        source.token().await.unwrap();
        time.pass(1);
    }
    assert_eq!(server.spent().len(), 1);
    time.pass(12);
    source.token().await.unwrap();
    assert_eq!(server.spent().len(), 2);
}

#[tokio::test]
async fn a_token_without_an_end_is_used_until_it_is_refused() {
    let server = Server::new().then(200, r#"{"access_token":"ya29.1","token_type":"Bearer"}"#);
    let time = Time::new();
    let source = source(&server, store(), &time);
    source.token().await.unwrap();
    time.pass(400 * 86_400);
    assert_eq!(secret(&source.token().await.unwrap()), "ya29.1");
}

#[tokio::test]
async fn an_answer_without_a_refresh_token_leaves_the_good_one() {
    let server = Server::new().then_token("ya29.1", 3_600);
    let (time, store) = (Time::new(), store());
    source(&server, store.clone(), &time).token().await.unwrap();
    let kept = kept(&*store);
    assert_eq!(kept.refresh_token().unwrap().expose(), "1//first");
    assert_eq!(kept.access_token().unwrap().token().expose(), "ya29.1");
    assert_eq!(kept.refreshed_at(), Some(time.at()));
}
