//! Gates, run as the program runs them.

mod labels;
mod leave;
mod next;
mod output;
mod walk;

use serde_json::Value;

/// The reasons that stand in the way, the innermost ones, each in a line.
fn in_the_way(reasons: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    for reason in reasons {
        if !["fails", "unclear", "denies", "needs-approval"]
            .contains(&reason["judgement"].as_str().unwrap())
        {
            continue;
        }
        let behind = reason["because"].as_array().map(Vec::as_slice).unwrap_or_default();
        let inner = in_the_way(behind);
        if inner.is_empty() || reason["remedy"].is_string() {
            let remedy = reason["remedy"].as_str().unwrap_or("-");
            let (rule, message) = (reason["rule"].as_str().unwrap(), reason["message"].as_str());
            lines.push(format!("[{rule}] {}\n        {remedy}", message.unwrap()));
        } else {
            lines.extend(inner);
        }
    }
    lines
}
