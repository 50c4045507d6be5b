//! ONNX Runtime: found, or missed with an error that says what to do.
//!
//! A process has one runtime, so each case runs in a process of its own: the test starts
//! itself again.

use std::path::Path;
use std::process::{Command, Output};

use super::*;

/// The variable that tells a test that it is to act, not to look.
const ACT: &str = "COUNTERSIGN_TEST_ACT";

/// Loads the tiny model with what the environment says of the runtime, and tells of it.
#[expect(clippy::print_stdout, reason = "the process that looks reads it")]
fn act() -> bool {
    if std::env::var_os(ACT).is_none() {
        return false;
    }
    let choice = Choice { model_dir: Some(tiny_folder()), ..Choice::from_environment() };
    match load(&choice, &mut |_| {}) {
        Ok(model) => println!("loaded {}", model.model().name),
        Err(error) => println!("{error}\nabsence: {}\n{}", error.is_absence(), error.help()[0]),
    }
    true
}

/// Runs the test of this name again, to act, in an empty environment but for `variables`.
fn again(test: &str, variables: &[(&str, &Path)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("embed::runtime::{test}"), "--nocapture"]);
    command.env_clear().env(ACT, "1").envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(status.success(), "{status}: {stdout}{stderr}");
    assert_eq!(stderr, "", "{stdout}");
    stdout
}

#[test]
fn a_library_that_is_no_runtime_is_an_error_that_names_it() {
    if act() {
        return;
    }
    let runtime = countersign_testkit::onnxruntime().unwrap();
    let other = runtime.with_file_name(if cfg!(target_os = "macos") {
        "libonnxruntime_providers_shared.dylib"
    } else if cfg!(windows) {
        "onnxruntime_providers_shared.dll"
    } else {
        "libonnxruntime_providers_shared.so"
    });
    let text = tiny_folder().join("make.py");
    for (library, reason) in [
        (other, "it is another library"),
        (text, "it cannot be loaded: "),
        (tiny_folder(), "it is no file"),
        (tiny_folder().join("none.so"), "No such file"),
    ] {
        let said = again(
            "a_library_that_is_no_runtime_is_an_error_that_names_it",
            &[("ORT_DYLIB_PATH", &library)],
        );
        let expected = format!("`{}` cannot be used as ONNX Runtime: {reason}", library.display());
        assert!(said.contains(&expected), "{said}");
        assert!(said.contains("absence: false\ninstall ONNX Runtime 1.24 or later"), "{said}");
    }
}

#[test]
fn the_package_of_the_active_python_will_do() {
    if act() {
        return;
    }
    let runtime = countersign_testkit::onnxruntime().unwrap();
    let package = runtime.ancestors().nth(2).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let packages = folder.path().join(if cfg!(windows) { "Lib" } else { "lib/python3.12" });
    fs::create_dir_all(packages.join("site-packages/onnxruntime/capi")).unwrap();
    let copied = packages.join("site-packages/onnxruntime/capi").join(runtime.file_name().unwrap());
    fs::copy(&runtime, copied).unwrap();
    assert!(package.ends_with("onnxruntime"), "{}", package.display());
    let said = again("the_package_of_the_active_python_will_do", &[("VIRTUAL_ENV", folder.path())]);
    assert!(said.contains("loaded model"), "{said}");
}

#[test]
fn no_runtime_is_an_absence_with_a_way_out() {
    if act() {
        return;
    }
    let said = again("no_runtime_is_an_absence_with_a_way_out", &[]);
    // Unless this system has one where systems keep libraries.
    assert!(
        said.contains("loaded model")
            || said.contains(
                "ONNX Runtime was not found\nabsence: true\ninstall ONNX Runtime 1.24 or later"
            ),
        "{said}"
    );
}
