//! A place where an operation is run again and again from the same start.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    input,
    operation::Operation,
    program::{Program, Ran, run},
    tree::Tree,
};

/// A folder with the photos, the work folder, and what is expected in it.
///
/// Files of a run hold absolute paths, so states of one slot are compared with each other only.
#[derive(Debug)]
pub(crate) struct Slot {
    root: PathBuf,
    program: Program,
    operation: &'static Operation,
    start: Tree,
    end: Tree,
    code: Option<i32>,
    shown: Vec<String>,
}

impl Slot {
    /// Makes the start state in `root/work`, and what the operation ends with when undisturbed.
    pub(crate) fn prepare(root: &Path, program: &Program, operation: &'static Operation) -> Result<Self> {
        fs::create_dir_all(root)?;
        let mut slot = Self {
            root: fs::canonicalize(root)?,
            program: program.clone(),
            operation,
            start: Tree::default(),
            end: Tree::default(),
            code: None,
            shown: Vec::new(),
        };
        input::write(&slot.input())?;
        slot.restore()?;
        for template in operation.setup {
            slot.must(template)?;
        }
        slot.start = Tree::read(&slot.work())?;
        slot.shown.extend(
            slot.stats()?
                .filter(|ran| ran.code == Some(0))
                .map(|ran| ran.stdout),
        );
        slot.code = slot.must(operation.command)?.code;
        slot.shown.extend(slot.stats()?.map(|ran| ran.stdout));
        slot.end = slot.finish()?;
        // The same again: what differs now differs by itself.
        slot.restore()?;
        slot.must(operation.command)?;
        let difference = slot.finish()?.difference(&slot.end);
        if !difference.is_none() {
            bail!(
                "two undisturbed runs of {} differ: {}",
                operation.name,
                difference.describe()
            );
        }
        Ok(slot)
    }

    /// Runs the commands that must succeed afterwards, and reads the work folder.
    fn finish(&self) -> Result<Tree> {
        for template in self.operation.then {
            self.must(template)?;
        }
        Tree::read(&self.work())
    }

    fn must(&self, template: &str) -> Result<Ran> {
        let ran = self.run(template)?;
        if ran.code != Some(0) {
            bail!("`{template}` in {}: {}", self.root.display(), ran.describe());
        }
        Ok(ran)
    }

    /// Runs a command of the program.
    pub(crate) fn run(&self, template: &str) -> Result<Ran> {
        run(&self.line(template), &self.root)
    }

    /// Runs `stats` on a copy of the data set, if there is one, as any reader would.
    pub(crate) fn stats(&self) -> Result<Option<Ran>> {
        let dataset = self.work().join("dataset");
        if !dataset.is_dir() {
            return Ok(None);
        }
        let copy = self.root.join("copy");
        Tree::read(&dataset)?.restore(&copy)?;
        let line = [
            self.program.0.clone().into(),
            "stats".into(),
            "--json".into(),
            copy.into(),
        ];
        run(&line, &self.root).map(Some)
    }

    /// Says in a line how a command ended, with `{work}` for the work folder.
    pub(crate) fn describe(&self, ran: &Ran) -> String {
        let text = ran.describe();
        let text = text.replace(&*self.root.join("copy").to_string_lossy(), "{work}/dataset");
        text.replace(&*self.work().to_string_lossy(), "{work}")
    }

    /// Puts the work folder back to the start.
    pub(crate) fn restore(&self) -> Result<()> {
        self.start
            .restore(&self.work())
            .context("cannot restore the start state")
    }

    /// The command line of a template.
    pub(crate) fn line(&self, template: &str) -> Vec<OsString> {
        let fill = |word: &str| {
            let word = word.replace("{work}", &self.work().to_string_lossy());
            word.replace("{input}", &self.input().to_string_lossy()).into()
        };
        let program = [self.program.0.clone().into()];
        program
            .into_iter()
            .chain(template.split_whitespace().map(fill))
            .collect()
    }

    /// The folder of all.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that is restored and compared.
    pub(crate) fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    fn input(&self) -> PathBuf {
        self.root.join("input")
    }

    /// The operation.
    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The state before the operation.
    pub(crate) fn start(&self) -> &Tree {
        &self.start
    }

    /// The state after the operation, undisturbed.
    pub(crate) fn end(&self) -> &Tree {
        &self.end
    }

    /// Exit code of the undisturbed operation.
    pub(crate) fn code(&self) -> Option<i32> {
        self.code
    }

    /// Whether `stats` prints this before or after the undisturbed operation.
    pub(crate) fn is_whole(&self, shown: &str) -> bool {
        self.shown.iter().any(|known| known == shown)
    }
}
