// What this project asks of its own workflows and actions, and no other checker does.

import YAML from 'yaml';
import { references } from './repository.mjs';
import { scripts } from './shell.mjs';

const COMMIT = /^[^@]+@[0-9a-f]{40}$/;

/**
 * Findings of one file: `{line, message}`. `role` is `ours` for a file of this repository, and
 * `wrapper` for one that adopters get.
 */
export function check(repository, file, role) {
  const text = repository.read(file);
  const document = YAML.parse(text) ?? {};
  const findings = [];
  const say = (line, message) => findings.push({ line, message });
  const lineOf = (content) => text.split('\n').findIndex((line) => line.includes(content)) + 1 || 1;

  for (const { where, script } of scripts(document)) {
    const first = script.split('\n')[0];
    if (script.includes('${{')) {
      say(lineOf(first), `${where}: an expression in a script is code that anybody may write; give it by \`env:\``);
    }
    // The end of a single command is the end of its step.
    if (/[\n|;&]/.test(script.trim()) && first.trim() !== 'set -euo pipefail') {
      say(lineOf(first), `${where}: the first line of a script is \`set -euo pipefail\``);
    }
  }
  text.split('\n').forEach((content, at) => {
    if (/#\s*zizmor:\s*ignore(\[[^\]]*\])?\s*$/.test(content)) {
      say(at + 1, 'a finding is ignored without a reason; write it behind the bracket');
    }
  });
  for (const { reference, line, comment } of references(text)) {
    const own = repository.resolve(reference);
    if (role === 'ours' && /^\.\/(?!\.github\/workflows\/)/.test(reference)) {
      say(line, `\`${reference}\` is a folder of whoever calls this; \`$/…\` is a folder of this repository`);
    } else if (!/^[.$]\//.test(reference) && !own) {
      if (!COMMIT.test(reference)) say(line, `\`${reference}\` is not pinned to a full commit hash`);
      else if (!/^#\s*v?\d/.test(comment)) say(line, `\`${reference}\` has no comment that says which version it is`);
    }
  }
  for (const [id, job] of Object.entries(document.jobs ?? {})) {
    if (job?.secrets === 'inherit') say(lineOf('secrets: inherit'), `job \`${id}\` gives all secrets away; name those it needs`);
    if (!job?.uses && job?.['timeout-minutes'] === undefined) say(lineOf(`${id}:`), `job \`${id}\` has no \`timeout-minutes\``);
  }
  return findings;
}
