import type { ShellEvent } from '@bianmin/purchase/android/shell';
import type { PurchaseFlow } from '@bianmin/purchase/purchase/flow';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import type { Box } from './box.ts';
import { boxHouseholds, type Households } from './households.ts';
import type { BoxIdentity } from './identity.ts';
import type { Launch } from './launch.ts';
import type { PhoneState, PhoneVisit } from './phone-visit.ts';
import type { BoxReaders } from './readers.ts';
import type { ServerAccess } from './server-access.ts';
import { saveSettings, type BoxSettings } from './settings.ts';
import type { ShellClock } from './shell-clock.ts';
import type { ShellJournal } from './shell-journal.ts';
import type { ShellLink } from './shell-link.ts';
import type { BoxStatus, StatusBoard } from './status.ts';
import type { Visits } from './visits.ts';

/** How long the first reading waits for the server to know this box. */
const FIRST_ENROL_MS = 3_000;

/** What a box consists of. */
export interface BoxParts {
  readonly link: ShellLink;
  readonly clock: ShellClock;
  readonly settings: Partial<BoxSettings>;
  readonly launch: Launch;
  readonly identity: BoxIdentity;
  readonly journal: ShellJournal;
  readonly board: StatusBoard;
  readonly server: ServerAccess;
  readonly readers: BoxReaders;
  readonly visits: Visits;
  readonly flow: PurchaseFlow;
  readonly onFault: (where: string, error: unknown) => void;
}

/** The box once all of it is there: what its screens ask of it, and what the shell tells it. */
export class RunningBox implements Box {
  readonly settings: Partial<BoxSettings>;
  readonly households: Households;
  readonly phone: PhoneVisit;
  readonly #parts: BoxParts;
  readonly #backs: (() => void)[] = [];
  #begun = false;

  constructor(parts: BoxParts) {
    const { settings, server, visits, flow } = parts;
    this.#parts = parts;
    this.settings = settings;
    this.households = boxHouseholds({ api: server.client, cardSession: () => flow.cardSession });
    this.phone = visits.phone;
  }

  get view(): PurchaseView {
    return this.#parts.flow.view;
  }

  get status(): BoxStatus {
    return this.#parts.board.status;
  }

  get isVisited(): boolean {
    return this.#parts.visits.isUnderWay;
  }

  /** Listens to the shell, and begins to sell where the box has its keys. */
  start(): void {
    const { link, identity, visits, flow } = this.#parts;
    visits.show(flow);
    flow.onView((view) => {
      if (view.screen === 'wait') this.#lookForUnfinished();
    });
    link.onEvent((event) => {
      this.#hear(event);
    });
    // Android may ask a person first: that is not waited for.
    this.findReaders();
    this.#lookForUnfinished();
    if (!identity.lost) void this.#begin();
  }

  onView(listener: (view: PurchaseView) => void): void {
    this.#parts.flow.onView(listener);
  }

  onStatus(listener: (status: BoxStatus) => void): void {
    this.#parts.board.onStatus(listener);
  }

  onBack(listener: () => void): void {
    this.#backs.push(listener);
  }

  onUnvisited(listener: () => void): void {
    this.#parts.visits.onUnvisited(listener);
  }

  onPhone(listener: (state: PhoneState | null) => void): void {
    this.#parts.visits.onPhone(listener);
  }

  command(command: PurchaseCommand): void {
    this.#parts.flow.command(command);
  }

  findReaders(): void {
    this.#quietly('readers', this.#parts.readers.open());
  }

  async renewKeys(): Promise<void> {
    const { identity, server, board } = this.#parts;
    await identity.renew();
    server.client.forgetToken();
    board.set({ terminal: 'asking', fingerprint: identity.fingerprint });
    if (this.#begun) server.enrolment.ask();
    else void this.#begin();
  }

  saveSettings(settings: BoxSettings): void {
    this.#quietly('settings', saveSettings(this.#parts.link, settings));
  }

  speak(text: string, language: string): void {
    this.#quietly('speak', this.#parts.link.ask({ op: 'speak', text, language }));
  }

  async update(): Promise<'none' | 'available' | 'installing'> {
    return (await this.#parts.link.ask({ op: 'update' })).state ?? 'none';
  }

  leave(): void {
    this.#parts.visits.leave();
    this.#quietly('leave', this.#parts.launch.leave());
  }

  async #begin(): Promise<void> {
    const { server, flow } = this.#parts;
    this.#begun = true;
    await server.enrolment.first(FIRST_ENROL_MS);
    await flow.start();
    await this.#joinPortal();
  }

  #joinPortal(): Promise<void> {
    return this.#parts.visits.join(this.#parts.launch.token);
  }

  #hear(event: ShellEvent): void {
    const { clock, launch, identity, server, board } = this.#parts;
    switch (event.name) {
      case 'back':
        for (const back of this.#backs) back();
        return;
      case 'resume':
        this.#quietly('time', clock.look());
        return;
      case 'launch':
        this.#quietly(
          'launch',
          launch.again().then(() => this.#joinPortal()),
        );
        return;
      case 'network':
        if (event.online) {
          if (!identity.lost) server.enrolment.ask();
        } else board.set({ server: 'away' });
        return;
      default:
        return;
    }
  }

  #lookForUnfinished(): void {
    const { journal, board } = this.#parts;
    this.#quietly(
      'journal',
      journal.list().then((entries) => {
        board.set({
          unfinished: entries
            .filter(({ phase, told }) => !told && (phase === 'presenting' || phase === 'writing'))
            .map(({ orderNo }) => orderNo),
        });
      }),
    );
  }

  /** It is not waited for; what goes wrong is for the log. */
  #quietly(where: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.#parts.onFault(where, error);
    });
  }
}
