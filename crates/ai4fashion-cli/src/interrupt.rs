//! Ctrl-C, and other requests to end.

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Whether the user has asked the program to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn is_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A request to stop that the first Ctrl-C makes, or SIGTERM; the second ends the process at once.
///
/// # Errors
/// If the signal cannot be caught.
pub(crate) fn stop_on_ctrl_c() -> anyhow::Result<Stop> {
    let stop = Stop::default();
    let request = stop.clone();
    on_ctrl_c(move || request.0.store(true, Ordering::Relaxed))?;
    Ok(stop)
}

/// Calls `request` at the first Ctrl-C or SIGTERM; the second ends the process at once.
///
/// # Errors
/// If the signal cannot be caught.
pub(crate) fn on_ctrl_c(request: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    let mut is_second = false;
    ctrlc::set_handler(move || {
        if is_second {
            process::exit(130);
        }
        is_second = true;
        request();
        log::warn!("finishing the current step; Ctrl-C again ends at once");
    })?;
    Ok(())
}
