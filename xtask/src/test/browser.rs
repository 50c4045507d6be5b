//! The report of the example repository, in a real browser.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::step::Outcome;
use crate::browser::{self, View};
use crate::docset::Docset;
use crate::tools;
use crate::workspace::Workspace;

/// A document whose texts try to become markup, script and style, and to be too wide.
const HOSTILE: (&str, &str) = (
    "docs/hostile.md",
    "---\ndoc_id: \"x'\\\"><script>attacked=1</script>\"\ntype: brief\ntitle: \"</title></style><script>attacked=1\
     </script><img src=x onerror=attacked=1><a href='javascript:attacked=1' onclick=attacked=1>\
     wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\"\n\
     status: \"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\"\n\
     related_issues: [41]\n---\n# T\n",
);

/// # Errors
///
/// If the page does not do what it should, or, under CI, there is no browser.
pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    let docset = Docset::build(workspace)?;
    let browser = match tools::browser(workspace) {
        Ok(browser) => browser,
        Err(error) if std::env::var_os("CI").is_none() => {
            println!("  {error:#}");
            return Ok(Outcome::Skipped("there is no browser"));
        }
        Err(error) => return Err(error),
    };
    let page = browser::example_report(workspace, &docset, &[HOSTILE])?;
    let widths = [1280, 360];
    let views = widths.map(|width| View { width, picture: None });
    let seen = browser::look(workspace, &browser, &page, &views)?;
    ensure!(seen.len() == widths.len(), "{} of {} views", seen.len(), widths.len());
    for (seen, width) in seen.iter().zip(widths) {
        judge(seen, width)
            .with_context(|| format!("at {width} pixels the browser saw {seen:#}"))?;
    }
    Ok(Outcome::Passed)
}

fn judge(seen: &Value, width: usize) -> Result<()> {
    ensure!(seen["complaints"] == json!([]), "the browser complains");
    ensure!(seen["requests"] == json!([]), "the page asks for something else");
    ensure!(seen["attacked"] == "undefined", "text of a document ran as a script");
    ensure!(seen["contentWidth"] == width, "the page is wider than the window");
    let red = seen["stale"].as_str().and_then(rgb).context("`stale` has no colour")?;
    ensure!(red[0] > 150 && red[1] < 60 && red[2] < 60, "`stale` is not red");
    // 20 documents, an issue, a pull request, and the approval that is stale.
    ensure!(seen["rows"] == 23, "rows are missing");
    ensure!(seen["focus"] == "words", "`/` does not lead to the search box");
    // The warning, the issue and the document itself.
    ensure!(seen["rowsFound"] == 3, "the search box does not filter");
    ensure!(seen["found"] == "3 of 23 rows", "the search box does not say what it found");
    ensure!(seen["rowsAgain"] == seen["rows"], "Escape does not bring the rows back");
    ensure!(seen["light"] == "rgb(255, 255, 255)", "the light page is not white");
    let dark = seen["dark"].as_str().and_then(rgb).context("the page has no background")?;
    ensure!(dark.iter().all(|part| *part < 60), "the dark page is not dark");
    ensure!(seen["printsSearch"] == false, "the search box is printed");
    Ok(())
}

/// The parts of `rgb(1, 2, 3)`.
fn rgb(text: &str) -> Option<[u8; 3]> {
    let parts = text.strip_prefix("rgb(")?.strip_suffix(')')?;
    let parts: Option<Vec<u8>> = parts.split(", ").map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Value {
        json!({
            "complaints": [], "requests": [], "attacked": "undefined", "contentWidth": 360,
            "stale": "rgb(179, 18, 29)", "rows": 23, "focus": "words", "rowsFound": 3,
            "found": "3 of 23 rows", "rowsAgain": 23, "light": "rgb(255, 255, 255)",
            "dark": "rgb(13, 17, 23)", "printsSearch": false,
        })
    }

    #[test]
    fn every_fault_of_a_page_is_found() {
        judge(&seen(), 360).unwrap();
        for (key, value) in seen().as_object().unwrap() {
            let mut bad = seen();
            bad[key] = if value.is_array() { json!(["x"]) } else { json!("x") };
            assert!(judge(&bad, 360).is_err(), "{key}");
        }
    }
}
