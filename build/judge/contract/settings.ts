import type { Known } from './known.ts';

/** How often a parameter is one of the known values. */
const OFTEN = 0.7;

/** The settings of a run: the project's, with the values that there is something under in this server. */
export function settingsOf(base: string, known: readonly Known[]): string {
  const values = (list: readonly string[]): string =>
    `[${list.map((each) => JSON.stringify(each)).join(', ')}]`;
  const parts = known.map((each, at) => [
    `[dictionaries.known-${at}]`,
    `values = ${values(each.values)}`,
    '',
    '[[operations]]',
    `include-path-regex = ${JSON.stringify(each.paths)}`,
    `[operations.parameters]`,
    `"path.${each.parameter}" = { dictionary = "known-${at}", probability = ${OFTEN} }`,
  ]);
  return [base.trimEnd(), ...parts.map((lines) => lines.join('\n'))].join('\n\n') + '\n';
}
