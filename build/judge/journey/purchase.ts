import type { OrderKind } from '@bianmin/purchase/api/order';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Config } from '../../../server/src/config/config.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { toCode, type Patron } from './drive.ts';
import type { Kiosk } from './kiosk.ts';
import { payOnPage } from './page-phone.ts';

/** What is scanned: a wallet's own code, or the one for every wallet, with which a phone pays on the order's page. */
export const JOURNEY_CODES = ['channel', 'any'] as const satisfies readonly Config['PAYMENT_CODE'][];
export type JourneyCode = (typeof JOURNEY_CODES)[number];

/** A row of `npm run journey`, without engine and cores. */
export interface JourneyRow {
  readonly chip: string;
  readonly delivery: OrderKind;
  readonly utility: 'electricity';
  readonly reader: string;
  /** What the meter must credit. */
  readonly amountFen: number;
  readonly meterBeforeFen: number;
  readonly meterAfterFen: number;
  readonly countBefore: number;
  readonly countAfter: number;
  /** Credited by putting the same card in again. */
  readonly secondInsertionFen: number;
  readonly apdus: number;
  /** From the card in the reader to "done", the sandbox's phone paying at once. */
  readonly ms: number;
  readonly wallet: Channel;
  readonly code: JourneyCode;
}

/** One whole purchase of `amountFen` with a fresh household's card; the meter is asked, not the database. */
export async function runJourney(init: {
  kiosk: Kiosk;
  sandbox: SandboxClient;
  chip: string;
  amountFen: number;
  channel: Channel;
  /** As the server was told; absent: `channel`. */
  code?: JourneyCode;
}): Promise<JourneyRow> {
  const { kiosk, sandbox, chip, amountFen, channel, code = 'channel' } = init;
  const { patron, readerId } = kiosk;
  const household = await sandbox.household(chip);
  const { cardId, meterNo } = household;
  const before = await sandbox.meter(meterNo);
  const usedBefore = (await sandbox.usage(cardId)).apdus;

  const { reader } = await patron.until('wait');
  const from = performance.now();
  await sandbox.insert(readerId, cardId);
  if (code === 'any') {
    await payOnPage({ page: await anyCode(patron, amountFen), amountFen, channel, sandbox });
  } else {
    const { codeUrl } = await toCode(patron, amountFen, channel);
    await sandbox.pay(codeUrl);
  }
  await patron.until('done');
  const ms = Math.round(performance.now() - from);
  const apdus = (await sandbox.usage(cardId)).apdus - usedBefore;
  await patron.leave(() => sandbox.eject(readerId));

  const first = await sandbox.meterInsert(meterNo, cardId);
  const after = await sandbox.meter(meterNo);
  const second = await sandbox.meterInsert(meterNo, cardId);
  if (first.error !== null) throw new Error(`The meter refused the card: ${first.message}`);
  return {
    ...{ chip, delivery: 'card', utility: 'electricity', reader },
    amountFen,
    meterBeforeFen: before.balanceFen,
    meterAfterFen: after.balanceFen,
    countBefore: before.count,
    countAfter: after.count,
    secondInsertionFen: second.creditedFen,
    apdus,
    ms,
    wallet: channel,
    code,
  };
}

/** The address behind the one code: it is what the kiosk shows by itself. */
async function anyCode(patron: Patron, faceFen: number): Promise<string> {
  const { codeUrl, channel } = await toCode(patron, faceFen);
  if (channel !== 'any')
    throw new Error(`The kiosk shows the code of ${channel}, not the one for every wallet.`);
  return codeUrl;
}

/** What is wrong with a row; empty where the meter credited the amount once and the count rose by one. */
export function faultsOf(row: JourneyRow): string[] {
  const faults: string[] = [];
  const credited = row.meterAfterFen - row.meterBeforeFen;
  if (credited !== row.amountFen)
    faults.push(`${row.chip}: the meter credited ${credited}, not ${row.amountFen}`);
  if (row.countAfter !== row.countBefore + 1)
    faults.push(`${row.chip}: the count rose by ${row.countAfter - row.countBefore}`);
  if (row.secondInsertionFen !== 0)
    faults.push(`${row.chip}: the second insertion credited ${row.secondInsertionFen}`);
  return faults;
}
