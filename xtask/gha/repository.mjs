// The repository whose files are checked, and what a reference in one of them means.
//
// A reference is `./x` or `$/x` (this repository), or `OWNER/NAME/x@REF` (another one, which
// `known` may say the folder of; the ref is not looked at).

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';

/** Whether a path is that of an action's description. */
export const isAction = (file) => /(^|\/)action\.ya?ml$/.test(file);

/** Every `uses:` of a text, so that it can be rewritten where it stands. */
const USES = /(\buses:\s*['"]?)([^\s'"#,}]+)/g;

export class Repository {
  /**
   * @param {string} root its folder
   * @param {Record<string, string>} known folders of other repositories, under `owner/name`
   */
  constructor(root, known = {}) {
    this.root = path.resolve(root);
    this.known = new Map(
      Object.entries(known).map(([name, folder]) => [name.toLowerCase(), path.resolve(folder)]),
    );
  }

  absolute(file) {
    return path.resolve(this.root, file);
  }

  read(file) {
    return readFileSync(this.absolute(file), 'utf8');
  }

  /** What a reference names: `{repository, path}`, or null for a repository that is not known. */
  resolve(reference) {
    const own = reference.match(/^[.$]\/(.+)$/);
    if (own) return { repository: this, path: own[1] };
    const other = reference.match(/^([^/@]+\/[^/@]+)\/?([^@]*)@(.+)$/);
    const root = other && this.known.get(other[1].toLowerCase());
    if (!root) return null;
    const repository = root === this.root ? this : new Repository(root, Object.fromEntries(this.known));
    return { repository, path: other[2] };
  }

  /** The description of the action in a folder, or undefined. */
  action(folder) {
    const file = ['action.yml', 'action.yaml'].map((name) => path.join(this.root, folder, name)).find(existsSync);
    return file && YAML.parse(readFileSync(file, 'utf8'));
  }

  /** A called workflow, or undefined. */
  workflow(file) {
    const at = this.absolute(file);
    return existsSync(at) ? YAML.parse(readFileSync(at, 'utf8')) : undefined;
  }
}

/** The text with every reference replaced by what `replace(reference)` gives. */
export const withReferences = (text, replace) => text.replace(USES, (_, before, reference) => before + replace(reference));

/** Every reference of a text: `{reference, line, comment}`, lines from 1. */
export function references(text) {
  return text.split('\n').flatMap((content, at) => {
    const found = content.match(/^[\s-]*uses:\s*['"]?([^\s'"#]+)['"]?\s*(#.*)?$/);
    return found ? [{ reference: found[1], line: at + 1, comment: found[2] ?? '' }] : [];
  });
}
