import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { BEAT_PATH, beatSignedText } from '@bianmin/purchase/api/beat-key';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { HttpAnswer, HttpRequest } from '@bianmin/purchase/api/http-call';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import { KeyedBeats } from './keyed-beats.ts';

const BEAT = { version: '1.0.0', readers: ['R'] };
const TAKEN = { nextMs: 60_000 };

function problem(status: number, code: ProblemCode, headers: Record<string, string> = {}): HttpAnswer {
  const body = {
    type: `urn:bianmin:problem:${code}`,
    title: 'No',
    status,
    code,
    traceId: 'a'.repeat(32),
    retryable: true,
  };
  return { status, headers, body: JSON.stringify(body) };
}

type Kept = ReturnType<ConstructorParameters<typeof KeyedBeats>[0]['kept']['read']>;

/** A server that gives a key, another each time, and answers beats as it is told; `kept`: from before a restart. */
function rig(
  init: {
    answers?: (HttpAnswer | 'cut')[];
    keyFault?: ProblemCode;
    none?: true;
    sealedToAnother?: true;
    diskFull?: true;
    kept?: Kept;
    terminalId?: string;
    at?: number;
  } = {},
) {
  const clock = new ManualClock(init.at);
  const answers = init.answers ?? [];
  const keys: Buffer[] = [];
  const posted: string[] = [];
  const beats: HttpRequest[] = [];
  const faults: string[] = [];
  const on: { keyFault: ProblemCode | undefined; kept: Kept; sealedToAnother: boolean } = {
    ...{ keyFault: init.keyFault, kept: init.kept, sealedToAnother: init.sealedToAnother === true },
  };
  const client = {
    post: (path: string, schema: { parse: (value: unknown) => unknown }) => {
      posted.push(path);
      return Promise.resolve(schema.parse(TAKEN));
    },
  } as unknown as ConstructorParameters<typeof KeyedBeats>[0]['client'];
  const sender = new KeyedBeats({
    client,
    http: (request) => {
      beats.push(request);
      const answer = answers.shift() ?? { status: 200, headers: {}, body: JSON.stringify(TAKEN) };
      return answer === 'cut' ? Promise.reject(new Error('cut')) : Promise.resolve(answer);
    },
    ...{ baseUrl: 'https://bianmin.test', terminalId: init.terminalId ?? 't1' },
    askKey: () => {
      const { keyFault: code } = on;
      if (code !== undefined) {
        return Promise.reject(new ApiError({ code, message: 'No', status: 503, retryAfterMs: 7000 }));
      }
      if (init.none === true) return Promise.resolve(undefined);
      keys.push(randomBytes(32));
      return Promise.resolve({
        ...{ token: `token-${keys.length}`, sealedKey: `sealed-${keys.length}` },
        ...{ expiresIn: 1800, takenFor: 86_400 },
      });
    },
    unseal: (jwe) =>
      on.sealedToAnother
        ? Promise.reject(new Error('sealed to another'))
        : Promise.resolve(keys[Number(jwe.slice('sealed-'.length)) - 1]?.toString('base64url') ?? ''),
    kept: {
      read: () => on.kept,
      write: (kept) => {
        if (init.diskFull === true) throw new Error('ENOSPC');
        on.kept = kept;
      },
    },
    onFault: (where) => faults.push(where),
    serverNow: () => clock.now() + 3_600_000,
    ...{ clock, random: () => 0.5 },
  });
  return { clock, keys, posted, beats, faults, sender, on };
}

/** The tokens that beats were sent by. */
const tokensOf = (beats: readonly HttpRequest[]) =>
  beats.map(({ headers }) => /^Beat ([^~]+)~/.exec(headers['Authorization'] ?? '')?.[1]);

describe('beats by a key', () => {
  it('are signed over path, body and the server’s time, each with another nonce', async () => {
    const { clock, keys, beats, sender } = rig();
    expect(await sender.send(BEAT)).toEqual(TAKEN);
    await sender.send(BEAT);
    const nonces = beats.map(({ headers, body = '', url }) => {
      expect(url).toBe(`https://bianmin.test${BEAT_PATH}`);
      const [token, created, nonce = '', mac] = (headers['Authorization'] ?? '').split('~');
      expect(token).toBe('Beat token-1');
      expect(Number(created)).toBe(Math.floor(clock.now() / 1000) + 3600);
      expect(nonce).toMatch(/^[\w-]{22}$/);
      const text = beatSignedText({ created: Number(created), nonce });
      const expected = createHmac('sha256', keys[0] ?? '').update(text + body);
      expect(mac).toBe(expected.digest('base64url'));
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
  });

  it('keep a key until it is nearly over', async () => {
    const { clock, keys, beats, sender } = rig();
    await sender.send(BEAT);
    clock.jump(1_600_000);
    await sender.send(BEAT);
    expect(keys).toHaveLength(1);
    clock.jump(21_000);
    await sender.send(BEAT);
    expect(tokensOf(beats)).toEqual(['token-1', 'token-1', 'token-2']);
  });

  it.each(['auth.expired', 'auth.required', 'terminal.bad-proof'] as const)(
    'go as every other call where the key is not taken (%s), and the next has another key',
    async (code) => {
      const { keys, posted, sender } = rig({ answers: [problem(401, code)] });
      expect(await sender.send(BEAT)).toEqual(TAKEN);
      expect(posted).toEqual([BEAT_PATH]);
      await sender.send(BEAT);
      expect(keys).toHaveLength(2);
    },
  );

  it('go as every other call where the server gives no keys', async () => {
    const { beats, sender } = rig({ none: true });
    expect(await sender.send(BEAT)).toEqual(TAKEN);
    expect(beats).toEqual([]);
  });

  it('say when to come again, of the key and of the beat', async () => {
    const busy = problem(503, 'server.busy', { 'retry-after': '42' });
    await expect(rig({ answers: [busy] }).sender.send(BEAT)).rejects.toMatchObject({
      code: 'server.busy',
      retryAfterMs: 42_000,
    });
    await expect(rig({ keyFault: 'server.busy' }).sender.send(BEAT)).rejects.toMatchObject({
      retryAfterMs: 7000,
    });
  });

  it('are not known to have been taken where no answer came', async () => {
    const { posted, sender } = rig({ answers: ['cut'] });
    await expect(sender.send(BEAT)).rejects.toMatchObject({ code: 'server.unavailable', status: 0 });
    expect(posted).toEqual([]);
  });

  it('go on by the key that there is while the next cannot be had', async () => {
    const { clock, beats, on, sender } = rig();
    await sender.send(BEAT);
    clock.jump(1_621_000);
    on.keyFault = 'server.busy';
    await sender.send(BEAT);
    // Asked for again when the server said, and not before.
    on.keyFault = undefined;
    await sender.send(BEAT);
    clock.jump(7_001);
    await sender.send(BEAT);
    expect(tokensOf(beats)).toEqual(['token-1', 'token-1', 'token-1', 'token-2']);
  });

  it('come by the kept key after a restart, and ask for the next at a moment of their own', async () => {
    const first = rig();
    await first.sender.send(BEAT);
    const { clock, keys, beats, sender } = rig({ kept: first.on.kept });
    expect(sender.wantsKey).toBe(false);
    await sender.send(BEAT);
    clock.jump(809_000);
    await sender.send(BEAT);
    expect(keys).toHaveLength(0);
    clock.jump(2_000);
    await sender.send(BEAT);
    expect(keys).toHaveLength(1);
    expect(tokensOf(beats)).toEqual(['token-1', 'token-1', 'token-1']);
  });

  it('do not come by a kept key that is over, also where it ends later', async () => {
    const first = rig();
    await first.sender.send(BEAT);
    const end = first.clock.now() + 86_400_000;
    const { keys, beats, sender } = rig({ kept: first.on.kept, at: end });
    expect(sender.wantsKey).toBe(true);
    await sender.send(BEAT);
    expect(keys).toHaveLength(1);
    expect(beats).toHaveLength(1);

    const last = rig({ kept: first.on.kept, at: end - 5_000 });
    expect(last.sender.wantsKey).toBe(false);
    await last.sender.send(BEAT);
    expect(last.keys).toHaveLength(0);
    last.clock.jump(5_000);
    await last.sender.send(BEAT);
    expect(last.posted).toEqual([]);
    expect(last.keys).toHaveLength(1);
  });

  it('ask for no other key at each beat where one cannot be opened', async () => {
    const { clock, keys, posted, faults, beats, on, sender } = rig({ sealedToAnother: true });
    for (const _ of [1, 2, 3]) expect(await sender.send(BEAT)).toEqual(TAKEN);
    expect([keys.length, posted.length, faults]).toEqual([1, 3, ['beat-key']]);
    on.sealedToAnother = false;
    clock.jump(120_000);
    await sender.send(BEAT);
    clock.jump(1_621_000);
    on.sealedToAnother = true;
    for (const _ of [1, 2, 3]) await sender.send(BEAT);
    expect(keys).toHaveLength(3);
    expect(tokensOf(beats)).toEqual(Array(4).fill('token-2'));
  });

  it('use a key that cannot be kept as long as any other', async () => {
    const { clock, keys, faults, sender } = rig({ diskFull: true });
    await sender.send(BEAT);
    clock.jump(1_600_000);
    await sender.send(BEAT);
    expect([keys.length, faults]).toEqual([1, ['beat-key']]);
  });

  it('do not come by a key that was kept under another identity', async () => {
    const first = rig();
    await first.sender.send(BEAT);
    const { keys, sender } = rig({ kept: first.on.kept, terminalId: 't2' });
    expect(sender.wantsKey).toBe(true);
    await sender.send(BEAT);
    expect(keys).toHaveLength(1);
  });

  it('are signed by what an enrolment brought, whose proof did for both', async () => {
    const { keys, beats, sender } = rig();
    expect(sender.wantsKey).toBe(true);
    keys.push(randomBytes(32));
    await sender.hear({ token: 'brought', sealedKey: 'sealed-1', expiresIn: 1800 });
    expect(sender.wantsKey).toBe(false);
    await sender.send(BEAT);
    expect(tokensOf(beats)).toEqual(['brought']);
    expect(keys).toHaveLength(1);
  });
});
