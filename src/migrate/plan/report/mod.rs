//! A plan for people: one outline, printed as text, as Markdown, or as one HTML page.

mod outline;

use super::Plan;

/// The plan for a terminal.
#[must_use]
pub fn text(plan: &Plan) -> String {
    outline::of(plan).to_text()
}

/// The plan as Markdown (CommonMark, with tables as GitHub has them).
#[must_use]
pub fn markdown(plan: &Plan) -> String {
    outline::of(plan).to_markdown()
}

/// The plan as one HTML page that loads nothing and runs nothing.
#[must_use]
pub fn html(plan: &Plan) -> String {
    outline::of(plan).to_html()
}
