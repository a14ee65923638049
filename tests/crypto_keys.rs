//! Key files of every form are read, and what cannot be used is refused by name.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its own world is broken"
)]

use gdata_auth::{
    Error, Kind, Secret,
    crypto::{PrivateKey, PublicKey},
};

/// Private keys that need no passphrase, with their size.
const PRIVATE: [(&str, usize); 5] = [
    ("insecure-rsa2048-pkcs1.pem", 2048),
    ("insecure-rsa2048-pkcs8.pem", 2048),
    ("insecure-rsa1024-pkcs8.pem", 1024),
    ("insecure-rsa4096-pkcs8.pem", 4096),
    ("insecure-rsa8192-pkcs8.pem", 8192),
];

/// Files that hold the public half of the one 2048-bit key.
const PUBLIC: [&str; 3] = [
    "insecure-rsa2048-pub.pem",
    "insecure-rsa2048-pkcs1-pub.pem",
    "insecure-rsa2048-cert.pem",
];

/// What `PrivateKey::read` says of files that it does not take.
const REFUSED_PRIVATE: [(&str, Kind, &str); 12] = [
    (
        "insecure-rsa2048.jks",
        Kind::Unsupported,
        "private key: expected PEM, DER or PKCS#12, got a Java keystore (JKS): convert it with \
         `keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12`",
    ),
    (
        "insecure-rsa2048.jceks",
        Kind::Unsupported,
        "private key: expected PEM, DER or PKCS#12, got a Java keystore (JCEKS): convert it with \
         `keytool -importkeystore -srcstoretype JCEKS -srckeystore FILE -destkeystore key.p12 \
         -deststoretype PKCS12`",
    ),
    (
        "insecure-rsa2048-traditional-encrypted.pem",
        Kind::Unsupported,
        "private key: expected PKCS#8, got the old encryption of OpenSSL (Proc-Type: 4,ENCRYPTED): \
         convert it with `openssl pkcs8 -topk8 -in FILE -out key.pem`",
    ),
    (
        "insecure-rsa2048-openssh.pem",
        Kind::Unsupported,
        "private key: expected PKCS#1, PKCS#8 or PKCS#12, got an OpenSSH key: \
         convert it with `ssh-keygen -p -m PEM -f FILE`",
    ),
    (
        "insecure-dsa1024-pkcs8.pem",
        Kind::Unsupported,
        "private key: expected an RSA key, got a DSA key",
    ),
    (
        "insecure-ec256-pkcs8.pem",
        Kind::Unsupported,
        "private key: expected an RSA key, got an EC key",
    ),
    (
        "insecure-ec256-sec1.pem",
        Kind::Unsupported,
        "private key: expected an RSA key, got an EC key",
    ),
    (
        "insecure-rsa2048-cert.pem",
        Kind::Key,
        "private key: expected PKCS#1, PKCS#8 or PKCS#12, got a certificate",
    ),
    (
        "insecure-rsa2048-pub.pem",
        Kind::Key,
        "private key: expected PKCS#1, PKCS#8 or PKCS#12, got a public key",
    ),
    (
        "insecure-rsa2048-pkcs1-pub.pem",
        Kind::Key,
        "private key: expected PKCS#1, PKCS#8 or PKCS#12, got a public key",
    ),
    (
        "insecure-rsa512-pkcs8.pem",
        Kind::Key,
        "private key: expected 1024 to 8192 bits, got 512",
    ),
    (
        "README.md",
        Kind::Key,
        "private key: expected PEM, base64 or DER, got something else",
    ),
];

/// What `PublicKey::read` says of files that it does not take.
const REFUSED_PUBLIC: [(&str, Kind, &str); 7] = [
    (
        "insecure-dsa1024-pub.pem",
        Kind::Unsupported,
        "public key: expected an RSA key, got a DSA key",
    ),
    (
        "insecure-ec256-pub.pem",
        Kind::Unsupported,
        "public key: expected an RSA key, got an EC key",
    ),
    (
        "insecure-rsa2048-pkcs8.pem",
        Kind::Key,
        "public key: expected a public key or a certificate, got a private key",
    ),
    (
        "insecure-rsa2048.p12",
        Kind::Key,
        "public key: expected a public key or a certificate, got a PKCS#12 file",
    ),
    (
        "insecure-rsa2048.jks",
        Kind::Unsupported,
        "public key: expected PEM, DER or PKCS#12, got a Java keystore (JKS): convert it with \
         `keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12`",
    ),
    (
        "insecure-rsa512-pub.pem",
        Kind::Key,
        "public key: expected 1024 to 8192 bits, got 512",
    ),
    (
        "insecure-rsa8200-pub.pem",
        Kind::Key,
        "public key: expected 1024 to 8192 bits, got 8200",
    ),
];

#[test]
fn reads_every_plain_private_key_and_tells_its_size() {
    for (name, bits) in PRIVATE {
        let key = PrivateKey::read(&file(name), None).expect(name);
        assert_eq!(key.bits(), bits, "{name}");
        assert_eq!(key.public_key().bits(), bits, "{name}");
        assert_eq!(PrivateKey::from_pem(&text(name)).expect(name).bits(), bits);
    }
}

#[test]
fn reads_the_same_public_key_from_every_file_of_it() {
    let key = PrivateKey::read(&file("insecure-rsa2048-pkcs1.pem"), None).unwrap();
    for name in PUBLIC {
        assert_eq!(&PublicKey::read(&file(name)).expect(name), key.public_key());
        assert_eq!(
            &PublicKey::from_pem(&text(name)).expect(name),
            key.public_key()
        );
    }
}

#[test]
fn prints_a_public_key_as_openssl_does() {
    for name in PUBLIC {
        let key = PublicKey::read(&file(name)).unwrap();
        assert_eq!(key.to_pem(), text("insecure-rsa2048-pub.pem"), "{name}");
    }
}

#[test]
fn prints_a_private_key_that_reads_back() {
    let key = PrivateKey::read(&file("insecure-rsa2048-pkcs1.pem"), None).unwrap();
    let printed = key.to_pem().unwrap();
    assert_eq!(printed.expose(), text("insecure-rsa2048-pkcs8.pem"));
    let back = PrivateKey::from_pem(printed.expose()).unwrap();
    assert_eq!(back.public_key(), key.public_key());
}

#[test]
fn takes_pem_as_loosely_as_it_was_kept() {
    let strict = text("insecure-rsa2048-pkcs8.pem");
    let certificate = text("insecure-rsa2048-cert.pem");
    let base64: String = strict
        .lines()
        .filter(|line| !line.contains("-----"))
        .collect();
    let as_pkcs1 = text("insecure-rsa2048-pkcs1.pem");
    let loose = [
        ("indented", strict.replace('\n', "\n    ")),
        ("tabs", strict.replace('\n', "\t\n\t")),
        ("crlf", strict.replace('\n', "\r\n")),
        ("on one line", strict.replace('\n', " ")),
        ("byte order mark", format!("\u{feff}{strict}")),
        (
            "attributes before",
            format!("Bag Attributes\n    friendlyName: authsubkey\n{strict}"),
        ),
        ("certificate before", format!("{certificate}{strict}")),
        ("certificate after", format!("{strict}{certificate}")),
        ("a torn block before", format!("-----BEGIN X\n{strict}")),
        ("bare base64", base64.clone()),
        ("bare base64, wrapped", base64.replace('M', "\r\n M")),
        (
            "PKCS#1 under the label of PKCS#8",
            as_pkcs1.replace("RSA ", ""),
        ),
    ];
    let expected = PublicKey::from_pem(&certificate).unwrap();
    for (how, text) in loose {
        let key = PrivateKey::from_pem(&text).expect(how);
        assert_eq!(key.public_key(), &expected, "{how}");
        let key = PrivateKey::read(text.as_bytes(), None).expect(how);
        assert_eq!(key.public_key(), &expected, "{how}");
    }
    let both = format!("{strict}{certificate}");
    assert_eq!(PublicKey::from_pem(&both).unwrap(), expected);
}

#[test]
fn ignores_a_passphrase_where_nothing_is_encrypted() {
    let passphrase = Secret::new("not asked for");
    let file = file("insecure-rsa2048-pkcs8.pem");
    let key = PrivateKey::read(&file, Some(&passphrase)).unwrap();
    assert_eq!(key.bits(), 2048);
}

#[test]
fn refuses_private_keys_by_name() {
    for (name, kind, message) in REFUSED_PRIVATE {
        let refusal = PrivateKey::read(&file(name), None).expect_err(name);
        assert_eq!(
            (refusal.kind(), refusal.to_string().as_str()),
            (kind, message),
            "{name}"
        );
    }
}

#[test]
fn refuses_ber_with_the_command_that_converts_it() {
    let refusal = PrivateKey::read(&[0x30, 0x80, 2, 1, 3, 0x30, 0x80], None).unwrap_err();
    assert_eq!(refusal.kind(), Kind::Unsupported);
    assert_eq!(
        refusal.to_string(),
        "private key: expected PEM, DER or PKCS#12, got BER of indefinite length: \
         convert it with `openssl pkcs12 -legacy -in FILE -out key.pem`"
    );
}

#[test]
fn refuses_public_keys_by_name() {
    for (name, kind, message) in REFUSED_PUBLIC {
        let refusal = PublicKey::read(&file(name)).expect_err(name);
        assert_eq!(
            (refusal.kind(), refusal.to_string().as_str()),
            (kind, message),
            "{name}"
        );
    }
}

#[test]
fn says_that_an_encrypted_key_needs_a_passphrase() {
    let refusal = PrivateKey::read(&file("insecure-rsa2048-pbes2-aes256.pem"), None).unwrap_err();
    assert_eq!(refusal.kind(), Kind::Key);
    assert_eq!(
        refusal.to_string(),
        "private key: expected a passphrase for the encrypted key, got none"
    );
}

#[cfg(not(feature = "keystore"))]
#[test]
fn names_the_feature_that_an_encrypted_key_needs() {
    let passphrase = Secret::new("changeit");
    for name in ["insecure-rsa2048-pbes2-aes256.pem", "insecure-rsa2048.p12"] {
        let refusal = PrivateKey::read(&file(name), Some(&passphrase)).expect_err(name);
        assert_eq!(refusal.kind(), Kind::Unsupported);
        assert!(refusal.to_string().contains("the feature `keystore`"));
    }
}

#[test]
fn refuses_a_file_of_more_than_a_mebibyte() {
    let huge = vec![b'A'; (1 << 20) + 1];
    for (refusal, half) in [
        (PrivateKey::read(&huge, None).unwrap_err(), "private"),
        (PublicKey::read(&huge).unwrap_err(), "public"),
    ] {
        let expected = format!("{half} key: expected at most 1048576 bytes, got 1048577");
        assert_eq!(refusal.to_string(), expected);
    }
}

#[test]
fn refuses_a_key_whose_parts_do_not_belong_together() {
    let mut der = pem_body(&text("insecure-rsa2048-pkcs1.pem"));
    let middle = der.len() / 2;
    der[middle] ^= 1;
    let refusal = PrivateKey::from_der(&der).unwrap_err();
    assert_eq!(refusal.kind(), Kind::Key);
    assert_eq!(
        refusal.to_string(),
        "private key: expected two primes and exponents that belong together, got others"
    );
}

#[test]
fn shows_no_key_material_in_debug_or_errors() {
    let body = pem_body(&text("insecure-rsa2048-pkcs1.pem"));
    let key = PrivateKey::from_der(&body).unwrap();
    let mut shown = format!("{key:?} {:?} {:?}", key.public_key(), key.to_pem());
    for length in (0..body.len()).step_by(7) {
        for bytes in [&body[..length], &body[length..]] {
            shown +=
                &PrivateKey::read(bytes, None).map_or_else(|e| everything(&e), |_| String::new());
        }
        let mut torn = text("insecure-rsa2048-pkcs1.pem");
        torn.replace_range(40 + length..41 + length, "!");
        shown += &PrivateKey::from_pem(&torn).map_or_else(|e| everything(&e), |_| String::new());
    }
    assert!(shown.contains("PrivateKey(2048 bits)"));
    for line in text("insecure-rsa2048-pkcs1.pem").lines().skip(1) {
        for piece in line.as_bytes().chunks_exact(8) {
            let piece = std::str::from_utf8(piece).unwrap();
            assert!(
                piece.contains("---") || !shown.contains(piece),
                "{piece} is shown"
            );
        }
    }
    for run in body.windows(4).step_by(3) {
        let decimal = format!("{}, {}, {}, {}", run[0], run[1], run[2], run[3]);
        let hex: String = run.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!shown.contains(&decimal), "{decimal} is shown");
        assert!(!shown.to_lowercase().contains(&hex), "{hex} is shown");
    }
}

/// Everything that an error shows, its sources included.
fn everything(error: &Error) -> String {
    let mut shown = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        shown += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    shown
}

fn pem_body(text: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let base64: String = text.lines().filter(|line| !line.contains('-')).collect();
    STANDARD.decode(base64).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("fixtures/keys/{name}")).expect(name)
}
