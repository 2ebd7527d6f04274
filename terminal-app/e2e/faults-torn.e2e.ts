import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@bianmin/card/testing/random';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { clear, expectBoughtOnce, FACE_FEN, openBench } from './fault-kit.ts';
import type { FaultBench, Home } from './fault-kit.ts';

/** Cards torn while they are written, at every APDU, finished wherever chance takes them. The meter judges. */

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
/** Pairs of kiosks that work side by side: most of a case is waiting for another kiosk's lease to end. */
const PAIRS = 8;
/** The server holds a lease five seconds longer than this. */
const LEASE_MS = 2000;
/** How many places inside EEPROM operations, and inside messages, are drawn beside every APDU. */
const DRAWN = 6;

let bench: FaultBench;
let pairs: { here: Kiosk; there: Kiosk }[];
beforeAll(async () => {
  bench = await openBench({ server: { LEASE_MS: String(LEASE_MS) } });
  pairs = await Promise.all(
    Array.from({ length: PAIRS }, async (_, i) => ({
      here: await bench.kiosk(`here-${i}`),
      there: await bench.kiosk(`there-${i}`),
    })),
  );
});
afterAll(() => bench.close());

interface Tear {
  /** Inside the presentation of a memory card's code: a try may be lost until the right code is presented again. */
  readonly inCode?: true;
  readonly fault: Readonly<Record<string, unknown>>;
  readonly meterFirst: boolean;
  readonly elsewhere: boolean;
}

/** From the card in the reader to the code, and the fault that waits for the write. */
async function pay(kiosk: Kiosk, home: Home, fault: Readonly<Record<string, unknown>>): Promise<string> {
  await bench.sandbox.insert(kiosk.readerId, home.cardId);
  const { orderNo, codeUrl } = await toCode(kiosk.patron, FACE_FEN);
  await bench.sandbox.readerFaults(kiosk.readerId, fault);
  await bench.sandbox.pay(codeUrl);
  return orderNo;
}

/** What one write costs from the code to "done": APDUs, EEPROM operations. */
async function costOfWrite(chip: string): Promise<{ apdus: number; eepromCycles: number }> {
  const { sandbox } = bench;
  const kiosk = (pairs[0] as { here: Kiosk }).here;
  const home = await bench.household(chip);
  await sandbox.insert(kiosk.readerId, home.cardId);
  const { orderNo, codeUrl } = await toCode(kiosk.patron, FACE_FEN);
  const before = await sandbox.usage(home.cardId);
  await sandbox.pay(codeUrl);
  await kiosk.patron.until('done');
  const after = await sandbox.usage(home.cardId);
  await clear(sandbox, kiosk);
  await expectBoughtOnce(sandbox, { ...home, orderNo });
  return { apdus: after.apdus - before.apdus, eepromCycles: after.eepromCycles - before.eepromCycles };
}

/** Every APDU, and places drawn between them; where each card goes next is drawn too. */
function tearsOf(chip: string, cost: { apdus: number; eepromCycles: number }, random: () => number): Tear[] {
  const upTo = (max: number): number => 1 + (random() % max);
  const firstCut = chip === 'SLE4442' ? 3 : 1;
  const drawn = Array.from({ length: DRAWN }, () => [
    { cutAfterEepromOperations: firstCut + (random() % (cost.eepromCycles - firstCut + 1)) },
    { removeAfterBytes: upTo(cost.apdus * 20) },
  ]).flat();
  // The code's counter is the first that a memory card writes: one operation burns a bit, the next gives it back.
  const codeCuts = chip === 'SLE4442' ? [1, 2, 2, 2].map((n) => ({ cutAfterEepromOperations: n })) : [];
  const everyApdu = Array.from({ length: cost.apdus }, (_, i) => ({ removeAfterApdus: i + 1 }));
  const tears = [...everyApdu, { removeBeforeAnswer: true }, ...drawn].map((fault, i): Tear => {
    // Half of them, dealt so that no pair waits for leases only.
    return { fault, meterFirst: random() % 3 === 0, elsewhere: i % 2 === 0 };
  });
  const losing = codeCuts.map((fault): Tear => ({ fault, meterFirst: false, elsewhere: true, inCode: true }));
  return [...losing, ...tears];
}

async function tearAndFinish(
  { here, there }: (typeof pairs)[number],
  chip: string,
  tear: Tear,
): Promise<void> {
  const { sandbox } = bench;
  const home = await bench.household(chip);
  const orderNo = await pay(here, home, tear.fault);
  await here.patron.until('pulled');
  expect(here.patron.seen).not.toContainEqual(expect.objectContaining({ screen: 'done' }));

  let creditedFen = 0;
  if (tear.meterFirst) {
    const early = await sandbox.meterInsert(home.meterNo, home.cardId);
    creditedFen = early.creditedFen;
    // All or nothing, and refused by a number of the meter's where it is nothing.
    expect(early).toMatchObject(
      creditedFen === 0 ? { balanceFen: 1000, count: 1 } : { balanceFen: 6000, count: 2, error: null },
    );
  }
  const kiosk = tear.elsewhere ? there : here;
  if (tear.elsewhere) await clear(sandbox, here);
  await sandbox.insert(kiosk.readerId, home.cardId);
  if (!tear.elsewhere) {
    await kiosk.patron.until('done');
  } else if (creditedFen === 0) {
    const end = await finishedElsewhere(there, orderNo);
    if (end === 'problem') {
      expect(tear.inCode, orderNo).toBe(true);
      await sentBackToItsOwnKiosk({ here, there }, { ...home, orderNo });
      return;
    }
  } else {
    // The meter proves it: the order ended, and the card may buy again.
    await kiosk.patron.until('who');
  }
  await clear(sandbox, kiosk);
  await expectBoughtOnce(sandbox, { ...home, orderNo }, creditedFen);
}

/**
 * "done", or a problem that the kiosk does not try to get over by itself. While the other kiosk may be writing the card, this
 * one says how long to wait and then goes on without a press; a card whose lease is over it offers to finish.
 */
async function finishedElsewhere({ patron }: Kiosk, orderNo: string): Promise<'done' | 'problem'> {
  type Shown = Extract<PurchaseView, { screen: 'done' | 'problem' | 'resume' }>;
  const isThere = (view: PurchaseView): view is Shown => view.screen === 'resume' || isEnd(view);
  let shown = await patron.when(isThere, 'resume, done or a problem that does not pass');
  if (shown.screen === 'resume') {
    expect(shown).toMatchObject({ orderNo, faceFen: FACE_FEN });
    await patron.command({ type: 'resume' });
    shown = await patron.when(isEnd, 'done or a problem that does not pass');
  }
  if (shown.screen === 'done') expect(shown).toMatchObject({ orderNo, faceFen: FACE_FEN, resumed: true });
  return shown.screen === 'done' ? 'done' : 'problem';
}

const isEnd = (view: PurchaseView): view is Extract<PurchaseView, { screen: 'done' | 'problem' }> =>
  view.screen === 'done' || (view.screen === 'problem' && !view.canRetry);

/**
 * A kiosk that did not begin the write cannot know why a try is missing, so it risks none of those that are left and
 * sends to the staff, with the order number. The kiosk whose journal knows finishes it.
 */
async function sentBackToItsOwnKiosk(
  { here, there }: (typeof pairs)[number],
  bought: Home & { orderNo: string },
): Promise<void> {
  const { sandbox } = bench;
  const { orderNo } = bought;
  expect(there.patron.view).toMatchObject({
    code: 'card-protected-tries',
    moneySafe: 'safe-with-order',
    orderNo,
  });
  await clear(sandbox, there);
  await sandbox.insert(here.readerId, bought.cardId);
  expect(await finishedElsewhere(here, orderNo)).toBe('done');
  await clear(sandbox, here);
  await expectBoughtOnce(sandbox, bought);
}

describe.each(['SLE4442', 'CPU'])('a card torn while it is written (%s)', (chip) => {
  it(`is finished without paying again and credited once, wherever it was torn (FAULT_SEED=${SEED})`, async () => {
    const cost = await costOfWrite(chip);
    const tears = tearsOf(chip, cost, seededRandom(SEED));
    const failed: string[] = [];
    const queue = [...tears];
    await Promise.all(
      pairs.map(async (pair) => {
        for (let tear = queue.shift(); tear !== undefined; tear = queue.shift()) {
          try {
            await tearAndFinish(pair, chip, tear);
          } catch (error) {
            await Promise.allSettled([clear(bench.sandbox, pair.here), clear(bench.sandbox, pair.there)]);
            failed.push(`${JSON.stringify(tear)}: ${error instanceof Error ? error.message : String(error)}`);
          }
        }
      }),
    );
    expect(failed, `FAULT_SEED=${SEED}, a write of ${cost.apdus} APDUs`).toEqual([]);
    expect(queue).toEqual([]);
  });
});
