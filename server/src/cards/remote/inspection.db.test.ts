import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '@bianmin/card/bytes/hex';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { CardDesk } from '../../testing/card-desk.ts';

let desk: CardDesk;
beforeAll(async () => {
  desk = await CardDesk.open();
});
afterAll(() => desk.close());

describe('an inspection', () => {
  it.each(METER_CHIPS)(
    'of %s tells chip, serial, bytes and tries, and leaves the card as it was',
    async (chip) => {
      const kiosk = await desk.w.kiosk();
      const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 21 });
      const before = JSON.stringify(purchase.card.snapshot());
      const { id } = await desk.joined(kiosk, {});
      kiosk.reader.insert(purchase.card);

      const identified = await desk.step(kiosk, id, 1, { do: 'identify' });
      expect(identified.steps[0]).toMatchObject({ outcome: 'done', chip, serial: purchase.plan.serial });
      expect(new Set(identified.permits.map(({ do: verb }) => verb))).toEqual(
        new Set(['identify', 'read-card', 'read', ...(chip === 'CPU' ? [] : ['tries'])]),
      );
      const whole = await desk.step(kiosk, id, 2, { do: 'read-card' });
      expect(whole.answer?.image).toMatchObject({ chip, serial: purchase.plan.serial });
      const range = purchase.plan.ranges[0];
      const read = await desk.step(kiosk, id, 3, { do: 'read', ...range });
      const expected = purchase.card
        .zone(range?.zone ?? '')
        ?.slice(range?.offset, (range?.offset ?? 0) + (range?.length ?? 0));
      expect(read.answer?.data).toBe(toHex(expected ?? new Uint8Array()));
      if (chip !== 'CPU') {
        const tries = await desk.step(kiosk, id, 4, { do: 'tries', key: 0 });
        expect(tries.steps[3]?.tries).toEqual(purchase.card.tries[0]);
      }

      const done = await desk.w.admin(desk.staff, `/${id}/finish`);
      expect(done.session).toMatchObject({ state: 'closed', end: 'finished', answer: null });
      await desk.poll(kiosk, () => kiosk.remote.view).toEqual({ state: 'ended', end: 'finished' });
      purchase.card.powerOff();
      expect(JSON.stringify(purchase.card.snapshot())).toBe(before);
    },
  );

  it('refuses on the server what its kind does not permit, and what holds codes', async () => {
    const kiosk = await desk.w.kiosk();
    const { card, plan } = samplePurchase('SLE4428', { cipher: tripleDes, seed: 22 });
    const { id } = await desk.joined(kiosk, {});
    kiosk.reader.insert(card);
    const put = async (n: number, command: object): Promise<string> =>
      (await desk.w.admin(desk.staff, `/${id}/steps`, { n, command })).code;
    // Not before the card is known.
    expect(await put(1, { do: 'read-card' })).toBe('card-session.not-permitted');
    await desk.step(kiosk, id, 1, { do: 'identify' });
    expect(await put(2, { do: 'write' })).toBe('card-session.not-permitted');
    // The last three bytes of an SLE4428 are its counter and its code.
    expect(await put(2, { do: 'read', zone: 'main', offset: 1021, length: 3 })).toBe(
      'card-session.not-permitted',
    );
    expect(await put(2, { do: 'tries', key: 7 })).toBe('card-session.not-permitted');
    expect(await put(2, { do: 'continue' })).toBe('request.malformed');
    expect(await put(2, { do: 'write', plan })).toBe('request.malformed');
    expect(await put(3, { do: 'read-card' })).toBe('card-session.out-of-order');
  });

  it('of another card than the one that is meant reads its serial and nothing else', async () => {
    const kiosk = await desk.w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 23 });
    const { id } = await desk.joined(kiosk, { serial: '6501AAAAAAAAAAAA' });
    kiosk.reader.insert(card);
    const session = await desk.step(kiosk, id, 1, { do: 'identify' });
    expect(session.steps[0]).toMatchObject({ outcome: 'remote-card.other-card', chip: null, serial: null });
    expect(
      (await desk.w.admin(desk.staff, `/${id}/steps`, { n: 2, command: { do: 'read-card' } })).code,
    ).toBe('card-session.not-permitted');
  });
});
