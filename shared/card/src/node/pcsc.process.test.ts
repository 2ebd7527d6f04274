import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { identifyChip } from '../chip/identify.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';
import { watchPcscReaders } from '../reader/pcsc-readers.ts';
import type { Readers } from '../reader/readers.ts';
import { ReaderError } from '../reader/error.ts';
import type { CardSlot } from '../reader/slot.ts';
import { DirectSession } from '../testing/direct-session.ts';
import { plainCard } from '../testing/sim-card-line-plain.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { openPcscPort } from './pcsc-port.ts';
import { forkReaderChild } from './reader-fork.ts';
import { startPrivatePcscd, whyNoPrivatePcscd } from '../testing/node/private-pcscd.ts';
import type { PrivatePcscd } from '../testing/node/private-pcscd.ts';
import { systemClock } from './system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';

const why = whyNoPrivatePcscd();
if (why !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(`The PC/SC proof cannot be left out in CI: ${why}.`);
  process.stderr.write(`skipped: the PC/SC proof on the real pcscd, because ${why}\n`);
}

const SELECT_MF = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00);
/** The daemon looks for cards every 400 ms, on a machine that may be busy. */
const SOON = { interval: 20 };

describe.skipIf(why !== undefined)('through the real pcscd and its virtual reader', () => {
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
      { timeout: 120_000, interval: SOON.interval },
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
  ] as const)('reads a %s card, %s, the same as without a reader', async (chip, protocol) => {
    const { card } = samplePurchase(chip, { cipher: tripleDes, seed: 11, protocol });
    const remove = await daemon.insert(card);
    onTestFinished(remove);
    const slot = slotOf(readers);
    await expect.poll(() => slot.present(), SOON).toBe(true);
    const session = await slot.open();
    const driver = await identifyChip(session, slot.model);
    const image = await readBuiltIn(driver, session.atr);
    await session.end();
    remove();
    await expect.poll(() => slot.present(), SOON).toBe(false);

    const direct = new DirectSession(card);
    const wanted = await readBuiltIn(await identifyChip(direct, slot.model), direct.atr);
    expect(image).toEqual(wanted);
    expect(toHex(session.atr)).toBe(toHex(direct.atr));
  });

  it.each([
    ['a wrong TCK', '3B888131FE45444C435055010000CD'],
    ['no TCK', '3B888131FE45444C435055010000'],
    ['bytes behind', '3B680000444C435055010000FFFF'],
  ])('reads a CPU card whose answer to reset has %s', async (_, atr) => {
    const { card } = samplePurchase('CPU', { cipher: tripleDes, seed: 15 });
    const odd = {
      ...plainCard(fromHex(atr), (apdu) => card.transmit(apdu)),
      powerOn: () => card.powerOn() && fromHex(atr),
      powerOff: () => {
        card.powerOff();
      },
    };
    const remove = await daemon.insert(odd);
    onTestFinished(remove);
    const slot = slotOf(readers);
    await expect.poll(() => slot.present(), SOON).toBe(true);
    const session = await slot.open();
    const driver = await identifyChip(session, slot.model);
    expect((await readBuiltIn(driver, session.atr)).serial).toHaveLength(8);
    expect(toHex(session.atr)).toBe(atr);
    await session.end();
    remove();
    await expect.poll(() => slot.present(), SOON).toBe(false);
  });

  it('tells of a card that is pulled in a session, and reads it when it is back', async () => {
    const { card } = samplePurchase('CPU', { cipher: tripleDes, seed: 12 });
    const slot = slotOf(readers);
    const seen: boolean[] = [];
    const off = slot.onChange((present) => seen.push(present));
    const remove = await daemon.insert(card);
    onTestFinished(remove);
    await expect.poll(() => seen, SOON).toEqual([true]);
    const session = await slot.open();
    remove();
    await expect.poll(() => seen, SOON).toEqual([true, false]);
    expect(await code(session.transmit(SELECT_MF))).toBe('reader.removed');
    expect(await code(slot.open())).toBe('reader.no-card');
    const again = await daemon.insert(card);
    onTestFinished(again);
    await expect.poll(() => slot.present(), SOON).toBe(true);
    const second = await slot.open();
    expect((await identifyChip(second, slot.model)).chip).toBe('CPU');
    await second.end();
    again();
    await expect.poll(() => seen, SOON).toEqual([true, false, true, false]);
    off();
  });

  it('ends a command at once whose card is pulled while it hangs, and reads the next card', async () => {
    const slot = slotOf(readers);
    const seen: number[] = [];
    const off = slot.onChange(() => seen.push(systemClock.monotonic()));
    const silent = { is: false };
    const first = samplePurchase('CPU', { cipher: tripleDes, seed: 13 });
    const remove = await daemon.insert(first.card, () => silent.is);
    onTestFinished(remove);
    await expect.poll(() => seen.length, SOON).toBe(1);
    const session = await slot.open();
    silent.is = true;
    const asked = code(session.transmit(SELECT_MF)).then((end) => ({ end, at: systemClock.monotonic() }));
    await systemClock.sleep(500);
    remove();
    const { end, at } = await asked;
    expect(end).toBe('reader.removed');
    await expect.poll(() => seen.length, SOON).toBe(2);
    // Sooner than the notice is well too.
    expect(at - (seen[1] ?? 0)).toBeLessThan(100);
    const again = await daemon.insert(samplePurchase('CPU', { cipher: tripleDes, seed: 14 }).card);
    onTestFinished(again);
    await expect.poll(() => seen.length, SOON).toBe(3);
    const second = await slot.open();
    expect(await code(session.transmit(SELECT_MF))).toBe('reader.removed');
    expect((await identifyChip(second, slot.model)).chip).toBe('CPU');
    await second.end();
    again();
    await expect.poll(() => seen.length, SOON).toBe(4);
    off();
  });
});

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof ReaderError ? error.code : String(error)),
  );
}

/** The second virtual reader, `00 01`, is on a port of its own; they come in any order. */
function slotOf(readers: Readers): CardSlot {
  const slot = readers.slots().find(({ name }) => name.endsWith(' 00 00'));
  if (slot === undefined) throw new Error('no slot');
  return slot;
}
