//! Agents outside of their areas, and areas that cannot be told apart.

mod active;
mod area;
pub(super) mod boundary_overlap;
pub(super) mod dependency_in_flux;
pub(super) mod forbidden_path;
mod graph;
mod mend;
mod other_task;
pub(super) mod outside_boundary;
pub(super) mod policy_edit;
pub(super) mod shared_path;
mod unknown_names;
pub(super) mod unsafe_parallel;
