import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { VITALS_STEPS, type Heartbeat } from '@bianmin/purchase/api/heartbeat';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/purchase/api/terminal';
import { terminalIdOf } from '../../../../server/src/fleet/terminals/keys.ts';
import { connectDatabase } from '../../../../server/src/adapters/mongo/connection.ts';
import type { Terminal } from '../../../../server/src/fleet/store/terminals.ts';

const INSERT_AT_ONCE = 2000;

/** A simulated terminal: keys of its own, and what it proves itself with. */
export interface LoadTerminal {
  readonly id: string;
  readonly jkt: string;
  readonly signKey: EcPublicJwk;
  readonly key: KeyObject;
  /** Its own, as the proxy tells it. */
  readonly address: string;
}

/** What all of them are. */
export const TERMINAL_FACTS = { name: 'load', version: '1.0.0' } as const;

/** One of so many beats tells of a card: at most six orders a second (docs/scale.md) among two thousand beats. */
const CARDS_EACH = 50;

/** What the n-th says of itself with its `no`-th beat: as kiosks do, in steps, and mostly what it said before. */
export function beatOf(index: number, no = 0): Heartbeat {
  const read = (index + no) % CARDS_EACH === 0;
  return {
    ...{ version: TERMINAL_FACTS.version, platform: 'linux', readers: ['ACS ACR39U'], blocked: false },
    diskFreeMb: 20_000 + (index % 400) * VITALS_STEPS.diskFreeMb,
    clockSkewMs: ((index % 7) - 3) * VITALS_STEPS.clockSkewMs,
    ...{ chips: read ? [{ chip: 'SLE4442', count: 1 + (no % 3) }] : [], errors: [] },
  };
}

/** So many, each with a real key pair. */
export async function makeTerminals(count: number): Promise<LoadTerminal[]> {
  const terminals: LoadTerminal[] = [];
  for (let n = 0; n < count; n += 1) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signKey = ecPublicJwk.parse(publicKey.export({ format: 'jwk' }));
    const jkt = await calculateJwkThumbprint(signKey, 'sha256');
    const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    terminals.push({ id: terminalIdOf(jkt), jkt, signKey, key: privateKey, address });
  }
  return terminals;
}

/** Puts them where enrolment would have: at some hundred a second it would take longer than everything else here. */
export async function insertTerminals(uri: string, terminals: readonly LoadTerminal[]): Promise<void> {
  const db = await connectDatabase(uri);
  try {
    const enrolledAt = new Date();
    for (let from = 0; from < terminals.length; from += INSERT_AT_ONCE) {
      const page = terminals.slice(from, from + INSERT_AT_ONCE).map(({ id, signKey }): Terminal => ({
        ...{ _id: id, signKey, sealKey: signKey, kind: 'kiosk', ...TERMINAL_FACTS },
        ...{ status: 'accepted', enrolledAt, decidedAt: enrolledAt, decidedBy: 'bench' },
      }));
      await db.collection<Terminal>('terminals').insertMany(page, { ordered: false });
    }
  } finally {
    await db.close();
  }
}
