//! Frames: whatever lies around a photo, such as a line, bars, a border, or a page it is pasted on.
//!
//! A frame is plain, and a photo fills a rectangle of it. So lines of one colour are peeled off
//! each side, as long as they are near the colour of the outermost. Around a garment on paper this
//! leaves the garment's bounding box, most of whose edges is paper; within a frame it leaves a
//! rectangle whose edges are something else nearly everywhere. This is done again until no more can
//! be peeled off, for frames within frames and for the shadow that a photo casts on its page.
//!
//! What is left is a photo if there is something on its paper. Otherwise it is a rectangle of cloth
//! on paper.

mod peel;
mod refine;

use crate::mask::Rows;
use crate::mask::background::{self, is_paper};
use crate::pixels::counts::Counts;
use crate::pixels::pixel::{Pixel, is_opaque, rgb};
use crate::pixels::sample::Sample;
use crate::pixels::view::ImageView;

/// Rectangles that are peeled off one after the other: a shadow takes many.
const PEELS: usize = 48;
/// Times that frames are looked for at most: a frame within another may be found only without it.
const FRAMES: usize = 4;
/// Least part of the edges of a photo that differs from the frame, where it is not on paper.
const WHOLLY_COVERED: f32 = 0.97;
/// Largest width of a line, of the image's side.
const LINE: f32 = 0.05;
/// Least and largest part of a photo that is not its paper.
const CONTENT: [f32; 2] = [0.01, 0.97];
/// Largest difference of a photo's paper from its colour, of 255.
const SAME_PAPER: u8 = 12;
/// Least part of a ring one pixel further in that is paper, too. Otherwise it is the mixed edge of
/// cloth on paper that was enlarged.
const PAPER_WITHIN: f32 = 0.1;

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) left: usize,
    pub(crate) top: usize,
    /// First column on the right, and first row below, that are not part of it.
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

impl Area {
    fn of(width: usize, height: usize) -> Self {
        Self {
            left: 0,
            top: 0,
            right: width,
            bottom: height,
        }
    }

    fn width(&self) -> usize {
        self.right.saturating_sub(self.left)
    }

    fn height(&self) -> usize {
        self.bottom.saturating_sub(self.top)
    }

    /// Returns the rectangle without its outermost pixels.
    fn inner(&self) -> Self {
        Self {
            left: self.left + 1,
            top: self.top + 1,
            right: self.right.saturating_sub(1),
            bottom: self.bottom.saturating_sub(1),
        }
    }

    /// Returns what its sides have lost of another one, from the top clockwise.
    fn lost(&self, outer: &Self) -> [usize; 4] {
        [
            self.top - outer.top,
            outer.right - self.right,
            outer.bottom - self.bottom,
            self.left - outer.left,
        ]
    }

    /// Returns the pixels at its edges.
    fn edge(self) -> impl Iterator<Item = (usize, usize)> {
        let sides = (self.top..self.bottom).flat_map(move |y| [(self.left, y), (self.right - 1, y)]);
        let ends = (self.left..self.right).flat_map(move |x| [(x, self.top), (x, self.bottom - 1)]);
        sides.chain(ends)
    }
}

/// Buffers for finding the colour of a photo's paper.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    edge: Vec<Pixel>,
    colors: Counts<4>,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self {
            edge: Vec::new(),
            colors: Counts::new(),
        }
    }
}

/// Takes a sample of the photo in an image, without its frame, and returns the photo.
///
/// Frames too thin for the sample stay.
pub(crate) fn take<'a>(image: ImageView<'a>, sample: &mut Sample, scratch: &mut Scratch) -> ImageView<'a> {
    let mut photo = image;
    sample.take(photo);
    for _ in 0..FRAMES {
        let Some(area) = find(sample, scratch) else {
            break;
        };
        photo = refine::photo(photo, area);
        sample.take(photo);
    }
    photo
}

/// Like [`take`], and cuts off frames too thin for the sample.
pub(crate) fn take_within_lines<'a>(
    image: ImageView<'a>,
    sample: &mut Sample,
    scratch: &mut Scratch,
) -> ImageView<'a> {
    let photo = take(image, sample, scratch);
    refine::without_lines(photo)
}

/// Finds the photo in a sample that has a frame.
fn find(sample: &Sample, scratch: &mut Scratch) -> Option<Area> {
    let whole = Area::of(sample.width(), sample.height());
    let mut area = whole;
    let mut covered = [1.0_f32; 4];
    // Stripes of cloth on paper are peeled off, too.
    let mut is_frame_paper = false;
    let mut found = None;
    for _ in 0..PEELS {
        let Some(peeled) = peel::peel(sample, &area) else {
            break;
        };
        for (side, lost) in peeled.lost.into_iter().enumerate() {
            if lost > 0 {
                covered[side] = peeled.covered[side];
            }
        }
        area = peeled.area;
        is_frame_paper |= !is_opaque(peeled.frame) || is_paper(rgb(peeled.frame));
        if is_photo(sample, &area, &whole, covered, is_frame_paper, scratch) {
            found = Some(area);
        }
    }
    found
}

/// Returns `true` if the area shows something on paper.
fn is_photo(
    sample: &Sample,
    area: &Area,
    whole: &Area,
    covered: [f32; 4],
    is_frame_paper: bool,
    scratch: &mut Scratch,
) -> bool {
    let Scratch { edge, colors } = scratch;
    edge.clear();
    edge.extend(area.inner().edge().map(|(x, y)| sample.pixel(x, y)));
    let Some(paper) = background::find(edge, colors) else {
        return false;
    };
    let lost = area.lost(whole);
    let sides = lost.map(|lost| lost > 0);
    let is_covered = covered.iter().all(|covered| *covered >= WHOLLY_COVERED);
    let is_certain = match (is_paper(paper), is_frame_paper) {
        (true, _) => is_covered || sides.iter().filter(|is_cut| **is_cut).count() >= 2,
        (false, false) => is_covered,
        // Cloth on paper, unless no cloth has such edges.
        (false, true) => {
            let is_bars = sides == [true, false, true, false] || sides == [false, true, false, true];
            let longest = whole.width().max(whole.height()) as f32;
            let is_line = lost.iter().all(|&lost| lost as f32 <= LINE * longest);
            is_covered && (is_bars || is_line && sides == [true; 4])
        }
    };
    is_certain && goes_on(sample, area, paper) && {
        let [r, g, b] = paper;
        let is_paper = Rows::of(sample, |row, x| {
            (row.red[x].abs_diff(r) <= SAME_PAPER)
                & (row.green[x].abs_diff(g) <= SAME_PAPER)
                & (row.blue[x].abs_diff(b) <= SAME_PAPER)
        });
        let inner = area.inner();
        let paper = is_paper.count_within(inner.left..inner.right, inner.top..inner.bottom);
        let content = 1.0 - paper as f32 / (inner.width() * inner.height()) as f32;
        (CONTENT[0]..=CONTENT[1]).contains(&content)
    }
}

/// Returns `true` if there is paper further in than the edge where it was found.
fn goes_on(sample: &Sample, area: &Area, paper: [u8; 3]) -> bool {
    let within = area.inner().inner();
    if within.width() < 2 || within.height() < 2 {
        return false;
    }
    let (mut of_paper, mut all) = (0, 0);
    for (x, y) in within.edge() {
        let pixel = rgb(sample.pixel(x, y));
        all += 1;
        of_paper += usize::from((0..3).all(|channel| pixel[channel].abs_diff(paper[channel]) <= SAME_PAPER));
    }
    of_paper as f32 >= PAPER_WITHIN * all as f32
}
