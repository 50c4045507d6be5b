//! The matrix of specification §12.2 as data: what each role may touch.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What each role may touch, by the role's name.
pub type Matrix = BTreeMap<String, Row>;

/// What one role may touch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// How agents of the role are run, the usual way first (specification §12.1).
    pub run_modes: Vec<RunMode>,
    /// Pods, logs, events, services and ingresses.
    pub read: Read,
    /// Objects of Kubernetes.
    pub write: Write,
    /// Metrics.
    pub metrics: Metrics,
    /// Rows of databases. No object of Kubernetes can say this: it decides who reaches
    /// the port, and names the grant for whoever hands out credentials.
    pub database: Database,
    /// Secrets.
    pub secrets: Secrets,
}

/// Declares an enumeration whose words are those of the configuration.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// How an agent is run (specification §12.1).
    RunMode {
        /// In a namespace of its own, next to the services it looks at.
        FullEnv = "full-env",
        /// With the repository alone.
        CodeOnly = "code-only",
    }
}

words! {
    /// Reading pods, logs, events, services and ingresses.
    Read {
        /// None.
        None = "none",
        /// Which pods, services and ingresses there are; no logs, no events.
        Minimal = "minimal",
        /// All of it, where the adopter asks for it.
        Optional = "optional",
        /// All of it.
        Full = "full",
    }
}

words! {
    /// Writing objects of Kubernetes.
    Write {
        /// None.
        None = "none",
        /// As [`Write::Slot`], where the adopter asks for it.
        OptionalSlot = "optional-slot",
        /// Creates what a development slot is made of, and changes nothing.
        SlotResources = "slot-resources",
        /// Runs jobs in a development slot.
        TestJobs = "test-jobs",
        /// Applies, patches and rolls out in a development slot.
        Slot = "slot",
        /// Applies, patches and rolls out anywhere, but never itself: the gateway does
        /// it, once an owner has approved it.
        WithApproval = "with-approval",
    }
}

words! {
    /// Metrics.
    Metrics {
        /// None.
        None = "none",
        /// Reads them, where the adopter asks for it.
        Optional = "optional",
        /// Reads them.
        Read = "read",
        /// Reads them, and says what is scraped and when an alert goes off.
        ReadWrite = "read-write",
    }
}

words! {
    /// Rows of databases.
    Database {
        /// None.
        None = "none",
        /// Reads schema and migrations; no data of production.
        Schema = "schema",
        /// Reads data of tests.
        TestRead = "test-read",
        /// Reads and writes data of development and tests.
        TestWrite = "test-write",
        /// Reads, to find out what is wrong.
        Diagnose = "diagnose",
        /// Metadata and links of documents, through the gateway.
        Knowledge = "knowledge",
    }
}

words! {
    /// Secrets.
    Secrets {
        /// None.
        None = "none",
        /// Never itself: the gateway puts them in place, once an owner has approved it,
        /// and nobody reads them back.
        ThroughTools = "through-tools",
    }
}
