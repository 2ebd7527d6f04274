import type { Redis } from 'ioredis';
import { luaScript, type LuaScript } from '../../adapters/redis/lua-script.ts';
import type { VendorCredit } from '../../gateways/grid/vendor-credit.ts';
import {
  OVERTAKEN_MS,
  REFUSED_MS,
  SUM_MS,
  type Hold,
  type KnownCredit,
  type OrderSum,
  type VendorCreditStore,
} from './credit-store.ts';

/** Every script has one hash. ARGV fen, now, SUM_MS, REFUSED_MS. Answers a place in `HOLDS`. */
const HOLD = `
local h = redis.call('HMGET', KEYS[1], 'available', 'batch', 'sold', 'base', 'summed', 'summedAt', 'taken', 'mark', 'refusedAt', 'silent')
local function n(i) return tonumber(h[i] or '0') end
local now = tonumber(ARGV[2])
if h[9] and now - n(9) < tonumber(ARGV[4]) then return 0 end
if not h[1] then return h[10] and 1 or 3 end
if h[2] == 'closed' then return 0 end
if not h[6] or now - n(6) >= tonumber(ARGV[3]) then return 2 end
local left = n(1) - (n(3) - n(4)) - n(5) - (n(7) - n(8))
if tonumber(ARGV[1]) > left then return 0 end
redis.call('HINCRBY', KEYS[1], 'taken', ARGV[1])
return 1
`;

/** ARGV fen, taken, at, SUM_MS. Who finds no sum for two spans knows that nothing was held meanwhile. */
const SUMMED = `
local h = redis.call('HMGET', KEYS[1], 'summedAt', 'nextMark')
local age = h[1] and tonumber(ARGV[3]) - tonumber(h[1])
if age and age < tonumber(ARGV[4]) then return 0 end
local mark = ARGV[2]
if age and age < 2 * tonumber(ARGV[4]) then mark = h[2] end
return redis.call('HSET', KEYS[1], 'summed', ARGV[1], 'summedAt', ARGV[3], 'mark', mark, 'nextMark', ARGV[2])
`;

/** ARGV fen, as of, batch, what had been sold (empty: of now), OVERTAKEN_MS. Of two words of one moment the lower counts. */
const TELL = `
local h = redis.call('HMGET', KEYS[1], 'available', 'asOf', 'sold')
if h[2] then
  local older = tonumber(h[2]) - tonumber(ARGV[2])
  if older > 0 and older < tonumber(ARGV[5]) then return 0 end
  if older == 0 and tonumber(ARGV[1]) > tonumber(h[1]) then return 0 end
end
local base = ARGV[4]
if base == '' then base = h[3] or '0' end
redis.call('HDEL', KEYS[1], 'refusedAt')
return redis.call('HSET', KEYS[1], 'available', ARGV[1], 'asOf', ARGV[2], 'batch', ARGV[3], 'base', base)
`;

const HOLDS = ['refused', 'held', 'stale', 'unasked'] as const satisfies readonly Hold[];

/** In Redis, under the grid's name. */
export class RedisVendorCredit implements VendorCreditStore {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #hold: LuaScript;
  readonly #summed: LuaScript;
  readonly #tell: LuaScript;

  constructor(redis: Redis, grid: string) {
    this.#redis = redis;
    this.#key = `vendor-credit:${grid}`;
    this.#hold = luaScript(redis, 'vendorCreditHold', HOLD);
    this.#summed = luaScript(redis, 'vendorCreditSummed', SUMMED);
    this.#tell = luaScript(redis, 'vendorCreditTell', TELL);
  }

  async hold(fen: number, now: Date): Promise<Hold> {
    const answer = await this.#hold([this.#key], [fen, now.getTime(), SUM_MS, REFUSED_MS]);
    return HOLDS[Number(answer)] ?? 'refused';
  }

  taken(): Promise<number> {
    return this.#number('taken');
  }

  async summed({ fen, taken, at }: OrderSum): Promise<void> {
    await this.#summed([this.#key], [fen, taken, at.getTime(), SUM_MS]);
  }

  sold(): Promise<number> {
    return this.#number('sold');
  }

  async noteSold(fen: number): Promise<void> {
    await this.#redis.multi().hincrby(this.#key, 'sold', fen).hdel(this.#key, 'refusedAt').exec();
  }

  async tell({ availableFen, asOf, batch }: VendorCredit, sold?: number): Promise<void> {
    await this.#tell([this.#key], [availableFen, Date.parse(asOf), batch, sold ?? '', OVERTAKEN_MS]);
  }

  async noteRefused(now: Date): Promise<void> {
    await this.#redis.hset(this.#key, 'refusedAt', now.getTime());
  }

  async noteSilent(): Promise<void> {
    await this.#redis.hset(this.#key, 'silent', 1);
  }

  async known(): Promise<KnownCredit> {
    const { available, asOf, batch, sold, base, refusedAt } = await this.#redis.hgetall(this.#key);
    const at = (ms: string | undefined): Date | null => (ms === undefined ? null : new Date(Number(ms)));
    return {
      availableFen:
        available === undefined ? null : Number(available) - (Number(sold ?? 0) - Number(base ?? 0)),
      asOf: at(asOf),
      batch: batch === 'closed' ? 'closed' : 'open',
      refusedAt: at(refusedAt),
    };
  }

  async #number(field: string): Promise<number> {
    return Number((await this.#redis.hget(this.#key, field)) ?? 0);
  }
}
