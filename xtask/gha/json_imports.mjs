// `@actions/workflow-parser` imports JSON files without saying that they are JSON, which bundlers
// forgive and Node does not. This hook makes modules of them; import it before `@actions/*`,
// which must then be imported dynamically.

import { register } from 'node:module';

const HOOK = `
  import { readFile } from 'node:fs/promises';
  export async function load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.json')) return next(url, context);
    const text = await readFile(new URL(url), 'utf8');
    return { format: 'module', shortCircuit: true, source: 'export default ' + text };
  }
`;

register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
