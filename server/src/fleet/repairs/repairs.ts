import type { Clock } from '@bianmin/card/clock';
import type { RepairFault } from '@bianmin/purchase/api/repairs';
import { ProblemError } from '../../kernel/problem.ts';
import { covers, WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import type { TerminalStore } from '../store/terminals.ts';
import {
  notedWhileOpen,
  reported,
  type Repair,
  type RepairPerson,
  type RepairPlace,
  type Said,
} from './repair.ts';
import type { OpenRepair, RepairQuery, RepairStore } from './repair-store.ts';

const MAX_RACES = 20;

/** Repairs of terminals, each with who answers for it and what was done. */
export class Repairs {
  readonly #store: RepairStore;
  readonly #terminals: Pick<TerminalStore, 'get'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(init: {
    store: RepairStore;
    terminals: Pick<TerminalStore, 'get'>;
    clock: Pick<Clock, 'now'>;
  }) {
    this.#store = init.store;
    this.#terminals = init.terminals;
    this.#clock = init.clock;
  }

  /** What is open already has what is said as a note: one terminal is one journey. Throws `request.not-found`. */
  async report(
    of: { readonly terminalId: string; readonly fault: RepairFault; readonly text: string },
    by: RepairPerson,
    scope: Scope,
  ): Promise<Repair> {
    const terminal = await this.#terminals.get(of.terminalId);
    if (terminal === null || !covers(scope, terminal.orgPath)) {
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such terminal.' });
    }
    const said = { by, at: this.#now(), text: of.text };
    for (let race = 0; race < MAX_RACES; race += 1) {
      const last = await this.#store.last(of.terminalId);
      if (last?.status === 'open') {
        const told = await this.change(last._id, WHOLE_PROVINCE, (known) => notedWhileOpen(known, said));
        if (told.status === 'open') return told;
        // It was ended meanwhile: what is seen now is another repair.
        continue;
      }
      const fresh = reported(terminal, last, { ...said, fault: of.fault });
      if ((await this.#store.insert(fresh)) === 'inserted') return this.#placed(fresh);
    }
    throw new Error(`Terminal ${of.terminalId} was reported by others ${MAX_RACES} times in a row.`);
  }

  list(query: RepairQuery, scope: Scope): Promise<Repair[]> {
    return this.#store.list(query, scope);
  }

  /** Those that are open, by terminal. */
  async open(scope: Scope): Promise<Map<string, OpenRepair>> {
    const found = await this.#store.open(scope);
    return new Map(found.map((each) => [each.terminalId, each]));
  }

  /** Throws `request.not-found`, also where it is outside of the scope. */
  async get(id: string, scope: Scope): Promise<Repair> {
    const found = await this.#store.get(id, scope);
    if (found !== null) return found;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such repair.' });
  }

  /** What `to` makes of it; what it makes of the same is stored once. Throws `request.not-found`, and what `to` throws. */
  async change(id: string, scope: Scope, to: (known: Repair) => Repair): Promise<Repair> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const known = await this.get(id, scope);
      const next = to(known);
      if (next === known || (await this.#store.replace(known, next)) === 'replaced') return next;
    }
    throw new Error(`Repair ${id} was changed by others ${MAX_RACES} times in a row.`);
  }

  /** A terminal was placed or has another address: its open repair goes along, to those who have the terminal now. */
  follow(terminal: RepairPlace): Promise<void> {
    return this.#store.follow(terminal);
  }

  /** What a person says now. */
  said(by: RepairPerson, text = ''): Said {
    return { by, at: this.#now(), text };
  }

  /** Where its terminal was placed elsewhere while it was reported it is there, too. */
  async #placed(fresh: Repair): Promise<Repair> {
    const now = await this.#terminals.get(fresh.terminalId);
    if (now === null || now.orgPath?.join() === fresh.orgPath?.join()) return fresh;
    await this.#store.follow(now);
    return this.get(fresh._id, WHOLE_PROVINCE);
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
