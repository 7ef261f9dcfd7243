use ai4fashion_dataset::{Dataset, Folder, Ingest, IngestOptions, image::{Rgb, RgbImage}};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all("work/dataset/photos")?;
    let photo = RgbImage::from_pixel(60, 80, Rgb([200, 20, 30]));
    photo.save("work/dataset/photos/shirt.png")?;
    let photos = Folder::open("work/dataset/photos")?;
    Ingest::new(IngestOptions::default())?.run(&[&photos], "work/dataset/out", &())?;
    assert_eq!(Dataset::open("work/dataset/out")?.len(), 1);
    Ok(())
}
