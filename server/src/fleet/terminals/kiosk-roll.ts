import type { Clock } from '@bianmin/card/clock';
import { pagesOf } from '../../kernel/pages.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { TerminalHealth } from '../store/terminal-health.ts';
import type { KioskInService, TerminalStore } from '../store/terminals.ts';
import { byNeed, type ListedKiosk } from './kiosk-list.ts';
import { offlineCause } from './offline-cause.ts';
import type { Heard } from './presence-view.ts';
import { presenceBounds, presenceOf, RETURN_MS } from './presence-rule.ts';
import type { Troubles } from './troubles.ts';

/** How long a roll is good: it reads every kiosk of its scope. */
const FRESH_MS = 30_000;
/** Kiosks that are looked at in one go: an order waits no longer than that. */
const AT_ONCE = 500;
/** A fault that was told within this of the last beat is the terminal's still. */
const STILL_MS = 60 * 60_000;

/** Since when each of these is under way to another release or restarting; those that are not are left out. */
export type UpdatesUnderWay = (ids: readonly string[]) => Promise<ReadonlyMap<string, Date>>;

export interface KioskRollInit extends Heard {
  readonly terminals: Pick<TerminalStore, 'kiosksInService'>;
  readonly updates: UpdatesUnderWay;
}

interface Roll {
  readonly at: number;
  /** Those that need a hand first. */
  readonly kiosks: readonly ListedKiosk[];
}

interface KnownKiosk {
  readonly kiosk: KioskInService;
  readonly said: TerminalHealth | undefined;
  readonly troubles: Troubles;
  /** Wall clock, ms; null: never. */
  readonly seenAt: number | null;
  readonly presence: ListedKiosk['presence'];
}

/** The kiosks that are in service, each with whether it is there, and why most likely not. */
export class KioskRoll {
  readonly #init: KioskRollInit;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rolls = new Map<Scope, Promise<Roll>>();

  constructor(init: KioskRollInit) {
    this.#init = init;
    this.#clock = init.clock;
  }

  /** Those of a scope, half a minute old at most; many who look at once cause one look. */
  async of(scope: Scope): Promise<Roll> {
    const known = this.#rolls.get(scope);
    if (known !== undefined && (await known).at + FRESH_MS > this.#clock.now()) return known;
    const calling = this.#call(scope);
    this.#rolls.set(scope, calling);
    calling.catch(() => {
      this.#rolls.delete(scope);
    });
    return calling;
  }

  async #call(scope: Scope): Promise<Roll> {
    const { terminals, board, intervals } = this.#init;
    const at = this.#clock.now();
    const hearing = await board.hearing.now();
    const bounds = presenceBounds(at, intervals.kiosk, hearing);
    const known: KnownKiosk[] = [];
    for await (const page of pagesOf(terminals.kiosksInService(scope), AT_ONCE)) {
      for (const each of await this.#know(page)) {
        known.push({ ...each, presence: presenceOf(each.seenAt, bounds) });
      }
    }
    const updating = await this.#updating(known.filter(isMissing));
    const places = new Map<string, KnownKiosk[]>();
    for (const one of known) {
      const { community } = one.kiosk;
      if (community !== undefined) places.set(community, [...(places.get(community) ?? []), one]);
    }
    const kiosks = known.map((one) => {
      const { community } = one.kiosk;
      const others = community === undefined ? [] : (places.get(community) ?? []);
      const updatingSince = updating.get(one.kiosk._id);
      return rowOf(one, { others, updatingSince, heardSince: hearing.since });
    });
    return { at, kiosks: kiosks.sort(byNeed) };
  }

  async #know(page: readonly KioskInService[]): Promise<Omit<KnownKiosk, 'presence'>[]> {
    const { board, store } = this.#init;
    const ids = page.map(({ _id }) => _id);
    const [seen, kept, troubles] = await Promise.all([board.seenAt(ids), store.of(ids), board.troubles(ids)]);
    return page.map((kiosk) => {
      const said = kept.get(kiosk._id);
      const seenAt = Math.max(seen.get(kiosk._id) ?? 0, said?.seenAt.getTime() ?? 0) || null;
      return { kiosk, said, seenAt, troubles: troubles.get(kiosk._id) ?? {} };
    });
  }

  async #updating(missing: readonly KnownKiosk[]): Promise<Map<string, Date>> {
    const all = new Map<string, Date>();
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      const ids = missing.slice(from, from + AT_ONCE).map(({ kiosk }) => kiosk._id);
      for (const [id, since] of await this.#init.updates(ids)) all.set(id, since);
    }
    return all;
  }
}

const isMissing = ({ presence }: Pick<KnownKiosk, 'presence'>): boolean => presence === 'missing';

function rowOf(
  one: KnownKiosk,
  {
    others,
    updatingSince,
    heardSince,
  }: {
    readonly others: readonly KnownKiosk[];
    readonly updatingSince: Date | undefined;
    /** Since when we could hear, wall clock ms. */
    readonly heardSince: number;
  },
): ListedKiosk {
  const { kiosk, said, troubles, seenAt, presence } = one;
  const blocked = said?.blocked === true;
  // Who has not said anything yet is not blamed for it.
  const hasReader = said === undefined || said.readers.length > 0;
  return {
    ...{ id: kiosk._id, name: kiosk.name, version: said?.version ?? kiosk.version },
    ...{ org: kiosk.community ?? null, orgPath: kiosk.orgPath ?? PROVINCE_PATH },
    ...{ address: kiosk.address ?? null, repair: null },
    ...{ presence, seenAt: seenAt === null ? null : new Date(seenAt).toISOString(), blocked },
    readerTrouble:
      !hasReader || (troubles.reader !== undefined && seenAt !== null && seenAt - troubles.reader < STILL_MS),
    cause:
      seenAt === null || !isMissing(one)
        ? null
        : offlineCause({
            ...{ seenAt, blocked, hasReader },
            neighbours: others.flatMap((other) =>
              other === one || other.seenAt === null
                ? []
                : [{ seenAt: other.seenAt, isMissing: isMissing(other) }],
            ),
            ...{ readerFaultAt: troubles.reader, linkFaultAt: linkFaultAt(troubles, heardSince) },
            updatingSince: updatingSince?.getTime(),
          }),
  };
}

/** When its line last failed: by its own word, or by a beat that came late though we could hear. */
function linkFaultAt({ link, late }: Troubles, heardSince: number): number | undefined {
  const own = late !== undefined && late - heardSince > RETURN_MS ? late : undefined;
  return link === undefined ? own : Math.max(link, own ?? 0);
}
