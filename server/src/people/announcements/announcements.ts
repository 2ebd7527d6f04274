import type { Clock } from '@bianmin/card/clock';
import type {
  AnnouncementView,
  ChangeAnnouncement,
  CreateAnnouncement,
} from '@bianmin/purchase/api/announcements';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { changedMeanwhile } from '../../route/precondition.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrgStore } from '../../access/store/orgs.ts';
import type { Announcement, AnnouncementStore } from './announcement-store.ts';

/** On a screen that waits there is room for one at a time. */
const SHOWN = 5;
const LISTED = 200;

export interface AnnouncementsInit {
  readonly store: AnnouncementStore;
  readonly orgs: OrgStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Notices for the people at terminals, by region and time. Who has a region may write for it and for what is below it. */
export class Announcements {
  readonly #init: AnnouncementsInit;

  constructor(init: AnnouncementsInit) {
    this.#init = init;
  }

  /** Those of the caller's organisation and below; what stands above is not theirs to change. */
  async list(by: AdminPrincipal): Promise<Announcement[]> {
    const orgs = await this.#init.orgs.within(by.scope);
    return this.#init.store.list(
      orgs.map(({ _id }) => _id),
      LISTED,
    );
  }

  /** Throws `request.not-found`. */
  get(id: string, by: AdminPrincipal): Promise<Announcement> {
    return this.#get(id, by);
  }

  /** Throws `announcement.out-of-region`, `order.idempotency-mismatch`. */
  async create(body: CreateAnnouncement, by: AdminPrincipal, where: Where): Promise<Announcement> {
    const { key, ...content } = body;
    await this.#mustCover(by, content.org);
    const known = await this.#init.store.get(key);
    if (known !== null) return same(known, by);
    const now = new Date(this.#init.clock.now());
    const made: Announcement = {
      ...{ _id: key, ...contentOf(content), version: 1 },
      ...{ createdBy: by.userId, createdAt: now, changedBy: by.userId, changedAt: now },
    };
    await this.#init.audit.record(
      byAdmin(by, { action: 'announcement.create', target: key, where, data: { after: content } }),
    );
    if ((await this.#init.store.insert(made)) === 'inserted') return made;
    return same(await this.#get(key, by), by);
  }

  /** Throws `request.not-found`, `announcement.out-of-region`, `request.changed-meanwhile`. */
  async change(
    id: string,
    { version, ...content }: ChangeAnnouncement & { version: number },
    by: AdminPrincipal,
    where: Where,
  ): Promise<Announcement> {
    const before = await this.#get(id, by);
    await this.#mustCover(by, content.org);
    if (before.version !== version) throw changedMeanwhile(viewOf(before));
    const data = { before: shownOf(before), after: content };
    await this.#init.audit.record(byAdmin(by, { action: 'announcement.change', target: id, where, data }));
    const set = { ...contentOf(content), changedBy: by.userId, changedAt: new Date(this.#init.clock.now()) };
    const changed = await this.#init.store.change(id, version, set);
    return changed ?? this.#stale(id, by);
  }

  /** Throws `request.not-found`, `request.changed-meanwhile`. */
  async remove(id: string, version: number, by: AdminPrincipal, where: Where): Promise<void> {
    const before = await this.#get(id, by);
    if (before.version !== version) throw changedMeanwhile(viewOf(before));
    await this.#init.audit.record(
      byAdmin(by, { action: 'announcement.remove', target: id, where, data: { before: shownOf(before) } }),
    );
    if (!(await this.#init.store.remove(id, version))) await this.#stale(id, by);
  }

  /** What a terminal shows now. */
  shownAt(device: 'kiosk' | 'box', orgPath: readonly string[]): Promise<Announcement[]> {
    const now = new Date(this.#init.clock.now());
    return this.#init.store.shown({ orgs: orgPath, device, now, limit: SHOWN });
  }

  async #get(id: string, by: AdminPrincipal): Promise<Announcement> {
    const found = await this.#init.store.get(id);
    if (found !== null && (await this.#covers(by, found.org))) return found;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such announcement.' });
  }

  /** Another user was faster: tells what is there now. */
  async #stale(id: string, by: AdminPrincipal): Promise<never> {
    throw changedMeanwhile(viewOf(await this.#get(id, by)));
  }

  async #mustCover(by: AdminPrincipal, org: string): Promise<void> {
    if (await this.#covers(by, org)) return;
    throw new ProblemError({
      code: 'announcement.out-of-region',
      message: 'There is no such organisation within your scope. Choose one from the tree.',
    });
  }

  async #covers(by: AdminPrincipal, org: string): Promise<boolean> {
    return (await this.#init.orgs.get(org))?.path.includes(by.scope) === true;
  }
}

type Content = Omit<CreateAnnouncement, 'key'>;

function contentOf({
  texts,
  org,
  devices,
  from,
  to,
}: Content): Pick<Announcement, 'texts' | 'org' | 'devices' | 'from' | 'to'> {
  return { texts, org, devices, from: new Date(from), to: new Date(to) };
}

function shownOf({ texts, org, devices, from, to }: Announcement): Content {
  return { texts, org, devices: [...devices], from: from.toISOString(), to: to.toISOString() };
}

function same(known: Announcement, by: AdminPrincipal): Announcement {
  if (known.createdBy === by.userId) return known;
  throw new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for something else. Choose another.',
  });
}

/** An announcement as staff see it. */
export function viewOf({
  _id,
  from,
  to,
  createdAt,
  changedAt,
  devices,
  ...rest
}: Announcement): AnnouncementView {
  return {
    ...{ id: _id, ...rest, devices: [...devices] },
    ...{ from: from.toISOString(), to: to.toISOString() },
    ...{ createdAt: createdAt.toISOString(), changedAt: changedAt.toISOString() },
  };
}
