import type { Attack } from '../attack.ts';
import { stopped, through } from '../attack.ts';
import { instead, type Patch } from '../patch.ts';
import { said, type SiteAnswer } from '../site.ts';
import type { World } from '../world.ts';

/** Tries are looked at and not counted. */
export const UNCOUNTED: Patch = instead('server/src/access/guesses.ts', 'await this.#count(guess)', '[]');

/** More than all networks together may try at one name in a quarter of an hour. */
const GUESSES = 31;
const AT_ONCE = 90;

function login(world: World, name: string, password: string, cookie?: string): Promise<SiteAnswer> {
  const headers = cookie === undefined ? {} : { cookie };
  return world.send('/v1/admin/login', { method: 'POST', headers, body: { name, password } });
}

export const guesses: readonly Attack[] = [
  {
    attack: 'password-guessed',
    name: "Somebody's password is guessed from many addresses",
    short: true,
    removes: [UNCOUNTED],
    attempt: async (world) => {
      const { name, password } = await world.member([]);
      for (let n = 0; n < GUESSES; n += 1) await login(world, name, `wrong-guess-${n}`);
      const answer = await login(world, name, password);
      return answer.status < 300
        ? through(`${said(answer)}; let in after ${GUESSES} guesses`)
        : stopped(said(answer));
    },
  },
  {
    attack: 'password-guessed-at-once',
    name: 'Ninety guesses at one password are sent at the same moment',
    removes: [UNCOUNTED],
    attempt: async (world) => {
      const { name } = await world.member([]);
      const all = Array.from({ length: AT_ONCE }, (_, n) => login(world, name, `wrong-guess-${n}`));
      const looked = (await Promise.all(all)).filter(({ code }) => code === 'auth.bad-credentials').length;
      const how = `${looked} of ${AT_ONCE} looked at`;
      return looked > GUESSES ? through(how) : stopped(how);
    },
  },
];
