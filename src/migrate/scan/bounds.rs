//! Places in a text that are between characters.

/// The nearest such place at or before `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(0)
}

/// The nearest such place at or behind `at`.
pub(super) fn ceil(text: &str, at: usize) -> usize {
    let places = at.min(text.len())..=text.len();
    places
        .into_iter()
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(text.len())
}
