"""Prints what front matter says of issues and pull requests, one relation a line.

    python3 relations.py ROOT

Reads ROOT/docs with nothing but the standard library, line by line and not as YAML:
it is there to disagree with docset if docset is wrong. Each line is `Issue` or `PR`,
a number and a path from ROOT, with tabs between them.
"""

import re
import sys
from pathlib import Path

KINDS = {"related_issues": "Issue", "related_prs": "PR"}
OWN = {"docset-issue": ("issue", "Issue"), "docset-pr": ("pr", "PR")}


def front_matter(text):
    match = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    return match.group(1).splitlines() if match else []


def relations(lines):
    """Yields the kind and number of every relation that the lines state."""
    key = ""
    kind = ""
    for line in lines:
        line = re.sub(r"\s#.*", "", line)
        top = re.match(r"(\w+):(.*)", line)
        if top:
            key, values = top.groups()
            if key == "type":
                kind = values.strip()
        else:
            values = line
        if key in KINDS and (top or line.strip().startswith("-")):
            for number in re.findall(r"\d+", values):
                yield KINDS[key], int(number)
        # A docset is about its own issue or pull request, whatever else it names.
        number = re.match(r"\s+number:\s*(\d+)\s*$", line)
        if number and OWN.get(kind, ("", ""))[0] == key:
            yield OWN[kind][1], int(number.group(1))


def main(root):
    for path in sorted(root.glob("docs/**/*.md")):
        lines = front_matter(path.read_text(encoding="utf-8"))
        for kind, number in sorted(set(relations(lines))):
            print(kind, number, path.relative_to(root).as_posix(), sep="\t")


main(Path(sys.argv[1]))
