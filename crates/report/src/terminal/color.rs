//! Whether output has colours.

use clap::ValueEnum;

use crate::Styling;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// What that means for a stream that is, or is not, a terminal.
    ///
    /// `NO_COLOR`: <https://no-color.org>; `CLICOLOR_FORCE`: <https://bixense.com/clicolors>.
    pub fn styling(self, is_terminal: bool) -> Styling {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let ansi = match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR") => false,
            Self::Auto => is_terminal || set("CLICOLOR_FORCE"),
        };
        if ansi { Styling::Ansi } else { Styling::Plain }
    }
}
