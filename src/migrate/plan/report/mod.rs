//! A plan for people: one outline, printed as text, as Markdown, or as one HTML page.

mod html;
mod markdown;
mod outline;
mod text;

use super::Plan;

/// The plan for a terminal.
#[must_use]
pub fn text(plan: &Plan) -> String {
    text::print(&outline::of(plan))
}

/// The plan as Markdown (CommonMark, with tables as GitHub has them).
#[must_use]
pub fn markdown(plan: &Plan) -> String {
    markdown::print(&outline::of(plan))
}

/// The plan as one HTML page that loads nothing and runs nothing.
#[must_use]
pub fn html(plan: &Plan) -> String {
    html::print(&outline::of(plan))
}
