import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { sealText } from '../../kernel/seal-text.ts';
import type { RemoteKiosk } from '../../testing/remote-kiosk.ts';
import { CardDesk } from '../../testing/card-desk.ts';

let desk: CardDesk;
beforeAll(async () => {
  desk = await CardDesk.open();
});
afterAll(() => desk.close());

const eject = (kiosk: RemoteKiosk): void => void kiosk.reader.eject();

describe('the terminal', () => {
  /** A server gone bad: steps made up and sealed to the terminal's key, past the server's own check. */
  async function forced(kiosk: RemoteKiosk, id: string, asked: object, release?: object): Promise<void> {
    const sessions = desk.w.t.db.collection<{ _id: string; steps: object[]; version: number }>(
      'cardsessions',
    );
    const stored = await sessions.findOne({ _id: id });
    const n = (stored?.steps.length ?? 0) + 1;
    if (release !== undefined) {
      const session = await desk.w.web.remoteCards.sessions.get(id);
      await desk.w.web.remoteCards.kept.putRelease(session, n, { release: release as never, at: Date.now() });
    }
    await sessions.updateOne(
      { _id: id },
      { $push: { steps: { n, asked, askedAt: new Date() } }, $inc: { version: 1 } },
    );
    await expect
      .poll(
        async () => {
          kiosk.remote.kick();
          return (await desk.w.admin(desk.staff, `GET /${id}`)).session.steps[n - 1]?.outcome;
        },
        { interval: 10 },
      )
      .not.toBeNull();
  }
  const outcomes = async (id: string): Promise<(string | null)[]> =>
    (await desk.w.admin(desk.staff, `GET /${id}`)).session.steps.map(({ outcome }) => outcome);
  const sealedPlan = async (kiosk: RemoteKiosk, plan: object): Promise<object> => ({
    lease: 1,
    leaseMs: 60_000,
    sealed: await sealText(JSON.stringify(plan), kiosk.terminal.seal.publicJwk),
  });

  it('refuses what an inspection does not permit, even where the server sends it', async () => {
    const kiosk = await desk.w.kiosk();
    const { card, plan, orderNo } = await desk.w.soldOrder('SLE4442', 31);
    const before = JSON.stringify(card.snapshot());
    const { id } = await desk.joined(kiosk, {});
    // To the server it is a rewrite from here on, and to the person at the kiosk what they said yes to.
    const sessions = desk.w.t.db.collection<{ _id: string }>('cardsessions');
    await sessions.updateOne({ _id: id }, { $set: { kind: 'rewrite', subject: orderNo } });
    kiosk.reader.insert(card);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    await desk.step(kiosk, id, 2, { do: 'read-card' });
    await forced(kiosk, id, { do: 'write' }, await sealedPlan(kiosk, plan));
    await forced(kiosk, id, { do: 'continue' }, await sealedPlan(kiosk, plan));
    await forced(kiosk, id, { do: 'read', zone: 'main', offset: 0, length: 8 });
    await forced(kiosk, id, { do: 'tries', key: 3 });
    const refused = 'remote-card.not-permitted';
    expect(await outcomes(id)).toEqual(['done', 'done', refused, refused, refused, refused]);
    eject(kiosk);
    expect(JSON.stringify(card.snapshot())).toBe(before);
    expect(await kiosk.journal.list()).toEqual([]);
  });

  it('refuses plans of another kind, order or card, and bytes outside a plan’s ranges', async () => {
    const kiosk = await desk.w.kiosk();
    const { card, plan, orderNo } = await desk.w.soldOrder('SLE4442', 32);
    const before = JSON.stringify(card.snapshot());
    const { id } = await desk.joined(kiosk, { kind: 'rewrite', orderNo });
    kiosk.reader.insert(card);
    await desk.step(kiosk, id, 1, { do: 'identify' });
    const good = { ...plan, orderNo };
    const bad: [object, string][] = [
      [{ ...good, kind: 'replacement' }, 'remote-card.not-permitted'],
      [plan, 'remote-card.not-permitted'],
      [{ ...good, serial: '6501AAAAAAAAAAAA' }, 'remote-card.not-permitted'],
      [{ ...good, more: 1 }, 'remote-card.not-permitted'],
      [{ ...good, ranges: plan.ranges.slice(0, 1) }, 'meter-card.plan-refused'],
      [{ ...good, stage: 1 }, 'meter-card.plan-refused'],
    ];
    let n = 1;
    for (const [each] of bad) {
      await desk.step(kiosk, id, (n += 1), { do: 'read-card' });
      await forced(kiosk, id, { do: 'write' }, await sealedPlan(kiosk, each));
      n += 1;
    }
    const found = (await outcomes(id)).filter((outcome) => outcome !== 'done');
    expect(found).toEqual(bad.map(([, code]) => code));
    eject(kiosk);
    expect(JSON.stringify(card.snapshot())).toBe(before);
  });

  it('ends a session whose step is not its own, not due, or does not open', async () => {
    for (const change of [{ session: randomUUID() }, { n: 2 }, { command: { do: 'erase' } }]) {
      const kiosk = await desk.w.kiosk();
      const { id } = await desk.joined(kiosk, {});
      kiosk.reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 33 }).card);
      const message = { session: id, n: 1, command: { do: 'identify' }, ...change };
      const sealed = await sealText(JSON.stringify(message), kiosk.terminal.seal.publicJwk);
      const { api } = kiosk;
      const ask = api.cardSession.bind(api);
      Object.assign(api, {
        cardSession: async (known?: string) => {
          const session = await ask(known);
          return session?.state === 'working' ? { ...session, step: { n: 1, sealed } } : session;
        },
      });
      await desk.poll(kiosk, () => kiosk.remote.view).toEqual({ state: 'ended', end: 'failed' });
      await desk.poll(kiosk, () => kiosk.reader.card?.usage.apdus).toBe(0);
      await expect
        .poll(async () => (await desk.w.admin(desk.staff, `GET /${id}`)).session.end)
        .toBe('failed');
    }
  });

  it('says no for its person, is busy while it serves a household, and tells when it is stopped', async () => {
    const kiosk = await desk.w.kiosk();
    kiosk.lends = false;
    const first = await desk.opened(kiosk, {});
    await kiosk.remote.command('yes');
    expect(kiosk.remote.view).toMatchObject({ state: 'asked', busy: true });
    await kiosk.remote.command('no');
    await expect
      .poll(async () => (await desk.w.admin(desk.staff, `GET /${first.id}`)).session.end)
      .toBe('declined');
    kiosk.lends = true;
    const second = await desk.joined(kiosk, {});
    await kiosk.remote.command('stop');
    await expect
      .poll(async () => (await desk.w.admin(desk.staff, `GET /${second.id}`)).session.end)
      .toBe('declined');
    expect(kiosk.remote.view).toEqual({ state: 'ended', end: 'declined' });
    await kiosk.remote.command('seen');
    expect(kiosk.remote.view).toEqual({ state: 'none' });
  });
});
