import type { PhoneView } from '@bianmin/purchase/api/phone-view';
import type { JoinedPhoneVisit, PortalState } from '@bianmin/purchase/api/portal';
import { newSecret, openCall, Refused } from '../api.ts';
import type { App, Screen, Stay } from '../app.ts';
import { el } from '../dom.ts';
import { keepVisit, keptVisit, type KeptVisit } from '../kept-visit.ts';
import { televisionStepOf } from '../television-step.ts';
import { televisionParts } from './television-page.ts';

/** Between two looks: the television says what it shows every second. */
const POLL_MS = 1000;
/** What was chosen is on the television by then; else it was not heard, and may be chosen again. */
const HEARD_MS = 8000;

/** The phone beside a television that asked for one: docs/portal.md. `code`: of the address that was scanned. */
export const televisionScreen: Screen = (app, stay, code) => {
  const phone = new PhoneBesideTelevision(app, stay, code);
  phone.start();
  stay.every(POLL_MS, () => {
    phone.tick();
  });
  const look = (): void => {
    phone.look();
  };
  document.addEventListener('visibilitychange', look);
  stay.onEnd(() => {
    document.removeEventListener('visibilitychange', look);
  });
};

/** What this screen knows of the television, and what it asks. */
class PhoneBesideTelevision {
  readonly #app: App;
  readonly #stay: Stay;
  readonly #code: string;
  #visit: KeptVisit | undefined = keptVisit();
  #state: PortalState | undefined;
  #view: PhoneView | undefined;
  #sent: { revision: number; faceFen: number; at: number } | undefined;
  #offline = false;
  #asking = false;
  #over = false;
  #shown = '';

  constructor(app: App, stay: Stay, code: string) {
    this.#app = app;
    this.#stay = stay;
    this.#code = code;
    const visit = this.#visit;
    if (visit !== undefined && (code === '' || visit.code === code)) this.#view = visit.last;
  }

  /** Joins the visit of the address, or goes on with the one that this tab has. */
  start(): void {
    const visit = this.#visit;
    if (this.#code !== '') this.#join();
    else if (visit === undefined || visit.id === undefined) refused(this.#app);
    else {
      if (this.#view !== undefined) this.#draw();
      this.look();
    }
  }

  tick(): void {
    this.look();
    if (this.#sent !== undefined) this.#draw();
  }

  /** Asks what the television shows, one question at a time, while the page is seen. */
  look(): void {
    const visit = this.#visit;
    if (visit === undefined || visit.id === undefined) return;
    if (this.#asking || this.#over || document.hidden) return;
    this.#asking = true;
    const after = this.#state === undefined ? '' : `?after=${this.#state.revision}`;
    const headers = { 'x-portal-key': visit.key };
    openCall<PortalState>('GET', `portal/sessions/${visit.id}${after}`, undefined, headers)
      .then(
        (next) => {
          this.#heard(next);
        },
        (error: unknown) => {
          this.#failed(error);
        },
      )
      .then(
        () => {
          this.#asking = false;
        },
        () => undefined,
      );
  }

  #draw(): void {
    if (this.#stay.over) return;
    const state = this.#state;
    const revision = state === undefined ? 0 : state.revision;
    const sent = this.#sent;
    if (sent !== undefined && (sent.revision !== revision || Date.now() - sent.at > HEARD_MS))
      this.#sent = undefined;
    const step = televisionStepOf({
      view: this.#view,
      away: state !== undefined && state.away,
      over: this.#over,
      sentFen: this.#sent === undefined ? null : this.#sent.faceFen,
    });
    const key = JSON.stringify([step, this.#offline]);
    if (key === this.#shown) return;
    this.#shown = key;
    const app = this.#app;
    app.show(
      { where: app.t('app.title'), back: false },
      ...televisionParts(app, { step, choose: (faceFen) => this.#choose(faceFen, revision) }),
      this.#offline && el('p', { class: 'warning', role: 'alert' }, app.t('error.offline')),
    );
  }

  async #choose(faceFen: number, revision: number): Promise<void> {
    await command(this.#visit, { for: revision, command: { type: 'choose-amount', faceFen } });
    this.#sent = { revision, faceFen, at: Date.now() };
    this.#draw();
  }

  #heard(next: PortalState): void {
    this.#offline = false;
    this.#state = next;
    if (next.view !== null) {
      this.#view = next.view;
      if (this.#visit !== undefined)
        keepVisit((this.#visit = Object.assign({}, this.#visit, { last: next.view })));
    }
    this.#over = next.state === 'ended';
    this.#draw();
  }

  #failed(error: unknown): void {
    if (error instanceof Refused && error.code === 'request.not-found') {
      this.#over = true;
      this.#offline = false;
    } else this.#offline = error instanceof Refused && error.code === 'offline';
    this.#draw();
  }

  #join(): void {
    const code = this.#code;
    let visit = this.#visit;
    if (visit === undefined || visit.code !== code) this.#visit = visit = { code, key: newSecret() };
    // Kept before it is asked: an answer that is lost is asked for again with the same key.
    keepVisit(visit);
    const { key } = visit;
    openCall<JoinedPhoneVisit>('POST', 'portal/phones', { code, key }).then(
      ({ id }) => {
        if (this.#stay.over) return;
        keepVisit((this.#visit = { code, key, id }));
        // Spent: another draw of this page goes on with the visit.
        history.replaceState(null, '', '#/tv');
        this.look();
      },
      (error: unknown) => {
        if (this.#stay.over) return;
        const spent =
          error instanceof Refused &&
          (error.code === 'request.not-found' || error.code === 'request.malformed');
        if (spent) refused(this.#app);
        else this.#app.failed(error, false);
      },
    );
  }
}

function command(visit: KeptVisit | undefined, request: object): Promise<void> {
  if (visit === undefined || visit.id === undefined) return Promise.resolve();
  return openCall('POST', `portal/sessions/${visit.id}/commands`, request, { 'x-portal-key': visit.key });
}

/** Another phone was first, or time is over. */
function refused(app: App): void {
  const { t } = app;
  app.show(
    { where: t('app.title'), back: false },
    el('h1', { role: 'alert' }, t('tv.refused')),
    el('p', {}, t('tv.refusedTodo')),
  );
}
