import { openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream } from 'node:tty';
import type { HostAnswer, HostAnswers, HostRequests } from '../line.ts';

const DEVICE = '/dev/ttyS1';

/** The host, at the far end of a serial line. */
export class Host {
  readonly #fd = openSync(DEVICE, 'r+');
  /** Not a file's stream: its reading would keep the process from ending. */
  readonly #input = new ReadStream(this.#fd);
  readonly #waiting = new Map<number, (answer: HostAnswer) => void>();
  #nextId = 1;

  constructor() {
    this.#input.unref();
    createInterface({ input: this.#input }).on('line', (text) => {
      const answer = JSON.parse(text) as HostAnswer;
      this.#waiting.get(answer.id)?.(answer);
    });
  }

  async ask<K extends keyof HostRequests>(ask: K, request: HostRequests[K]): Promise<HostAnswers[K]> {
    const id = this.#nextId++;
    const heard = new Promise<HostAnswer>((resolve) => this.#waiting.set(id, resolve));
    writeSync(this.#fd, `${JSON.stringify({ ...request, id, ask })}\n`);
    this.#input.ref();
    const { error, ok } = await heard;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#input.unref();
    if (error !== undefined) throw new Error(`The host: ${error}`);
    return ok as HostAnswers[K];
  }
}
