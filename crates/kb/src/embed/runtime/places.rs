//! Where the library of ONNX Runtime may be.
//!
//! Beside the program; in the folders where systems keep libraries; in the package
//! `onnxruntime` of a Python that the environment or `PATH` leads to. The working folder is
//! none of them: a repository must not bring code that runs.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Libraries that exist, the likeliest first.
pub(super) fn libraries() -> Vec<PathBuf> {
    let program = env::current_exe().ok();
    let surroundings = Surroundings {
        program: program.as_deref().and_then(Path::parent).map(Path::to_path_buf),
        variable: &|name| env::var_os(name).filter(|value| !value.is_empty()),
    };
    let mut seen = BTreeSet::new();
    let found = surroundings.folders().into_iter().flat_map(|folder| libraries_in(&folder));
    // Links lead many names to one file.
    found.filter(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone()))).collect()
}

/// What tells where libraries are.
struct Surroundings<'a> {
    /// The folder of the program.
    program: Option<PathBuf>,
    variable: &'a dyn Fn(&str) -> Option<OsString>,
}

impl Surroundings<'_> {
    /// Folders that may hold the library; many do not exist.
    fn folders(&self) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        if let Some(program) = &self.program {
            folders.push(program.clone());
            folders.push(program.join("../lib"));
        }
        let loader = if cfg!(windows) {
            "PATH"
        } else if cfg!(target_os = "macos") {
            "DYLD_LIBRARY_PATH"
        } else {
            "LD_LIBRARY_PATH"
        };
        folders.extend(self.paths(loader));
        folders.extend(system_folders().iter().map(PathBuf::from));
        for prefix in self.python_prefixes() {
            folders.extend(packages(&prefix).map(|folder| folder.join("onnxruntime/capi")));
        }
        folders
    }

    /// Folders that hold a Python, the active environment first.
    fn python_prefixes(&self) -> Vec<PathBuf> {
        let mut prefixes: Vec<PathBuf> = Vec::new();
        for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
            prefixes.extend((self.variable)(name).map(PathBuf::from));
        }
        let python = if cfg!(windows) { "python.exe" } else { "python3" };
        for folder in self.paths("PATH").filter(|folder| folder.join(python).is_file()) {
            // On Windows, the program is in the prefix itself; elsewhere in its folder `bin`.
            let up = if cfg!(windows) { Some(folder.as_path()) } else { folder.parent() };
            prefixes.extend(up.map(Path::to_path_buf));
        }
        if let Some(home) = (self.variable)("HOME").map(PathBuf::from) {
            prefixes.push(home.join(".local"));
            // What pyenv puts on `PATH` are scripts; the Pythons are here.
            prefixes.extend(sorted_entries(&home.join(".pyenv/versions")).into_iter().rev());
        }
        prefixes
    }

    /// The absolute paths of a list in a variable.
    fn paths(&self, name: &str) -> impl Iterator<Item = PathBuf> + use<> {
        let value = (self.variable)(name).unwrap_or_default();
        let paths: Vec<PathBuf> = env::split_paths(&value).collect();
        paths.into_iter().filter(|path| path.is_absolute())
    }
}

/// Where systems keep libraries.
const fn system_folders() -> &'static [&'static str] {
    if cfg!(windows) {
        // Not the folder of the system: it holds a copy of Windows' own, which is old.
        &[r"C:\Program Files\onnxruntime\lib", r"C:\Program Files\onnxruntime\bin"]
    } else if cfg!(target_os = "macos") {
        &["/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib"]
    } else {
        &[
            "/usr/local/lib",
            "/usr/local/lib64",
            "/usr/lib",
            "/usr/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/opt/onnxruntime/lib",
        ]
    }
}

/// Folders of packages below the prefix of a Python, the newest version first.
fn packages(prefix: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let mut folders = Vec::new();
    for library in ["lib", "lib64"] {
        for python in sorted_entries(&prefix.join(library)).into_iter().rev() {
            let name = python.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("python3") {
                folders.push(python.join("site-packages"));
                folders.push(python.join("dist-packages"));
            }
        }
    }
    folders.push(prefix.join("Lib/site-packages"));
    folders.into_iter()
}

/// The libraries in a folder, the newest version first.
fn libraries_in(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let libraries = sorted_entries(folder).into_iter().rev();
    libraries
        .filter(|path| path.file_name().is_some_and(|name| is_library(&name.to_string_lossy())))
}

/// Whether this is what the library is called on this system, perhaps with a version.
fn is_library(name: &str) -> bool {
    if cfg!(windows) {
        return name.eq_ignore_ascii_case("onnxruntime.dll");
    }
    let Some(rest) = name.strip_prefix("libonnxruntime.") else { return false };
    if cfg!(target_os = "macos") {
        return rest.ends_with("dylib");
    }
    rest == "so" || rest.starts_with("so.")
}

fn sorted_entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn libraries_are_known_by_name_and_version() {
        assert!(is_library("libonnxruntime.so"));
        assert!(is_library("libonnxruntime.so.1.32.0"));
        assert!(!is_library("libonnxruntime_providers_shared.so"));
        assert!(!is_library("libonnx.so"));
    }

    #[cfg(unix)]
    #[test]
    fn the_package_of_the_active_python_is_found_and_no_relative_path_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let capi = folder.path().join("venv/lib/python3.12/site-packages/onnxruntime/capi");
        fs::create_dir_all(&capi).unwrap();
        let surroundings = Surroundings {
            program: Some(folder.path().join("bin")),
            variable: &|name| match name {
                "VIRTUAL_ENV" => Some(folder.path().join("venv").into()),
                "LD_LIBRARY_PATH" | "DYLD_LIBRARY_PATH" => Some("lib:.:/opt/lib".into()),
                _ => None,
            },
        };
        let folders = surroundings.folders();
        assert_eq!(folders[0], folder.path().join("bin"), "beside the program comes first");
        assert!(folders.contains(&capi), "{folders:?}");
        assert!(folders.contains(&PathBuf::from("/opt/lib")));
        assert!(folders.iter().all(|folder| folder.is_absolute()), "{folders:?}");
    }
}
