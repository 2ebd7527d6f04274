import type { Clock } from '@bianmin/card/clock';
import type { AlertView, AlertWithNotices } from '@bianmin/purchase/api/alerts';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import { covers, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Alert } from './alert.ts';
import type { AlertStore } from './alert-store.ts';
import type { DestinationStore } from './destination-store.ts';
import type { NoticeStore } from './notice-store.ts';
import type { SilenceStore } from './silence-store.ts';
import { noticeView, viewOf } from './view.ts';

const MAX_RACES = 20;

export interface AlertDeskInit {
  readonly alerts: AlertStore;
  readonly notices: NoticeStore;
  readonly destinations: DestinationStore;
  readonly silences: SilenceStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** What staff see of alerts, and that one of them answers for one. */
export class AlertDesk {
  readonly #init: AlertDeskInit;

  constructor(init: AlertDeskInit) {
    this.#init = init;
  }

  /** Of the caller's scope, newest first. */
  async list(
    query: { status: Alert['status']; after?: string | undefined; limit: number },
    by: AdminPrincipal,
  ): Promise<{ alerts: AlertView[]; next: string | null }> {
    const { alerts } = this.#init;
    const { status, after, limit } = query;
    // An unknown `after` is the beginning: a page's address may be older than what is kept.
    const last = after === undefined ? undefined : ((await alerts.get(after)) ?? undefined);
    const found = await alerts.list({ status, after: last, limit: limit + 1 }, by.scope);
    const shown = found.slice(0, limit);
    const silences = await this.#silences();
    const next = found.length > limit ? (shown.at(-1)?._id ?? null) : null;
    return { alerts: shown.map((alert) => viewOf(alert, silences)), next };
  }

  /** Throws `request.not-found`. */
  async get(id: string, by: AdminPrincipal): Promise<AlertWithNotices> {
    const alert = await this.#get(id, by);
    const [notices, silences, all] = await Promise.all([
      this.#init.notices.ofAlert(id),
      this.#silences(),
      this.#init.destinations.list(WHOLE_PROVINCE),
    ]);
    const names = new Map(all.map(({ _id, name }) => [_id, name]));
    return {
      ...viewOf(alert, silences),
      notices: notices.map((notice) => noticeView(notice, (of) => names.get(of))),
    };
  }

  /**
   * From now on this person answers for it, and it is not told again unless it grows worse. Throws
   * `request.not-found`.
   */
  async acknowledge(id: string, note: string, by: AdminPrincipal, where: Where): Promise<AlertView> {
    const { alerts, audit, clock } = this.#init;
    const alert = await this.#get(id, by);
    const { rule, subject } = alert;
    await audit.record(
      byAdmin(by, {
        action: 'alert.acknowledge',
        target: id,
        where,
        data: { rule, subject, note },
      }),
    );
    const acknowledged = { at: new Date(clock.now()), by: { id: by.userId, name: by.name }, note };
    let before = alert;
    for (let race = 0; race < MAX_RACES; race += 1) {
      // The first to acknowledge it answers for it.
      if (before.acknowledged !== null) return viewOf(before, await this.#silences());
      const after = await alerts.change(before, { acknowledged });
      if (after !== null) return viewOf(after, await this.#silences());
      before = await this.#get(id, by);
    }
    throw new Error('An alert changed faster than it could be acknowledged.');
  }

  async #get(id: string, by: AdminPrincipal): Promise<Alert> {
    const found = await this.#init.alerts.get(id);
    if (found !== null && covers(by.scope, found.orgPath)) return found;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such alert.' });
  }

  #silences() {
    return this.#init.silences.active(new Date(this.#init.clock.now()), WHOLE_PROVINCE);
  }
}
