//! Real payloads: those that Octokit collects.
//!
//! They are in the npm package `@octokit/webhooks-examples`, which is installed below the
//! target folder when it is not there yet; that takes npm and, once, the network.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{fs, process};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

const PACKAGE: &str = "@octokit/webhooks-examples";
const VERSION: &str = "7.6.1";
/// SHA-256 of the file of GitHub.com, so that what is tested against does not change by itself.
const DIGEST: &str = "09d8f0c617876ae9dad22e26fea5510bfcaad50ee7e602659f6db25b87b25815";

/// One real event.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) name: String,
    pub(super) payload: Value,
}

/// All events that GitHub.com sends, as collected.
pub(super) fn all() -> &'static [Example] {
    static ALL: OnceLock<Vec<Example>> = OnceLock::new();
    ALL.get_or_init(|| {
        let file = installed().join("api.github.com/index.json");
        let bytes = fs::read(file).unwrap();
        let digest: String =
            Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, DIGEST, "{PACKAGE} {VERSION} is another than it was");
        let list: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
        let examples = list.iter().flat_map(|event| {
            let name = event["name"].as_str().unwrap();
            let payloads = event["examples"].as_array().unwrap();
            payloads.iter().map(|it| Example { name: name.to_owned(), payload: it.clone() })
        });
        examples.collect()
    })
}

/// The first payload of `name` with `action` that `holds` accepts.
pub(crate) fn one(name: &str, action: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let fits =
        |it: &&Example| it.name == name && it.payload["action"] == action && holds(&it.payload);
    all().iter().find(fits).unwrap_or_else(|| panic!("no {name}.{action}")).payload.clone()
}

#[expect(clippy::print_stdout, reason = "it takes a while, and the network")]
fn installed() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("webhooks-examples-{VERSION}"));
    let package = home.join("node_modules").join(PACKAGE);
    if package.exists() {
        return package;
    }
    // Aside, and then in place at once: another test process may do the same.
    let aside = home.with_extension(process::id().to_string());
    fs::create_dir_all(&aside).unwrap();
    println!("installing {PACKAGE} {VERSION} with npm");
    let npm = Command::new("npm")
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
        .arg(&aside)
        .arg(format!("{PACKAGE}@{VERSION}"))
        .status();
    assert!(npm.unwrap().success(), "npm cannot install {PACKAGE} {VERSION}");
    if fs::rename(&aside, &home).is_err() {
        fs::remove_dir_all(&aside).unwrap();
    }
    assert!(package.exists(), "{} is missing", package.display());
    package
}
