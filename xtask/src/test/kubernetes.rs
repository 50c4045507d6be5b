//! The manifests of `policy rbac`: valid for the schemas of Kubernetes, and, where there
//! is a server, granting what the matrix says and nothing else.

use anyhow::{Context as _, Result, bail, ensure};

use crate::files;
use crate::process::Program;
use crate::tools::{self, Python};
use crate::workspace::Workspace;

/// Versions of Kubernetes: the oldest and the newest that the schemas are there for.
const VERSIONS: [&str; 2] = ["1.25", "1.37"];

/// What is rendered: namespace, environment, more arguments.
const SETS: [(&str, &str, &[&str]); 4] = [
    ("cs-slot", "slot", &[]),
    ("cs-product", "product", &[]),
    ("cs-open", "slot", &["--optional", "--run-mode", "full-env"]),
    ("cs-code", "product", &["--run-mode", "code-only"]),
];

/// The questions, with the answers that specification §12.2 gives.
const QUESTIONS: &str = "crates/policy/tests/it/rbac/can-i.txt";

/// Renders the manifests, lets a schema checker look at them, and asks a server.
///
/// # Errors
///
/// If a manifest is not valid, or a server gives another answer than the specification.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    workspace.cargo().args(["build", "--quiet", "--package", "countersign-policy"]).run()?;
    let policy = workspace.target(&format!("debug/policy{}", std::env::consts::EXE_SUFFIX));
    let folder = workspace.target("tmp/kubernetes");
    files::make_empty_folder(&folder)?;
    for (namespace, environment, more) in SETS {
        let program = Program::new(&policy, &folder)
            .args(["rbac", "--root", ".", "--namespace", namespace, "--environment", environment])
            .args(more);
        let manifests = program.capture()?.stdout_if_success()?;
        ensure!(manifests.contains("kind: NetworkPolicy"), "no network policy for {namespace}");
        files::write(&folder.join(format!("{namespace}.yaml")), &manifests)?;
    }
    schemas(&tools::python(workspace)?, &folder)?;
    match std::env::var_os("KUBECONFIG") {
        Some(_) => server(workspace, &folder),
        None => {
            println!("  asked no server: KUBECONFIG names none");
            Ok(())
        }
    }
}

/// What the schemas of Kubernetes say. A warning is about something that was not looked
/// at, and fails, too.
fn schemas(python: &Python, folder: &std::path::Path) -> Result<()> {
    for version in VERSIONS {
        let names = SETS.map(|(namespace, ..)| format!("{namespace}.yaml"));
        let checker = Program::new(python.program("kubernetes-validate"), folder)
            .args(["--strict", "--kubernetes-version", version])
            .args(names);
        let finished = checker.capture()?;
        finished.expect_code(0)?;
        let said = format!("{}{}", finished.stdout, finished.stderr);
        if let Some(line) = said.lines().find(|line| line.contains("WARN")) {
            bail!("Kubernetes {version}: {line}");
        }
    }
    // The checker does find what is wrong.
    let good = files::read(&folder.join("cs-slot.yaml"))?;
    files::write(&folder.join("bad.yaml"), &good.replacen("policyTypes:", "policyType:", 1))?;
    let checker = Program::new(python.program("kubernetes-validate"), folder);
    let finished = checker.args(["--strict", "bad.yaml"]).capture()?;
    ensure!(finished.code != Some(0), "the schema checker lets `policyType` pass");
    Ok(())
}

/// What a server says, asked as every account of the matrix.
fn server(workspace: &Workspace, folder: &std::path::Path) -> Result<()> {
    let kubectl = || Program::new("kubectl", folder);
    for namespace in ["cs-slot", "cs-product", "cs-elsewhere", "countersign"] {
        // It may be there from the last time.
        let finished = kubectl().args(["create", "namespace", namespace]).capture()?;
        let exists = finished.stderr.contains("AlreadyExists");
        ensure!(finished.code == Some(0) || exists, "`{}`: {}", finished.line, finished.stderr);
    }
    for set in ["cs-slot.yaml", "cs-product.yaml"] {
        kubectl().args(["apply", "--filename", set]).capture()?.expect_code(0)?;
    }
    let questions = files::read(&workspace.root().join(QUESTIONS))?;
    let (mut section, mut columns, mut asked) = (String::new(), Vec::new(), 0);
    for line in questions.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match &words[..] {
            [name] => section = name.trim_matches(['[', ']']).to_owned(),
            ["verb", "resource", names @ ..] => columns = names.to_vec(),
            [verb, resource, answers @ ..] => {
                for (name, answer) in columns.iter().zip(answers) {
                    let said = can_i(folder, &section, name, verb, resource)?;
                    ensure!(
                        said == *answer,
                        "{section}: the server says `{said}` for {name}: {line}"
                    );
                    asked += 1;
                }
            }
            [] => {}
        }
    }
    ensure!(asked > 500, "only {asked} questions");
    println!("  a server answered {asked} questions as the specification does");
    Ok(())
}

/// Whether the account may, as the server says: `yes` or `no`.
fn can_i(
    folder: &std::path::Path,
    section: &str,
    name: &str,
    verb: &str,
    resource: &str,
) -> Result<String> {
    // Nobody has an account elsewhere: those of the slot try.
    let home = if section == "product" { "cs-product" } else { "cs-slot" };
    let account = match name {
        "gateway" => "system:serviceaccount:countersign:countersign-gateway".to_owned(),
        role => format!("system:serviceaccount:{home}:countersign-{}", role.to_lowercase()),
    };
    let (resource, subresource) = match resource.split_once('/') {
        // As `kubectl` has it, `deployments.apps/scale` names an object called `scale`.
        Some((resource, subresource)) => (resource, Some(subresource)),
        None => (resource, None),
    };
    let program = Program::new("kubectl", folder)
        .args(["auth", "can-i", verb, resource, "--namespace", &format!("cs-{section}")])
        .args(["--as", &account])
        .args(subresource.map(|name| format!("--subresource={name}")));
    let finished = program.capture()?;
    // It warns of resources that the server does not have, and still answers.
    let word = finished.stdout.trim().split_whitespace().next().map(str::to_owned);
    word.with_context(|| format!("`{}`: {}", finished.line, finished.stderr))
}
