//! A unified diff of edits that are known: nothing has to be searched for.

use super::edits::Edit;

const CONTEXT: usize = 3;

/// Lines that changed together.
struct Region {
    /// The lines of the old text, from 0, end left out.
    old: (usize, usize),
    new: Vec<u8>,
}

pub(super) fn unified(name: &str, before: &[u8], edits: &[Edit]) -> Vec<u8> {
    if edits.is_empty() {
        return Vec::new();
    }
    let lines: Vec<&[u8]> = before.split_inclusive(|byte| *byte == b'\n').collect();
    let starts: Vec<usize> = lines
        .iter()
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some(start)
        })
        .collect();
    let mut out = format!("--- a/{name}\n+++ b/{name}\n").into_bytes();
    let regions = regions(before, &lines, &starts, edits);
    let mut shift = 0_isize;
    let mut at = 0;
    while at < regions.len() {
        let mut end = at + 1;
        while end < regions.len() && regions[end].old.0 <= regions[end - 1].old.1 + 2 * CONTEXT {
            end += 1;
        }
        hunk(&lines, &regions[at..end], &mut shift, &mut out);
        at = end;
    }
    out
}

fn regions(before: &[u8], lines: &[&[u8]], starts: &[usize], edits: &[Edit]) -> Vec<Region> {
    let line_at = |place: usize| {
        starts
            .partition_point(|start| *start <= place)
            .saturating_sub(1)
    };
    let mut regions: Vec<Region> = Vec::new();
    let mut at = 0;
    while at < edits.len() {
        let span = |edit: &Edit| {
            let first = line_at(edit.from);
            let whole = starts.get(first) == Some(&edit.from);
            // What ends where a line ends leaves the next one alone.
            let last = match edit.to {
                to if to == edit.from && whole && edit.text.ends_with('\n') => first,
                to if to > edit.from
                    && starts.binary_search(&to).is_ok()
                    && edit.text.is_empty() =>
                {
                    line_at(to - 1) + 1
                }
                to => line_at(to) + 1,
            };
            (first, last.min(lines.len()))
        };
        let mut old = span(&edits[at]);
        let mut end = at + 1;
        while end < edits.len() && span(&edits[end]).0 < old.1 {
            old.1 = old.1.max(span(&edits[end]).1);
            end += 1;
        }
        let from = starts.get(old.0).copied().unwrap_or(before.len());
        let to = starts.get(old.1).copied().unwrap_or(before.len());
        let mut new = Vec::new();
        let mut place = from;
        for edit in &edits[at..end] {
            new.extend_from_slice(&before[place..edit.from]);
            new.extend_from_slice(edit.text.as_bytes());
            place = edit.to;
        }
        new.extend_from_slice(&before[place.min(to)..to]);
        regions.push(trimmed(lines, old, &new));
        at = end;
    }
    regions
}

/// Without the lines at its ends that stay as they are: an edit behind a line is no change of it.
fn trimmed(lines: &[&[u8]], mut old: (usize, usize), new: &[u8]) -> Region {
    let mut added: Vec<&[u8]> = new.split_inclusive(|byte| *byte == b'\n').collect();
    while old.0 < old.1 && added.first() == Some(&lines[old.0]) {
        old.0 += 1;
        added.remove(0);
    }
    while old.0 < old.1 && added.last() == Some(&lines[old.1 - 1]) {
        old.1 -= 1;
        added.pop();
    }
    Region {
        old,
        new: added.concat(),
    }
}

fn hunk(lines: &[&[u8]], regions: &[Region], shift: &mut isize, out: &mut Vec<u8>) {
    let (Some(first), Some(last)) = (regions.first(), regions.last()) else {
        return;
    };
    let from = first.old.0.saturating_sub(CONTEXT);
    let to = (last.old.1 + CONTEXT).min(lines.len());
    let mut body = Vec::new();
    let (mut at, mut added, mut removed) = (from, 0_usize, 0_usize);
    for region in regions {
        lines[at..region.old.0]
            .iter()
            .for_each(|text| line(b' ', text, &mut body));
        for text in &lines[region.old.0..region.old.1] {
            line(b'-', text, &mut body);
            removed += 1;
        }
        for text in region.new.split_inclusive(|byte| *byte == b'\n') {
            line(b'+', text, &mut body);
            added += 1;
        }
        at = region.old.1;
    }
    lines[at..to]
        .iter()
        .for_each(|text| line(b' ', text, &mut body));
    let old_count = to - from;
    let new_count = old_count + added - removed;
    let old_start = if old_count == 0 { from } else { from + 1 };
    let new_start =
        (isize::try_from(from).unwrap_or(0) + *shift).max(0) + isize::from(new_count > 0);
    *shift += isize::try_from(added).unwrap_or(0) - isize::try_from(removed).unwrap_or(0);
    out.extend_from_slice(
        format!("@@ -{old_start},{old_count} +{new_start},{new_count} @@\n").as_bytes(),
    );
    out.extend_from_slice(&body);
}

fn line(mark: u8, text: &[u8], out: &mut Vec<u8>) {
    out.push(mark);
    out.extend_from_slice(text);
    if !text.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}
