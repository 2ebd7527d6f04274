import type { RemoteCardTerminal } from '@bianmin/purchase/remote-card/terminal';
import type { HostHandlers } from '../ipc/router.ts';
import type { Around } from './around.ts';
import { inSandbox } from './drawer.ts';
import type { HostLog } from './log.ts';
import type { HostPurchase } from './purchase.ts';
import type { StaffDesk } from './staff-desk.ts';
import { staffHandlers } from './staff-handlers.ts';

/** What a screen may ask of the host, each with who answers it. */
export function hostHandlers(on: {
  readonly around: Pick<Around, 'board' | 'receipts' | 'drawer'>;
  readonly purchase: Pick<HostPurchase, 'flow' | 'visit'>;
  readonly remote: RemoteCardTerminal;
  readonly staff: StaffDesk;
  readonly log: HostLog;
  readonly onPainted: (() => void) | undefined;
}): HostHandlers {
  const { board, receipts, drawer } = on.around;
  const { flow, visit } = on.purchase;
  const { remote, staff, log } = on;
  return {
    'host.status': () => board.status,
    'purchase.view': () => flow.view,
    'purchase.command': (command) => {
      visit.begin();
      visit.run(() => {
        log.info({ button: command.type }, 'pressed');
        flow.command(command);
      });
      return null;
    },
    'remote-card.view': () => remote.view,
    'remote-card.command': async ({ command }) => {
      await remote.command(command);
      return null;
    },
    'page.painted': () => {
      on.onPainted?.();
      return null;
    },
    'printer.print': (request) => receipts.print(request),
    'printer.reprint': (request) => staff.isOpen && receipts.reprint(request),
    'receipt.link': ({ orderNo }) => receipts.link(orderNo),
    ...staffHandlers(staff, receipts),
    'sandbox.insert': async ({ cardId }) => {
      await inSandbox(drawer).insert(cardId);
      return null;
    },
    'sandbox.eject': async () => {
      await inSandbox(drawer).eject();
      return null;
    },
  };
}
