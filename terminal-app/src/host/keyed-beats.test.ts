import { createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { BEAT_PATH, beatSignatureBase } from '@bianmin/purchase/api/beat-key';
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

/** A server that gives a key, another each time, and answers beats as it is told. */
function rig(answers: (HttpAnswer | 'cut')[] = [], keyFault?: ProblemCode) {
  const clock = new ManualClock();
  const keys: Buffer[] = [];
  const posted: string[] = [];
  const beats: HttpRequest[] = [];
  const client = {
    post: (path: string, schema: { parse: (value: unknown) => unknown }) => {
      posted.push(path);
      if (path === BEAT_PATH) return Promise.resolve(schema.parse(TAKEN));
      if (keyFault !== undefined) {
        return Promise.reject(
          new ApiError({ code: keyFault, message: 'No', status: 404, retryAfterMs: 7000 }),
        );
      }
      keys.push(randomBytes(32));
      return Promise.resolve(
        schema.parse({ token: `token-${keys.length}`, sealedKey: `sealed-${keys.length}`, expiresIn: 1800 }),
      );
    },
  } as unknown as ConstructorParameters<typeof KeyedBeats>[0]['client'];
  const sender = new KeyedBeats({
    client,
    http: (request) => {
      beats.push(request);
      const answer = answers.shift() ?? { status: 200, headers: {}, body: JSON.stringify(TAKEN) };
      return answer === 'cut' ? Promise.reject(new Error('cut')) : Promise.resolve(answer);
    },
    baseUrl: 'https://bianmin.test',
    unseal: (jwe) =>
      Promise.resolve(keys[Number(jwe.slice('sealed-'.length)) - 1]?.toString('base64url') ?? ''),
    serverNow: () => clock.now() + 3_600_000,
    clock,
  });
  return { clock, keys, posted, beats, sender };
}

describe('beats by a key', () => {
  it('are signed over path, body and the server’s time, each with another nonce', async () => {
    const { clock, keys, beats, sender } = rig();
    expect(await sender.send(BEAT)).toEqual(TAKEN);
    await sender.send(BEAT);
    const nonces = beats.map(({ headers, body = '', url }) => {
      expect(url).toBe(`https://bianmin.test${BEAT_PATH}`);
      expect(headers['Authorization']).toBe('Beat token-1');
      const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
      expect(headers['Content-Digest']).toBe(contentDigest);
      const created = Math.floor(clock.now() / 1000) + 3600;
      const nonce = /;nonce="([\w-]{22})";/.exec(headers['Signature-Input'] ?? '')?.[1] ?? '';
      const base = beatSignatureBase({ path: BEAT_PATH, contentDigest, created, nonce });
      const mac = createHmac('sha256', keys[0] ?? '')
        .update(base)
        .digest('base64');
      expect(headers['Signature']).toBe(`beat=:${mac}:`);
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
    expect(beats.map(({ headers }) => headers['Authorization'])).toEqual([
      'Beat token-1',
      'Beat token-1',
      'Beat token-2',
    ]);
  });

  it.each(['auth.expired', 'auth.required', 'terminal.bad-proof'] as const)(
    'go as every other call where the key is not taken (%s), and the next has another key',
    async (code) => {
      const { keys, posted, sender } = rig([problem(401, code)]);
      expect(await sender.send(BEAT)).toEqual(TAKEN);
      expect(posted).toEqual(['/v1/terminal/beat-key', BEAT_PATH]);
      await sender.send(BEAT);
      expect(keys).toHaveLength(2);
    },
  );

  it('go as every other call where the server knows no keys', async () => {
    const { beats, sender } = rig([], 'request.not-found');
    expect(await sender.send(BEAT)).toEqual(TAKEN);
    expect(beats).toEqual([]);
  });

  it('say when to come again, of the key and of the beat', async () => {
    const busy = problem(503, 'server.busy', { 'retry-after': '42' });
    await expect(rig([busy]).sender.send(BEAT)).rejects.toMatchObject({
      code: 'server.busy',
      retryAfterMs: 42_000,
    });
    await expect(rig([], 'server.busy').sender.send(BEAT)).rejects.toMatchObject({ retryAfterMs: 7000 });
  });

  it('are not known to have been taken where no answer came', async () => {
    const { posted, sender } = rig(['cut']);
    await expect(sender.send(BEAT)).rejects.toMatchObject({ code: 'server.unavailable', status: 0 });
    expect(posted).toEqual(['/v1/terminal/beat-key']);
  });
});
