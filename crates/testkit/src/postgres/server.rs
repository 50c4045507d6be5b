//! A server, from its first start to its last stop.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::install::{disk, programs};
use super::{Database, PostgresError};

/// Names a server with pgvector on which databases may be created.
const VARIABLE: &str = "COUNTERSIGN_TEST_DATABASE_URL";

/// Whom the server runs as if the test runs as root, which PostgreSQL refuses to: `nobody`.
const NOBODY: u32 = 65534;

/// How long a start or a stop may take, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the server and sends it the signal that it reads from its input. When its input
/// ends, because whoever started it is gone in whichever way, it ends the server and removes
/// the folder. Being the server's parent, it cannot mistake another process for it.
const KEEPER: &str = r#"
folder=$1
shift
"$@" >>"$folder/log" 2>&1 </dev/null &
server=$!
if read -r signal; then
    kill -"$signal" "$server"
    wait "$server"
    exit 0
fi
kill -QUIT "$server"
wait "$server"
rm -rf "$folder"
"#;

/// Settings of every server: quick rather than safe from power failures, as the data go with
/// the test. What was committed survives a kill all the same, as the system has it.
const SETTINGS: [(&str, &str); 7] = [
    ("listen_addresses", ""),
    ("port", "5432"),
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "200"),
    ("shared_buffers", "128MB"),
    ("max_wal_size", "2GB"),
];

/// A PostgreSQL with pgvector.
#[derive(Debug)]
pub struct Postgres {
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// The server of [`VARIABLE`]: an address without the name of a database, and what
    /// follows the name.
    Named {
        server: String,
        parameters: String,
    },
    Started(Started),
}

#[derive(Debug)]
struct Started {
    programs: PathBuf,
    /// Holds the data, the socket and the log.
    folder: PathBuf,
    settings: Vec<(String, String)>,
    keeper: Mutex<Option<Child>>,
}

impl Postgres {
    /// The server that all tests of this program share.
    ///
    /// # Errors
    ///
    /// If it cannot be installed or started; all callers get the same text.
    pub fn shared() -> Result<&'static Self, String> {
        static SHARED: OnceLock<Result<Postgres, String>> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                let server = match std::env::var(VARIABLE) {
                    Ok(url) if !url.is_empty() => Ok(Self::named(&url)),
                    _ => Self::start(&[]),
                };
                server.map_err(|error| {
                    let cause = std::error::Error::source(&error);
                    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
                })
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// A server of this test alone, with settings besides those that make tests quick. It
    /// ends when it is dropped, or with the process.
    ///
    /// # Errors
    ///
    /// If it cannot be installed or started.
    pub fn start(settings: &[(&str, &str)]) -> Result<Self, PostgresError> {
        let programs = programs()?;
        let folder = private_folder()?;
        let settings = SETTINGS.iter().chain(settings);
        let started = Started {
            programs,
            settings: settings.map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            folder,
            keeper: Mutex::new(None),
        };
        started.create()?;
        started.start()?;
        Ok(Self { place: Place::Started(started) })
    }

    fn named(url: &str) -> Self {
        let (address, parameters) = match url.split_once('?') {
            Some((address, parameters)) => (address, format!("?{parameters}")),
            None => (url, String::new()),
        };
        let authority = address.find("://").map_or(0, |at| at + 3);
        let end = address[authority..].find('/').map_or(address.len(), |at| authority + at);
        let server = address[..end].to_owned();
        Self { place: Place::Named { server, parameters } }
    }

    /// An empty database of its own for a test.
    ///
    /// # Errors
    ///
    /// If the server does not create it.
    pub fn database(&self) -> Result<Database, PostgresError> {
        let keep = matches!(self.place, Place::Started(_));
        Database::create(|name| self.url(name), keep)
    }

    /// The address of a database on this server, for its superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        match &self.place {
            Place::Named { server, parameters } => format!("{server}/{database}{parameters}"),
            Place::Started(started) => {
                let socket = started.folder.display();
                format!("postgres://postgres@localhost/{database}?host={socket}")
            }
        }
    }

    /// Stops it as an administrator does: transactions are rolled back, clients cut off.
    ///
    /// # Errors
    ///
    /// If it does not stop, or is not this test's.
    pub fn stop(&self) -> Result<(), PostgresError> {
        self.started("stop")?.signal("INT")
    }

    /// Kills it as a lack of memory does; the next start recovers.
    ///
    /// # Errors
    ///
    /// If it is not this test's.
    pub fn kill(&self) -> Result<(), PostgresError> {
        self.started("kill")?.signal("KILL")
    }

    /// Starts it again, with all data.
    ///
    /// # Errors
    ///
    /// If it does not start, or is not this test's.
    pub fn start_again(&self) -> Result<(), PostgresError> {
        self.started("start")?.start()
    }

    /// Starts a second server that follows this one and cannot be written: a database in
    /// recovery.
    ///
    /// # Errors
    ///
    /// If it cannot be copied or started, or the first one is not this test's.
    pub fn standby(&self) -> Result<Self, PostgresError> {
        let first = self.started("copy")?;
        let started = Started {
            programs: first.programs.clone(),
            settings: first.settings.clone(),
            folder: private_folder()?,
            keeper: Mutex::new(None),
        };
        let copied = first
            .program("pg_basebackup")
            .args(["-U", "postgres", "--checkpoint=fast", "--write-recovery-conf", "--no-sync"])
            .arg("--host")
            .arg(&first.folder)
            .arg("--pgdata")
            .arg(started.data())
            .output();
        finished("copy itself", copied)?;
        started.start()?;
        Ok(Self { place: Place::Started(started) })
    }

    fn started(&self, what: &'static str) -> Result<&Started, PostgresError> {
        match &self.place {
            Place::Named { .. } => Err(PostgresError::NotOurs { what }),
            Place::Started(started) => Ok(started),
        }
    }
}

impl Started {
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A program of the installation, run as the user that the server runs as.
    fn program(&self, name: &str) -> Command {
        as_nobody(Command::new(self.programs.join(name)), &self.folder)
    }

    /// Makes the data of an empty server.
    fn create(&self) -> Result<(), PostgresError> {
        let created = self
            .program("initdb")
            .args(["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"])
            .args(["--locale=C", "--pgdata"])
            .arg(self.data())
            .output();
        finished("make its data", created)?;
        // Whoever is called `*_with_password` has to know one.
        let rules = "local all /_with_password$ scram-sha-256\n\
                     local all all trust\n\
                     local replication all trust\n";
        let path = self.data().join("pg_hba.conf");
        #[expect(clippy::disallowed_methods, reason = "no server reads it before it is written")]
        fs::write(&path, rules).map_err(disk(&path))
    }

    fn start(&self) -> Result<(), PostgresError> {
        let deadline = Instant::now() + PATIENCE;
        // After a kill, the processes of the old server may need a moment to see that it is
        // gone; until then the new one refuses.
        loop {
            match self.start_once(deadline) {
                Err(PostgresError::Server { reason, .. })
                    if reason.contains("shared memory") && Instant::now() < deadline =>
                {
                    std::thread::sleep(Duration::from_millis(50));
                }
                result => return result,
            }
        }
    }

    fn start_once(&self, deadline: Instant) -> Result<(), PostgresError> {
        let log = self.folder.join("log");
        let said_before = fs::metadata(&log).map_or(0, |log| log.len());
        let ready = self.data().join("postmaster.pid");
        // That of a server that was killed.
        match fs::remove_file(&ready) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(disk(&ready)(error));
            }
            _ => {}
        }
        let mut command = as_nobody(Command::new("/bin/sh"), &self.folder);
        command.args(["-c", KEEPER, "keeper"]).arg(&self.folder);
        command.arg(self.programs.join("postgres")).arg("-D").arg(self.data());
        command.arg("-k").arg(&self.folder);
        for (name, value) in &self.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        // A group of its own: an interrupt from the keyboard ends the test, and the end of the
        // test ends the server.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = command.spawn().map_err(disk(Path::new("/bin/sh")))?;
        *self.keeper() = Some(keeper);
        loop {
            // The eighth line says how far it is (`src/include/utils/pidfile.h`).
            let state = fs::read_to_string(&ready).unwrap_or_default();
            if state
                .lines()
                .nth(7)
                .is_some_and(|state| ["ready", "standby"].contains(&state.trim()))
                && self.accepts()
            {
                return Ok(());
            }
            let said = fs::read_to_string(&log).unwrap_or_default();
            let said = said.get(usize::try_from(said_before).unwrap_or(0)..).unwrap_or_default();
            let failed = said.contains("FATAL") && state.is_empty();
            if failed || Instant::now() > deadline {
                let reason = said.to_owned();
                let _ = self.signal("KILL");
                return Err(PostgresError::Server { what: "start", reason });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether it lets clients in; a standby is `ready` to do so somewhat later.
    fn accepts(&self) -> bool {
        let asked =
            self.program("pg_isready").arg("--quiet").arg("--host").arg(&self.folder).status();
        asked.is_ok_and(|status| status.success())
    }

    /// Ends the server by a signal and waits for it.
    fn signal(&self, signal: &str) -> Result<(), PostgresError> {
        let Some(mut keeper) = self.keeper().take() else { return Ok(()) };
        let failed = |reason: String| PostgresError::Server { what: "stop", reason };
        if let Some(mut input) = keeper.stdin.take() {
            writeln!(input, "{signal}").map_err(|error| failed(error.to_string()))?;
        }
        wait(&mut keeper).map_err(|error| failed(error.to_string()))
    }

    fn keeper(&self) -> MutexGuard<'_, Option<Child>> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper().take() {
            // The end of its input tells it to clean up.
            drop(keeper.stdin.take());
            let _ = wait(&mut keeper);
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder in which the server's user, and nobody else, may do what he likes. Not a
/// `TempDir`: it goes when the server has ended, not before.
fn private_folder() -> Result<PathBuf, PostgresError> {
    // The path of a socket has to fit into 107 bytes.
    let system = std::env::temp_dir();
    let parent = if system.as_os_str().len() < 60 { system } else { PathBuf::from("/tmp") };
    let folder = tempfile::Builder::new().prefix("postgres-").tempdir_in(&parent);
    let folder = folder.map_err(disk(&parent))?.keep();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(disk(&folder))?;
    if is_root(&folder)? {
        chown(&folder, Some(NOBODY), Some(NOBODY)).map_err(disk(&folder))?;
    }
    Ok(folder)
}

/// Whether this process makes files that belong to root.
fn is_root(made: &Path) -> Result<bool, PostgresError> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(fs::metadata(made).map_err(disk(made))?.uid() == 0)
}

/// Has a program run as the owner of a folder, in it and without the variables that could
/// lead it elsewhere (`PGHOST`, `PGDATA`).
fn as_nobody(mut command: Command, folder: &Path) -> Command {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata(folder).is_ok_and(|folder| folder.uid() == NOBODY) {
        command.uid(NOBODY).gid(NOBODY);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("LC_ALL", "C").current_dir(folder);
    command.stdin(Stdio::null());
    command
}

/// What a program left behind, if it failed.
fn finished(
    what: &'static str,
    output: io::Result<std::process::Output>,
) -> Result<(), PostgresError> {
    let failed = |reason: String| PostgresError::Server { what, reason };
    let output = output.map_err(|error| {
        failed(format!(
            "{error} (run as root, the tests start it as another user, who has to be able to \
             enter the build folder)"
        ))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(said.trim().chars().take(2000).collect()))
}

fn wait(keeper: &mut Child) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while keeper.try_wait()?.is_none() {
        if Instant::now() > deadline {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "it runs on after a minute"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
