import type { Clock } from '@bianmin/card/clock';
import { Listeners } from '@bianmin/card/reader/listeners';
import { Stop } from '@bianmin/card/stop';
import type {
  AndroidShell,
  AndroidShellPage,
  ShellAnswer,
  ShellEvent,
  ShellRequest,
  ShellSuccess,
} from '@bianmin/purchase/android/shell';
import { BoxError, type BoxErrorCode } from './error.ts';
import { parseShellAnswer, parseShellEvent } from './shell-answer.ts';

/** An old box's flash and key store may take seconds. */
const USUAL_MS = 10_000;
/** Keys are made at the first start: 2048 bits of RSA on a slow processor. */
const KEYS_MS = 120_000;
/** The shell keeps to an HTTP call's own time-out; where it does not, the call is given up so much later. */
const GRACE_MS = 2_000;

const MESSAGES: Readonly<
  Record<Exclude<Extract<BoxErrorCode, `shell.${string}` | `http.${string}`>, 'shell.none'>, string>
> = {
  'shell.bad-request':
    'The shell does not know what it was asked. Page and shell may be of different versions.',
  'shell.unseal-failed': 'What the server sealed cannot be opened by this box. Enrol again, then retry.',
  'shell.keys-lost': 'The box can no longer open its keys: it must be enrolled again.',
  'shell.store-full': 'The box has no room left: remove apps or pictures from it.',
  'shell.io': 'The shell could not do what it was asked. Start the app again.',
  'shell.timeout': 'The shell does not answer. Start the app again.',
  'http.unavailable': 'The server cannot be reached. Check the network and try again.',
  'http.untrusted': 'Whoever answers is not our server; nothing was sent. Check the network.',
};

export interface ShellLinkInit {
  readonly shell: AndroidShell;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Puts what the shell calls where it finds it: on the page's global object, under the name agreed on. */
  readonly install: (page: AndroidShellPage) => void;
}

/** Requests to the shell and their answers, by id; and what the shell tells by itself. */
export class ShellLink {
  readonly #shell: AndroidShell;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #waiting = new Map<string, (answer: ShellAnswer) => void>();
  readonly #listeners = new Listeners<ShellEvent>();
  #count = 0;

  constructor({ shell, clock, install }: ShellLinkInit) {
    this.#shell = shell;
    this.#clock = clock;
    install({
      answer: (id, text) => {
        const settle = this.#waiting.get(id);
        this.#waiting.delete(id);
        settle?.(parseShellAnswer(text));
      },
      event: (text) => {
        const event = parseShellEvent(text);
        if (event !== undefined) this.#listeners.emit(event);
      },
    });
  }

  /** Calls back on each event; returns its own removal. */
  onEvent(listener: (event: ShellEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Rejects with a `BoxError`; never hangs. */
  ask(request: ShellRequest): Promise<ShellSuccess> {
    const id = String(++this.#count);
    const timer = new Stop();
    return new Promise<ShellSuccess>((resolve, reject) => {
      const fail = (code: keyof typeof MESSAGES): void => {
        reject(new BoxError({ code, message: MESSAGES[code], context: { op: request.op } }));
      };
      this.#waiting.set(id, (answer) => {
        timer.stop();
        if (answer.ok) resolve(answer);
        else fail(answer.code);
      });
      this.#clock.sleep(patienceOf(request), timer.signal).then(
        () => {
          this.#waiting.delete(id);
          fail(request.op === 'http' ? 'http.unavailable' : 'shell.timeout');
        },
        // A wait that is ended rejects: then the answer came.
        () => undefined,
      );
      try {
        this.#shell.call(id, JSON.stringify(request));
      } catch {
        // An exception in the shell comes through without its cause.
        this.#waiting.delete(id);
        timer.stop();
        fail('shell.io');
      }
    });
  }

  /** What the answer must carry; without it the answer is none. */
  async askFor<Name extends keyof ShellSuccess>(
    request: ShellRequest,
    name: Name,
  ): Promise<NonNullable<ShellSuccess[Name]>> {
    const value = (await this.ask(request))[name];
    if (value !== undefined) return value;
    throw new BoxError({
      code: 'shell.io',
      message: MESSAGES['shell.io'],
      context: { op: request.op, missing: name },
    });
  }
}

function patienceOf(request: ShellRequest): number {
  switch (request.op) {
    case 'http':
      return request.timeoutMs + GRACE_MS;
    case 'hello':
    case 'keys':
      return KEYS_MS;
    default:
      return USUAL_MS;
  }
}
