import type { Redis } from 'ioredis';

/** Of Redis, what tickets ask of it; nothing runs out. */
export function memoryRedis(): Redis {
  const kept = new Map<string, string>();
  return {
    set: (key: string, value: string) => {
      kept.set(key, value);
      return Promise.resolve('OK');
    },
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
    getex: (key: string) => Promise.resolve(kept.get(key) ?? null),
    del: (key: string) => Promise.resolve(kept.delete(key) ? 1 : 0),
  } as unknown as Redis;
}
