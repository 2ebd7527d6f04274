import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { outcomeOf } from '../outcome.ts';
import { stopped, through, type Attack } from '../attack.ts';
import { always, instead } from '../patch.ts';
import { said } from '../site.ts';
import { readCard } from './cards.ts';
import { Hand } from './hand.ts';

const DESK = 'server/src/orders/desk';

export const orders: readonly Attack[] = [
  {
    attack: 'terminal-other-order',
    name: "A terminal reads the order of somebody else's household",
    removes: [always(`${DESK}/orders.ts`, 'order.watchers.includes(terminalId)')],
    attempt: async (world) => {
      const [{ orderNo }, thief] = [await world.paying(), await Hand.of(world)];
      const answer = await thief.call({ path: `/v1/terminal/orders/${orderNo}`, token: await thief.token() });
      return answer.status < 300
        ? through(`${said(answer)}; the order is shown`)
        : stopped(`${said(answer)}; nothing shown`);
    },
  },
  {
    attack: 'terminal-other-reading',
    name: "A terminal buys with another's reading of a card that it never saw",
    removes: [
      instead(`${DESK}/card-session.ts`, 'session.terminalId === terminalId ? session : null', 'session'),
    ],
    attempt: async (world) => {
      const [reader, thief] = [await Hand.of(world), await Hand.of(world)];
      const { image } = await readCard(world);
      const read = { method: 'POST', path: '/v1/terminal/cards/identify', body: { image, entry: 'kiosk' } };
      const seen = await reader.call({ ...read, token: await reader.token() });
      const { cardSession } = seen.json as { cardSession?: string };
      if (cardSession === undefined) throw new Error(`The card was not read: ${said(seen)} ${seen.text}`);
      const before = await world.count('orders');
      const body = { idempotencyKey: randomUUID(), cardSession, faceFen: 5000, entry: 'kiosk' };
      const answer = await thief.call({
        method: 'POST',
        path: '/v1/terminal/orders',
        body,
        token: await thief.token(),
      });
      const made = (await world.count('orders')) - before;
      return made > 0 ? through(`${said(answer)}; an order more`) : stopped(`${said(answer)}; no order more`);
    },
  },
  {
    attack: 'operator-in-body',
    name: "A database's operator stands where a key should, and finds what nobody named",
    removes: [
      {
        file: 'server/src/web/validate.ts',
        find: 'if (parsed.success) result[part] = parsed.data;',
        replace:
          'if (OFF) result[part] = given[part];\n    else if (parsed.success) result[part] = parsed.data;',
      },
    ],
    attempt: async (world) => {
      const [{ client }, { image }] = [await world.terminal(), await readCard(world)];
      const { cardSession } = await client.identify({ image, entry: 'kiosk' });
      const order = { cardSession, faceFen: 5000, entry: 'kiosk' } as const;
      await client.createOrder({ ...order, idempotencyKey: randomUUID() });
      const body = { ...order, idempotencyKey: { $gt: '' } };
      const outcome = await outcomeOf(() => client.post('/v1/terminal/orders', z.unknown(), body));
      const isFound = outcome === 'order.idempotency-mismatch' || outcome === 'done';
      return isFound
        ? through(`${outcome}; it found an order`)
        : stopped(`${outcome}; it reached no database`);
    },
  },
];
