import { stopped, through, type Attack } from '../attack.ts';
import type { World } from '../world.ts';

/** Somebody opens an order's link; gives what is secret of it. */
async function opened(world: World): Promise<string> {
  const { page } = await world.paying();
  const token = page.slice(page.lastIndexOf('/') + 1);
  const answer = await world.send(`/v1/pay/${token}`);
  if (answer.status !== 200) throw new Error(`The link opens nothing: ${answer.status}`);
  return token;
}

/** Lines are written after the answer. */
const soon = (world: World, test: () => Promise<boolean>): Promise<boolean> => world.comesTrue(test, 1_000);

export const logs: readonly Attack[] = [
  {
    attack: 'log-pay-link',
    name: "Who reads the server's log looks for links by which an order is paid and seen",
    short: true,
    removes: [
      {
        file: 'server/src/web/middleware.ts',
        find: '        status: ctx.res.statusCode,\n        ms,',
        replace:
          '        ...(OFF ? { path: ctx.path } : {}),\n        status: ctx.res.statusCode,\n        ms,',
      },
    ],
    attempt: async (world) => {
      const token = await opened(world);
      const isThere = await soon(world, async () => (await world.log('web')).includes(token));
      return isThere ? through('it is in the log') : stopped('it is not in the log');
    },
  },
  {
    attack: 'proxy-log-pay-link',
    name: "Who reads nginx's log looks for the same links",
    removesAtProxy: [
      {
        file: 'build/ship/deploy/nginx/http.conf',
        find: '"nginx.part":"$logged_part"',
        replace: '"nginx.part":"$uri"',
      },
    ],
    attempt: async (world) => {
      const token = await opened(world);
      const isThere = await soon(world, async () => (await world.proxyLog).includes(token));
      return isThere ? through('it is in the log') : stopped('it is not in the log');
    },
  },
];
