//! The files that a model is made of.

use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use countersign_markup::shown::excerpt;
use memchr::memmem;
use serde_json::Value;

use super::{LoadError, external};

/// Where the files of a model are.
#[derive(Debug)]
pub(super) struct Files {
    /// What the model is called.
    pub(super) name: String,
    /// The graph, with the weights unless they are beside it.
    pub(super) graph: PathBuf,
    /// Weights in files of their own, by the names that the graph has for them.
    pub(super) weights: Vec<(String, PathBuf)>,
    /// `tokenizer.json`.
    pub(super) tokenizer: PathBuf,
    /// `config.json`, `tokenizer_config.json` and `sentence_bert_config.json`, as far as
    /// they are there: each may say how much the model reads.
    pub(super) configs: Vec<PathBuf>,
}

/// Files of weights that exporters put beside a graph of this name.
const WEIGHTS: [&str; 2] = ["_data", ".data"];

/// A graph is one message of Protocol Buffers, and those have at most 2 GiB.
const LARGEST_GRAPH: u64 = 2 << 30;

/// More than any model that a processor runs in reasonable time.
const LARGEST_WEIGHTS: u64 = 16 << 30;

impl Files {
    /// The model in a folder, in the layout of Hugging Face: `model.onnx` or
    /// `onnx/model.onnx`, and `tokenizer.json`.
    pub(super) fn of_folder(name: &str, folder: &Path) -> Result<Self, LoadError> {
        let disk = |source| LoadError::Disk { path: folder.to_owned(), source };
        if !fs::metadata(folder).map_err(disk)?.is_dir() {
            return Err(disk(std::io::ErrorKind::NotADirectory.into()));
        }
        let lacks = |file| LoadError::NoFile { folder: folder.to_owned(), file };
        let exists = |path: &PathBuf| path.exists();
        let graph = ["model.onnx", "onnx/model.onnx"].map(|file| folder.join(file));
        let graph = graph.into_iter().find(exists).ok_or_else(|| lacks("model.onnx"))?;
        let weights = WEIGHTS.map(|end| format!("model.onnx{end}"));
        let weights = weights.into_iter().map(|file| {
            let path = graph.with_file_name(&file);
            (file, path)
        });
        let weights = weights.filter(|(_, path)| exists(path)).collect();
        let tokenizer = folder.join("tokenizer.json");
        if !exists(&tokenizer) {
            return Err(lacks("tokenizer.json"));
        }
        let configs = ["config.json", "tokenizer_config.json", "sentence_bert_config.json"];
        let configs = configs.map(|file| folder.join(file)).into_iter().filter(exists).collect();
        Ok(Self { name: name.to_owned(), graph, weights, tokenizer, configs })
    }

    /// Adds the weights that the graph has in files of other names than [`WEIGHTS`].
    ///
    /// # Errors
    ///
    /// If one of them is not there, or is not in the folder: a model has no business elsewhere.
    pub(super) fn add_weights_of(&mut self, graph: &[u8]) -> Result<(), LoadError> {
        for name in external::locations(graph) {
            if self.weights.iter().any(|(known, _)| known == name) {
                continue;
            }
            let says = |what| corrupt(&self.graph, &format!("its weights are in `{name}`, {what}"));
            let is_inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
            if !Path::new(name).components().all(is_inside) {
                return Err(says("which is not in its folder"));
            }
            let path = self.graph.with_file_name(name);
            if !path.exists() {
                return Err(says("which is not beside it"));
            }
            self.weights.push((name.to_owned(), path));
        }
        self.check_weights()
    }

    /// The graph.
    pub(super) fn read_graph(&self) -> Result<Vec<u8>, LoadError> {
        read_whole(&self.graph, LARGEST_GRAPH)
    }

    /// The weights beside the graph, by the names that it has for them.
    pub(super) fn read_weights(&self) -> Result<Vec<(String, Vec<u8>)>, LoadError> {
        let weights = self.weights.iter();
        weights.map(|(name, path)| Ok((name.clone(), read_whole(path, LARGEST_WEIGHTS)?))).collect()
    }

    /// How many bytes the graph and its weights have together; what cannot be looked at
    /// counts for nothing.
    pub(super) fn size(&self) -> u64 {
        let files = self.weights.iter().map(|(_, path)| path).chain([&self.graph]);
        files.filter_map(|path| fs::metadata(path).ok()).map(|metadata| metadata.len()).sum()
    }

    /// Looks whether all files could be read, and reads nothing.
    pub(super) fn check(&self) -> Result<(), LoadError> {
        let mut small = self.configs.iter().chain([&self.tokenizer]);
        small.try_for_each(|path| check(path, countersign_files::LARGEST_FILE))?;
        check(&self.graph, LARGEST_GRAPH)?;
        self.check_weights()
    }

    /// Looks whether the weights beside the graph could be read, and reads nothing.
    pub(super) fn check_weights(&self) -> Result<(), LoadError> {
        self.weights.iter().try_for_each(|(_, path)| check(path, LARGEST_WEIGHTS))
    }
}

/// Whether what comes of a text depends on what else is in the batch: where activations are
/// quantised while a model runs, the range of the numbers is taken over all of it. So do
/// `DynamicQuantizeLinear`, and `DynamicQuantizeMatMul` and `DynamicQuantizeLSTM`, which optimisers
/// make of it.
pub(super) fn depends_on_company(graph: &[u8]) -> bool {
    memmem::find(graph, b"DynamicQuantize").is_some()
}

/// The JSON in a file, or `None` if there is no file.
pub(super) fn read_json_if_there(path: &Path) -> Result<Option<Value>, LoadError> {
    if path.exists() { read_json(path).map(Some) } else { Ok(None) }
}

/// The JSON in a file.
pub(super) fn read_json(path: &Path) -> Result<Value, LoadError> {
    let bytes = read_small(path)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| corrupt(path, &format!("it is not JSON: {error}")))
}

/// A file of at most 64 MiB.
pub(super) fn read_small(path: &Path) -> Result<Vec<u8>, LoadError> {
    read_whole(path, countersign_files::LARGEST_FILE)
}

fn read_whole(path: &Path, largest: u64) -> Result<Vec<u8>, LoadError> {
    check(path, largest)?;
    fs::read(path).map_err(|source| LoadError::Disk { path: path.to_owned(), source })
}

/// Opens a file of a model.
pub(super) fn open(path: &Path) -> Result<File, LoadError> {
    check(path, LARGEST_WEIGHTS)?;
    File::open(path).map_err(|source| LoadError::Disk { path: path.to_owned(), source })
}

/// Looks whether a file is one and not too large.
fn check(path: &Path, largest: u64) -> Result<(), LoadError> {
    let disk = |source| LoadError::Disk { path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(disk)?;
    // Opening a pipe would wait for somebody to write to it.
    if !metadata.is_file() {
        return Err(corrupt(path, "it is no regular file"));
    }
    if metadata.len() > largest {
        return Err(corrupt(
            path,
            &format!("it has {} bytes, and {largest} is the most", metadata.len()),
        ));
    }
    Ok(())
}

pub(super) fn corrupt(path: &Path, reason: &str) -> LoadError {
    LoadError::Corrupt { path: path.to_owned(), reason: excerpt_long(reason) }
}

/// What libraries say of a file, some of which quote it.
pub(super) fn excerpt_long(reason: &str) -> String {
    // Four excerpts: messages of ONNX Runtime begin with where in its source they are from.
    let chars: Vec<char> = reason.trim().chars().take(480).collect();
    chars.chunks(120).map(|chunk| excerpt(&chunk.iter().collect::<String>())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_quantises_activations_together_depends_on_company() {
        for operator in ["DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM"] {
            assert!(depends_on_company(format!("\u{8}{operator}:").as_bytes()), "{operator}");
        }
        assert!(!depends_on_company(b"MatMul QuantizeLinear DequantizeLinear"));
    }
}
