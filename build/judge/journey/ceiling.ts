import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { toCode } from './drive.ts';
import type { Kiosk } from './kiosk.ts';

/** A row of `npm run journey -- --ceiling`, fen. The wallet says what was paid, the meter what was credited. */
export interface CeilingRow {
  readonly journey: 'ceiling';
  readonly case: 'atLimit' | 'refusedBeforePayment' | 'refusedAtMeter' | 'refusedAndWrittenBack';
  readonly paidFen: number;
  /** By putting the card into the meter at once, twice. */
  readonly creditedFen: number;
  /** After some was used up, by putting it in twice again, and buying again where nothing was bought. */
  readonly laterCreditedFen: number;
}

/** What each case must come to. */
const CEILING_EXPECTED: readonly CeilingRow[] = [
  { journey: 'ceiling', case: 'atLimit', paidFen: 2000, creditedFen: 2000, laterCreditedFen: 0 },
  { journey: 'ceiling', case: 'refusedBeforePayment', paidFen: 0, creditedFen: 0, laterCreditedFen: 20_000 },
  { journey: 'ceiling', case: 'refusedAtMeter', paidFen: 20_000, creditedFen: 0, laterCreditedFen: 20_000 },
  {
    journey: 'ceiling',
    case: 'refusedAndWrittenBack',
    paidFen: 20_000,
    creditedFen: 0,
    laterCreditedFen: 20_000,
  },
];

const CEILING_FEN = 100_000;
const HELD_FEN = 98_000;
const ROOM_FEN = CEILING_FEN - HELD_FEN;
const WANTED_FEN = 20_000;
/** Makes room for what was wanted. */
const USED_UP_FEN = 30_000;

interface Shop {
  readonly kiosk: Kiosk;
  readonly sandbox: SandboxClient;
}

/**
 * Meters that hold 980.00 of at most 1,000.00 yuan. One that the grid reads is offered 20.00 and no more, before anything is
 * paid; one that it cannot read may be sold more, refuses it, and credits it once there is room. Where it wrote back that it did
 * not, the kiosk writes the same purchase anew first, without a payment.
 */
export async function runCeilingJourney(shop: Shop): Promise<CeilingRow[]> {
  return [
    await atLimit(shop),
    await refusedBeforePayment(shop),
    await refusedAtMeter(shop),
    await refusedAndWrittenBack(shop),
  ];
}

/** Buys what there is room for, goes home, uses some up and puts the card in again. */
async function atLimit(shop: Shop): Promise<CeilingRow> {
  const home = await fullHome(shop, { read: true });
  const paidFen = await paidIn(shop, () => purchase(shop, home.cardId, ROOM_FEN));
  const creditedFen = await insertTwice(shop, home);
  await shop.sandbox.consume(home.meterNo, USED_UP_FEN);
  const laterCreditedFen = await insertTwice(shop, home);
  return { journey: 'ceiling', case: 'atLimit', paidFen, creditedFen, laterCreditedFen };
}

/** The meter leaves the card as it is: back at the kiosk the household says so, and hears when there is room. */
async function refusedAtMeter(shop: Shop): Promise<CeilingRow> {
  const { kiosk, sandbox } = shop;
  const { patron, readerId } = kiosk;
  const home = await fullHome(shop, { read: false });
  const paidFen = await paidIn(shop, () => purchase(shop, home.cardId, WANTED_FEN));
  const creditedFen = await insertTwice(shop, home);
  await patron.until('wait');
  await sandbox.insert(readerId, home.cardId);
  await patron.until('uncredited');
  await patron.command({ type: 'meter-shown', shown: 'full' });
  const { belowFen } = await patron.when(isTooFull, 'when there is room');
  if (belowFen !== CEILING_FEN - WANTED_FEN) throw new Error(`There is said to be room below ${belowFen}.`);
  await patron.leave(() => sandbox.eject(readerId));
  await sandbox.consume(home.meterNo, USED_UP_FEN);
  const laterCreditedFen = await insertTwice(shop, home);
  return { journey: 'ceiling', case: 'refusedAtMeter', paidFen, creditedFen, laterCreditedFen };
}

async function refusedAndWrittenBack(shop: Shop): Promise<CeilingRow> {
  const { kiosk, sandbox } = shop;
  const { patron, readerId } = kiosk;
  const home = await fullHome(shop, { read: false, whenFull: 'writes-back' });
  let creditedFen = 0;
  const paidFen = await paidIn(shop, async () => {
    await purchase(shop, home.cardId, WANTED_FEN);
    creditedFen = await insertTwice(shop, home);
    await sandbox.consume(home.meterNo, USED_UP_FEN);
    creditedFen += await insertTwice(shop, home);
    await patron.until('wait');
    await sandbox.insert(readerId, home.cardId);
    await patron.until('resume');
    await patron.command({ type: 'resume' });
    await patron.until('done');
    await patron.leave(() => sandbox.eject(readerId));
  });
  const laterCreditedFen = await insertTwice(shop, home);
  return { journey: 'ceiling', case: 'refusedAndWrittenBack', paidFen, creditedFen, laterCreditedFen };
}

async function refusedBeforePayment(shop: Shop): Promise<CeilingRow> {
  const { kiosk, sandbox } = shop;
  const { patron, readerId } = kiosk;
  const home = await fullHome(shop, { read: true });
  await patron.until('wait');
  await sandbox.insert(readerId, home.cardId);
  await patron.until('who');
  await patron.command({ type: 'confirm-card' });
  const { limits } = await patron.until('amount');
  if (limits.maxFen !== ROOM_FEN)
    throw new Error(`The kiosk offers up to ${limits.maxFen}, not ${ROOM_FEN}.`);
  const payments = await sandbox.paymentCount();
  const paidFen = await paidIn(shop, async () => {
    await patron.command({ type: 'choose-amount', faceFen: WANTED_FEN });
    await patron.until('problem');
  });
  if ((await sandbox.paymentCount()) !== payments) throw new Error('A payment was asked for.');
  await sandbox.eject(readerId);
  const creditedFen = await insertTwice(shop, home);
  await sandbox.consume(home.meterNo, USED_UP_FEN);
  await purchase(shop, home.cardId, WANTED_FEN);
  const laterCreditedFen = await insertTwice(shop, home);
  return { journey: 'ceiling', case: 'refusedBeforePayment', paidFen, creditedFen, laterCreditedFen };
}

function isTooFull(view: PurchaseView): view is Extract<PurchaseView, { screen: 'uncredited' }> {
  return view.screen === 'uncredited' && view.shown === 'full';
}

interface Home {
  readonly cardId: string;
  readonly meterNo: string;
}

async function fullHome(
  { sandbox }: Shop,
  meter: { readonly read: boolean; readonly whenFull?: 'writes-back' },
): Promise<Home> {
  return sandbox.household('SLE4442', { balanceFen: HELD_FEN, hoardLimitFen: CEILING_FEN, ...meter });
}

async function purchase({ kiosk, sandbox }: Shop, cardId: string, faceFen: number): Promise<void> {
  const { patron, readerId } = kiosk;
  await patron.until('wait');
  await sandbox.insert(readerId, cardId);
  const { codeUrl } = await toCode(patron, faceFen);
  await sandbox.pay(codeUrl);
  await patron.until('done');
  await patron.leave(() => sandbox.eject(readerId));
}

/** What the wallets took and kept while something was done, fen. */
async function paidIn({ sandbox }: Shop, run: () => Promise<void>): Promise<number> {
  const before = await keptFen(sandbox);
  await run();
  return (await keptFen(sandbox)) - before;
}

async function keptFen(sandbox: SandboxClient): Promise<number> {
  const sums = await sandbox.paymentSums();
  return sums
    .flatMap(({ transactions }) => transactions)
    .reduce((sum, { totalFen, refundedFen }) => sum + totalFen - refundedFen, 0);
}

async function insertTwice({ sandbox }: Shop, { meterNo, cardId }: Home): Promise<number> {
  const first = await sandbox.meterInsert(meterNo, cardId);
  const second = await sandbox.meterInsert(meterNo, cardId);
  return first.creditedFen + second.creditedFen;
}

/** What is not as it must be. */
export function ceilingFaults(rows: readonly CeilingRow[]): string[] {
  return CEILING_EXPECTED.flatMap((expected) => {
    const row = rows.find((each) => each.case === expected.case);
    const said = JSON.stringify(row ?? null);
    return said === JSON.stringify(expected)
      ? []
      : [`${expected.case}: ${said}, not ${JSON.stringify(expected)}`];
  });
}
