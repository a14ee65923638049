//! The emulator as an axum service, on a socket that axum serves.

mod support;

use bytes::Bytes;
use gdata_auth::{Exchange, authsub::Accounts, run, transport::Reqwest};
use support::world::{World, YOUTUBE, authorized, get};

#[tokio::test]
async fn answers_under_axum_as_it_does_in_memory() {
    let world = World::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, world.google.router()).with_graceful_shutdown(async {
        let _ = stopped.await;
    });
    let server = tokio::spawn(server.into_future());

    let accounts = Accounts::at(&format!("{base}/accounts")).unwrap();
    let link = world.link(YOUTUBE).secure(true);
    let token = world.single_use(&link);
    let http = Reqwest::new().unwrap();
    let exchange = token.exchange(&accounts, &world.stamp()).unwrap();
    assert!(exchange.request().uri().to_string().starts_with(&base));
    let session = run(&exchange, &http).await.unwrap();

    let uploads = format!("{base}/feeds/api/users/default/uploads");
    let request: http::Request<Bytes> = authorized(&session, get(&uploads), &world.stamp());
    let answer = gdata_auth::Transport::send(&http, request).await.unwrap();
    assert_eq!(answer.status(), 200);

    drop(http);
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}
