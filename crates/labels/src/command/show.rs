//! `labels show`.

use std::io::Write;

use countersign_markup::nearest::nearest;
use countersign_markup::shown::excerpt;
use countersign_report::terminal::{CLEAN, Console, Fault};
use countersign_runner::OutputFormat;

use super::cli::ShowArguments;
use super::{catalogue, json};
use crate::catalogue::{Authority, Catalogue, Label, Language};

pub(super) fn run(arguments: &ShowArguments, out: &mut Console) -> Result<u8, Fault> {
    let catalogue = catalogue::load(&arguments.root)?;
    let name = &arguments.name;
    let label = catalogue
        .by_key(name)
        .or_else(|| catalogue.by_variable(name))
        .or_else(|| catalogue.classify(name).label);
    let Some(label) = label else {
        let known = catalogue.labels().iter().map(|label| &*label.name);
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`labels list` shows all labels".to_owned(),
        };
        return Err(format!("there is no label `{}`; {help}", excerpt(name)).into());
    };
    match arguments.print.format {
        OutputFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &json::label(label))?;
            writeln!(out)?;
        }
        OutputFormat::Human => {
            let language = arguments.texts.language(&catalogue);
            human(label, &catalogue, language, out)?;
        }
    }
    Ok(CLEAN)
}

fn human(
    label: &Label,
    catalogue: &Catalogue,
    language: Language,
    out: &mut Console,
) -> Result<(), Fault> {
    let title = out.bold(&format!("{} — {}", label.name, label.summary.get(language)));
    writeln!(out, "{title}")?;
    let starts = match (&label.starts, &label.stage) {
        (Some(workflow), Some(stage)) => {
            let what = if label.revise { "revision of the stage" } else { "stage" };
            format!("workflow {workflow} ({what} {stage})")
        }
        (Some(workflow), None) => format!("workflow {workflow}"),
        (None, Some(stage)) => format!("stage {stage}"),
        (None, None) => "nothing".to_owned(),
    };
    let family = label.family.as_deref().map_or_else(String::new, |family| {
        let others = catalogue.family(family).filter(|other| other.key != label.key).count();
        format!("{others} other labels of the family {family}")
    });
    let set_by = match label.set_by {
        Authority::Owner => "the owner, or an approved request",
        Authority::Policy => "people, and agents as the policy allows",
    };
    let removed_by = match label.removed_by {
        Authority::Owner => "the owner, or an approved request",
        Authority::Policy => "people, and agents as the policy allows",
    };
    let key = if label.key == label.name { "" } else { &label.key };
    for (what, text) in [
        ("description", label.description.get(language)),
        ("key", key),
        ("class", label.class.as_str()),
        ("set by", set_by),
        ("removed by", removed_by),
        ("starts", &starts),
        ("stands for", label.value.as_deref().unwrap_or_default()),
        ("excludes", &family),
        ("undo", label.undo.get(language)),
        ("variable", &label.variable),
        ("colour", &label.color.to_string()),
        ("also known as", &label.aliases.join(", ")),
    ] {
        if !text.is_empty() {
            writeln!(out, "  {what:14} {text}")?;
        }
    }
    Ok(())
}
