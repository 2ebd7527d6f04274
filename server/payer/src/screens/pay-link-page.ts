import type { PayHandle, PayPageView, PayWay, PhoneProduct } from '@bianmin/purchase/api/pay-page';
import type { Channel } from '@bianmin/purchase/api/channels';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { openCall, serverNow } from '../api.ts';
import type { App, Stay } from '../app.ts';
import { doing } from '../doing.ts';
import { el, fill, type Child } from '../dom.ts';
import type { LinkStep } from '../link-step.ts';
import { handOver } from '../wallet.ts';
import { walletOf } from '../which-wallet.ts';
import type { WordKey } from '../words/zh-cn.ts';
import { figures } from './figures.ts';
import { meterLine } from './meter-line.ts';

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

const WAITS: Readonly<Record<PayPageView['kind'], WordKey>> = {
  card: 'link.paidCard',
  remote: 'go.wait',
  account: 'go.waitAccount',
};
const DONE: Readonly<Record<PayPageView['kind'], WordKey>> = {
  card: 'done.written',
  remote: 'done.title',
  account: 'done.account',
};

/** Asks for a payment and hands the payer over to the wallet. */
export async function pay(path: string, payment: Payment): Promise<void> {
  await handOver(await openCall<PayHandle>('POST', `${path}/payments`, payment));
}

/** Shows what the page behind the code is about; what counts down ends with `stay`. */
export function showOrder(app: App, stay: Stay, shown: Shown): void {
  // A payer who scanned a machine's code is not at home.
  const where = app.t(shown.page.kind === 'card' ? 'link.where' : 'app.title');
  app.show({ where, back: false }, ...parts(app, stay, shown));
}

function parts(app: App, stay: Stay, shown: Shown): Child[] {
  const { t } = app;
  const { page, step } = shown;
  const title = (key: WordKey): HTMLElement =>
    el('h1', { role: 'status' }, t(key, { yuan: yuan(page.paidFen) }));
  const kept = page.receiptCode !== null && figures(t('receipt.code'), page.receiptCode);
  switch (step) {
    case 'pay':
      return toPay(app, stay, shown);
    case 'paid':
      return [title('link.paid'), el('p', {}, t(WAITS[page.kind])), kept];
    case 'credited':
      return [
        title(DONE[page.kind]),
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

/** Where a payer who still wants to buy begins: at the machine, or at home on the phone. */
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
    meterLine(app, page.household.meterTail),
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
