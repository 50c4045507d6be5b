#!/usr/bin/env node
// Says whether events would start workflows. Reads a list of questions from standard input and
// writes a list of answers to standard output, both as JSON:
//
//   [{"workflow": FILE, "event": "issues", "payload": {…}, "github": {…}, "vars": {…}}]
//   [{"starts": true, "jobs": {"guard": {"runs": true, "group": "…"}}, "group": "…"}]

import { readFileSync } from 'node:fs';
import YAML from 'yaml';
import { filled, holds, starts } from './expression.mjs';

const group = (concurrency, contexts) => {
  const text = typeof concurrency === 'string' ? concurrency : concurrency?.group;
  return text === undefined ? {} : { group: filled(text, contexts) };
};

const questions = JSON.parse(readFileSync(0, 'utf8'));
const answers = questions.map(({ workflow, event, payload, github, vars }) => {
  const document = YAML.parse(readFileSync(workflow, 'utf8'));
  const contexts = { github: { event_name: event, event: payload, ...github }, vars };
  const jobs = Object.entries(document.jobs ?? {}).map(([id, job]) => [
    id,
    { runs: holds(job.if, contexts), ...group(job.concurrency, contexts) },
  ]);
  return { starts: starts(document.on, event, payload), jobs: Object.fromEntries(jobs), ...group(document.concurrency, contexts) };
});
process.stdout.write(JSON.stringify(answers));
