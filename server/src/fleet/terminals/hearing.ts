import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { luaScript, type LuaScript } from '../../adapters/redis/lua-script.ts';
import { RETURN_MS, type Hearing } from './presence-rule.ts';

const KEY = 'fleet:hearing';
/** How often a web process says that it takes beats. */
export const LISTEN_EVERY_MS = 5_000;
/** Without a word from any of them for longer, beats went unheard: a new span begins. */
const GAP_MS = 30_000;
/** Processes' clocks may differ by this much. A record from further ahead is of a clock that was put right. */
const CLOCKS_MS = 60_000;

/**
 * Says that beats are taken now. KEYS: the record. ARGV: now, the gap, how far clocks may differ, how long a span is after which all
 * are back. A Redis that forgot the record, and a gap in it, begin a new span, for which the board is not whole yet; who was missing
 * before a gap is kept, so that nobody is forgotten until it is.
 */
const LISTEN = `
local now = tonumber(ARGV[1])
local said = redis.call('HMGET', KEYS[1], 'since', 'until')
local last = said[1] and tonumber(said[2] or '')
if not last or now - last > tonumber(ARGV[2]) or last - now > tonumber(ARGV[3]) then
  redis.call('HDEL', KEYS[1], 'whole')
  redis.call('HSET', KEYS[1], 'since', ARGV[1], 'until', ARGV[1])
  if last and last < now and last - tonumber(said[1]) >= tonumber(ARGV[4]) then
    redis.call('HSET', KEYS[1], 'before', last)
  end
elseif now > last then
  redis.call('HSET', KEYS[1], 'until', ARGV[1])
end
return 0
`;
/** The board is whole for a span, unless another has begun. KEYS: the record. ARGV: the span's begin, `before`. */
const WHOLE = `
if redis.call('HGET', KEYS[1], 'since') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'whole', ARGV[1], 'before', ARGV[2])
return 1
`;

const number = z.coerce.number().nullable();
const record = z.tuple([number, number, number, number]);

/** A span without a gap in which beats could be heard; wall clock, ms. */
export interface Span {
  readonly since: number;
  readonly until: number;
  /** The board has everybody of whom MongoDB knows. */
  readonly whole: boolean;
}

/**
 * For how long beats could be heard, in the same Redis as the board, so that both are lost together. Web processes write it, whose clock
 * goes on only while they do; nobody's beat does.
 */
export class HearingRecord {
  readonly #redis: Redis;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listen: LuaScript;
  readonly #whole: LuaScript;

  constructor(redis: Redis, clock: Pick<Clock, 'now'>) {
    this.#redis = redis;
    this.#clock = clock;
    this.#listen = luaScript(redis, 'fleetListen', LISTEN);
    this.#whole = luaScript(redis, 'fleetWhole', WHOLE);
  }

  /** A web process takes beats now. */
  async listen(): Promise<void> {
    await this.#listen([KEY], [this.#clock.now(), GAP_MS, CLOCKS_MS, RETURN_MS]);
  }

  /** The span that is going on; undefined where none is. */
  async span(): Promise<Span | undefined> {
    const { since, until, whole } = await this.#read();
    if (since === null || until === null || this.#isOver(until)) return undefined;
    return { since, until, whole };
  }

  /** The board has everybody; false where another span has begun meanwhile. `before`: see `Hearing`. */
  async markWhole({ since }: Span, before: number): Promise<boolean> {
    return (await this.#whole([KEY], [since, before])) === 1;
  }

  /** What silence is judged by. */
  async now(): Promise<Hearing> {
    const now = this.#clock.now();
    const { since, until, whole, before } = await this.#read();
    if (since === null || until === null) return { since: now, before: null, whole: false };
    if (!this.#isOver(until)) return { since, before, whole };
    // Nobody can be heard at this moment.
    return { since: now, before: until - since >= RETURN_MS ? until : before, whole };
  }

  /** Who reads may have another clock than who wrote: a gap is seen that much later. */
  #isOver(until: number): boolean {
    return this.#clock.now() - until > GAP_MS + CLOCKS_MS;
  }

  async #read(): Promise<{
    since: number | null;
    until: number | null;
    whole: boolean;
    before: number | null;
  }> {
    const found = await this.#redis.hmget(KEY, 'since', 'until', 'whole', 'before');
    const [since, until, whole, before] = record.parse(found);
    return { since, until, whole: since !== null && whole === since, before };
  }
}
