import { launchChromium } from './chromium.ts';
import { writeFile } from 'node:fs/promises';
const B = 'file:///tmp/ms/';
const browser = await launchChromium();
const sheet = async (out: string, files: string[], cols: number, w: number) => {
  const page = await browser.newPage({ viewport: { width: cols * w, height: 200 } });
  await writeFile(`/tmp/ms/${out}.html`, `<body style="margin:0;display:grid;grid-template-columns:repeat(${cols},${w}px)">${files.map((f) => `<img style="width:${w - 6}px" src="${f}.png">`).join('')}`);
  await page.goto(`${B}${out}.html`);
  await page.screenshot({ path: `/tmp/ms/${out}.png`, fullPage: true });
  await page.close();
};
const x = (n: string, ls: string[], s: string) => ls.map((l) => `${n}.${l}.${s}`);
const A = ['en', 'ug', 'zh-CN'], Z = ['zh-CN', 'ug'];
await sheet('_signin', [...x('staff-sign-in-away', A, 'landscape.L'), ...x('staff-sign-in-away', A, 'landscape')], 3, 640);
await sheet('_signinp', [...x('staff-sign-in-away', A, 'portrait.L'), ...x('staff-keys', Z, 'portrait')], 5, 400);
await sheet('_keys', [...x('staff-keys', Z, 'landscape'), ...x('staff-keys', Z, 'landscape.L'), ...x('staff-reprint', Z, 'landscape'), ...x('staff-reprint', Z, 'landscape.L')], 2, 960);
await sheet('_machp', ['staff-machine.zh-CN.portrait', 'staff-machine.ug.portrait', 'staff-machine.ug.portrait.L', 'staff-report-not-sent.zh-CN.portrait.L'], 4, 500);
await sheet('_machl', [...x('staff-machine', Z, 'landscape'), ...x('staff-machine', Z, 'landscape.L')], 2, 960);
await browser.close();
