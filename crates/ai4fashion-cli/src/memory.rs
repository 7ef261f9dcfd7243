//! Memory of this process: the most it has held, and what it keeps for later.

/// The most memory this process has held so far, in MiB; `None` where the system does not tell.
pub(crate) fn peak_mib() -> Option<f64> {
    peak_of_program().or_else(peak_of_process)
}

/// The peak since the program began: `VmHWM` in `/proc/self/status` of Linux.
///
/// `getrusage` counts what the process held before `exec`, too: run by a larger program, such as
/// `cargo run`, a small one would seem as large.
fn peak_of_program() -> Option<f64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    parse_peak(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// `VmHWM:     22528 kB` in MiB.
fn parse_peak(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib / 1024.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peak_is_read_from_the_status_of_linux() {
        let status = "Name:\tai4fashion\nVmPeak:\t  500000 kB\nVmHWM:\t   22528 kB\nVmRSS:\t   20000 kB\n";
        assert_eq!(parse_peak(status), Some(22.0));
        assert_eq!(parse_peak("Name:\tai4fashion\n"), None);
        assert_eq!(parse_peak("VmHWM: many\n"), None);
    }
}
