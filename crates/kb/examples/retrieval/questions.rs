//! Questions with known answers, as the files in `tests/questions` have them.

use std::error::Error;
use std::path::Path;

use countersign_kb::search::Hit;
use serde::Deserialize;

use crate::corpus::Corpus;

/// The questions about some documents.
#[derive(Debug, Deserialize)]
pub(crate) struct Questions {
    /// A name for the documents.
    pub(crate) corpus: String,
    /// Of all documents: see `tests/questions/README.md`.
    sha256: String,
    pub(crate) questions: Vec<Question>,
}

/// A question with what answers it.
#[derive(Debug, Deserialize)]
pub(crate) struct Question {
    pub(crate) set: Set,
    pub(crate) question: String,
    /// Any of these.
    pub(crate) answers: Vec<Answer>,
}

/// What a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Set {
    /// To find out what ranks well.
    Tuning,
    /// To tell how well it ranks then.
    Final,
}

/// A place that answers a question.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    path: String,
    /// `None`: anywhere in the document.
    heading: Option<String>,
    /// What the chunk must hold besides.
    text: Option<String>,
}

impl Questions {
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
    }

    /// Refuses documents that the questions were not written for, and questions that no chunk
    /// answers.
    pub(crate) fn verify(&self, corpus: &Corpus) -> Result<(), Box<dyn Error>> {
        if corpus.sha256 != self.sha256 {
            return Err(format!(
                "the documents of {} are others: SHA-256 {} instead of {}",
                self.corpus, corpus.sha256, self.sha256
            )
            .into());
        }
        for question in &self.questions {
            for answer in &question.answers {
                if let Some(heading) = &answer.heading
                    && corpus.sections(&answer.path, heading).next().is_none()
                {
                    return Err(format!("{} has no heading `{heading}`", answer.path).into());
                }
            }
        }
        Ok(())
    }
}

impl Set {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tuning => "tuning",
            Self::Final => "final",
        }
    }
}

impl Answer {
    /// Whether a hit is this place.
    pub(crate) fn is_given_by(&self, hit: &Hit, corpus: &Corpus) -> bool {
        let chunk = &hit.chunk;
        self.path == hit.document.path
            && self.text.as_ref().is_none_or(|text| chunk.text.contains(text.as_str()))
            && self.heading.as_ref().is_none_or(|heading| {
                corpus
                    .sections(&self.path, heading)
                    .any(|lines| chunk.first_line < lines.end && lines.start <= chunk.last_line)
            })
    }
}
