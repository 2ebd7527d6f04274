import type { Redis } from 'ioredis';
import type { mongo } from 'mongoose';
import { Histogram, type Registry } from 'prom-client';
import { bounded } from './bounded.ts';

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** The kinds of command are ours; more than these is a mistake, which shall not cost memory. */
const COMMANDS = 48;

export interface StoreMetrics {
  watchMongo(client: Pick<mongo.MongoClient, 'on'>): void;
  watchRedis(redis: Redis): void;
}

/** How long database and Redis take over each kind of command. A connection to the database must be made with `monitorCommands`. */
export function createStoreMetrics(registry: Registry): StoreMetrics {
  const labelNames = ['command', 'outcome'] as const;
  const registers = [registry];
  const database = new Histogram({
    name: 'bianmin_mongo_command_seconds',
    help: 'Time of a command of the database, from its being sent.',
    ...{ labelNames, buckets: BUCKETS, registers },
  });
  const cache = new Histogram({
    name: 'bianmin_redis_command_seconds',
    help: 'Time of a command of Redis, with the wait for a connection; queues not included.',
    ...{ labelNames, buckets: BUCKETS, registers },
  });
  const [ofMongo, ofRedis] = [bounded(COMMANDS), bounded(COMMANDS)];
  return {
    watchMongo(client) {
      const heard =
        (outcome: string) =>
        ({ commandName, duration }: { commandName: string; duration: number }): void => {
          database.observe({ command: ofMongo(commandName), outcome }, duration / 1000);
        };
      client.on('commandSucceeded', heard('ok'));
      client.on('commandFailed', heard('failed'));
    },
    watchRedis(redis) {
      const send = redis.sendCommand.bind(redis);
      redis.sendCommand = (...call) => {
        const begun = performance.now();
        const [command] = call;
        const tell = (outcome: string) => (): void => {
          cache.observe({ command: ofRedis(command.name), outcome }, (performance.now() - begun) / 1000);
        };
        command.promise.then(tell('ok'), tell('failed'));
        return send(...call);
      };
    },
  };
}
