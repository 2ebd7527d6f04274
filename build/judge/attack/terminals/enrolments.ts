import { randomUUID } from 'node:crypto';
import { stopped, through, type Attack } from '../attack.ts';
import { anyAddress, said, type SiteAnswer } from '../site.ts';
import { instead } from '../patch.ts';
import { UNCOUNTED } from '../staff/guesses.ts';
import type { World } from '../world.ts';
import { Key, nowS } from './hand.ts';

const ENROLMENT = 'server/src/fleet/terminals/enrolment.ts';

/** Wrong codes that an attacker tries before the right one; more than are looked at in an hour. */
const GUESSES = 21;

interface Enrolling {
  readonly key: Key;
  readonly code?: string;
  /** Absent: the terminal's own. */
  readonly signedBy?: Key;
  readonly from?: string;
}

function enrol(world: World, asked: Enrolling): Promise<SiteAnswer> {
  const { key, code, signedBy = key, from = anyAddress() } = asked;
  const payload = {
    ...{ signKey: key.jwk, sealKey: Key.random().jwk, kind: 'kiosk', name: 'stranger', version: '0' },
    ...(code === undefined ? {} : { code }),
    ...{ jti: randomUUID(), iat: nowS() },
  };
  const jws = signedBy.jws({ typ: 'enrol+jws', jwk: key.jwk }, payload);
  return world.send('/v1/terminal/enrol', { method: 'POST', body: { jws }, from });
}

const statusIn = ({ json }: SiteAnswer): string => (json as { status?: string }).status ?? 'none';

export const enrolments: readonly Attack[] = [
  {
    attack: 'enrolment-forged',
    name: "A stranger enrols somebody else's key without having it",
    removes: [
      instead(ENROLMENT, 'openJws(jws, verify)', "Buffer.from(jws.split('.')[1] ?? '', 'base64url')"),
    ],
    attempt: async (world) => {
      const before = await world.count('terminals');
      const answer = await enrol(world, { key: Key.random(), signedBy: Key.random() });
      const stored = (await world.count('terminals')) - before;
      return stored > 0
        ? through(`${said(answer)}; a terminal more`)
        : stopped(`${said(answer)}; no terminal more`);
    },
  },
  {
    attack: 'enrolment-code-twice',
    name: 'A one-time code that accepted one terminal is used for a second',
    short: true,
    removes: [
      {
        file: 'server/src/fleet/store/enrol-codes.ts',
        find: 'usedBy: { $exists: false },',
        replace: '...(OFF ? {} : { usedBy: { $exists: false } }),',
      },
    ],
    attempt: async (world) => {
      const code = await world.admin.enrolCode();
      const first = await enrol(world, { key: Key.random(), code });
      if (statusIn(first) !== 'accepted') throw new Error(`The code's own terminal: ${said(first)}`);
      const second = await enrol(world, { key: Key.random(), code });
      const status = statusIn(second);
      return status === 'accepted'
        ? through('a second terminal was accepted')
        : stopped(`the second is ${status}`);
    },
  },
  {
    attack: 'enrolment-code-guessed',
    name: 'Codes are guessed from one address until one is right',
    removes: [UNCOUNTED],
    attempt: async (world) => {
      const [key, from] = [Key.random(), anyAddress()];
      for (let n = 0; n < GUESSES; n += 1) await enrol(world, { key, code: `WRONG-${n}`, from });
      const answer = await enrol(world, { key, code: await world.admin.enrolCode(), from });
      const status = statusIn(answer);
      return status === 'accepted'
        ? through(`accepted after ${GUESSES} guesses`)
        : stopped(`${said(answer)}, ${status}`);
    },
  },
];
