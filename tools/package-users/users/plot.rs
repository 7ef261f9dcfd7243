use ai4fashion_plot::{Chart, Error, Line, LineChart};

fn main() -> Result<(), Error> {
    let line = Line::new("generator", [0, 114, 178], vec![2.0, 1.5, 1.2]);
    let chart = LineChart::new("Losses", "step", "loss").with_line(line);
    assert!(chart.svg()?.starts_with("<svg"));
    assert_eq!(chart.image()?.dimensions(), (1000, 500));
    Ok(())
}
