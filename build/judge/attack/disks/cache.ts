import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { stopped, through, type Attack } from '../attack.ts';
import { instead } from '../patch.ts';
import { readCard } from '../terminals/cards.ts';
import type { World } from '../world.ts';

/** Every key of Redis and what is under it, as text. */
async function dump(world: World): Promise<string> {
  const redis = new Redis(world.stack.urls.redisUrl);
  try {
    const parts: string[] = [];
    for (const key of await redis.keys('*')) {
      const isText = (await redis.type(key)) === 'string';
      parts.push(key, isText ? ((await redis.get(key)) ?? '') : '');
    }
    return parts.join('\n');
  } finally {
    redis.disconnect();
  }
}

export const cache: readonly Attack[] = [
  {
    attack: 'cache-card-reading',
    name: 'Who reads Redis looks for the household of a card that was just read',
    removes: [
      instead(
        'server/src/orders/desk/card-session.ts',
        'seal(handle, JSON.stringify(session))',
        'JSON.stringify(session)',
      ),
    ],
    attempt: async (world) => {
      const { client } = await world.terminal();
      const { image, customerNo } = await readCard(world);
      await client.identify({ image, entry: 'kiosk' });
      return (await dump(world)).includes(customerNo)
        ? through('its number is in Redis')
        : stopped('it is not in Redis');
    },
  },
  {
    attack: 'cache-stream-ticket',
    name: "Who reads Redis looks for a ticket to a terminal's orders",
    removes: [
      instead(
        'server/src/orders/desk/stream-tickets.ts',
        '`ticket:${sha256Hex(ticket)}`',
        '`ticket:${ticket}`',
      ),
    ],
    attempt: async (world) => {
      const { client } = await world.terminal();
      const url = new URL(await client.streamUrl());
      const ticket = url.searchParams.get('ticket') ?? randomUUID();
      return (await dump(world)).includes(ticket)
        ? through('the ticket is in Redis')
        : stopped('it is not in Redis');
    },
  },
];
