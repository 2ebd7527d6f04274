import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { timed, type CryptoTime } from '../crypto-time.ts';
import { noSession, notProcessed, unverifiable } from '../failures.ts';
import type { WireErrorCode } from '../wire/error.ts';
import type { Sm2Private, Sm2Public } from '../wire/sm2.ts';
import { faultOf, TRADES, type Trade } from './constants.ts';
import {
  decodeFrame,
  encodeFrame,
  verifies,
  VERSION,
  type Frame,
  type Head,
  type Verifier,
} from './frame.ts';
import type { OrderKey } from './order-key.ts';
import type { Reply } from './replies.ts';
import type { Ask } from './requests.ts';
import { takeWorkingKey, type WorkingKey } from './sign-on.ts';
import type { FrameTransport } from './tcp.ts';
import { beijingTime, fromBeijingTime } from './times.ts';

export interface StringClientInit {
  readonly agent: string;
  /** Which of our machines asks, 16 bytes at most: for the grid's books only. */
  readonly terminal: string;
  readonly own: Sm2Private;
  readonly grid: Sm2Public;
  readonly transport: FrameTransport;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** ms by which the grid's clock may differ from ours. */
  readonly windowMs: number;
}

interface Session extends WorkingKey {
  readonly renewAt: number;
}

type Outcome =
  | { readonly processed: true; readonly reply: Reply }
  | { readonly processed: false; readonly fault: WireErrorCode };

const NOTHING = new Uint8Array(0);

/** The agent's end: signs on, seals frames, and says what their failures mean. */
export class StringClient {
  readonly #init: StringClientInit;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;

  constructor(init: StringClientInit) {
    this.#init = init;
  }

  /**
   * Sends one transaction and gives its verified answer. What the grid says, under its signature, that it did not
   * process may be sent again: that happens once, where it did not know the session (a restart, a rotation).
   */
  async call(ask: Ask, spent: CryptoTime): Promise<Reply> {
    const first = await this.#attempt(ask, spent);
    if (first.processed) return first.reply;
    if (first.fault !== 'wire.session') throw notProcessed(first.fault);
    const second = await this.#attempt(ask, spent);
    if (second.processed) return second.reply;
    throw notProcessed(second.fault);
  }

  async #attempt(ask: Ask, spent: CryptoTime): Promise<Outcome> {
    const session = await this.#open(spent);
    const head = this.#head(ask.trade, ask.key ?? this.#freeKey(), session.session);
    const sealed = timed(spent, () => encodeFrame(head, ask.body, { mac: session.key }));
    const frame = await this.#exchange(head, sealed);
    const seal = frame.head.direction === 'A' ? { mac: session.key } : { verifier: this.#init.grid };
    this.#check(frame, seal, spent);
    if (frame.head.direction === 'A') {
      if (frame.head.session !== session.session) throw unverifiable('The answer is of another session.');
      return { processed: true, reply: { ...frame.head, body: frame.body } };
    }
    const fault = faultOf(frame.head.business);
    if (fault === undefined) throw unverifiable('The grid gives no reason.');
    if (fault === 'wire.session' && this.#session === session) this.#session = undefined;
    return { processed: false, fault };
  }

  /** Sends a frame, and gives the one that answers it: not verified yet, but of the same transaction. */
  async #exchange(head: Head, sealed: Uint8Array): Promise<Frame> {
    const answer = await this.#init.transport.exchange(sealed, this.#init.timeoutMs);
    let frame: Frame;
    try {
      frame = decodeFrame(answer);
    } catch (cause) {
      throw unverifiable('The answer is no frame.', cause);
    }
    const { direction, trade, agent, date, serial, nonce } = frame.head;
    const same = trade === head.trade && agent === head.agent && date === head.date && serial === head.serial;
    if (direction === 'Q' || !same || nonce !== head.nonce) {
      throw unverifiable('The answer is not to this transaction.');
    }
    return frame;
  }

  #check(frame: Frame, seal: Verifier, spent: CryptoTime): void {
    if (!timed(spent, () => verifies(frame, seal))) throw unverifiable('The answer does not verify.');
    const age = Math.abs(fromBeijingTime(frame.head.time) - this.#init.clock.now());
    if (!(age <= this.#init.windowMs)) throw unverifiable('The answer is of another time.');
  }

  /** The session of now; renewed before it ends, by one sign-on however many callers wait. */
  async #open(spent: CryptoTime): Promise<Session> {
    const current = this.#session;
    if (current !== undefined && this.#init.clock.now() < current.renewAt) return current;
    this.#opening ??= this.#signOn(spent).finally(() => {
      this.#opening = undefined;
    });
    return await this.#opening;
  }

  /** A sign-on moves nothing: whatever goes wrong in it, the transaction that waits for it was never sent. */
  async #signOn(spent: CryptoTime): Promise<Session> {
    const { clock, own, grid } = this.#init;
    const now = clock.now();
    const head = this.#head('signOn', this.#freeKey(), null);
    try {
      const frame = await this.#exchange(
        head,
        timed(spent, () => encodeFrame(head, NOTHING, { signer: own })),
      );
      this.#check(frame, { verifier: grid }, spent);
      if (frame.head.direction !== 'A') throw unverifiable(`The grid says ${frame.head.business}.`);
      const key = timed(spent, () => takeWorkingKey(frame.body, own));
      // Four fifths of the life: the old key still serves what is on its way.
      const session = { ...key, renewAt: now + (key.expiresAt - fromBeijingTime(frame.head.time)) * 0.8 };
      this.#session = session;
      return session;
    } catch (cause) {
      throw noSession(cause);
    }
  }

  #head(trade: Trade, key: OrderKey, session: string | null): Head {
    const { agent, terminal, clock } = this.#init;
    return {
      version: VERSION,
      direction: 'Q',
      trade: TRADES[trade],
      agent,
      terminal,
      date: key.date,
      serial: key.serial,
      time: beijingTime(clock.now()),
      session,
      nonce: randomBytes(16).toString('hex').toUpperCase(),
      response: null,
      business: null,
      remark: '',
    };
  }

  /** For what is no sale. A sale's serial begins with its hour, so that one with 9 is never a sale's. */
  #freeKey(): OrderKey {
    const date = beijingTime(this.#init.clock.now()).slice(0, 8);
    return { date, serial: `9${String(randomInt(10 ** 11)).padStart(11, '0')}` };
  }
}
