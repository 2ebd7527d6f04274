import { createHmac } from 'node:crypto';
import { stopped, through, type Attack } from '../attack.ts';
import { always } from '../patch.ts';
import { said, type SiteAnswer } from '../site.ts';
import { UNCOUNTED } from './guesses.ts';
import type { Member, World } from '../world.ts';

const PERIOD_S = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, base32. */
function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/gu)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}

/** RFC 6238 with SHA-1 and six digits; `early`: of so many periods from now. */
export function codeOf(secret: string, early = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / PERIOD_S) + early));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/** Somebody of the staff with a second factor, and the code that took it into use. */
export async function withFactor(world: World): Promise<Member & { secret: string; used: string }> {
  const member = await world.member(['user:manage']);
  const proposal = await world.staff(member.token, '/v1/admin/me/totp', { method: 'POST' });
  const { secret = '' } = proposal.json as { secret?: string };
  const used = codeOf(secret);
  const on = await world.staff(member.token, '/v1/admin/me/totp/confirm', {
    method: 'POST',
    body: { code: used },
  });
  if (on.status >= 300) throw new Error(`The second factor was not taken into use: ${said(on)}`);
  return { ...member, secret, used };
}

const confirm = (world: World, token: string, code: string): Promise<SiteAnswer> =>
  world.staff(token, '/v1/admin/me/confirm', { method: 'POST', body: { code } });

export const factor: readonly Attack[] = [
  {
    attack: 'factor-skipped',
    name: 'Who has a password alone goes on without the second factor',
    short: true,
    removes: [
      always('server/src/web/who-calls.ts', "next === 'ready' || route.during?.includes(next) === true"),
    ],
    attempt: async (world) => {
      const { name, password } = await withFactor(world);
      const answer = await world.staff(await world.login(name, password), '/v1/admin/users');
      return answer.status < 300 ? through(`${said(answer)}; the staff are shown`) : stopped(said(answer));
    },
  },
  {
    attack: 'factor-code-twice',
    name: 'A code that was seen over a shoulder is used within its half minute',
    removes: [
      {
        file: 'server/src/access/second-factor.ts',
        find: 'return step !== null && (await this.#users.takeTotpStep(user._id, step));',
        replace: 'return step !== null && (OFF || (await this.#users.takeTotpStep(user._id, step)));',
      },
    ],
    attempt: async (world) => {
      const { name, password, used } = await withFactor(world);
      const answer = await confirm(world, await world.login(name, password), used);
      return answer.status < 300 ? through(`${said(answer)}; the login is finished`) : stopped(said(answer));
    },
  },
  {
    attack: 'factor-guessed',
    name: 'Who has a password guesses the second factor',
    short: true,
    removes: [UNCOUNTED],
    attempt: async (world) => {
      const { name, password, secret } = await withFactor(world);
      const token = await world.login(name, password);
      const right = codeOf(secret, 1);
      const wrong = right === '000000' ? '000001' : '000000';
      for (let n = 0; n < 12; n += 1) await confirm(world, token, wrong);
      const answer = await confirm(world, token, codeOf(secret, 1));
      return answer.status < 300
        ? through(`${said(answer)}; right after twelve guesses`)
        : stopped(said(answer));
    },
  },
];
