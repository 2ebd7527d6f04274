import { join } from 'node:path';
import { terminalAnnouncements } from '@bianmin/purchase/api/announcements';
import type { Heartbeats } from '@bianmin/purchase/terminal/heartbeat';
import type { RemoteCardTerminal } from '@bianmin/purchase/remote-card/terminal';
import type { Around } from './around.ts';
import type { Basis } from './basis.ts';
import type { HostCommands, HostCommandsInit } from './commands/commands.ts';
import { toldFromAfar, type FarShell } from './commands/told.ts';
import { hostHeartbeats } from './heartbeat.ts';
import { keptBeatKey, KeyedBeats } from './keyed-beats.ts';
import { KeptFile } from '../files/kept-file.ts';
import type { Machine } from './machine.ts';
import { Notices } from './notices.ts';
import type { PeopleSeen } from './people-seen.ts';
import type { HostPurchase } from './purchase.ts';
import { remoteCards } from './remote-cards.ts';
import type { StaffDesk } from './staff-desk.ts';

/** What comes from people far away, and what they are told. */
export interface Afar {
  readonly remote: RemoteCardTerminal;
  readonly notices: Notices;
  readonly commands: HostCommands;
  readonly heartbeats: Heartbeats;
}

export function openAfar(
  basis: Basis,
  around: Around,
  on: {
    readonly purchase: HostPurchase;
    readonly machine: Machine;
    readonly support: HostCommandsInit['support'];
    readonly staff: StaffDesk;
    readonly people: PeopleSeen;
    readonly far: FarShell | undefined;
  },
): Afar {
  const { env, clock, log, counts, identity, onFault } = basis;
  const { board, events, server } = around;
  const { client, serverClock } = server;
  const { flow, slots } = on.purchase;
  const remote = cardsFromAfar(basis, around, on.purchase);
  const notices = new Notices({
    fetch: () => client.read('/v1/terminal/announcements', terminalAnnouncements),
    show: (notice) => {
      board.setNotice(notice);
    },
    clock,
    now: () => serverClock.now(),
  });
  const commands = toldFromAfar({
    ...{ client, clock, onFault, dataDir: env.BIANMIN_DATA_DIR, terminalId: identity.terminalId },
    ...{ flow, remote, notices, board, events, log },
    ...{ machine: on.machine, support: on.support, staff: on.staff, people: on.people, far: on.far },
    quietMs: env.COMMAND_QUIET_S * 1000,
    now: () => serverClock.now(),
  });
  server.hearEnrolment(({ commandKey }) => {
    commands.hearKey(commandKey);
  });
  const beats = new KeyedBeats({
    ...{ client, http: server.http, baseUrl: server.baseUrl, clock, onFault, random: Math.random },
    terminalId: identity.terminalId,
    askKey: () => server.beatKeys.ask(),
    unseal: (jwe) => identity.unseal(jwe),
    kept: new KeptFile(join(env.BIANMIN_DATA_DIR, 'beat-key.json'), keptBeatKey),
    serverNow: () => serverClock.now(),
  });
  server.beatKeys.bringTo(beats);
  const heartbeats = hostHeartbeats({
    ...{ counts, slots, clock, send: beats.send, dataDir: env.BIANMIN_DATA_DIR, random: Math.random },
    status: () => board.status,
    onCommands: (given) => void commands.desk.take(given),
  });
  return { remote, notices, commands, heartbeats };
}

function cardsFromAfar(
  { clock, identity, journal, onFault }: Basis,
  { events, server: { client } }: Around,
  { lender, layouts }: HostPurchase,
): RemoteCardTerminal {
  return remoteCards({
    api: {
      cardSession: (id) => client.cardSession(id),
      consent: (id, yes) => client.consent(id, yes),
      stepResult: (id, result) => client.stepResult(id, result),
      endCardSession: (id, end) => client.endCardSession(id, end),
    },
    ...{ lender, journal, clock, onFault, recognise: layouts.recognise },
    unseal: (jwe) => identity.unseal(jwe),
    onView: (view) => {
      events.emit('remote-card.view', view);
    },
  });
}
