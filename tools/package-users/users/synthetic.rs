use ai4fashion_synthetic::{Catalogue, Error, View};

fn main() -> Result<(), Error> {
    let catalogue = Catalogue::new(7).with_per_label(1);
    assert_eq!(catalogue.render(0, View::GarmentOnly).dimensions(), (168, 224));
    let truth = catalogue.write_small_fashion("work/synthetic")?;
    assert_eq!(truth.len(), 132);
    Ok(())
}
