//! Figures of answers beside labels.

/// An answer: its confidence, and the classes that were predicted and labelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) confidence: f32,
    pub(crate) predicted: usize,
    pub(crate) labelled: usize,
}

impl Answer {
    fn is_right(&self) -> bool {
        self.predicted == self.labelled
    }
}

/// The fraction that is right.
pub(crate) fn accuracy(answers: &[Answer]) -> f64 {
    answers.iter().filter(|answer| answer.is_right()).count() as f64 / answers.len() as f64
}

/// The mean recall of the classes that occur.
pub(crate) fn macro_recall(answers: &[Answer], classes: usize) -> f64 {
    let recalls = recalls(answers, classes);
    recalls.iter().map(|(_, _, recall)| recall).sum::<f64>() / recalls.len() as f64
}

/// Number and recall of the classes that occur.
pub(crate) fn recalls(answers: &[Answer], classes: usize) -> Vec<(usize, usize, f64)> {
    let recall = |class| {
        let of: Vec<Answer> = answers
            .iter()
            .filter(|answer| answer.labelled == class)
            .copied()
            .collect();
        (!of.is_empty()).then(|| (class, of.len(), accuracy(&of)))
    };
    (0..classes).filter_map(recall).collect()
}

/// The fraction that is right among the most confident `part`.
pub(crate) fn surest(answers: &[Answer], part: f64) -> f64 {
    let mut answers = answers.to_vec();
    answers.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    answers.truncate((answers.len() as f64 * part).ceil() as usize);
    accuracy(&answers)
}

/// The part of all mistakes that is among the least confident `part`.
pub(crate) fn mistakes_first(answers: &[Answer], part: f64) -> f64 {
    let mut answers = answers.to_vec();
    answers.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let wrong = |answers: &[Answer]| answers.iter().filter(|answer| !answer.is_right()).count() as f64;
    wrong(&answers[..(answers.len() as f64 * part).ceil() as usize]) / wrong(&answers)
}

/// The expected calibration error over ten intervals (M. Naeini et al., AAAI 2015).
pub(crate) fn calibration_error(answers: &[Answer]) -> f64 {
    let mut bins = [0.0; 10];
    for answer in answers {
        let bin = ((answer.confidence * 10.0) as usize).min(9);
        bins[bin] += f64::from(answer.confidence) - f64::from(u8::from(answer.is_right()));
    }
    bins.iter().map(|bin: &f64| bin.abs()).sum::<f64>() / answers.len() as f64
}
