import type { PurchaseFlow } from '@bianmin/purchase/purchase/flow';
import type { RemoteCardTerminal } from '@bianmin/purchase/remote-card/terminal';
import type { HostEventBus } from '../../ipc/events.ts';
import { stopOf } from '../../ipc/stop.ts';
import type { HostLog } from '../log.ts';
import type { Notices } from '../notices.ts';
import type { PeopleSeen } from '../people-seen.ts';
import type { StaffDesk } from '../staff-desk.ts';
import type { StatusBoard } from '../status.ts';
import { hostCommands, type HostCommands, type HostCommandsInit } from './commands.ts';
import type { ShellActions } from './actions.ts';

/** What this shell can do for a command from afar. */
export interface FarShell extends ShellActions {
  /** How long the page has not been touched, ms, where the shell knows. */
  readonly idleMs?: () => number;
}

export interface ToldInit extends Pick<
  HostCommandsInit,
  'client' | 'machine' | 'support' | 'clock' | 'now' | 'onFault' | 'dataDir' | 'terminalId' | 'quietMs'
> {
  readonly far: FarShell | undefined;
  readonly flow: Pick<PurchaseFlow, 'view' | 'busy' | 'command'>;
  readonly staff: Pick<StaffDesk, 'isOpen'>;
  readonly remote: Pick<RemoteCardTerminal, 'view'>;
  readonly notices: Pick<Notices, 'refresh'>;
  readonly people: Pick<PeopleSeen, 'idleMs'>;
  readonly board: Pick<StatusBoard, 'status' | 'setBlocked'>;
  readonly events: HostEventBus;
  readonly log: HostLog;
}

/** Commands from afar, among what this kiosk is doing. */
export function toldFromAfar(init: ToldInit): HostCommands {
  const { far, flow, staff, remote, notices, people, board, events, log } = init;
  const commands = hostCommands({
    ...init,
    shell: far ?? {},
    shown: () => ({
      screen: flow.view.screen,
      staffIn: staff.isOpen,
      remote: remote.view.state !== 'none',
    }),
    reload: async () => {
      await notices.refresh();
      events.emit('page.reload', null);
    },
    log: () => log.tail.lines,
    moment: () => ({
      busy: flow.busy || remote.view.state === 'working' || staff.isOpen,
      idleMs: Math.min(people.idleMs, far?.idleMs?.() ?? Infinity),
    }),
    onBlocked: (blocked) => {
      log.warn({ blocked }, 'told from afar whether to sell');
      board.setBlocked(blocked);
      // A card that was turned away is looked at anew: the household need not take it out first.
      if (!blocked && stopOf(flow.view, board.status) === 'blocked') flow.command({ type: 'retry' });
    },
  });
  board.setBlocked(commands.blocked);
  return commands;
}
