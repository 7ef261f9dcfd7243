//! Memory of this process: the most it has held, and what it keeps for later.

use ai4fashion_files::machine::peak_memory_mib;

/// The most memory this process has held so far, in MiB; `None` where the system does not tell.
pub(crate) fn peak_mib() -> Option<f64> {
    peak_memory_mib().or_else(peak_of_process)
}

#[allow(clippy::cast_precision_loss, reason = "a size in KiB is far below 2^52")]
#[cfg(unix)]
fn peak_of_process() -> Option<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") {
        1024.0 * 1024.0
    } else {
        1024.0
    };
    Some(usage.max_rss() as f64 / unit)
}

#[cfg(not(unix))]
fn peak_of_process() -> Option<f64> {
    None
}

/// Lets the process keep memory that it has freed, for its next allocation.
///
/// The GNU C library gives every block of more than 32 MiB back to the system, and a training step
/// asks for several such blocks: with fresh pages each time, it takes a tenth longer. Scores take
/// such blocks, too. Elsewhere nothing is done. To be called before the process has other threads.
pub(crate) fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: `mallopt` takes the allocator's lock and stores its argument; any value is
        // allowed.
        #[expect(unsafe_code, reason = "the C library has no safe interface")]
        unsafe {
            // A library that refuses the first would be worse off with the second alone.
            if libc::mallopt(libc::M_MMAP_THRESHOLD, i32::MAX) == 1 {
                libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX);
            }
        }
    }
}
