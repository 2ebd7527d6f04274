import type { ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { signalGroup, spawnKept } from '@bianmin/card/node/kept-child';
import { sayWhileWaiting } from './waiting.ts';

/** How a program came to its end. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProgramInit {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; absent: ours. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** A line of its output that says that it is ready. It is waited for until it comes, or the program ends. */
  readonly ready: RegExp;
  /** A line of its output after which it is ended at once, as if it had ended by itself: it is not to be trusted any more. */
  readonly deadly?: RegExp;
  /** Told of a wait that takes long. */
  readonly progress?: (line: string) => void;
  /** File that its output is appended to. */
  readonly log?: string;
  /** Ends it where it is not ready yet. */
  readonly signal?: AbortSignal;
}

const TAIL_LINES = 40;

/** A program that runs beside this one and does not outlive it, however this one ends. */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #deadly: RegExp | undefined;
  #log: WriteStream | undefined;
  readonly #tail: string[] = [];
  readonly #lineListeners = new Set<(line: string) => void>();
  readonly #started: Promise<void>;
  /** Resolves when it has ended, whatever ended it. */
  readonly exited: Promise<Exit>;
  #exit: Exit | undefined;
  #stopping = false;

  private constructor(init: ProgramInit) {
    this.name = init.name;
    this.#deadly = init.deadly;
    this.#log = init.log === undefined ? undefined : createWriteStream(init.log, { flags: 'a', mode: 0o600 });
    // Its disk may be full: the program goes on, its last lines are kept here, and who started it does not end.
    this.#log?.on('error', () => {
      this.#log = undefined;
    });
    this.#child = spawnKept(init.command, init.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...(init.env ?? process.env) },
      ...(init.cwd === undefined ? {} : { cwd: init.cwd }),
    });
    this.#started = new Promise((resolve, reject) => {
      this.#child.once('spawn', resolve);
      this.#child.once('error', reject);
    });
    this.exited = new Promise((resolve) => {
      const done = (exit: Exit): void => {
        this.#exit = exit;
        this.#log?.end();
        resolve(exit);
      };
      this.#child.once('close', (code, signal) => {
        done({ code, signal });
      });
      this.#child.once('error', () => {
        done({ code: 127, signal: null });
      });
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) this.#readLines(stream);
    }
  }

  /** Starts it and waits for its line; the answer holds that line's match. */
  static async start(init: ProgramInit): Promise<{ program: Program; match: RegExpExecArray }> {
    init.signal?.throwIfAborted();
    const program = new Program(init);
    const abort = (): void => void program.stop();
    init.signal?.addEventListener('abort', abort);
    try {
      await program.#started;
      return { program, match: await program.#line(init.ready, init.progress) };
    } catch (error) {
      await program.stop();
      throw error;
    } finally {
      init.signal?.removeEventListener('abort', abort);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** Whether it was asked to end; an end that was not asked for is a fault. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** The last lines of its output. */
  tail(): string {
    return this.#tail.join('\n');
  }

  /** SIGTERM, and SIGKILL when it has not ended in time. */
  async stop(graceMs = 5000): Promise<void> {
    await this.#end('SIGTERM', graceMs);
  }

  /** SIGKILL: as a crash or a power cut would end it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL', 5000);
  }

  /** SIGSTOP, to all of it: as on a machine that swaps or is moved. Gives what lets it go on. */
  standStill(): () => void {
    this.#signal('SIGSTOP');
    return () => {
      this.#signal('SIGCONT');
    };
  }

  async #end(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#exit !== undefined) return;
    if (signal === 'SIGKILL') this.#signal(signal);
    else this.#child.kill(signal);
    const timer = setTimeout(() => {
      this.#signal('SIGKILL');
    }, graceMs);
    await this.exited;
    clearTimeout(timer);
  }

  /** To it and to what it began: a program that is killed cannot ask its children to end. */
  #signal(signal: NodeJS.Signals): void {
    signalGroup(this.#child, signal);
  }

  #line(ready: RegExp, progress: (line: string) => void = () => undefined): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (line: string): void => {
        const match = ready.exec(line);
        if (match === null) return;
        finish();
        resolve(match);
      };
      const lastWords = (): string => this.#tail.findLast((line) => line.trim() !== '') ?? '';
      const quiet = sayWhileWaiting({ what: this.name, lastWords, progress });
      const finish = (): void => {
        quiet();
        this.#lineListeners.delete(look);
      };
      this.#lineListeners.add(look);
      this.#tail.forEach(look);
      void this.exited.then(({ code, signal }) => {
        finish();
        reject(
          new Error(`${this.name} ended with ${String(signal ?? code)} before it was ready.${this.#said()}`),
        );
      });
    });
  }

  #said(): string {
    return this.#tail.length === 0 ? ' It said nothing.' : ` It said:\n${this.tail()}`;
  }

  #readLines(stream: NodeJS.ReadableStream): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      this.#log?.write(chunk);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#keep(line);
    });
    stream.on('end', () => {
      if (rest !== '') this.#keep(rest);
    });
  }

  #keep(line: string): void {
    if (this.#deadly?.test(line) === true) this.#signal('SIGKILL');
    this.#tail.push(line);
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
    for (const listener of [...this.#lineListeners]) listener(line);
  }
}
