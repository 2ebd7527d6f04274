import { LIGHT, PHONE, themeVariables } from '@bianmin/purchase/design/tokens';
import { App } from './app.ts';
import { bindScreen } from './screens/bind.ts';
import { homeScreen } from './screens/home.ts';
import { homesScreen } from './screens/homes.ts';
import { orderScreen } from './screens/order.ts';
import { payLinkScreen } from './screens/pay-link.ts';
import { proofScreen } from './screens/proof.ts';
import { receiptLinkScreen } from './screens/receipt-link.ts';
import { receiptScreen } from './screens/receipt.ts';
import { televisionScreen } from './screens/television.ts';

const { style } = document.documentElement;
for (const [name, value] of themeVariables(LIGHT)) style.setProperty(name, value);
for (const name of Object.keys(PHONE) as (keyof typeof PHONE)[]) {
  // In `rem`, so that a phone's own larger type makes all of it larger.
  style.setProperty(`--${name}`, `${PHONE[name] / 16}rem`);
}

const root = document.getElementById('app');
/** An order's own links have their token where the pages have their file's name; everything else is a resident's. */
const link = /^\/p\/(r\/)?([\w-]{22})$/.exec(location.pathname);
if (root !== null && link !== null) {
  const token = link[2] || '';
  new App(root, { '': link[1] ? receiptLinkScreen(token) : payLinkScreen(token) }).draw();
} else if (root !== null) {
  new App(root, {
    '': homesScreen,
    bind: bindScreen,
    h: homeScreen,
    o: orderScreen,
    r: receiptScreen,
    k: proofScreen,
    tv: televisionScreen,
  }).draw();
}
