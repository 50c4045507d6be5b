//! The models that can be had by name: those of fastembed.

use std::sync::OnceLock;

use countersign_markup::nearest::nearest;
use countersign_markup::shown::excerpt;
use fastembed::{EmbeddingModel, ModelInfo, Pooling, TextEmbedding};

use super::LoadError;

/// A model of the catalogue.
#[derive(Debug)]
pub(super) struct Known {
    /// What it is called here: its repository on the hub; where one holds several, all but
    /// the first have fastembed's name, as `NomicEmbedTextV15Q`.
    pub(super) name: String,
    /// fastembed's name, which is taken for it too.
    alias: String,
    /// Where it is and what it is made of.
    pub(super) info: ModelInfo<EmbeddingModel>,
}

impl Known {
    /// The model of this name, in upper or lower case.
    pub(super) fn find(name: &str) -> Result<&'static Self, LoadError> {
        let named = |known: &&Self| {
            known.name.eq_ignore_ascii_case(name) || known.alias.eq_ignore_ascii_case(name)
        };
        all().iter().find(named).ok_or_else(|| LoadError::Unknown {
            name: excerpt(name),
            nearest: Self::nearest(name).map(str::to_owned),
        })
    }

    /// The nearest name: of the whole, of what follows the owner, or of fastembed's.
    fn nearest(name: &str) -> Option<&'static str> {
        let short = |full: &'static str| full.rsplit('/').next().unwrap_or(full);
        nearest(name, names())
            .or_else(|| {
                let near = nearest(name.rsplit('/').next()?, names().map(short))?;
                names().find(|full| short(full) == near)
            })
            .or_else(|| nearest(name, all().iter().map(|known| known.alias.as_str())))
    }

    /// How the vectors of its tokens become one.
    pub(super) fn pooling(&self) -> Pooling {
        TextEmbedding::get_default_pooling_method(&self.info.model).unwrap_or_default()
    }
}

/// The names, in alphabetical order.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    all().iter().map(|known| known.name.as_str())
}

fn all() -> &'static [Known] {
    static ALL: OnceLock<Vec<Known>> = OnceLock::new();
    ALL.get_or_init(|| {
        // fastembed lists them in no order.
        let mut infos = TextEmbedding::list_supported_models();
        infos.sort_by_key(|info| (info.model_code.clone(), format!("{:?}", info.model)));
        let mut all: Vec<Known> = Vec::with_capacity(infos.len());
        for info in infos {
            let alias = format!("{:?}", info.model);
            let taken = all.iter().any(|known| known.name == info.model_code);
            let name = if taken { alias.clone() } else { info.model_code.clone() };
            all.push(Known { name, alias, info });
        }
        all.sort_by_key(|known| known.name.to_lowercase());
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::DEFAULT_MODEL;

    #[test]
    fn every_model_has_a_name_of_its_own() {
        let all: Vec<&str> = names().collect();
        for name in &all {
            assert_eq!(Known::find(name).unwrap().name, *name);
        }
        assert_eq!(all.len(), TextEmbedding::list_supported_models().len());
        assert!(all.contains(&DEFAULT_MODEL));
        assert_eq!(Known::find("multilinguale5small").unwrap().name, DEFAULT_MODEL);
        let quantised = Known::find("NomicEmbedTextV15Q").unwrap();
        assert_eq!(quantised.info.model_file, "onnx/model_quantized.onnx");
        let whole = Known::find("nomic-ai/nomic-embed-text-v1.5").unwrap();
        assert_eq!(whole.info.model_file, "onnx/model.onnx");
    }

    #[test]
    fn an_unknown_name_has_the_nearest_one_beside_it() {
        let error = |name: &str| Known::find(name).unwrap_err().to_string();
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
    }
}
