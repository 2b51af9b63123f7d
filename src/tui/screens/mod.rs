//! The screens, one file each. A screen has a state, a way to change it, and a way to show it.

pub mod audit;
pub mod cards;
pub mod gaps;
pub mod graph;
pub mod maps;
pub mod matrix;
pub mod problems;
pub mod review;
pub mod whatif;
