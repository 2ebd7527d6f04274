import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedSle4442Card } from '@bianmin/card/testing/chips/sle4442/card';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import type { RemoteKiosk } from '../../testing/remote-kiosk.ts';
import { CardDesk } from '../../testing/card-desk.ts';

let desk: CardDesk;
beforeAll(async () => {
  desk = await CardDesk.open();
});
afterAll(() => desk.close());

const eject = (kiosk: RemoteKiosk): void => void kiosk.reader.eject();

describe('a rewrite', () => {
  it.each(METER_CHIPS)(
    'puts the sold order on %s stage by stage, and the meter credits it once',
    async (chip) => {
      const kiosk = await desk.w.kiosk();
      const { card, meter, orderNo, amountFen } = await desk.w.soldOrder(
        chip,
        100 + METER_CHIPS.indexOf(chip),
      );
      const { id } = await desk.joined(kiosk, { kind: 'rewrite', orderNo });
      kiosk.reader.insert(card);
      expect((await desk.w.admin(desk.staff, `GET /${id}`)).session.permits).toEqual([{ do: 'identify' }]);
      await desk.step(kiosk, id, 1, { do: 'identify' });
      expect((await desk.w.admin(desk.staff, `/${id}/steps`, { n: 2, command: { do: 'write' } })).code).toBe(
        'card-session.not-permitted',
      );
      const { permits } = await desk.step(kiosk, id, 2, { do: 'read-card' });
      expect(permits).toContainEqual({ do: 'write' });
      await desk.step(kiosk, id, 3, { do: 'write' });
      const look = async (): Promise<string | undefined> => {
        kiosk.remote.kick();
        const { session } = await desk.w.admin(desk.staff, `GET /${id}`);
        const last = session.steps.at(-1);
        return last?.outcome === 'done' && last.digest !== null
          ? last.asked
          : (session.end ?? last?.outcome ?? 'waits');
      };
      await expect.poll(look, { interval: 10 }).toBe(chip === 'CPU' ? 'continue' : 'write');

      // Claimed after the answer was kept.
      await expect
        .poll(async () => (await desk.w.web.services.store.get(orderNo))?.write.status)
        .toBe('written');
      expect((await kiosk.journal.list())[0]).toMatchObject({ orderNo, phase: 'written' });
      expect(kiosk.views.some((view) => view.state === 'working' && view.progress !== null)).toBe(true);
      eject(kiosk);
      expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
      expect(kiosk.faults).toEqual([]);
    },
  );

  it('meets the last try of a code where staff said so, and that is on the record', async () => {
    const kiosk = await desk.w.kiosk();
    const { card, meter, orderNo, amountFen } = await desk.w.soldOrder('SLE4442', 150);
    const { id } = await desk.joined(kiosk, { kind: 'rewrite', orderNo });
    const snapshot = card.snapshot();
    const worn = SimulatedSle4442Card.restore({
      ...snapshot,
      state: { ...snapshot.state, errorCounter: 0x04 },
    });
    kiosk.reader.insert(worn);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    await desk.step(kiosk, id, 2, { do: 'read-card' });
    const refused = await desk.step(kiosk, id, 3, { do: 'write' });
    expect(refused.steps[2]).toMatchObject({ asked: 'write', outcome: 'meter-card.code-tries' });
    await desk.step(kiosk, id, 4, { do: 'read-card' });
    const written = await desk.step(kiosk, id, 5, { do: 'write', lastTry: true });
    expect(written.steps[4]).toMatchObject({ asked: 'write last-try', outcome: 'done' });
    eject(kiosk);
    expect(worn.errorCounter).toBe(0x07);
    expect(meter.insert(worn)).toEqual({ creditedFen: amountFen, error: undefined });
  });

  it('needs the right to rewrite at a counter, and an order that the grid has sold', async () => {
    const kiosk = await desk.w.kiosk();
    const inspector = await desk.w.staff('inspector', ['card:remote']);
    const body = {
      terminalId: kiosk.terminal.id,
      kind: 'rewrite',
      orderNo: '260301100000000099',
      reason: 'lost',
    };
    expect((await desk.w.admin(inspector, '', body)).code).toBe('auth.forbidden');
    expect((await desk.w.admin(desk.staff, '', body)).code).toBe('order.not-found');
    const replace = { terminalId: kiosk.terminal.id, kind: 'replace', requestNo: '1', reason: 'lost' };
    expect((await desk.w.admin(inspector, '', replace)).code).toBe('auth.forbidden');
  });

  it('needs the right to work on cards from afar at every endpoint', async () => {
    const kiosk = await desk.w.kiosk();
    const counter = await desk.w.staff('counter', ['card:rewrite']);
    const { id } = await desk.opened(kiosk, {});
    const terminalId = kiosk.terminal.id;
    const calls: [string, object?][] = [
      ['', { terminalId, kind: 'inspect', reason: 'lost' }],
      [`GET ?terminalId=${terminalId}`],
      [`GET /${id}`],
      [`/${id}/steps`, { n: 1, command: { do: 'identify' } }],
      [`/${id}/finish`],
      [`/${id}/cancel`],
    ];
    for (const [path, body] of calls) {
      expect([path, (await desk.w.admin(counter, path, body)).code]).toEqual([path, 'auth.forbidden']);
    }
    expect((await desk.w.admin(desk.staff, `/${id}/cancel`)).session.end).toBe('cancelled');
  });
});
