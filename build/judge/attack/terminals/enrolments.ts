import { randomUUID } from 'node:crypto';
import { stopped, through, type Attack } from '../attack.ts';
import { anyAddress, said, type SiteAnswer } from '../site.ts';
import { instead, skipped } from '../patch.ts';
import { UNCOUNTED } from '../staff/guesses.ts';
import type { World } from '../world.ts';
import { Key, nowS } from './hand.ts';

const ENROLMENT = 'server/src/fleet/terminals/enrolment.ts';

/** Wrong codes that an attacker tries before the right one; more than are looked at in an hour. */
const GUESSES = 21;
/** From one address in an hour. */
const KEYS = 300;

interface Enrolling {
  readonly key: Key;
  readonly code?: string;
  /** Absent: the terminal's own. */
  readonly signedBy?: Key;
  readonly from?: string;
  /** Straight to web, where what nginx limits is not what is tried. */
  readonly past?: 'nginx';
}

function enrol(world: World, asked: Enrolling): Promise<SiteAnswer> {
  const { key, code, signedBy = key, from = anyAddress(), past } = asked;
  const payload = {
    ...{ signKey: key.jwk, sealKey: Key.random().jwk, kind: 'kiosk', name: 'stranger', version: '0' },
    ...(code === undefined ? {} : { code }),
    ...{ jti: randomUUID(), iat: nowS() },
  };
  const jws = signedBy.jws({ typ: 'enrol+jws', jwk: key.jwk }, payload);
  const request = { method: 'POST', body: { jws } };
  if (past === undefined) return world.send('/v1/terminal/enrol', { ...request, from });
  return world.past(from, '/v1/terminal/enrol', request);
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
  {
    attack: 'enrolment-without-end',
    name: 'One address enrols key after key, so that the list of those who wait grows',
    removes: [
      skipped(ENROLMENT, 'await limiter.take(`enrol-new:${where.ip}`, NEW_KEYS_PER_HOUR, 3_600_000);'),
      skipped(
        'server/src/web/app.ts',
        'await init.limiter.take(`${route.path}:${networkOf(ctx.ip)}`, route.perMinute, 60_000);',
      ),
    ],
    attempt: async (world) => {
      const from = anyAddress();
      const before = await world.count('terminals');
      let answer = await enrol(world, { key: Key.random(), from });
      for (let n = 0; n < KEYS && answer.status !== 429; n += 1) {
        answer = await enrol(world, { key: Key.random(), from, past: 'nginx' });
      }
      const more = (await world.count('terminals')) - before;
      return more > KEYS ? through(`${more} terminals more`) : stopped(`${said(answer)} after ${more}`);
    },
  },
];
