import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { CHANNELS } from '@bianmin/shared/api/scalars';
import { METER_CHIPS, type MeterChip } from '@bianmin/shared/testing/meter-files';
import { gridProfileOf } from '../dev/grid-profile.ts';
import { startStack } from '../dev/stack.ts';
import { SandboxClient } from '../sandbox-client.ts';
import { printRows } from '../table.ts';
import { openKiosk } from './kiosk.ts';
import { Operator } from './operator.ts';
import { faultsOf, JOURNEY_CODES, runJourney } from './purchase.ts';
import type { JourneyRow } from './purchase.ts';
import { runRemoteJourney } from './remote.ts';

/** What is bought with when nothing is said. */
const USUAL: readonly MeterChip[] = ['SLE4442', 'CPU'];
const AMOUNT_FEN = 5000;

const { values } = parseArgs({
  options: {
    chip: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    grid: { type: 'string', default: 'collection-v1' },
    wallet: { type: 'string', default: 'wechat' },
    code: { type: 'string', default: 'channel' },
    json: { type: 'boolean', default: false },
  },
});
const gridProfile = gridProfileOf(values.grid);
const NAMES = [...METER_CHIPS, 'remote'] as const;
type Name = (typeof NAMES)[number];
/** The string profile credits nothing from afar and texts no codes. */
const OFFERED: readonly Name[] = gridProfile === 'agent-string' ? METER_CHIPS : NAMES;
const isName = (name: string): name is Name => OFFERED.some((known) => known === name);
const named = values.chip ?? [];
const unknown = named.filter((name) => !isName(name));
if (unknown.length > 0) {
  process.stderr.write(
    `Nothing can be bought with ${unknown.join(', ')}. There are: ${OFFERED.join(', ')}.\n`,
  );
  process.exit(2);
}

const channel = CHANNELS.find((each) => each === values.wallet);
if (channel === undefined) {
  process.stderr.write(`There is no wallet ${values.wallet}. There are: ${CHANNELS.join(', ')}.\n`);
  process.exit(2);
}

const code = JOURNEY_CODES.find((each) => each === values.code);
if (code === undefined) {
  process.stderr.write(`There is no code ${values.code}. There are: ${JOURNEY_CODES.join(', ')}.\n`);
  process.exit(2);
}

const chips: readonly Name[] = named.length > 0 ? named.filter(isName) : values.all ? OFFERED : USUAL;

const stack = await startStack({
  kiosk: false,
  gridProfile,
  env: { server: { PAYMENT_CODE: code } },
  report: (line) => process.stderr.write(`${line}\n`),
});
const rows: (JourneyRow & { engine: string; cores: number })[] = [];
const faults: string[] = [];
try {
  const sandbox = new SandboxClient(stack.urls);
  const operator = await Operator.login(stack);
  const kiosk = await openKiosk({ stack, operator, readerId: 'journey-1' });
  const facts = { engine: stack.database.engine, cores: availableParallelism() };
  for (const chip of chips) {
    const row =
      chip === 'remote'
        ? await runRemoteJourney({ webUrl: stack.urls.webUrl, sandbox, amountFen: AMOUNT_FEN, channel })
        : await runJourney({ kiosk, sandbox, chip, amountFen: AMOUNT_FEN, channel, code });
    rows.push({ ...row, ...facts });
    faults.push(...faultsOf(row));
  }
  await kiosk.close();
} finally {
  await stack.close();
}
printRows(rows, values.json);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
