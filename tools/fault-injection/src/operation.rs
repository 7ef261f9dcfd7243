//! The operations that are disturbed: one entry each.

/// Something the program does to files, as command lines.
///
/// In all of them `{input}` stands for the folder of the photos, and `{work}` for the folder that
/// is restored before each run and compared afterwards. The data set is `{work}/dataset`.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Name on the command line and in reports.
    pub(crate) name: &'static str,
    /// Commands that make the start state.
    pub(crate) setup: &'static [&'static str],
    /// The command that is disturbed.
    pub(crate) command: &'static str,
    /// What the documentation says to run after a fault; the next one if one fails.
    pub(crate) again: &'static [&'static str],
    /// Commands that must succeed after that.
    pub(crate) then: &'static [&'static str],
    /// What a person would try next: whoever needs it needed a hand.
    pub(crate) hands: &'static [Hand],
    /// A file of `{work}` that, once it is durable, describes all changes until it is removed.
    pub(crate) journal: Option<&'static str>,
    /// Whether the program must have been built with training.
    pub(crate) needs_training: bool,
}

/// A remedy that is not the same command again.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hand {
    /// Run this command.
    Run(&'static str),
    /// Remove this file or folder of `{work}`, then run the same command.
    Remove(&'static str),
    /// Remove all hidden files of this folder of `{work}`, then run the same command.
    RemoveHidden(&'static str),
}

const INGEST: &str = "ingest {input}/photos --out {work}/dataset --quiet";
const INGEST_ZIP: &str = "ingest {input}/photos.zip --out {work}/dataset --quiet";
const INGEST_MORE: &str = "ingest {input}/more --out {work}/dataset --quiet";
const OVERWRITE: &str = "ingest {input}/more --out {work}/dataset --quiet --overwrite";
const APPLY: &str = "review {work}/dataset --apply {input}/corrections.csv";
const UNDO: &str = "review {work}/dataset --undo";
const PAGE: &str = "review {work}/dataset";
const TRAIN: &str = "train --data {work}/dataset --run {work}/run --epochs 2 --image-size 32 --ngf 4 --ndf 4 \
                     --nz 8 --batch-size 4 --workers 1";
const TRAIN_ONE_EPOCH: &str = "train --data {work}/dataset --run {work}/run --epochs 1 --image-size 32 --ngf 4 \
                               --ndf 4 --nz 8 --batch-size 4 --workers 1";
const RESUME: &str = "train --resume {work}/run --epochs 2";
// Long enough that old checkpoints are removed.
const RESUME_LONGER: &str = "train --resume {work}/run --epochs 4";
const RESUME_FORCED: &str = "train --resume {work}/run --epochs 2 --force";

const EXPORT_PARQUET: &str = "export {work}/dataset --format parquet --out {work}/exported";
const EXPORT_TARS: &str = "export {work}/dataset --format webdataset --out {work}/exported";
const EXPORT_FOLDERS: &str = "export {work}/dataset --format imagefolder --out {work}/exported";

const JOURNAL: &str = "dataset/review/journal.json";
const INGEST_HANDS: &[Hand] = &[Hand::Remove(".dataset.part"), Hand::Remove("dataset")];
const EXPORT_HANDS: &[Hand] = &[Hand::Remove(".exported.part"), Hand::Remove("exported")];
const TRAIN_HANDS: &[Hand] = &[Hand::Run(RESUME_FORCED), Hand::Remove("run")];

/// All operations.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "ingest",
        setup: &[],
        command: INGEST,
        again: &[INGEST],
        then: &[],
        hands: INGEST_HANDS,
        journal: None,
        needs_training: false,
    },
    Operation {
        name: "ingest-zip",
        setup: &[],
        command: INGEST_ZIP,
        again: &[INGEST_ZIP],
        then: &[],
        hands: INGEST_HANDS,
        journal: None,
        needs_training: false,
    },
    Operation {
        name: "ingest-on-top",
        setup: &[INGEST, APPLY],
        command: INGEST_MORE,
        again: &[INGEST_MORE],
        then: &[],
        hands: INGEST_HANDS,
        journal: None,
        needs_training: false,
    },
    Operation {
        name: "ingest-overwrite",
        setup: &[INGEST, APPLY],
        command: OVERWRITE,
        again: &[OVERWRITE],
        then: &[],
        hands: INGEST_HANDS,
        journal: None,
        needs_training: false,
    },
    Operation {
        name: "apply",
        setup: &[INGEST],
        command: APPLY,
        again: &[APPLY],
        then: &[],
        hands: &[],
        journal: Some(JOURNAL),
        needs_training: false,
    },
    Operation {
        name: "undo",
        setup: &[INGEST, APPLY],
        command: UNDO,
        again: &[UNDO],
        then: &[],
        hands: &[],
        journal: Some(JOURNAL),
        needs_training: false,
    },
    // An ingestion must not take what is left of the page for somebody else's file.
    Operation {
        name: "review-page",
        setup: &[INGEST],
        command: PAGE,
        again: &[PAGE],
        then: &[INGEST_MORE],
        hands: &[Hand::RemoveHidden("dataset")],
        journal: None,
        needs_training: false,
    },
    Operation {
        name: "export-parquet",
        setup: &[INGEST],
        command: EXPORT_PARQUET,
        again: &[EXPORT_PARQUET],
        then: &[],
        hands: EXPORT_HANDS,
        journal: None,
        needs_training: false,
    },
    Operation {
        name: "export-webdataset",
        setup: &[INGEST],
        command: EXPORT_TARS,
        again: &[EXPORT_TARS],
        then: &[],
        hands: EXPORT_HANDS,
        journal: None,
        needs_training: false,
    },
    Operation {
        name: "export-imagefolder",
        setup: &[INGEST],
        command: EXPORT_FOLDERS,
        again: &[EXPORT_FOLDERS],
        then: &[],
        hands: EXPORT_HANDS,
        journal: None,
        needs_training: false,
    },
    // `--resume` where there is a run already, else the same command.
    Operation {
        name: "train",
        setup: &[INGEST],
        command: TRAIN,
        again: &[RESUME, TRAIN],
        then: &[],
        hands: TRAIN_HANDS,
        journal: None,
        needs_training: true,
    },
    Operation {
        name: "resume",
        setup: &[INGEST, TRAIN_ONE_EPOCH],
        command: RESUME_LONGER,
        again: &[RESUME_LONGER],
        then: &[],
        hands: &[Hand::Run("train --resume {work}/run --epochs 4 --force")],
        journal: None,
        needs_training: true,
    },
];
