//! Files that are given to commands.

use std::io::Read as _;
use std::path::Path;

use countersign_report::terminal::Fault;

use crate::Request;

/// More than any request; what is longer is no request.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The text of a file, or of standard input for `-`.
pub(super) fn text(path: &Path) -> Result<String, Fault> {
    let shown = path.display();
    if path == Path::new("-") {
        let mut text = String::new();
        let taken = std::io::stdin().take(LARGEST + 1).read_to_string(&mut text);
        taken.map_err(|error| format!("cannot read standard input: {error}"))?;
        if u64::try_from(text.len()).is_ok_and(|length| length > LARGEST) {
            return Err("standard input is longer than 4 MiB".into());
        }
        return Ok(text);
    }
    let mut bytes = Vec::new();
    countersign_files::read(path, &mut bytes)
        .map_err(|error| format!("cannot read `{shown}`: {error}"))?;
    Ok(String::from_utf8(bytes).map_err(|_| format!("`{shown}` is not UTF-8"))?)
}

/// What a file is called in messages.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// The request in a text; `name` is for messages.
pub(super) fn request(name: &str, text: &str) -> Result<Request, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("{name}:{}:{}", error.line(), error.column());
        let message = error.to_string();
        // serde_json says the place at the end.
        let message = message.split(" at line ").next().unwrap_or_default();
        let help = "a request is JSON: {\"actor\": {…}, \"operation\": \"…\", \"arguments\": {…}}";
        Fault::from(format!("{place}: {message}; {help}"))
    })
}
