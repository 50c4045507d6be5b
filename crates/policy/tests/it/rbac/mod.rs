//! The RBAC matrix against the specification, and the manifests against the matrix.

mod can_i;
mod matrix;
mod program;
mod rendered;

use countersign_policy::rbac::{self, Environment, Matrix, Optional, Target};
use countersign_process::Process;

/// The default matrix.
fn matrix() -> Matrix {
    rbac::matrix(&Process::default())
}

fn target(namespace: &str, environment: Environment) -> Target {
    Target {
        namespace: namespace.parse().unwrap(),
        environment,
        run_mode: None,
        optional: Optional::Withheld,
        gateway_namespace: "countersign".parse().unwrap(),
        monitoring_namespace: "monitoring".parse().unwrap(),
    }
}
