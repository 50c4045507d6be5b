// What neither GitHub's parser nor actionlint looks at in a call: that a called workflow asks for
// no permission beyond its caller's, which GitHub answers with a run that does not start, and that
// what is given for a boolean or a number is one.

import YAML from 'yaml';

const RANK = { none: 0, read: 1, write: 2 };

/** Permissions as a mapping; `*` stands for those that are not named. Null where none are stated. */
function stated(permissions) {
  if (permissions === undefined) return null;
  if (permissions === 'write-all') return { '*': 'write' };
  if (permissions === 'read-all') return { '*': 'read' };
  return permissions ?? {};
}

const granted = (permissions, name) => permissions[name] ?? permissions['*'] ?? 'none';

/** Findings of one workflow: `{line, message}`. */
export function check(repository, file) {
  const text = repository.read(file);
  const document = YAML.parseDocument(text);
  const line = (id) => {
    const [offset] = document.getIn(['jobs', id, 'uses'], true)?.range ?? [0];
    return text.slice(0, offset).split('\n').length;
  };
  return ofWorkflow(repository, document.toJS() ?? {}, []).map(({ job, message }) => ({ line: line(job), message }));
}

function ofWorkflow(repository, workflow, chain) {
  const own = stated(workflow.permissions);
  return Object.entries(workflow.jobs ?? {}).flatMap(([id, job]) => {
    if (typeof job?.uses !== 'string') return [];
    const found = repository.resolve(job.uses);
    const called = found?.repository.workflow(found.path);
    const key = found && `${found.repository.root}/${found.path}`;
    // A missing file is for the others to find; a circle would not end.
    if (!called || chain.includes(key)) return [];
    const may = stated(job.permissions) ?? own;
    const messages = [
      ...beyond(may, called).map((what) => `\`${job.uses}\` asks for more than it is granted: ${what}`),
      ...wrongTypes(job.with, called).map((what) => `\`${job.uses}\` is given ${what}`),
      ...ofWorkflow(
        found.repository,
        { ...called, permissions: called.permissions ?? may ?? undefined },
        [...chain, key],
      ).map(({ message }) => `through \`${job.uses}\`: ${message}`),
    ];
    return messages.map((message) => ({ job: id, message }));
  });
}

function beyond(may, called) {
  const own = stated(called.permissions);
  return Object.entries(called.jobs ?? {}).flatMap(([id, job]) => {
    const wants = stated(job?.permissions) ?? own;
    if (wants === null) return [];
    return Object.entries(wants).flatMap(([name, access]) => {
      if (may === null) {
        const message = `job \`${id}\` wants \`${name}: ${access}\`, and its caller states no permissions`;
        return access === 'write' ? [message] : [];
      }
      const has = granted(may, name);
      return RANK[access] > RANK[has] ? [`job \`${id}\` wants \`${name}: ${access}\`, its caller has \`${has}\``] : [];
    });
  });
}

function wrongTypes(given, called) {
  const inputs = called.on?.workflow_call?.inputs ?? {};
  return Object.entries(given ?? {}).flatMap(([name, value]) => {
    const type = inputs[name]?.type;
    if (type !== 'boolean' && type !== 'number') return [];
    if (typeof value === type || (typeof value === 'string' && value.includes('${{'))) return [];
    return [`${JSON.stringify(value)} for \`${name}\`, which is a ${type}`];
  });
}
