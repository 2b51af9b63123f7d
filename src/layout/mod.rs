//! Where boxes and lines go on a grid of cells: pictures that the terminal and files draw alike.
//!
//! [`picture`] is what a drawing consists of; [`raster`] turns one into cells; [`graph`] draws the
//! graph around a focus; [`process_map`] and [`architecture_map`] draw the maps, on a [`grid`] and with
//! the [`badge`]s of personas. What is drawn follows from the graph and the analysis. Nothing here
//! knows a colour, a screen or a file format.

pub mod architecture_map;
pub mod badge;
pub mod graph;
pub mod grid;
pub mod picture;
pub mod process_map;
pub mod raster;
