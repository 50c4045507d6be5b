//! The body of a document of the tree: sections made of blocks of many kinds.

use std::fmt::Write as _;

use super::fault::Fault;
use super::plan::{Plan, Planned};
use super::prose::{Language, Prose};
use super::random::Random;

/// Columns at which wrapped text breaks.
const COLUMNS: usize = 96;

/// Lines that a document stays below its type's limit: one block more, and front
/// matter.
const SPARE_LINES: usize = 70;

/// Writes the body of `planned`, about `bytes` long.
pub(super) fn write(
    plan: &Plan,
    planned: &Planned,
    title: &str,
    bytes: usize,
    random: &mut Random,
) -> String {
    let prose = planned.language.prose();
    let wrapped = random.chance(70);
    let mut body = Body { text: String::with_capacity(bytes + 2000), wrapped, prose, plan };
    let _ = writeln!(body.text, "\n# {title}\n\n## {}\n", prose.summary);
    body.paragraph(random);
    if planned.fault == Some(Fault::Link) {
        body.text.push_str("See [the plan](../nowhere/PLN-0000.md).\n\n");
    }
    let skipped = usize::from(planned.fault == Some(Fault::Heading));
    for (in_english, in_russian) in planned.kind().headings.iter().skip(skipped) {
        let heading = match planned.language {
            Language::English => in_english,
            Language::Russian => in_russian,
        };
        let _ = writeln!(body.text, "## {heading}\n");
        body.paragraph(random);
        body.block(random);
    }
    let most_lines = planned.kind().lines - SPARE_LINES;
    let mut section = 0;
    while body.text.len() < bytes && body.text.lines().count() < most_lines {
        if section % 4 == 0 {
            let heading = random.pick(prose.sections);
            let _ = writeln!(body.text, "## {heading}\n");
            body.paragraph(random);
        } else if random.chance(25) {
            let heading = random.pick(prose.sections);
            let _ = writeln!(body.text, "### {heading}\n");
            body.paragraph(random);
        }
        body.block(random);
        section += 1;
    }
    let kept = body.text.trim_end().len();
    body.text.truncate(kept);
    body.text.push('\n');
    body.text
}

struct Body<'a> {
    text: String,
    wrapped: bool,
    prose: &'static Prose,
    plan: &'a Plan,
}

impl Body<'_> {
    fn block(&mut self, random: &mut Random) {
        match random.below(20) {
            0..=6 => self.paragraph(random),
            7..=9 => self.list(random),
            10 | 11 => self.table(random),
            12 => self.checklist(random),
            13 => self.steps(random),
            14 | 15 => self.reference(random),
            16 => self.quote(random),
            17 => self.diagram(random),
            _ => self.code(random),
        }
    }

    fn paragraph(&mut self, random: &mut Random) {
        let sentences: Vec<String> =
            (0..random.between(2, 5)).map(|_| self.prose.sentence(random)).collect();
        let text = sentences.join(" ");
        self.flow(&text, "");
        self.text.push('\n');
    }

    /// Text in one long line or in several, each behind `indent`.
    fn flow(&mut self, text: &str, indent: &str) {
        let mut column = 0;
        for word in text.split(' ') {
            let width = word.chars().count();
            if column > 0 && self.wrapped && column + width >= COLUMNS {
                self.text.push('\n');
                column = 0;
            } else if column > 0 {
                self.text.push(' ');
            }
            if column == 0 {
                self.text.push_str(indent);
            }
            self.text.push_str(word);
            column += width + 1;
        }
        self.text.push('\n');
    }

    fn list(&mut self, random: &mut Random) {
        for _ in 0..random.between(3, 6) {
            let _ = writeln!(self.text, "- {}", self.prose.phrase(random));
            if random.chance(30) {
                for _ in 0..random.between(1, 3) {
                    let _ = writeln!(self.text, "  - {}", self.prose.phrase(random));
                }
            }
        }
        self.text.push('\n');
    }

    fn steps(&mut self, random: &mut Random) {
        for number in 1..=random.between(3, 6) {
            let _ = writeln!(self.text, "{number}. {}", self.prose.sentence(random));
        }
        self.text.push('\n');
    }

    fn checklist(&mut self, random: &mut Random) {
        for _ in 0..random.between(3, 7) {
            let mark = if random.chance(50) { 'x' } else { ' ' };
            let check = *random.pick(self.prose.checks);
            let _ = writeln!(self.text, "- [{mark}] {}", self.prose.fill(check, random));
        }
        self.text.push('\n');
    }

    fn table(&mut self, random: &mut Random) {
        let head = random.pick(self.prose.tables);
        let _ = writeln!(self.text, "| {} |\n| --- | --- | ---: |", head.join(" | "));
        for _ in 0..random.between(3, 9) {
            let (first, second) = (self.prose.phrase(random), self.prose.phrase(random));
            let _ = writeln!(self.text, "| {first} | {second} | {} |", random.between(1, 500));
        }
        self.text.push('\n');
    }

    fn quote(&mut self, random: &mut Random) {
        let text = self.prose.sentence(random);
        self.flow(&text, "> ");
        self.text.push('\n');
    }

    /// A sentence with a link or a path to a document that exists.
    fn reference(&mut self, random: &mut Random) {
        let other = self.plan.any(random);
        let (id, kind) = (other.id(), other.kind().name);
        let link = match random.below(10) {
            0 | 1 => format!("`{}`", other.path()),
            2..=4 => {
                // The anchor that GitHub gives to the heading of the summary.
                let anchor = other.language.prose().summary.replace(';', "").to_lowercase();
                format!("[{id}](../{kind}/{id}.md#{anchor})")
            }
            5 => format!("[the discussion](https://example.com/issues/{})", random.between(1, 999)),
            _ => format!("[{id}](../{kind}/{id}.md)"),
        };
        let sentence = random.pick(self.prose.references).replace("{link}", &link);
        self.flow(&sentence, "");
        self.text.push('\n');
    }

    fn diagram(&mut self, random: &mut Random) {
        self.text.push_str("```mermaid\nflowchart LR\n");
        for number in 1..=random.between(3, 7) {
            let label = self.prose.phrase(random).replace(['`', '"'], "");
            let _ = writeln!(self.text, "    n{} -->|\"{label}\"| n{number}", number - 1);
        }
        self.text.push_str("```\n\n");
    }

    fn code(&mut self, random: &mut Random) {
        let number = random.between(1, 9000);
        let code = match random.below(5) {
            0 => format!(
                "```yaml\nservice:\n  replicas: {}\n  timeout: {number}ms\n  flags:\n    - hold_orders\n    \
                 - strict_dates\n  # nobody reads this twice\n  url: https://example.com/{number}\n```\n",
                number % 9 + 1
            ),
            1 => format!(
                "```sql\nSELECT id, state, updated_at\nFROM   orders\nWHERE  state = 'held' AND id > \
                 {number}\nORDER  BY id\nLIMIT  100;\n```\n"
            ),
            2 => format!(
                "```json\n{{\n  \"id\": {number},\n  \"items\": [{{\"sku\": \"A-{}\", \"count\": 2}}],\n  \
                 \"note\": \"<as it came>\"\n}}\n```\n",
                number % 100
            ),
            3 => format!(
                "```sh\n# how we looked\ncurl --silent https://example.com/orders/{number} | jq '.items[0]'\n\
                 kubectl get pods --namespace shop\n```\n"
            ),
            _ => format!(
                "```rust\nfn is_held(order: &Order) -> bool {{\n    // [not a link](nowhere.md)\n    \
                 order.state == State::Held && order.id > {number}\n}}\n```\n"
            ),
        };
        self.text.push_str(&code);
        self.text.push('\n');
    }
}
