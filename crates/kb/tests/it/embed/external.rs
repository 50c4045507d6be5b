//! Graphs that have their weights in files beside them.

use super::faulty::bytes;
use super::*;

/// More rows than the tiny model has words.
const ROWS: u16 = 256;

/// A graph that looks four numbers up for each token, in weights that are in a file; `hidden`
/// has the fields of the file's name in an order that no exporter writes.
fn graph(file: &str, hidden: bool) -> Vec<u8> {
    let text = |field: u8, text: &str| bytes(field, text.as_bytes());
    let number = |field: u8, number: u8| vec![field << 3, number];
    let value = |field: u8, name: &str, kind: u8, rank: usize| {
        let shape = bytes(2, &bytes(1, &[]).repeat(rank));
        let tensor = bytes(1, &[number(1, kind), shape].concat());
        bytes(field, &[text(1, name), bytes(2, &tensor)].concat())
    };
    let mut place = [text(1, "location"), text(2, file)];
    if hidden {
        place.reverse();
    }
    let [low, high] = [u8::try_from(ROWS & 0x7f).unwrap() | 0x80, (ROWS >> 7) as u8];
    let weights = [
        vec![1 << 3, low, high],
        number(1, 4),
        number(2, 1),
        text(8, "words"),
        bytes(13, &place.concat()),
        number(14, 1),
    ];
    let node = [text(1, "words"), text(1, "input_ids"), text(2, "out"), text(4, "Gather")];
    let graph = [
        bytes(1, &node.concat()),
        text(2, "external"),
        bytes(5, &weights.concat()),
        value(11, "input_ids", 7, 2),
        value(12, "out", 1, 3),
    ];
    [number(1, 8), bytes(7, &graph.concat()), bytes(8, &number(2, 17))].concat()
}

/// Numbers for all rows; other seeds, other numbers.
fn weights(seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..ROWS * 4).flat_map(|_| random.f32().to_le_bytes()).collect()
}

/// A model with the graph, and weights in the files of these names.
fn model(graph: &[u8], files: &[&str]) -> tempfile::TempDir {
    let folder = copy_of_tiny();
    write(folder.path(), "model.onnx", graph);
    for file in files {
        write(folder.path(), file, &weights(1));
    }
    folder
}

fn digest(folder: &Path) -> String {
    load_folder(folder).unwrap().model().digest.clone()
}

fn refused(folder: &Path, file: &str, reason: &str) {
    let shown = load_folder(folder).err().unwrap().to_string();
    let path = folder.join(file).display().to_string();
    assert!(shown.starts_with(&format!("`{path}` cannot be used: ")), "{shown}");
    assert!(shown.contains(reason), "{shown}");
}

#[test]
fn weights_may_have_any_name_and_are_part_of_what_a_model_is() {
    // Beside a file that no weights are in, the runtime finds others by itself.
    for beside in [&[][..], &["model.onnx.data"]] {
        let file = "Constant_7_attr__value";
        let folder = model(&graph(file, false), &[&[file][..], beside].concat());
        let first = digest(folder.path());
        assert_eq!(digest(folder.path()), first);
        write(folder.path(), file, &weights(2));
        assert_ne!(digest(folder.path()), first);
        fs::remove_file(folder.path().join(file)).unwrap();
        refused(folder.path(), "model.onnx", &format!("in `{file}`, which is not beside it"));
    }
}

#[test]
fn weights_elsewhere_are_not_read() {
    let elsewhere = tempfile::tempdir().unwrap();
    write(elsewhere.path(), "weights", &weights(1));
    let absolute = elsewhere.path().join("weights").display().to_string();
    let place = elsewhere.path().file_name().unwrap().to_str().unwrap();
    for file in [absolute, format!("../{place}/weights"), format!("./x/../../{place}/weights")] {
        for beside in [&[][..], &["model.onnx.data"]] {
            let folder = model(&graph(&file, false), beside);
            refused(folder.path(), "model.onnx", "which is not in its folder");
        }
    }
    // In the working folder, which is that of this package here, there is such a file.
    let folder = model(&graph("Cargo.toml", true), &["Cargo.toml"]);
    refused(folder.path(), "model.onnx", "Cargo.toml not found");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_weights_is_not_waited_for() {
    for file in ["model.onnx.data", "pipe"] {
        let folder = model(&graph(file, false), &[]);
        let path = folder.path().join(file);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        refused(folder.path(), file, "it is no regular file");
    }
}
