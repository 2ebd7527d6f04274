import { concatBytes } from '../bytes/compare.ts';
import { ANSWER, HEADER_LENGTH } from '../framing/ccid/constants.ts';
import type { CommandName } from '../framing/ccid/constants.ts';
import { announcedLength, decodeResponse, encodeCommand } from '../framing/ccid/message.ts';
import type { CcidCommand, CcidResponse } from '../framing/ccid/message.ts';
import { FramingError } from '../framing/error.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbEndpoint, UsbPort } from '../usb/ports.ts';
import { ReaderError } from './error.ts';

/** Read and write time-outs of R:LudovicRousseau/CCID: 3 s and 5 s. */
export const READ_MS = 3_000;
const WRITE_MS = 5_000;
/** Each step of an abort; a reader that does not even answer that is given up. */
const ABORT_MS = 1_000;
/** Answers to older commands that are passed over before the reader counts as confused. */
const MAX_STALE = 16;

/** Requests for more time in one command, about one a second from a reader; a card that needs longer is stuck. */
const MAX_EXTENSIONS = 150;

/** One command of a slot, without its sequence number. */
export interface LinkCommand {
  readonly name: CommandName;
  readonly slot: number;
  readonly parameters?: CcidCommand['parameters'];
  readonly data?: Uint8Array;
  /** Multiplies the read time-out: block waiting times that a T=1 card was granted. */
  readonly waits?: number;
}

/**
 * Commands and answers of one CCID device. One at a time: its slots share the pipes, so a second waits for the
 * first. Answers are matched by slot and sequence number; time extensions are waited for; a time-out aborts the
 * command on both pipes (CCID rev 1.1 §5.3.1) and a stall clears the endpoint, so that the next command starts clean.
 */
export class CcidLink {
  readonly #port: UsbPort;
  readonly #maxMessage: number;
  #seq = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(port: UsbPort, maxMessage: number) {
    this.#port = port;
    this.#maxMessage = maxMessage;
  }

  /** The reader's answer, failed or not; throws `ReaderError` where no answer came. */
  command(command: LinkCommand): Promise<CcidResponse> {
    const run = this.#tail.then(() => this.#exchange(command));
    this.#tail = run.catch(() => undefined);
    return run;
  }

  async #exchange(command: LinkCommand): Promise<CcidResponse> {
    const seq = this.#seq;
    this.#seq = (seq + 1) & 0xff;
    const { name, slot, parameters = [0, 0, 0], data = new Uint8Array(), waits = 1 } = command;
    let endpoint: UsbEndpoint = 'bulk-out';
    try {
      await this.#port.bulkOut(encodeCommand({ name, slot, seq, parameters, data }), WRITE_MS);
      endpoint = 'bulk-in';
      return await this.#answer({ name, slot, seq }, READ_MS * waits);
    } catch (error) {
      throw await this.#recover(error, { slot, seq, endpoint });
    }
  }

  async #answer(
    to: { name: CommandName; slot: number; seq: number },
    timeoutMs: number,
  ): Promise<CcidResponse> {
    let wait = timeoutMs;
    let extensions = 0;
    for (let stale = 0; stale < MAX_STALE;) {
      const response = decodeResponse(await this.#message(wait));
      if (response.slot !== to.slot || response.seq !== to.seq) {
        stale++;
      } else if (response.command === 'time-extension') {
        if (++extensions > MAX_EXTENSIONS) throw endless();
        wait = READ_MS * Math.max(response.error, 1);
      } else {
        if (response.name !== ANSWER[to.name] && response.command === 'done') break;
        return response;
      }
    }
    throw new ReaderError({
      code: 'reader.protocol',
      message: 'The reader answers something else than it was asked; unplug it and plug it in again.',
      context: { command: to.name },
    });
  }

  /** One whole message, in as many transfers as it takes; empty ones (zero-length packets) are passed over. */
  async #message(timeoutMs: number): Promise<Uint8Array> {
    let bytes: Uint8Array = new Uint8Array();
    let whole = HEADER_LENGTH;
    let empty = 0;
    while (bytes.length < whole) {
      const part = await this.#port.bulkIn(Math.max(this.#maxMessage, 64), timeoutMs);
      if (part.length === 0 && ++empty > 2) break;
      bytes = concatBytes(bytes, part);
      whole = announcedLength(bytes) ?? whole;
      if (whole > HEADER_LENGTH + 0x1_0000) break;
    }
    return bytes;
  }

  async #recover(error: unknown, at: { slot: number; seq: number; endpoint: UsbEndpoint }): Promise<unknown> {
    if (error instanceof FramingError) {
      return new ReaderError({
        code: 'reader.protocol',
        message: error.message,
        cause: error,
        context: error.context,
      });
    }
    if (!(error instanceof UsbError)) return error;
    switch (error.code) {
      case 'usb.gone':
        return readerError('reader.gone', 'The reader was unplugged; plug it in again.', error);
      case 'usb.stall':
        await this.#port.clearHalt(at.endpoint).catch(() => undefined);
        return readerError(
          'reader.io',
          'The reader stopped in the middle; take the card out and in again.',
          error,
        );
      case 'usb.timeout':
        await this.#abort(at);
        return readerError(
          'reader.timeout',
          'The card takes too long; take it out and put it in again.',
          error,
        );
      default:
        return readerError('reader.io', 'The reader cannot be reached; check its cable.', error);
    }
  }

  /** Both halves of an abort, each bounded; readers that do not know it are left as they are. */
  async #abort({ slot, seq }: { slot: number; seq: number }): Promise<void> {
    try {
      await this.#port.controlAbort(slot, seq, ABORT_MS);
      const parameters = [0, 0, 0] as const;
      await this.#port.bulkOut(
        encodeCommand({ name: 'abort', slot, seq, parameters, data: new Uint8Array() }),
        ABORT_MS,
      );
      for (let i = 0; i < MAX_STALE; i++) {
        const response = decodeResponse(await this.#message(ABORT_MS));
        if (response.name === 'slotStatus' && response.seq === seq) return;
      }
    } catch (error) {
      if (error instanceof UsbError || error instanceof FramingError) return;
      throw error;
    }
  }
}

/** Treated as any other answer that does not come: aborted. */
function endless(): UsbError {
  return new UsbError({
    code: 'usb.timeout',
    message: 'The card asks for more time without end; take it out.',
  });
}

function readerError(
  code: 'reader.gone' | 'reader.io' | 'reader.timeout',
  message: string,
  cause: unknown,
): ReaderError {
  return new ReaderError({ code, message, cause });
}
