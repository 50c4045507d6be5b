//! From a template and values to a document.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::escape::{Place, write};
use super::{TemplateError, Values};
use crate::front_matter::FrontMatter;

/// Steps that a template may take: thousands of times what a long one needs.
const FUEL: u64 = 1_000_000;

/// Bytes of the longest template: more than ten times what the longest built-in one has.
const LONGEST: usize = 32 << 10;

/// Bytes of stack for each byte of a template, of which the engine may go one call deeper
/// each. They are taken only as far as they are used.
const STACK: usize = 4 << 10;

/// Fills `template` in; `name` is for messages.
///
/// Values are text and nothing else: in front matter they are written as YAML
/// scalars and lists, in the body as Markdown without markup, on one line. What is
/// to be read as YAML or Markdown says so: `{{ title | safe }}`.
///
/// # Errors
///
/// [`TemplateError::Syntax`] when the template is no template, names a value that
/// there is not, or does not come to an end.
pub fn render(name: &str, template: &str, values: &Values<'_>) -> Result<String, TemplateError> {
    if template.len() > LONGEST {
        return Err(TemplateError::Syntax {
            path: name.to_owned(),
            line: 1,
            message: format!(
                "a template has at most {LONGEST} bytes, and this one has {}",
                template.len()
            ),
        });
    }
    let body = FrontMatter::parse(template).body_start(template);
    let context = context(values);
    let (front_matter, body) = template.split_at(body);
    let lines = front_matter.matches('\n').count();
    let failed = |above: usize| {
        move |error: Error| TemplateError::Syntax {
            path: name.to_owned(),
            line: above + error.line().unwrap_or(1),
            message: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
        }
    };
    let mut text = one(Place::FrontMatter, front_matter, &context).map_err(failed(0))?;
    text.push_str(&one(Place::Body, body, &context).map_err(failed(lines))?);
    Ok(text)
}

/// Renders on a stack that the deepest expression of the longest template does not
/// overflow: the engine bounds brackets, but not signs and filters in a row.
fn one(place: Place, template: &str, context: &Value) -> Result<String, Error> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size((2 << 20) + template.len() * STACK);
        let failed = |error: &dyn std::fmt::Display| {
            Error::new(ErrorKind::InvalidOperation, format!("no thread to render it: {error}"))
        };
        let thread = builder.spawn_scoped(scope, || on_this_thread(place, template, context));
        let thread = thread.map_err(|error| failed(&error))?;
        thread.join().unwrap_or_else(|_| Err(failed(&"it died")))
    })
}

fn on_this_thread(place: Place, template: &str, context: &Value) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().keep_trailing_newline(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(move |out, _, value| {
        let mut text = String::new();
        write(&mut text, place, value)?;
        out.write_str(&text).map_err(Error::from)
    });
    environment.render_str(template, context.clone())
}

fn context(values: &Values<'_>) -> Value {
    let numbers = |numbers: &[u64]| -> Value {
        Value::from(numbers.iter().copied().map(Value::from).collect::<Vec<_>>())
    };
    Value::from_pairs([
        ("id", Value::from(values.id)),
        ("type", Value::from(values.kind)),
        ("title", Value::from(values.title)),
        ("status", Value::from(values.status)),
        ("owner_role", Value::from(values.owner_role)),
        // A day is a day in YAML, too.
        ("today", Value::from_safe_string(values.today.to_string())),
        ("issues", numbers(values.issues)),
        ("prs", numbers(values.pull_requests)),
    ])
}
