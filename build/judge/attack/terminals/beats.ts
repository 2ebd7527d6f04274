import { randomBytes } from 'node:crypto';
import { beatKeyResponse, BEAT_PATH } from '@bianmin/purchase/api/beat-key';
import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { instead, never, type Patch } from '../patch.ts';
import { said } from '../site.ts';
import type { World } from '../world.ts';
import { beatOf, nowS } from './hand.ts';

const PROOF = 'server/src/fleet/terminals/beat-proof.ts';
/** Over key and body in one. */
const COMPARED = instead(
  PROOF,
  "timingSafeEqual(Buffer.from(mac, 'latin1'), Buffer.from(given, 'latin1'))",
  'true',
);
const BEAT = { version: '0', readers: [] };

async function credential(world: World): Promise<{ token: string; key: Buffer }> {
  const { client, identity } = await world.terminal();
  const { token, sealedKey } = await client.post('/v1/terminal/beat-key', beatKeyResponse, undefined);
  return { token, key: Buffer.from(await identity.unseal(sealedKey), 'base64url') };
}

function beat(init: {
  readonly attack: string;
  readonly name: string;
  readonly removes: Patch;
  readonly send: (
    world: World,
    own: { token: string; key: Buffer },
  ) => { headers: Record<string, string>; body: string };
}): Attack {
  const { send, removes, ...attack } = init;
  return {
    ...attack,
    removes: [removes],
    attempt: async (world): Promise<Outcome> => {
      const answer = await world.send(BEAT_PATH, { method: 'POST', ...send(world, await credential(world)) });
      return answer.status < 300
        ? through(`${said(answer)}; the beat counts`)
        : stopped(`${said(answer)}; it does not count`);
    },
  };
}

export const beats: readonly Attack[] = [
  beat({
    attack: 'beat-forged',
    name: "A stranger beats in a terminal's name without its key, so that nobody misses it",
    removes: COMPARED,
    send: (_, own) => beatOf(own, BEAT, { key: randomBytes(32) }),
  }),
  beat({
    attack: 'beat-altered',
    name: 'What a terminal says of itself is altered on its way',
    removes: COMPARED,
    send: (_, own) => ({ ...beatOf(own, BEAT), body: JSON.stringify({ ...BEAT, blocked: true }) }),
  }),
  beat({
    attack: 'beat-old',
    name: 'A beat of five minutes ago is sent now',
    removes: never(PROOF, 'Math.abs(created - nowMs / 1000) > PROOF_WINDOW_S'),
    send: (_, own) => beatOf(own, BEAT, { created: nowS() - 300 }),
  }),
];
