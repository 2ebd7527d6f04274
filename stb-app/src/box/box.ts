import type { AndroidUsbBridge, AndroidUsbPage } from '@bianmin/shared/android/bridge';
import { SHELL_VERSION } from '@bianmin/shared/android/shell';
import type { AndroidShell, AndroidShellPage, ShellEvent } from '@bianmin/shared/android/shell';
import { ApiClient } from '@bianmin/shared/api/client';
import type { Entry } from '@bianmin/shared/api/scalars';
import type { Clock } from '@bianmin/shared/clock';
import { cardWork } from '@bianmin/shared/purchase/card-work';
import { PurchaseFlow } from '@bianmin/shared/purchase/flow';
import type { PurchaseCommand, PurchaseView } from '@bianmin/shared/purchase/view';
import { Enrolment } from '@bianmin/shared/terminal/enrolment';
import { linkedHttp } from '@bianmin/shared/terminal/link';
import { boxHouseholds, type Households } from './households.ts';
import { BoxIdentity } from './identity.ts';
import { OrderPolling } from './order-polling.ts';
import { PhoneVisit, type PhoneState } from './phone-visit.ts';
import { PortalVisit } from './portal-visit.ts';
import { BoxReaders } from './readers.ts';
import { loadSettings, saveSettings, type BoxSettings } from './settings.ts';
import { ShellClock } from './shell-clock.ts';
import { shellCall } from './shell-http.ts';
import { ShellJournal } from './shell-journal.ts';
import { ShellLink } from './shell-link.ts';
import { StatusBoard, type BoxStatus } from './status.ts';
import { uuidOf } from './uuid.ts';

/** How long the first reading waits for the server to know this box. */
const FIRST_ENROL_MS = 3_000;
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

/** All of the box that is behind its screens. */
export interface Box {
  readonly view: PurchaseView;
  readonly status: BoxStatus;
  /** What the family chose last, as far as it could be read. */
  readonly settings: Partial<BoxSettings>;
  onView(listener: (view: PurchaseView) => void): void;
  onStatus(listener: (status: BoxStatus) => void): void;
  /** The remote's back key, where the shell has it. */
  onBack(listener: () => void): void;
  /** Whether a portal's page follows, or may in a moment. */
  readonly isVisited: boolean;
  /** A visit is over, or could not be joined, or nobody asked for one. */
  onUnvisited(listener: () => void): void;
  command(command: PurchaseCommand): void;
  readonly households: Households;
  /** A phone as a second screen. */
  readonly phone: Pick<PhoneVisit, 'open' | 'decline' | 'leave'>;
  onPhone(listener: (state: PhoneState | null) => void): void;
  /** Asks again for readers, such as one that was not allowed. */
  findReaders(): void;
  /** New keys in place of lost ones; the box is then one that nobody has accepted. Fails with a `BoxError`. */
  renewKeys(): Promise<void>;
  saveSettings(settings: BoxSettings): void;
  speak(text: string, language: string): void;
  /** Whether a newer version is there; the shell goes on with it by itself. */
  update(): Promise<'none' | 'available' | 'installing'>;
  /** Back to the portal, or to live TV. */
  leave(): void;
}

/** Brings the box up. Fails with a `BoxError` where the shell cannot be worked with at all. */
export async function startBox(init: BoxInit): Promise<Box> {
  const { onFault } = init;
  const quietly = (where: string, work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      onFault(where, error);
    });
  };
  const newId = (): string => uuidOf(init.random());

  const link = new ShellLink({ shell: init.shell, clock: init.clock, install: init.installShell });
  const facts = await link.askFor({ op: 'hello', version: SHELL_VERSION }, 'facts');
  const clock = new ShellClock(link, init.clock);
  await clock.look();
  const settings = await loadSettings(link);
  let launch = await link.ask({ op: 'launch' });
  const identity = await BoxIdentity.from({
    link,
    newId,
    onLost: () => {
      board.set({ terminal: 'keys-lost', fingerprint: '' });
    },
  });
  const journal = new ShellJournal(link);

  const board = new StatusBoard({
    facts,
    terminal: identity.lost ? 'keys-lost' : 'asking',
    fingerprint: identity.fingerprint,
    server: 'online',
    readerFaults: [],
    unfinished: [],
  });
  const lookForUnfinished = async (): Promise<void> => {
    const entries = await journal.list();
    board.set({
      unfinished: entries
        .filter(({ phase }) => phase === 'presenting' || phase === 'writing')
        .map(({ orderNo }) => orderNo),
    });
  };

  const client = new ApiClient({
    baseUrl: facts.serverUrl,
    identity,
    clock,
    http: linkedHttp(shellCall(link, facts.serverUrl), {
      state: (server) => {
        if (server === 'online' && !clock.trusted) quietly('time', clock.look());
        board.set({ server });
      },
      notEnrolled: () => {
        enrolment.ask();
      },
    }),
  });
  const enrolment: Enrolment = new Enrolment({
    enrol: async () => {
      const { model, appVersion, engine } = facts;
      const answer = await identity.enrol(client, {
        name: model.slice(0, 64) || 'box',
        version: appVersion.slice(0, 32),
        engine: engine.slice(0, 300),
      });
      const { status } = answer;
      // Turned away, shut out for a while or for good: whoever sits before it can do the same about each.
      board.set({ terminal: status === 'pending' || status === 'accepted' ? status : 'rejected' });
      return answer;
    },
    clock,
    onTerminal: () => undefined,
    onFault,
  });
  const readers = new BoxReaders({ bridge: init.usb, clock, install: init.installUsb, onFault });
  readers.onChange(() => {
    board.set({ readerFaults: readers.faults });
  });
  const visit = new PortalVisit({
    api: client,
    clock,
    command: (command) => {
      flow.command(command);
    },
    onFault,
    onOver: () => {
      for (const tell of unvisited) tell();
    },
  });
  const unvisited: (() => void)[] = [];
  const phoneEars: ((state: PhoneState | null) => void)[] = [];
  const phone = new PhoneVisit({
    api: client,
    clock,
    onState: (state) => {
      // Whoever chooses on the phone is here.
      if (state?.is === 'chosen' && flow.view.asking !== undefined) flow.command({ type: 'stay' });
      for (const tell of phoneEars) tell(state);
    },
    onFault,
  });
  const flow: PurchaseFlow = new PurchaseFlow({
    slots: readers,
    api: client,
    feed: new OrderPolling({ order: (orderNo) => client.order(orderNo), clock, onFault }),
    journal,
    clock,
    cards: cardWork,
    unseal: (jwe) => identity.unseal(jwe),
    settings: {
      get entry() {
        return visit.entry ?? ENTRY;
      },
      channel: 'any',
    },
    newKey: newId,
    onFault,
  });
  visit.show(flow.view);
  flow.onView((view) => {
    visit.show(view);
    phone.show(view);
    if (view.screen === 'wait') quietly('journal', lookForUnfinished());
  });

  const joinPortal = async (): Promise<void> => {
    if (launch.token !== undefined) await visit.join(launch.token);
    else if (!visit.isUnderWay) for (const tell of unvisited) tell();
  };

  const backs: (() => void)[] = [];
  link.onEvent((event: ShellEvent) => {
    switch (event.name) {
      case 'back':
        for (const back of backs) back();
        return;
      case 'resume':
        quietly('time', clock.look());
        return;
      case 'launch':
        // The portal started the app once more, which was still there.
        quietly(
          'launch',
          link.ask({ op: 'launch' }).then(async (again) => {
            launch = again;
            await joinPortal();
          }),
        );
        return;
      case 'network':
        if (event.online) {
          if (!identity.lost) enrolment.ask();
        } else board.set({ server: 'away' });
        return;
      default:
        return;
    }
  });

  // Android may ask a person first: nobody waits for that.
  quietly('readers', readers.open());
  quietly('journal', lookForUnfinished());
  let begun = false;
  const begin = async (): Promise<void> => {
    begun = true;
    await enrolment.first(FIRST_ENROL_MS);
    await flow.start();
    await joinPortal();
  };
  if (!identity.lost) void begin();

  return {
    get view() {
      return flow.view;
    },
    get status() {
      return board.status;
    },
    settings,
    onView: (listener) => void flow.onView(listener),
    onStatus: (listener) => {
      board.onStatus(listener);
    },
    onBack: (listener) => void backs.push(listener),
    get isVisited() {
      return visit.isUnderWay;
    },
    onUnvisited: (listener) => void unvisited.push(listener),
    command: (command) => {
      flow.command(command);
    },
    households: boxHouseholds({ api: client, cardSession: () => flow.cardSession }),
    phone,
    onPhone: (listener) => void phoneEars.push(listener),
    findReaders: () => {
      quietly('readers', readers.open());
    },
    renewKeys: async () => {
      await identity.renew();
      client.forgetToken();
      board.set({ terminal: 'asking', fingerprint: identity.fingerprint });
      if (begun) enrolment.ask();
      else void begin();
    },
    saveSettings: (next) => {
      quietly('settings', saveSettings(link, next));
    },
    speak: (text, language) => {
      quietly('speak', link.ask({ op: 'speak', text, language }));
    },
    update: async () => (await link.ask({ op: 'update' })).state ?? 'none',
    leave: () => {
      visit.leave();
      phone.leave();
      const { backUrl } = launch;
      quietly('leave', link.ask({ op: 'leave', ...(backUrl === undefined ? {} : { backUrl }) }));
    },
  };
}
