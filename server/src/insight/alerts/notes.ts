import { randomUUID } from 'node:crypto';
import type { Releases } from '../../fleet/releases/releases.ts';
import type { Deps } from '../../config/deps.ts';
import type { ChannelWatch } from '../../gateways/payment/channel-watch.ts';
import { startRounds } from '../../adapters/queue/rounds.ts';
import { NoteStore } from './note-store.ts';
import type { ProcessFault, ProcessNote } from './rules/processes.ts';

const EVERY_MS = 15_000;

/** One thing that a process can see for itself. */
export interface Probe {
  readonly rule: ProcessFault['rule'];
  readonly subject: string;
  /** A code where it is not well, undefined where it is; what rejects is not well. */
  readonly look: () => Promise<string | undefined>;
}

/** What a process says of itself, again and again: what it found, and since when. */
export class ProcessNotes {
  readonly #id = randomUUID();
  readonly #kind: ProcessNote['kind'];
  readonly #probes: readonly Probe[];
  readonly #store: NoteStore;
  readonly #now: () => number;
  readonly #since = new Map<Probe, Date>();

  constructor(init: {
    kind: ProcessNote['kind'];
    probes: readonly Probe[];
    store: NoteStore;
    now: () => number;
  }) {
    this.#kind = init.kind;
    this.#probes = init.probes;
    this.#store = init.store;
    this.#now = init.now;
  }

  /** Gives how many faults there are. */
  async round(): Promise<number> {
    const faults: ProcessFault[] = [];
    const codes = await Promise.all(this.#probes.map((probe) => probe.look().catch(() => 'no-answer')));
    for (const [no, probe] of this.#probes.entries()) {
      const code = codes[no];
      if (code === undefined) {
        this.#since.delete(probe);
        continue;
      }
      const since = this.#since.get(probe) ?? new Date(this.#now());
      this.#since.set(probe, since);
      faults.push({ rule: probe.rule, subject: probe.subject, since, code });
    }
    await this.#store.keep({ _id: this.#id, kind: this.#kind, at: new Date(this.#now()), faults });
    return faults.length;
  }

  /** The process ends as it should: no alert is to miss it. */
  drop(): Promise<void> {
    return this.#store.drop(this.#id);
  }
}

type Servable = Pick<Releases, 'list' | 'servable'>;

/** What a process of ours can see: Redis, its channels, and for web the folder of releases. */
export function probesOf(
  { redis, marks, channels }: Pick<Deps, 'redis' | 'marks' | 'channels'>,
  { watch, releases }: { watch: Pick<ChannelWatch, 'isDown' | 'probe'>; releases?: Servable | undefined },
): Probe[] {
  return [
    ...Object.entries({ redis, 'redis-queue': marks }).flatMap(([subject, each]): Probe[] =>
      each === undefined || (each === redis && subject !== 'redis')
        ? []
        : [{ rule: 'store.redis', subject, look: () => each.ping().then(() => undefined) }],
    ),
    ...[...channels.keys()].map((channel): Probe => ({
      ...{ rule: 'channel.down', subject: channel },
      look: async () => {
        // A process that makes no calls would never hear that it answers again.
        if (watch.isDown(channel)) await watch.probe();
        return watch.isDown(channel) ? 'no-answer' : undefined;
      },
    })),
    ...(releases === undefined
      ? []
      : [{ rule: 'release.faulty', subject: 'releases', look: () => unservable(releases) } as const]),
  ];
}

/** A release that is ready and cannot be given away: a file of it is gone or another, or its signature is not of our key. */
async function unservable(releases: Servable): Promise<string | undefined> {
  for (const { id, state } of await releases.list()) {
    if (state === 'ready' && (await releases.servable(id)) === undefined) return id;
  }
  return undefined;
}

/** Until stopped; gives what stops it. */
export async function keepNotes(
  deps: Pick<Deps, 'db' | 'redis' | 'marks' | 'channels' | 'clock' | 'log'>,
  kind: ProcessNote['kind'],
  of: { watch: ChannelWatch; releases?: Servable | undefined },
): Promise<() => Promise<void>> {
  const { db, clock, log } = deps;
  const store = new NoteStore(db);
  await store.prepare();
  const notes = new ProcessNotes({ kind, probes: probesOf(deps, of), store, now: () => clock.now() });
  const stop = startRounds({
    work: () => notes.round(),
    everyMs: EVERY_MS,
    what: 'what this process says of itself',
    ...{ clock, log },
  });
  return async () => {
    await stop();
    // A database that is away has no note to take back.
    await notes.drop().catch(() => undefined);
  };
}
