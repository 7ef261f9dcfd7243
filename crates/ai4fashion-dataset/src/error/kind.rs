//! Each thing that can go wrong, with its message and, for pictures and rows, its code.

use std::{collections::BTreeMap, io, path::PathBuf};

use super::{
    Error,
    bad_row::BadRow,
    count::count as counted,
    words::{first, none_of, reasons},
};

/// What happened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    // The caller can mend these.
    /// An option is outside its interval.
    #[error("{option} is {value}, legal is {legal}")]
    Setting {
        /// The option.
        option: &'static str,
        /// Its value.
        value: u64,
        /// What would be legal.
        legal: &'static str,
    },
    /// A text that is none of the twelve product types.
    #[error("product type `{}` is none of {legal}", text.escape_debug())]
    UnknownType {
        /// The text.
        text: String,
        /// What would be one.
        legal: String,
    },
    /// A text that is no part of a data set.
    #[error("`{}` is no part of a data set; legal are train, validation and test", value.escape_debug())]
    Split {
        /// The text.
        value: String,
    },
    /// A text that is no labelled name.
    #[error("`{}` is no labelled name; legal is COLOR_STEM_TYPE.jpg with one of the eleven colours and a type from 0 to 12", text.escape_debug())]
    LabeledName {
        /// The text.
        text: String,
    },
    /// A stem that cannot stand in a labelled name.
    #[error("`{}` cannot stand in a file name; legal are up to {} bytes without slashes and control characters", stem.escape_debug(), limit)]
    Stem {
        /// The stem.
        stem: String,
        /// The most bytes of one.
        limit: usize,
    },
    /// A folder or file that should be read is not there.
    #[error("{what} `{}` does not exist", path.display())]
    Missing {
        /// What it should be.
        what: &'static str,
        /// Where it should be.
        path: PathBuf,
    },
    /// A file stands where a folder should.
    #[error("`{}` is no folder", path.display())]
    NotAFolder {
        /// Its path.
        path: PathBuf,
    },
    /// There is no picture to take in.
    #[error("no picture in `{}`; looked for {what}", path.display())]
    NoPictures {
        /// The source.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// Every picture was left out or skipped.
    #[error("{}: {}", none_of(*found), reasons(left_out, *skipped, first_skip.as_deref()))]
    NothingWritten {
        /// Pictures found.
        found: usize,
        /// Pictures left out by the selection, by reason.
        left_out: BTreeMap<String, usize>,
        /// How many pictures, folders and rows cannot be used.
        skipped: usize,
        /// The first of them, in words.
        first_skip: Option<String>,
    },
    /// A list of pictures has no name in it.
    #[error("`{}` names no picture; a line of it is the file name of one without its extension", path.display())]
    EmptyList {
        /// The list.
        path: PathBuf,
    },
    /// A text that is no perceptual hash.
    #[error("`{}` is no perceptual hash; legal are 160 hexadecimal digits", text.escape_debug())]
    PerceptualHash {
        /// The text.
        text: String,
    },
    /// What is there was made with other settings.
    #[error("`{}` was made with other settings: {}; use those, or ask to overwrite it (`--overwrite`)", path.display(), differences.join("; "))]
    SettingsChanged {
        /// The data set.
        path: PathBuf,
        /// Each setting that is not the same, as it was and as it is.
        differences: Vec<String>,
    },
    /// What was begun there has other settings.
    #[error("`{}` was begun with other settings: {}; finish it with those, or delete that folder", path.display(), differences.join("; "))]
    BegunOtherwise {
        /// What an ingestion has left that was stopped.
        path: PathBuf,
        /// Each setting that is not the same, as it was and as it is.
        differences: Vec<String>,
    },
    /// A data set has pictures that the sources do not have.
    #[error("{} of `{}` would be lost (the first: `{}`), not in the sources any more or changed; name another folder, or ask to overwrite it (`--overwrite`)", counted(*count, "picture"), path.display(), first.escape_debug())]
    WouldLose {
        /// The data set.
        path: PathBuf,
        /// How many.
        count: usize,
        /// The first of them, below its source.
        first: String,
    },
    /// Another process has written to the place of the data set.
    #[error("`{}` was changed by another process meanwhile; nothing is lost, run the same command again", path.display())]
    ChangedMeanwhile {
        /// The data set.
        path: PathBuf,
    },
    /// Another process is at work.
    #[error("another ingestion is writing `{}`; wait for its end", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The ingestion was asked to stop.
    #[error("stopped after {done} of {}; the same command goes on from there", counted(*total, "picture"))]
    Stopped {
        /// Pictures that are done.
        done: usize,
        /// Pictures that were to be done.
        total: usize,
    },
    /// More pictures and rows cannot be used than is allowed.
    #[error(
        "more than {limit} pictures and rows cannot be used; what is done is kept, and the same command goes on from there"
    )]
    TooManySkips {
        /// How many may be.
        limit: usize,
    },
    /// A folder would be written to that holds something that no ingestion has written.
    #[error("`{}` is not written to: {found}", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// What is missing, or should not be there, and what can be done.
        found: String,
    },
    /// Output folder and source overlap.
    #[error("output folder `{}` overlaps the source `{}`; name a folder elsewhere", out.display(), source_folder.display())]
    Overlap {
        /// The output folder.
        out: PathBuf,
        /// The source.
        source_folder: PathBuf,
    },

    /// Another process has the data set open for corrections.
    #[error("`{}` is being corrected by another process; try again when it has ended", path.display())]
    Locked {
        /// The data set.
        path: PathBuf,
    },
    /// A change cannot be taken back, because what it made is not there any more.
    #[error("`{}` was changed by something else since; nothing was taken back", path.display())]
    ChangedSince {
        /// The file.
        path: PathBuf,
    },
    /// What is to be finished or taken back touches files that corrections do not.
    #[error("`{}` was not written by this program: it names `{}`, which no correction changes", path.display(), file.escape_debug())]
    ForeignChange {
        /// Where it is written.
        path: PathBuf,
        /// What it names.
        file: String,
    },

    // The data can mend these.
    /// Corrections that cannot be applied, all of them.
    #[error("{} of {} cannot be applied, so none was; the first: {}", bad.len(), counted(*rows, "correction"), first(bad))]
    Corrections {
        /// Rows of the table.
        rows: usize,
        /// Those that cannot be applied.
        bad: Vec<BadRow>,
    },
    /// A colour is none of the eleven names.
    #[error(transparent)]
    Color {
        /// What was found.
        source: ai4fashion_color::Error,
    },
    /// The time of a correction is no short text.
    #[error("time `{}` is longer than 64 bytes or holds control characters", text.escape_debug())]
    When {
        /// Its beginning.
        text: String,
    },
    /// A correction is of a file that the data set does not have.
    #[error("there is no picture `{}`", file.escape_debug())]
    NoSuchPicture {
        /// The file.
        file: String,
    },
    /// A correction is of a file that the data set does not have, but one of the same stem with other labels.
    #[error("there is no picture `{}`, but `{}`: the row is of another data set, or the labels were corrected since", file.escape_debug(), now.escape_debug())]
    Renamed {
        /// The file.
        file: String,
        /// What it is now.
        now: String,
    },
    /// A correction was made when other labels were in force.
    #[error(
        "the labels in force are {color} and type {} now, not the old ones of this row",
        product_type
    )]
    OtherLabels {
        /// The colour in force.
        color: ai4fashion_color::BasicColor,
        /// The number of the type in force, 0 if it is not known.
        product_type: u8,
    },
    /// Two corrections are of the same picture.
    #[error("row {row} is of the same picture")]
    CorrectedTwice {
        /// The earlier one.
        row: u64,
    },
    /// A correction says nothing.
    #[error("neither new_color nor new_type says anything")]
    NothingSaid,
    /// Two pictures would get the same name.
    #[error("`{}` is what the picture of row {row} becomes, too", file.escape_debug())]
    SameFile {
        /// The new file.
        file: String,
        /// The earlier one.
        row: u64,
    },
    /// A picture's new name is taken.
    #[error("`{}` is there already", path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },
    /// A table lacks a column.
    #[error("`{}` has no column `{column}`; its columns are {found}", path.display())]
    Column {
        /// The table.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// What there is.
        found: String,
    },
    /// A row of a table of types cannot be used.
    #[error("row {row} of `{}` cannot be used", path.display())]
    Row {
        /// The table.
        path: PathBuf,
        /// The line, from 1, the header included.
        row: u64,
        /// Why.
        source: Box<Error>,
    },
    /// A table is not CSV.
    #[error("cannot read the table `{}`", path.display())]
    Csv {
        /// The table.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An archive cannot be read.
    #[error("cannot read the archive `{}`", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An archive has more files than any data set.
    #[error("`{}` has {entries} files, limit is {limit}", path.display())]
    TooManyEntries {
        /// The archive.
        path: PathBuf,
        /// How many it has.
        entries: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A line of a data set's file is not as it should be.
    #[error("cannot understand line {line} of `{}`", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A folder is no data set.
    #[error("`{}` is no data set: {missing} is missing", path.display())]
    NotADataset {
        /// The folder.
        path: PathBuf,
        /// What was looked for.
        missing: &'static str,
    },
    /// A manifest names a file outside its `images` folder.
    #[error("the manifest names `{}`, which is not in the folder of images", file.escape_debug())]
    OutsideImages {
        /// The name.
        file: String,
    },
    /// A picture of a data set cannot be used.
    #[error("cannot use picture `{}`", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<Error>,
    },

    // What a picture can be refused for; see `reason`.
    /// The file has no bytes.
    #[error("file is empty")]
    EmptyFile,
    /// A folder, a pipe, a device.
    #[error("not a regular file")]
    NotAFile,
    /// The first bytes are of no picture format that we read.
    #[error("content is none of the formats that are read: JPEG, PNG, WebP, BMP and GIF")]
    NotAPicture,
    /// The file ends before the picture does.
    #[error("JPEG ends before its end marker: the file was cut off")]
    Truncated,
    /// A decoder found the content damaged.
    #[error("picture is damaged")]
    Broken {
        /// What the decoder said.
        source: image::ImageError,
    },
    /// A decoder panicked.
    #[error("decoder failed without an error; the picture is probably damaged")]
    DecoderPanicked,
    /// More pixels than the limit.
    #[error("picture is {width}x{height} pixels, limit is {limit} pixels")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The most pixels that are taken.
        limit: u64,
    },
    /// More bytes than the limit.
    #[error("file is {bytes} bytes, limit is {limit} bytes")]
    FileTooLarge {
        /// Its size.
        bytes: u64,
        /// The most bytes that are read.
        limit: u64,
    },
    /// A file in an archive is not safe to read.
    #[error("file in the archive {why}")]
    ZipEntry {
        /// What is wrong with it.
        why: &'static str,
    },
    /// A picture cannot be scaled.
    #[error("cannot scale a picture of {width}x{height} to {size}x{size}")]
    Scale {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// The side length that was wanted, in pixels.
        size: u32,
    },
    /// A picture cannot be encoded.
    #[error("cannot encode the picture")]
    Encode {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    // What a row can be refused for; see `reason`.
    /// A row has no id, or fewer fields than the header.
    #[error("row has {fields} of {expected} fields")]
    ShortRow {
        /// What it has.
        fields: usize,
        /// What the header has.
        expected: usize,
    },
    /// A row's id is empty or could leave the folder.
    #[error("id `{}` is no file name", id.escape_debug())]
    UnsafeId {
        /// The id.
        id: String,
    },
    /// A list names a picture that no source has.
    #[error("no source has a picture `{}`", id.escape_debug())]
    UnknownId {
        /// The name.
        id: String,
    },
    /// A row's id stands in an earlier row, too.
    #[error("id `{}` stands in an earlier row, which counts", id.escape_debug())]
    DuplicateId {
        /// The id.
        id: String,
    },

    // The machine.
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A link leads to a folder that it lies in.
    #[error("link `{}` leads back to `{}`", path.display(), ancestor.display())]
    LinkLoop {
        /// The link.
        path: PathBuf,
        /// Where it leads.
        ancestor: PathBuf,
    },
    /// A page could not be made.
    #[error("cannot make the page `{}`", path.display())]
    Page {
        /// The page.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A server could not be started.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// A Parquet file could not be written.
    #[error("cannot write `{}`", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A chart could not be drawn.
    #[error("cannot draw `{what}`")]
    Draw {
        /// Its title.
        what: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ErrorKind {
    /// The code in `skipped.jsonl` of what a picture or row can be refused for; it never changes.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty-file",
            Self::NotAFile => "not-a-file",
            Self::NotAPicture => "not-a-picture",
            Self::Truncated => "truncated",
            Self::Broken { .. } => "broken",
            Self::DecoderPanicked => "decoder-panicked",
            Self::TooLarge { .. } => "too-large",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::Scale { .. } => "no-pixels",
            Self::ZipEntry { .. } => "unsafe-entry",
            Self::ShortRow { .. } => "short-row",
            Self::UnsafeId { .. } => "unsafe-id",
            Self::DuplicateId { .. } => "duplicate-id",
            Self::UnknownId { .. } => "unknown-id",
            _ => "unreadable",
        }
    }
}
