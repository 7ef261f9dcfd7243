#![doc = include_str!("../README.md")]

mod canvas;
mod chart;
#[cfg(feature = "dataset")]
mod dataset;
mod error;
mod font;

pub use canvas::Chart;
pub use chart::{
    bars::{Bar, BarChart},
    groups::{GroupedBarChart, Series},
    heat_map::HeatMap,
    lines::{Line, LineChart},
    side_by_side::side_by_side,
};
#[cfg(feature = "dataset")]
pub use dataset::{
    distributions::{DistributionCharts, write_distributions},
    explanation::render_explanation,
    overview::{ChartFile, write_charts},
};
pub use error::{Error, ErrorKind};

// Types of this crate are part of our signatures.
pub use image;
