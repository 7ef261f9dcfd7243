use std::{error::Error, fs, path::Path, time::Duration};

use ai4fashion_files::{FileLock, sha256_hex, sweep_partial, write_atomic};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("work/files");
    fs::create_dir_all(folder)?;
    let lock = FileLock::acquire(folder.join(".lock"))?;
    assert!(FileLock::try_acquire(folder.join(".lock")).is_err());
    write_atomic(folder.join("labels.csv"), b"file,color\n")?;
    sweep_partial(folder, Duration::from_secs(3600));
    assert_eq!(sha256_hex(&fs::read(folder.join("labels.csv"))?).len(), 64);
    drop(lock);
    Ok(())
}
