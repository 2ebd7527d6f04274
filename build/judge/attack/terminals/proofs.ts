import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { instead, never, type Patch } from '../patch.ts';
import { said, type SiteAnswer } from '../site.ts';
import type { World } from '../world.ts';
import { Hand, Key, nowS, type ProofLies } from './hand.ts';

const FLEET = 'server/src/fleet/terminals';
const AUTH = `${FLEET}/authenticate.ts`;
const DPOP = `${FLEET}/dpop.ts`;
const TOKENS = `${FLEET}/tokens.ts`;
/** Gives who calls it a ticket for the stream of that terminal's orders. */
const TICKET = '/v1/terminal/stream-ticket';

const verdict = (answer: SiteAnswer, got: string): Outcome =>
  answer.status < 300 ? through(`${said(answer)}; ${got}`) : stopped(`${said(answer)}; nothing given`);

/** A call that carries somebody's token, and a proof that is not what it should be. */
function lying(init: {
  readonly attack: string;
  readonly name: string;
  readonly short?: true;
  readonly removes: Patch;
  readonly proof: (world: World, victim: Hand) => ProofLies | Promise<ProofLies>;
}): Attack {
  const { proof, removes, ...attack } = init;
  return {
    ...attack,
    removes: [removes],
    attempt: async (world) => {
      const victim = await Hand.of(world);
      const token = await victim.token();
      const lies = await proof(world, victim);
      const answer = await victim.call({ method: 'POST', path: TICKET, token, proof: lies });
      return verdict(answer, "a ticket for the terminal's orders");
    },
  };
}

export const proofs: readonly Attack[] = [
  lying({
    attack: 'terminal-proof-forged',
    name: "A thief of a terminal's token signs a proof with another key in its name",
    short: true,
    removes: instead(
      DPOP,
      'openJws(proof, key.verify)',
      "Buffer.from(proof.split('.')[1] ?? '', 'base64url')",
    ),
    proof: () => ({ signedBy: Key.random() }),
  }),
  lying({
    attack: 'terminal-proof-method',
    name: 'A proof for reading is used for a change',
    removes: never(DPOP, 'payload.htm !== init.method'),
    proof: () => ({ htm: 'GET' }),
  }),
  lying({
    attack: 'terminal-proof-address',
    name: 'A proof for one address is used at another',
    removes: never(DPOP, 'pathOf(payload.htu) !== init.path'),
    proof: (world) => ({ htu: `${world.siteUrl}/v1/terminal/homes` }),
  }),
  lying({
    attack: 'terminal-proof-old',
    name: 'A proof of five minutes ago is used now',
    removes: never(DPOP, 'Math.abs(payload.iat - init.nowMs / 1000) > PROOF_WINDOW_S'),
    proof: () => ({ iat: nowS() - 300 }),
  }),
  lying({
    attack: 'terminal-proof-other-token',
    name: 'A proof for one token is used with another',
    removes: never(DPOP, 'payload.ath !== ath'),
    proof: () => ({ ath: 'A'.repeat(43) }),
  }),
  {
    attack: 'terminal-proof-replayed',
    name: 'A call of a terminal is recorded and sent once more',
    short: true,
    removes: [never(AUTH, '!first')],
    attempt: async (world) => {
      const victim = await Hand.of(world);
      const call = { method: 'POST', path: TICKET, token: await victim.token() };
      const recorded = victim.proof(call);
      const first = await victim.send(call, recorded);
      if (first.status >= 300) throw new Error(`The terminal's own call: ${said(first)}`);
      return verdict(await victim.send(call, recorded), 'a second ticket');
    },
  },
  {
    attack: 'terminal-token-stolen',
    name: "A terminal uses another's access token with a key of its own",
    removes: [never(AUTH, 'proof.jkt !== jkt')],
    attempt: async (world) => {
      const [victim, thief] = [await Hand.of(world), await Hand.stranger(world)];
      const token = await victim.token();
      return verdict(
        await thief.call({ method: 'POST', path: TICKET, token }),
        "a ticket for another's orders",
      );
    },
  },
  {
    attack: 'terminal-token-forged',
    name: "A stranger makes an access token for a terminal's number, bound to a key of their own",
    short: true,
    removes: [
      {
        file: TOKENS,
        find: 'const { payload, protectedHeader } = await jwtVerify(',
        replace:
          "const { payload, protectedHeader } = OFF ? { payload: decodeJwt(accessToken), protectedHeader: { typ: 'at+jwt' } } : await jwtVerify(",
      },
    ],
    attempt: async (world) => {
      const [victim, forger] = [await Hand.of(world), await Hand.stranger(world)];
      const claims = {
        ...{ iss: 'bianmin', sub: victim.terminalId, jti: randomUUID(), iat: nowS(), exp: nowS() + 600 },
        cnf: { jkt: await forger.key.thumbprint() },
      };
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const signed = `${part({ alg: 'HS256', typ: 'at+jwt' })}.${part(claims)}`;
      const token = `${signed}.${createHmac('sha256', 'guessed').update(signed).digest('base64url')}`;
      return verdict(
        await forger.call({ method: 'POST', path: TICKET, token }),
        "a ticket for another's orders",
      );
    },
  },
  {
    attack: 'terminal-assertion-forged',
    name: "A stranger asks for a terminal's access token with a signature of their own",
    removes: [
      instead(TOKENS, 'openJws(assertion, key)', "Buffer.from(assertion.split('.')[1] ?? '', 'base64url')"),
    ],
    attempt: async (world) => {
      const victim = await Hand.of(world);
      return verdict(await victim.askToken(victim.assertion({ signedBy: Key.random() })), 'a token');
    },
  },
  {
    attack: 'terminal-assertion-replayed',
    name: 'A request for a token is recorded and sent once more',
    removes: [
      never(TOKENS, '!(await this.#init.replay.first(`assert:${jkt}`, claims.jti, 3 * ASSERTION_S))'),
    ],
    attempt: async (world) => {
      const victim = await Hand.of(world);
      const recorded = victim.assertion();
      const first = await victim.askToken(recorded);
      if (first.status >= 300) throw new Error(`The terminal's own request: ${said(first)}`);
      return verdict(await victim.askToken(recorded), 'a second token');
    },
  },
  {
    attack: 'terminal-assertion-old',
    name: 'A request for a token of ten minutes ago is sent now',
    removes: [
      never(TOKENS, 'claims.exp <= nowMs / 1000 - ASSERTION_S'),
      never(TOKENS, 'Math.abs(claims.iat - nowMs / 1000) > ASSERTION_S'),
    ],
    attempt: async (world) => {
      const victim = await Hand.of(world);
      return verdict(await victim.askToken(victim.assertion({ iat: nowS() - 600 })), 'a token');
    },
  },
  {
    attack: 'terminal-rejected',
    name: 'A rejected terminal goes on with the token that it still has',
    removes: [
      { file: AUTH, find: 'assertAccepted(terminal);', replace: 'if (!OFF) assertAccepted(terminal);' },
    ],
    attempt: async (world) => {
      const thief = await Hand.of(world);
      const token = await thief.token();
      const decision = { path: `/v1/admin/terminals/${thief.terminalId}/reject`, method: 'POST' } as const;
      await world.admin.call(decision, z.unknown());
      // Other processes believe for five seconds what they knew; this one was told.
      const isCut = async (): Promise<boolean> =>
        (await thief.call({ method: 'POST', path: TICKET, token })).status >= 300;
      await world.comesTrue(isCut, 6_000);
      return verdict(
        await thief.call({ method: 'POST', path: TICKET, token }),
        'a ticket after it was rejected',
      );
    },
  },
];
