import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concatBytes } from '../bytes/compare.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { plainCard } from '../testing/sim-card-line-plain.ts';
import type { ReaderFaults } from '../testing/sim-faults.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { runs } from '../testing/property-runs.ts';
import { openCcidReader } from './ccid-reader.ts';
import { ReaderError } from './error.ts';
import type { CardSession } from './slot.ts';

const ATRS = { T0: '3B1095', T1: '3B808131FE458B' } as const;

const fault: fc.Arbitrary<ReaderFaults> = fc.oneof(
  fc.constant({}),
  fc.constantFrom<ReaderFaults>(
    { hang: true },
    { late: true },
    { stall: true },
    { stallOut: true },
    { hang: true, noAbort: 'stall' },
    { late: true, noAbort: 'refuse' },
    { noZeroLengthPacket: true },
    { refuseSpeed: true },
    { removeBeforeAnswer: true },
  ),
  fc.record({ timeExtensions: fc.nat(4), extensionFactor: fc.nat(4) }),
  fc.record({ damageByte: fc.nat(80) }),
  fc.record({ deliversAtMost: fc.nat(80) }),
  fc.record({ failNext: fc.nat(0xff) }),
  fc.record({ removeAfterBytes: fc.integer({ min: 1, max: 200 }) }),
);

/** Lets time pass until the work is done; two minutes are more than any of these may take. */
async function finished<T>(clock: ManualClock, work: Promise<T>): Promise<T | ReaderError> {
  const ended: { result?: T | ReaderError; error?: unknown } = {};
  void work.then(
    (result) => (ended.result = result),
    (error: unknown) => (error instanceof ReaderError ? (ended.result = error) : (ended.error = error)),
  );
  for (let second = 0; second < 1_200; second++) {
    await clock.advance(100);
    expect(ended.error).toBeUndefined();
    if (ended.result !== undefined) return ended.result;
  }
  throw new Error('it hangs');
}

it('gives the right answer or a typed error through any faults, and is whole again without them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('character', 'tpdu', 'short-apdu', 'extended-apdu' as const),
      fc.constantFrom('T0', 'T1' as const),
      fc.array(fc.tuple(fault, fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 6 }),
      async (level, protocol, steps) => {
        const clock = new ManualClock();
        const reader = new SimulatedReader({ clock, level });
        const seen: string[] = [];
        const answerTo = (bytes: number): Uint8Array =>
          concatBytes(new Uint8Array(bytes).fill(bytes), fromHex('9000'));
        const card = plainCard(fromHex(ATRS[protocol]), (apdu) => {
          seen.push(toHex(apdu));
          return answerTo(apdu[4] ?? 0);
        });
        const [slot] = openCcidReader(reader.attach(), clock).slots;
        if (slot === undefined) throw new Error('no slot');
        const ask = async (bytes: number): Promise<Uint8Array> => {
          session ??= await slot.open();
          return session.transmit(Uint8Array.of(0, 0xb0, 0, 0, bytes));
        };
        let session: CardSession | undefined;
        for (const [faults, bytes] of steps) {
          if (reader.card === undefined) reader.insert(card);
          reader.faults = { ...faults };
          const before = seen.length;
          const damaged = faults.damageByte !== undefined;
          const answer = await finished(clock, ask(bytes));
          if (answer instanceof ReaderError) session = undefined;
          // What T=1 and CCID cannot see is a damaged byte in the data of a reader that speaks for us, or of T=0.
          else if (!damaged) expect(toHex(answer)).toBe(toHex(answerTo(bytes)));
          expect(seen.length - before).toBeLessThanOrEqual(1);
        }
        reader.faults = {};
        if (reader.card === undefined) reader.insert(card);
        session = undefined;
        // An answer that was held back may still spoil one.
        const last = await finished(
          clock,
          ask(7).catch(() => ((session = undefined), ask(7))),
        );
        expect(last instanceof ReaderError ? last.code : toHex(last)).toBe(toHex(answerTo(7)));
      },
    ),
    {
      numRuns: runs(300),
      // A length that is damaged, so that the host waits for bytes which never come.
      examples: [
        [
          'short-apdu',
          'T0',
          [
            [{}, 1],
            [{ damageByte: 3 }, 117],
          ],
        ],
      ],
    },
  );
});
