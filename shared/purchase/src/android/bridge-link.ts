import type { Clock } from '@bianmin/card/clock';
import { Stop } from '@bianmin/card/stop';
import { UsbError } from '@bianmin/card/usb/error';
import { parseAnswer } from './bridge.ts';
import type {
  AndroidUsbBridge,
  BridgeAnswer,
  BridgeFailureCode,
  BridgeRequest,
  BridgeSuccess,
} from './bridge.ts';

/** The shell keeps to a request's own time-out; where it does not, the request is given up so much later. */
export const GRACE_MS = 2_000;

const MESSAGES: Readonly<Record<BridgeFailureCode, string>> = {
  'usb.timeout': 'The reader takes too long; unplug it and plug it in again.',
  'usb.stall': 'The reader stopped in the middle; try again.',
  'usb.gone': 'The reader was unplugged; plug it in again.',
  'usb.busy': 'The reader is being asked something; wait for its answer.',
  'usb.permission': 'The reader may not be used; allow it on the screen, or plug it in again.',
  'usb.io': 'The reader cannot be reached; check its cable.',
};

export function bridgeError(code: BridgeFailureCode, cause?: unknown): UsbError {
  return new UsbError({ code, message: MESSAGES[code], cause });
}

export interface Question {
  readonly request: BridgeRequest;
  /** When the shell should have answered, ms; `GRACE_MS` is added. */
  readonly timeoutMs: number;
  /** Ends the wait early. */
  readonly gone?: Stop | undefined;
  /** Takes an answer that came after we stopped waiting. */
  readonly late?: (answer: BridgeSuccess) => void;
}

/** Requests over the bridge and their answers, by id. */
export class BridgeLink {
  readonly #bridge: AndroidUsbBridge;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (answer: BridgeAnswer) => void>();
  #count = 0;

  constructor(bridge: AndroidUsbBridge, clock: Clock) {
    this.#bridge = bridge;
    this.#clock = clock;
  }

  /** For the page's `answer`. An id that is not waited for is passed over. */
  answer(id: string, text: string): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(parseAnswer(text));
  }

  /** Rejects with a `UsbError`; never hangs. */
  ask({ request, timeoutMs, gone, late }: Question): Promise<BridgeSuccess> {
    const id = String(++this.#count);
    const timer = new Stop();
    return new Promise<BridgeSuccess>((resolve, reject) => {
      const onGone = (): void => {
        settle({ ok: false, code: 'usb.gone' });
      };
      let settled = false;
      const settle = (answer: BridgeAnswer): void => {
        if (settled) {
          if (answer.ok) late?.(answer);
          return;
        }
        settled = true;
        timer.stop();
        gone?.signal.removeEventListener('abort', onGone);
        if (answer.ok) resolve(answer);
        else reject(bridgeError(answer.code));
      };
      if (gone?.stopped === true) {
        onGone();
        return;
      }
      gone?.signal.addEventListener('abort', onGone);
      this.#waiting.set(id, settle);
      void this.#clock.sleep(timeoutMs + GRACE_MS, timer.signal).then(
        () => {
          settle({ ok: false, code: 'usb.timeout' });
        },
        () => undefined,
      );
      try {
        this.#bridge.call(id, JSON.stringify(request));
      } catch {
        // An exception in the shell comes through without its cause.
        this.#waiting.delete(id);
        settle({ ok: false, code: 'usb.io' });
      }
    });
  }
}
