import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { AlertTarget } from '@bianmin/purchase/api/alert-destinations';
import type { Destination } from '../insight/alerts/destination-store.ts';
import type { Watch } from '../insight/alerts/finding.ts';
import { alertWork, type AlertWork } from '../wiring/alert-work.ts';
import { openAlertStores, type AlertStores } from '../wiring/alerts.ts';
import { hostOf, type Send } from '../insight/alerts/send/target.ts';
import type { Config } from '../config/config.ts';
import { FIRST_ORGS } from '../access/xinjiang.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { testConfig } from './config.ts';
import type { TestContext } from './context.ts';
import { AlertRobots } from './alert-robots.ts';

/** Alerts on a test's own database and Redis, with robots that listen. */
export class AlertWorld {
  readonly t: TestContext;
  readonly clock: ManualClock;
  readonly config: Config;
  readonly stores: AlertStores;
  readonly robots: AlertRobots;
  readonly work: AlertWork;
  readonly #works: AlertWork[] = [];

  private constructor(init: Pick<AlertWorld, 't' | 'clock' | 'config' | 'stores' | 'robots'>, of: WorkParts) {
    this.t = init.t;
    this.clock = init.clock;
    this.config = init.config;
    this.stores = init.stores;
    this.robots = init.robots;
    this.work = this.another(of);
  }

  /** Empties the database first. */
  static async open(
    t: TestContext,
    { config: over = {}, ...of }: WorkParts & { config?: Partial<Config> } = {},
  ): Promise<AlertWorld> {
    await t.empty();
    await t.redis.flushdb();
    const clock = new ManualClock();
    const config = testConfig({ MONGODB_URI: t.mongodbUri, REDIS_URL: t.redisUrl, ...over });
    await new OrgStore(t.db).prepare(FIRST_ORGS);
    const stores = await openAlertStores({ db: t.db, config });
    const robots = await AlertRobots.open(() => clock.now());
    return new AlertWorld({ t, clock, config, stores, robots }, of);
  }

  /** One more worker. */
  another(of: WorkParts = {}): AlertWork {
    const { t, config, clock } = this;
    const log = pino({ level: 'silent' });
    const work = alertWork({ db: t.db, redis: t.redis, config, clock, log }, this.stores, of);
    this.#works.push(work);
    return work;
  }

  async destination(target: AlertTarget, over: Partial<Destination> = {}): Promise<Destination> {
    const _id = randomUUID();
    const made: Destination = {
      ...{ _id, name: '值班群', orgPath: ['province'], kind: target.kind, host: hostOf(target), step: 0 },
      ...{ severity: 'warning', enabled: true, sealed: this.stores.destinations.sealed(_id, target) },
      ...{ failing: null, lastSentAt: null, version: 1, ...over },
    };
    await this.stores.destinations.insert(made);
    return made;
  }

  /** A round and what it has to say; gives what groups read of it. */
  async round(afterMs = 0): Promise<string[]> {
    this.clock.jump(afterMs);
    await this.work.rounds.round();
    await this.work.deliverer.round();
    return this.robots.take();
  }

  async close(): Promise<void> {
    await Promise.all(this.#works.map((work) => work.close()));
    await this.robots.close();
  }
}

interface WorkParts {
  readonly watches?: readonly Watch[];
  readonly send?: Send;
  readonly ping?: () => Promise<void>;
}
