//! Workflows of an adopter, run for real on this machine: a second repository that calls this
//! one's workflows and actions, a real event, a GitHub that holds state.
//!
//! The runner is `act`, without containers. What it does otherwise than GitHub is made up for
//! here: it does not know `$/…` (see [`repository`]), it lets the environment of its caller
//! through, it takes a job that was skipped for a good end (every run names the jobs that must
//! have run), and it does not look at activity types, which GitHub's own code is asked about.

mod event;
mod releases;
mod report;
mod repository;
mod scene;

pub(crate) use self::event::Event;
pub(crate) use self::releases::Releases;
pub(crate) use self::report::{Ended, Report};
pub(crate) use self::scene::{Adopter, Extent, OWNER, PRODUCT, Run, Scene};
