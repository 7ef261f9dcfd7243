use ai4fashion_score::{Error, Features, metrics::kernel_distance};

fn main() -> Result<(), Error> {
    let rows = |shift: f64| Features::new(2, (0..40).map(|i| f64::from(i).sin() + shift).collect());
    let (real, fake) = (rows(0.0)?, rows(0.1)?);
    assert!(kernel_distance(&real, &real)? < kernel_distance(&real, &fake)?);
    Ok(())
}
