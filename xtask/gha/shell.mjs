// shellcheck on the scripts of `run:` blocks.

import { spawnSync } from 'node:child_process';

// What cannot be known of a script that stands alone: files that it sources, variables that the
// step sets, and comparisons of what the runner has put in.
const NOT_HERE = 'SC1091,SC2050,SC2043,SC2153,SC2154,SC2157,SC2194';

/** Every script of a workflow or an action: `{where, script, shell}`. */
export function scripts(document) {
  const ofSteps = (steps, where, shell) =>
    (Array.isArray(steps) ? steps : []).flatMap((step, at) =>
      step?.run ? [{ where: `${where}step ${at + 1}`, script: String(step.run), shell: step.shell ?? shell }] : [],
    );
  const shell = document?.defaults?.run?.shell;
  const jobs = Object.entries(document?.jobs ?? {}).flatMap(([id, job]) =>
    ofSteps(job?.steps, `job ${id}, `, job?.defaults?.run?.shell ?? shell),
  );
  return [...ofSteps(document?.runs?.steps, ''), ...jobs];
}

/** Findings of one script: `{line, message}`; lines of the script, from 1. */
export function check(program, { script, shell = 'bash' }) {
  if (!/^(ba)?sh\b/.test(shell)) return [];
  // An expression is replaced by its runner before the shell starts: any word will do.
  const body = script.replace(/\$\{\{[\s\S]*?\}\}/g, (expression) => '_'.repeat(expression.length));
  const dialect = shell.startsWith('sh') ? 'sh' : 'bash';
  const options = ['--norc', '--format', 'json', '--shell', dialect, '--exclude', NOT_HERE, '-'];
  const { stdout, error } = spawnSync(program, options, { input: body, encoding: 'utf8' });
  if (error) throw new Error(`cannot run \`${program}\`: ${error.message}`);
  return JSON.parse(stdout).map(({ line, code, message }) => ({ line, message: `SC${code}: ${message}` }));
}
