import type { Redis } from 'ioredis';
import { Reach } from './reach.ts';

const LOOKED_AT = 'reach:look';
/**
 * What a line says to stand and to end: none of it is ever sent along with other commands. Of those that go out together either all or
 * none may be refused: ioredis waits for the answer to each, and would give one the answer of another.
 */
const ALWAYS: ReadonlySet<string> = new Set(['auth', 'hello', 'select', 'client', 'info', 'quit']);

/** Nothing was asked: Redis is known to be away. */
class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';

  constructor() {
    super('Redis does not answer.');
  }
}

const AWAY_NAMES: ReadonlySet<string> = new Set(['MaxRetriesPerRequestError', 'AbortError']);
const AWAY = /^(?:Connection is closed|Stream isn't writeable)/;
const TOO_LATE = 'Command timed out';
/** It answers, and takes nothing: it is full, its disk is, or no replica is left of those that must have it. */
const TAKES_NOTHING = /^(?:OOM|MISCONF|NOREPLICAS)\b/;

const reaches = new WeakMap<Redis, Reach>();

/** Whether this Redis answers: one for all who use the client. While it is away, what is asked of it is refused at once. */
export function reachOf(redis: Redis): Reach {
  const known = reaches.get(redis);
  if (known !== undefined) return known;
  // A line of its own, while it is away.
  let line: Redis | undefined;
  const letGo = (): void => {
    line?.disconnect();
    line = undefined;
  };
  const reach = new Reach({
    look: async () => {
      line ??= lineLike(redis);
      await line.set(LOOKED_AT, '1', 'PX', 10_000);
      if (redis.status !== 'ready') throw new RedisAwayError();
    },
    isOver: () => {
      if (redis.status === 'end') letGo();
      return redis.status === 'end';
    },
    onChange: (away) => {
      if (!away) letGo();
      redis.emit(away ? 'away' : 'back');
    },
  });
  watch(redis, reach);
  reaches.set(redis, reach);
  return reach;
}

function lineLike(redis: Redis): Redis {
  const line = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: 0 });
  line.on('error', () => undefined);
  return line;
}

function watch(redis: Redis, reach: Reach): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...call) => {
    const [command] = call;
    if (reach.away && !ALWAYS.has(command.name)) {
      command.reject(new RedisAwayError());
      return command.promise;
    }
    const askedMs = performance.now();
    command.promise.then(
      () => {
        reach.answered();
      },
      (error: unknown) => {
        tell({ redis, reach }, error, askedMs);
      },
    );
    return send(...call);
  };
}

function tell({ redis, reach }: { redis: Redis; reach: Reach }, error: unknown, askedMs: number): void {
  if (!(error instanceof Error)) return;
  if (TAKES_NOTHING.test(error.message)) reach.refused();
  else if (error.message === TOO_LATE) {
    unlessUnread(redis.stream, () => {
      reach.missed(askedMs);
    });
  } else if (AWAY_NAMES.has(error.name) || AWAY.test(error.message)) reach.missed(askedMs);
}

/** Where this process itself stood still, its timers end before it reads what was answered meanwhile: that comes next, if it is there. */
function unlessUnread(stream: Redis['stream'] | undefined, then: () => void): void {
  const read = stream?.bytesRead;
  setImmediate(() => {
    if (stream?.bytesRead === read) then();
  });
}
