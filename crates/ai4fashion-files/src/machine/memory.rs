//! Memory of the machine, and what this process has held of it.

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
    mib_of("VmHWM:", &std::fs::read_to_string("/proc/self/status").ok()?)
}

/// Returns the memory of the machine, in MiB, where Linux tells.
///
/// ```
/// let memory = ai4fashion_files::machine::memory_mib();
/// assert!(memory.is_none_or(|memory| memory > 1.0));
/// ```
#[must_use]
pub fn memory_mib() -> Option<f64> {
    mib_of("MemTotal:", &std::fs::read_to_string("/proc/meminfo").ok()?)
}

/// Reads a line such as `VmHWM:     22528 kB` as MiB.
fn mib_of(key: &str, text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peak_is_read_from_the_status_of_linux() {
        let status = "Name:\tai4fashion\nVmPeak:\t  500000 kB\nVmHWM:\t   22528 kB\nVmRSS:\t   20000 kB\n";
        assert_eq!(mib_of("VmHWM:", status), Some(22.0));
        assert_eq!(mib_of("VmHWM:", "Name:\tai4fashion\n"), None);
        assert_eq!(mib_of("VmHWM:", "VmHWM: many\n"), None);
    }
}
