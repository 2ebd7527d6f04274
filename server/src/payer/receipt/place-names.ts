import type { Org } from '../../access/store/orgs.ts';
import type { Terminal } from '../../fleet/store/terminals.ts';
import type { Order } from '../../orders/model/order.ts';

/**
 * Where an order was made, as people there call it: the community that the terminal stood in then, and the terminal. The
 * province alone is no place. null for an order of a phone.
 */
export function placeNames(init: {
  terminals: { get(id: string): Promise<Pick<Terminal, 'name'> | null> };
  orgs: { get(id: string): Promise<Pick<Org, 'names'> | null> };
}): (order: Pick<Order, 'terminalId' | 'orgPath'>) => Promise<string | null> {
  return async ({ terminalId, orgPath }) => {
    const terminal = await init.terminals.get(terminalId);
    if (terminal === null) return null;
    const [, ...below] = orgPath;
    const community = below.at(-1);
    const org = community === undefined ? null : await init.orgs.get(community);
    return org === null ? terminal.name : `${org.names['zh-CN']} · ${terminal.name}`;
  };
}
