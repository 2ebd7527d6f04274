import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { clear, expectBoughtOnce, FACE_FEN, openBench } from './fault-kit.ts';
import type { FaultBench, Home } from './fault-kit.ts';

/** Long enough to be paid on a busy machine, short enough to be waited for. */
export const PAYMENT_TTL_MS = 6000;

/** A reader so slow that a write is under way for long enough to be met in the middle. */
export const SLOW = { slowMs: 60 };

/** A kiosk whose card does nothing wrong: what is around it may fail. */
export interface FaultySurroundings {
  readonly bench: FaultBench;
  readonly kiosk: Kiosk;
  /** A card in the reader and its code on the screen. */
  atCode(
    at?: Pick<Kiosk, 'readerId' | 'patron'>,
    chip?: string,
  ): Promise<Home & { orderNo: string; codeUrl: string }>;
  /** To "done", the card out, and the meter's word. */
  expectDone(bought: Home & { orderNo: string }, at?: Kiosk): Promise<void>;
}

/** A stack for a file's tests whose server gives up soon; grid, wallet and reader are well again after each test. */
export function inFaultySurroundings(ready: (on: FaultySurroundings) => void): void {
  let bench: FaultBench;
  let kiosk: Kiosk;
  beforeAll(async () => {
    bench = await openBench({
      server: {
        PAYMENT_TTL_MS: String(PAYMENT_TTL_MS),
        LEASE_MS: '5000',
        SWEEP_MS: '200',
        GRID_TIMEOUT_MS: '1000',
        GRID_HORIZON_MS: '500',
      },
      // A notification is sent again after 2 s; a refund is through soon; late money comes when a test says so.
      wallet: { WALLET_TIME_SCALE: '7.5', WALLET_REFUND_DELAY_MS: '200', WALLET_LATE_MS: '600000' },
    });
    kiosk = await bench.kiosk('server-1', { timings: { silentMs: 1500 } });
    ready(surroundings(bench, kiosk));
  });
  afterAll(() => bench.close());
  afterEach(async () => {
    await bench.sandbox.clearGridFaults();
    await bench.sandbox.walletFault({ reset: true, timeScale: 7.5, refundDelayMs: 200, lateMs: 600_000 });
    await clear(bench.sandbox, kiosk);
  });
}

function surroundings(bench: FaultBench, kiosk: Kiosk): FaultySurroundings {
  return {
    bench,
    kiosk,
    atCode: async (at = kiosk, chip = 'SLE4442') => {
      const home = await bench.household(chip);
      await bench.sandbox.insert(at.readerId, home.cardId);
      return { ...home, ...(await toCode(at.patron, FACE_FEN)) };
    },
    expectDone: async (bought, at = kiosk) => {
      expect(await at.patron.until('done')).toMatchObject({ orderNo: bought.orderNo });
      await clear(bench.sandbox, at);
      await expectBoughtOnce(bench.sandbox, bought);
    },
  };
}
