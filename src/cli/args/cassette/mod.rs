//! The options of `cassette`.

mod convert;
mod inspect;
mod serve;

use clap::Subcommand;

pub(in crate::cli) use convert::Convert;
pub(in crate::cli) use inspect::{Diff, Inspect};
pub(in crate::cli) use serve::{ModeArg, OrderArg, Run, Serve, TimeArg};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Cassette {
    /// Record what clients ask a server, without its secrets.
    ///
    /// Clients ask the port in place of --upstream, or use it as their proxy for each --host; with --ca-file also over TLS.
    /// Ctrl-C, or the end of COMMAND, saves the cassette. Secrets are replaced by stand-ins before anything is on the disk; one
    /// that would get there through an unknown field stops the saving, and the rule to add is told.
    #[command(after_help = "Examples:\n  \
        gdata-auth cassette record feed.har --upstream https://www.googleapis.com --port 8080\n  \
        gdata-auth cassette record login.har --host www.google.com --host '*.googleapis.com' \\\n    \
        --ca-file ca.pem -- python3 sync.py\n\n\
        COMMAND finds the port in GDATA_AUTH_ORIGIN and, with --host, in HTTP_PROXY and HTTPS_PROXY; the certificate \
        of --ca-file in SSL_CERT_FILE, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE and NODE_EXTRA_CA_CERTS.")]
    Record(Run),
    /// Answer from a cassette; the network is never touched.
    ///
    /// A request matches what was recorded when it means the same, whatever its nonce, timestamp and signature. One that
    /// nothing matches is answered with 502 and an explanation, criterion by criterion.
    #[command(
        after_help = "The file of --config is TOML; every field is optional:\n\n  \
        [match]\n  order = \"any\"                  # any, sequential, strict\n  \
        repeat = false                 # the last of identical interactions goes on answering\n  \
        ignore = [\"query:_*\"]          # pieces that are not compared; inspect -v names them\n  \
        headers = [\"accept\"]           # headers that are compared\n  \
        must-play-all = false\n\n  \
        [keys]                         # what is signed wrongly is refused\n  \
        authsub = [\"site-cert.pem\"]\n  oauth1-secrets = { \"www.example.com\" = \"…\" }\n  \
        oauth1-keys = { \"rsa.example.com\" = \"cert.pem\" }\n  \
        jwt = { \"robot@project.iam.gserviceaccount.com\" = \"cert.pem\" }\n\n  \
        [time]\n  rule = \"keep\"                  # keep, shift, strict\n\n  \
        [[echo.rules]]                 # of the request, into the answer\n  \
        from = \"query:id\"\n  to = \"body:/id\"\n\n  \
        [[faults.rules]]\n  path = \"/token\"                # or interaction = 3\n  occurrence = 1\n  \
        status = 503                   # or reset-after, torn-after, stall-seconds, content-length, empty\n  \
        retry-after = 1\n\n  \
        [redact]                       # for record: beside what is known\n  \
        mask = [{ place = \"json\", field = \"sessionBlob\" }]\n  \
        allow = [{ place = \"param\", field = \"key\", host = \"maps.example.com\" }]\n  \
        mask-identities = false        # Email, sub, login_hint\n  \
        mask-suspects = false          # mask what would stop the saving\n\n  \
        [record]\n  upstream = \"https://www.google.com\"\n  hosts = [\"*.googleapis.com\"]\n  \
        max-interactions = 100000\n\n\
        Examples:\n  gdata-auth cassette replay feed.har --port 8080\n  \
        gdata-auth cassette replay login.yml --host www.google.com --ca-file ca.pem -- python3 sync.py"
    )]
    Replay(Run),
    /// Ask the live server as was recorded, and report how its answers have changed in shape.
    ///
    /// Statuses, names of headers and the structure of bodies are compared; values are not, and none is shown. Exit 1 when a
    /// change would break a client.
    #[command(
        after_help = "Example:\n  gdata-auth cassette check feed.har --upstream https://www.googleapis.com -- pytest"
    )]
    Check(Run),
    /// A port over a cassette in any of five modes, until Ctrl-C.
    Serve(Serve),
    /// Show what is in a cassette: who asked what under which scheme, and which signatures hold.
    ///
    /// Stand-ins are shown; of anything that may be a secret, only the length. Exit 1 when a signature is wrong.
    #[command(after_help = "Examples:\n  gdata-auth cassette inspect feed.har\n  \
        gdata-auth cassette inspect --json cassettes/*.yml | jq -r '.[].interactions[].scheme'\n  \
        gdata-auth cassette inspect --secrets tests/cassettes/*.yml")]
    Inspect(Inspect),
    /// Compare two cassettes in shape, values unseen. Exit 1 when a client may see the difference.
    Diff(Diff),
    /// Write recordings of one tool in the format of another, with a report of what is lost.
    ///
    /// The content of a file tells its format, not its name. What a format cannot hold is told on stderr, one line each;
    /// nothing in a file is executed. A damaged file is refused, unless --good-part takes what of it is whole.
    #[command(after_help = "Examples:\n  \
        gdata-auth cassette convert login.yml --to har -o login.har\n  \
        gdata-auth cassette convert tests/cassettes --to vcrpy -o converted\n  \
        gdata-auth cassette convert old.har --to wiremock > mappings.json\n  \
        gdata-auth cassette convert leaky.yml --to ruby-vcr --redact -o clean.yml\n\n\
        Read: har ruby-vcr vcrpy uhttpmock betamax wiremock go-vcr go-replayers nock mitmproxy okreplay hoverfly \
        php-vcr gdata-pickle raw-http. Written: har ruby-vcr vcrpy uhttpmock wiremock.\n\n\
        Exit codes: 0 all was written, 1 a file was refused or is damaged, 2 as everywhere.")]
    Convert(Convert),
}
