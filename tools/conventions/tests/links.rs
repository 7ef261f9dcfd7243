//! Links in the documentation lead somewhere: to a file, and to a heading in it.

use std::{collections::BTreeSet, fs, path::Path};

use conventions::{root, text::lines};

/// The targets of the links and pictures in a line of Markdown.
fn targets(line: &str) -> Vec<&str> {
    let after = line.split("](").skip(1);
    after
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
        .collect()
}

/// The name that GitHub gives a heading: lower case, spaces as hyphens, other marks left out.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|it| it.is_alphanumeric() || [' ', '-', '_'].contains(it));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect()
}

fn anchors(page: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(page).unwrap_or_default();
    let mut is_code = false;
    let outside = text.lines().filter(|line| {
        is_code ^= line.trim_start().starts_with("```");
        !is_code
    });
    outside.filter(|line| line.starts_with('#')).map(anchor).collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut wrong = Vec::new();
    let mut is_code = false;
    let mut count = 0;
    for line in lines(&root(), &["md"]) {
        is_code &= line.number > 1;
        if line.text.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        for target in targets(&line.text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let page = root().join(&line.file);
            let folder = page.parent().unwrap_or(Path::new(""));
            let found = if file.is_empty() {
                page.clone()
            } else {
                folder.join(file)
            };
            let leads = found.exists() && (heading.is_empty() || anchors(&found).contains(heading));
            if !leads {
                wrong.push(format!("{}:{}: {target}", line.file.display(), line.number));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "{count} links were found");
}

#[test]
fn anchors_are_those_of_the_hub() {
    assert_eq!(
        anchor("## Beside PyTorch, at its best"),
        "beside-pytorch-at-its-best"
    );
    assert_eq!(targets("[a](b.md#c) and ![d](e.png)"), ["b.md#c", "e.png"]);
}
