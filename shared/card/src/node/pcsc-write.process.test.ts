import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { writePurchase } from '../testing/write-purchase.ts';
import { codeOf } from '../errors.ts';
import { watchPcscReaders } from '../reader/pcsc-readers.ts';
import type { Readers } from '../reader/readers.ts';
import type { CardSlot } from '../reader/slot.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { openPcscPort } from './pcsc-port.ts';
import { forkReaderChild } from './reader-fork.ts';
import { startPrivatePcscd, whyNoPrivatePcscd } from '../testing/node/private-pcscd.ts';
import type { PrivatePcscd } from '../testing/node/private-pcscd.ts';
import { systemClock } from './system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';

// `pcsc.process.test.ts` says why it is left out, and fails in CI.
describe.skipIf(whyNoPrivatePcscd() !== undefined)('a purchase written through the real pcscd', () => {
  let daemon: PrivatePcscd;
  let readers: Readers;

  beforeAll(async () => {
    daemon = await startPrivatePcscd('ACS ACR38U-CCID');
    const env = { ...process.env, PCSCLITE_CSOCK_NAME: daemon.socket };
    readers = await watchPcscReaders(
      await openPcscPort({ clock: systemClock, start: () => forkReaderChild('pcsc', env) }),
    );
    // `expect.poll` is for tests alone; the bound is against what hangs.
    await vi.waitFor(
      () => {
        expect(readers.slots().length).toBe(2);
      },
      { timeout: 120_000, interval: 20 },
    );
  });

  afterAll(async () => {
    await readers.close();
    await daemon.stop();
  });

  it.each([
    ['CPU', 'T0'],
    ['CPU', 'T1'],
    ['SLE4442', 'T0'],
  ] as const)('onto a %s card, %s, is credited by the meter once', async (chip, protocol) => {
    const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 21, protocol });
    const slot = slotOf(readers);
    const remove = await daemon.insert(purchase.card);
    onTestFinished(remove);
    await untilPresence(slot, true);
    const journal = new MemoryJournal();
    await writePurchase(slot, purchase, { journal, clock: systemClock });
    expect((await journal.list()).map(({ phase }) => phase)).toEqual(['written']);
    remove();
    await untilPresence(slot, false);
    expect(purchase.meter.insert(purchase.card)).toEqual({
      creditedFen: purchase.amountFen,
      error: undefined,
    });
    expect(purchase.meter.insert(purchase.card).creditedFen).toBe(0);
  });

  it.each(['CPU', 'SLE4442'] as const)(
    'onto a %s card that is pulled inside an EEPROM write, is finished at the next insertion',
    async (chip) => {
      const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 22 });
      const { card, meter } = purchase;
      const slot = slotOf(readers);
      const journal = new MemoryJournal();
      let operations = 0;
      card.cutHook = ({ memory }) => memory !== 'security' && ++operations === 12;
      onTestFinished(await daemon.insert(card));
      await untilPresence(slot, true);
      const failure: unknown = await writePurchase(slot, purchase, { journal, clock: systemClock }).catch(
        (error: unknown) => error,
      );
      expect(codeOf(failure)).toBe('reader.removed');
      await untilPresence(slot, false);

      card.cutHook = undefined;
      const remove = await daemon.insert(card);
      onTestFinished(remove);
      await untilPresence(slot, true);
      await writePurchase(slot, purchase, { journal, clock: systemClock });
      remove();
      await untilPresence(slot, false);
      expect(meter.insert(card)).toEqual({ creditedFen: purchase.amountFen, error: undefined });
    },
  );
});

function slotOf(readers: Readers): CardSlot {
  // The second virtual reader, `00 01`, has a port of its own.
  const [slot] = readers.slots();
  if (slot === undefined) throw new Error('no slot');
  return slot;
}

/** The daemon looks for cards every 0.4 s; two busy cores draw that out. */
async function untilPresence(slot: CardSlot, present: boolean): Promise<void> {
  await expect.poll(() => slot.present(), { interval: 20 }).toBe(present);
}
