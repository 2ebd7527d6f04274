import { freePort } from '@bianmin/card/node/free-port';
import { expect } from 'vitest';
import { startStack } from '../../build/run/dev/stack.ts';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { openKiosk } from '../../build/judge/journey/kiosk.ts';
import type { Kiosk, KioskInit } from '../../build/judge/journey/kiosk.ts';
import { Operator } from '../../build/run/dev/operator.ts';
import { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { SOON } from './patience.ts';

/** What every household of these tests buys, fen. */
export const FACE_FEN = 5000;
/** Short waits for a person, long ones for a machine that is busy. */
const TIMINGS = {
  retryMs: 400,
  otherCardMs: 60_000,
  lingerMs: 200,
  askMs: 200,
  rereadMs: 50,
  closingMs: 300,
};

/** A stack without a browser, and hands for everything around it. */
export interface FaultBench {
  readonly stack: Stack;
  readonly sandbox: SandboxClient;
  readonly operator: Operator;
  /** What web measures. */
  readonly metricsUrl: string;
  /** A kiosk of its own; ended with the bench. */
  kiosk(
    readerId: string,
    init?: Partial<Pick<KioskInit, 'readers' | 'timings' | 'clock' | 'dir'>>,
  ): Promise<Kiosk>;
  /** A card that may buy now. */
  household(chip: string): Promise<Home>;
  close(): Promise<void>;
}

export interface Home {
  readonly cardId: string;
  readonly meterNo: string;
}

export async function openBench(
  env: NonNullable<Parameters<typeof startStack>[0]>['env'],
): Promise<FaultBench> {
  const metricsPort = String(await freePort());
  const web = { ...env?.web, METRICS_PORT: metricsPort };
  const stack = await startStack({ kiosk: false, env: { ...env, web } });
  const sandbox = new SandboxClient(stack.urls);
  const operator = await Operator.login(stack);
  const kiosks: Kiosk[] = [];
  return {
    stack,
    sandbox,
    operator,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    kiosk: async (readerId, init) => {
      const timings = { ...TIMINGS, ...init?.timings };
      const kiosk = await openKiosk({ stack, operator, readerId, ...init, timings });
      kiosks.push(kiosk);
      return kiosk;
    },
    household: (chip) => sandbox.household(chip),
    close: async () => {
      await Promise.all(kiosks.map((kiosk) => kiosk.close()));
      await stack.close();
    },
  };
}

/** Takes the card out and leaves the kiosk free for the next person. */
export async function clear(sandbox: SandboxClient, { patron, readerId }: Kiosk): Promise<void> {
  await sandbox.readerFaults(readerId, {});
  await sandbox.eject(readerId);
  if ((await patron.until('wait', 'pulled')).screen === 'pulled') await patron.command({ type: 'finish' });
  await patron.until('wait');
  patron.forget();
}

/**
 * The end that every purchase must come to: paid once, sold once, claimed written, and the meter holds the money
 * exactly once, whatever the card has been through. `creditedFen`: what the meter has credited before.
 */
export async function expectBoughtOnce(
  sandbox: SandboxClient,
  bought: Home & { readonly orderNo: string },
  creditedFen = 0,
): Promise<void> {
  const { cardId, meterNo, orderNo } = bought;
  const first = await sandbox.meterInsert(meterNo, cardId);
  expect(first, orderNo).toMatchObject({ creditedFen: FACE_FEN - creditedFen, balanceFen: 6000, count: 2 });
  const second = await sandbox.meterInsert(meterNo, cardId);
  expect(second, orderNo).toMatchObject({ creditedFen: 0, balanceFen: 6000, count: 2 });
  expect(await sandbox.paid(orderNo)).toEqual({ takenFen: FACE_FEN, refundedFen: 0 });
  await expect
    .poll(() => sandbox.sales(meterNo), SOON)
    .toMatchObject([{ orderNo, status: 'sold', faceFen: FACE_FEN, writeClaimed: true }]);
}

/** Money that was taken for nothing is given back by itself. */
export async function expectRefunded(
  sandbox: SandboxClient,
  orderNo: string,
  fen: { readonly takenFen: number; readonly refundedFen: number },
): Promise<void> {
  await expect.poll(() => sandbox.paid(orderNo), SOON).toEqual(fen);
}
