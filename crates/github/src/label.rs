//! Labels of a repository: <https://docs.github.com/en/rest/issues/labels>.

use serde::{Deserialize, Serialize};

use crate::error::GitHubError;
use crate::path::{path, with_query};
use crate::repository::{PER_PAGE, Repository};
use crate::resolve::create_once;
use crate::shown::shown;
use crate::transport::Call;

/// A label of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The name, as written. GitHub takes names that differ in case alone for the same.
    pub name: String,
    /// Six hexadecimal digits, in lower case, without `#`.
    #[serde(deserialize_with = "lower_case")]
    pub color: String,
    /// At most 100 characters. GitHub knows no difference between none and an empty one: none.
    #[serde(default, deserialize_with = "none_if_empty", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Label {
    /// Whether GitHub would take both for the same label with the same look.
    pub fn is_same_as(&self, other: &Self) -> bool {
        same_name(&self.name, &other.name)
            && self.color.eq_ignore_ascii_case(&other.color)
            && self.description.as_deref().unwrap_or_default()
                == other.description.as_deref().unwrap_or_default()
    }
}

/// Whether GitHub takes two names for the same label.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// A change of a label. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LabelChange {
    /// A new name. Issues and pull requests keep the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_name: Option<String>,
    /// A new colour: six hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// A new description; an empty one removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl LabelChange {
    /// Whether a label looks as if the change had been made.
    fn is_made_in(&self, label: &Label) -> bool {
        self.new_name.as_ref().is_none_or(|name| *name == label.name)
            && self.color.as_ref().is_none_or(|color| color.eq_ignore_ascii_case(&label.color))
            && self.description.as_ref().is_none_or(|description| {
                description == label.description.as_deref().unwrap_or_default()
            })
    }
}

impl Repository {
    /// All labels, in GitHub's order (by name).
    ///
    /// # Errors
    ///
    /// Any [`GitHubError`]. The token needs `issues: read` or `pull_requests: read`.
    pub async fn labels(&self) -> Result<Vec<Label>, GitHubError> {
        let doing = format!("list the labels of `{}`", self.name());
        let path = with_query(self.path(&["labels"]), &[("per_page", PER_PAGE)]);
        self.transport().list(path, &doing, |page: Vec<Label>| page, |_| false).await
    }

    /// One label, whatever the case of its name.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there is none.
    pub async fn label(&self, name: &str) -> Result<Label, GitHubError> {
        let doing = self.doing("read the label", name);
        let path = self.label_path(name, &doing)?;
        Ok(self.transport().read(&Call::get(path, &doing)).await?)
    }

    /// Makes a label. When an answer is lost, looks whether the label is there before it tries
    /// again: one that is there and the same was made by the lost request, and counts.
    ///
    /// # Errors
    ///
    /// [`GitHubError::AlreadyExists`] if there was one of that name before, or there is now and
    /// it looks different. The token needs `issues: write` or `pull_requests: write`.
    pub async fn create_label(&self, label: &Label) -> Result<Label, GitHubError> {
        let doing = self.doing("create the label", &label.name);
        let read = Call::get(self.label_path(&label.name, &doing)?, &doing);
        let create = Call::post(self.path(&["labels"]), label, &doing)?;
        let found = create_once(
            self.transport(),
            &create,
            &read,
            |found: &Label| found.is_same_as(label),
            "it looks different",
        )
        .await?;
        match found {
            Some(label) => Ok(label),
            None => Ok(label.clone()),
        }
    }

    /// Changes a label. Issues and pull requests that have it keep it, under the new name if it
    /// gets one.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there is no label of the old name,
    /// [`GitHubError::AlreadyExists`] if there is another one of the new name. The token needs
    /// `issues: write` or `pull_requests: write`.
    pub async fn update_label(
        &self,
        old_name: &str,
        change: &LabelChange,
    ) -> Result<Label, GitHubError> {
        let doing = self.doing("change the label", old_name);
        if change.new_name.as_ref().is_some_and(String::is_empty) {
            return Err(empty_name(&doing));
        }
        let call = Call::patch(self.label_path(old_name, &doing)?, change, &doing)?;
        match self.transport().read::<Label>(&call).await {
            Ok(label) => Ok(label),
            // An attempt whose answer was lost may have renamed it: then the old name is gone.
            Err(failed) if failed.unsure && failed.error.is_not_found() => {
                let Some(new_name) = &change.new_name else { return Err(failed.error) };
                match self.label(new_name).await {
                    Ok(label) if change.is_made_in(&label) => Ok(label),
                    Ok(_) | Err(GitHubError::NotFound { .. }) => Err(failed.error),
                    Err(error) => Err(error),
                }
            }
            Err(failed) => Err(failed.error),
        }
    }

    /// Deletes a label, and with it what it said of issues and pull requests.
    ///
    /// # Errors
    ///
    /// [`GitHubError::NotFound`] if there was none. (After a lost answer that is success: the
    /// lost request deleted it.) The token needs `issues: write` or `pull_requests: write`.
    pub async fn delete_label(&self, name: &str) -> Result<(), GitHubError> {
        let doing = self.doing("delete the label", name);
        let call = Call::delete(self.label_path(name, &doing)?, &doing);
        self.gone(&call).await
    }

    /// The address of one label. An empty name would be the address of all of them.
    pub(crate) fn label_path(&self, name: &str, doing: &str) -> Result<String, GitHubError> {
        if name.is_empty() {
            return Err(empty_name(doing));
        }
        Ok(self.path(&["labels", name]))
    }

    /// "create the label `x` in `acme/product`"
    pub(crate) fn doing(&self, what: &str, name: &str) -> String {
        format!("{what} `{}` in `{}`", shown(name, 100), self.name())
    }

    /// A path below this repository.
    pub(crate) fn path(&self, rest: &[&str]) -> String {
        let mut segments = vec!["repos", self.name().owner(), self.name().name()];
        segments.extend(rest);
        path(&segments)
    }
}

fn empty_name(doing: &str) -> GitHubError {
    GitHubError::Invalid {
        doing: doing.to_owned(),
        status: None,
        message: "the name of a label cannot be empty".to_owned(),
        fields: Vec::new(),
    }
}

fn lower_case<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let mut color = String::deserialize(from)?;
    color.make_ascii_lowercase();
    Ok(color)
}

fn none_if_empty<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_as_github_writes_it() {
        let text = r#"{"id":1,"node_id":"x","url":"u","name":"Bug","color":"FF00aa","default":true,"description":""}"#;
        let label: Label = serde_json::from_str(text).unwrap();
        assert_eq!(label, Label { name: "Bug".into(), color: "ff00aa".into(), description: None });
    }

    #[test]
    fn a_change_says_only_what_changes() {
        let change = LabelChange { color: Some("ffffff".into()), ..LabelChange::default() };
        assert_eq!(serde_json::to_string(&change).unwrap(), r#"{"color":"ffffff"}"#);
        let label = Label { name: "x".into(), color: "FFFFFF".into(), description: None };
        assert!(change.is_made_in(&label));
        assert!(LabelChange { description: Some(String::new()), ..change }.is_made_in(&label));
    }

    #[test]
    fn names_that_differ_in_case_alone_are_one_label() {
        assert!(same_name("Готово", "готово") && !same_name("a", "b"));
    }
}
