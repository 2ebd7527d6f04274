import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { settled } from '../testing/manual-clock.ts';
import { READER, ATR, rig, ready, connected, code } from '../testing/node/fake-pcsc-child.ts';

const APDU = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x08);

describe('the PC/SC port', () => {
  it('says that there is no service, where the child ends or sits in its busy loop', async () => {
    const ends = await rig();
    ends.child.exit();
    expect(await code(ends.opening)).toBe('pcsc.no-service');

    const hangs = await rig();
    const outcome = code(hangs.opening);
    await hangs.clock.advance(10_000);
    expect(await outcome).toBe('pcsc.no-service');
    expect(hangs.child.killed).toBe(true);
  });

  it('knows readers and cards as the child tells of them', async () => {
    const { port, child } = await ready();
    let changes = 0;
    const off = port.onChange(() => changes++);
    child.say({ type: 'reader', reader: 'Other 00 00' });
    expect((await port.readers()).map(({ name, atr }) => [name, atr && toHex(atr)])).toEqual([
      [READER, ATR],
      ['Other 00 00', undefined],
    ]);
    child.say({ type: 'reader-gone', reader: READER });
    expect((await port.readers()).map(({ name }) => name)).toEqual(['Other 00 00']);
    off();
    child.say({ type: 'reader-gone', reader: 'Other 00 00' });
    expect(changes).toBe(2);
  });

  it.each([null, { type: 'reader', reader: READER, atr: '3' }, { type: 'done', id: 1, data: 'zz' }])(
    'takes a child that says what cannot be read for one that crashed: %j',
    async (said) => {
      const { card, child, children, clock, port } = await connected();
      const outcome = code(card.transmit(APDU, 30_000));
      child.say(said as never);
      expect(child.killed).toBe(true);
      expect(await outcome).toBe('pcsc.no-service');
      expect(await port.readers()).toEqual([]);
      await clock.advance(5_000);
      expect(children.length).toBe(2);
    },
  );

  it('asks the service for nothing where there is no card', async () => {
    const { port, child } = await ready();
    child.say({ type: 'reader', reader: READER });
    expect(await code(port.connect(READER))).toBe('pcsc.no-card');
    expect(child.asked).toEqual([]);
  });

  it('carries commands as bytes', async () => {
    const { card, child } = await connected();
    const answer = card.transmit(APDU, 1_000);
    expect(child.asked.at(-1)).toMatchObject({ op: 'transmit', reader: READER, data: '00B0000008' });
    child.answer({ data: '01029000' });
    expect(toHex(await answer)).toBe('01029000');
    expect([card.protocol, toHex(card.atr)]).toEqual([0, ATR]);
  });

  it.each([
    ['fails without a word', { type: 'failed', code: 'pcsc.io', status: '80100016' }],
    ['succeeds with nothing', { type: 'done', data: '' }],
  ] as const)(
    'takes a command that %s for a removal where the card turns out to be gone',
    async (_, said) => {
      const { card, child } = await connected();
      const outcome = code(card.transmit(APDU, 1_000));
      child.say({ ...said, id: child.asked.at(-1)?.id ?? 0 });
      await settled();
      child.say({ type: 'reader', reader: READER });
      expect(await outcome).toBe('pcsc.removed');
    },
  );

  it('leaves it a failure where the card is still there', async () => {
    const { card, child, clock } = await connected();
    const outcome = code(card.transmit(APDU, 1_000));
    child.say({ type: 'failed', id: child.asked.at(-1)?.id ?? 0, code: 'pcsc.io', status: '80100016' });
    await settled();
    await clock.advance(1_500);
    expect(await outcome).toBe('pcsc.io');
  });

  it('ends a service that does not answer, and finds it again', async () => {
    const { card, child, clock, port, children } = await connected();
    const outcome = code(card.transmit(APDU, 30_000));
    await clock.advance(30_000);
    expect(await outcome).toBe('pcsc.timeout');
    expect(child.killed).toBe(true);
    expect(await port.readers()).toEqual([]);
    expect(await code(port.connect(READER))).toBe('pcsc.no-service');

    await clock.advance(5_000);
    children.at(-1)?.exit();
    await settled();
    await clock.advance(5_000);
    expect(children.length).toBe(3);
    children.at(-1)?.say({ type: 'ready' });
    children.at(-1)?.say({ type: 'reader', reader: READER, atr: ATR });
    expect((await port.readers()).map(({ name }) => name)).toEqual([READER]);
    // The card of the lost service stays lost.
    expect(await code(card.transmit(APDU, 1_000))).toBe('pcsc.removed');
  });

  it('ends what is under way when the service is lost', async () => {
    const { card, child, port, clock, children } = await connected();
    let changes = 0;
    port.onChange(() => changes++);
    const outcome = code(card.transmit(APDU, 30_000));
    child.exit();
    expect(await outcome).toBe('pcsc.no-service');
    expect(await port.readers()).toEqual([]);
    expect(changes).toBe(1);
    await clock.advance(5_000);
    expect(children.length).toBe(2);
  });

  it('gives the card to the latest connection', async () => {
    const { card, child, port } = await connected();
    const connecting = port.connect(READER);
    child.answer({ protocol: 1 });
    const later = await connecting;
    expect(await code(card.transmit(APDU, 1_000))).toBe('pcsc.removed');
    await card.disconnect();
    expect(child.asked.at(-1)?.op).toBe('connect');
    expect(later.protocol).toBe(1);
  });

  it('looks for nothing any more once it is closed', async () => {
    const { card, child, children, clock, port } = await connected();
    const outcome = code(card.transmit(APDU, 1_000));
    await port.close();
    expect(await outcome).toBe('pcsc.no-service');
    expect(child.killed).toBe(true);
    await clock.advance(60_000);
    expect(children.length).toBe(1);
  });
});
