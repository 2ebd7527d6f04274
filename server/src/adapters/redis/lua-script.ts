import type { Redis } from 'ioredis';

/** Runs a script by its digest: its text goes to Redis once a connection, and again where Redis forgot it. */
export type LuaScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** `name`: of the command that it becomes, one for each text. */
export function luaScript(redis: Redis, name: string, lua: string): LuaScript {
  redis.defineCommand(name, { lua });
  // What `defineCommand` added has no type.
  const command: unknown = Reflect.get(redis, name);
  if (typeof command !== 'function') throw new Error(`The command ${name} was not defined.`);
  return (keys, args) => Reflect.apply(command, redis, [keys.length, ...keys, ...args]) as Promise<unknown>;
}
