import { TOTP } from 'otpauth';
import { stopped, through, type Attack } from '../attack.ts';
import { always } from '../patch.ts';
import { said, type SiteAnswer } from '../site.ts';
import { UNCOUNTED } from './guesses.ts';
import type { Member, World } from '../world.ts';

const PERIOD_S = 30;

/** A code of this authenticator; `early`: of so many periods from now. */
export function codeOf(secret: string, early = 0): string {
  return new TOTP({ secret, period: PERIOD_S }).generate({ timestamp: Date.now() + early * PERIOD_S * 1000 });
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
