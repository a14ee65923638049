//! The certificate authority of one run: constrained to the listed hosts, valid for a day, its key in memory alone.

use std::{fmt, net::IpAddr, path::Path, time::Duration};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
    RsaKeySize, SanType, SerialNumber,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::{
    file,
    hosts::{Entry, Hosts},
};
use crate::{
    error::{Error, Kind},
    system::{self, Randomness},
    time::Timestamp,
};

/// The kind of key that an authority and its leaves have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// ECDSA on P-256: quick to make, and every TLS library of the last ten years takes it.
    #[default]
    EcdsaP256,
    /// RSA of 2048 bits, for older clients; it takes a moment to make.
    Rsa2048,
}

/// A certificate authority of one run.
///
/// # Security
/// Who trusts its certificate trusts whoever can read this process's memory, for the listed hosts, for a day.
/// Its key is never written. The constraint of a name also admits names below it (RFC 5280, 4.2.1.10), but
/// no leaf is made for them.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, serve::{CertificateAuthority, Hosts, KeyType}, system::SystemRandomness};
///
/// let hosts = Hosts::new(["www.google.com"])?;
/// let now = Timestamp::from_unix_seconds(1_300_000_000);
/// let authority = CertificateAuthority::new(hosts, KeyType::EcdsaP256, now, &SystemRandomness)?;
/// assert!(authority.certificate_pem().starts_with("-----BEGIN CERTIFICATE-----\n"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub struct CertificateAuthority {
    hosts: Hosts,
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// One for all leaves: it is as secret as the authority's own.
    leaf_key: KeyPair,
    now: Timestamp,
}

/// A leaf with its authority behind it, as a TLS server presents it.
pub(super) struct Chain {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl CertificateAuthority {
    /// Makes the keys and the certificate. It is valid from an hour before `now`, for clocks that are
    /// behind, to a day after.
    ///
    /// Serial numbers come from `randomness`; keys from the random source of the TLS library, which takes no other.
    ///
    /// # Errors
    /// [`Kind::Key`] when a key cannot be made or does not sign.
    pub fn new(
        hosts: Hosts,
        key: KeyType,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<Self, Error> {
        let mut params = params(now, randomness);
        params
            .distinguished_name
            .push(DnType::CommonName, "gdata-auth, one run, listed hosts only");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = Some(constraints(&hosts));
        let issuer = CertifiedIssuer::self_signed(params, make(key)?).map_err(not_made)?;
        Ok(Self {
            hosts,
            issuer,
            leaf_key: make(key)?,
            now,
        })
    }

    /// The hosts that it is good for.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// The certificate, for clients to trust.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        file::pem(self.issuer.der())
    }

    /// Writes the certificate for clients to trust, for everyone to read. It takes the place of the
    /// certificate of an earlier run, and of nothing else.
    ///
    /// # Errors
    /// [`Kind::Input`] when something else than one certificate is there, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::save(path.as_ref(), &self.certificate_pem())
    }

    /// A certificate for one listed host.
    pub(super) fn leaf(&self, host: &str, randomness: &dyn Randomness) -> Result<Chain, Error> {
        let mut params = params(self.now, randomness);
        let name = match host.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(host.try_into().map_err(not_made)?),
        };
        // Clients of the gdata years look here; the field holds no more (RFC 5280, appendix A.1). OpenSSL
        // takes an address here for a name, and measures it by the constraint of names.
        if host.len() <= 64 && matches!(name, SanType::DnsName(_)) {
            params.distinguished_name.push(DnType::CommonName, host);
        }
        params.subject_alt_names = vec![name];
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
        ];
        let leaf = params
            .signed_by(&self.leaf_key, &self.issuer)
            .map_err(not_made)?;
        Ok(Chain {
            certificates: vec![leaf.der().clone(), self.issuer.der().clone()],
            key: PrivatePkcs8KeyDer::from(self.leaf_key.serialize_der()).into(),
        })
    }
}

impl fmt::Debug for CertificateAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateAuthority")
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

/// What authority and leaf have in common.
fn params(now: Timestamp, randomness: &dyn Randomness) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut serial: [u8; 16] = system::random(randomness);
    // Positive, and of full length (RFC 5280, 4.1.2.2).
    serial[0] = serial[0] & 0x3f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.distinguished_name = DistinguishedName::new();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let since = u64::try_from(now.unix_seconds()).unwrap_or_default();
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    params.not_before = epoch + Duration::from_secs(since.saturating_sub(3_600).min(LAST));
    params.not_after = epoch + Duration::from_secs(since.saturating_add(86_400).min(LAST));
    params
}

/// Exactly the listed hosts. A kind of name that is not listed at all would be without bounds, so it is excluded.
fn constraints(hosts: &Hosts) -> NameConstraints {
    let permitted: Vec<GeneralSubtree> = hosts
        .entries()
        .iter()
        .map(|entry| match entry {
            Entry::Name(name) | Entry::Below(name) => GeneralSubtree::DnsName(name.clone()),
            Entry::Address(address) => GeneralSubtree::IpAddress(match address {
                IpAddr::V4(_) => CidrSubnet::from_addr_prefix(*address, 32),
                IpAddr::V6(_) => CidrSubnet::from_addr_prefix(*address, 128),
            }),
        })
        .collect();
    let mut excluded = Vec::new();
    if !permitted
        .iter()
        .any(|subtree| matches!(subtree, GeneralSubtree::DnsName(_)))
    {
        excluded.push(GeneralSubtree::DnsName(String::new()));
    }
    if !permitted
        .iter()
        .any(|subtree| matches!(subtree, GeneralSubtree::IpAddress(_)))
    {
        excluded.push(GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(
            [0; 4], 0,
        )));
        excluded.push(GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(
            [0; 16], 0,
        )));
    }
    NameConstraints {
        permitted_subtrees: permitted,
        excluded_subtrees: excluded,
    }
}

fn make(key: KeyType) -> Result<KeyPair, Error> {
    match key {
        KeyType::EcdsaP256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
        KeyType::Rsa2048 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
    }
    .map_err(not_made)
}

fn not_made(cause: rcgen::Error) -> Error {
    Error::new(
        Kind::Key,
        format!("certificate: expected to make one, got: {cause}"),
    )
    .caused_by(cause)
}

/// The end of the year 9998: what a certificate can say, with room.
const LAST: u64 = 253_370_764_800;

#[cfg(test)]
mod tests {
    //! Whether others honour the constraint: only here can a leaf be made that the authority must not make.

    use std::{
        fs,
        process::{Command, Stdio},
    };

    use tokio_rustls::rustls::{
        RootCertStore,
        client::{WebPkiServerVerifier, danger::ServerCertVerifier},
        crypto::aws_lc_rs,
        pki_types::UnixTime,
    };

    use super::*;
    use crate::system::SystemRandomness;

    const NOW: u64 = 1_900_000_000;

    /// What is listed, what the leaf is for, and whether it has to be taken.
    const TABLE: [(&[&str], &str, bool); 9] = [
        (&["www.google.com"], "www.google.com", true),
        (&["www.google.com"], "accounts.google.com", false),
        (&["www.google.com"], "google.com", false),
        (&["www.google.com"], "www.google.com.evil.example", false),
        (&["www.google.com"], "192.0.2.1", false),
        (
            &["www.google.com", "*.googleapis.com"],
            "oauth2.googleapis.com",
            true,
        ),
        (&["*.googleapis.com"], "www.google.com", false),
        (&["192.0.2.1"], "192.0.2.1", true),
        (&["192.0.2.1"], "www.google.com", false),
    ];

    fn authority(hosts: &[&str], key: KeyType) -> CertificateAuthority {
        let now = Timestamp::from_unix_seconds(i64::try_from(NOW).unwrap());
        CertificateAuthority::new(Hosts::new(hosts).unwrap(), key, now, &SystemRandomness).unwrap()
    }

    #[test]
    fn webpki_takes_listed_hosts_alone() {
        for (hosts, name, good) in TABLE {
            let authority = authority(hosts, KeyType::EcdsaP256);
            let chain = authority.leaf(name, &SystemRandomness).unwrap();
            let mut roots = RootCertStore::empty();
            roots.add(authority.issuer.der().clone()).unwrap();
            let verifier = WebPkiServerVerifier::builder_with_provider(
                roots.into(),
                aws_lc_rs::default_provider().into(),
            )
            .build()
            .unwrap();
            let at = |seconds| {
                verifier.verify_server_cert(
                    &chain.certificates[0],
                    &chain.certificates[1..],
                    &name.try_into().unwrap(),
                    &[],
                    UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
                )
            };
            assert_eq!(at(NOW).is_ok(), good, "{hosts:?} {name}: {:?}", at(NOW));
            assert!(at(NOW + 86_401).is_err() && at(NOW - 3_601).is_err());
        }
    }

    #[test]
    #[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
    fn openssl_takes_listed_hosts_alone() {
        let there = Command::new("openssl")
            .arg("version")
            .stdout(Stdio::null())
            .status();
        if there.is_err() {
            eprintln!("skipped: there is no openssl here");
            return;
        }
        let folder =
            std::env::temp_dir().join(format!("gdata-auth-authority-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (root, leaf) = (folder.join("ca.pem"), folder.join("leaf.pem"));
        for key in [KeyType::EcdsaP256, KeyType::Rsa2048] {
            for (hosts, name, good) in TABLE {
                let authority = authority(hosts, key);
                authority.save(&root).unwrap();
                let chain = authority.leaf(name, &SystemRandomness).unwrap();
                fs::write(&leaf, file::pem(&chain.certificates[0])).unwrap();
                let output = Command::new("openssl")
                    .args(["verify", "-x509_strict", "-purpose", "sslserver"])
                    .args(["-attime", &NOW.to_string(), "-CAfile"])
                    .args([&root, &leaf])
                    .output()
                    .unwrap();
                let words = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.success(), good, "{hosts:?} {name}: {words}");
                // 47: permitted subtree violation, 48: excluded subtree violation.
                let violates = words.contains("error 47") || words.contains("error 48");
                assert!(good || violates, "{hosts:?} {name}: {words}");
            }
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
