import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, CompactEncrypt, compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { enrolPayload } from '@bianmin/purchase/api/terminal';
import { ApiClient } from '@bianmin/purchase/api/client';
import { shellRig, type ShellRig } from '../../double/rig.ts';
import { BoxIdentity } from './identity.ts';
import { utf8 } from './text-bytes.ts';
import { uuidOf } from './uuid.ts';

let count = 0;
const newId = (): string => uuidOf(new Uint8Array(16).fill(++count));

function identityOf(rig: ShellRig, onLost: () => void = () => undefined): Promise<BoxIdentity> {
  return BoxIdentity.from({ link: rig.link, newId, onLost });
}

async function verified(
  rig: ShellRig,
  jws: string,
): Promise<{ header: object; payload: Record<string, unknown> }> {
  const { protectedHeader, payload } = await compactVerify(
    jws,
    await importJWK({ ...rig.keys.signKey }, rig.keys.alg),
  );
  return {
    header: protectedHeader,
    payload: JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>,
  };
}

describe.each(['ES256', 'RS256'] as const)('a box that signs with %s', (alg) => {
  it('has the id and the fingerprint that the server derives from its key', async () => {
    const rig = shellRig({ alg });
    const identity = await identityOf(rig);
    const thumbprint = await calculateJwkThumbprint({ ...rig.keys.signKey }, 'sha256');
    expect(identity.terminalId).toBe(
      `t${createHash('sha256').update(thumbprint).digest('hex').slice(0, 30)}`,
    );
    expect(identity.fingerprint).toBe(thumbprint.slice(0, 12));
  });

  it('signs assertions and proofs of its own', async () => {
    const rig = shellRig({ alg });
    const identity = await identityOf(rig);
    const assertion = await verified(rig, await identity.signAssertion(1000));
    expect(assertion.header).toEqual({ alg, typ: 'client-authentication+jwt' });
    expect(assertion.payload).toMatchObject({
      iss: identity.terminalId,
      aud: 'bianmin',
      iat: 1000,
      exp: 1060,
    });
    const proof = await verified(
      rig,
      await identity.proof({
        method: 'GET',
        url: 'https://server.test/v1/x?id=1#a',
        accessToken: 'tök',
        at: 5,
      }),
    );
    expect(proof.header).toEqual({ alg, typ: 'dpop+jwt', jwk: rig.keys.signKey });
    expect(proof.payload).toMatchObject({
      htm: 'GET',
      htu: 'https://server.test/v1/x',
      ath: createHash('sha256').update('tök').digest('base64url'),
    });
  });

  it('enrols as a box, with the engine that its pages run in', async () => {
    const rig = shellRig({ alg });
    const identity = await identityOf(rig);
    let jws = '';
    const client = new ApiClient({
      baseUrl: 'https://server.test/base',
      identity,
      clock: rig.clock,
      http: async ({ body = '' }) => {
        jws = (JSON.parse(body) as { jws: string }).jws;
        return { status: 200, headers: {}, body: JSON.stringify({ terminalId: 't', status: 'pending' }) };
      },
    });
    const facts = { name: 'EC6108 盒子', version: '0.1.0', engine: 'Chrome/39' };
    expect(await identity.enrol(client, facts)).toMatchObject({ status: 'pending' });
    const { payload } = await verified(rig, jws);
    expect(enrolPayload.parse(payload)).toMatchObject({ kind: 'box', ...facts });
  });
});

describe('what is sealed to a box', () => {
  it('is opened, and anything else is said to be none', async () => {
    const rig = shellRig();
    const identity = await identityOf(rig);
    const jwe = await new CompactEncrypt(utf8('计划'))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(await importJWK({ ...rig.keys.sealKey }, 'ECDH-ES'));
    expect(await identity.unseal(jwe)).toBe('计划');
    expect(await identity.unseal('a.b.c.d.e').catch(codeOf)).toBe('identity.unseal-failed');
  });
});

describe('text and ids', () => {
  it('are what Node makes of them', () => {
    for (const text of ['', 'a%b', '充电 ئۇيغۇر', '😀'])
      expect([...utf8(text)]).toEqual([...Buffer.from(text)]);
    expect(uuidOf(new Uint8Array(16).fill(255))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  });
});

describe('keys that the shell has lost', () => {
  it('are none from the start, and new ones are made when a person says so', async () => {
    const rig = shellRig();
    rig.shell.keysLost = true;
    const identity = await identityOf(rig);
    expect([identity.lost, identity.terminalId, identity.fingerprint]).toEqual([true, '', '']);
    await expect(identity.signAssertion(1)).rejects.toMatchObject({ code: 'shell.keys-lost' });
    expect(rig.shell.ops).not.toContain('sign');
    await identity.renew();
    expect(identity.lost).toBe(false);
    const thumbprint = await calculateJwkThumbprint({ ...rig.keys.signKey }, 'sha256');
    expect(identity.fingerprint).toMatch(/^[\w-]{12}$/);
    expect(identity.fingerprint).not.toBe(thumbprint.slice(0, 12));
    expect(await identity.signAssertion(1)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it.each(['sign', 'unseal'] as const)('are noticed at the first %s, and told once', async (op) => {
    const rig = shellRig();
    let told = 0;
    const identity = await identityOf(rig, () => (told += 1));
    rig.shell.keysLost = true;
    const use = (): Promise<string> =>
      op === 'sign' ? identity.signAssertion(1) : identity.unseal('a.b.c.d.e');
    await expect(use()).rejects.toMatchObject({ code: 'shell.keys-lost' });
    await expect(use()).rejects.toMatchObject({ code: 'shell.keys-lost' });
    expect([told, identity.lost]).toEqual([1, true]);
  });

  it('stay where they were whole after all', async () => {
    const rig = shellRig();
    const identity = await identityOf(rig);
    const { terminalId } = identity;
    await identity.renew();
    expect(identity.terminalId).toBe(terminalId);
  });
});
