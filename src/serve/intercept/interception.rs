//! Which tunnels end here, and their TLS.

use std::{
    collections::HashMap,
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs},
    server::TlsStream,
};

use super::{authority::CertificateAuthority, rewound::Rewound};
use crate::{
    error::{Error, Kind},
    serve::{
        ServerBuilder,
        raw::Wire,
        tunnel::{HTTPS, Place, Tunnels},
    },
    system::{Randomness, SystemRandomness},
};

/// Ends the TLS of the hosts that a [`CertificateAuthority`] is good for.
///
/// # Examples
/// ```no_run
/// use gdata_auth::{
///     serve::{CertificateAuthority, Hosts, Interception, KeyType, Server},
///     system::{Clock, SystemClock, SystemRandomness},
/// };
///
/// # fn serve(transport: impl gdata_auth::Transport + 'static) -> Result<(), gdata_auth::Error> {
/// let hosts = Hosts::new(["www.google.com", "*.googleapis.com"])?;
/// let authority = CertificateAuthority::new(hosts, KeyType::EcdsaP256, SystemClock.now(), &SystemRandomness)?;
/// authority.save("ca.pem")?;
/// let server = Server::builder()
///     .intercept(Interception::new(authority))
///     .bind(([127, 0, 0, 1], 0), transport)?;
/// println!("curl -x {} --cacert ca.pem https://www.google.com/", server.origin());
/// # Ok(())
/// # }
/// ```
pub struct Interception {
    authority: CertificateAuthority,
    ports: Vec<u16>,
    randomness: Box<dyn Randomness>,
    /// Of hosts that were asked for.
    servers: Mutex<HashMap<String, Arc<ServerConfig>>>,
}

impl Interception {
    /// The authority's hosts, on port 443.
    #[must_use]
    pub fn new(authority: CertificateAuthority) -> Self {
        Self {
            authority,
            ports: vec![HTTPS],
            randomness: Box::new(SystemRandomness),
            servers: Mutex::default(),
        }
    }

    /// These ports instead of 443.
    #[must_use]
    pub fn ports(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.ports = ports.into_iter().collect();
        self
    }

    /// Serial numbers of leaves from here, instead of the system's source.
    #[must_use]
    pub fn randomness(mut self, randomness: impl Randomness + 'static) -> Self {
        self.randomness = Box::new(randomness);
        self
    }

    fn server(&self, host: &str) -> Result<Arc<ServerConfig>, Error> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = servers.get(host) {
            return Ok(Arc::clone(server));
        }
        let server = Arc::new(self.make(host)?);
        // A suffix has names without end.
        if servers.len() == KEPT {
            servers.clear();
        }
        servers.insert(host.to_owned(), Arc::clone(&server));
        Ok(server)
    }

    fn make(&self, host: &str) -> Result<ServerConfig, Error> {
        let chain = self.authority.leaf(host, &*self.randomness)?;
        let refused = |cause| {
            Error::new(
                Kind::Key,
                format!("{host}: expected to serve TLS, got: {cause}"),
            )
            .caused_by(cause)
        };
        let mut server = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(refused)?
            .with_no_client_auth()
            .with_single_cert(chain.certificates, chain.key)
            .map_err(refused)?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(server)
    }
}

impl Tunnels for Interception {
    fn admit(&self, place: &Place) -> Result<(), String> {
        if !self.authority.hosts().lists(&place.host) {
            return Err(format!(
                "{place}: expected a listed host, got another: add --host {}\n",
                place.host
            ));
        }
        if !self.ports.contains(&place.port) {
            let ports: Vec<String> = self.ports.iter().map(u16::to_string).collect();
            return Err(format!(
                "{place}: expected port {}, got {}\n",
                ports.join(" or "),
                place.port
            ));
        }
        Ok(())
    }

    fn accept<'a>(
        &'a self,
        place: &'a Place,
        stream: TcpStream,
        read: Bytes,
    ) -> BoxFuture<'a, io::Result<Box<dyn Wire>>> {
        Box::pin(async move {
            let server = self.server(&place.host).map_err(io::Error::other)?;
            let accepted = TlsAcceptor::from(server).accept(Rewound { read, stream });
            Ok(Box::new(accepted.await?) as Box<dyn Wire>)
        })
    }
}

impl Wire for TlsStream<Rewound> {
    fn reset_on_drop(&self) -> io::Result<()> {
        self.get_ref().0.stream.set_zero_linger()
    }
}

impl fmt::Debug for Interception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interception")
            .field("authority", &self.authority)
            .field("ports", &self.ports)
            .finish_non_exhaustive()
    }
}

impl ServerBuilder {
    /// Makes the server a proxy for `https` as well: `CONNECT` to a listed host reaches the transport as
    /// requests with absolute `https` targets; to any other it is answered 403.
    pub fn intercept(mut self, interception: Interception) -> Self {
        self.tunnels = Some(Arc::new(interception));
        self
    }
}

/// How many hosts' servers are kept.
const KEPT: usize = 1_024;
