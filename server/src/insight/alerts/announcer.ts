import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { AlertNoticeKind } from '@bianmin/purchase/api/alerts';
import type { Alert } from './alert.ts';
import type { AlertStore } from './alert-store.ts';
import { announcementOf } from './announce.ts';
import type { DestinationStore } from './destination-store.ts';
import type { Limits } from './limits.ts';
import type { Notice, NoticeStore } from './notice-store.ts';
import { isSilenced, type SilenceStore } from './silence-store.ts';
import { noticeText } from './text.ts';

export interface AnnouncerInit {
  readonly alerts: AlertStore;
  readonly notices: NoticeStore;
  readonly destinations: DestinationStore;
  readonly silences: SilenceStore;
  readonly placeOf: (orgPath: readonly string[]) => Promise<string>;
  readonly publicUrl: string;
}

/**
 * Writes what is to be said into the outbox: first the notices, under numbers that follow from the alert and how often it was
 * announced, then that it was. Whatever dies between the two says the same once more, and it is the same notice.
 */
export class Announcer {
  readonly #init: AnnouncerInit;

  constructor(init: AnnouncerInit) {
    this.#init = init;
  }

  async round(now: Date, limits: Limits): Promise<void> {
    const { alerts, destinations, silences } = this.#init;
    const [open, all, quiet] = await Promise.all([
      alerts.open(),
      destinations.list(WHOLE_PROVINCE),
      silences.active(now, WHOLE_PROVINCE),
    ]);
    for (const alert of open) {
      const silenced = isSilenced(alert, quiet);
      const announcement = announcementOf(alert, { now, limits, destinations: all, silenced });
      if (announcement === undefined) continue;
      const { kind, to, told } = announcement;
      await this.#write(alert, { kind, to: to.map(({ _id }) => _id), n: told.times, now });
      await alerts.change(alert, { told });
    }
    for (const alert of await alerts.closing()) {
      // A destination that heard of it hears that it is over, even where a silence holds by now: its people would
      // look for it in vain.
      const to = await this.#init.notices.toldOf(alert._id);
      await this.#write(alert, { kind: 'resolved', to, n: alert.told.times + 1, now });
      await alerts.change(alert, { closing: false });
    }
  }

  async #write(
    alert: Alert,
    of: { kind: AlertNoticeKind; to: readonly string[]; n: number; now: Date },
  ): Promise<void> {
    const { kind, to, n, now } = of;
    if (to.length === 0) return;
    const place = await this.#init.placeOf(alert.orgPath);
    const text = noticeText(kind, alert, { place, publicUrl: this.#init.publicUrl });
    await this.#init.notices.insert(
      to.map((destination): Notice => ({
        ...{ _id: `${alert._id}:${n}:${destination}`, alertId: alert._id, kind, destination, text },
        ...{ state: 'waiting', at: now, nextAt: now, tries: 0, sentAt: null, failure: null },
      })),
    );
  }
}
