//! Chromium without a window, driven by ChromeDriver.

use std::{
    env,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, error::CmdError};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::error::{Error, Kind};

type Told = Lines<BufReader<ChildStdout>>;

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(20);
/// How long the end may take.
const END: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);
/// The browser's program, by the names that it goes by.
const PROGRAMS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
/// It calls nobody but the pages it is sent to.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
];

pub(in crate::cli::demo::journey) struct Chromium {
    client: Client,
    driver: Driver,
}

/// ChromeDriver. It ends with this value, whatever becomes of the story, and takes the browser with it: killed, it would
/// leave one behind.
struct Driver {
    process: Child,
    port: u16,
    profile: PathBuf,
    /// What it goes on to say: with nobody at the other end it would die of it.
    _told: Told,
}

/// Whether both programs are there.
///
/// # Errors
/// [`Kind::Input`] naming `browser`.
pub(super) fn check() -> Result<(), Error> {
    programs().map(|_| ())
}

fn programs() -> Result<(PathBuf, PathBuf), Error> {
    let program = PROGRAMS.iter().find_map(|name| found(name));
    program.zip(found("chromedriver")).ok_or_else(|| {
        Error::input(
            "browser",
            "expected chromium and chromedriver in PATH, got neither or one (Debian: chromium, chromium-driver)",
        )
    })
}

impl Chromium {
    pub(super) async fn start(folder: &Path) -> Result<Self, Error> {
        let (program, driver) = programs()?;
        let profile = folder.join("chromium");
        let mut driver = Command::new(driver)
            .arg("--port=0")
            // What it writes beside its profile goes there too, and away with it.
            .env("XDG_CONFIG_HOME", profile.join("config"))
            .env("XDG_CACHE_HOME", profile.join("cache"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|cause| broken("cannot start chromedriver").caused_by(cause))?;
        let (port, told) = port(&mut driver).await?;
        let driver = Driver {
            process: driver,
            port,
            profile: profile.clone(),
            _told: told,
        };
        let kept_in = format!("--user-data-dir={}", profile.display());
        let arguments: Vec<&str> = FLAGS.iter().copied().chain([kept_in.as_str()]).collect();
        let options = json!({"binary": program, "args": arguments});
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let client = timeout(LIMIT, builder.capabilities(capabilities).connect(&address))
            .await
            .map_err(|_| broken("chromium did not start in time"))?
            .map_err(|cause| broken(&format!("cannot start chromium: {cause}")).caused_by(cause))?;
        Ok(Self { client, driver })
    }

    pub(super) async fn open(&self, address: &str) -> Result<(), Error> {
        let opened = timeout(LIMIT, self.client.goto(address)).await;
        opened
            .map_err(|_| broken("the page did not open in time"))?
            .map_err(|cause| broken("cannot open the page").caused_by(cause))
    }

    pub(super) async fn press(&self, words: &str) -> Result<(), Error> {
        let failed = |cause: CmdError| {
            broken(&format!("cannot press the button {words:?}")).caused_by(cause)
        };
        let button = format!("//button[normalize-space()='{words}']");
        let mark = "return document.documentElement.dataset.pressed ?? ''";
        let pressed = async {
            let button = self.client.find(Locator::XPath(&button)).await?;
            let set = "document.documentElement.dataset.pressed = 'yes'";
            self.client.execute(set, Vec::new()).await?;
            button.click().await?;
            // The page that was pressed on bears a mark; the next one does not, and is whole.
            let whole = "return document.readyState === 'complete'";
            loop {
                let is_old = self.client.execute(mark, Vec::new()).await;
                let is_whole = self.client.execute(whole, Vec::new()).await;
                if let (Ok(old), Ok(whole)) = (is_old, is_whole)
                    && old == json!("")
                    && whole == json!(true)
                {
                    return Ok::<(), CmdError>(());
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        match timeout(LIMIT, pressed).await {
            Ok(done) => done.map_err(failed),
            Err(_) => Err(broken(&format!("nothing came of the button {words:?}"))),
        }
    }

    pub(super) async fn heading(&self) -> Result<String, Error> {
        let failed = |cause| broken("expected a page with a heading").caused_by(cause);
        let heading = self.client.find(Locator::Css("h1")).await.map_err(failed)?;
        heading.text().await.map_err(failed)
    }

    pub(super) async fn quit(self) {
        let _ = timeout(LIMIT, self.client.close()).await;
        drop(self.driver);
    }
}

impl Driver {
    /// Asks it to end, with all its browsers.
    fn shut_down(&self) -> std::io::Result<()> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut wire = TcpStream::connect_timeout(&address, END)?;
        wire.set_read_timeout(Some(END))?;
        wire.set_write_timeout(Some(END))?;
        let host = format!("127.0.0.1:{}", self.port);
        write!(
            wire,
            "GET /shutdown HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )?;
        wire.read(&mut [0; 64]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if self.shut_down().is_ok() {
            for _ in 0..END.as_millis() / PAUSE.as_millis() {
                if !matches!(self.process.try_wait(), Ok(None)) {
                    break;
                }
                // A drop cannot wait in any other way.
                thread::sleep(PAUSE);
            }
        }
        let _ = self.process.start_kill();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// A program of this name in PATH.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is told by its environment where programs are"
)]
fn found(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// The port that ChromeDriver says it took.
async fn port(driver: &mut Child) -> Result<(u16, Told), Error> {
    let missing = || broken("expected chromedriver to name its port");
    let mut lines = BufReader::new(driver.stdout.take().ok_or_else(missing)?).lines();
    let told = async {
        while let Ok(Some(line)) = lines.next_line().await {
            let port = line.split("successfully on port ").nth(1);
            let digits = port.map(|port| port.trim_end_matches(['.', ' ']));
            if let Some(port) = digits.and_then(|digits| digits.parse().ok()) {
                return Some(port);
            }
        }
        None
    };
    let port = timeout(LIMIT, told).await.ok().flatten();
    Ok((port.ok_or_else(missing)?, lines))
}

fn broken(problem: &str) -> Error {
    Error::new(Kind::Input, format!("browser: {problem}"))
}
