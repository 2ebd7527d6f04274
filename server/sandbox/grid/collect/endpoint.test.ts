import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshId, sealEnvelope, type Envelope } from '../../../src/gateways/grid/wire/envelope.ts';
import {
  finishSession,
  startSession,
  type SessionAnswer,
  type SessionKeys,
} from '../../../src/gateways/grid/wire/session.ts';
import { sm2Private, sm2Public } from '../../../src/gateways/grid/wire/sm2.ts';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { gridKeysFrom, makeGridKeys } from '../keys.ts';
import { createGridSandbox, type GridSandbox } from '../sandbox.ts';

const KEYS = makeGridKeys();
const AGENT = KEYS.server.GRID_AGENT;
const signer = sm2Private(KEYS.server.GRID_SIGN_KEY);
const grid = sm2Public(KEYS.server.GRID_PUBLIC_KEY);
const ORDER = '260115100000000001';

let sandbox: GridSandbox;
let clock: ManualClock;
let session: { keyId: string; keys: SessionKeys };
beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await createGridSandbox({ keys: gridKeysFrom({ ...KEYS.sandbox }), clock, sessionMs: 600_000 });
  session = await handshake();
});
afterEach(() => sandbox.close());

async function post(
  path: string,
  body: unknown,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`${sandbox.collectUrl}/${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function handshake(): Promise<typeof session> {
  const { request, secret } = startSession({ agent: AGENT, now: clock.now(), signer, grid });
  const { answer } = await post('session', request);
  return {
    keyId: request.keyId,
    keys: finishSession({ request, answer: answer as unknown as SessionAnswer, secret, grid }),
  };
}

/** A tombstone: the plainest message with an effect. */
function message(change: Partial<Envelope> = {}): Envelope {
  return { ...sealed('reverse', { orderNo: ORDER, reason: 'test' }), ...change };
}

function sealed(op: string, body: unknown): Envelope {
  const header = {
    v: 1 as const,
    keyId: session.keyId,
    agent: AGENT,
    op,
    id: freshId(),
    time: clock.now(),
    nonce: freshId(),
  };
  return sealEnvelope({ direction: 'request', header, body, keys: session.keys, signer });
}

const faultOf = async (envelope: unknown): Promise<unknown> =>
  (await post('message', envelope)).answer['fault'];

describe('the grid’s end of the wire', () => {
  it('takes a true message once', async () => {
    const envelope = message();
    expect((await post('message', envelope)).status).toBe(200);
    expect(await faultOf(envelope)).toBe('wire.replay');
    expect(await faultOf(message())).toBeUndefined();
  });

  it('does nothing for a message that was changed on its way, nor uses its nonce up', async () => {
    const envelope = message();
    expect(await faultOf({ ...envelope, op: 'confirmWrite' })).toBe('wire.mac');
    expect(await faultOf({ ...envelope, agent: 'stranger' })).toBe('wire.agent');
    expect(await faultOf({ ...envelope, signature: 'a5'.repeat(64) })).toBe('wire.signature');
    expect(sandbox.world.bill()).toEqual([]);
    expect((await post('message', envelope)).status).toBe(200);
    expect(sandbox.world.bill()).toHaveLength(1);
  });

  it.each([
    ['a minute ago', -60_000, undefined],
    ['three minutes ago', -180_000, 'wire.stale'],
    ['in three minutes', 180_000, 'wire.stale'],
  ])('of a message sent %s says %s %s', async (_, offset, fault) => {
    const envelope = message();
    clock.jump(-offset);
    // Time is under the MAC; only the clock can differ.
    expect(await faultOf(envelope)).toBe(fault);
  });

  it('remembers a nonce for as long as its message could be played again', async () => {
    const envelope = message();
    await post('message', envelope);
    clock.jump(119_000);
    expect(await faultOf(envelope)).toBe('wire.replay');
    clock.jump(2_000);
    expect(await faultOf(envelope)).toBe('wire.stale');
  });

  it('keeps old session keys good beside new ones, until they end', async () => {
    const old = session;
    session = await handshake();
    expect(await faultOf(message())).toBeUndefined();
    session = old;
    expect(await faultOf(message())).toBeUndefined();
    clock.jump(600_000);
    expect(await faultOf(message())).toBe('wire.session');
  });

  it('after a restart knows no old message, though its nonces are forgotten', async () => {
    const envelope = message();
    await post('message', envelope);
    await sandbox.close();
    sandbox = await createGridSandbox({ keys: gridKeysFrom({ ...KEYS.sandbox }), clock });
    expect(await faultOf(envelope)).toBe('wire.session');
  });

  it('opens no second session from one handshake', async () => {
    const { request } = startSession({ agent: AGENT, now: clock.now(), signer, grid });
    expect((await post('session', request)).status).toBe(200);
    expect(await post('session', request)).toEqual({ status: 401, answer: { error: 'wire.replay' } });
  });

  it.each([
    [400, ''],
    [400, '[]'],
    [400, '{"v":2}'],
    [400, '{"v":1'],
    [400, '['.repeat(60_000)],
    [413, 'x'.repeat(200_000)],
  ])('answers %i to %.20s', async (status, body) => {
    expect((await post('message', body)).status).toBe(status);
    expect((await post('session', body)).status).toBe(status);
  });

  it('refuses a body that an operation does not take, as a business answer', async () => {
    expect((await post('message', sealed('sell', { orderNo: 7 }))).status).toBe(200);
    expect(sandbox.world.bill()).toEqual([]);
  });

  it('answers what it worked on, though it forgets its sessions before the answer goes out', async () => {
    sandbox.faults.set({ operation: 'reverse', fault: 'delay', ms: 5_000 });
    let silent = (): void => undefined;
    const held = new Promise<void>((resolve) => (silent = resolve));
    sandbox.faults.onSilence = () => silent();
    const slow = post('message', message());
    await held;
    sandbox.faults.set({ operation: 'sell', fault: 'forget-session' });
    expect(await faultOf(sealed('sell', { orderNo: ORDER }))).toBe('wire.session');
    clock.jump(5_000);
    expect((await slow).status).toBe(200);
  });

  it('counts who asks to sell an order by genuine messages, whatever becomes of them', async () => {
    sandbox.faults.set({ operation: 'sell', fault: 'duplicate' });
    const once = sealed('sell', { orderNo: ORDER });
    for (const envelope of [message(), once, once]) await post('message', envelope);
    expect([...sandbox.saleRequests]).toEqual([[ORDER, 1]]);
    await post('message', sealed('sell', { orderNo: ORDER }));
    expect(sandbox.saleRequests.get(ORDER)).toBe(2);
  });
});
