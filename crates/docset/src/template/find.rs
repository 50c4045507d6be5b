//! Which template a type has: the adopter's, else the compiled-in one.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use super::{TemplateError, built_in};
use crate::tree::{ReadError, inside, is_plain_name, read};

/// The folder of an adopter's templates, from the root.
pub const FOLDER: &str = "docs/templates";

/// A template and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The path from the root, or a name for a compiled-in one.
    pub name: String,
    /// The text.
    pub text: Cow<'static, str>,
}

/// Finds the template of a type: `docs/templates/<language>/<type>.md`, else
/// `docs/templates/<type>.md`, else the compiled-in one.
///
/// # Errors
///
/// [`TemplateError::Missing`] if there is none, [`TemplateError::Read`] if the
/// adopter's cannot be read.
pub fn find(root: &Path, language: &str, kind: &str) -> Result<Template, TemplateError> {
    let own = [format!("{FOLDER}/{language}/{kind}.md"), format!("{FOLDER}/{kind}.md")];
    // Names that come from a configuration or an argument, and must stay names.
    if is_plain_name(language) && is_plain_name(kind) {
        for path in &own {
            if let Some(text) = adopters(root, path)? {
                return Ok(Template { name: path.clone(), text: text.into() });
            }
        }
    }
    let [_, path] = own;
    match built_in(language, kind) {
        Some(text) => Ok(Template {
            name: format!("the built-in template {language}/{kind}.md"),
            text: text.into(),
        }),
        None => Err(TemplateError::Missing {
            kind: kind.to_owned(),
            language: language.to_owned(),
            path,
        }),
    }
}

fn adopters(root: &Path, path: &str) -> Result<Option<String>, TemplateError> {
    let failed = |source| TemplateError::Read { path: PathBuf::from(path), source };
    let Some(real) = inside(root, path) else { return Ok(None) };
    let mut bytes = Vec::new();
    match read(&real, &mut bytes) {
        Ok(()) => {}
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error.into())),
    }
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error)))
}
