import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@bianmin/card/errors';
import { adminCardSession, type AdminCardSession } from '@bianmin/purchase/api/card-session';
import type { GridTerminal } from './grid-terminal.ts';
import type { Resident, Town } from './grid-town.ts';
import { persisting } from '../bench/persisting.ts';
import type { Staff } from './staff.ts';

const PATH = '/v1/admin/card-sessions';
const LOOK_MS = 250;
/** Of one step, ms: its terminal asks each second, and may find the server away. */
const STEP_MS = 20_000;
/** A card that was pulled is put in once more. */
const SESSIONS = 3;
/** How many EEPROM operations happen before a card is pulled, of every other one that is taken off. */
const CUT_AFTER = 7;
const STEPS = ['identify', 'read-card', 'write'] as const;

/** A household that thinks better of it while its purchase is on its card: two of the staff have it taken off at the terminal. */
export class TakingOff {
  readonly #staff: Staff;
  readonly #town: Town;
  #begun = 0;

  constructor(init: { staff: Staff; town: Town }) {
    this.#staff = init.staff;
    this.#town = init.town;
  }

  /** Whether it was begun: then the card is not in its meter, whatever came of it. */
  async take({ meterNo, card }: Resident, terminal: GridTerminal): Promise<boolean> {
    const order = [...this.#town.orders.values()].findLast((each) => each.meterNo === meterNo);
    if (order === undefined || (await order.view()).state !== 'done') return false;
    const { orderNo } = order;
    this.#begun += 1;
    const pulls = this.#begun % 2 === 0;
    try {
      const nonce = await this.#staff.asksReading(orderNo, terminal.id);
      await terminal.readUnder(nonce, card);
      await this.#staff.reverses(orderNo, nonce);
      for (let session = 1; session <= SESSIONS; session += 1) {
        let left = CUT_AFTER;
        card.cutHook = pulls && session === 1 ? () => left-- === 0 : undefined;
        if (await this.#session(orderNo, terminal, card)) break;
      }
    } catch (error) {
      this.#town.note(`undo: ${codeOf(error) ?? String(error).slice(0, 140)}`);
    } finally {
      card.cutHook = undefined;
    }
    return true;
  }

  /** True once the card was read back without it. */
  async #session(orderNo: string, terminal: GridTerminal, card: Resident['card']): Promise<boolean> {
    const body = { terminalId: terminal.id, kind: 'undo', orderNo, reason: 'Asked for by the soak.' };
    const { id } = await persisting(() =>
      this.#staff.asks.call({ path: PATH, method: 'POST', body }, adminCardSession),
    );
    let isOff = false;
    await terminal.lends(card, async () => {
      await this.#until(id, ({ state }) => state === 'working');
      for (const [index, verb] of STEPS.entries()) {
        if (!(await this.#step(id, index + 1, verb))) return;
      }
      isOff = true;
    });
    await persisting(() =>
      this.#staff.asks.call({ path: `${PATH}/${id}/finish`, method: 'POST' }, adminCardSession),
    );
    return isOff;
  }

  async #step(id: string, n: number, verb: (typeof STEPS)[number]): Promise<boolean> {
    const body = { n, command: { do: verb } };
    await persisting(() =>
      this.#staff.asks.call({ path: `${PATH}/${id}/steps`, method: 'POST', body }, adminCardSession),
    );
    const now = await this.#until(id, ({ steps }) => isAnswered(steps, n));
    return now.steps.at(-1)?.outcome === 'done';
  }

  /** As it is once that holds, or it is over, or the patience is. */
  async #until(id: string, holds: (session: AdminCardSession) => boolean): Promise<AdminCardSession> {
    const until = performance.now() + STEP_MS;
    for (;;) {
      const session = await persisting(() =>
        this.#staff.asks.call({ path: `${PATH}/${id}` }, adminCardSession),
      );
      if (holds(session) || session.state === 'closed' || performance.now() > until) return session;
      await sleep(LOOK_MS);
    }
  }
}

/** A write of several stages goes on by itself: it is answered by its last one. */
function isAnswered(steps: AdminCardSession['steps'], n: number): boolean {
  const last = steps.at(-1);
  if (last === undefined || last.n < n || last.outcome === null) return false;
  const isStage = /^(?:write|continue)/u.test(last.asked) && last.outcome === 'done' && last.digest === null;
  return !isStage;
}
