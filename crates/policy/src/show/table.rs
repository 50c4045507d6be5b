//! A table, for a terminal or for Markdown.

use countersign_markup::shown::escape;

/// Rows of cells below a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The heading.
    pub heading: Vec<&'static str>,
    /// The rows, each as long as the heading.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// For a terminal: columns as wide as their widest cell.
    #[must_use]
    pub fn plain(&self) -> String {
        let cells = |row: &[String]| row.iter().map(|cell| escape(cell)).collect::<Vec<_>>();
        let heading: Vec<String> = self.heading.iter().map(|cell| (*cell).to_owned()).collect();
        let rows: Vec<Vec<String>> =
            std::iter::once(heading).chain(self.rows.iter().map(|row| cells(row))).collect();
        let width = |at: usize| {
            rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max()
        };
        let mut text = String::new();
        for row in &rows {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                let width = width(at).unwrap_or_default();
                line.push_str(&format!("{cell:width$}  "));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// As a table of Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        // What stands in a cell must not end it, or become markup.
        let cell = |text: &String| {
            let mut shown = String::new();
            for char in escape(text).chars() {
                match char {
                    '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' => {
                        shown.push('\\');
                        shown.push(char);
                    }
                    _ => shown.push(char),
                }
            }
            shown
        };
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(self.heading.iter().map(|cell| (*cell).to_owned()).collect());
        text.push_str(&line(self.heading.iter().map(|_| "---".to_owned()).collect()));
        for row in &self.rows {
            text.push_str(&line(row.iter().map(cell).collect()));
        }
        text
    }
}
