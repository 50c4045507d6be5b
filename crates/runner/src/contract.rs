//! Whether an action and the command that it calls agree.

use crate::Command;

impl Command {
    /// What is wrong between this command and the text of the `action.yml` that calls it:
    /// every input comes in the variable of its name, the command takes exactly these, and
    /// it is called as a step.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, in one line.
    pub fn agrees_with(&self, action: &str) -> Result<(), String> {
        let mut given = Vec::new();
        for line in action.lines().map(str::trim) {
            let Some((variable, value)) = line.split_once(": ${{ inputs.") else { continue };
            let Some(input) = value.strip_suffix(" }}") else { continue };
            let name = format!("INPUT_{}", input.to_uppercase().replace('-', "_"));
            match variable {
                // What the step itself, or a client of GitHub, takes.
                "working-directory" | "GITHUB_TOKEN" => {}
                _ if variable == name => given.push(name),
                _ => return Err(format!("the input `{input}` comes in `{variable}`")),
            }
        }
        given.sort_unstable();
        let taken = self.variables();
        if given != taken {
            return Err(format!("it gives {given:?}, and the command takes {taken:?}"));
        }
        let call = format!(" {} --step\n", self.words.join(" "));
        if !action.contains(&call) {
            return Err(format!("it does not call{}", call.trim_end()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Command, Input, Takes};

    #[test]
    fn an_action_that_gives_something_else_is_found() {
        const INPUTS: &[Input] = &[Input::new("fail-on", Takes::Value("--fail-on"))];
        let command = Command { words: &["check"], inputs: INPUTS };
        let action = "env:\n  INPUT_FAIL_ON: ${{ inputs.fail-on }}\nrun: |\n  x check --step\n";
        assert_eq!(command.agrees_with(action), Ok(()));
        for (from, to, wrong) in [
            ("INPUT_FAIL_ON", "INPUT_FAIL", "the input `fail-on` comes in `INPUT_FAIL`"),
            (
                "  INPUT_FAIL_ON: ${{ inputs.fail-on }}\n",
                "",
                "it gives [], and the command takes [\"INPUT_FAIL_ON\"]",
            ),
            ("check --step", "check", "it does not call check --step"),
        ] {
            assert_eq!(command.agrees_with(&action.replace(from, to)), Err(wrong.to_owned()));
        }
    }
}
