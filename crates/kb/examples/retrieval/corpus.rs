//! The documents that questions are about.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use countersign_docset::catalogue::Catalogue;
use countersign_docset::docset::Process;
use countersign_docset::front_matter::FrontMatter;
use countersign_kb::chunk::{ContentHash, Estimate, Settings, chunk};
use countersign_kb::embed::{Embedder, Role};
use countersign_kb::index::{Passages, Prepared, Recipe, Rules, prepare};
use countersign_kb::store::{ModelId, Store};
use sha2::{Digest as _, Sha256};

/// Vectors by the hashes of the passages that they are of.
pub(crate) type Vectors = Vec<(ContentHash, Vec<f32>)>;

/// Documents, cut into chunks.
#[derive(Debug)]
pub(crate) struct Corpus {
    /// As `tests/questions/README.md` has it.
    pub(crate) sha256: String,
    documents: Vec<Prepared>,
    /// The lines of sections by path, from a heading to before the next, with the letters of
    /// the heading.
    sections: BTreeMap<String, Vec<(String, Range<u32>)>>,
}

impl Corpus {
    /// Reads the Markdown files below `docs` in a folder.
    pub(crate) fn read(
        root: &Path,
        embedder: Option<&dyn Embedder>,
    ) -> Result<Self, Box<dyn Error>> {
        let rules = Rules {
            catalogue: Catalogue::default(),
            process: Process::load(root)?,
            settings: Settings::default(),
        };
        let model = embedder.map(|embedder| embedder.model());
        let recipe = Recipe::new(rules.settings, &rules.catalogue, &rules.process, model);
        let mut paths = Vec::new();
        files(root, "docs", &mut paths)?;
        paths.sort();
        let mut digest = Sha256::new();
        let (mut documents, mut sections) = (Vec::new(), BTreeMap::new());
        for path in paths {
            let bytes = std::fs::read(root.join(&path))?;
            digest.update(&path);
            digest.update([0]);
            digest.update(Sha256::digest(&bytes));
            let tokens = embedder.map_or(&Estimate as _, |embedder| embedder.tokens());
            let shared: Arc<str> = path.as_str().into();
            let prepared = prepare(&shared, &bytes, "", &rules, &recipe, tokens, Passages::Wanted)
                .map_err(|problem| format!("{path}: {}", problem.message))?;
            documents.push(prepared);
            sections.insert(path, lines(std::str::from_utf8(&bytes)?));
        }
        let sha256 = digest.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Ok(Self { sha256, documents, sections })
    }

    /// The lines of the sections with this heading.
    pub(crate) fn sections(&self, path: &str, heading: &str) -> impl Iterator<Item = &Range<u32>> {
        let heading = letters(heading);
        let all = self.sections.get(path).into_iter().flatten();
        all.filter(move |(own, _)| *own == heading).map(|(_, lines)| lines)
    }

    /// The vectors of all passages.
    pub(crate) fn vectors(&self, embedder: &mut dyn Embedder) -> Result<Vectors, Box<dyn Error>> {
        let mut vectors = Vec::new();
        for document in &self.documents {
            let passages: Vec<&str> = document.passages.iter().map(String::as_str).collect();
            let hashes = document.write.chunks.iter().map(|chunk| chunk.row.hash);
            vectors.extend(hashes.zip(embedder.embed(Role::Passage, &passages)?));
        }
        Ok(vectors)
    }

    /// Puts everything into an empty store.
    pub(crate) async fn write(
        &self,
        store: &dyn Store,
        embedder: Option<&dyn Embedder>,
        vectors: &[(ContentHash, Vec<f32>)],
    ) -> Result<Option<ModelId>, Box<dyn Error>> {
        store.migrate().await?;
        let model = match embedder {
            Some(embedder) => Some(store.register_model(embedder.model()).await?),
            None => None,
        };
        let documents: Vec<_> =
            self.documents.iter().map(|document| document.write.clone()).collect();
        store.write(&documents, model.map(|model| (model, vectors))).await?;
        store.tidy().await?;
        Ok(model)
    }
}

/// A heading as it is compared.
pub(crate) fn letters(heading: &str) -> String {
    heading.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The sections of a document.
fn lines(text: &str) -> Vec<(String, Range<u32>)> {
    let start = FrontMatter::parse(text).body_start(text);
    let sections = chunk(text, start, Settings::default(), &Estimate).sections;
    let line = |at: usize| {
        let ends = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
        u32::try_from(ends + 1).unwrap_or(u32::MAX)
    };
    let starts: Vec<u32> = sections.iter().map(|section| line(section.start)).collect();
    let ends = starts.iter().skip(1).copied().chain([u32::MAX]);
    let headings = sections.iter().map(|section| letters(&section.title));
    headings.zip(starts.iter().zip(ends).map(|(start, end)| *start..end)).collect()
}

/// The Markdown files below a folder, from the root.
fn files(root: &Path, folder: &str, paths: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let place = root.join(folder);
    let entries =
        std::fs::read_dir(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let path = format!("{folder}/{}", name.to_str().ok_or("a name is not UTF-8")?);
        if entry.file_type()?.is_dir() {
            files(root, &path, paths)?;
        } else if path.ends_with(".md") {
            paths.push(path);
        }
    }
    Ok(())
}
