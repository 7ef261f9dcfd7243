use ai4fashion_export::{Export, ExportOptions, Format, dataset::{Dataset, Folder, Ingest, IngestOptions, image::RgbImage}};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all("work/export/photos")?;
    RgbImage::new(60, 80).save("work/export/photos/shirt.png")?;
    let photos = Folder::open("work/export/photos")?;
    Ingest::new(IngestOptions::default())?.run(&[&photos], "work/export/out", &())?;
    let export = Export::new(ExportOptions::new(Format::Parquet))?;
    assert_eq!(export.run(&Dataset::open("work/export/out")?, "work/export/parquet", &())?.written(), 1);
    Ok(())
}
