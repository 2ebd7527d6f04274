import type { PayPageView } from '@bianmin/purchase/api/pay-page';
import { CHANNELS, type Channel } from '@bianmin/purchase/api/channels';
import { openCall, serverNow } from '../api.ts';
import type { Screen } from '../app.ts';
import { keptVisit } from '../kept-visit.ts';
import { linkOver, linkStepOf } from '../link-step.ts';
import { pay, showOrder } from './pay-link-page.ts';

/** Between two looks: no event comes to a page that only holds a link. */
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
        showOrder(app, stay, { page, step, path });
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

/** `?wallet=wechat&code=…` of a wallet that says who pays; taken out of the address, since it works once. */
function returnedCode(): { wallet: Channel; authCode: string } | undefined {
  const wallet = new RegExp(`[?&]wallet=(${CHANNELS.join('|')})(?:&|$)`).exec(location.search);
  const code = /[?&](?:auth_)?code=([^&]+)/.exec(location.search);
  if (wallet === null || code === null) return undefined;
  history.replaceState(null, '', location.pathname);
  return { wallet: (wallet[1] || 'wechat') as Channel, authCode: decodeURIComponent(code[1] || '') };
}
