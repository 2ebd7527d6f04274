import type { Clock } from '@bianmin/card/clock';
import type { CounterTakings } from '@bianmin/purchase/api/counter';
import { chinaDay, startOfDay } from '../../kernel/china-time.ts';
import { sumOfCash } from '../../orders/model/cash-owed.ts';
import { takenOn, type FloatEntry } from '../../money/float/float.ts';
import type { FloatStore } from '../../money/float/float-store.ts';
import type { HandOuts } from '../../money/float/hand-outs.ts';
import { inNotes } from '../../kernel/cash.ts';
import { ProblemError } from '../../kernel/problem.ts';

/** Entries that a screen lists; the sums are of all. */
const LISTED = 50;

/** What staff at a terminal took in cash and handed out today, so that they can count it against what lies in the drawer. */
export class Takings {
  readonly #store: FloatStore;
  readonly #handOuts: Pick<HandOuts, 'owedOf'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(init: { store: FloatStore; handOuts: Pick<HandOuts, 'owedOf'>; clock: Pick<Clock, 'now'> }) {
    this.#store = init.store;
    this.#handOuts = init.handOuts;
    this.#clock = init.clock;
  }

  /** `staff`: a user's id. Throws `float.none` where no committee takes cash at the terminal. */
  async today(terminalId: string, staff: string): Promise<CounterTakings> {
    const float = await this.#store.byTerminal(terminalId);
    if (float === null) {
      throw new ProblemError({ code: 'float.none', message: 'No committee accepts cash at this terminal.' });
    }
    const now = new Date(this.#clock.now());
    const today = await this.#entriesSince(float._id, startOfDay(chinaDay(now)));
    const mine = today.filter(({ kind, by }) => kind === 'taken' && by === staff);
    const entries = mine
      .flatMap((entry) => {
        const { orderNo, fen, at } = entry;
        return orderNo === undefined
          ? []
          : [{ orderNo, fen: inNotes(fen), backFen: backOf(entry, today), at: at.toISOString() }];
      })
      .sort((a, b) => (a.at < b.at ? 1 : -1));
    const handedOut = today.filter(({ kind, by }) => kind === 'handed-out' && by === staff);
    const sumOf = (all: readonly { readonly fen: number }[]): number =>
      all.reduce((sum, { fen }) => sum + inNotes(fen), 0);
    const takenTodayFen = takenOn(float, now);
    return {
      ...{
        committee: float.name,
        balanceFen: float.balanceFen,
        frozen: float.frozen === true,
        takenTodayFen,
      },
      leftTodayFen: Math.max(0, float.dayLimitFen - takenTodayFen),
      mine: { takenFen: sumOf(entries), backFen: sumOf(handedOut), times: entries.length },
      waiting: sumOfCash(await this.#handOuts.owedOf(float._id)),
      entries: entries.slice(0, LISTED),
    };
  }

  /** The float is read before the book: an entry goes from there to here, and may be met in both. */
  async #entriesSince(floatId: string, since: Date): Promise<FloatEntry[]> {
    const float = await this.#store.get(floatId);
    const booked = await this.#store.entriesSince(floatId, since);
    const recent = (float?.recent ?? []).filter(({ at }) => at >= since);
    return [...new Map([...recent, ...booked].map((entry) => [entry._id, entry])).values()];
  }
}

/** What of it went back over the counter: a refund's number begins with its payment's. */
function backOf(taken: FloatEntry, today: readonly FloatEntry[]): number {
  return today
    .filter(
      ({ kind, _id }) =>
        kind === 'handed-out' && _id.startsWith(taken._id) && /^[rs]\d/u.test(_id.slice(taken._id.length)),
    )
    .reduce((sum, { fen }) => sum + inNotes(fen), 0);
}
