import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import { FAULT_CODES, TRADES } from '../../../src/gateways/grid/agent-string/constants.ts';
import { decodeFrame, encodeFrame, verifies } from '../../../src/gateways/grid/agent-string/frame.ts';
import type { Frame, Head, Sealer } from '../../../src/gateways/grid/agent-string/frame.ts';
import { encodeRequest } from '../../../src/gateways/grid/agent-string/requests.ts';
import { takeWorkingKey, type WorkingKey } from '../../../src/gateways/grid/agent-string/sign-on.ts';
import { tcpTransport } from '../../../src/gateways/grid/agent-string/tcp.ts';
import { beijingTime } from '../../../src/gateways/grid/agent-string/times.ts';
import type { WireErrorCode } from '../../../src/gateways/grid/wire/error.ts';
import { sm2Private, sm2Public } from '../../../src/gateways/grid/wire/sm2.ts';
import { gridKeysFrom, makeGridKeys } from '../keys.ts';
import { createGridSandbox, type GridSandbox } from '../sandbox.ts';
import { createStringServer, type StringServer } from './server.ts';

const KEYS = makeGridKeys();
const keys = gridKeysFrom({ ...KEYS.sandbox });
const own = sm2Private(KEYS.server.GRID_SIGN_KEY);
const grid = sm2Public(KEYS.server.GRID_PUBLIC_KEY);
const ORDER = '260115100000000001';

let sandbox: GridSandbox;
let server: StringServer;
let clock: ManualClock;
let working: WorkingKey | undefined;
const listen = (): Promise<StringServer> =>
  createStringServer({ keys, world: sandbox.world, faults: sandbox.faults, clock, sessionMs: 600_000 });
beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await createGridSandbox({ keys, clock });
  server = await listen();
  working = await signOn();
});
afterEach(async () => {
  await server.close();
  await sandbox.close();
});

const headOf = (change: Partial<Head>): Head => ({
  version: '01',
  direction: 'Q',
  trade: TRADES.reverse,
  agent: KEYS.server.GRID_AGENT,
  terminal: 'TEST',
  date: '20260115',
  serial: '900000000001',
  time: beijingTime(clock.now()),
  session: working?.session ?? null,
  nonce: randomBytes(16).toString('hex').toUpperCase(),
  response: null,
  business: null,
  remark: '',
  ...change,
});
const sent = async (frame: Uint8Array): Promise<Frame> =>
  decodeFrame(await tcpTransport(server.url).exchange(frame, 60_000));

/** A tombstone: the plainest transaction with an effect. */
const tombstone = encodeRequest.reverse(
  { orderNo: ORDER, reason: 'test' },
  { key: grid, layouts: BUILT_IN_LAYOUTS },
).body;
const message = (
  change: Partial<Head> = {},
  sealer: Sealer = { mac: working?.key ?? new Uint8Array(0) },
): Buffer => encodeFrame(headOf(change), tombstone, sealer);

async function signOn(change: Partial<Head> = {}): Promise<WorkingKey> {
  const head = headOf({ trade: TRADES.signOn, session: null, ...change });
  const answer = await sent(encodeFrame(head, new Uint8Array(0), { signer: own }));
  expect(answer.head.direction).toBe('A');
  expect(verifies(answer, { verifier: grid })).toBe(true);
  return takeWorkingKey(answer.body, own);
}

/** Why a frame was not processed; undefined where it was. */
async function faultOf(frame: Uint8Array): Promise<WireErrorCode | undefined> {
  const answer = await sent(frame);
  if (answer.head.direction === 'A') return undefined;
  expect(verifies(answer, { verifier: grid })).toBe(true);
  const found = Object.entries(FAULT_CODES).find(([, code]) => code === answer.head.business);
  return found?.[0] as WireErrorCode | undefined;
}

describe('the grid’s end of the string profile', () => {
  it('takes a true frame once', async () => {
    const frame = message();
    expect(await faultOf(frame)).toBeUndefined();
    expect(await faultOf(frame)).toBe('wire.replay');
    expect(await faultOf(message())).toBeUndefined();
  });

  it('does nothing for a frame that was changed on its way, nor uses its nonce up', async () => {
    const frame = message();
    const changed = Buffer.from(frame);
    changed.write('2', changed.lastIndexOf('100000000001') + 11, 'latin1');
    expect(await faultOf(changed)).toBe('wire.mac');
    expect(sandbox.world.bill()).toEqual([]);
    expect(await faultOf(frame)).toBeUndefined();
    expect(sandbox.world.bill()).toHaveLength(1);
  });

  it.each([
    ['a MAC by another key', {}, 'wire.mac'],
    ['an agent that it does not know', { agent: 'stranger' }, 'wire.agent'],
    ['a session that it never gave', { session: '00'.repeat(16) }, 'wire.session'],
    ['no such transaction', { trade: '800999' }, 'wire.malformed'],
    ['a body of another transaction', { trade: TRADES.identify }, 'wire.malformed'],
    ['a query about nothing', { trade: TRADES.query }, 'wire.malformed'],
  ] as const)('says of %s that it was not processed', async (_, change, fault) => {
    const sealer = fault === 'wire.mac' ? { mac: new Uint8Array(32) } : undefined;
    expect(await faultOf(message(change, sealer))).toBe(fault);
    expect(sandbox.world.bill()).toEqual([]);
  });

  it.each([
    ['a minute ago', -60_000, undefined],
    ['three minutes ago', -180_000, 'wire.stale'],
    ['in three minutes', 180_000, 'wire.stale'],
  ])('of a frame sent %s says %s %s', async (_, offset, fault) => {
    expect(await faultOf(message({ time: beijingTime(clock.now() + offset) }))).toBe(fault);
  });

  it('remembers a nonce for as long as its frame could be played again', async () => {
    const frame = message();
    await sent(frame);
    clock.jump(119_000);
    expect(await faultOf(frame)).toBe('wire.replay');
    clock.jump(2_000);
    expect(await faultOf(frame)).toBe('wire.stale');
  });

  it('keeps old working keys good beside new ones, until they end', async () => {
    const old = working;
    working = await signOn();
    expect(await faultOf(message())).toBeUndefined();
    working = old;
    expect(await faultOf(message())).toBeUndefined();
    clock.jump(600_000);
    expect(await faultOf(message())).toBe('wire.session');
  });

  it('after a restart knows no old frame, though its nonces are forgotten', async () => {
    const frame = message();
    await sent(frame);
    await server.close();
    server = await listen();
    expect(await faultOf(frame)).toBe('wire.session');
  });

  it('gives no working key to a sign-on that is played again, or that another signed', async () => {
    const head = headOf({ trade: TRADES.signOn, session: null });
    const frame = encodeFrame(head, new Uint8Array(0), { signer: own });
    expect(await faultOf(frame)).toBeUndefined();
    expect(await faultOf(frame)).toBe('wire.replay');
    const other = sm2Private('11'.repeat(32));
    const forged = encodeFrame({ ...head, nonce: 'AB'.repeat(16) }, new Uint8Array(0), { signer: other });
    expect(await faultOf(forged)).toBe('wire.signature');
  });

  it.each(['', '00000003abc', 'GET / HTTP/1.1\r\n\r\n', '99999999', 'x'.repeat(20)])(
    'hangs up on %j',
    async (text) => {
      const failure = await tcpTransport(server.url)
        .exchange(Buffer.from(text), text === '' ? 50 : 60_000)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'grid.unknown' });
    },
  );
});
