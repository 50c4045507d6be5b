//! One measured figure and what is asked of it.

/// A row of the report.
#[derive(Debug)]
pub(super) struct Figure {
    pub(super) name: &'static str,
    value: f64,
    unit: &'static str,
    goal: Goal,
}

/// What a figure must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Goal {
    /// Shown for comparison.
    None,
    Below(f64),
    AtMost(f64),
    AtLeast(f64),
}

impl Figure {
    pub(super) const fn new(
        name: &'static str,
        value: f64,
        unit: &'static str,
        goal: Goal,
    ) -> Self {
        Self { name, value, unit, goal }
    }

    pub(super) fn reached(&self) -> bool {
        match self.goal {
            Goal::None => true,
            Goal::Below(limit) => self.value < limit,
            Goal::AtMost(limit) => self.value <= limit,
            Goal::AtLeast(limit) => self.value >= limit,
        }
    }

    /// The row, in Markdown.
    pub(super) fn row(&self) -> String {
        let digits = match self.value {
            value if value < 10.0 => 2,
            value if value < 100.0 => 1,
            _ => 0,
        };
        let unit = self.unit;
        let goal = match self.goal {
            Goal::None => String::new(),
            Goal::Below(limit) => format!("below {limit} {unit} "),
            Goal::AtMost(limit) => format!("at most {limit} {unit} "),
            Goal::AtLeast(limit) => format!("at least {limit} {unit} "),
        };
        let missed = if self.reached() { "" } else { "**missed** " };
        format!("| {} | {:.digits$} {unit} | {goal}{missed}|\n", self.name, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_the_goal_is_reached() {
        let row = |value, goal| Figure::new("Size", value, "MB", goal).row();
        assert_eq!(row(3.456, Goal::Below(5.0)), "| Size | 3.46 MB | below 5 MB |\n");
        assert_eq!(row(5.0, Goal::Below(5.0)), "| Size | 5.00 MB | below 5 MB **missed** |\n");
        assert_eq!(row(123.4, Goal::AtLeast(100.0)), "| Size | 123 MB | at least 100 MB |\n");
        assert_eq!(row(12.34, Goal::None), "| Size | 12.3 MB | |\n");
    }
}
