import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { codeOf } from '../errors.ts';
import { ReaderError } from '../reader/error.ts';
import type { Readers } from '../reader/readers.ts';
import type { CardSession, CardSlot } from '../reader/slot.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { FakeSlotsChild } from '../testing/node/fake-slots-child.ts';
import { outcome } from '../testing/outcome.ts';
import { UsbError } from '../usb/error.ts';
import { openChildSlots } from './child-slots.ts';

const APDU = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x08);
const ACR38 = { id: 'acr38u-ccid', name: 'ACS ACR38U-CCID', vendorId: 0x072f, productId: 0x90cc };

function rig() {
  const clock = new ManualClock();
  const children: FakeSlotsChild[] = [];
  const faults: [string, unknown][] = [];
  const opening = openChildSlots({
    clock,
    start: () => {
      const child = new FakeSlotsChild();
      children.push(child);
      return child;
    },
    onFault: (where, error) => faults.push([where, error]),
  });
  const child = (): FakeSlotsChild => {
    const last = children.at(-1);
    if (last === undefined) throw new Error('no child was started');
    return last;
  };
  return { clock, children, child, faults, opening };
}

function slotOf(readers: Readers): CardSlot {
  const [slot] = readers.slots();
  if (slot === undefined) throw new Error('no slot');
  return slot;
}

/** Readers with one slot, and a session of the card in it. */
async function withSession() {
  const made = rig();
  made.child().say({ type: 'ready' });
  made.child().say({ type: 'slot', slot: 4, name: 'Reader (slot 0)', model: ACR38 });
  const readers = await made.opening;
  const slot = slotOf(readers);
  return { ...made, readers, slot, session: await opened(made.child(), slot) };
}

async function opened(child: FakeSlotsChild, slot: CardSlot): Promise<CardSession> {
  const opening = slot.open();
  child.answer({ session: 9, data: '3B00' });
  return opening;
}

describe('readers that a process of their own drives', () => {
  it('are slots as it tells of them, each of the model of the table', async () => {
    const { child, readers, slot, session } = await withSession();
    let changes = 0;
    readers.onChange(() => changes++);
    expect([slot.name, slot.model.memoryDialect, toHex(session.atr)]).toEqual([
      'Reader (slot 0)',
      'acs',
      '3B00',
    ]);
    const model = { id: 'ccid', name: 'Other', vendorId: 1, productId: 2 };
    child().say({ type: 'slot', slot: 5, name: 'Other (slot 0)', model });
    expect(readers.slots().map((each) => each.model.name)).toEqual(['ACS ACR38U-CCID', 'Other']);
    const seen: boolean[] = [];
    slot.onChange((present) => seen.push(present));
    child().say({ type: 'presence', slot: 4, present: true });
    child().say({ type: 'slot-gone', slot: 4 });
    expect(seen).toEqual([true, false]);
    expect(readers.slots().map(({ name }) => name)).toEqual(['Other (slot 0)']);
    expect(changes).toBe(2);
    expect(await outcome(session.transmit(APDU))).toBe('reader.gone');
  });

  it('carry commands as bytes, and errors with their class, sentence and facts', async () => {
    const { child, session, slot } = await withSession();
    const answer = session.transmit(APDU);
    expect(child().asked.at(-1)).toMatchObject({ op: 'transmit', session: 9, data: '00B0000008' });
    child().answer({ data: '01029000' });
    expect(toHex(await answer)).toBe('01029000');

    const failing = session.transmit(APDU).catch((error: unknown) => error);
    const failure = { code: 'reader.removed', message: 'Put it back.', context: { step: 3 } };
    child().fail(failure);
    const error = await failing;
    expect(error).toBeInstanceOf(ReaderError);
    expect(error).toMatchObject(failure);

    const present = slot.present();
    expect(child().asked.at(-1)).toMatchObject({ op: 'present', slot: 4 });
    child().answer({ present: true });
    expect(await present).toBe(true);
    const ending = session.end();
    expect(child().asked.at(-1)).toMatchObject({ op: 'end', session: 9 });
    child().fail({ message: 'a mistake' });
    await ending;
  });

  it('report what cannot be opened there', async () => {
    const { child, faults } = await withSession();
    child().say({ type: 'fault', where: 'reader X', failure: { code: 'usb.in-use', message: 'Close it.' } });
    expect(faults).toMatchObject([['reader X', { code: 'usb.in-use', message: 'Close it.' }]]);
    expect(faults[0]?.[1]).toBeInstanceOf(UsbError);
  });
});

describe('a process that is lost', () => {
  it('ends what is under way as an unplugged reader does, and its readers come back', async () => {
    const { child, children, clock, readers, slot, session, faults } = await withSession();
    const seen: unknown[] = [];
    slot.onChange((present) => seen.push(present));
    readers.onChange(() => seen.push('changed'));
    const under = outcome(session.transmit(APDU));
    child().exit();
    expect(await under).toBe('reader.gone');
    expect(seen).toEqual([false, 'changed']);
    expect(readers.slots()).toEqual([]);
    expect(faults).toMatchObject([['readers', { code: 'reader.gone', context: { loss: 'ended' } }]]);

    await clock.advance(499);
    expect(children.length).toBe(1);
    await clock.advance(1);
    expect(children.length).toBe(2);
    child().say({ type: 'ready' });
    child().say({ type: 'slot', slot: 4, name: 'Reader (slot 0)', model: ACR38 });
    await settled();
    expect(slotOf(readers)).not.toBe(slot);
    await opened(child(), slotOf(readers));
    // The same numbers, another card perhaps.
    const asked = child().asked.length;
    expect(await outcome(session.transmit(APDU))).toBe('reader.gone');
    expect(await outcome(slot.open())).toBe('reader.gone');
    expect(child().asked.length).toBe(asked);
  });

  it('is followed by another after a pause that grows up to half a minute, and is short again after a good minute', async () => {
    const { child, children, clock } = await withSession();
    const pauses: number[] = [];
    const lose = async (): Promise<void> => {
      const before = children.length;
      const at = clock.monotonic();
      child().exit();
      while (children.length === before) await clock.advance(100);
      pauses.push(clock.monotonic() - at);
      child().say({ type: 'ready' });
      await settled();
    };
    for (let n = 0; n < 8; n++) await lose();
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const live = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 100) {
        child().say({ type: 'alive' });
        await clock.advance(100);
      }
    };
    await live(59_900);
    await lose();
    await live(60_000);
    await lose();
    expect(pauses.slice(8)).toEqual([30_000, 500]);
  });

  it('is one that hangs: it is ended within six seconds, and said to be', async () => {
    const { child, children, clock, faults, session } = await withSession();
    const under = outcome(session.transmit(APDU));
    child().hangs = true;
    await clock.advance(4_900);
    expect(child().killed).toBe(false);
    await clock.advance(1_100);
    expect(children[0]?.killed).toBe(true);
    expect(await under).toBe('reader.gone');
    expect(faults).toMatchObject([['readers', { context: { loss: 'silent' } }]]);
    await clock.advance(500);
    expect(children.length).toBe(2);
  });

  it('is none that is slow, but answers', async () => {
    const { child, clock } = await withSession();
    for (let n = 0; n < 5; n++) {
      child().hangs = true;
      await clock.advance(4_000);
      child().hangs = false;
      await clock.advance(1_000);
    }
    expect(child().killed).toBe(false);
  });

  it.each([
    ['an APDU', 40_000, ({ session }: { session: CardSession }) => session.transmit(APDU)],
    ['a look', 40_000, ({ slot }: { slot: CardSlot }) => slot.present()],
    ['a power-up', 90_000, ({ slot }: { slot: CardSlot }) => slot.open()],
  ])('is one that lives and leaves %s without an answer', async (_, limitMs, ask) => {
    const made = await withSession();
    const asked = outcome(ask(made));
    await made.clock.advance(limitMs - 1);
    expect(made.child().killed).toBe(false);
    await made.clock.advance(1);
    expect(made.children[0]?.killed).toBe(true);
    expect(await asked).toBe('reader.timeout');
    expect(made.readers.slots()).toEqual([]);
  });

  it('is told of after the time-out that it is lost by', async () => {
    const { clock, readers, slot, session } = await withSession();
    const seen: unknown[] = [];
    slot.onChange((present) => seen.push(present));
    readers.onChange(() => seen.push('changed'));
    session.transmit(APDU).catch((error: unknown) => seen.push(codeOf(error)));
    await clock.advance(40_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual(['reader.timeout', false, 'changed']);
  });
});

const MALFORMED: readonly unknown[] = [
  undefined,
  'ready',
  { type: 'reboot' },
  { type: 'presence', slot: 4 },
  { type: 'done', id: 1, data: 'no hex' },
  { type: 'slot', slot: 4, name: 'Reader', model: ACR38, more: 1 },
];

describe('a process that says what cannot be read', () => {
  it.each(MALFORMED)('is ended as one that crashed, and followed by another: %j', async (said) => {
    const { child, children, clock, readers, session, faults } = await withSession();
    const under = outcome(session.transmit(APDU));
    child().say(said as never);
    expect(child().killed).toBe(true);
    expect(await under).toBe('reader.gone');
    expect(readers.slots()).toEqual([]);
    expect(faults).toMatchObject([['readers', { code: 'reader.gone', context: { loss: 'malformed' } }]]);
    await clock.advance(500);
    child().say({ type: 'ready' });
    await settled();
    expect(children.map(({ killed }) => killed)).toEqual([true, false]);
  });

  it.each([[[]], [[{ type: 'ready' }]]] as const)(
    'is given up before it served, one at a time: after %j',
    async (before) => {
      const { child, children, clock, opening } = rig();
      for (const message of before) child().say(message);
      child().say('nonsense' as never);
      const readers = await opening;
      expect(child().killed).toBe(true);
      await clock.advance(500);
      child().say({ type: 'ready' });
      child().say({ type: 'slot', slot: 1, name: 'Reader (slot 0)', model: ACR38 });
      await clock.advance(1_000);
      expect([children.length, readers.slots().length]).toEqual([2, 1]);
    },
  );
});

describe('opening them', () => {
  it('fails with what the process says where there is nothing to drive', async () => {
    const { child, children, clock, opening, faults } = rig();
    const opened = outcome(opening);
    child().say({ type: 'unavailable', failure: { code: 'usb.io', message: 'There is no USB.' } });
    expect(await opened).toBe('usb.io');
    expect(children[0]?.killed).toBe(true);
    await clock.advance(60_000);
    expect(children.length).toBe(1);
    expect(faults).toEqual([]);
  });

  it('does not wait for one that hangs, nor gives it up', async () => {
    const { child, children, clock, opening } = rig();
    await clock.advance(10_000);
    const readers = await opening;
    expect(child().killed).toBe(false);
    await clock.advance(10_000);
    expect(children[0]?.killed).toBe(true);
    await clock.advance(500);
    child().say({ type: 'ready' });
    child().say({ type: 'slot', slot: 1, name: 'Reader (slot 0)', model: ACR38 });
    expect(readers.slots().length).toBe(1);
  });

  it('goes on trying where the process ends at once', async () => {
    const { child, children, clock, opening, faults } = rig();
    child().exit();
    const readers = await opening;
    expect(faults).toMatchObject([['readers', { context: { loss: 'ended' } }]]);
    await clock.advance(500);
    child().exit();
    await clock.advance(1_000);
    child().say({ type: 'ready' });
    child().say({ type: 'slot', slot: 1, name: 'Reader (slot 0)', model: ACR38 });
    expect([children.length, readers.slots().length]).toEqual([3, 1]);
  });
});

describe('closing them', () => {
  it('lets the process take power away and let its readers go, and ends it', async () => {
    const { child, children, clock, readers, session } = await withSession();
    const under = outcome(session.transmit(APDU));
    const closing = readers.close();
    expect(child().asked.at(-1)).toMatchObject({ op: 'close' });
    expect(child().killed).toBe(false);
    child().answer({});
    await closing;
    expect(child().killed).toBe(true);
    expect(await under).toBe('reader.gone');
    await clock.advance(60_000);
    expect(children.length).toBe(1);
  });

  it('does not wait for one that hangs, and is done once', async () => {
    const { child, children, clock, readers, faults } = await withSession();
    child().hangs = true;
    const closing = readers.close();
    await clock.advance(3_000);
    await closing;
    await readers.close();
    await clock.advance(60_000);
    expect([children.length, child().killed]).toEqual([1, true]);
    expect(faults).toEqual([]);
  });
});
