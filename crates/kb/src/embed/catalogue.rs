//! The models that can be had by name: those of fastembed.

use std::sync::OnceLock;

use countersign_markup::nearest::nearest;
use countersign_markup::shown::excerpt;
use fastembed::{EmbeddingModel, ModelInfo, Pooling, TextEmbedding, TextRerank};

use super::{LoadError, Purpose};

/// Where a model is on the hub, and what it is made of.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// What it is called here: its repository; where one holds several, all but the first
    /// have fastembed's name, as `NomicEmbedTextV15Q`.
    pub(super) name: String,
    /// Its repository on the hub.
    pub(super) repository: String,
    /// The file of its graph.
    pub(super) graph: String,
    /// Files of weights beside the graph.
    pub(super) weights: Vec<String>,
}

/// A model of a catalogue.
#[derive(Debug)]
pub(super) struct Known<M> {
    pub(super) published: Published,
    /// fastembed's name, which is taken for it too.
    alias: String,
    /// What else fastembed knows of it.
    pub(super) info: M,
}

impl Known<ModelInfo<EmbeddingModel>> {
    /// How the vectors of its tokens become one.
    pub(super) fn pooling(&self) -> Pooling {
        TextEmbedding::get_default_pooling_method(&self.info.model).unwrap_or_default()
    }
}

/// The models for one purpose.
pub(super) struct Catalogue<M> {
    purpose: Purpose,
    /// In alphabetical order.
    all: Vec<Known<M>>,
}

/// The models that embed.
pub(super) fn embedders() -> &'static Catalogue<ModelInfo<EmbeddingModel>> {
    static ALL: OnceLock<Catalogue<ModelInfo<EmbeddingModel>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let infos = TextEmbedding::list_supported_models().into_iter().map(|info| {
            let files = (info.model_file.clone(), info.additional_files.clone());
            (info.model_code.clone(), format!("{:?}", info.model), files, info)
        });
        Catalogue::new(Purpose::Embedding, infos)
    })
}

/// The models that rerank.
pub(super) fn rerankers() -> &'static Catalogue<()> {
    static ALL: OnceLock<Catalogue<()>> = OnceLock::new();
    ALL.get_or_init(|| {
        let infos = TextRerank::list_supported_models().into_iter().map(|info| {
            let files = (info.model_file, info.additional_files);
            (info.model_code, format!("{:?}", info.model), files, ())
        });
        Catalogue::new(Purpose::Reranking, infos)
    })
}

impl<M> Catalogue<M> {
    /// Of repositories, names of fastembed, the graphs with the weights beside them, and what
    /// else there is.
    fn new(
        purpose: Purpose,
        infos: impl Iterator<Item = (String, String, (String, Vec<String>), M)>,
    ) -> Self {
        // fastembed lists them in no order.
        let mut infos: Vec<_> = infos.collect();
        infos.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let mut all: Vec<Known<M>> = Vec::with_capacity(infos.len());
        for (repository, alias, (graph, weights), info) in infos {
            let taken = all.iter().any(|known| known.published.name == repository);
            let name = if taken { alias.clone() } else { repository.clone() };
            let published = Published { name, repository, graph, weights };
            all.push(Known { published, alias, info });
        }
        all.sort_by_key(|known| known.published.name.to_lowercase());
        Self { purpose, all }
    }

    /// The names, in alphabetical order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.all.iter().map(|known| known.published.name.as_str())
    }

    /// The model of this name, in upper or lower case.
    pub(super) fn find(&self, name: &str) -> Result<&Known<M>, LoadError> {
        let named = |known: &&Known<M>| {
            known.published.name.eq_ignore_ascii_case(name)
                || known.alias.eq_ignore_ascii_case(name)
        };
        self.all.iter().find(named).ok_or_else(|| LoadError::Unknown {
            purpose: self.purpose,
            name: excerpt(name),
            nearest: self.nearest(name).map(str::to_owned),
        })
    }

    /// The nearest name: the same of another owner, then what is near as a whole, behind the
    /// owner, or to fastembed's.
    fn nearest(&self, name: &str) -> Option<&str> {
        let of_another = |full: &&str| short(full).eq_ignore_ascii_case(short(name));
        self.names()
            .find(of_another)
            .or_else(|| nearest(name, self.names()))
            .or_else(|| {
                let near = nearest(short(name), self.names().map(short))?;
                self.names().find(|full| short(full) == near)
            })
            .or_else(|| nearest(name, self.all.iter().map(|known| known.alias.as_str())))
    }
}

/// What follows the owner of a repository.
fn short(full: &str) -> &str {
    full.rsplit('/').next().unwrap_or(full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::{DEFAULT_MODEL, DEFAULT_RERANKER};

    #[test]
    fn every_model_has_a_name_of_its_own() {
        let models = embedders();
        let all: Vec<&str> = models.names().collect();
        for name in &all {
            assert_eq!(models.find(name).unwrap().published.name, *name);
        }
        assert_eq!(all.len(), TextEmbedding::list_supported_models().len());
        assert!(all.contains(&DEFAULT_MODEL));
        let found = models.find("multilinguale5small").unwrap();
        assert_eq!(found.published.name, DEFAULT_MODEL);
        let quantised = models.find("NomicEmbedTextV15Q").unwrap();
        assert_eq!(quantised.published.graph, "onnx/model_quantized.onnx");
        let whole = models.find("nomic-ai/nomic-embed-text-v1.5").unwrap();
        assert_eq!(whole.published.graph, "onnx/model.onnx");
    }

    #[test]
    fn rerankers_are_a_catalogue_of_their_own() {
        let models = rerankers();
        let all: Vec<&str> = models.names().collect();
        assert_eq!(all.len(), TextRerank::list_supported_models().len());
        assert!(all.contains(&DEFAULT_RERANKER));
        let default = &models.find("bgererankerv2m3").unwrap().published;
        assert_eq!(default.name, DEFAULT_RERANKER);
        assert_eq!(default.weights, ["model.onnx.data"]);
        assert!(models.find(DEFAULT_MODEL).is_err());
        assert!(embedders().find(DEFAULT_RERANKER).is_err());
    }

    #[test]
    fn an_unknown_name_has_the_nearest_one_beside_it() {
        let error = |name: &str| embedders().find(name).unwrap_err().to_string();
        assert_eq!(
            error("intfloat/multilingual-e5-smal"),
            "there is no model `intfloat/multilingual-e5-smal`; did you mean \
             `intfloat/multilingual-e5-small`?"
        );
        assert_eq!(
            error("multilingual-e5-base"),
            "there is no model `multilingual-e5-base`; did you mean \
             `intfloat/multilingual-e5-base`?"
        );
        assert_eq!(error("gpt\u{1b}[31m"), "there is no model `gpt\\u{1b}[31m`");
        let error = |name: &str| rerankers().find(name).unwrap_err().to_string();
        // Where the model is from, and not where its ONNX is.
        assert_eq!(
            error("BAAI/bge-reranker-v2-m3"),
            "there is no reranker `BAAI/bge-reranker-v2-m3`; did you mean \
             `rozgo/bge-reranker-v2-m3`?"
        );
        assert_eq!(
            error("jina-reranker-v2-base-multilingal"),
            "there is no reranker `jina-reranker-v2-base-multilingal`; did you mean \
             `jinaai/jina-reranker-v2-base-multilingual`?"
        );
    }
}
