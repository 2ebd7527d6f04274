import type { ShellFacts } from '@bianmin/purchase/android/shell';
import { ApiClient } from '@bianmin/purchase/api/client';
import type { EnrolResponse } from '@bianmin/purchase/api/terminal';
import { Enrolment } from '@bianmin/purchase/terminal/enrolment';
import { linkedHttp } from '@bianmin/purchase/terminal/link';
import type { LinkState } from '@bianmin/purchase/terminal/link-state';
import type { BoxIdentity } from './identity.ts';
import type { ShellClock } from './shell-clock.ts';
import { shellCall } from './shell-http.ts';
import type { ShellLink } from './shell-link.ts';
import type { StatusBoard } from './status.ts';

export interface ServerAccessInit {
  readonly link: ShellLink;
  readonly facts: ShellFacts;
  readonly clock: ShellClock;
  readonly identity: BoxIdentity;
  /** Told whether the server is there, and what it says of this box. */
  readonly board: StatusBoard;
  readonly onFault: (where: string, error: unknown) => void;
}

/** The server by the shell's network, and this box's standing with it. */
export class ServerAccess {
  readonly client: ApiClient;
  readonly enrolment: Enrolment;
  readonly #init: ServerAccessInit;

  constructor(init: ServerAccessInit) {
    const { link, facts, clock, identity, onFault } = init;
    this.#init = init;
    this.client = new ApiClient({
      baseUrl: facts.serverUrl,
      identity,
      clock,
      http: linkedHttp(shellCall(link, facts.serverUrl), {
        state: (server) => {
          this.#linked(server);
        },
        notEnrolled: () => {
          this.enrolment.ask();
        },
      }),
    });
    this.enrolment = new Enrolment({
      enrol: () => this.#enrol(),
      clock,
      onTerminal: () => undefined,
      onFault,
    });
  }

  #linked(server: LinkState): void {
    const { clock, board, onFault } = this.#init;
    if (server === 'online' && !clock.trusted) {
      clock.look().catch((error: unknown) => {
        onFault('time', error);
      });
    }
    board.set({ server });
  }

  async #enrol(): Promise<EnrolResponse> {
    const { facts, identity, board } = this.#init;
    const { model, appVersion, engine } = facts;
    const answer = await identity.enrol(this.client, {
      name: model.slice(0, 64) || 'box',
      version: appVersion.slice(0, 32),
      engine: engine.slice(0, 300),
    });
    const { status } = answer;
    // Turned away, shut out for a while or for good: the box's user can do the same about each.
    board.set({ terminal: status === 'pending' || status === 'accepted' ? status : 'rejected' });
    return answer;
  }
}
