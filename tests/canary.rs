//! Marked secrets go through every public type and every failure, and must come out of none.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    AuthScheme, Exchange, Secret, Timestamp, Transport,
    authsub::{
        Accounts, AuthSubRequest, Header, Redirect, SessionToken, SingleUseToken, TokenInfo,
    },
    client::AuthorizedClient,
    crypto::{PrivateKey, PublicKey, RsaSigner},
    gdata::{Envelope, Refusal},
    store::{FileStore, GrantKey, MemoryStore, Put, StoredAccess, StoredGrant, TokenStore, update},
    transport::{Mishap, TransportError},
    wire::{challenge::Challenge, query::Pairs},
};
use support::canary::Seen;
use support::world::{KEY, UPLOADS, World, get};

const TOKEN: &str = "CANARY-token-4711";
const DEVELOPER_KEY: &str = "CANARY-devkey-4712";
const NONCE: &str = "4713";

fn token() -> SessionToken {
    SessionToken::new(TOKEN).unwrap()
}

#[test]
fn no_debug_shows_a_secret() {
    let world = World::new();
    let key = PrivateKey::from_pem(KEY).unwrap();
    let mut seen = Seen::default();
    seen.debug(&Secret::new(TOKEN));
    seen.debug(&SingleUseToken::new(TOKEN).unwrap().secured_by(key.signer()));
    seen.debug(&token());
    seen.debug(&token().secured_by(key.signer()));
    seen.debug(&AuthScheme::from(token()));
    seen.debug(&Header::parse(&format!("AuthSub token={TOKEN}")).unwrap());
    seen.debug(
        &Header::parse(&format!(
            "AuthSub token={TOKEN} sigalg=rsa-sha1 data='GET http://a.test/?key=CANARY 1 {NONCE}' sig=Q0FOQVJZ"
        ))
        .unwrap(),
    );
    seen.debug(&Redirect::parse(&format!("http://a.test/?token={TOKEN}")).unwrap());
    let accounts = Accounts::google();
    let single = SingleUseToken::new(TOKEN).unwrap();
    let exchange = single.exchange(&accounts, &world.stamp()).unwrap();
    seen.debug(&exchange);
    seen.debug(&exchange.request());
    seen.debug(&token().token_info(&accounts, &world.stamp()).unwrap());
    seen.debug(&token().revoke(&accounts, &world.stamp()).unwrap());
    let envelope = Envelope::new().with_developer_key(DEVELOPER_KEY).unwrap();
    seen.debug(&envelope);
    let (mut parts, ()) = http::Request::get(UPLOADS).body(()).unwrap().into_parts();
    envelope.apply(&mut parts);
    token().authorize(&mut parts, &world.stamp()).unwrap();
    assert_eq!(parts.headers.len(), 2);
    seen.debug(&parts.headers);
    seen.debug(&AuthorizedClient::new(world.google.clone(), token()).with_envelope(envelope));
    seen.debug(&world.google);
    seen.debug(&key);
    seen.debug(&RsaSigner::new(&key));
    seen.assert_clean(32);
}

#[test]
fn no_error_repeats_what_it_could_not_read() {
    let mut seen = Seen::default();
    let broken = format!("{TOKEN}\u{7}");
    seen.refused(SessionToken::new(broken.as_str()));
    seen.refused(SingleUseToken::new(format!("{TOKEN}\"").as_str()));
    for value in [
        format!("AuthSub token=\"{TOKEN}"),
        format!("AuthSub token={TOKEN} token={TOKEN}"),
        format!("AuthSub token={TOKEN} sig={TOKEN}"),
        format!("AuthSub token={TOKEN} sigalg=rsa-sha1 data=x sig=!{TOKEN}"),
        format!("AuthSub token={TOKEN} sigalg={TOKEN} data=x sig=AAAA"),
        format!("Bearer {TOKEN}"),
        format!("AuthSub {TOKEN}"),
        format!("AuthSub {TOKEN}=\"abc"),
        format!("AuthSub 1/{TOKEN}='abc"),
        format!("AuthSub token=a sigalg=rsa-sha1 {TOKEN}=\""),
    ] {
        seen.refused(Header::parse(&value));
    }
    for value in [format!("{TOKEN}=x"), format!("AuthSub {TOKEN}=\"x")] {
        seen.refused(Challenge::parse(&value));
    }
    for query in [
        format!("{TOKEN}=%zz"),
        format!("1%2F{TOKEN}=%ff"),
        format!("{TOKEN}%zz="),
    ] {
        seen.refused(Pairs::parse(&query));
        seen.refused(AuthSubRequest::parse(&query));
    }
    for address in [
        format!("http://a.test/?token={TOKEN}&token={TOKEN}"),
        format!("http://a.test/?token={TOKEN}%zz"),
        format!("http://a.test/?token={TOKEN}%22"),
        format!("http://a.test/?Token={TOKEN}%ff"),
        format!("http://a.test/?token=t&auth_sub_scopes={TOKEN}%ff"),
    ] {
        seen.refused(Redirect::parse(&address));
    }
    let link = AuthSubRequest::new("http://a.test/").unwrap();
    seen.refused(link.read_redirect(&format!("http://b.test/?token={TOKEN}")));
    seen.refused(AuthSubRequest::new(format!("/{TOKEN}")));
    seen.refused(Accounts::at(&format!("http://a.test/?{TOKEN}")));
    seen.refused(TokenInfo::parse(
        format!("Secure={TOKEN}\nTarget=a\nScope=b").as_bytes(),
    ));
    seen.refused(Envelope::new().with_developer_key(format!("{DEVELOPER_KEY}\n").as_str()));
    seen.refused(PrivateKey::read(
        KEY.replace("MIIEv", "MIICANARY").as_bytes(),
        None,
    ));
    seen.refused(PrivateKey::read(&KEY.as_bytes()[..KEY.len() / 2], None));
    seen.refused(PublicKey::read(KEY.as_bytes()));
    seen.assert_clean(80);
}

#[test]
fn no_refusal_repeats_a_token_that_the_server_echoed() {
    let mut seen = Seen::default();
    let echo = format!("Invalid token: Cannot parse AuthSub token: {TOKEN}");
    let bodies = [
        (
            403,
            "text/html",
            format!("<HTML><HEAD><TITLE>{echo}</TITLE></HEAD></HTML>"),
        ),
        (403, "text/plain", echo.clone()),
        (
            401,
            "application/json",
            format!(r#"{{"error":{{"code":401,"message":"{echo}"}}}}"#),
        ),
        (
            403,
            "application/vnd.google.gdata.error+xml",
            format!(
                "<errors><error><domain>GData</domain><code>x</code><internalReason>{echo}</internalReason></error></errors>"
            ),
        ),
    ];
    for (status, kind, body) in bodies {
        let answer = http::Response::builder()
            .status(status)
            .header("content-type", kind)
            .body(Bytes::from(body))
            .unwrap();
        let refusal = Refusal::read(&answer).unwrap();
        seen.debug(&refusal);
        seen.text(refusal.to_string());
        seen.error(&refusal.into_error());
    }
    seen.assert_clean(20);
}

#[tokio::test]
async fn no_failure_of_a_client_or_an_exchange_shows_the_credential() {
    let world = World::new();
    let mut seen = Seen::default();
    let accounts = Accounts::google();
    let single = SingleUseToken::new(TOKEN).unwrap();
    seen.refused(world.run(single.exchange(&accounts, &world.stamp())).await);
    seen.refused(
        world
            .run(token().token_info(&accounts, &world.stamp()))
            .await,
    );
    seen.refused(world.run(token().revoke(&accounts, &world.stamp())).await);

    let client = AuthorizedClient::new(world.google.clone(), token());
    seen.refused(client.request(get(UPLOADS)).await);
    seen.refused(
        client
            .request(get(&format!(
                "http://gdata.youtube.com/feeds/api/users/default/uploads?key={TOKEN}"
            )))
            .await,
    );
    let broken = |_: http::Request<Bytes>| {
        std::future::ready(Err::<http::Response<Bytes>, _>(TransportError::new(
            Mishap::Connect,
            "no connection",
        )))
    };
    let client = AuthorizedClient::new(broken, token());
    seen.refused(client.request(get(UPLOADS)).await);
    seen.text(format!(
        "{:?}",
        client.send(get(UPLOADS)).await.unwrap_err()
    ));

    for entry in world.google.journal() {
        seen.text(entry.to_string());
        seen.debug(&entry);
    }
    seen.assert_clean(40);
}

#[test]
fn no_store_shows_what_it_keeps() {
    let mut seen = Seen::default();
    let now = Timestamp::from_unix_seconds(1_300_000_000);
    let access = StoredAccess::new(TOKEN, now);
    let grant = StoredGrant::new(now)
        .with_refresh_token(TOKEN)
        .with_access_token(access.clone())
        .with_extra("x-proof", TOKEN)
        .unwrap();
    let kept = grant.to_json();
    assert_eq!(kept.expose().matches("CANARY").count(), 3);
    seen.debug(&access);
    seen.debug(&grant);
    seen.debug(&kept);
    seen.refused(StoredGrant::new(now).with_extra("version", TOKEN));
    seen.refused(GrantKey::new("i", "c", format!("{TOKEN}\n")));
    seen.refused(StoredGrant::from_json(&kept.expose()[..80]));
    for (from, to) in [
        ("1300000000", "\"CANARY\""),
        ("\"version\":1", "\"version\":\"CANARY\""),
        ("\"consents\":1", "\"consents\":1CANARY"),
        ("\"granted\":\"\"", "\"granted\":\"CANARY\u{7f}\""),
    ] {
        seen.refused(StoredGrant::from_json(&kept.expose().replace(from, to)));
    }

    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("canary-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let memory = MemoryStore::new();
    let file = FileStore::open(&folder).unwrap();
    let key = GrantKey::new("i", "c", "a").unwrap();
    for store in [&memory as &dyn TokenStore, &file] {
        seen.debug(&update(store, &key, |_| grant.clone()).unwrap());
        seen.debug(&store.load(&key).unwrap());
        seen.debug(&store.list().unwrap());
        seen.debug(
            &store
                .lease(&key, std::time::Duration::from_secs(9))
                .unwrap(),
        );
        let put = store.put(&key, &grant, None).unwrap();
        assert_eq!(put, Put::Conflict);
        seen.debug(&put);
        seen.debug(&store);
    }
    let path = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|found| found == "json"))
        .unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    for broken in [
        text[..text.len() / 2].to_owned(),
        text.replace("\"refresh_token\":", "\"refresh_token\":7"),
        text.replace("1300000000", "\"CANARY\""),
        text.replace("\"issuer\":", "\"issuer\":[],\"CANARY\":"),
        TOKEN.to_owned(),
    ] {
        std::fs::write(&path, broken).unwrap();
        seen.refused(file.load(&key));
        seen.refused(update(&file, &key, |_| grant.clone()));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    seen.assert_clean(100);
}
