import type { PayHandle, PayPageView, PayWay, PhoneProduct } from '@bianmin/shared/api/pay-page';
import { CHANNELS, type Channel } from '@bianmin/shared/api/channels';
import { openCall, serverNow } from '../api.ts';
import { doing, type App, type Screen, type Stay } from '../app.ts';
import { el, fill, type Child } from '../dom.ts';
import { yuan } from '../format.ts';
import { keptVisit } from '../kept-visit.ts';
import { linkOver, linkStepOf, type LinkStep } from '../link-step.ts';
import { handOver } from '../wallet.ts';
import { walletOf } from '../which-wallet.ts';
import type { WordKey } from '../words/zh-cn.ts';

/** Between two looks: no event comes to somebody who only holds a link. */
const POLL_MS = 2000;

/** One code for every wallet: the page behind it, for one order. */
export function payLinkScreen(token: string): Screen {
  return (app, stay) => {
    const path = `pay/${token}`;
    let shown: string | undefined;
    let asking = false;
    let over = false;
    // Back from the wallet's question who pays: go on where the payer was.
    let returned = returnedCode();

    const draw = (page: PayPageView): void => {
      if (stay.over) return;
      const step = linkStepOf(page, serverNow());
      over = linkOver(step);
      if (step !== 'pay' && leadsBack(token)) return;
      const key = `${step} ${JSON.stringify(page.ways)}`;
      if (shown !== key) {
        shown = key;
        render(app, stay, { page, step, path });
      }
      if (returned !== undefined && step === 'pay') {
        const { wallet, authCode } = returned;
        returned = undefined;
        pay(path, { channel: wallet, product: 'in-wallet', authCode }).catch((error: unknown) => {
          app.failed(error, false);
        });
      }
    };
    const look = (): void => {
      if (asking || over || document.hidden) return;
      asking = true;
      openCall<PayPageView>('GET', path)
        .then(draw, (error: unknown) => {
          if (!stay.over && shown === undefined) app.failed(error, false);
        })
        .then(
          () => {
            asking = false;
          },
          () => undefined,
        );
    };
    look();
    stay.every(POLL_MS, look);
    document.addEventListener('visibilitychange', look);
    stay.onEnd(() => {
      document.removeEventListener('visibilitychange', look);
    });
  };
}

/** The television's phone came here to pay: what comes next it sees where it came from. */
function leadsBack(token: string): boolean {
  const visit = keptVisit();
  if (visit === undefined || visit.pays !== token) return false;
  location.replace('/p/#/tv');
  return true;
}

interface Shown {
  readonly page: PayPageView;
  readonly step: LinkStep;
  readonly path: string;
}

interface Payment {
  readonly channel: Channel;
  readonly product: PhoneProduct;
  readonly authCode?: string;
}

async function pay(path: string, payment: Payment): Promise<void> {
  await handOver(await openCall<PayHandle>('POST', `${path}/payments`, payment));
}

/** `?wallet=wechat&code=…` of a wallet that says who pays; taken out of the address, since it works once. */
function returnedCode(): { wallet: Channel; authCode: string } | undefined {
  const wallet = new RegExp(`[?&]wallet=(${CHANNELS.join('|')})(?:&|$)`).exec(location.search);
  const code = /[?&](?:auth_)?code=([^&]+)/.exec(location.search);
  if (wallet === null || code === null) return undefined;
  history.replaceState(null, '', location.pathname);
  return { wallet: (wallet[1] || 'wechat') as Channel, authCode: decodeURIComponent(code[1] || '') };
}

function render(app: App, stay: Stay, shown: Shown): void {
  // Whoever scanned a machine's code is not at home.
  const where = app.t(shown.page.kind === 'card' ? 'link.where' : 'app.title');
  app.show({ where, back: false }, ...parts(app, stay, shown));
}

function parts(app: App, stay: Stay, shown: Shown): Child[] {
  const { t } = app;
  const { page, step } = shown;
  const title = (key: WordKey): HTMLElement =>
    el('h1', { role: 'status' }, t(key, { yuan: yuan(page.paidFen) }));
  const kept =
    page.receiptCode !== null &&
    el(
      'div',
      { class: 'panel' },
      el('span', { class: 'hint' }, t('receipt.code')),
      el('strong', { class: 'figures' }, el('bdi', {}, page.receiptCode)),
    );
  switch (step) {
    case 'pay':
      return toPay(app, stay, shown);
    case 'paid':
      return [title('link.paid'), el('p', {}, t(page.kind === 'card' ? 'link.paidCard' : 'go.wait')), kept];
    case 'credited':
      return [
        title(page.kind === 'card' ? 'done.written' : 'done.title'),
        el('p', { class: 'answer' }, t('home.yuan', { yuan: yuan(page.faceFen) })),
        kept,
      ];
    case 'refunding':
      return [title('refund.title'), el('p', {}, t('refund.todo')), kept];
    case 'refunded':
      return [title('refund.doneTitle'), el('p', {}, t('refund.todo')), kept];
    case 'closed':
      return [title('closed.title'), again(app, page)];
    case 'over':
      return [title('pay.expired'), again(app, page)];
    case 'attention':
      return [title('go.attention'), kept];
  }
}

/** Where whoever still wants to buy begins: at the machine, or at home on the phone. */
function again({ t }: App, { kind }: PayPageView): HTMLElement {
  return kind === 'card'
    ? el('p', {}, t('link.again'))
    : el('a', { class: 'button second', href: '/p/' }, t('done.home'));
}

function toPay(app: App, stay: Stay, { page, path }: Shown): Child[] {
  const { t } = app;
  const wallet = walletOf(navigator.userAgent);
  const below = el('div');
  const left = el('p', { class: 'hint' });
  const tick = (): void => {
    const s = Math.max(0, Math.round((Date.parse(page.until) - serverNow()) / 1000));
    fill(left, t('pay.left', { m: Math.floor(s / 60), s: s % 60 }));
  };
  tick();
  stay.every(1000, tick);
  const ways = page.ways.filter(({ channel }) => wallet === undefined || channel === wallet);
  const open = ways.filter((way) => way.down === null && productOf(way, wallet) !== undefined);
  return [
    el('h1', {}, t('pay.for', { who: page.household.name })),
    el('p', { class: 'answer' }, t('home.yuan', { yuan: yuan(page.paidFen) })),
    page.discountFen > 0 &&
      el(
        'p',
        { class: 'hint' },
        t('link.discount', { face: yuan(page.faceFen), off: yuan(page.discountFen) }),
      ),
    el('p', { class: 'hint' }, el('bdi', {}, page.household.address)),
    ...open.map((way, index) => payButton(app, { way, wallet, path, below, first: index === 0 })),
    open.length === 0 && el('p', { class: 'warning' }, t(nothingOpen(page, wallet))),
    ...ways
      .filter(({ down }) => down !== null)
      .map(({ channel, down }) =>
        el(
          'p',
          { class: 'hint' },
          t(down === 'limit' ? 'link.limit' : 'link.down', { wallet: app.wallet(channel) }),
        ),
      ),
    below,
    left,
  ];
}

/** Who stands at a machine may scan its screen with another wallet; at home there is no screen to scan. */
function nothingOpen({ kind }: PayPageView, wallet: Channel | undefined): WordKey {
  if (kind === 'remote') return 'link.noneHome';
  return wallet === undefined ? 'link.none' : 'link.noneHere';
}

function payButton(
  app: App,
  init: { way: PayWay; wallet: Channel | undefined; path: string; below: HTMLElement; first: boolean },
): HTMLElement {
  const { way, wallet, path, below, first } = init;
  const { channel } = way;
  return doing(app, {
    words: app.t('link.payWith', { wallet: app.wallet(channel) }),
    class: first ? 'primary' : 'second',
    below,
    run: async () => {
      const product = productOf(way, wallet) || 'browser';
      if (product === 'in-wallet' && way.asksWho) {
        const { url } = await openCall<{ url: string }>('GET', `${path}/consent?channel=${channel}`);
        location.href = url;
        return;
      }
      await pay(path, { channel, product });
    },
  });
}

/** Inside a wallet its own way, else the one out of any browser. */
function productOf(way: PayWay, wallet: Channel | undefined): PhoneProduct | undefined {
  const wanted: PhoneProduct = way.channel === wallet ? 'in-wallet' : 'browser';
  if (way.products.indexOf(wanted) >= 0) return wanted;
  return way.products.indexOf('browser') >= 0 && way.channel === wallet ? 'browser' : undefined;
}
