/** A text that the grid sent to the phone it has on record. */
export interface Sms {
  readonly customerNo: string;
  /** The phone, all but its last digits hidden. */
  readonly phone: string;
  /** The one-time code in it. */
  readonly code: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Texts that are kept, and sent requests that are remembered. */
const KEPT = 500;

/** The registered phones of all households, as one pile of texts, the newest first. Nothing of it outlives the process. */
export class SmsPile {
  readonly #now: () => number;
  readonly #texts: Sms[] = [];
  readonly #sent = new Set<string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The same request texts once. */
  send(requestNo: string, to: { readonly customerNo: string; readonly code: string }): void {
    if (this.#sent.has(requestNo)) return;
    this.#sent.add(requestNo);
    for (const oldest of this.#sent) {
      if (this.#sent.size <= KEPT) break;
      this.#sent.delete(oldest);
    }
    const { customerNo, code } = to;
    this.#texts.unshift({
      customerNo,
      phone: `139****${customerNo.slice(-4)}`,
      code,
      text: `【便民】验证码 ${code}，5 分钟内有效。有人要在手机上绑定您家的用电户号。不是您本人，请不要告诉任何人。`,
      at: new Date(this.#now()).toISOString(),
    });
    this.#texts.length = Math.min(this.#texts.length, KEPT);
  }

  list(): readonly Sms[] {
    return this.#texts;
  }
}
