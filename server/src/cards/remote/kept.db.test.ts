import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leakIn, secretsOf } from '@bianmin/card/testing/secrets';
import { CardDesk } from '../../testing/card-desk.ts';

let desk: CardDesk;
beforeAll(async () => {
  desk = await CardDesk.open();
});
afterAll(() => desk.close());

describe('a reading for a reversal', () => {
  it('is the card that the session has just read whole, for staff who drive it and may undo sales', async () => {
    const kiosk = await desk.w.kiosk();
    const { card, orderNo } = await desk.w.soldOrder('SLE4442', 46);
    const { id } = await desk.joined(kiosk, {
      serial: (await desk.w.web.services.store.get(orderNo))?.serial,
    });
    const ask = async (token: string): Promise<{ code: string; against: unknown }> => {
      const { code, session } = await desk.w.admin(token, `/${id}/reading`, { orderNo });
      return { code, against: (session as unknown as { against?: unknown }).against };
    };
    kiosk.reader.insert(card);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    expect((await ask(desk.staff)).code).toBe('reading.missing');
    await desk.step(kiosk, id, 2, { do: 'read-card' });
    expect(await ask(desk.staff)).toEqual({ code: '', against: null });
    expect((await ask(await desk.w.staff('other'))).code).toBe('card-session.not-yours');
    expect((await ask(await desk.w.staff('remote-only', ['card:remote']))).code).toBe('auth.forbidden');
    await desk.w.admin(desk.staff, `/${id}/finish`);
    expect((await ask(desk.staff)).code).toBe('card-session.closed');
  });
});

describe('what is kept', () => {
  it('holds no code, no plan and no byte of the card, in database, cache and log, of all that the tests did', async () => {
    const kiosk = await desk.w.kiosk();
    const sold = await desk.w.soldOrder('SLE4442', 51);
    const { id } = await desk.joined(kiosk, { kind: 'rewrite', orderNo: sold.orderNo });
    kiosk.reader.insert(sold.card);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    const whole = await desk.step(kiosk, id, 2, { do: 'read-card' });
    await desk.step(kiosk, id, 3, { do: 'write' });
    const record = JSON.stringify((await desk.w.admin(desk.staff, `GET /${id}`)).session.steps);
    // It was recorded: the code's presentation is there, its bytes are not.
    expect(record).toMatch(/"FF2000\w*XXXXXX"/);
    const everything = `${await desk.w.stored()}\n${desk.w.logged.join('\n')}\n${record}`;
    expect(everything).toContain(id);
    expect(leakIn(everything, secretsOf(sold))).toBeUndefined();
    const { regions = [] } = whole.answer?.image ?? {};
    expect(regions.length).toBeGreaterThan(0);
    for (const { data } of regions) {
      // Behind the serial, which is no secret.
      for (let at = 16; at + 24 <= data.length; at += 24) {
        const piece = data.slice(at, at + 24);
        if (!/^(..)\1+$/.test(piece)) expect(everything).not.toContain(piece);
      }
    }
    expect(everything).not.toContain('"regions"');
  });

  it('cannot be opened any more once the session closed: its salt is gone, and its keys with it', async () => {
    const kiosk = await desk.w.kiosk();
    const { id } = await desk.joined(kiosk, {});
    const open = await desk.w.web.remoteCards.sessions.get(id);
    expect(desk.w.web.remoteCards.kept.keys(open)).toBeDefined();
    await desk.w.admin(desk.staff, `/${id}/cancel`);
    const over = await desk.w.web.remoteCards.sessions.get(id);
    expect(over.salt).toBeUndefined();
    expect(desk.w.web.remoteCards.kept.keys(over)).toBeUndefined();
    expect((await kiosk.api.cardSession(id))?.serverKey).toBeNull();
  });
});
