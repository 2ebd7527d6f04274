import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { BEAT_PATH } from '@bianmin/purchase/api/beat-key';
import type { HttpAnswer, HttpCall } from '@bianmin/purchase/api/http-call';
import { PROBLEMS, type ProblemCode } from '@bianmin/purchase/api/problem';
import { enrolRequest } from '@bianmin/purchase/api/terminal';
import { loadHostEnvironment } from './env.ts';
import { loadOrCreateIdentity, type HostIdentity } from './identity.ts';
import { KeyedBeats } from './keyed-beats.ts';
import { serverSide } from './server-side.ts';
import { StatusBoard } from './status.ts';

const BEAT = { version: '1.0.0', readers: ['R'] };
const TAKEN = { nextMs: 60_000 };
/** What an enrolment was, before one could bring a key. */
const enrolRequestOfBefore = z.strictObject({ jws: z.string() });

let folder: string;
let identity: HostIdentity;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-server-side-'));
  identity = await loadOrCreateIdentity(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const said = (body: object): HttpAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) });

function problem(code: ProblemCode): HttpAnswer {
  const { status, retryable } = PROBLEMS[code];
  const of = { type: `urn:bianmin:problem:${code}`, title: 'No', traceId: 'a'.repeat(32) };
  return { status, headers: {}, body: JSON.stringify({ ...of, status, code, retryable }) };
}

/** A kiosk at a server of before; `kept`: it has a key from the time when the server was of now. */
function rig(init: { kept?: true } = {}) {
  const clock = new ManualClock();
  const on = { ofBefore: true, busy: false };
  const asked: string[] = [];
  const { terminalId } = identity;
  const http: HttpCall = ({ url, body = '', headers }) => {
    const path = new URL(url).pathname;
    const scheme = headers['Authorization']?.split(' ')[0];
    asked.push(scheme === undefined ? path : `${path} ${scheme}`);
    const answer = ((): HttpAnswer => {
      if (path === '/v1/terminal/token') return said({ accessToken: 'T', tokenType: 'DPoP', expiresIn: 600 });
      if (path === BEAT_PATH) {
        return scheme === 'Beat' && on.ofBefore ? problem('terminal.bad-proof') : said(TAKEN);
      }
      if (on.busy) return problem('server.busy');
      const form = on.ofBefore ? enrolRequestOfBefore : enrolRequest;
      const read = form.safeParse(JSON.parse(body));
      if (!read.success) return problem('request.malformed');
      const beatKey = { token: 'K', sealedKey: 'sealed', expiresIn: 1800, takenFor: 86_400 };
      return said({ terminalId, status: 'accepted', ...('beatKey' in read.data ? { beatKey } : {}) });
    })();
    return Promise.resolve(answer);
  };
  const board = new StatusBoard({
    facts: {
      ...{
        terminalId: null,
        version: '1.0.0',
        server: 'online',
        clock: null,
        entry: 'kiosk',
        voice: 'normal',
      },
      ...{ helpPhone: '95598', notice: null, standing: null, blocked: false },
    },
    onChange: () => undefined,
  });
  const faults: unknown[] = [];
  const onFault = (_where: string, error: unknown) => faults.push(error);
  const server = serverSide({
    env: loadHostEnvironment({ BIANMIN_SERVER_URL: 'https://bianmin.test', BIANMIN_DATA_DIR: folder }),
    ...{ identity, clock, board, http, onFault, log: { warn: () => undefined }, random: () => 0.5 },
  });
  const key = 'a'.repeat(43);
  const kept = { terminalId, token: 'k', key, renewMs: 1_620_000, untilMs: clock.now() + 86_400_000 };
  const beats = new KeyedBeats({
    ...{ client: server.client, http: server.http, baseUrl: server.baseUrl, clock, onFault, terminalId },
    askKey: () => server.beatKeys.ask(),
    unseal: () => Promise.resolve(key),
    kept: { read: () => (init.kept === true ? kept : undefined), write: () => undefined },
    serverNow: () => clock.now(),
    random: () => 0.5,
  });
  server.beatKeys.bringTo(beats);
  const enrolments = () => asked.filter((path) => path === '/v1/terminal/enrol').length;
  return { clock, on, asked, board, faults, server, beats, enrolments };
}

describe('a kiosk at a server of before keys with an enrolment', () => {
  it('enrols without, and does not try twice each time', async () => {
    const { server, board, faults, enrolments } = rig();
    await server.enrolment.first(1000);
    expect(board.status.terminalId).toBe(identity.terminalId);
    expect(enrolments()).toBe(2);
    await server.enrolment.first(1000);
    expect([enrolments(), faults]).toEqual([3, []]);
  });

  it('beats as every other call goes, without an enrolment each time', async () => {
    const { beats, asked, enrolments } = rig({ kept: true });
    for (const _ of [1, 2, 3, 4]) expect(await beats.send(BEAT)).toEqual(TAKEN);
    expect(asked.filter((path) => path.startsWith(BEAT_PATH))).toEqual([
      `${BEAT_PATH} Beat`,
      ...Array<string>(4).fill(`${BEAT_PATH} DPoP`),
    ]);
    expect(enrolments()).toBe(2);
  });

  it('finds out that the server is of now again', async () => {
    const { clock, on, beats, asked } = rig();
    await beats.send(BEAT);
    on.ofBefore = false;
    clock.jump(2_600_000);
    await beats.send(BEAT);
    expect(asked.at(-1)).toBe(`${BEAT_PATH} DPoP`);
    clock.jump(100_001);
    await beats.send(BEAT);
    expect(asked.at(-1)).toBe(`${BEAT_PATH} Beat`);
  });

  it('is told of every other refusal, and wishes for a key again', async () => {
    const { on, server, enrolments } = rig();
    Object.assign(on, { ofBefore: false, busy: true });
    await expect(server.beatKeys.ask()).rejects.toMatchObject({ code: 'server.busy' });
    expect(enrolments()).toBe(1);
    on.busy = false;
    expect(await server.beatKeys.ask()).toMatchObject({ token: 'K' });
  });
});
