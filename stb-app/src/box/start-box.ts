import type { Clock } from '@bianmin/card/clock';
import type { AndroidUsbBridge, AndroidUsbPage } from '@bianmin/purchase/android/bridge';
import { SHELL_VERSION } from '@bianmin/purchase/android/shell';
import type { AndroidShell, AndroidShellPage } from '@bianmin/purchase/android/shell';
import type { Entry } from '@bianmin/purchase/api/scalars';
import { cardWork } from '@bianmin/purchase/purchase/card-work';
import { PurchaseFlow } from '@bianmin/purchase/purchase/flow';
import type { Box } from './box.ts';
import { BoxIdentity } from './identity.ts';
import { Launch } from './launch.ts';
import { OrderPolling } from './order-polling.ts';
import { BoxReaders } from './readers.ts';
import { RunningBox, type BoxParts } from './running-box.ts';
import { ServerAccess } from './server-access.ts';
import { loadSettings } from './settings.ts';
import { ShellClock } from './shell-clock.ts';
import { ShellJournal } from './shell-journal.ts';
import { ShellLink } from './shell-link.ts';
import { StatusBoard } from './status.ts';
import { uuidOf } from './uuid.ts';
import { Visits } from './visits.ts';

/** Which portal the family came from is not known yet where nothing says it. */
const ENTRY: Entry = 'iptv3';

export interface BoxInit {
  readonly shell: AndroidShell;
  readonly usb: AndroidUsbBridge;
  readonly installShell: (page: AndroidShellPage) => void;
  readonly installUsb: (page: AndroidUsbPage) => void;
  readonly clock: Clock;
  /** Sixteen random bytes. */
  readonly random: () => Uint8Array;
  /** For the log: where it happened, and the typed error. It has been dealt with. */
  readonly onFault: (where: string, error: unknown) => void;
}

/** Brings the box up. Fails with a `BoxError` where the shell cannot be worked with at all. */
export async function startBox(init: BoxInit): Promise<Box> {
  const { onFault } = init;
  const newId = (): string => uuidOf(init.random());
  const link = new ShellLink({ shell: init.shell, clock: init.clock, install: init.installShell });
  const facts = await link.askFor({ op: 'hello', version: SHELL_VERSION }, 'facts');
  const clock = new ShellClock(link, init.clock);
  await clock.look();
  const settings = await loadSettings(link);
  const launch = await Launch.from(link);
  const board = new StatusBoard({
    facts,
    terminal: 'asking',
    fingerprint: '',
    server: 'online',
    readerFaults: [],
    unfinished: [],
  });
  const identity = await BoxIdentity.from({
    link,
    newId,
    onLost: () => {
      board.set({ terminal: 'keys-lost', fingerprint: '' });
    },
  });
  board.set({ terminal: identity.lost ? 'keys-lost' : 'asking', fingerprint: identity.fingerprint });
  const journal = new ShellJournal(link);
  const server = new ServerAccess({ link, facts, clock, identity, board, onFault });
  const readers = new BoxReaders({ bridge: init.usb, clock, install: init.installUsb, onFault });
  readers.onChange(() => {
    board.set({ readerFaults: readers.faults });
  });
  const visits = new Visits({ api: server.client, clock, onFault });
  const parts = { link, clock, settings, launch, identity, journal, board, server, readers, visits, onFault };
  const box = new RunningBox({ ...parts, flow: purchaseOf({ ...parts, newId }) });
  box.start();
  return box;
}

function purchaseOf(of: Omit<BoxParts, 'flow'> & { readonly newId: () => string }): PurchaseFlow {
  const { clock, identity, journal, readers, visits, newId, onFault } = of;
  const { client } = of.server;
  return new PurchaseFlow({
    slots: readers,
    api: client,
    feed: new OrderPolling({ order: (orderNo) => client.order(orderNo), clock, onFault }),
    journal,
    clock,
    cards: cardWork,
    unseal: (jwe) => identity.unseal(jwe),
    settings: {
      get entry() {
        return visits.entry ?? ENTRY;
      },
      channel: 'any',
    },
    newKey: newId,
    onFault,
  });
}
