//! The page as text: template, style, script and data in one.

use ai4fashion_dataset::{Dataset, layout::REVIEW_PAGE};
use minijinja::{Environment, context};

use crate::{data::Data, error::Error, thumbnails};

const TEMPLATE: &str = include_str!("page/page.html");
const CSS: &str = include_str!("page/page.css");
/// Scripts in one scope, each building on those before it; the top of each says what it reads and
/// writes.
const JS: [&str; 12] = [
    include_str!("page/data.js"),
    include_str!("page/state.js"),
    include_str!("page/agreement.js"),
    include_str!("page/suggestion.js"),
    include_str!("page/list.js"),
    include_str!("page/grid.js"),
    include_str!("page/single.js"),
    include_str!("page/csv.js"),
    include_str!("page/server.js"),
    include_str!("page/panel.js"),
    include_str!("page/keys.js"),
    include_str!("page/main.js"),
];

/// How a page is going to be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// From a file, which holds thumbnails if there are at most `inline` images.
    File { inline: usize },
    /// By a [`Server`](crate::Server).
    Served,
}

/// Makes the page of a data set.
pub(crate) fn html(dataset: &Dataset, kind: Kind) -> Result<String, Error> {
    let mut data = Data::new(dataset);
    let mut sheets = Vec::new();
    match kind {
        Kind::Served => data.serve = true,
        Kind::File { inline } if dataset.len() <= inline => {
            data.per_sheet = thumbnails::PER_SHEET;
            sheets = thumbnails::sheets(dataset)?;
        }
        Kind::File { .. } => {}
    }
    render(&data, &sheets).map_err(Error::page(&dataset.root().join(REVIEW_PAGE)))
}

fn render(data: &Data, sheets: &[Vec<String>]) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.add_template(REVIEW_PAGE, TEMPLATE)?;
    let sheets: Vec<String> = sheets.iter().map(json).collect::<Result<_, _>>()?;
    environment.get_template(REVIEW_PAGE)?.render(context! {
        name => &data.name,
        css => CSS,
        js => JS.join("\n"),
        data => json(data)?,
        sheets,
    })
}

/// Writes JSON that can stand in a page's script element, whatever names the files have.
fn json(value: impl serde::Serialize) -> Result<String, minijinja::Error> {
    let text = serde_json::to_string(&value);
    text.map(|text| text.replace('<', "\\u003c")).map_err(|error| {
        minijinja::Error::new(minijinja::ErrorKind::BadSerialization, "data").with_source(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_the_script_that_holds_it() {
        assert_eq!(json("</script>").unwrap(), "\"\\u003c/script>\"");
    }
}
