//! What follows a fault: readers look at the state, the documented command is run, the result is
//! compared.

use std::{fs, path::Path};

use anyhow::Result;

use crate::{operation::Hand, program::Ran, slot::Slot, target::without_random, tree::Tree};

/// What a fault led to, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// The documented command ended with the bytes of the undisturbed operation.
    Same,
    /// These bytes, and hidden files or empty folders beside them.
    Litter,
    /// Other bytes.
    Other,
    /// The documented command refused; something else was needed.
    Hand,
    /// Data are gone that the undisturbed operation has.
    Lost,
}

/// The outcome of a fault and what was noticed on the way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// What it led to.
    pub(crate) outcome: Outcome,
    /// What differed, or the error of the command that refused.
    pub(crate) detail: String,
    /// A program panicked, hung or was ended by a signal that was not injected.
    pub(crate) crash: Option<String>,
    /// A reader showed neither the old nor the new data set, without an error.
    pub(crate) silent: Option<String>,
    /// A reader refused the state between fault and restart.
    pub(crate) refused: bool,
    /// The disturbed command reported success, and the state was not that of the end.
    pub(crate) false_success: bool,
    /// The disturbed command reported a failure, and the state was that of the end.
    pub(crate) false_failure: bool,
}

impl Outcome {
    /// All outcomes.
    pub(crate) const ALL: [Self; 5] = [Self::Same, Self::Litter, Self::Other, Self::Hand, Self::Lost];

    /// Name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Same => "same bytes",
            Self::Litter => "litter",
            Self::Other => "other bytes",
            Self::Hand => "by hand",
            Self::Lost => "lost",
        }
    }
}

impl Verdict {
    /// Whether this is a fault of the program; litter alone is counted only.
    pub(crate) fn is_fault(&self) -> bool {
        self.outcome > Outcome::Litter || self.crash.is_some() || self.silent.is_some() || self.false_success
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_clean(&self) -> bool {
        !self.is_fault() && self.outcome == Outcome::Same && !self.false_failure && !self.refused
    }

    /// Says in a line what was found.
    pub(crate) fn describe(&self) -> String {
        let mut words = vec![self.outcome.name().to_owned()];
        words.extend(Some(self.detail.clone()).filter(|detail| !detail.is_empty()));
        words.extend(self.crash.iter().map(|crash| format!("crash: {crash}")));
        words.extend(
            self.silent
                .iter()
                .map(|silent| format!("shown in silence: {silent}")),
        );
        let flags = [
            (
                self.false_success,
                "reported success before the end state was there",
            ),
            (
                self.false_failure,
                "reported failure though the end state was there",
            ),
            (self.refused, "readers refused meanwhile"),
        ];
        words.extend(
            flags
                .iter()
                .filter(|(is, _)| *is)
                .map(|(_, text)| (*text).to_owned()),
        );
        words.join("; ")
    }
}

/// Recovers from the state in the work folder of `slot`, and says how that went.
///
/// `disturbed` is how the disturbed command ended, if it was not killed.
pub(crate) fn recover(slot: &Slot, disturbed: Option<&Ran>) -> Result<Verdict> {
    let operation = slot.operation();
    let mut verdict = Verdict {
        outcome: Outcome::Same,
        detail: String::new(),
        crash: disturbed
            .filter(|ran| !ran.is_orderly())
            .map(|ran| slot.describe(ran)),
        silent: None,
        refused: false,
        false_success: false,
        false_failure: false,
    };
    if let Some(ran) = disturbed.filter(|_| operation.then.is_empty()) {
        let half = Tree::read(&slot.work())?;
        let difference = half.difference(slot.end());
        verdict.false_success = ran.code == slot.code() && !difference.is_litter(&half);
        verdict.false_failure = ran.code != slot.code() && difference.is_none();
    }
    if let Some(ran) = slot.stats()? {
        look(slot, &ran, &mut verdict);
    }

    let mut error = restart(slot, &mut verdict)?;
    let mut tree = Tree::read(&slot.work())?;
    // What was complete already may refuse: corrections that are applied cannot be applied again.
    if error.is_some() && tree.difference(slot.end()).is_litter(&tree) {
        error = None;
    }
    if let Some(error) = error {
        verdict.outcome = Outcome::Hand;
        verdict.detail = error;
        for hand in operation.hands {
            if help(slot, *hand)? {
                break;
            }
        }
        tree = Tree::read(&slot.work())?;
    }
    let difference = tree.difference(slot.end());
    // A command that still refuses has lost nothing if all is as it was before.
    let is_loss =
        difference.is_loss() && (verdict.outcome != Outcome::Hand || tree.difference(slot.start()).is_loss());
    let outcome = match () {
        () if difference.is_none() => Outcome::Same,
        () if difference.is_litter(&tree) => Outcome::Litter,
        () if is_loss => Outcome::Lost,
        () => Outcome::Other,
    };
    if !difference.is_none() && verdict.detail.is_empty() {
        verdict.detail = difference.describe();
    }
    verdict.detail = without_random(&verdict.detail);
    verdict.outcome = verdict.outcome.max(outcome);
    Ok(verdict)
}

/// Notes what a reader made of the state.
fn look(slot: &Slot, ran: &Ran, verdict: &mut Verdict) {
    if !ran.is_orderly() {
        verdict
            .crash
            .get_or_insert(format!("stats: {}", slot.describe(ran)));
    } else if ran.code != Some(0) {
        verdict.refused = true;
        if ran.stderr.trim().is_empty() {
            verdict.silent = Some("stats fails without a word".to_owned());
        }
    } else if !slot.is_whole(&ran.stdout) {
        verdict.silent = Some("stats counts neither the old nor the new data set".to_owned());
    }
}

/// Runs what the documentation says. The error of the first command, if none succeeded.
fn restart(slot: &Slot, verdict: &mut Verdict) -> Result<Option<String>> {
    let operation = slot.operation();
    let mut error = None;
    let mut is_done = false;
    for template in operation.again {
        let ran = slot.run(template)?;
        if !ran.is_orderly() {
            verdict
                .crash
                .get_or_insert(format!("again: {}", slot.describe(&ran)));
        }
        if ran.code == slot.code() {
            is_done = true;
            break;
        }
        error.get_or_insert(slot.describe(&ran));
    }
    for template in operation.then {
        let ran = slot.run(template)?;
        if ran.code != Some(0) {
            return Ok(Some(slot.describe(&ran)));
        }
    }
    Ok(error.filter(|_| !is_done))
}

/// Does what a person would do, and whether all commands then succeeded.
fn help(slot: &Slot, hand: Hand) -> Result<bool> {
    let template = match hand {
        Hand::Run(template) => template,
        Hand::Remove(path) => {
            remove(&slot.work().join(path))?;
            slot.operation().command
        }
        Hand::RemoveHidden(folder) => {
            for entry in fs::read_dir(slot.work().join(folder))? {
                let entry = entry?;
                if entry.file_name().to_string_lossy().starts_with('.') {
                    remove(&entry.path())?;
                }
            }
            slot.operation().command
        }
    };
    for template in [template].iter().chain(slot.operation().then) {
        if slot.run(template)?.code != Some(0) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn remove(path: &Path) -> Result<()> {
    if path.is_dir() {
        fs::remove_dir_all(path)?;
    } else if path.exists() {
        fs::remove_file(path)?;
    }
    Ok(())
}
