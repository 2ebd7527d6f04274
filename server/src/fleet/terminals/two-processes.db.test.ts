import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { TestTerminal } from '../../testing/terminal.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { ADMIN_PASSWORD, ENROL_CODE, openTestWeb, type TestWeb } from '../../testing/web.ts';
import { startWeb, type RunningWeb } from '../../web.ts';

/** Two web processes on one database, as behind a proxy: what is decided in one must hold in the other. */
let first: TestWeb;
let second: RunningWeb;
let clock: ManualClock;
let terminal: TestTerminal;
let admin: string;

const token = z.object({ accessToken: z.string() });

beforeAll(async () => {
  clock = new ManualClock();
  first = await openTestWeb({}, clock);
  const { config, t } = first;
  second = await startWeb(config, {
    deps: {
      ...{ config, clock, log: watchedLog(), db: t.db, redis: t.redis },
      ...{ grid: { grid: 'none' } as GridGateway, channels: new Map() },
    },
    metrics: createMetrics({ defaults: false }),
  });
  terminal = await TestTerminal.create(clock);
  const jws = await terminal.enrolment({ code: ENROL_CODE });
  expect(await post(first.web, '/v1/terminal/enrol', { jws })).toMatchObject({
    body: { status: 'accepted' },
  });
  const login = await post(first.web, '/v1/admin/login', { name: 'admin', password: ADMIN_PASSWORD });
  admin = `Bearer ${z.object({ token: z.string() }).parse(login.body).token}`;
});
afterAll(async () => {
  await second.close();
  await first.close();
});

async function post(web: RunningWeb, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(web.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, string> };
}

async function newToken(): Promise<string> {
  const { body } = await post(second, '/v1/terminal/token', { assertion: await terminal.assertion() });
  return body['code'] === undefined ? token.parse(body).accessToken : body['code'];
}

async function asTerminal(path: string, accessToken: string) {
  const url = second.url + path;
  const proof = await terminal.proof({ method: 'POST', url, accessToken });
  const headers = { authorization: `DPoP ${accessToken}`, dpop: proof };
  const { status, body } = await post(second, path, undefined, headers);
  return body['code'] ?? body['ticket'] ?? String(status);
}

const decide = async (verb: string) => {
  const path = `/v1/admin/terminals/${terminal.id}/${verb}`;
  const { status, body } = await post(first.web, path, { reason: 'it was stolen' }, { authorization: admin });
  return [status, body['status'], body['reason']];
};

describe('a terminal that is cut off in one process', () => {
  it('can do nothing in another within seconds, its open stream ends, and it is let in again', async () => {
    const accessToken = await newToken();
    const ticket = await asTerminal('/v1/terminal/stream-ticket', accessToken);
    const stream = await fetch(`${second.url}/v1/terminal/stream?ticket=${ticket}`);
    expect([stream.status, second.streams.size]).toEqual([200, 1]);
    let ended = false;
    const reading = stream.text().then(() => {
      ended = true;
    });

    expect(await decide('suspend')).toEqual([200, 'suspended', 'it was stolen']);
    // What the other process believed is at most five seconds old.
    await clock.advance(5_001);
    expect(await asTerminal('/v1/terminal/stream-ticket', accessToken)).toBe('terminal.suspended');
    expect(await newToken()).toBe('terminal.suspended');
    // Each process asks every two seconds who was cut off: all of it together is far within the minute.
    await clock.advance(2_000);
    await expect.poll(() => ended).toBe(true);
    await reading;
    expect(second.streams.size).toBe(0);

    expect(await decide('resume')).toEqual([200, 'accepted', 'it was stolen']);
    await clock.advance(5_001);
    expect((await newToken()).startsWith('terminal.')).toBe(false);
  });

  it('that is retired never comes back, neither by a code nor by an administrator', async () => {
    expect(await decide('retire')).toEqual([200, 'retired', 'it was stolen']);
    const jws = await terminal.enrolment({ code: ENROL_CODE });
    expect((await post(second, '/v1/terminal/enrol', { jws })).body['status']).toBe('retired');
    expect((await decide('accept'))[1]).not.toBe('accepted');
    expect((await decide('resume'))[1]).toBe('retired');
    expect(await newToken()).toBe('terminal.retired');
  });
});
