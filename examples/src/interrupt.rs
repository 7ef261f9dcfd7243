//! Ctrl-C, and being asked to end.

use std::process;

use ai4fashion_dcgan::Stop;

/// A request to stop that the first Ctrl-C makes, or SIGTERM; the second ends the process at once.
///
/// # Errors
/// If the signal cannot be caught.
pub fn stop_on_ctrl_c() -> anyhow::Result<Stop> {
    let stop = Stop::new();
    let request = stop.clone();
    ctrlc::set_handler(move || {
        if request.is_requested() {
            process::exit(130);
        }
        request.request();
        log::warn!("finishing what is begun; once more to end at once");
    })?;
    Ok(stop)
}
