// GitHub's own parser of workflows and actions, as its editors use it.

import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import './json_imports.mjs';
import { isAction, withReferences } from './repository.mjs';

const { validate, registerLogger } = await import('@actions/languageservice');

// It would swallow its own faults otherwise, and a file would pass that nobody looked at.
const fail = (message) => {
  throw new Error(`the language service failed: ${message}`);
};
const faults = [];
registerLogger({ info() {}, log() {}, warn() {}, error: (message) => faults.push(message) });

// It keeps what it parsed under the address of a file, so every check has an address of its own.
let checks = 0;

/** Findings of one file: `{line, message, severity}`. */
export async function check(repository, file) {
  // It does not look into `./x`; `$/x` is the same file at the same column.
  const text = withReferences(repository.read(file), (reference) => reference.replace(/^\.\//, '$/'));
  checks += 1;
  const action = isAction(file);
  const address = action
    ? `file:///${checks}/action.yml`
    : `file:///${checks}/.github/workflows/${path.basename(file)}`;
  const language = action ? 'github-actions-action' : 'github-actions-workflow';
  const document = TextDocument.create(address, language, 1, text);
  const diagnostics = await validate(document, providers(repository));
  if (faults.length) fail(`${file}: ${faults.splice(0).join('; ')}`);
  return diagnostics.map(({ message, range, severity }) => ({
    line: range.start.line + 1,
    message,
    severity: (severity ?? 1) === 1 ? 'error' : 'warning',
  }));
}

function providers(repository) {
  return {
    fileProvider: {
      async getFileContent(reference) {
        const other = reference.repository && `${reference.owner}/${reference.repository}/${reference.path}@${reference.version}`;
        const found = repository.resolve(other ?? `./${reference.path}`);
        if (!found) throw new Error(`\`${other}\` is not at hand`);
        return { name: reference.path, content: found.repository.read(found.path) };
      },
    },
    actionsMetadataProvider: {
      async fetchActionMetadata({ owner, name, path: folder = '', ref }) {
        const found = repository.resolve(`${owner}/${name}/${folder}@${ref}`);
        // Of somebody else's action nothing is known, so its inputs are not looked at.
        return found ? found.repository.action(found.path) : { name, description: '' };
      },
    },
  };
}
