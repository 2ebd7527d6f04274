import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { sealWithJose, type RemoteKiosk } from '../../testing/remote-kiosk.ts';
import { CardDesk } from '../../testing/card-desk.ts';

let desk: CardDesk;
beforeAll(async () => {
  desk = await CardDesk.open();
});
afterAll(() => desk.close());

const eject = (kiosk: RemoteKiosk): void => void kiosk.reader.eject();

describe('a session', () => {
  it('goes on at the same number after a lost connection, and no step is carried out twice', async () => {
    const kiosk = await desk.w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 41 });
    const { id } = await desk.joined(kiosk, {});
    kiosk.reader.insert(card);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    for (const [n, cut] of [
      [2, 'before'],
      [3, 'after'],
    ] as const) {
      const { api } = kiosk;
      const send = api.stepResult.bind(api);
      // The step arrives, its answer or the server's word about it does not.
      Object.assign(api, {
        stepResult: async (...args: Parameters<typeof send>) => {
          if (cut === 'before') throw new Error('cut');
          await send(...args);
          throw new Error('cut');
        },
      });
      await desk.w.admin(desk.staff, `/${id}/steps`, { n, command: { do: 'read-card' } });
      const before = kiosk.faults.length;
      await desk.poll(kiosk, () => kiosk.faults.length > before).toBe(true);
      const { apdus } = card.usage;
      kiosk.cut = 'before';
      await desk.poll(kiosk, () => kiosk.faults.length > before + 2).toBe(true);
      kiosk.cut = undefined;
      Object.assign(api, { stepResult: send });
      await expect
        .poll(async () => {
          kiosk.remote.kick();
          return (await desk.w.admin(desk.staff, `GET /${id}`)).session.steps[n - 1]?.outcome;
        })
        .toBe('done');
      expect(card.usage.apdus).toBe(apdus);
    }
    await desk.step(kiosk, id, 4, { do: 'tries', key: 0 });
  });

  it('takes a step and an answer again under their number, and no other in their place', async () => {
    const kiosk = await desk.w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 42 });
    const { id } = await desk.joined(kiosk, {});
    kiosk.reader.insert(card);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    const same = await desk.w.admin(desk.staff, `/${id}/steps`, { n: 1, command: { do: 'identify' } });
    expect([same.status, same.session.steps.length]).toEqual([200, 1]);
    const other = await desk.w.admin(desk.staff, `/${id}/steps`, { n: 1, command: { do: 'read-card' } });
    expect(other.code).toBe('card-session.out-of-order');

    const view = await kiosk.api.cardSession(id);
    const answer = async (change: object): Promise<string> => {
      const message = {
        session: id,
        n: 1,
        outcome: { ok: false, code: 'reader.io' },
        exchanges: [],
        more: 0,
      };
      const key = view?.serverKey;
      if (key === undefined || key === null) throw new Error('The session has no key.');
      const sealed = await sealWithJose(JSON.stringify({ ...message, ...change }), key);
      return kiosk.api.stepResult(id, { n: 1, sealed }).then(
        () => 'taken',
        (error: unknown) => (error as { code: string }).code,
      );
    };
    expect(await answer({})).toBe('card-session.out-of-order');
    expect(await answer({ n: 2 })).toBe('request.malformed');
    expect(await answer({ session: randomUUID() })).toBe('request.malformed');
    const stranger = await desk.w.kiosk();
    await expect(stranger.api.cardSession(id)).rejects.toMatchObject({ code: 'request.not-found' });
    await expect(stranger.api.endCardSession(id, 'removed')).rejects.toMatchObject({
      code: 'request.not-found',
    });
  });

  it('is one a terminal: a second member of staff neither opens another nor drives this one, but may cancel it', async () => {
    const kiosk = await desk.w.kiosk();
    const second = await desk.w.staff('second');
    const { id } = await desk.joined(kiosk, {});
    const body = { terminalId: kiosk.terminal.id, kind: 'inspect', reason: 'me too' };
    const both = await Promise.all([
      desk.w.admin(second, '', body),
      desk.w.admin(second, '', body),
      desk.w.admin(desk.staff, '', body),
    ]);
    expect(both.map(({ code }) => code)).toEqual(Array(3).fill('card-session.busy'));
    const put = { n: 1, command: { do: 'identify' } };
    expect((await desk.w.admin(second, `/${id}/steps`, put)).code).toBe('card-session.not-yours');
    expect((await desk.w.admin(second, `/${id}/finish`)).code).toBe('card-session.not-yours');
    expect((await desk.w.admin(second, `/${id}/cancel`)).session.end).toBe('cancelled');
    expect((await desk.w.admin(desk.staff, `/${id}/steps`, put)).code).toBe('card-session.closed');
    await desk.poll(kiosk, () => kiosk.remote.view).toEqual({ state: 'ended', end: 'cancelled' });
    const racing = await Promise.all([desk.w.admin(second, '', body), desk.w.admin(desk.staff, '', body)]);
    expect(racing.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('shows what was read to the staff member who drives it, and to no other', async () => {
    const kiosk = await desk.w.kiosk();
    const reader = await desk.w.staff('reader');
    const { id } = await desk.joined(kiosk, {});
    kiosk.reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 43 }).card);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    const mine = await desk.step(kiosk, id, 2, { do: 'read-card' });
    expect(mine.answer?.image).not.toBeNull();
    expect((await desk.w.admin(reader, `GET /${id}`)).session.answer).toBeNull();
  });

  it('ends when the card is taken out, and when the terminal was restarted', async () => {
    const kiosk = await desk.w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 44 });
    const first = await desk.joined(kiosk, {});
    kiosk.reader.insert(card);
    await desk.step(kiosk, first.id, 1, { do: 'identify' });
    eject(kiosk);
    await expect
      .poll(async () => (await desk.w.admin(desk.staff, `GET /${first.id}`)).session.end)
      .toBe('removed');
    expect(kiosk.remote.view).toEqual({ state: 'ended', end: 'removed' });
    const second = await desk.joined(kiosk, {});
    // Killed: it can say nothing to anybody any more.
    kiosk.cut = 'before';
    await kiosk.restart();
    kiosk.cut = undefined;
    await expect
      .poll(async () => {
        kiosk.remote.kick();
        return (await desk.w.admin(desk.staff, `GET /${second.id}`)).session.end;
      })
      .toBe('restarted');
  });

  it('leaves a card that was pulled out in the middle of a write to the journal, and the next session finishes it', async () => {
    const kiosk = await desk.w.kiosk();
    const { card, meter, orderNo, amountFen } = await desk.w.soldOrder('SLE4442', 45);
    const first = await desk.joined(kiosk, { kind: 'rewrite', orderNo });
    kiosk.reader.insert(card);
    await desk.step(kiosk, first.id, 1, { do: 'identify' });
    await desk.step(kiosk, first.id, 2, { do: 'read-card' });
    kiosk.reader.faults.removeAfterBytes = 400;
    // With its answer, not after it: its driver has no time to put another step.
    expect(await desk.step(kiosk, first.id, 3, { do: 'write' })).toMatchObject({
      state: 'closed',
      end: 'removed',
    });
    expect(['presenting', 'writing']).toContain((await kiosk.journal.list())[0]?.phase);
    const { store } = desk.w.web.services;
    expect((await store.get(orderNo))?.write.status).toBe('released');

    delete kiosk.reader.faults.removeAfterBytes;
    const second = await desk.joined(kiosk, { kind: 'rewrite', orderNo });
    kiosk.reader.insert(card);
    await desk.step(kiosk, second.id, 1, { do: 'identify' });
    await desk.step(kiosk, second.id, 2, { do: 'read-card' });
    await desk.step(kiosk, second.id, 3, { do: 'write' });
    await expect.poll(async () => (await store.get(orderNo))?.write.status).toBe('written');
    eject(kiosk);
    expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
    expect(meter.insert(card).creditedFen).toBe(0);
  });
});
