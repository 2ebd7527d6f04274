import { connect, type Socket } from 'node:net';
import { AnswerReader, type Answer } from './answers.ts';

type Done = (answer: Answer | null) => void;
interface Waiting {
  readonly request: Buffer;
  readonly done: Done;
}

/**
 * Connections that stay, as nginx keeps them to the server for all terminals together. One request at a time on each; what
 * finds none free waits its turn, and who measures counts that wait.
 */
export class Lines {
  readonly #address: { readonly host: string; readonly port: number };
  readonly #free: Line[] = [];
  #waiting: Waiting[] = [];
  /** Where the queue begins: taking from the front of an array copies it. */
  #first = 0;
  #closed = false;

  constructor(init: { url: string; count: number }) {
    const { hostname: host, port } = new URL(init.url);
    this.#address = { host, port: Number(port) };
    for (let n = 0; n < init.count; n += 1) this.#free.push(this.#open());
  }

  /** `done` gets null where the connection broke before the answer was whole. */
  send(request: Buffer, done: Done): void {
    const line = this.#free.pop();
    if (line === undefined) this.#waiting.push({ request, done });
    else line.send(request, done);
  }

  close(): void {
    this.#closed = true;
    for (const line of this.#free) line.close();
  }

  #open(): Line {
    const line = new Line(this.#address, () => {
      this.#next(line);
    });
    return line;
  }

  #next(line: Line): void {
    if (this.#closed) {
      line.close();
      return;
    }
    const next = this.#waiting[this.#first];
    if (next === undefined) {
      this.#waiting = [];
      this.#first = 0;
      this.#free.push(line);
      return;
    }
    this.#first += 1;
    line.send(next.request, next.done);
  }
}

class Line {
  readonly #address: { readonly host: string; readonly port: number };
  readonly #onFree: () => void;
  #socket: Socket | undefined;
  #done: Done | undefined;

  constructor(address: { readonly host: string; readonly port: number }, onFree: () => void) {
    this.#address = address;
    this.#onFree = onFree;
  }

  send(request: Buffer, done: Done): void {
    this.#done = done;
    this.#socket ??= this.#connected();
    this.#socket.write(request);
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connected(): Socket {
    const socket = connect(this.#address).setNoDelay(true);
    const reader = new AnswerReader();
    socket.on('data', (chunk) => {
      for (const answer of reader.push(chunk)) this.#end(answer);
    });
    // What is wrong with it is followed by its close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#socket = undefined;
      if (this.#done !== undefined) this.#end(null);
    });
    return socket;
  }

  #end(answer: Answer | null): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(answer);
    this.#onFree();
  }
}
