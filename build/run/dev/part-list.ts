import type { Program } from '../../kit/process/program.ts';
import { startHaproxy } from './haproxy.ts';
import { startProxy } from './nginx.ts';
import { startPart, type Env, type PartInit, type PartName } from './parts.ts';

/** How a part ended that was not asked to end. */
export interface Fall {
  readonly part: string;
  readonly exit: string;
  readonly tail: string;
}

/** A part may have an order in hand. */
const GRACE_MS = 25_000;

const WEB = { main: 'server/src/main-web.ts', ready: /^web ready (\S+)/ } as const;
const WORKER = { main: 'server/src/main-worker.ts', ready: /^worker ready/ } as const;
/** Where each part's program is, and the line that says that it is ready. */
export const PROGRAMS: Readonly<
  Record<Exclude<PartName, 'nginx' | 'haproxy'>, { main: string; ready: RegExp }>
> = {
  grid: { main: 'server/sandbox/grid/main.ts', ready: /^grid sandbox ([^\s,]+)/ },
  wallet: { main: 'server/sandbox/wallet/main.ts', ready: /^wallet sandbox (\S+)/ },
  web: WEB,
  'web-2': WEB,
  worker: WORKER,
  'worker-2': WORKER,
  kiosk: { main: 'terminal-app/src/host/main.ts', ready: /^kiosk ready (?:at )?([^\s;]+)/ },
  tv: { main: 'stb-app/double/main.ts', ready: /^tv ready (\S+)/ },
};
/** Every program of a stack that is our own, as its source. */
export const MAINS: readonly string[] = [...new Set(Object.values(PROGRAMS).map(({ main }) => main))];
/** Those that ask end before those that answer. */
const ENDING: readonly (readonly PartName[])[] = [
  ['kiosk', 'tv'],
  ['nginx'],
  ['haproxy'],
  ['web', 'web-2', 'worker', 'worker-2'],
  ['grid', 'wallet'],
];

type Starting = Pick<PartInit, 'dir' | 'signal' | 'progress'>;

function begin(
  name: PartName,
  env: Env,
  of: Starting,
): Promise<{ program: Program; match: RegExpExecArray }> {
  if (name === 'nginx') return startProxy(of);
  return name === 'haproxy'
    ? startHaproxy({ ...of, env })
    : startPart({ ...PROGRAMS[name], ...of, name, env });
}

/** The stack's own processes. */
export class Parts {
  readonly #dir: string;
  readonly #report: (line: string) => void;
  readonly #running = new Map<PartName, { program: Program; env: Env }>();
  readonly #falls: ((fall: Fall) => void)[] = [];
  readonly #abort = new AbortController();
  readonly #starting = new Set<Promise<unknown>>();
  #fallen: Fall | undefined;

  constructor(init: { dir: string; report: (line: string) => void }) {
    this.#dir = init.dir;
    this.#report = init.report;
  }

  async start(name: PartName, env: Env): Promise<void> {
    const from = performance.now();
    const of = { dir: this.#dir, signal: this.#abort.signal, progress: this.#report };
    const starting = begin(name, env, of);
    this.#starting.add(starting);
    const { program, match } = await starting.finally(() => this.#starting.delete(starting));
    this.#running.set(name, { program, env });
    this.#watch(program);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    this.#report(`${name.padEnd(9)} ${match[1] ?? 'ready'} (${seconds} s)`);
  }

  program(name: PartName): Program | undefined {
    return this.#running.get(name)?.program;
  }

  async kill(name: PartName): Promise<void> {
    await this.program(name)?.kill();
  }

  async stop(name: PartName, graceMs = GRACE_MS): Promise<void> {
    await this.program(name)?.stop(graceMs);
  }

  async restart(name: PartName, env: Env = {}): Promise<void> {
    const part = this.#running.get(name);
    if (part === undefined) throw new Error(`${name} was never started.`);
    await part.program.stop(GRACE_MS);
    await this.start(name, { ...part.env, ...env });
  }

  /** The first end that was not asked for, of ours and of these. */
  fall(others: readonly (Program | undefined)[]): Promise<Fall> {
    for (const program of others) if (program !== undefined) this.#watch(program);
    return new Promise((resolve) => {
      if (this.#fallen !== undefined) resolve(this.#fallen);
      this.#falls.push(resolve);
    });
  }

  /** Ends all of them, those that are still starting included; what takes longer than `withinMs` in all is killed. */
  async close(withinMs = Infinity): Promise<void> {
    const until = performance.now() + withinMs;
    this.#abort.abort();
    await Promise.allSettled(this.#starting);
    for (const group of ENDING) {
      const graceMs = Math.min(GRACE_MS, Math.max(0, until - performance.now()));
      await Promise.all(group.map((name) => this.stop(name, graceMs)));
    }
  }

  #watch(program: Program): void {
    void program.exited.then(({ code, signal }) => {
      if (program.stopping || this.#fallen !== undefined) return;
      this.#fallen = { part: program.name, exit: String(signal ?? code), tail: program.tail() };
      for (const tell of this.#falls) tell(this.#fallen);
    });
  }
}
