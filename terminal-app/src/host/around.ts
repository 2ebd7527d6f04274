import type { HttpCall } from '@bianmin/purchase/api/http-call';
import { HostEventBus } from '../ipc/events.ts';
import type { Basis } from './basis.ts';
import type { StartDeviceChild } from './device-child.ts';
import { drawerFor } from './drawer.ts';
import { receiptDesk } from './printer/receipt-desk.ts';
import type { SandboxDrawer } from './sandbox-drawer.ts';
import { serverSide, type ServerSide } from './server-side.ts';
import { StatusBoard } from './status.ts';
import { HOST_VERSION } from './version.ts';

/** What is around a purchase: the screens' status, the server, the printer, and in a sandbox the drawer of cards. */
export interface Around {
  readonly events: HostEventBus;
  readonly board: StatusBoard;
  readonly server: ServerSide;
  readonly receipts: ReturnType<typeof receiptDesk>;
  readonly drawer: SandboxDrawer | undefined;
}

export function openAround(
  basis: Basis,
  {
    http,
    startDeviceChild,
  }: { readonly http: HttpCall | undefined; readonly startDeviceChild: StartDeviceChild },
): Around {
  const { env, clock, log, identity, onFault } = basis;
  const events = new HostEventBus();
  const board = new StatusBoard({
    facts: {
      terminalId: null,
      version: HOST_VERSION,
      server: 'away',
      clock: null,
      entry: env.ENTRY,
      helpPhone: env.HELP_PHONE,
      voice: env.VOICE,
      notice: null,
      standing: null,
      blocked: false,
    },
    onChange: (status) => {
      events.emit('host.status', status);
    },
  });
  const onChange = (): void => {
    board.look();
  };
  const server = serverSide({ env, identity, clock, log, board, onFault, http, random: Math.random });
  const drawer = drawerFor(env, { onChange, onFault });
  const receipts = receiptDesk({
    ...{ env, clock, onFault, onChange },
    startPrinterChild: () => startDeviceChild('printer'),
    read: (path, schema) => server.client.read(path, schema),
  });
  board.attach({ sandbox: () => drawer?.status ?? null, printer: () => receipts.status });
  return { events, board, server, receipts, drawer };
}
