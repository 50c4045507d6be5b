//! Creating something exactly once over a connection that may break.
//!
//! A POST that got no answer may have done its work. Sending it again blindly makes two, or is
//! refused because of its own first success; giving up leaves the caller to find out. So the
//! thing itself is looked for.

use serde::de::DeserializeOwned;

use crate::error::GitHubError;
use crate::transport::{Call, Failed, Transport};

/// Sends `create`. After a lost answer, `read` looks for the thing: there and the same is
/// success, there and different is [`GitHubError::AlreadyExists`], not there is another try.
///
/// The thing, when it had to be looked for; `None` when GitHub's answer said that it was made.
pub(crate) async fn create_once<T: DeserializeOwned>(
    transport: &Transport,
    create: &Call<'_>,
    read: &Call<'_>,
    same: impl Fn(&T) -> bool,
    difference: &str,
) -> Result<Option<T>, GitHubError> {
    let mut lost = false;
    let mut attempt = 1;
    loop {
        let error = match transport.send(create).await {
            Ok(_) => return Ok(None),
            Err(Failed { error, unsure: true }) => {
                lost = true;
                error
            }
            // A lost request may arrive late, after we looked and before we tried again.
            Err(Failed { error: error @ GitHubError::AlreadyExists { .. }, .. }) if lost => error,
            Err(Failed { error, .. }) => return Err(error),
        };
        transport.pause(attempt).await;
        match transport.read::<T>(read).await {
            Ok(found) if same(&found) => return Ok(Some(found)),
            Ok(_) => {
                return Err(GitHubError::AlreadyExists {
                    doing: create.doing().to_owned(),
                    message: difference.to_owned(),
                });
            }
            Err(failed) if failed.error.is_not_found() && attempt < transport.attempts() => {
                attempt += 1;
            }
            // Both errors are true; the first says what was being done.
            Err(_) => return Err(error),
        }
    }
}
