//! Damaged files: each is read or refused, and none ends the process.

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;

use super::*;
use crate::testing::{device, on_each_device};

/// `whole` cut off, with bytes changed, removed or inserted, in `count` ways.
pub(in crate::model::weights) fn damaged(whole: &[u8], count: usize) -> Vec<Vec<u8>> {
    let mut random = ChaCha12Rng::seed_from_u64(22);
    let mut damage = |kind: usize| {
        let (at, mut bytes) = (random.random_range(0..whole.len()), whole.to_vec());
        match kind % 6 {
            0 => bytes.truncate(at),
            1 => bytes[at] = random.random(),
            2 => bytes[at] ^= 1 << random.random_range(0..8),
            3 => drop(bytes.remove(at)),
            4 => bytes.insert(at, random.random()),
            _ => {
                let end = bytes.len().min(at + 8);
                random.fill_bytes(&mut bytes[at..end]);
            }
        }
        bytes
    };
    (0..count).map(&mut damage).collect()
}

#[test]
fn damaged_safetensors_are_read_or_refused() {
    on_each_device(|| {
        let generator = Generator::new(&crate::config::tiny(), &device()).unwrap();
        let whole = to_bytes(&generator).unwrap();
        let header = 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
        let (_folder, path) = saved();
        let mut refused = 0;
        // Damage to the header, which matters most, and anywhere.
        let headers = damaged(&whole[..header], 600).into_iter();
        let headers = headers.map(|bytes| [&bytes, &whole[header..]].concat());
        for bytes in headers.chain(damaged(&whole, 200)) {
            fs::write(&path, &bytes).unwrap();
            if let Err(error) = load_weights(generator.clone(), &path) {
                refused += 1;
                for text in ai4fashion_files::messages(&error) {
                    assert!(!text.contains(char::is_control) && text.len() < 1500, "{text}");
                }
            }
        }
        assert!(refused > 400, "{refused}");
    });
}
