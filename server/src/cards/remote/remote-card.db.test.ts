import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '@bianmin/shared/bytes/hex';
import type { AdminCardSession, AskedCommand } from '@bianmin/shared/api/card-session';
import { tripleDes } from '@bianmin/shared/testing/node/triple-des';
import { SimulatedSle4442Card } from '@bianmin/shared/testing/chips/sle4442/card';
import { METER_CHIPS } from '@bianmin/shared/testing/meter-files';
import { samplePurchase } from '@bianmin/shared/testing/sample-purchase';
import { leakIn, secretsOf } from '@bianmin/shared/testing/secrets';
import { sealText } from '../../orders/desk/seal-plan.ts';
import { RemoteCardWorld, sealWithJose, type RemoteKiosk } from '../../testing/remote-card-world.ts';

let w: RemoteCardWorld;
let staff: string;
beforeAll(async () => {
  w = await RemoteCardWorld.open();
  staff = await w.staff('helper');
});
afterAll(() => w.close());

const poll = (kiosk: RemoteKiosk, look: () => unknown): ReturnType<typeof expect.poll> =>
  expect.poll(
    () => {
      kiosk.remote.kick();
      return look();
    },
    { interval: 10 },
  );

async function opened(kiosk: RemoteKiosk, body: object, token = staff): Promise<AdminCardSession> {
  const { status, session } = await w.admin(token, '', {
    terminalId: kiosk.terminal.id,
    kind: 'inspect',
    reason: 'the meter refuses the card',
    ...body,
  });
  expect(status).toBe(201);
  await poll(kiosk, () => kiosk.remote.view.state).toBe('asked');
  return session;
}

async function joined(kiosk: RemoteKiosk, body: object, token = staff): Promise<AdminCardSession> {
  const session = await opened(kiosk, body, token);
  await kiosk.remote.command('yes');
  await expect.poll(async () => (await w.admin(staff, `GET /${session.id}`)).session.state).toBe('working');
  return session;
}

async function step(
  kiosk: RemoteKiosk,
  id: string,
  n: number,
  command: AskedCommand | object,
): Promise<AdminCardSession> {
  const put = await w.admin(staff, `/${id}/steps`, { n, command });
  expect([put.status, put.code]).toEqual([200, '']);
  let session = put.session;
  await expect
    .poll(
      async () => {
        kiosk.remote.kick();
        session = (await w.admin(staff, `GET /${id}`)).session;
        return session.steps[n - 1]?.answeredAt ?? session.end;
      },
      { interval: 10 },
    )
    .not.toBeNull();
  return session;
}

const eject = (kiosk: RemoteKiosk): void => void kiosk.reader.eject();

describe('an inspection', () => {
  it.each(METER_CHIPS)(
    'of %s tells chip, serial, bytes and tries, and leaves the card as it was',
    async (chip) => {
      const kiosk = await w.kiosk();
      const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 21 });
      const before = JSON.stringify(purchase.card.snapshot());
      const { id } = await joined(kiosk, {});
      kiosk.reader.insert(purchase.card);

      const identified = await step(kiosk, id, 1, { do: 'identify' });
      expect(identified.steps[0]).toMatchObject({ outcome: 'done', chip, serial: purchase.plan.serial });
      expect(new Set(identified.permits.map(({ do: verb }) => verb))).toEqual(
        new Set(['identify', 'read-card', 'read', ...(chip === 'CPU' ? [] : ['tries'])]),
      );
      const whole = await step(kiosk, id, 2, { do: 'read-card' });
      expect(whole.answer?.image).toMatchObject({ chip, serial: purchase.plan.serial });
      const range = purchase.plan.ranges[0];
      const read = await step(kiosk, id, 3, { do: 'read', ...range });
      const expected = purchase.card
        .zone(range?.zone ?? '')
        ?.slice(range?.offset, (range?.offset ?? 0) + (range?.length ?? 0));
      expect(read.answer?.data).toBe(toHex(expected ?? new Uint8Array()));
      if (chip !== 'CPU') {
        const tries = await step(kiosk, id, 4, { do: 'tries', key: 0 });
        expect(tries.steps[3]?.tries).toEqual(purchase.card.tries[0]);
      }

      const done = await w.admin(staff, `/${id}/finish`);
      expect(done.session).toMatchObject({ state: 'closed', end: 'finished', answer: null });
      await poll(kiosk, () => kiosk.remote.view).toEqual({ state: 'ended', end: 'finished' });
      purchase.card.powerOff();
      expect(JSON.stringify(purchase.card.snapshot())).toBe(before);
    },
  );

  it('refuses on the server what its kind does not permit, and what holds codes', async () => {
    const kiosk = await w.kiosk();
    const { card, plan } = samplePurchase('SLE4428', { cipher: tripleDes, seed: 22 });
    const { id } = await joined(kiosk, {});
    kiosk.reader.insert(card);
    const put = async (n: number, command: object): Promise<string> =>
      (await w.admin(staff, `/${id}/steps`, { n, command })).code;
    // Not before the card is known.
    expect(await put(1, { do: 'read-card' })).toBe('card-session.not-permitted');
    await step(kiosk, id, 1, { do: 'identify' });
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
    const kiosk = await w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 23 });
    const { id } = await joined(kiosk, { serial: '6501AAAAAAAAAAAA' });
    kiosk.reader.insert(card);
    const session = await step(kiosk, id, 1, { do: 'identify' });
    expect(session.steps[0]).toMatchObject({ outcome: 'remote-card.other-card', chip: null, serial: null });
    expect((await w.admin(staff, `/${id}/steps`, { n: 2, command: { do: 'read-card' } })).code).toBe(
      'card-session.not-permitted',
    );
  });
});

describe('a rewrite', () => {
  it.each(METER_CHIPS)(
    'puts the sold order on %s stage by stage, and the meter credits it once',
    async (chip) => {
      const kiosk = await w.kiosk();
      const { card, meter, orderNo, amountFen } = await w.soldOrder(chip, 100 + METER_CHIPS.indexOf(chip));
      const { id } = await joined(kiosk, { kind: 'rewrite', orderNo });
      kiosk.reader.insert(card);
      expect((await w.admin(staff, `GET /${id}`)).session.permits).toEqual([{ do: 'identify' }]);
      await step(kiosk, id, 1, { do: 'identify' });
      expect((await w.admin(staff, `/${id}/steps`, { n: 2, command: { do: 'write' } })).code).toBe(
        'card-session.not-permitted',
      );
      const { permits } = await step(kiosk, id, 2, { do: 'read-card' });
      expect(permits).toContainEqual({ do: 'write' });
      await step(kiosk, id, 3, { do: 'write' });
      const look = async (): Promise<string | undefined> => {
        kiosk.remote.kick();
        const { session } = await w.admin(staff, `GET /${id}`);
        const last = session.steps.at(-1);
        return last?.outcome === 'done' && last.digest !== null
          ? last.asked
          : (session.end ?? last?.outcome ?? 'waits');
      };
      await expect.poll(look, { interval: 10 }).toBe(chip === 'CPU' ? 'continue' : 'write');

      // Claimed after the answer was kept.
      await expect.poll(async () => (await w.web.services.store.get(orderNo))?.write.status).toBe('written');
      expect((await kiosk.journal.list())[0]).toMatchObject({ orderNo, phase: 'written' });
      expect(kiosk.views.some((view) => view.state === 'working' && view.progress !== null)).toBe(true);
      eject(kiosk);
      expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
      expect(kiosk.faults).toEqual([]);
    },
  );

  it('meets the last try of a code where staff said so, and that is on the record', async () => {
    const kiosk = await w.kiosk();
    const { card, meter, orderNo, amountFen } = await w.soldOrder('SLE4442', 150);
    const { id } = await joined(kiosk, { kind: 'rewrite', orderNo });
    const snapshot = card.snapshot();
    const worn = SimulatedSle4442Card.restore({
      ...snapshot,
      state: { ...snapshot.state, errorCounter: 0x04 },
    });
    kiosk.reader.insert(worn);
    await step(kiosk, id, 1, { do: 'identify' });
    await step(kiosk, id, 2, { do: 'read-card' });
    const refused = await step(kiosk, id, 3, { do: 'write' });
    expect(refused.steps[2]).toMatchObject({ asked: 'write', outcome: 'meter-card.code-tries' });
    await step(kiosk, id, 4, { do: 'read-card' });
    const written = await step(kiosk, id, 5, { do: 'write', lastTry: true });
    expect(written.steps[4]).toMatchObject({ asked: 'write last-try', outcome: 'done' });
    eject(kiosk);
    expect(worn.errorCounter).toBe(0x07);
    expect(meter.insert(worn)).toEqual({ creditedFen: amountFen, error: undefined });
  });

  it('needs the right to rewrite at a counter, and an order that the grid has sold', async () => {
    const kiosk = await w.kiosk();
    const inspector = await w.staff('inspector', ['card:remote']);
    const body = {
      terminalId: kiosk.terminal.id,
      kind: 'rewrite',
      orderNo: '260301100000000099',
      reason: 'lost',
    };
    expect((await w.admin(inspector, '', body)).code).toBe('auth.forbidden');
    expect((await w.admin(staff, '', body)).code).toBe('order.not-found');
    const replace = { terminalId: kiosk.terminal.id, kind: 'replace', requestNo: '1', reason: 'lost' };
    expect((await w.admin(inspector, '', replace)).code).toBe('auth.forbidden');
  });

  it('needs the right to work on cards from afar at every endpoint', async () => {
    const kiosk = await w.kiosk();
    const counter = await w.staff('counter', ['card:rewrite']);
    const { id } = await opened(kiosk, {});
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
      expect([path, (await w.admin(counter, path, body)).code]).toEqual([path, 'auth.forbidden']);
    }
    expect((await w.admin(staff, `/${id}/cancel`)).session.end).toBe('cancelled');
  });
});

describe('the terminal', () => {
  /** A server gone bad: steps made up and sealed to the terminal's key, past the server's own check. */
  async function forced(kiosk: RemoteKiosk, id: string, asked: object, release?: object): Promise<void> {
    const sessions = w.t.db.collection<{ _id: string; steps: object[]; version: number }>('cardsessions');
    const stored = await sessions.findOne({ _id: id });
    const n = (stored?.steps.length ?? 0) + 1;
    if (release !== undefined) {
      const session = await w.web.remoteCards.sessions.get(id);
      await w.web.remoteCards.kept.putRelease(session, n, release as never, Date.now());
    }
    await sessions.updateOne(
      { _id: id },
      { $push: { steps: { n, asked, askedAt: new Date() } }, $inc: { version: 1 } },
    );
    await expect
      .poll(
        async () => {
          kiosk.remote.kick();
          return (await w.admin(staff, `GET /${id}`)).session.steps[n - 1]?.outcome;
        },
        { interval: 10 },
      )
      .not.toBeNull();
  }
  const outcomes = async (id: string): Promise<(string | null)[]> =>
    (await w.admin(staff, `GET /${id}`)).session.steps.map(({ outcome }) => outcome);
  const sealedPlan = async (kiosk: RemoteKiosk, plan: object): Promise<object> => ({
    lease: 1,
    leaseMs: 60_000,
    sealed: await sealText(JSON.stringify(plan), kiosk.terminal.seal.publicJwk),
  });

  it('refuses what an inspection does not permit, even where the server sends it', async () => {
    const kiosk = await w.kiosk();
    const { card, plan } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 31 });
    const before = JSON.stringify(card.snapshot());
    const { id } = await joined(kiosk, {});
    kiosk.reader.insert(card);
    await step(kiosk, id, 1, { do: 'identify' });
    await step(kiosk, id, 2, { do: 'read-card' });
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
    const kiosk = await w.kiosk();
    const { card, plan, orderNo } = await w.soldOrder('SLE4442', 32);
    const before = JSON.stringify(card.snapshot());
    const { id } = await joined(kiosk, { kind: 'rewrite', orderNo });
    kiosk.reader.insert(card);
    await step(kiosk, id, 1, { do: 'identify' });
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
      await step(kiosk, id, (n += 1), { do: 'read-card' });
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
      const kiosk = await w.kiosk();
      const { id } = await joined(kiosk, {});
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
      await poll(kiosk, () => kiosk.remote.view).toEqual({ state: 'ended', end: 'failed' });
      await poll(kiosk, () => kiosk.reader.card?.usage.apdus).toBe(0);
      await expect.poll(async () => (await w.admin(staff, `GET /${id}`)).session.end).toBe('failed');
    }
  });

  it('says no for its person, is busy while it serves somebody, and tells when it is stopped', async () => {
    const kiosk = await w.kiosk();
    kiosk.lends = false;
    const first = await opened(kiosk, {});
    await kiosk.remote.command('yes');
    expect(kiosk.remote.view).toMatchObject({ state: 'asked', busy: true });
    await kiosk.remote.command('no');
    await expect.poll(async () => (await w.admin(staff, `GET /${first.id}`)).session.end).toBe('declined');
    kiosk.lends = true;
    const second = await joined(kiosk, {});
    await kiosk.remote.command('stop');
    await expect.poll(async () => (await w.admin(staff, `GET /${second.id}`)).session.end).toBe('declined');
    expect(kiosk.remote.view).toEqual({ state: 'ended', end: 'declined' });
    await kiosk.remote.command('seen');
    expect(kiosk.remote.view).toEqual({ state: 'none' });
  });
});

describe('a reading for a reversal', () => {
  it('is the card that the session has just read whole, for whoever drives it and may undo sales', async () => {
    const kiosk = await w.kiosk();
    const { card, orderNo } = await w.soldOrder('SLE4442', 46);
    const { id } = await joined(kiosk, { serial: (await w.web.services.store.get(orderNo))?.serial });
    const ask = async (token: string): Promise<{ code: string; against: unknown }> => {
      const { code, session } = await w.admin(token, `/${id}/reading`, { orderNo });
      return { code, against: (session as unknown as { against?: unknown }).against };
    };
    kiosk.reader.insert(card);
    await step(kiosk, id, 1, { do: 'identify' });
    expect((await ask(staff)).code).toBe('reading.missing');
    await step(kiosk, id, 2, { do: 'read-card' });
    expect(await ask(staff)).toEqual({ code: '', against: null });
    expect((await ask(await w.staff('other'))).code).toBe('card-session.not-yours');
    expect((await ask(await w.staff('remote-only', ['card:remote']))).code).toBe('auth.forbidden');
    await w.admin(staff, `/${id}/finish`);
    expect((await ask(staff)).code).toBe('card-session.closed');
  });
});

describe('a session', () => {
  it('goes on at the same number after a lost connection, and no step is carried out twice', async () => {
    const kiosk = await w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 41 });
    const { id } = await joined(kiosk, {});
    kiosk.reader.insert(card);
    await step(kiosk, id, 1, { do: 'identify' });
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
      await w.admin(staff, `/${id}/steps`, { n, command: { do: 'read-card' } });
      const before = kiosk.faults.length;
      await poll(kiosk, () => kiosk.faults.length > before).toBe(true);
      const { apdus } = card.usage;
      kiosk.cut = 'before';
      await poll(kiosk, () => kiosk.faults.length > before + 2).toBe(true);
      kiosk.cut = undefined;
      Object.assign(api, { stepResult: send });
      await expect
        .poll(async () => {
          kiosk.remote.kick();
          return (await w.admin(staff, `GET /${id}`)).session.steps[n - 1]?.outcome;
        })
        .toBe('done');
      expect(card.usage.apdus).toBe(apdus);
    }
    await step(kiosk, id, 4, { do: 'tries', key: 0 });
  });

  it('takes a step and an answer again under their number, and no other in their place', async () => {
    const kiosk = await w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 42 });
    const { id } = await joined(kiosk, {});
    kiosk.reader.insert(card);
    await step(kiosk, id, 1, { do: 'identify' });
    const same = await w.admin(staff, `/${id}/steps`, { n: 1, command: { do: 'identify' } });
    expect([same.status, same.session.steps.length]).toEqual([200, 1]);
    const other = await w.admin(staff, `/${id}/steps`, { n: 1, command: { do: 'read-card' } });
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
    const stranger = await w.kiosk();
    await expect(stranger.api.cardSession(id)).rejects.toMatchObject({ code: 'request.not-found' });
    await expect(stranger.api.endCardSession(id, 'removed')).rejects.toMatchObject({
      code: 'request.not-found',
    });
  });

  it('is one a terminal: a second member of staff neither opens another nor drives this one, but may cancel it', async () => {
    const kiosk = await w.kiosk();
    const second = await w.staff('second');
    const { id } = await joined(kiosk, {});
    const body = { terminalId: kiosk.terminal.id, kind: 'inspect', reason: 'me too' };
    const both = await Promise.all([
      w.admin(second, '', body),
      w.admin(second, '', body),
      w.admin(staff, '', body),
    ]);
    expect(both.map(({ code }) => code)).toEqual(Array(3).fill('card-session.busy'));
    const put = { n: 1, command: { do: 'identify' } };
    expect((await w.admin(second, `/${id}/steps`, put)).code).toBe('card-session.not-yours');
    expect((await w.admin(second, `/${id}/finish`)).code).toBe('card-session.not-yours');
    expect((await w.admin(second, `/${id}/cancel`)).session.end).toBe('cancelled');
    expect((await w.admin(staff, `/${id}/steps`, put)).code).toBe('card-session.closed');
    await poll(kiosk, () => kiosk.remote.view).toEqual({ state: 'ended', end: 'cancelled' });
    const racing = await Promise.all([w.admin(second, '', body), w.admin(staff, '', body)]);
    expect(racing.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('shows what was read to whoever drives it and to nobody else', async () => {
    const kiosk = await w.kiosk();
    const reader = await w.staff('reader');
    const { id } = await joined(kiosk, {});
    kiosk.reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 43 }).card);
    await step(kiosk, id, 1, { do: 'identify' });
    const mine = await step(kiosk, id, 2, { do: 'read-card' });
    expect(mine.answer?.image).not.toBeNull();
    expect((await w.admin(reader, `GET /${id}`)).session.answer).toBeNull();
  });

  it('ends when the card is taken out, and when the terminal was restarted', async () => {
    const kiosk = await w.kiosk();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 44 });
    const first = await joined(kiosk, {});
    kiosk.reader.insert(card);
    await step(kiosk, first.id, 1, { do: 'identify' });
    eject(kiosk);
    await expect.poll(async () => (await w.admin(staff, `GET /${first.id}`)).session.end).toBe('removed');
    expect(kiosk.remote.view).toEqual({ state: 'ended', end: 'removed' });
    const second = await joined(kiosk, {});
    // Killed: it can say nothing to anybody any more.
    kiosk.cut = 'before';
    await kiosk.restart();
    kiosk.cut = undefined;
    await expect
      .poll(async () => {
        kiosk.remote.kick();
        return (await w.admin(staff, `GET /${second.id}`)).session.end;
      })
      .toBe('restarted');
  });

  it('leaves a card that was pulled out in the middle of a write to the journal, and the next session finishes it', async () => {
    const kiosk = await w.kiosk();
    const { card, meter, orderNo, amountFen } = await w.soldOrder('SLE4442', 45);
    const first = await joined(kiosk, { kind: 'rewrite', orderNo });
    kiosk.reader.insert(card);
    await step(kiosk, first.id, 1, { do: 'identify' });
    await step(kiosk, first.id, 2, { do: 'read-card' });
    kiosk.reader.faults.removeAfterBytes = 400;
    // With its answer, not after it: whoever drives has no time to put another step.
    expect(await step(kiosk, first.id, 3, { do: 'write' })).toMatchObject({
      state: 'closed',
      end: 'removed',
    });
    expect(['presenting', 'writing']).toContain((await kiosk.journal.list())[0]?.phase);
    const { store } = w.web.services;
    expect((await store.get(orderNo))?.write.status).toBe('released');

    delete kiosk.reader.faults.removeAfterBytes;
    const second = await joined(kiosk, { kind: 'rewrite', orderNo });
    kiosk.reader.insert(card);
    await step(kiosk, second.id, 1, { do: 'identify' });
    await step(kiosk, second.id, 2, { do: 'read-card' });
    await step(kiosk, second.id, 3, { do: 'write' });
    await expect.poll(async () => (await store.get(orderNo))?.write.status).toBe('written');
    eject(kiosk);
    expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
    expect(meter.insert(card).creditedFen).toBe(0);
  });
});

describe('what is kept', () => {
  it('holds no code, no plan and no byte of the card, in database, cache and log, of all that the tests did', async () => {
    const kiosk = await w.kiosk();
    const sold = await w.soldOrder('SLE4442', 51);
    const { id } = await joined(kiosk, { kind: 'rewrite', orderNo: sold.orderNo });
    kiosk.reader.insert(sold.card);
    await step(kiosk, id, 1, { do: 'identify' });
    const whole = await step(kiosk, id, 2, { do: 'read-card' });
    await step(kiosk, id, 3, { do: 'write' });
    const record = JSON.stringify((await w.admin(staff, `GET /${id}`)).session.steps);
    // It was recorded: the code's presentation is there, its bytes are not.
    expect(record).toMatch(/"FF2000\w*XXXXXX"/);
    const everything = `${await w.stored()}\n${w.logged.join('\n')}\n${record}`;
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
    const kiosk = await w.kiosk();
    const { id } = await joined(kiosk, {});
    const open = await w.web.remoteCards.sessions.get(id);
    expect(w.web.remoteCards.kept.keys(open)).toBeDefined();
    await w.admin(staff, `/${id}/cancel`);
    const over = await w.web.remoteCards.sessions.get(id);
    expect(over.salt).toBeUndefined();
    expect(w.web.remoteCards.kept.keys(over)).toBeUndefined();
    expect((await kiosk.api.cardSession(id))?.serverKey).toBeNull();
  });
});
