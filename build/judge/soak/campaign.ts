import { setTimeout as sleep } from 'node:timers/promises';
import { enrolTerminal } from '../bench/enrolled.ts';
import { addressOf, lineAt, type TerminalLine } from '../bench/terminal-line.ts';
import type { OrdersStack } from '../bench/orders-stack.ts';
import type { Operator } from '../../run/dev/operator.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { Killer } from './grid-kills.ts';
import type { Mishaps } from './grid-mishaps.ts';
import type { Holding } from './grid-outage.ts';
import { GridTerminal } from './grid-terminal.ts';
import type { Town } from './grid-town.ts';
import { Visits, type VisitsInit } from './grid-visit.ts';
import type { Paying } from './paying.ts';

export interface CampaignInit {
  readonly on: OrdersStack;
  readonly orders: number;
  /** Buys no longer than this, however many orders there are by then. */
  readonly minutes: number;
  readonly sandbox: SandboxClient;
  readonly terminals: readonly GridTerminal[];
  readonly town: Town;
  readonly draw: { next(): Mishaps };
  readonly killer: Pick<Killer, 'kills' | 'reached' | 'done'>;
  readonly paying: Paying;
  readonly holding?: Holding;
  readonly takesOff?: VisitsInit['takesOff'];
  readonly phones?: VisitsInit['phones'];
  readonly report: (line: string) => void;
}

/** Terminals that the server has accepted. */
export async function enrolTerminals(
  on: OrdersStack,
  init: {
    count: number;
    operator: Operator;
    /** What their line becomes; absent: as it is. */
    line?: (line: TerminalLine) => TerminalLine;
  },
): Promise<GridTerminal[]> {
  const { webUrl } = on.stack.urls;
  const { count, operator, line = (own) => own } = init;
  const terminals: GridTerminal[] = [];
  for (let index = 0; index < count; index += 1) {
    const of = { index, dir: on.dir, webUrl, operator, line: line(lineAt(addressOf(index))) };
    terminals.push(new GridTerminal(await enrolTerminal(of)));
  }
  return terminals;
}

/** A town that buys at its terminals and by phone, each household when it has nothing to wait for. */
export class Campaign {
  readonly visits: Visits;
  readonly #init: CampaignInit;
  #bought = 0;
  #from = 0;

  constructor(init: CampaignInit) {
    this.#init = init;
    const { town, sandbox, on, paying, holding, takesOff, phones } = init;
    this.visits = new Visits({
      ...{ town, grid: on.grid, sandbox, paying, webUrl: on.stack.urls.webUrl },
      ...(holding === undefined ? {} : { holding }),
      ...(takesOff === undefined ? {} : { takesOff }),
      ...(phones === undefined ? {} : { phones }),
      nextMishaps: () => this.#next(),
    });
  }

  /** Until enough is bought and whatever was killed is back. */
  async run(): Promise<void> {
    const { terminals, killer, town, report } = this.#init;
    this.#from = performance.now();
    await Promise.all(terminals.map((terminal, index) => this.#work(terminal, index)));
    await killer.done();
    const perMinute = Math.round((60_000 * town.orders.size) / (performance.now() - this.#from));
    report(
      `${this.#bought} purchases tried, ${town.orders.size} orders, ${perMinute} a minute; now everything may come to rest`,
    );
  }

  get kills(): number {
    return this.#init.killer.kills;
  }

  #next(): Mishaps | undefined {
    if (!this.#buys()) return undefined;
    this.#bought += 1;
    this.#init.killer.reached(this.#bought);
    if (this.#bought % 250 === 0) this.#init.report(`${this.#bought} purchases`);
    return this.#init.draw.next();
  }

  #buys(): boolean {
    const { orders, minutes } = this.#init;
    return this.#bought < orders && performance.now() < this.#from + minutes * 60_000;
  }

  async #work(terminal: GridTerminal, index: number): Promise<void> {
    const { terminals, town } = this.#init;
    const other = terminals[(index + 1) % terminals.length] ?? terminal;
    while (this.#buys()) {
      const resident = town.leave();
      if (resident === undefined) await sleep(100);
      else await this.visits.visit(resident, { terminal, other });
    }
  }
}
