//! Completion scripts.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use countersign_report::terminal::{CLEAN, Fault};

/// Print a completion script for a shell
// Which is what the help of the command says.
#[derive(Clone, Copy, Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    pub shell: Shell,
}

impl CompletionsArguments {
    /// Writes the script for the program `C`, and gives the exit code.
    ///
    /// # Errors
    ///
    /// That `out` cannot be written to.
    pub fn run<C: CommandFactory>(&self, out: &mut impl Write) -> Result<u8, Fault> {
        let mut command = C::command();
        let name = command.get_name().to_owned();
        // Not straight to `out`: the generator panics where it cannot write.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        out.write_all(&script)?;
        Ok(CLEAN)
    }

    /// What stands below the help of the command of `program`: where scripts go.
    #[must_use]
    pub fn examples(program: &str) -> String {
        format!(
            "\
Examples:
  {program} completions bash >~/.local/share/bash-completion/completions/{program}
  {program} completions fish >~/.config/fish/completions/{program}.fish
  {program} completions zsh >~/.zfunc/_{program}    a folder that $fpath names"
        )
    }
}
