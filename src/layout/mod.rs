//! Where boxes and lines go on a grid of cells: pictures that the terminal and files draw alike.
//!
//! [`picture`] is what a drawing consists of; [`raster`] turns one into cells; [`graph`] draws the
//! graph around a focus. What is drawn follows
//! from the graph and the analysis. Nothing here knows a colour, a screen or a file format.

pub mod graph;
pub mod picture;
pub mod raster;
