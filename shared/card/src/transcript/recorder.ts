import { toHex } from '../bytes/hex.ts';
import { codeOf } from '../errors.ts';
import type { CardSession } from '../reader/slot.ts';
import type { Exchange } from './format.ts';
import { Redactor } from './redact.ts';

/** A session that passes everything on and keeps it, redacted before it is kept. */
export class RecordingSession implements CardSession {
  readonly atr: Uint8Array;
  readonly #session: CardSession;
  readonly #redactor = new Redactor();
  readonly #exchanges: Exchange[] = [];

  constructor(session: CardSession) {
    this.#session = session;
    this.atr = session.atr;
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  get atrHex(): string {
    return toHex(this.atr);
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const command = apdu.slice();
    try {
      const answer = await this.#session.transmit(apdu);
      this.#exchanges.push(this.#redactor.exchange(command, answer));
      return answer;
    } catch (error) {
      const [hidden] = this.#redactor.exchange(command, new Uint8Array());
      this.#exchanges.push([hidden, `!${codeOf(error) ?? 'reader.io'}`]);
      throw error;
    }
  }

  end(): Promise<void> {
    return this.#session.end();
  }
}
