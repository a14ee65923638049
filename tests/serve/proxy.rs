//! A server as a proxy: absolute targets, and the TLS of listed hosts.

use std::{fs, sync::Arc};

use gdata_auth::{
    Kind, Timestamp,
    serve::{CertificateAuthority, Hosts, Interception, KeyType, Misbehaviour, Server, Trouble},
    system::{Clock, SystemClock, SystemRandomness},
};
use http::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional, duplex},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, pem::PemObject},
    },
};

use crate::support::{World, body, echo, reply, status};

const GET: &[u8] =
    b"GET /accounts/x?y='z' HTTP/1.1\r\nHost: www.google.com\r\nConnection: close\r\n\r\n";

struct Proxy {
    world: World,
    certificate: String,
}

impl Proxy {
    fn of(hosts: &[&str], key: KeyType) -> Self {
        Self::before(hosts, key, echo)
    }

    fn before(
        hosts: &[&str],
        key: KeyType,
        transport: impl gdata_auth::Transport + 'static,
    ) -> Self {
        // Its clients check certificates by the machine's clock.
        let authority = CertificateAuthority::new(
            Hosts::new(hosts).unwrap(),
            key,
            SystemClock.now(),
            &SystemRandomness,
        )
        .unwrap();
        let certificate = authority.certificate_pem();
        let builder = Server::builder().intercept(Interception::new(authority));
        Self {
            world: World::with(builder, transport),
            certificate,
        }
    }

    fn connector(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap())
            .unwrap();
        let mut config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        TlsConnector::from(Arc::new(config))
    }

    /// TLS with `host`, through the proxy.
    async fn tls(&self, host: &'static str) -> TlsStream<TcpStream> {
        let mut stream = self.world.connect().await;
        let head = format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        read_head(&mut stream).await;
        let name = host.try_into().unwrap();
        self.connector().connect(name, stream).await.unwrap()
    }
}

async fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert_eq!(status(&head), "HTTP/1.1 200 OK");
    assert!(
        !head.contains("content-length") && !head.contains("transfer-encoding"),
        "{head}"
    );
}

async fn heard(stream: &mut TlsStream<TcpStream>) -> String {
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    heard
}

#[tokio::test]
async fn gives_requests_inside_a_tunnel_absolute_targets() {
    for key in [KeyType::EcdsaP256, KeyType::Rsa2048] {
        let proxy = Proxy::of(&["www.google.com"], key);
        let mut stream = proxy.tls("www.google.com").await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        stream.write_all(GET).await.unwrap();
        let heard = heard(&mut stream).await;
        assert_eq!(status(&heard), "HTTP/1.1 200 OK");
        assert_eq!(
            body(&heard),
            "GET https://www.google.com/accounts/x?y='z'\nhost: www.google.com\nconnection: close\n\n"
        );
    }
}

#[tokio::test]
async fn keeps_a_tunnel_open_for_more_requests() {
    let proxy = Proxy::of(&["*.googleapis.com"], KeyType::EcdsaP256);
    let mut stream = proxy.tls("oauth2.googleapis.com").await;
    for target in ["/token", "//double", "/%7Ea?"] {
        let last = if target == "/%7Ea?" {
            "close"
        } else {
            "keep-alive"
        };
        let request = format!(
            "GET {target} HTTP/1.1\r\nhost: OAUTH2.googleapis.com:443\r\nconnection: {last}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
    }
    let heard = heard(&mut stream).await;
    for target in ["/token", "//double", "/%7Ea?"] {
        let asked = format!("\nGET https://oauth2.googleapis.com{target}\n");
        assert!(heard.contains(&asked), "{heard}");
    }
}

#[tokio::test]
async fn takes_a_client_that_does_not_wait_for_the_answer_to_connect() {
    let proxy = Proxy::of(&["www.google.com"], KeyType::EcdsaP256);
    let mut stream = proxy.world.connect().await;
    let (near, mut far) = duplex(64 << 10);
    let connecting = proxy
        .connector()
        .connect("www.google.com".try_into().unwrap(), near);
    let pump = async {
        let mut hello = vec![0; 16 << 10];
        let length = far.read(&mut hello).await.unwrap();
        let mut first = b"CONNECT www.google.com:443 HTTP/1.1\r\n\r\n".to_vec();
        first.extend_from_slice(&hello[..length]);
        stream.write_all(&first).await.unwrap();
        read_head(&mut stream).await;
        let _closed = copy_bidirectional(&mut far, &mut stream).await;
    };
    let talk = async {
        let mut stream = connecting.await.unwrap();
        stream.write_all(GET).await.unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.unwrap();
        heard
    };
    let heard = tokio::select! {
        heard = talk => heard,
        () = async { pump.await; std::future::pending().await } => unreachable!(),
    };
    assert!(
        heard.contains("\nGET https://www.google.com/accounts/x?y='z'\n"),
        "{heard}"
    );
}

#[tokio::test]
async fn opens_no_tunnel_to_a_host_that_is_not_listed() {
    let mut proxy = Proxy::of(&["www.google.com", "*.googleapis.com"], KeyType::EcdsaP256);
    for (target, expected, words) in [
        (
            "accounts.google.com:443",
            "HTTP/1.1 403 Forbidden",
            "accounts.google.com: expected a listed host, got another: add --host accounts.google.com\n",
        ),
        (
            "googleapis.com:443",
            "HTTP/1.1 403 Forbidden",
            "googleapis.com: expected a listed host, got another: add --host googleapis.com\n",
        ),
        (
            "www.google.com:22",
            "HTTP/1.1 403 Forbidden",
            "www.google.com:22: expected port 443, got 22\n",
        ),
        (
            "www.google.com",
            "HTTP/1.1 400 Bad Request",
            "expected CONNECT with a host and a port\n",
        ),
        (
            "user@www.google.com:443",
            "HTTP/1.1 400 Bad Request",
            "expected CONNECT with a host and a port\n",
        ),
    ] {
        let heard = proxy
            .world
            .say(format!("CONNECT {target} HTTP/1.1\r\nConnection: close\r\n\r\n").as_bytes())
            .await;
        assert_eq!((status(&heard), body(&heard)), (expected, words));
        let event = proxy.world.events.recv().await.unwrap();
        assert_eq!(event.trouble(), Trouble::Tunnel);
        assert!(event.to_string().ends_with(words.trim_end()), "{event}");
    }
}

#[tokio::test]
async fn refuses_a_request_for_another_host_inside_a_tunnel() {
    for (request, words) in [
        (
            "GET /x HTTP/1.1\r\nHost: accounts.google.com\r\n\r\n",
            "expected a request for www.google.com, where this tunnel leads, got one for accounts.google.com\n",
        ),
        (
            "GET https://accounts.google.com/x HTTP/1.1\r\nHost: www.google.com\r\n\r\n",
            "expected a request for www.google.com, where this tunnel leads, got one for accounts.google.com\n",
        ),
        (
            "GET http://www.google.com/x HTTP/1.1\r\nHost: www.google.com\r\n\r\n",
            "expected a request for www.google.com, where this tunnel leads, got one for www.google.com\n",
        ),
    ] {
        let proxy = Proxy::of(&["*.google.com"], KeyType::EcdsaP256);
        let mut stream = proxy.tls("www.google.com").await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let heard = heard(&mut stream).await;
        assert_eq!(status(&heard), "HTTP/1.1 421 Misdirected Request");
        assert_eq!(body(&heard), words);
    }
}

#[tokio::test]
async fn opens_no_tunnel_inside_a_tunnel() {
    let proxy = Proxy::of(&["www.google.com"], KeyType::EcdsaP256);
    let mut stream = proxy.tls("www.google.com").await;
    stream
        .write_all(b"CONNECT www.google.com:443 HTTP/1.1\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(
        status(&heard(&mut stream).await),
        "HTTP/1.1 501 Not Implemented"
    );
}

#[tokio::test]
async fn tells_of_a_client_that_does_not_speak_tls() {
    let mut proxy = Proxy::of(&["www.google.com"], KeyType::EcdsaP256);
    let mut stream = proxy.world.connect().await;
    stream
        .write_all(b"CONNECT www.google.com:443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let event = proxy.world.events.recv().await.unwrap();
    assert_eq!(event.trouble(), Trouble::Tunnel);
    assert!(
        event
            .to_string()
            .contains("www.google.com: expected TLS, got: "),
        "{event}"
    );
    proxy.world.is_alive().await;
}

#[tokio::test]
async fn stops_with_tunnels_open() {
    let proxy = Proxy::of(&["www.google.com"], KeyType::EcdsaP256);
    let mut idle = proxy.tls("www.google.com").await;
    let mut before_tls = proxy.world.connect().await;
    before_tls
        .write_all(b"CONNECT www.google.com:443 HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    read_head(&mut before_tls).await;
    proxy.world.server.stop().await.unwrap();
    assert_eq!(heard(&mut idle).await, "");
}

#[tokio::test]
async fn resets_inside_a_tunnel() {
    let torn = |_: Request<bytes::Bytes>| {
        let mut torn = reply("Token=x\n");
        torn.extensions_mut().insert(Misbehaviour::reset_after(5));
        std::future::ready(Ok(torn))
    };
    let proxy = Proxy::before(&["www.google.com"], KeyType::EcdsaP256, torn);
    let mut stream = proxy.tls("www.google.com").await;
    stream.write_all(GET).await.unwrap();
    let mut heard = Vec::new();
    let error = stream.read_to_end(&mut heard).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(
        heard.ends_with(b"\r\n\r\nToken"),
        "{}",
        heard.escape_ascii()
    );
}

#[test]
fn lists_hosts_by_name_suffix_and_address() {
    let hosts = Hosts::new([
        "WWW.google.com.",
        "*.googleapis.com",
        "192.0.2.1",
        "[2001:db8::1]",
    ]);
    let hosts = hosts.unwrap();
    for (host, listed) in [
        ("www.google.com", true),
        ("Www.Google.Com", true),
        ("google.com", false),
        ("a.www.google.com", false),
        ("oauth2.googleapis.com", true),
        ("a.b.googleapis.com", true),
        ("googleapis.com", false),
        (".googleapis.com", false),
        ("a..googleapis.com", false),
        ("evilgoogleapis.com", false),
        ("192.0.2.1", true),
        ("192.0.2.2", false),
        ("2001:db8:0::1", true),
        ("", false),
    ] {
        assert_eq!(hosts.lists(host), listed, "{host}");
    }
    for (wrong, message) in [
        (vec![], "host: expected at least one, got none"),
        (
            vec!["*.com"],
            "host: expected a suffix of two labels at least, got \"*.com\"",
        ),
        (
            vec!["*"],
            "host: expected a name such as www.google.com or *.googleapis.com, got \"*\"",
        ),
        (
            vec!["https://www.google.com"],
            "host: expected a name such as www.google.com or *.googleapis.com, got \"https://www.google.com\"",
        ),
    ] {
        let error = Hosts::new(wrong).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string()),
            (Kind::Input, message.to_owned())
        );
    }
}

#[test]
fn overwrites_a_certificate_and_nothing_else() {
    let now = Timestamp::from_unix_seconds(1_900_000_000);
    let hosts = Hosts::new(["www.google.com"]).unwrap();
    let authority = CertificateAuthority::new(hosts, KeyType::EcdsaP256, now, &SystemRandomness);
    let authority = authority.unwrap();
    let shown = format!("{authority:?}");
    assert!(!shown.contains("key") && !shown.contains("Key"), "{shown}");

    let folder = std::env::temp_dir().join(format!("gdata-auth-ca-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("ca.pem");
    for _ in 0..2 {
        authority.save(&path).unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            authority.certificate_pem()
        );
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
    let bundle = authority.certificate_pem().repeat(2);
    let with_key = format!("{bundle}-----BEGIN PRIVATE KEY-----\n");
    for there in ["", "notes", bundle.as_str(), with_key.as_str()] {
        fs::write(&path, there).unwrap();
        let error = authority.save(&path).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert!(
            error
                .to_string()
                .ends_with("expected no file, or one with one certificate, got something else"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), there);
    }
    assert_eq!(authority.save(&folder).unwrap_err().kind(), Kind::Input);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::remove_dir_all(&folder).unwrap();
}
