import fc from 'fast-check';
import { describe, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { runs } from '../testing/property-runs.ts';
import { plainCard } from '../testing/sim-card-line-plain.ts';
import type { SimulatedCard } from '../testing/simulated-card.ts';
import { NOTICE_MS } from '../testing/slot-contract.ts';
import type { SlotRig } from '../testing/slot-contract.ts';
import { SLOT_STACKS } from '../testing/slot-contract-stacks.ts';
import { pcscStack } from '../testing/node/sim-pcsc-rig.ts';
import type { CardSession } from './slot.ts';

const MOVES = ['insert', 'eject', 'swap', 'open', 'ask', 'ask', 'hold', 'let go', 'soon', 'later'] as const;
const READ = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x03);

/** A card whose name is in its answer to reset and in every other answer. */
function card(name: number, protocol: 'T=0' | 'T=1'): SimulatedCard {
  const t1 = [0x81, 0x81, 0x31, 0xfe, 0x45, name];
  const atr =
    protocol === 'T=0'
      ? Uint8Array.of(0x3b, 0x01, name)
      : Uint8Array.of(
          0x3b,
          ...t1,
          t1.reduce((sum, byte) => sum ^ byte, 0),
        );
  return plainCard(atr, () => Uint8Array.of(name, name, name, 0x90, 0x00));
}

const nameOf = (session: CardSession): number => session.atr[session.atr[1] === 0x81 ? 6 : 2] ?? -1;

/** Hands, reader and sessions in any order. Holds after each of them what holds always. */
class Play {
  readonly #rig: SlotRig;
  readonly #protocol: 'T=0' | 'T=1';
  readonly #asked: { readonly from: CardSession; over: boolean }[] = [];
  readonly #faults: string[] = [];
  #names = 0;
  #session: CardSession | undefined;
  #inside = false;

  constructor(rig: SlotRig, protocol: 'T=0' | 'T=1') {
    this.#rig = rig;
    this.#protocol = protocol;
    rig.keepPower?.();
  }

  async do(move: (typeof MOVES)[number]): Promise<void> {
    const rig = this.#rig;
    switch (move) {
      case 'insert':
        if (this.#inside) return;
        this.#inside = true;
        rig.insert(card(++this.#names, this.#protocol));
        return rig.pass(10);
      case 'eject':
        if (!this.#inside) return;
        this.#inside = false;
        rig.eject();
        return this.#noticed();
      case 'swap':
        if (!this.#inside || rig.swap === undefined) return;
        // The reader has told of the card that is in.
        await rig.pass(10);
        rig.swap(card(++this.#names, this.#protocol));
        return this.#noticed();
      case 'open':
        rig.slot.open().then(
          (session) => (this.#session = session),
          (error: unknown) => this.#typed(error),
        );
        return rig.pass(10);
      case 'ask':
        this.#ask();
        return rig.pass(10);
      case 'hold':
        return rig.hold();
      case 'let go':
        rig.letGo();
        return rig.pass(10);
      case 'soon':
        return rig.pass(100);
      case 'later':
        return rig.pass(3_100);
    }
  }

  async end(): Promise<void> {
    if (this.#rig.patient === true) this.#rig.letGo();
    for (let i = 0; i < 20; i++) await this.#rig.pass(3_100);
    if (this.#asked.some(({ over }) => !over)) this.#faults.push('an APDU is waited for without end');
    if (this.#faults.length > 0) throw new Error(this.#faults.join('; '));
  }

  #ask(): void {
    const from = this.#session;
    if (from === undefined) return;
    const asked = { from, over: false };
    this.#asked.push(asked);
    from.transmit(READ).then(
      ([name]) => {
        asked.over = true;
        if (name !== nameOf(from))
          this.#faults.push(`a session of card ${nameOf(from)} got an answer of card ${name}`);
      },
      (error: unknown) => {
        asked.over = true;
        this.#typed(error);
      },
    );
  }

  #typed(error: unknown): void {
    if (codeOf(error)?.startsWith('reader.') !== true) this.#faults.push(`untyped: ${String(error)}`);
  }

  /** The reader has told: what was asked before is over. */
  async #noticed(): Promise<void> {
    await this.#rig.pass(NOTICE_MS);
    if (this.#asked.some(({ over }) => !over)) this.#faults.push('an APDU outlives the notice');
  }
}

describe.each([...SLOT_STACKS, pcscStack])('on $name', ({ make, onlyT0 = false }) => {
  it('no session hears another card, and none outlives the notice', async () => {
    const protocol = onlyT0 ? fc.constant('T=0' as const) : fc.constantFrom('T=0' as const, 'T=1' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...MOVES), { minLength: 5, maxLength: 30 }),
        protocol,
        async (moves, spoken) => {
          const play = new Play(await make(), spoken);
          for (const move of ['insert', 'open', ...moves] as const) await play.do(move);
          await play.end();
        },
      ),
      { numRuns: runs(60) },
    );
  });
});
