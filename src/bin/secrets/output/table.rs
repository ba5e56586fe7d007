//! Tables that fit the terminal.
//!
//! A word is never broken, so that a key path can be copied: columns get narrower only as far as
//! their longest word, and where even that is too wide each row becomes a record, a line a cell.
//! Where there is no terminal a row is a line, however long, for those who read it with programs.

use super::{printable, width};

/// Between two columns.
const GAP: usize = 2;

/// Text of several words gets at least this much, or it is hard to read.
const READABLE: usize = 16;

/// The table, for a terminal of so many columns; `None`: for something else.
pub(super) fn laid_out(
    header: &[&str],
    mut rows: Vec<Vec<String>>,
    terminal: Option<usize>,
) -> String {
    let header: Vec<String> = header.iter().map(|title| title.to_uppercase()).collect();
    for cell in rows.iter_mut().flatten() {
        *cell = printable(cell);
    }
    let natural = widths(&header, &rows, width);
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * (widths.len().max(1) - 1);
    let Some(limit) = terminal.filter(|limit| total(&natural) > *limit) else {
        return plain(&header, &rows, &natural);
    };
    let least: Vec<usize> = widths(&header, &rows, longest_word)
        .into_iter()
        .zip(&natural)
        .map(|(word, natural)| match natural {
            0..=READABLE => word,
            _ => word.max(READABLE),
        })
        .collect();
    if total(&least) > limit && !rows.is_empty() {
        return records(&header, &rows, limit);
    }
    let mut widths = natural;
    while total(&widths) > limit {
        let columns = widths.iter_mut().zip(&least);
        match columns
            .filter(|(width, least)| **width > **least)
            .max_by_key(|(width, _)| **width)
        {
            Some((widest, _)) => *widest -= 1,
            None => break,
        }
    }
    wrapped(&header, &rows, &widths)
}

/// For each column the most that its cells give.
fn widths(header: &[String], rows: &[Vec<String>], of: fn(&str) -> usize) -> Vec<usize> {
    let lines = || std::iter::once(header).chain(rows.iter().map(Vec::as_slice));
    (0..header.len())
        .map(|column| {
            let cells = lines().filter_map(|line| line.get(column));
            cells.map(|cell| of(cell)).max().unwrap_or(0)
        })
        .collect()
}

fn longest_word(text: &str) -> usize {
    text.split(' ').map(width).max().unwrap_or(0)
}

/// One line a row.
fn plain(header: &[String], rows: &[Vec<String>], widths: &[usize]) -> String {
    let mut text = String::new();
    for line in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let cells = line.iter().map(String::as_str);
        push_line(&mut text, cells.zip(widths.iter().copied()));
    }
    text
}

/// Cells side by side, filled up to their columns.
fn push_line<'a>(text: &mut String, cells: impl Iterator<Item = (&'a str, usize)>) {
    let start = text.len();
    for (cell, column) in cells {
        text.push_str(cell);
        text.extend(std::iter::repeat_n(
            ' ',
            (column + GAP).saturating_sub(width(cell)),
        ));
    }
    text.truncate(start + text[start..].trim_end().len());
    text.push('\n');
}

/// As many lines a row as its highest cell needs.
fn wrapped(header: &[String], rows: &[Vec<String>], widths: &[usize]) -> String {
    let mut text = String::new();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(widths)
            .map(|(cell, &column)| fold(cell, column))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let cells = cells
                .iter()
                .map(|cell| cell.get(line).map_or("", String::as_str));
            push_line(&mut text, cells.zip(widths.iter().copied()));
        }
    }
    text
}

/// One line a cell, with its title in front; a blank line between rows.
fn records(header: &[String], rows: &[Vec<String>], limit: usize) -> String {
    let titles = header.iter().map(|title| width(title)).max().unwrap_or(0);
    let room = limit.saturating_sub(titles + GAP).max(READABLE);
    let mut text = String::new();
    for row in rows {
        if !text.is_empty() {
            text.push('\n');
        }
        for (title, cell) in header.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            for (n, line) in fold(cell, room).iter().enumerate() {
                let title = if n == 0 { title.as_str() } else { "" };
                push_line(&mut text, [(title, titles), (line.as_str(), 0)].into_iter());
            }
        }
    }
    text
}

/// Text in lines of at most so many columns; only a word that is longer is longer.
fn fold(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let more = width(word);
        match lines.last_mut() {
            Some(line) if used > 0 && used + 1 + more <= columns => {
                line.push(' ');
                line.push_str(word);
                used += 1 + more;
            }
            Some(line) if used == 0 => {
                line.push_str(word);
                used = more;
            }
            _ => {
                lines.push(word.to_owned());
                used = more;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [&str; 3] = ["key path", "age", "description"];

    fn rows() -> Vec<Vec<String>> {
        [
            [
                "project/a/key",
                "2 days ago",
                "Opens the door of the old house",
            ],
            [
                "project/a/other_key",
                "just now",
                "Schlüssel für 界 und Kunden",
            ],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec()
    }

    fn shown(limit: Option<usize>) -> String {
        laid_out(&HEADER, rows(), limit)
    }

    #[test]
    fn a_table_is_as_wide_as_it_is_where_there_is_room_or_no_terminal() {
        let text = "KEY PATH             AGE         DESCRIPTION\n\
                    project/a/key        2 days ago  Opens the door of the old house\n\
                    project/a/other_key  just now    Schlüssel für 界 und Kunden\n";
        assert_eq!(shown(None), text);
        assert_eq!(shown(Some(64)), text);
        assert_eq!(laid_out(&["a", "b"], Vec::new(), Some(1)), "A  B\n");
    }

    #[test]
    fn where_it_is_narrow_words_go_to_the_next_line() {
        let text = "KEY PATH             AGE       DESCRIPTION\n\
                    project/a/key        2 days    Opens the door\n\
                    \u{20}                    ago       of the old house\n\
                    project/a/other_key  just now  Schlüssel für 界\n\
                    \u{20}                              und Kunden\n";
        let narrow = shown(Some(47));
        assert_eq!(narrow, text);
        for limit in 44..64 {
            let text = shown(Some(limit));
            assert!(text.starts_with("KEY PATH"), "{text}");
            assert!(text.contains("project/a/other_key "), "{text}");
            for line in text.lines() {
                assert!(width(line) <= limit, "{limit}: {line:?}");
            }
        }
    }

    #[test]
    fn where_no_row_fits_each_is_a_record() {
        let text = "KEY PATH     project/a/key\n\
                    AGE          2 days ago\n\
                    DESCRIPTION  Opens the door of\n\
                    \u{20}            the old house\n\
                    \n\
                    KEY PATH     project/a/other_key\n\
                    AGE          just now\n\
                    DESCRIPTION  Schlüssel für 界\n\
                    \u{20}            und Kunden\n";
        assert_eq!(shown(Some(30)), text);
        let empty = laid_out(
            &["a", "b"],
            vec![vec!["x".repeat(40), String::new()]],
            Some(20),
        );
        assert_eq!(empty, format!("A  {}\n", "x".repeat(40)));
    }
}
