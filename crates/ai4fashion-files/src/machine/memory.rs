//! The most memory that this process has held.

/// Returns the most memory that this program has held since it began, in MiB, where Linux tells.
///
/// It is `VmHWM` in `/proc/self/status`. `getrusage` counts what the process held before `exec`,
/// too: run by a larger program, such as `cargo run`, a small one would seem as large.
///
/// ```
/// let peak = ai4fashion_files::machine::peak_memory_mib();
/// assert!(peak.is_none_or(|peak| peak > 0.1));
/// ```
#[must_use]
pub fn peak_memory_mib() -> Option<f64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    parse_peak(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// Reads `VmHWM:     22528 kB` as MiB.
fn parse_peak(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib / 1024.0)
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
