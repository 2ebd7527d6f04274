import { seededRandom } from '@bianmin/card/testing/random';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import { DIFFERENCE_KINDS } from '../../../server/src/orders/model/case-sink.ts';
import type { OrdersStack } from '../bench/orders-stack.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { GridRest } from './grid-rest.ts';
import type { Town } from './grid-town.ts';
import { equationFen, equationOf, type Equation } from './money-books.ts';
import { compareFindings, drawLies, shownUntold, type Finding } from './money-differences.ts';
import type { MoneyLedger } from './money-ledger.ts';
import type { CampaignDays } from './money-reconcile.ts';
import type { Staff } from './staff.ts';
import { standingOf } from './standing.ts';

const WALLETS = CHANNELS;

export interface AuditResult extends Equation {
  /** See `equationFen`. */
  readonly equationFen: number;
  /** What bills were told to say, or alone could tell. */
  readonly toldDifferences: number;
  readonly missedDifferences: number;
  readonly falseDifferences: number;
  /** Differences once bills tell the truth and staff gave back what only they had told. */
  readonly leftDifferences: number;
  /** Accounts of the ledger that are not what bills and meters say. */
  readonly accountsOff: number;
  /** Purchases whose money only a bill told of. */
  readonly untold: number;
  readonly findings: readonly string[];
}

export interface AuditInit {
  readonly on: OrdersStack;
  readonly sandbox: SandboxClient;
  readonly town: Town;
  readonly staff: Staff;
  readonly ledger: MoneyLedger;
  readonly days: CampaignDays;
  readonly rest: GridRest;
  readonly report: (line: string) => void;
  readonly seed: number;
}

/** Bills that lie, the reconciliation that finds it, staff who give back what only bills told of, and the sum of it all. */
export class MoneyAudit {
  readonly #init: AuditInit;

  constructor(init: AuditInit) {
    this.#init = init;
  }

  /** `untold`: orders of which a bill alone tells something. */
  async run(untold: readonly string[]): Promise<Omit<AuditResult, keyof Equation | 'equationFen'>> {
    const { on, sandbox, days, ledger, report, rest } = this.#init;
    const payments = await sandbox.paymentSums();
    const told = [...(await this.#lie(untold)), ...untold.map((orderNo) => shownUntold(orderNo, payments))];
    report(`reconciling: ${told.length} differences were told`);
    await days.reconcile(this.#metersFen());
    const found = await this.#cases();
    const compared = compareFindings(told, found);
    const findings = [
      ...compared.missed.map(({ kind, orderNo }) => `missed: ${kind} of ${orderNo}`),
      ...compared.false.map(({ kind, orderNo }) => `false: ${kind} of ${orderNo}`),
    ];
    for (const finding of findings) report(finding);
    await this.#giveBack(untold);
    ledger.found = true;
    await rest.come({ askAll: false });
    // At rest no wallet has a knob that is turned: bills tell the truth again.
    for (const wallet of WALLETS) await sandbox.walletFault({ wallet, billsAtOnce: true });
    on.grid.world.billLies = [];
    report('reconciling once more: nothing is to be found');
    const again = await days.reconcile(this.#metersFen());
    const off = again.accounts.filter(({ differenceFen }) => differenceFen !== 0);
    return {
      toldDifferences: told.length,
      missedDifferences: compared.missed.length,
      falseDifferences: compared.false.length,
      leftDifferences: again.found.length,
      accountsOff: off.length,
      untold: untold.length,
      findings: [
        ...findings,
        ...again.found.map(({ kind, orderNo, key }) => `left: ${kind} of ${orderNo} (${key})`),
        ...off.map((row) => `account ${row.account} against ${row.against}: ${row.differenceFen} fen`),
      ],
    };
  }

  /** From bills and meters, as they are now. */
  async equation(): Promise<Equation & { readonly equationFen: number }> {
    const { on, town, ledger } = this.#init;
    const { world } = on.grid;
    const meters = town.meters.map((meterNo) => standingOf(world, meterNo));
    const equation = equationOf({ money: await ledger.byOrder(), sales: world.bill(), meters });
    return { ...equation, equationFen: equationFen(equation) };
  }

  /** Tells the wallets' bills and the grid's what to say otherwise; gives what that must be found as. */
  async #lie(untold: readonly string[]): Promise<readonly Finding[]> {
    const { on, sandbox, seed } = this.#init;
    const known = new Set(untold);
    const lies = drawLies({
      payments: await sandbox.paymentSums(),
      refunds: await sandbox.refunds(),
      sales: on.grid.world.bill().flatMap(({ orderNo, status }) => (status === 'sold' ? [orderNo] : [])),
      isCalm: (orderNo) => !known.has(orderNo),
      random: seededRandom(seed + 2),
    });
    for (const wallet of WALLETS) {
      const billLies = lies.byWallet.get(wallet) ?? [];
      await sandbox.walletFault({ wallet, billsAtOnce: true, billLies });
    }
    on.grid.world.billLies = lies.grid;
    return lies.told;
  }

  async #cases(): Promise<Finding[]> {
    const { staff } = this.#init;
    const found: Finding[] = [];
    for (const kind of DIFFERENCE_KINDS) {
      for (const { orderNo } of await staff.cases(kind)) found.push({ kind, orderNo });
    }
    return found;
  }

  /** What only a bill told of: one of the staff asks for it to go back, another allows it. */
  async #giveBack(untold: readonly string[]): Promise<void> {
    const { staff } = this.#init;
    const wanted = new Set(untold);
    for (const kind of ['STATUS_DIFF', 'CHANNEL_ONLY'] as const) {
      for (const each of await staff.cases(kind)) if (wanted.has(each.orderNo)) await staff.giveBack(each.id);
    }
  }

  #metersFen(): number {
    const { on, town } = this.#init;
    const { world } = on.grid;
    return town.meters.reduce((sum, meterNo) => sum + standingOf(world, meterNo).creditedFen, 0);
  }
}
