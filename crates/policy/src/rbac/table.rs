//! The matrix for people to read.

use super::matrix::Matrix;

/// The matrix as a table of Markdown, columns aligned, one row per role.
#[must_use]
pub fn table<'m>(matrix: &'m Matrix, wanted: impl Fn(&str) -> bool + 'm) -> String {
    let head = ["Role", "Run modes", "Read", "Write", "Metrics", "Database", "Secrets"];
    let mut rows = vec![head.map(str::to_owned)];
    for (role, row) in matrix.iter().filter(|(role, _)| wanted(role)) {
        let modes: Vec<&str> = row.run_modes.iter().map(|mode| mode.as_str()).collect();
        rows.push([
            cell(role),
            modes.join(", "),
            row.read.to_string(),
            row.write.to_string(),
            row.metrics.to_string(),
            row.database.to_string(),
            row.secrets.to_string(),
        ]);
    }
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            widths.max().unwrap_or_default()
        })
        .collect();
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("| {cell:<width$} "));
        text.extend(cells);
        text.push_str("|\n");
        if at == 0 {
            text.extend(widths.iter().map(|width| format!("|{}", "-".repeat(width + 2))));
            text.push_str("|\n");
        }
    }
    text
}

/// A role's name as text of a cell: names are free text of the adopter.
fn cell(role: &str) -> String {
    let mut cell = countersign_markup::shown::escape(role);
    for special in ['\\', '|', '`', '<', '*', '_', '['] {
        cell = cell.replace(special, &format!("\\{special}"));
    }
    cell
}
