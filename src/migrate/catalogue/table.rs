//! Rows of a table in tab-separated columns, counted while they are read.
//!
//! # Shape
//! A line is a row; `#` begins a line that says something to a person; `-` stands for nothing.

use crate::error::Error;

use super::Catalogue;

/// One row, with the number of its line.
pub(super) struct Row<'t> {
    pub(super) line: usize,
    columns: Vec<&'t str>,
}

impl<'t> Row<'t> {
    /// A column as it stands, empty for `-`.
    pub(super) fn text(&self, column: usize) -> &'t str {
        match self.columns.get(column) {
            Some(&"-") | None => "",
            Some(text) => text,
        }
    }

    /// A column's items.
    pub(super) fn words(&self, column: usize) -> Vec<String> {
        let words = self.text(column).split_ascii_whitespace();
        words.map(str::to_owned).collect()
    }

    /// A column that may be absent.
    pub(super) fn some(&self, column: usize) -> Option<String> {
        Some(self.text(column).to_owned()).filter(|text| !text.is_empty())
    }

    /// A complaint about this row.
    pub(super) fn problem(&self, table: &str, problem: impl std::fmt::Display) -> Error {
        Error::input(table, format_args!("line {}: {problem}", self.line))
    }
}

/// The rows of a table with so many columns.
pub(super) fn rows<'t>(
    table: &'static str,
    text: &'t str,
    columns: usize,
) -> Result<impl Iterator<Item = Result<Row<'t>, Error>>, Error> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let most = Catalogue::MAX_ROWS;
    if lines.clone().take(most + 1).count() > most {
        let problem = format_args!("expected at most {most} rows, got more");
        return Err(Error::input(table, problem));
    }
    Ok(lines.map(move |(at, line)| {
        let row = Row {
            line: at + 1,
            columns: line.split('\t').collect(),
        };
        match row.columns.len() == columns {
            true => Ok(row),
            false => {
                let got = row.columns.len();
                Err(row.problem(table, format_args!("expected {columns} columns, got {got}")))
            }
        }
    }))
}
