import type { Clock } from '@bianmin/card/clock';
import { isNewer } from '@bianmin/purchase/api/release';
import type { ReleaseAsk, ReleaseOffer } from '@bianmin/purchase/api/release-offer';
import { packageOf } from './box-packages.ts';
import { isOffered } from './group.ts';
import type { RolloutEntry, RolloutJournal } from './journal-store.ts';
import { outcomeOf } from './outcome.ts';
import type { Release } from './release-store.ts';
import type { Releases } from './releases.ts';
import type { Rollout, RolloutStore } from './rollout-store.ts';
import type { ReleaseTickets } from './tickets.ts';

export interface OffersInit {
  readonly releases: Releases;
  readonly rollouts: RolloutStore;
  readonly journal: RolloutJournal;
  readonly tickets: ReleaseTickets;
  readonly clock: Pick<Clock, 'now'>;
}

/** Which terminal may have which release now: decided here, at each question, and written down before it is answered. */
export class ReleaseOffers {
  readonly #init: OffersInit;

  constructor(init: OffersInit) {
    this.#init = init;
  }

  /**
   * What is meant for this terminal; undefined: nothing, or nothing any more. What it says of earlier offers is written down first;
   * that it is about to install one, only where that one still stands.
   */
  async ask(
    terminal: { readonly id: string; readonly orgPath: readonly string[] },
    said: ReleaseAsk,
  ): Promise<ReleaseOffer | undefined> {
    const { journal, tickets } = this.#init;
    const entries = await this.#heard(terminal.id, said);
    for (const rollout of await this.#meantFor(terminal, said, entries)) {
      const opened = await this.#init.releases.servable(rollout.releaseId);
      const manifest = opened === undefined ? undefined : manifestFor(opened.release, said);
      if (opened === undefined || manifest === undefined) continue;
      const known = entries.find(({ rolloutId }) => rolloutId === rollout._id);
      const installing = said.step?.is === 'installing';
      // About to install something else than what is meant now: it asks again.
      if (installing && said.step?.version !== rollout.release) return undefined;
      if (known === undefined) await this.#offer(rollout, terminal.id, said);
      if (installing) {
        const entry = known ?? { _id: `${rollout._id}:${terminal.id}`, outcome: 'offered' as const };
        await journal.move(entry, { outcome: 'taken', at: this.#now() });
      }
      const made = packageOf(opened.manifest);
      return {
        version: rollout.release,
        path: `/updates/${tickets.issue(rollout.releaseId, terminal.orgPath)}/`,
        manifest,
        ...(made === undefined ? {} : { box: made }),
      };
    }
    return undefined;
  }

  /** Its entries as they are after its words. */
  async #heard(terminalId: string, said: ReleaseAsk): Promise<RolloutEntry[]> {
    const entries = await this.#init.journal.ofTerminal(terminalId, said.kind);
    const now = this.#now();
    const heard = [];
    for (const entry of entries) {
      const next = outcomeOf(entry, said, now.getTime());
      if (next === undefined || !(await this.#init.journal.move(entry, { ...next, at: now })))
        heard.push(entry);
      else heard.push({ ...entry, outcome: next.outcome });
    }
    return heard;
  }

  /** Newest release first. Who could not have it, or gave it up, is not offered it again by the same rollout. */
  async #meantFor(
    terminal: { readonly id: string; readonly orgPath: readonly string[] },
    { kind, version, refused }: ReleaseAsk,
    entries: readonly RolloutEntry[],
  ): Promise<Rollout[]> {
    const over = new Set(
      entries
        .filter(({ outcome }) => outcome === 'failed' || outcome === 'fell-back')
        .map(({ rolloutId }) => rolloutId),
    );
    return (await this.#init.rollouts.offering(kind))
      .filter(
        (rollout) =>
          isNewer(rollout.release, version) &&
          !refused.includes(rollout.release) &&
          !over.has(rollout._id) &&
          isOffered(rollout, terminal),
      )
      .sort((a, b) => (isNewer(a.release, b.release) ? -1 : 1));
  }

  #offer({ _id, kind, release }: Rollout, terminalId: string, { version }: ReleaseAsk): Promise<void> {
    return this.#init.journal.offer({
      ...{ rolloutId: _id, terminalId, kind, release, from: version },
      offeredAt: this.#now(),
    });
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}

/**
 * The manifest in the form that a terminal can open. A kiosk that knows no root opens the one of a single key alone; a box of then
 * opens none. Undefined where there is none for it.
 */
function manifestFor(
  { kind, signed, former }: Release,
  { root }: Pick<ReleaseAsk, 'root'>,
): string | undefined {
  return root === undefined && kind !== 'box' ? former : signed;
}
