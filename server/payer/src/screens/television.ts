import type { PhoneView } from '@bianmin/shared/api/phone-view';
import type { JoinedPhoneVisit, PortalState } from '@bianmin/shared/api/portal';
import { newSecret, openCall, Refused } from '../api.ts';
import { doing, type App, type Screen } from '../app.ts';
import { el, type Child } from '../dom.ts';
import { grouped, yuan } from '../format.ts';
import { keepVisit, keptVisit, type KeptVisit } from '../kept-visit.ts';
import { televisionStepOf, type TelevisionStep } from '../television-step.ts';
import type { WordKey } from '../words/zh-cn.ts';
import { other } from './home.ts';

/** Between two looks: the television says what it shows every second. */
const POLL_MS = 1000;
/** What was chosen is on the television by then; else it was not heard, and may be chosen again. */
const HEARD_MS = 8000;

/** The phone beside a television that asked for one: docs/portal.md. `code`: of the address that was scanned. */
export const televisionScreen: Screen = (app, stay, code) => {
  let visit = keptVisit();
  let state: PortalState | undefined;
  let view = visit !== undefined && (code === '' || visit.code === code) ? visit.last : undefined;
  let sent: { revision: number; faceFen: number; at: number } | undefined;
  let offline = false;
  let asking = false;
  let over = false;
  let shown = '';

  const draw = (): void => {
    if (stay.over) return;
    const revision = state === undefined ? 0 : state.revision;
    if (sent !== undefined && (sent.revision !== revision || Date.now() - sent.at > HEARD_MS))
      sent = undefined;
    const step = televisionStepOf({
      view,
      away: state !== undefined && state.away,
      over,
      sentFen: sent === undefined ? null : sent.faceFen,
    });
    const key = JSON.stringify([step, offline]);
    if (key === shown) return;
    shown = key;
    const choose = async (faceFen: number): Promise<void> => {
      await command(visit, { for: revision, command: { type: 'choose-amount', faceFen } });
      sent = { revision, faceFen, at: Date.now() };
      draw();
    };
    app.show(
      { where: app.t('app.title'), back: false },
      ...parts(app, { step, choose }),
      offline && el('p', { class: 'warning', role: 'alert' }, app.t('error.offline')),
    );
  };

  const failed = (error: unknown): void => {
    if (error instanceof Refused && error.code === 'request.not-found') {
      over = true;
      offline = false;
    } else offline = error instanceof Refused && error.code === 'offline';
    draw();
  };
  const look = (): void => {
    if (visit === undefined || visit.id === undefined || asking || over || document.hidden) return;
    const { id, key } = visit;
    asking = true;
    const after = state === undefined ? '' : `?after=${state.revision}`;
    openCall<PortalState>('GET', `portal/sessions/${id}${after}`, undefined, { 'x-portal-key': key })
      .then((next) => {
        offline = false;
        state = next;
        if (next.view !== null) {
          view = next.view;
          if (visit !== undefined) keepVisit((visit = Object.assign({}, visit, { last: view })));
        }
        over = next.state === 'ended';
        draw();
      }, failed)
      .then(
        () => {
          asking = false;
        },
        () => undefined,
      );
  };
  const join = (): void => {
    if (visit === undefined || visit.code !== code) visit = { code, key: newSecret() };
    // Kept before it is asked: an answer that is lost is asked for again with the same key.
    keepVisit(visit);
    const { key } = visit;
    openCall<JoinedPhoneVisit>('POST', 'portal/phones', { code, key }).then(
      ({ id }) => {
        if (stay.over) return;
        keepVisit((visit = { code, key, id }));
        // Spent: another draw of this page goes on with the visit.
        history.replaceState(null, '', '#/tv');
        look();
      },
      (error: unknown) => {
        if (stay.over) return;
        const spent =
          error instanceof Refused &&
          (error.code === 'request.not-found' || error.code === 'request.malformed');
        if (spent) refused(app);
        else app.failed(error, false);
      },
    );
  };

  if (code !== '') join();
  else if (visit === undefined || visit.id === undefined) refused(app);
  else {
    if (view !== undefined) draw();
    look();
  }
  stay.every(POLL_MS, () => {
    look();
    if (sent !== undefined) draw();
  });
  document.addEventListener('visibilitychange', look);
  stay.onEnd(() => {
    document.removeEventListener('visibilitychange', look);
  });
};

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

interface Shown {
  readonly step: TelevisionStep;
  readonly choose: (faceFen: number) => Promise<void>;
}

function parts(app: App, { step, choose }: Shown): Child[] {
  const { t } = app;
  const title = (key: WordKey, fen = 0): HTMLElement =>
    el('h1', { role: 'status' }, t(key, { yuan: yuan(fen, true) }));
  const words = (key: WordKey): HTMLElement => el('p', {}, t(key));
  const amount = (fen: number): HTMLElement =>
    el('p', { class: 'answer' }, t('home.yuan', { yuan: yuan(fen, true) }));
  const kept = (label: WordKey, value: string | null): Child =>
    value !== null &&
    el(
      'div',
      { class: 'panel' },
      el('span', { class: 'hint' }, t(label)),
      el('strong', { class: 'figures' }, el('bdi', {}, value)),
    );
  const order = (no: string | null): Child => kept('receipt.orderNo', no === null ? null : grouped(no));
  switch (step.is) {
    case 'wait':
      return [el('p', { role: 'status' }, t('app.loading'))];
    case 'choose':
      return [
        whose(step.household),
        el('h1', {}, t('home.howMuch')),
        ...choices(app, { limits: step.limits, choose }),
      ];
    case 'sure':
      return [title('tv.sure'), amount(step.faceFen), words('tv.sureTodo')];
    case 'preparing':
      return [title('tv.preparing'), amount(step.faceFen)];
    case 'pay':
      return [title('tv.pay'), amount(step.paidFen), toPay(app, step.token), words('tv.payTodo')];
    case 'code':
      return [title('tv.code'), amount(step.paidFen), words('tv.codeTodo')];
    case 'paid':
      return [
        title('go.paid', step.paidFen),
        el('p', { class: 'warning' }, t('tv.keep')),
        order(step.orderNo),
      ];
    case 'writing':
      return [
        title('tv.writing', step.faceFen),
        el('progress', { max: '1', value: String(step.progress) }),
        el('p', { class: 'warning' }, t('tv.keep')),
        order(step.orderNo),
      ];
    case 'done':
      return [
        title(step.onCard ? 'done.written' : 'done.title'),
        amount(step.faceFen),
        kept('receipt.code', step.receiptCode),
        order(step.orderNo),
      ];
    case 'crediting':
      return [title('go.paid', step.paidFen), words('go.wait'), order(step.orderNo)];
    case 'pulled':
      return [title('tv.pulled'), words('tv.pulledTodo'), step.paid && words('tv.safe'), order(step.orderNo)];
    case 'silent':
      return [title('go.silentTitle'), words('go.silent'), order(step.orderNo)];
    case 'closed':
      return [title('closed.title'), words('tv.overTodo')];
    case 'refund':
      return [
        title(step.done ? 'refund.doneTitle' : 'refund.title', step.fen),
        words('refund.todo'),
        order(step.orderNo),
      ];
    case 'look':
      return [
        title('tv.look'),
        words('tv.lookTodo'),
        words(step.nothingTaken ? 'tv.nothing' : 'tv.safe'),
        order(step.orderNo),
      ];
    case 'away':
      return [title('tv.away'), words('tv.awayTodo'), words('tv.safe'), order(step.orderNo)];
    case 'over':
      return [title('tv.over'), words('tv.overTodo'), words('tv.safe'), order(step.orderNo)];
  }
}

function whose(household: PhoneView['household']): Child {
  if (household === undefined) return null;
  return el('p', { class: 'hint' }, el('bdi', {}, household.name), ' ', el('bdi', {}, household.address));
}

function choices(
  app: App,
  init: { limits: NonNullable<PhoneView['limits']>; choose: (faceFen: number) => Promise<void> },
): Child[] {
  const { limits, choose } = init;
  const below = el('div');
  const presets = limits.presetsFen.map((fen) =>
    doing(app, {
      words: app.t('home.yuan', { yuan: yuan(fen, true) }),
      below,
      run: () => choose(fen),
    }),
  );
  return [
    el('div', { class: 'amounts' }, ...presets),
    other(app, { minFen: limits.minFen, maxFen: limits.maxFen, below, buy: choose }),
    below,
    el('p', { class: 'hint' }, app.t('tv.chooseTodo')),
  ];
}

/** The order's own page, in this tab: it leads back once the money is there. */
function toPay({ t }: App, token: string): HTMLElement {
  const link = el('a', { class: 'button primary', href: `/p/${token}` }, t('pay.go'));
  link.addEventListener('click', () => {
    const visit = keptVisit();
    if (visit !== undefined) keepVisit(Object.assign({}, visit, { pays: token }));
  });
  return link;
}
