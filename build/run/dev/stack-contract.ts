import type { GridProfile } from '../../../server/src/gateways/grid/profiles.ts';
import type { UseOfGiven } from '../../kit/db/given.ts';
import type { Database } from '../../kit/db/open.ts';
import type { Program } from '../../kit/process/program.ts';
import type { RunningRedis } from '../../kit/redis.ts';
import type { Fall } from './part-list.ts';
import type { Env, PartName } from './parts.ts';
import type { StackPorts } from './ports.ts';

export interface StackInit {
  /** Where everything is kept; absent: a temporary folder that goes with the stack. */
  readonly dir?: string;
  /** Begin with an empty world: what is in `dir` is thrown away. */
  readonly fresh?: boolean;
  /** What becomes of `MONGODB_URI` and `REDIS_URL`; absent: this world is in a database of its own name there, which goes with it. */
  readonly given?: UseOfGiven;
  /** Refuse a database that loses acknowledged writes when it is killed. */
  readonly durable?: boolean;
  /** false: no kiosk; the caller brings terminals of its own. */
  readonly kiosk?: boolean;
  /** `elsewhere`: no pages are built; the caller serves them, and the stack's own processes have none. */
  readonly pages?: 'built' | 'elsewhere';
  /** Two web processes behind HAProxy and nginx, which then has web's address, two workers, and Redis by role. */
  readonly twoNodes?: boolean;
  /** Addresses of what stands before that nginx, whose word about a client's address it takes. */
  readonly beforeProxy?: readonly string[];
  /** true: a home box's TV, too, begun when all else is ready. */
  readonly tv?: boolean;
  /** Wanted where they are free; absent: any. */
  readonly ports?: StackPorts;
  /** Instead: from this one on and no others. `InUseError` where one is not free. */
  readonly portBase?: number;
  /** How the server speaks to the grid; absent: collection v1. */
  readonly gridProfile?: GridProfile;
  /** More variables for a part, over the stack's own; `server` is web and worker. */
  readonly env?: Readonly<Partial<Record<PartName | 'server', Env>>>;
  /** At its end: how long parts may take to end, all together, before they are killed; absent: 25 s each. */
  readonly endWithinMs?: number;
  /** Ends what is starting; `startStack` then throws. */
  readonly signal?: AbortSignal;
  /** Told of each part as it is ready, and of what takes long. */
  readonly report?: (line: string) => void;
}

export interface StackUrls {
  readonly webUrl: string;
  /** The web processes themselves; without nginx the one of `webUrl`. */
  readonly ownWebUrls: readonly string[];
  /** The grid sandbox: its page, and `/world`. */
  readonly gridUrl: string;
  /** The wallet sandbox: its phone page, and `/wallet`. */
  readonly walletUrl: string;
  readonly mongodbUri: string;
  /** What may be lost: rate limits, presence, tickets; the queues, too, but with two nodes. */
  readonly redisUrl: string;
}

export interface Stack {
  readonly dir: string;
  readonly urls: StackUrls;
  /** The database that was chosen. */
  readonly database: Database;
  readonly redis: RunningRedis;
  /** The one of what may be lost; without two nodes the same. */
  readonly cache: RunningRedis;
  readonly adminPassword: string;
  /** What web and worker were started with, secrets and all: for a further process of the server's. */
  readonly serverEnv: Env;
  /** Accepts one terminal; where there is a kiosk, it has used it. */
  readonly enrolCode: string;
  /** The reader that the kiosk uses. */
  readonly readerId: string;
  /** The home box's TV once it is there, which may take a build of its pages; absent: it was not asked for. */
  readonly tv?: Promise<string>;
  /** Resolves when a part ends that was not asked to. The others still run. */
  readonly fall: Promise<Fall>;
  /** Opens the kiosk's screen once; ask again for the next page. */
  kioskUrl(): Promise<string>;
  /** SIGKILL, as a crash would. */
  kill(part: PartName): Promise<void>;
  /** SIGTERM. */
  stop(part: PartName): Promise<void>;
  /**
   * Starts a part again, with what it kept, and waits until it is ready; ends it gently first if it runs. `env` is over
   * the variables that it had, from now on.
   */
  restart(part: PartName, env?: Env): Promise<void>;
  program(part: PartName): Program | undefined;
  /** All, gently, those that ask before those that answer. */
  close(): Promise<void>;
}
