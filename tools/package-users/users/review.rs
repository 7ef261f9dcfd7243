use ai4fashion_review::{ReviewOptions, dataset::{Dataset, Folder, Ingest, IngestOptions, image::RgbImage}, write_page};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all("work/review/photos")?;
    RgbImage::new(60, 80).save("work/review/photos/shirt.png")?;
    let photos = Folder::open("work/review/photos")?;
    Ingest::new(IngestOptions::default())?.run(&[&photos], "work/review/out", &())?;
    let page = write_page(&Dataset::open("work/review/out")?, &ReviewOptions::default())?;
    assert!(page.is_file());
    Ok(())
}
