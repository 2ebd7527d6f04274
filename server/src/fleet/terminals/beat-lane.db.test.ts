import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { BEAT_PATH, beatCredentials, beatKeyResponse, beatSignedText } from '@bianmin/purchase/api/beat-key';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { tokenResponse } from '@bianmin/purchase/api/terminal';
import { BEAT_KEY_TTL_S } from './beat-keys.ts';
import { beatSignatureBase, beatSignatureParams } from './beat-signature.ts';
import { PROOF_WINDOW_S } from './dpop.ts';
import { TestTerminal } from '../../testing/terminal.ts';
import { ENROL_CODE, openTestWeb, type TestWeb } from '../../testing/web.ts';
import { loadOrCreateIdentity } from '../../../../terminal-app/src/host/identity.ts';
import { KeyedBeats } from '../../../../terminal-app/src/host/keyed-beats.ts';

const SAID = { version: '1.2.0', readers: ['ACR39U'] };

interface Held {
  readonly terminal: TestTerminal;
  readonly token: string;
  readonly key: Buffer;
}

/** As terminals send it, and as kiosks of before December 2026 do. */
const FORMS = ['with its proof in one header', 'with its proof in headers of their own'] as const;

/** What of a beat is made otherwise than a terminal makes it. */
interface Wrong {
  readonly body?: object;
  readonly key?: Buffer;
  readonly created?: number;
  readonly params?: string;
  readonly nonce?: string;
}

describe('a beat by its key', () => {
  const clock = new ManualClock();
  let running: TestWeb;
  let one: Held;

  beforeAll(async () => {
    running = await openTestWeb({}, clock);
  });
  beforeEach(async () => {
    // Between two tests, so that admission has room for what the next begins with, however busy this process is.
    await clock.advance(1_000);
    await running.web.fleet.cutOff.refresh();
    one = await held();
  });
  afterEach(() => running.t.redis.flushdb());
  afterAll(() => running.close());

  const nowS = (): number => Math.floor(clock.now() / 1000);
  const url = (path: string): string => `${running.web.url}${path}`;
  const post = (path: string, headers: Record<string, string>, body?: object): Promise<Response> =>
    fetch(url(path), {
      method: 'POST',
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  async function held(): Promise<Held> {
    const terminal = await TestTerminal.create(clock);
    const { fleet } = running.web;
    await fleet.enrolment.enrol(await terminal.enrolment(), { ip: '127.0.0.1', traceId: 'a'.repeat(32) });
    await decided(terminal, 'accepted');
    return withKey(terminal);
  }

  async function decided(terminal: TestTerminal, to: 'accepted' | 'rejected'): Promise<void> {
    const from = ['pending', 'accepted', 'rejected'] as const;
    await running.web.fleet.terminals.decide({
      id: terminal.id,
      from,
      to,
      by: 'test',
      at: new Date(clock.now()),
    });
  }

  async function withKey(terminal: TestTerminal): Promise<Held> {
    const asked = await post('/v1/terminal/token', {}, { assertion: await terminal.assertion() });
    const { accessToken } = tokenResponse.parse(await asked.json());
    const path = '/v1/terminal/beat-key';
    const proof = await terminal.proof({ method: 'POST', url: url(path), accessToken });
    const answer = await post(path, { Authorization: `DPoP ${accessToken}`, DPoP: proof });
    const { token, sealedKey } = beatKeyResponse.parse(await answer.json());
    const { plaintext } = await compactDecrypt(sealedKey, terminal.seal.privateKey);
    return { terminal, token, key: Buffer.from(new TextDecoder().decode(plaintext), 'base64url') };
  }

  let form: (typeof FORMS)[number] = FORMS[0];

  function signed(by: Held, wrong: Wrong = {}): Record<string, string> {
    return form === FORMS[0] ? inOne(by, wrong) : apart(by, wrong);
  }

  function inOne({ token, key }: Held, { body = SAID, ...wrong }: Wrong = {}): Record<string, string> {
    const of = {
      created: wrong.created ?? nowS(),
      nonce: wrong.nonce ?? randomBytes(16).toString('base64url'),
    };
    const mac = createHmac('sha256', wrong.key ?? key)
      .update(beatSignedText(of))
      .update(JSON.stringify(body))
      .digest('base64url');
    return { Authorization: `Beat ${beatCredentials({ ...of, token, mac })}` };
  }

  function apart({ token, key }: Held, { body = SAID, ...wrong }: Wrong = {}): Record<string, string> {
    const init = {
      created: wrong.created ?? nowS(),
      nonce: wrong.nonce ?? randomBytes(16).toString('base64url'),
    };
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64');
    const contentDigest = `sha-256=:${digest}:`;
    const base = beatSignatureBase({ ...init, path: BEAT_PATH, contentDigest });
    const mac = createHmac('sha256', wrong.key ?? key)
      .update(base)
      .digest('base64');
    return {
      Authorization: `Beat ${token}`,
      'Content-Digest': contentDigest,
      'Signature-Input': `beat=${wrong.params ?? beatSignatureParams(init)}`,
      Signature: `beat=:${mac}:`,
    };
  }

  const sent = (headers: Record<string, string>, body: object = SAID): Promise<Response> =>
    post(BEAT_PATH, headers, body);
  const codeOf = async (response: Promise<Response>): Promise<string> =>
    problemSchema.parse(await (await response).json()).code;
  const seen = async ({ terminal }: Held): Promise<boolean> =>
    (await running.web.fleet.board.seenAt([terminal.id])).has(terminal.id);

  describe.each(FORMS)('%s', (each) => {
    beforeAll(() => {
      form = each;
    });
    afterAll(() => {
      form = FORMS[0];
    });

    it('is taken, told when the next is due, and dressed like every other answer', async () => {
      const response = await sent(signed(one));
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ nextMs: expect.any(Number) as number });
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('trace-id')).toMatch(/^[0-9a-f]{32}$/);
      expect(await seen(one)).toBe(true);
    });

    it('is refused a second time', async () => {
      const headers = signed(one);
      expect((await sent(headers)).status).toBe(200);
      expect(await codeOf(sent(headers))).toBe('terminal.bad-proof');
      // The same nonce under another time is the same nonce.
      const nonce = 'n'.repeat(22);
      expect((await sent(signed(one, { nonce }))).status).toBe(200);
      expect(await codeOf(sent(signed(one, { nonce, created: nowS() + 1 })))).toBe('terminal.bad-proof');
    });

    it('is refused with another body', async () => {
      expect(await codeOf(sent(signed(one), { ...SAID, version: '9.9.9' }))).toBe('terminal.bad-proof');
      expect(await seen(one)).toBe(false);
    });

    it.each([-PROOF_WINDOW_S - 1, PROOF_WINDOW_S + 1])('is refused %i seconds off', async (off) => {
      expect(await codeOf(sent(signed(one, { created: nowS() + off })))).toBe('terminal.bad-proof');
    });

    it('is refused by another terminal’s key, and under another terminal’s token', async () => {
      const two = await held();
      expect(await codeOf(sent(signed(one, { key: two.key })))).toBe('terminal.bad-proof');
      expect(await codeOf(sent(signed({ ...one, token: two.token })))).toBe('terminal.bad-proof');
      expect([await seen(one), await seen(two)]).toEqual([false, false]);
    });

    it('is refused under a token that says something else', async () => {
      const said = JSON.parse(Buffer.from(one.token, 'base64url').toString()) as object;
      const token = Buffer.from(JSON.stringify({ ...said, exp: nowS() + 1e6 })).toString('base64url');
      expect(await codeOf(sent(signed({ ...one, token })))).toBe('terminal.bad-proof');
      expect(await codeOf(sent(signed({ ...one, token: 'none-of-ours' })))).toBe('terminal.bad-proof');
    });
  });

  it('is what a kiosk’s own code sends', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bianmin-beat-'));
    const identity = await loadOrCreateIdentity(dir);
    const http = axiosCall();
    const baseUrl = running.web.url;
    const client = new ApiClient({ baseUrl, identity, clock, http });
    const facts = { kind: 'kiosk', name: 'A kiosk', version: '1.0.0', code: ENROL_CODE } as const;
    const enrol = () => client.enrol((at) => identity.signEnrolment(facts, at), { beatKey: true });
    const schemes: string[] = [];
    const beats = new KeyedBeats({
      ...{ client, baseUrl, clock, random: () => 0.5, terminalId: identity.terminalId },
      http: (request) => {
        schemes.push(request.headers['Authorization']?.split(' ')[0] ?? '');
        return http(request);
      },
      // By its code it is accepted with this very proof, and has its key with the answer.
      askKey: async () => (await enrol()).beatKey,
      unseal: (jwe) => identity.unseal(jwe),
      kept: { read: () => undefined, write: () => undefined },
      onFault: (where, error) => expect.unreachable(`${where}: ${String(error)}`),
      serverNow: () => clock.now(),
    });
    const answers = [await beats.send(SAID), await beats.send(SAID)];
    await rm(dir, { recursive: true });
    expect(answers).toEqual(Array(2).fill({ nextMs: expect.any(Number) as number }));
    expect(schemes).toEqual(['Beat', 'Beat']);
    expect((await running.web.fleet.board.seenAt([identity.terminalId])).size).toBe(1);
  });

  it('is refused in another form of proof than the two', async () => {
    const whole = inOne(one)['Authorization'] ?? '';
    for (const other of [`${whole}~x`, whole.slice(0, -1), whole.replace('~', '~~'), `${whole}=`]) {
      expect(await codeOf(sent({ Authorization: other }))).toBe('terminal.bad-proof');
    }
    // Of two proofs the one in the first header is what counts.
    const other = inOne(one, { key: randomBytes(32) });
    expect(await codeOf(sent({ ...apart(one), ...other }))).toBe('terminal.bad-proof');
  });

  it('is refused in another form of signature than the one', async () => {
    for (const params of [
      beatSignatureParams({ created: nowS(), nonce: 'short' }),
      `("@method");created=${nowS()};nonce="${'n'.repeat(22)}";alg="hmac-sha256";tag="bianmin-beat"`,
      `${beatSignatureParams({ created: nowS(), nonce: 'n'.repeat(22) })};x=1`,
      '',
    ]) {
      expect(await codeOf(sent(apart(one, { params })))).toBe('terminal.bad-proof');
    }
    const { Signature: _, ...without } = apart(one);
    expect(await codeOf(sent(without))).toBe('terminal.bad-proof');
  });

  it('ends with its token', async () => {
    clock.jump(BEAT_KEY_TTL_S * 1000 + 1000);
    await clock.advance(2_000);
    await running.web.fleet.cutOff.refresh();
    expect(await codeOf(sent(signed(one)))).toBe('auth.expired');
    expect((await sent(signed(await withKey(one.terminal)))).status).toBe(200);
  });

  it('is refused within seconds of a rejection, and taken again after it was undone', async () => {
    await decided(one.terminal, 'rejected');
    await clock.advance(2_000);
    await expect.poll(async () => (await sent(signed(one))).status).toBe(403);
    expect(await codeOf(sent(signed(one)))).toBe('terminal.rejected');
    await decided(one.terminal, 'accepted');
    await running.web.fleet.cutOff.refresh();
    expect((await sent(signed(one))).status).toBe(200);
  });

  it('says nothing that the schema does not know, however often', async () => {
    const body = { ...SAID, customerNo: '6501000001' };
    for (let n = 0; n < 2; n += 1) {
      expect(await codeOf(sent(signed(one, { body }), body))).toBe('request.malformed');
    }
    const text = { ...signed(one), 'Content-Type': 'text/plain' };
    expect((await sent(signed(one))).status).toBe(200);
    const plain = await fetch(url(BEAT_PATH), { method: 'POST', headers: text, body: JSON.stringify(SAID) });
    expect(plain.status).toBe(415);
  });

  it('is counted with each of its words, though it says the same again', async () => {
    const body = { ...SAID, errors: [{ code: 'reader.timeout', count: 2 }] };
    for (let n = 0; n < 3; n += 1) expect((await sent(signed(one, { body }), body)).status).toBe(200);
    const faults = await running.web.fleet.board.faults(clock.now());
    expect(faults).toEqual([expect.objectContaining({ code: 'reader.timeout', count: 6 })]);
  });

  it('opens nothing else', async () => {
    const headers = signed(one);
    expect(await codeOf(post('/v1/terminal/stream-ticket', headers))).toBe('auth.required');
    expect(
      await codeOf(post('/v1/terminal/beat-key', { ...headers, Authorization: `DPoP ${one.token}` })),
    ).toBe('auth.required');
  });
});
