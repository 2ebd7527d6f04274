import { freePort } from '@bianmin/card/node/free-port';
import { Redis } from 'ioredis';
import type { RunningService } from './database.ts';
import { startRedis } from './redis.ts';

/** A Redis of its own that a test takes away and gives back, at the same address. */
export class RedisAway {
  readonly url: string;
  readonly #port: string;
  #running: RunningService | undefined;
  #pid = 0;
  #frozen = false;

  private constructor(port: number) {
    this.#port = String(port);
    this.url = `redis://127.0.0.1:${this.#port}`;
  }

  static async start(): Promise<RedisAway> {
    const redis = new RedisAway(await freePort());
    await redis.#start();
    return redis;
  }

  /** Ends it; what it had is gone. */
  async stop(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  /** It keeps its lines and answers nothing. */
  freeze(): Promise<void> {
    process.kill(this.#pid, 'SIGSTOP');
    this.#frozen = true;
    return Promise.resolve();
  }

  /** It answers again, whatever was done to it. */
  async back(): Promise<void> {
    if (this.#frozen) process.kill(this.#pid, 'SIGCONT');
    this.#frozen = false;
    if (this.#running === undefined) await this.#start();
  }

  async close(): Promise<void> {
    await this.back();
    await this.stop();
  }

  async #start(): Promise<void> {
    this.#running = await startRedis(['--port', this.#port]);
    const redis = new Redis(this.url);
    redis.on('error', () => undefined);
    const [, pid] = /process_id:(\d+)/.exec(await redis.info('server')) ?? [];
    redis.disconnect();
    this.#pid = Number(pid);
  }
}
