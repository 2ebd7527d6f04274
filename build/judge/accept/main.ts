import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { seen } from '@bianmin/card/cli/accept/report-form';
import { formatReport, openReport } from '@bianmin/card/cli/accept/signed-report';
import { simulatedVisit } from '@bianmin/card/cli/accept/simulated-visit';
import { differences } from '@bianmin/card/cli/accept/structure';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { fixtureName, fixtureOf, isReal, verdicts } from './confirm.ts';

const USAGE = `Usage: npm run accept -- REPORT [OPTION…]
Takes a report of \`bianmin-card accept\`, says what it settles of docs/unproven.md and where the card is made otherwise than
the simulated one, and keeps it as a fixture.
  --keep   writes the fixture; without it only the words
  --json   one JSON value, for programs
`;
const FIXTURES = join(import.meta.dirname, '../../../shared/card/fixtures/acceptance');

const { values, positionals } = readOptions({
  usage: USAGE,
  options: { keep: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  words: 1,
});
const [path] = positionals;
if (path === undefined) failUsage(USAGE, 'A report is missing.');
const { report, signedBy } = await readFile(path, 'utf8')
  .then((text) => openReport(path, text))
  .catch((error: unknown) => failUsage(USAGE, error instanceof Error ? error.message : String(error)));
if (signedBy === undefined)
  failUsage(USAGE, 'The visit is not finished: give bianmin-card accept the same file.');

const simulated = await simulatedVisit(seen(report, 'chip.name'));
const result = {
  ...{ signedBy, real: isReal(report), verdicts: verdicts(report) },
  differs: simulated === undefined ? [] : differences(report, simulated),
  fixture: values.keep ? join(FIXTURES, `${fixtureName(report)}.json`) : null,
};
if (result.fixture !== null) {
  await mkdir(FIXTURES, { recursive: true });
  await writeFile(result.fixture, formatReport(fixtureOf(report)));
}
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${lines().join('\n')}\n`);

function lines(): string[] {
  const { real, verdicts: told, differs, fixture } = result;
  return [
    `Signed by ${signedBy?.slice(0, 16)}… and not changed since.`,
    ...(real ? [] : ['Reader and card are simulated: nothing is settled by them.']),
    ...told.map(({ id, state, because }) =>
      because.length === 0 ? `accept:${id} ${state}` : `accept:${id} ${state}: ${because.join(', ')}`,
    ),
    ...differs.map(({ id, ...each }) => `${id}: ${String(each.real)}, simulated ${String(each.simulated)}`),
    ...(fixture === null ? [] : [`Kept as ${fixture}`]),
  ];
}
