import { availableParallelism } from 'node:os';
import process from 'node:process';
import { METER_CHIPS, type MeterChip } from '@bianmin/card/testing/meter-files';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { GRID_PROFILES } from '../../../server/src/gateways/grid/profiles.ts';
import { gridProfileOf } from '../../run/dev/grid-profile.ts';
import { startStack } from '../../run/dev/stack.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { printRows } from '../../kit/table.ts';
import { runAccountJourney } from './account.ts';
import { ceilingFaults, runCeilingJourney, type CeilingRow } from './ceiling.ts';
import { openKiosk } from './kiosk.ts';
import { Operator } from '../../run/dev/operator.ts';
import { faultsOf, JOURNEY_CODES, runJourney } from './purchase.ts';
import type { JourneyRow } from './purchase.ts';
import { runRemoteJourney } from './remote.ts';

/** What is bought with when nothing is said. */
const USUAL: readonly MeterChip[] = ['SLE4442', 'CPU'];
const AMOUNT_FEN = 5000;

const USAGE = `Usage: npm run journey -- [--chip NAME]… [--all] [--grid PROFILE] [--wallet NAME] [--code any|channel] [--ceiling] [--json]
The whole purchase through the real stack, without a browser; a row per chip.
  --chip NAME      ${METER_CHIPS.join(', ')}, remote or account; several times for several; ${USUAL.join(' and ')}
  --all            every one of them
  --grid PROFILE   ${GRID_PROFILES.join(' or ')}
  --wallet NAME    ${CHANNELS.join(', ')}
  --code KIND      one code for any wallet, or the wallet's own
  --ceiling        instead: meters that are nearly full, a row a case
  --json           a row a line, for programs
`;

const { values } = readOptions({
  usage: USAGE,
  options: {
    chip: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    grid: { type: 'string', default: 'collection-v1' },
    wallet: { type: 'string', default: 'wechat' },
    code: { type: 'string', default: 'channel' },
    ceiling: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const gridProfile = gridProfileOf(values.grid, USAGE);
const NAMES = [...METER_CHIPS, 'remote', 'account'] as const;
type Name = (typeof NAMES)[number];
/** The string profile credits nothing from afar and texts no codes. */
const OFFERED: readonly Name[] = gridProfile === 'agent-string' ? METER_CHIPS : NAMES;
const isName = (name: string): name is Name => OFFERED.some((known) => known === name);
const named = values.chip ?? [];
const unknown = named.filter((name) => !isName(name));
if (unknown.length > 0) {
  failUsage(USAGE, `Nothing can be bought with ${unknown.join(', ')}. There are: ${OFFERED.join(', ')}.`);
}

const channel = CHANNELS.find((each) => each === values.wallet);
if (channel === undefined) {
  failUsage(USAGE, `There is no wallet ${values.wallet}. There are: ${CHANNELS.join(', ')}.`);
}

const code = JOURNEY_CODES.find((each) => each === values.code);
if (code === undefined) {
  failUsage(USAGE, `There is no code ${values.code}. There are: ${JOURNEY_CODES.join(', ')}.`);
}

const asked: readonly Name[] = named.length > 0 ? named.filter(isName) : values.all ? OFFERED : USUAL;
const chips = values.ceiling ? [] : asked;

const stack = await startStack({
  kiosk: false,
  gridProfile,
  env: { server: { PAYMENT_CODE: code } },
  report: (line) => process.stderr.write(`${line}\n`),
});
const rows: ((JourneyRow | CeilingRow) & { engine: string; cores: number })[] = [];
const faults: string[] = [];
try {
  const sandbox = new SandboxClient(stack.urls);
  const operator = await Operator.login(stack);
  const kiosk = await openKiosk({ stack, operator, readerId: 'journey-1' });
  const facts = { engine: stack.database.engine, cores: availableParallelism() };
  if (values.ceiling) {
    const found = await runCeilingJourney({ kiosk, sandbox });
    rows.push(...found.map((row) => ({ ...row, ...facts })));
    faults.push(...ceilingFaults(found));
  }
  const { webUrl } = stack.urls;
  const bought = (chip: Name): Promise<JourneyRow> => {
    const phone = { webUrl, sandbox, amountFen: AMOUNT_FEN, channel };
    if (chip === 'remote') return runRemoteJourney(phone);
    if (chip === 'account') return runAccountJourney(phone);
    return runJourney({ kiosk, sandbox, chip, amountFen: AMOUNT_FEN, channel, code });
  };
  for (const chip of chips) {
    const row = await bought(chip);
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
