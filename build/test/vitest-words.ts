import { readOptions } from '@bianmin/purchase/node/cli-options';

const MOST_FILES = 100;

/** The words of a command line that are handed on to vitest, each checked: files, projects, a test's name. */
export function vitestWords(usage: string, args?: readonly string[]): readonly string[] {
  const { positionals, values } = readOptions({
    usage,
    ...(args === undefined ? {} : { args }),
    words: MOST_FILES,
    options: {
      config: { type: 'string' },
      project: { type: 'string', multiple: true, default: [] },
      testNamePattern: { type: 'string', short: 't' },
    },
  });
  const { config, project, testNamePattern } = values;
  return [
    ...(config === undefined ? [] : ['--config', config]),
    ...project.flatMap((name) => ['--project', name]),
    ...(testNamePattern === undefined ? [] : ['--testNamePattern', testNamePattern]),
    ...positionals,
  ];
}
