//! Real payloads of GitHub's documentation, about the adopter's repository.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::scene::PRODUCT;
use crate::gha::Gha;

/// An event of the adopter's repository.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Without the action: `issues`.
    pub(crate) name: &'static str,
    pub(crate) payload: Value,
}

impl Event {
    /// An example of an event of this kind, as if it had happened in [`PRODUCT`].
    ///
    /// # Errors
    ///
    /// If there is no example.
    pub(crate) fn real(gha: &Gha, name: &'static str, action: Option<&str>) -> Result<Self> {
        let mut payload = gha.payload(name, action)?;
        let (owner, repository) = PRODUCT.split_once('/').context("no name of a repository")?;
        let about = &mut payload["repository"];
        about["full_name"] = PRODUCT.into();
        about["name"] = repository.into();
        about["owner"]["login"] = owner.into();
        about["default_branch"] = "main".into();
        about["fork"] = false.into();
        Ok(Self { name, payload })
    }

    /// Somebody sets a label on an issue that has these labels then.
    ///
    /// # Errors
    ///
    /// If there is no example.
    pub(crate) fn labeled(gha: &Gha, issue: u64, label: &str, has: &[&str]) -> Result<Self> {
        let mut event = Self::real(gha, "issues", Some("labeled"))?;
        let drawn = event.payload["label"].clone();
        let named = |name: &str| {
            let mut label = drawn.clone();
            label["name"] = name.into();
            label
        };
        event.payload["label"] = named(label);
        event.payload["issue"]["number"] = issue.into();
        event.payload["issue"]["labels"] = has.iter().map(|name| named(name)).collect();
        Ok(event)
    }

    /// Who did it: an account of a person, or of an app if the login says so.
    pub(crate) fn by(mut self, login: &str, id: u64) -> Self {
        let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
        let sender = &mut self.payload["sender"];
        sender["login"] = login.into();
        sender["id"] = id.into();
        sender["type"] = kind.into();
        self
    }

    /// The title of the issue or pull request.
    pub(crate) fn titled(mut self, title: &str) -> Self {
        for key in ["issue", "pull_request"] {
            if self.payload[key].is_object() {
                self.payload[key]["title"] = json!(title);
            }
        }
        self
    }

    /// Login of whoever did it.
    pub(crate) fn sender(&self) -> &str {
        self.payload["sender"]["login"].as_str().unwrap_or_default()
    }
}
