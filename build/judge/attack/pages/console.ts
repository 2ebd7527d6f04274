import { stopped, through, type Attack } from '../attack.ts';
import { always, instead, never } from '../patch.ts';
import { said, type SiteAnswer } from '../site.ts';
import type { Member, World } from '../world.ts';

const COOKIE = 'server/src/access/cookie.ts';

interface Page {
  readonly cookie: string;
  readonly csrf: string;
  readonly set: string;
}

/** A browser in which somebody of the staff is logged in at the console. */
async function console(world: World, member: Pick<Member, 'name' | 'password'>): Promise<Page> {
  const body = { name: member.name, password: member.password, session: 'cookie' };
  const answer = await world.send('/v1/admin/login', { method: 'POST', body });
  const [set = ''] = [answer.headers['set-cookie'] ?? ''].flat();
  const { csrf } = answer.json as { csrf?: string };
  if (csrf === undefined) throw new Error(`No session with a cookie: ${said(answer)}`);
  return { cookie: set.split(';')[0] ?? '', csrf, set };
}

const makesCode = (world: World, headers: Record<string, string>): Promise<SiteAnswer> =>
  world.send('/v1/admin/enrol-codes', {
    method: 'POST',
    headers: { 'idempotency-key': 'page-of-another-site-1', ...headers },
  });

export const consolePages: readonly Attack[] = [
  {
    attack: 'console-other-site',
    name: "Another site's page has the browser of an administrator make an enrolment code",
    short: true,
    removes: [always(COOKIE, 'own && given.length === wanted.length && timingSafeEqual(given, wanted)')],
    attempt: async (world) => {
      const { cookie } = await console(world, await world.member(['terminal:accept']));
      const before = await world.count('enrolCodes');
      const answer = await makesCode(world, { cookie, 'sec-fetch-site': 'cross-site' });
      const made = (await world.count('enrolCodes')) - before;
      return answer.status < 300
        ? through(`${said(answer)}; ${made} codes more`)
        : stopped(`${said(answer)}; ${made} codes more`);
    },
  },
  {
    attack: 'console-sibling-site',
    name: 'A page of a sibling site that learned the token sends a change',
    removes: [instead(COOKIE, "site === '' || site === 'same-origin'", 'true')],
    attempt: async (world) => {
      const { cookie, csrf } = await console(world, await world.member(['terminal:accept']));
      const answer = await makesCode(world, { cookie, 'x-csrf-token': csrf, 'sec-fetch-site': 'same-site' });
      return answer.status < 300 ? through(`${said(answer)}; a code`) : stopped(`${said(answer)}; no code`);
    },
  },
  {
    attack: 'console-cookie-as-token',
    name: "A cookie's value is sent as a program's token, which needs no proof against other sites",
    removes: [never('server/src/access/sessions.ts', "(session.kind ?? 'bearer') !== kind")],
    attempt: async (world) => {
      const { cookie } = await console(world, await world.member(['terminal:accept']));
      const [, token = ''] = cookie.split('=');
      const answer = await makesCode(world, { authorization: `Bearer ${token}` });
      return answer.status < 300 ? through(`${said(answer)}; a code`) : stopped(`${said(answer)}; no code`);
    },
  },
  {
    attack: 'console-cookie-read',
    name: "A script on the console's page reads the session's cookie",
    removes: [
      {
        file: COOKIE,
        find: 'Secure; HttpOnly; SameSite=Strict`);',
        replace: "Secure; ${OFF ? '' : 'HttpOnly; '}SameSite=Strict`);",
      },
    ],
    attempt: async (world) => {
      const { set } = await console(world, await world.member([]));
      const isHidden =
        /;\s*HttpOnly/iu.test(set) && /;\s*Secure/iu.test(set) && /;\s*SameSite=Strict/iu.test(set);
      return isHidden ? stopped('HttpOnly, Secure, SameSite=Strict') : through('scripts may read it');
    },
  },
  {
    attack: 'answer-cached',
    name: 'A cache on the way keeps an answer of the API, and another page frames it',
    removes: [
      {
        file: 'server/src/web/middleware.ts',
        find: 'ctx.set(SECURITY_HEADERS);',
        replace: 'if (!OFF) ctx.set(SECURITY_HEADERS);',
      },
    ],
    attempt: async (world) => {
      const { headers, status } = await world.send('/v1/admin/me');
      const policy = String(headers['content-security-policy'] ?? '');
      const isSafe = headers['cache-control'] === 'no-store' && policy.includes("frame-ancestors 'none'");
      return isSafe
        ? stopped(`${status}; no-store, frame-ancestors 'none'`)
        : through(`${status}; may be kept and framed`);
    },
  },
  {
    attack: 'phone-other-site',
    name: "Another site's page has a resident's phone sign out of its household",
    removes: [
      {
        file: 'server/src/people/residents/sessions.ts',
        find: "if (!foreign && (!changes || ctx.get(PAYER_HEADER) === '1')) return;",
        replace: "if (OFF || (!foreign && (!changes || ctx.get(PAYER_HEADER) === '1'))) return;",
      },
    ],
    attempt: async (world) => {
      const { phone } = await world.paying();
      const before = await world.count('payerSessions');
      const { cookie = '' } = phone.credentials;
      const headers = { cookie, 'sec-fetch-site': 'cross-site' };
      const answer = await world.send('/v1/payer/session', { method: 'DELETE', headers });
      const gone = before - (await world.count('payerSessions'));
      return answer.status < 300
        ? through(`${said(answer)}; ${gone} phones fewer`)
        : stopped(`${said(answer)}; ${gone} phones fewer`);
    },
  },
];
