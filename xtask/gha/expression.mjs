// GitHub's own code for expressions, asked whether an event would start a workflow and its jobs.

import './json_imports.mjs';

const { Lexer, Parser, Evaluator, data } = await import('@actions/expressions');

const CONTEXTS = ['github', 'vars', 'inputs', 'needs', 'secrets', 'env', 'matrix', 'strategy', 'steps', 'job', 'runner', 'jobs'];

/** Activities that start a workflow which names none. Of the others, all do. */
const TYPES = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};

const toData = (value) => JSON.parse(JSON.stringify(value ?? {}), data.reviver);

/** The value of an expression where every job before went well. */
export function evaluate(expression, contexts) {
  const status = (name, value) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) });
  const functions = [
    status('always', true),
    status('success', true),
    status('failure', false),
    status('cancelled', false),
    { name: 'hashFiles', minArgs: 1, maxArgs: 255, call: () => new data.StringData('') },
  ];
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, CONTEXTS, functions).parse();
  const values = new data.Dictionary(...CONTEXTS.map((key) => ({ key, value: toData(contexts[key]) })));
  const named = new Map(functions.map((it) => [it.name.toLowerCase(), it]));
  return JSON.parse(JSON.stringify(new Evaluator(tree, values, named).evaluate(), data.replacer));
}

/** Whether a condition holds, as `if:` has it: with or without `${{ }}`. */
export function holds(condition, contexts) {
  if (condition === undefined || condition === null || condition === '') return true;
  const text = String(condition).trim();
  const whole = text.match(/^\$\{\{([\s\S]*?)\}\}$/);
  // Text around an expression makes a string of it, and a string is true.
  if (!whole && text.includes('${{')) return true;
  const value = evaluate(whole ? whole[1].trim() : text, contexts);
  return !(value === false || value === null || value === '' || value === 0);
}

/** A text with its expressions replaced by their values. */
export const filled = (text, contexts) =>
  String(text).replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression) => {
    const value = evaluate(expression.trim(), contexts);
    return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  });

/** Whether an event with this payload starts a workflow with this `on:`. */
export function starts(on, event, payload) {
  const events = typeof on === 'string' ? { [on]: null } : Array.isArray(on) ? Object.fromEntries(on.map((name) => [name, null])) : (on ?? {});
  if (!(event in events)) return false;
  const filter = events[event] ?? {};
  const types = filter.types ?? TYPES[event];
  if (types && payload.action !== undefined && ![].concat(types).includes(payload.action)) return false;
  if (event === 'push' && filter.branches) {
    const branch = String(payload.ref).replace(/^refs\/heads\//, '');
    return [].concat(filter.branches).includes(branch);
  }
  return true;
}
