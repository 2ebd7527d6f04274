import type { Diagnosis, DiagnosisPlace } from '@bianmin/purchase/api/diagnosis';
import { diagnose } from '@bianmin/purchase/diagnosis/diagnose';
import type { Org } from '../../access/store/orgs.ts';
import type { Terminal } from '../../fleet/store/terminals.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { COMMUNITY_PREFIX } from '../../kernel/org-path.ts';
import { diagnosisFactsOf, type BesidesOrder } from '../../orders/desk/diagnosis-facts.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { isInMeter } from '../../orders/model/moves/meter.ts';
import { wasReleased } from '../../orders/model/moves/staff.ts';
import type { Order } from '../../orders/model/order.ts';
import { actionsOf, type Asked } from './actions.ts';

/** So many purchases after one are looked at for a meter's word that proves it. */
const LATER = 10;

export interface DiagnosesInit {
  readonly mover: Pick<OrderMover, 'store' | 'policy' | 'now'>;
  readonly grid: Pick<GridGateway, 'cancelsWritten'>;
  readonly terminals: { get(id: string): Promise<Pick<Terminal, 'name' | 'community'> | null> };
  readonly orgs: { get(id: string): Promise<Pick<Org, 'names'> | null> };
}

/** Why a household did not get its electricity, for whoever may see its order. */
export class Diagnoses {
  readonly #init: DiagnosesInit;

  constructor(init: DiagnosesInit) {
    this.#init = init;
  }

  async of(order: Order): Promise<Diagnosis> {
    const { mover, grid } = this.#init;
    const { terminalId } = order.write;
    const [place, later] = await Promise.all([
      terminalId === undefined ? undefined : this.placeOf(terminalId),
      this.#laterThan(order),
    ]);
    const { policy } = mover;
    return diagnosisOf(order, {
      ...{ now: mover.now(), policy, cancelsWritten: grid.cancelsWritten, later },
      places: terminalId === undefined || place === undefined ? {} : { [terminalId]: place },
    });
  }

  /** undefined: no terminal has this id. */
  async placeOf(terminalId: string): Promise<DiagnosisPlace | undefined> {
    const terminal = await this.#init.terminals.get(terminalId);
    if (terminal === null) return undefined;
    const { name, community } = terminal;
    const org =
      community?.startsWith(COMMUNITY_PREFIX) === true ? await this.#init.orgs.get(community) : null;
    return { terminal: name, ...(org === null ? {} : { community: org.names }) };
  }

  async #laterThan(order: Order): Promise<readonly Order[]> {
    const { grid, meterNo, count } = order;
    if (order.sale.status !== 'sold' || !wasReleased(order) || isInMeter(order)) return [];
    const lateCounts = Array.from({ length: LATER }, (_, at) => count + 1 + at);
    return this.#init.mover.store.aboutMeter({ grid, meterNo, lateCounts });
  }
}

/** The same of what is known. Pure. */
export function diagnosisOf(
  order: Order,
  { cancelsWritten, ...besides }: Omit<BesidesOrder, 'allowed'> & Pick<Asked, 'cancelsWritten'>,
): Diagnosis {
  const { now, policy } = besides;
  const asked = { now, policy, ...(cancelsWritten === undefined ? {} : { cancelsWritten }) };
  const allowed = actionsOf(order, asked).flatMap((each) => (each.allowed ? [each.action] : []));
  return diagnose(diagnosisFactsOf(order, { ...besides, allowed }));
}
