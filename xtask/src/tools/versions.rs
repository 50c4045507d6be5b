//! Versions of the programs that tests and benchmarks install. Nothing else names
//! a version of a foreign tool.

/// Packages of the Python Package Index.
pub(super) const PYTHON: [&str; 4] =
    ["pre-commit==4.7.0", "prek==0.5.11", "sarif-tools==3.0.5", "check-jsonschema==0.39.0"];

/// Packages of npm: the peer of the benchmark and the plug-ins that make it check
/// front matter.
pub(super) const NODE: [&str; 3] =
    ["remark-cli@12.0.1", "remark-frontmatter@5.0.0", "remark-lint-frontmatter-schema@3.15.4"];
