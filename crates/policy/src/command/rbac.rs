//! `policy rbac`.

use std::io::Write as _;

use clap::{Args, ValueEnum};
use countersign_process::RunMode;
use countersign_report::terminal::{CLEAN, Console, Fault};
use countersign_runner::RootArguments;

use crate::Policy;
use crate::rbac::{self, Environment, Name, Optional, Target};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  policy rbac --namespace dev-12 | kubectl apply -f -     all roles, in a development slot
  policy rbac --role SRE --namespace shop --environment product
  policy rbac --role PM --namespace dev-12 --run-mode full-env --optional
  policy rbac --format table                              who may touch what

Exit codes: 0 written, 2 the job could not be done.")]
pub(super) struct RbacArguments {
    /// Only this role; may be repeated. Default: all that agents have
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,

    /// The namespace in which agents run
    #[arg(long, value_name = "NAMESPACE", default_value = "countersign-slot")]
    namespace: Name,

    /// What that namespace is
    #[arg(long, value_enum, default_value_t = Where::Slot, value_name = "WHAT")]
    environment: Where,

    /// How agents are run. Default: the usual way of each role
    #[arg(long, value_enum, value_name = "MODE")]
    run_mode: Option<Mode>,

    /// Grant also what the matrix leaves open
    #[arg(long)]
    optional: bool,

    /// The namespace of the gateway
    #[arg(long, value_name = "NAMESPACE", default_value = "countersign")]
    gateway_namespace: Name,

    /// The namespace in which Prometheus answers
    #[arg(long, value_name = "NAMESPACE", default_value = "monitoring")]
    monitoring_namespace: Name,

    /// What to write
    #[arg(long, value_enum, default_value_t = RbacFormat::Yaml, value_name = "FORMAT")]
    format: RbacFormat,

    #[command(flatten)]
    root: RootArguments,
}

/// What a namespace is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Where {
    /// A development slot: for one piece of work, with nothing of value
    Slot,
    /// One that people rely on
    Product,
}

/// How agents are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// In a namespace, next to the services they look at
    FullEnv,
    /// With the repository alone
    CodeOnly,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RbacFormat {
    /// Objects of Kubernetes
    Yaml,
    /// The matrix, as a table
    Table,
}

pub(super) fn run(arguments: &RbacArguments, out: &mut Console) -> Result<u8, Fault> {
    let policy = Policy::load(&arguments.root.find()?)?;
    let matrix = rbac::matrix(policy.process());
    let target = Target {
        namespace: arguments.namespace.clone(),
        environment: match arguments.environment {
            Where::Slot => Environment::Slot,
            Where::Product => Environment::Product,
        },
        run_mode: arguments.run_mode.map(|mode| match mode {
            Mode::FullEnv => RunMode::FullEnv,
            Mode::CodeOnly => RunMode::CodeOnly,
        }),
        optional: if arguments.optional { Optional::Granted } else { Optional::Withheld },
        gateway_namespace: arguments.gateway_namespace.clone(),
        monitoring_namespace: arguments.monitoring_namespace.clone(),
    };
    // Also for a table: a role that cannot have an account is refused either way.
    let objects = rbac::manifests(&matrix, &arguments.role, &target)?;
    match arguments.format {
        RbacFormat::Yaml => out.write_all(rbac::stream(&objects).as_bytes())?,
        RbacFormat::Table => {
            let wanted = |role: &str| {
                arguments.role.is_empty() || arguments.role.iter().any(|own| own == role)
            };
            out.write_all(rbac::table(&matrix, wanted).as_bytes())?;
        }
    }
    Ok(CLEAN)
}
