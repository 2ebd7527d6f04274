import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { systemClock } from '@bianmin/card/node/system-clock';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { OrderView } from '@bianmin/purchase/api/order';
import type { EnrolResponse } from '@bianmin/purchase/api/terminal';
import { RedisOrderFeed } from '../../../server/src/orders/desk/redis-feed.ts';
import { sealText } from '../../../server/src/kernel/seal-text.ts';
import type { Order } from '../../../server/src/orders/model/order.ts';
import { sampleOrder } from '../../../server/src/testing/order-samples.ts';
import { ENROL_CODE, openTestWeb, type TestWeb } from '../../../server/src/testing/web.ts';
import { loadOrCreateIdentity, type EnrolmentFacts, type HostIdentity } from './identity.ts';
import { OrderStream } from './order-stream.ts';

const FACTS = { kind: 'kiosk', name: 'Kiosk', version: '0.1.0' } as const;
const ORDER_NO = '260301100000000001';

let folder: string;
let s: TestWeb;
let identity: HostIdentity;
let api: ApiClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-identity-'));
  s = await openTestWeb();
  identity = await loadOrCreateIdentity(folder);
  api = clientOf(identity);
});
afterAll(async () => {
  await s.close();
  await rm(folder, { recursive: true, force: true });
});

const clientOf = (identity: HostIdentity): ApiClient =>
  new ApiClient({ baseUrl: s.web.url, identity, clock: systemClock, http: axiosCall() });
const enrol = (identity: HostIdentity, facts: EnrolmentFacts): Promise<EnrolResponse> =>
  clientOf(identity).enrol((at) => identity.signEnrolment(facts, at));

describe('the kiosk’s identity', () => {
  it('is kept, for its owner’s eyes alone', async () => {
    const again = await loadOrCreateIdentity(folder);
    expect(again.terminalId).toBe(identity.terminalId);
    expect(again.fingerprint).toBe(identity.fingerprint);
    expect((await stat(join(folder, 'identity.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(identity)).not.toContain('"d"');
  });

  it('is one, however many programs make it at once', async () => {
    const dir = join(folder, 'race');
    const made = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateIdentity(dir)));
    expect(new Set(made.map(({ terminalId }) => terminalId)).size).toBe(1);
  });

  it('is never replaced because it cannot be read, and its keys are in no error', async () => {
    const dir = join(folder, 'damaged');
    await loadOrCreateIdentity(dir);
    const path = join(dir, 'identity.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -20));
    const error: unknown = await loadOrCreateIdentity(dir).catch((reason: unknown) => reason);
    expect(codeOf(error)).toBe('identity.unreadable');
    const secret = /"d":"([\w-]{43})"/.exec(text)?.[1] ?? 'none';
    expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain(secret.slice(0, 8));
  });

  it('opens what was sealed to it and nothing else', async () => {
    const plan = { orderNo: ORDER_NO };
    const other = await loadOrCreateIdentity(join(folder, 'other'));
    await enrol(other, FACTS);
    const key = (await s.web.fleet.terminals.get(other.terminalId))?.sealKey;
    if (key === undefined) throw new Error('It was not enrolled.');
    const sealed = await sealText(JSON.stringify(plan), key);
    expect(JSON.parse(await other.unseal(sealed))).toEqual(plan);
    expect(codeOf(await identity.unseal(sealed).catch((reason: unknown) => reason))).toBe(
      'identity.unseal-failed',
    );
  });
});

describe('the kiosk and the server', () => {
  it('are strangers until the terminal is accepted, and a restart changes nothing about it', async () => {
    const pending = await loadOrCreateIdentity(join(folder, 'pending'));
    expect((await enrol(pending, FACTS)).status).toBe('pending');
    const error: unknown = await clientOf(pending)
      .order(ORDER_NO)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'terminal.pending', retryable: true, status: 403 });
    expect(error).toBeInstanceOf(ApiError);

    expect(await enrol(identity, { ...FACTS, code: ENROL_CODE })).toEqual({
      terminalId: identity.terminalId,
      status: 'accepted',
    });
    const restarted = await loadOrCreateIdentity(folder);
    expect((await enrol(restarted, { ...FACTS, code: ENROL_CODE })).status).toBe('accepted');
  });

  it('understand each other even where the terminal’s clock is hours off', async () => {
    const clock = { ...systemClock, now: () => Date.now() - 5 * 3_600_000 };
    const client = new ApiClient({ baseUrl: s.web.url, identity, clock, http: axiosCall() });
    const error: unknown = await client.order('260301100000000009').catch((reason: unknown) => reason);
    expect(codeOf(error)).toBe('order.not-found');
    expect((await client.enrol((at) => identity.signEnrolment(FACTS, at))).status).toBe('accepted');
  });

  it('see orders as they change, through a cut and from the last event on', async () => {
    const { store, feed } = s.web.services;
    if (!(feed instanceof RedisOrderFeed)) throw new Error('Not the feed that is shipped.');
    const at = (ms: number): Date => new Date(Date.now() + ms);
    const { terminalId } = identity;
    let order: Order = sampleOrder({ _id: ORDER_NO, terminalId, watchers: [terminalId], updatedAt: at(0) });
    await store.insert(order);

    const urls: string[] = [];
    const seen: OrderView[] = [];
    const stream = new OrderStream({
      api: {
        order: (orderNo) => api.order(orderNo),
        streamUrl: async (last) => {
          const url = await api.streamUrl(last);
          urls.push(url);
          return url;
        },
      },
      clock: systemClock,
      log: pino({ level: 'silent' }),
    });
    const unsubscribe = stream.subscribe(ORDER_NO, (view) => seen.push(view));
    await expect.poll(() => stream.connected).toBe(true);
    await expect.poll(() => seen.at(-1)?.version).toBe(1);

    const move = async (version: number): Promise<void> => {
      const next: Order = { ...order, version, updatedAt: at(0) };
      await s.t.db
        .collection<{ _id: string }>('orders')
        .updateOne({ _id: ORDER_NO }, { $set: { version, updatedAt: next.updatedAt } });
      order = next;
    };
    await move(2);
    feed.publish(order);
    await expect.poll(() => seen.at(-1)?.version).toBe(2);

    // Cut; what happens meanwhile is never published and still arrives, by the stream's own resume.
    await move(3);
    s.web.streams.cut();
    await expect.poll(() => seen.at(-1)?.version).toBe(3);
    await expect.poll(() => urls.length).toBeGreaterThan(1);
    expect(urls.at(-1)).toMatch(/lastEventId=\d{13}/);
    const used = await fetch(urls[0] ?? '');
    expect(used.status).toBe(401);

    unsubscribe();
    await expect.poll(() => s.web.streams.size).toBe(0);
  });
});
