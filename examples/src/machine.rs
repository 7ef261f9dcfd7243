//! What the machine says of this process.

/// The most memory this process has held so far, in MiB; `None` where the system does not tell.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "a size in KiB is far below 2^52")]
#[cfg(unix)]
pub fn peak_mib() -> Option<f64> {
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

/// The most memory this process has held so far, in MiB; this system is not asked.
#[must_use]
#[cfg(not(unix))]
pub fn peak_mib() -> Option<f64> {
    None
}
