import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import type { ChannelWatch } from '../../gateways/payment/channel-watch.ts';
import { probesOf } from './notes.ts';

const clientOf = (): Redis => new Redis({ lazyConnect: true });
const watch: Pick<ChannelWatch, 'isDown' | 'probe'> = {
  isDown: () => false,
  probe: () => Promise.resolve(0),
};
const subjectsOf = (redis: Redis, marks: Redis): string[] =>
  probesOf({ redis, marks, channels: new Map() }, { watch }).map(({ subject }) => subject);

it('each Redis is looked at once, also where one is both', () => {
  const [cache, queue] = [clientOf(), clientOf()];
  expect(subjectsOf(cache, queue)).toEqual(['redis', 'redis-queue']);
  expect(subjectsOf(cache, cache)).toEqual(['redis']);
});
