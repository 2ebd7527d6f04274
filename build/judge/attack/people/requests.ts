import { connect } from 'node:net';
import { stopped, through, type Attack } from '../attack.ts';
import { always, never, skipped } from '../patch.ts';
import { anyAddress, said } from '../site.ts';
import type { World } from '../world.ts';

const NGINX = 'build/ship/deploy/nginx';
const BODY = 'shared/purchase/src/node/body.ts';

/** Looks at a pay link that there is not, from one address. */
async function lookAway(world: World, times: number): Promise<{ refused: number; last: string }> {
  const from = anyAddress();
  let [refused, last] = [0, ''];
  for (let n = 0; n < times; n += 1) {
    const answer = await world.send(`/v1/pay/${'A'.repeat(22)}/consent?channel=wechat`, { from });
    if (answer.status === 429) refused += 1;
    last = said(answer);
  }
  return { refused, last };
}

/** Whether nginx cut a sender off that sends a byte of its head a second. */
async function isCutOff(world: World, withinMs: number): Promise<boolean> {
  const { hostname, port } = new URL(world.siteUrl);
  const socket = connect({ host: hostname, port: Number(port) });
  let closed = false;
  socket.on('close', () => (closed = true));
  socket.on('error', () => undefined);
  socket.resume();
  socket.write('GET /healthz HTTP/1.1\r\nHost: slow\r\n');
  const dripping = setInterval(() => socket.write('X'), 1_000);
  await world.comesTrue(() => Promise.resolve(closed), withinMs);
  clearInterval(dripping);
  socket.destroy();
  return closed;
}

export const requests: readonly Attack[] = [
  {
    attack: 'address-forged',
    name: 'A client names another address in X-Forwarded-For, to be counted and recorded as somebody else',
    short: true,
    removesAtProxy: [
      {
        file: `${NGINX}/proxy.conf`,
        find: 'proxy_set_header X-Forwarded-For $remote_addr;',
        replace: 'proxy_set_header X-Forwarded-For $http_x_forwarded_for;',
      },
    ],
    attempt: async (world) => {
      const forged = '203.0.113.77';
      const headers = { 'x-forwarded-for': forged };
      const body = { name: 'nobody', password: 'guessed-wrong' };
      const answer = await world.send('/v1/admin/login', { method: 'POST', headers, body });
      const recorded = await world.count('audit', { 'where.ip': forged });
      return recorded > 0
        ? through(`${said(answer)}; recorded as ${forged}`)
        : stopped(`${said(answer)}; recorded as itself`);
    },
  },
  {
    attack: 'measurements-outside',
    name: 'A stranger asks for the measurements from outside, in every spelling',
    short: true,
    removes: [
      {
        file: 'server/src/web/app.ts',
        find: 'throw nothingHere(ctx, groups);',
        replace: `if (OFF && /^\\/metrics\\/?$/iu.test(ctx.path)) {
      return init.metrics.registry.metrics().then((text) => {
        ctx.body = text;
      });
    }
    throw nothingHere(ctx, groups);`,
      },
    ],
    attempt: async (world) => {
      const spellings = ['/metrics', '/METRICS', '/metrics/', '//metrics', '/%6Detrics', '/v1/../metrics'];
      const answers = await Promise.all(spellings.map((path) => world.send(path)));
      const shown = answers.filter(({ text }) => text.includes('# HELP')).length;
      const how = answers.map(said).join(', ');
      return shown > 0 ? through(`${shown} of ${spellings.length} show them: ${how}`) : stopped(how);
    },
  },
  {
    attack: 'address-other-spelling',
    name: 'A stranger spells an address in another way, past the limit that nginx has for it',
    short: true,
    removes: [
      {
        file: 'shared/purchase/src/node/listener.ts',
        find: 'const path = pathOf(request.url);',
        replace:
          'const path = OFF ? (request.url = request.url?.replace(/\\/+/gu, "/")) : pathOf(request.url);',
      },
    ],
    attempt: async (world) => {
      const body = { jws: 'none' };
      const answer = await world.send('//v1//terminal//enrol', { method: 'POST', body });
      const reached = answer.code === 'terminal.bad-proof';
      return reached ? through(`${said(answer)}; the enrolment took it`) : stopped(said(answer));
    },
  },
  {
    attack: 'body-nested',
    name: 'A stranger sends 60,000 arrays in one another',
    short: true,
    removes: [always('shared/card/src/json-text.ts', 'text.length <= most')],
    attempt: async (world) => {
      const deep = 60_000;
      const body = `{"notifyType":${'['.repeat(deep)}${']'.repeat(deep)},"sign":"${'A'.repeat(344)}"}`;
      const headers = { 'content-type': 'application/json' };
      const answer = await world.send('/v1/notify/bestpay', { method: 'POST', headers, body });
      const failed = await world.db
        .collection<{ result: string }>('notificationsrefused')
        .find()
        .sort({ _id: -1 })
        .limit(1)
        .next();
      const how = `${said(answer)}; counted as ${failed?.result ?? 'nothing'}`;
      return answer.status >= 500 || failed?.result === 'failed' ? through(how) : stopped(how);
    },
  },
  {
    attack: 'body-large',
    name: 'A stranger sends bodies of five megabytes, so that the server holds them',
    removesAtProxy: [
      { file: `${NGINX}/http.conf`, find: 'client_max_body_size 2m;', replace: 'client_max_body_size 0;' },
    ],
    attempt: async (world) => {
      const send = (): ReturnType<typeof world.send> =>
        world.send('/v1/admin/login', { method: 'POST', body: 'x'.repeat(5_000_000) });
      let answer = await send();
      // Web refuses and hangs up while nginx still sends; now and then nginx has not heard the answer then.
      for (let again = 0; again < 5 && answer.status === 503; again += 1) answer = await send();
      const reached = answer.headers['trace-id'] !== undefined;
      return reached
        ? through(`${said(answer)}; web was handed it`)
        : stopped(`${said(answer)}; nginx took none of it`);
    },
  },
  {
    attack: 'body-larger-than-any',
    name: 'A stranger sends what nginx still lets in, and more than any endpoint takes',
    removes: [
      never(BODY, "Number(request.headers['content-length'] ?? 0) > limit"),
      always(BODY, 'length <= limit'),
    ],
    attempt: async (world) => {
      const body = JSON.stringify({ name: 'a'.repeat(1_000_000) });
      const headers = { 'content-type': 'application/json' };
      const answer = await world.send('/v1/admin/login', { method: 'POST', headers, body });
      return answer.status === 413
        ? stopped(`${said(answer)}; not read`)
        : through(`${said(answer)}; it was read and parsed`);
    },
  },
  {
    attack: 'calls-without-end',
    name: 'One address asks for link after link',
    removes: [
      skipped(
        'server/src/web/app.ts',
        'await init.limiter.take(`${route.path}:${networkOf(ctx.ip)}`, route.perMinute, 60_000);',
      ),
    ],
    attempt: async (world) => {
      const { refused, last } = await lookAway(world, 40);
      return refused === 0
        ? through(`40 of 40 answered, the last ${last}`)
        : stopped(`${refused} of 40 refused, the last ${last}`);
    },
  },
  {
    attack: 'sender-slow',
    name: 'A client holds connections open by sending a byte a second',
    removesAtProxy: [
      {
        file: `${NGINX}/http.conf`,
        find: 'client_header_timeout 10s;',
        replace: 'client_header_timeout 600s;',
      },
    ],
    attempt: async (world) => {
      const cut = await isCutOff(world, 15_000);
      return cut ? stopped('cut off within 15 s') : through('still open after 15 s');
    },
  },
];
