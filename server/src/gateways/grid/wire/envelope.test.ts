import { describe, expect, it } from 'vitest';
import {
  canonical,
  envelopeSchema,
  openEnvelope,
  sealEnvelope,
  signRefusal,
  verifyRefusal,
  type Envelope,
  type Header,
} from './envelope.ts';
import { answerSession, deriveKeys, finishSession, startSession } from './session.ts';
import { sm2Private, sm2Public } from './sm2.ts';

const agent = sm2Private('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8');
const grid = sm2Private('128b2fa8bd433c6c068c8d803dff79792a519a55171b1b650c23661d15897263');
const agentPublic = sm2Public(agent.publicKey);
const gridPublic = sm2Public(grid.publicKey);

const keyId = '000102030405060708090a0b0c0d0e0f';
const keys = deriveKeys(new Uint8Array(32).fill(7), '11'.repeat(32), keyId);
const header: Header = {
  v: 1,
  keyId,
  agent: 'bianmin',
  op: 'queryOriginal',
  id: '202122232425262728292a2b2c2d2e2f',
  time: 1764000000000,
  nonce: '303132333435363738393a3b3c3d3e3f',
};
const body = { orderNo: '251124160000000001' };
const seal = (): Envelope => sealEnvelope({ direction: 'request', header, body, keys, signer: agent });
const open = (envelope: Envelope): unknown =>
  openEnvelope({ direction: 'request', envelope, keys, verifier: agentPublic });

const codeOfOpening = (envelope: Envelope): string => {
  try {
    open(envelope);
    return 'opened';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('an envelope', () => {
  it('opens to what was sealed', () => {
    expect(open(seal())).toEqual(body);
    expect(envelopeSchema.safeParse(seal()).success).toBe(true);
  });

  it('is these bytes, literally', () => {
    const iv = Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i);
    const sealed = sealEnvelope({ direction: 'request', header, body, keys, signer: agent, iv });
    expect(canonical('request', sealed)).toBe(
      [
        'collection',
        '1',
        'request',
        keyId,
        'bianmin',
        'queryOriginal',
        header.id,
        '1764000000000',
        header.nonce,
        'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
        LITERAL.body,
      ].join('\n'),
    );
    expect(sealed.body).toBe(LITERAL.body);
    expect(sealed.mac).toBe(LITERAL.mac);
  });

  it.each([
    ['agent', 'someone'],
    ['op', 'reverse'],
    ['id', '0'.repeat(32)],
    ['time', 1764000000001],
    ['nonce', '0'.repeat(32)],
    ['keyId', '0'.repeat(32)],
    ['iv', '0'.repeat(32)],
    ['mac', '0'.repeat(64)],
  ])('with another %s fails its MAC', (field, value) => {
    expect(codeOfOpening({ ...seal(), [field]: value })).toBe('wire.mac');
  });

  it('with another body fails its MAC before anything is decrypted', () => {
    const sealed = seal();
    const flipped = sealed.body.startsWith('A') ? `B${sealed.body.slice(1)}` : `A${sealed.body.slice(1)}`;
    expect(codeOfOpening({ ...sealed, body: flipped })).toBe('wire.mac');
  });

  it('signed by another key fails its signature', () => {
    const forged = sealEnvelope({ direction: 'request', header, body, keys, signer: grid });
    expect(codeOfOpening(forged)).toBe('wire.signature');
  });

  it('sent back as an answer does not open: each direction has its own keys', () => {
    expect(() =>
      openEnvelope({ direction: 'answer', envelope: seal(), keys, verifier: agentPublic }),
    ).toThrow('authentication code');
  });
});

describe('a session', () => {
  const start = (): ReturnType<typeof startSession> =>
    startSession({ agent: 'bianmin', now: 1000, signer: agent, grid: gridPublic });
  const answer = (request: ReturnType<typeof start>['request']): ReturnType<typeof answerSession> =>
    answerSession({ request, now: 1001, lifeMs: 60_000, signer: grid, agent: agentPublic });

  it('gives both ends the same keys', () => {
    const { request, secret } = start();
    const theirs = answer(request);
    const ours = finishSession({ request, answer: theirs.answer, secret, grid: gridPublic });
    expect(ours).toEqual(theirs.keys);
  });

  it('played again gives other keys', () => {
    const { request } = start();
    expect(answer(request).keys).not.toEqual(answer(request).keys);
  });

  it('is refused from another agent’s key', () => {
    const { request } = startSession({ agent: 'bianmin', now: 1000, signer: grid, grid: gridPublic });
    expect(() => answer(request)).toThrow('not signed by this agent');
  });

  it.each([
    ['an answer to another handshake', { nonce: '0'.repeat(32) }, 'another handshake'],
    ['a longer life', { expiresAt: 9_999_999 }, 'not signed by the grid'],
    ['another share', { gridNonce: '0'.repeat(64) }, 'not signed by the grid'],
  ])('is refused by the client with %s', (_, change, message) => {
    const { request, secret } = start();
    const changed = { ...answer(request).answer, ...change };
    expect(() => finishSession({ request, answer: changed, secret, grid: gridPublic })).toThrow(message);
  });
});

it('a refusal is the grid’s alone, and about one message', () => {
  const unsigned = {
    v: 1 as const,
    fault: 'wire.session' as const,
    id: header.id,
    nonce: header.nonce,
    time: 5,
  };
  const refusal = signRefusal(unsigned, grid);
  expect(verifyRefusal(refusal, gridPublic)).toBe(true);
  expect(verifyRefusal({ ...refusal, fault: 'wire.stale' }, gridPublic)).toBe(false);
  expect(verifyRefusal({ ...refusal, id: '0'.repeat(32) }, gridPublic)).toBe(false);
  expect(verifyRefusal(signRefusal(unsigned, agent), gridPublic)).toBe(false);
});

/** Taken once from this codec and checked against `openssl enc -sm4-cbc` and `openssl dgst -sm3 -mac hmac`. */
const LITERAL = {
  body: 'Pu8H/XJUtXVDYjN0NEXdtNctqNBPwB1WCfnLDCMk5sxvQMWC7NXD4AbFiWkVfQMa',
  mac: '9da121ee422b92abb7349e8099432a2617fdddd8d48f8922006dcc39d9110133',
};
