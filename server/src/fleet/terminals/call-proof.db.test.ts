import { generateKeyPair, SignJWT } from 'jose';
import type { Context } from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestTerminal } from '../../testing/terminal.ts';
import { TOKEN_TTL_S } from './tokens.ts';
import { ALGORITHMS, IdentityWorld } from '../../testing/identity-world.ts';
import { codeOf } from '../../testing/problem-code.ts';

describe.each(ALGORITHMS)('a terminal’s call, by %s', (alg) => {
  let i: IdentityWorld;
  beforeAll(async () => {
    i = await IdentityWorld.open(alg);
  });
  afterAll(() => i.close());

  const url = 'https://api.example/v1/terminal/orders/1';
  const call = (headers: Record<string, string>, path = '/v1/terminal/orders/1'): Promise<unknown> =>
    i.authenticator.authenticate({
      method: 'GET',
      path,
      get: (name: string) => headers[name.toLowerCase()] ?? '',
      set: () => undefined,
    } as unknown as Context);
  const tokenOf = async (terminal: TestTerminal): Promise<string> =>
    (await i.tokens.issue(await terminal.assertion())).accessToken;

  it('is known by its token and a proof of the key, whatever host the terminal sees us under', async () => {
    const terminal = await i.accepted();
    const accessToken = await tokenOf(terminal);
    for (const host of ['https://api.example', 'http://10.1.2.3:8080']) {
      const dpop = await terminal.proof({
        method: 'GET',
        url: `${host}/v1/terminal/orders/1`,
        accessToken,
      });
      expect(await call({ authorization: `DPoP ${accessToken}`, dpop })).toEqual({
        kind: 'terminal',
        device: 'kiosk',
        orgPath: ['province'],
        terminalId: terminal.id,
        sealKey: terminal.seal.publicJwk,
      });
    }
  });

  it('is refused with a proof that is used twice', async () => {
    const terminal = await i.accepted();
    const accessToken = await tokenOf(terminal);
    const dpop = await terminal.proof({ method: 'GET', url, accessToken });
    const headers = { authorization: `DPoP ${accessToken}`, dpop };
    await call(headers);
    expect(await codeOf(call(headers))).toBe('terminal.bad-proof');
  });

  it('is refused with a proof that was made for anything else', async () => {
    const terminal = await i.accepted();
    const other = await i.accepted();
    const accessToken = await tokenOf(terminal);
    const nowS = Math.floor(i.clock.now() / 1000);
    const proofs = [
      terminal.proof({ method: 'POST', url, accessToken }),
      terminal.proof({ method: 'GET', url: `${url}/claim`, accessToken }),
      terminal.proof({ method: 'GET', url, accessToken: await tokenOf(terminal) }),
      terminal.proof({ method: 'GET', url, accessToken, wrong: { iat: nowS - 61 } }),
      terminal.proof({ method: 'GET', url, accessToken, wrong: { iat: nowS + 61 } }),
      terminal.proof({ method: 'GET', url, accessToken, wrong: { jti: undefined } }),
      terminal.proof({ method: 'GET', url, accessToken, header: { typ: 'jwt' } }),
      terminal.proof({ method: 'GET', url, accessToken, header: { jwk: other.sign.publicJwk } }),
      other.proof({ method: 'GET', url, accessToken }),
      Promise.resolve(''),
    ];
    for (const proof of proofs) {
      const headers = { authorization: `DPoP ${accessToken}`, dpop: await proof };
      expect(await codeOf(call(headers))).toBe('terminal.bad-proof');
    }
  });

  it('is refused with a private key in the proof', async () => {
    const terminal = await i.accepted();
    const accessToken = await tokenOf(terminal);
    const jwk = { ...terminal.sign.publicJwk, d: 'A'.repeat(43) };
    const dpop = await terminal.proof({ method: 'GET', url, accessToken, header: { jwk } });
    expect(await codeOf(call({ authorization: `DPoP ${accessToken}`, dpop }))).toBe('terminal.bad-proof');
  });

  it('is refused without a token, with a foreign one, with an expired one', async () => {
    const terminal = await i.accepted();
    const accessToken = await tokenOf(terminal);
    expect(await codeOf(call({}))).toBe('auth.required');
    expect(await codeOf(call({ authorization: `Bearer ${accessToken}` }))).toBe('auth.required');
    const forged = await new SignJWT({ cnf: { jkt: 'x' } })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer('bianmin')
      .setSubject(terminal.id)
      .setExpirationTime(Math.floor(i.clock.now() / 1000) + 60)
      .sign(new Uint8Array(32).fill(8));
    expect(await codeOf(call({ authorization: `DPoP ${forged}`, dpop: 'x' }))).toBe('auth.required');
    const { privateKey } = await generateKeyPair('ES256');
    const otherAlgorithm = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .sign(privateKey);
    expect(await codeOf(call({ authorization: `DPoP ${otherAlgorithm}`, dpop: 'x' }))).toBe('auth.required');
    i.clock.jump(TOKEN_TTL_S * 1000 + 1000);
    const dpop = await terminal.proof({ method: 'GET', url, accessToken });
    expect(await codeOf(call({ authorization: `DPoP ${accessToken}`, dpop }))).toBe('auth.expired');
  });

  it('is refused within seconds of the terminal’s rejection', async () => {
    const terminal = await i.accepted();
    const accessToken = await tokenOf(terminal);
    const attempt = async (): Promise<string> =>
      codeOf(
        call({
          authorization: `DPoP ${accessToken}`,
          dpop: await terminal.proof({ method: 'GET', url, accessToken }),
        }),
      );
    expect(await attempt()).toBe('none');
    await i.terminals.decide({
      id: terminal.id,
      from: ['accepted'],
      to: 'rejected',
      by: 'x',
      at: new Date(i.clock.now()),
    });
    i.clock.jump(5001);
    expect(await attempt()).toBe('terminal.rejected');
  });
});
