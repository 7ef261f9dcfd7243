#![doc = include_str!("../README.md")]

mod canvas;
mod chart;
#[cfg(feature = "dataset")]
mod dataset_charts;
mod error;
mod font;
mod stylesheet;

pub use canvas::Chart;
pub use chart::{
    bars::{Bar, BarChart},
    groups::{GroupedBarChart, Series},
    heat_map::HeatMap,
    lines::{Line, LineChart},
    side_by_side::side_by_side,
};
#[cfg(feature = "dataset")]
pub use dataset_charts::{
    distributions::{DistributionCharts, write_distributions},
    explanation::render_explanation,
    overview::{ChartFile, write_charts},
};
pub use error::{Error, ErrorKind};

// Types of these crates are part of our signatures; `dataset` has the colours, too.
#[cfg(feature = "dataset")]
pub use ai4fashion_dataset as dataset;
pub use image;
