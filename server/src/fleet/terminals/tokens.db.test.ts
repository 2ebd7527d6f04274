import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '../../kernel/key-ring.ts';
import { TestTerminal } from '../../testing/terminal.ts';
import { TOKEN_TTL_S } from './tokens.ts';
import { ALGORITHMS, HERE, IdentityWorld } from '../../testing/identity-world.ts';
import { codeOf } from '../../testing/problem-code.ts';

describe.each(ALGORITHMS)('a terminal’s tokens, by %s', (alg) => {
  let i: IdentityWorld;
  beforeAll(async () => {
    i = await IdentityWorld.open(alg);
  });
  afterAll(() => i.close());

  it('are refused while the terminal waits, and after it is rejected', async () => {
    const terminal = await TestTerminal.create(i.clock, alg);
    await i.enrolment.enrol(await terminal.enrolment(), HERE);
    expect(await codeOf(i.tokens.issue(await terminal.assertion()))).toBe('terminal.pending');
    await i.terminals.decide({
      id: terminal.id,
      from: ['pending'],
      to: 'rejected',
      by: 'x',
      at: new Date(i.clock.now()),
    });
    expect(await codeOf(i.tokens.issue(await terminal.assertion()))).toBe('terminal.rejected');
  });

  it('are given once for an assertion, and only for a right one', async () => {
    const terminal = await i.accepted();
    const other = await i.accepted();
    const nowS = Math.floor(i.clock.now() / 1000);
    const once = await terminal.assertion();
    expect((await i.tokens.issue(once)).expiresIn).toBe(TOKEN_TTL_S);
    const refused: Promise<string>[] = [
      Promise.resolve(once),
      terminal.assertion({ aud: 'somewhere-else' }),
      terminal.assertion({ sub: other.id }),
      terminal.assertion({ iss: other.id, sub: other.id }),
      terminal.assertion({ iat: nowS - 200, exp: nowS - 140 }),
      terminal.assertion({ exp: nowS + 3600 }),
      terminal.assertion({ exp: undefined }),
      terminal.assertion({ jti: undefined }),
      terminal.assertion({}, 'dpop+jwt'),
      terminal.assertion({ iss: 't'.padEnd(31, '0'), sub: 't'.padEnd(31, '0') }),
      Promise.resolve('not a token'),
    ];
    for (const assertion of refused) {
      expect(await codeOf(i.tokens.issue(await assertion))).toBe('terminal.bad-proof');
    }
  });

  it('are good wherever their secret is, while it is changed and where it is the former one', async () => {
    const terminal = await i.accepted();
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const ring = new KeyRing(
      new Map([
        [1, one],
        [2, two],
      ]),
    );
    const [before, both] = [i.tokensUnder(one), i.tokensUnder(ring)];
    const former = (await before.issue(await terminal.assertion())).accessToken;
    expect(await both.verify(former)).toMatchObject({ terminalId: terminal.id });
    expect(await before.verify((await both.issue(await terminal.assertion())).accessToken)).toBeDefined();
    ring.sealWith(2);
    const { accessToken } = await both.issue(await terminal.assertion());
    const after = i.tokensUnder(new KeyRing(new Map([[2, two]])));
    for (const process of [both, after]) expect(await process.verify(accessToken)).toBeDefined();
    expect(await codeOf(before.verify(accessToken))).toBe('auth.required');
    expect(await codeOf(after.verify(former))).toBe('auth.required');
  });
});
