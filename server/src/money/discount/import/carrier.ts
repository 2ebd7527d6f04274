import { randomUUID } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import type { ApprovalStore } from '../../../access/store/approvals.ts';
import type { MongoLeases } from '../../../adapters/mongo/leases.ts';
import type { PartCarrier } from './part-carrier.ts';
import type { HouseholdFile } from './file.ts';
import type { HouseholdFileStore } from './file-store.ts';

const LEASE = 'files of households';
/** Of a worker that gives no sign for so long another one goes on. */
const LEASE_MS = 60_000;
/** Files that wait for a second person, looked at in one round. */
const LOOKED_AT = 100;

export interface CarrierInit {
  readonly files: HouseholdFileStore;
  readonly parts: PartCarrier;
  readonly approvals: Pick<ApprovalStore, 'get'>;
  readonly leases: MongoLeases<string>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Carries out files that were allowed, one at a time and in the order in which they were: a part, then how far it has come. After a crash
 * the part that was under way is carried once more, which does no harm.
 */
export class HouseholdFileCarrier {
  readonly #init: CarrierInit;
  readonly #holder = randomUUID();
  #stopping = false;

  constructor(init: CarrierInit) {
    this.#init = init;
  }

  /** One file, where there is one and no other worker has the work; gives how many. */
  async round(): Promise<number> {
    const { files } = this.#init;
    await this.#endRefused();
    if (this.#stopping || (await files.firstAllowed()) === null || !(await this.#isMine())) return 0;
    // As it is now that nobody else moves it.
    const file = await files.firstAllowed();
    if (file === null) return 0;
    await this.#carry(file);
    return 1;
  }

  /** What is being carried is left at the end of its part, for the next worker. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#init.leases.release(LEASE, this.#holder);
  }

  async #carry(file: HouseholdFile): Promise<void> {
    const { files, parts } = this.#init;
    for (const [n, taken] of file.taken.entries()) {
      if (n < file.carried) continue;
      if (this.#stopping || !(await this.#isMine())) return;
      const part = await files.part(file._id, taken);
      const outcome = part === null ? 'parts-gone' : await parts.carry(part, file);
      if (typeof outcome === 'string') {
        await this.#end(file, { status: 'failed', failure: outcome });
        return;
      }
      if (!(await files.carried(file, n, outcome))) return;
    }
    await this.#end(file, { status: 'done' });
  }

  /** Those that a second person refused need their parts no more. */
  async #endRefused(): Promise<void> {
    const { files, approvals } = this.#init;
    for (const file of await files.waiting(LOOKED_AT)) {
      const approval = await approvals.get(file.approval ?? '');
      if (approval?.status === 'refused' || approval?.status === 'failed') {
        await this.#end(file, { status: 'refused' });
      }
    }
  }

  async #end(
    file: HouseholdFile,
    end: { status: 'done' | 'failed' | 'refused'; failure?: 'parts-gone' | 'key-changed' },
  ): Promise<void> {
    const { files, clock, log } = this.#init;
    await files.end(file, { ...end, endedAt: new Date(clock.now()) });
    if (end.status === 'failed')
      log.error({ approval: file.approval }, 'a file of households could not be carried out');
    else log.info({ approval: file.approval }, 'a file of households has ended');
  }

  #isMine(): Promise<boolean> {
    const now = this.#init.clock.now();
    const lease = { holder: this.#holder, now: new Date(now), until: new Date(now + LEASE_MS) };
    return this.#init.leases.take(LEASE, lease);
  }
}
