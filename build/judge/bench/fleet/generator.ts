import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Ask, Reply, Reports } from './protocol.ts';

/** The load generator's process, as who asks it sees it. */
export class Generator {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #last = 0;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'load-main.ts'), {
      execArgv: ['--import', 'tsx', '--max-old-space-size=4096'],
      serialization: 'advanced',
    });
    this.#child.on('message', (reply: Reply) => {
      this.#waiting.get(reply.no)?.(reply);
      this.#waiting.delete(reply.no);
    });
    this.#child.on('exit', (code) => {
      for (const [no, told] of this.#waiting)
        told({ no, error: `The load generator ended with ${String(code)}.` });
      this.#waiting.clear();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async ask<A extends Ask>(ask: A): Promise<Reports[A['op']]> {
    const no = ++this.#last;
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting.set(no, resolve);
      this.#child.send({ no, ask });
    });
    if ('error' in reply) throw new Error(reply.error);
    return reply.report as Reports[A['op']];
  }

  close(): void {
    this.#child.kill();
  }
}
