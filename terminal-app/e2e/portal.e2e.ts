import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { PortalCommand } from '@bianmin/purchase/api/portal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { enrolTerminal } from '../../build/judge/bench/enrolled.ts';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { Operator } from '../../build/run/dev/operator.ts';
import { MIDDLEWARE } from '../../stb-app/portal/fakes/middleware.ts';
import site from '../../stb-app/portal/site.json' with { type: 'json' };
import { SOON } from './patience.ts';
import { PortalPage, type PortalPageInit } from './portal-page.ts';
import { readCode } from './qr-reader.ts';
import { onRealStack, pictureOfFailure } from './real-stack.ts';
import { SAMPLE_VIEWS } from './sample-views.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');
const APP = site.app.package;
const OLD_BOX = 'Mozilla/5.0 (Linux; U; Android 4.4.2; zh-cn; EC6108V9) AppleWebKit/534.24';

let stack: Stack;
let browser: Browser;
let client: ApiClient;
let dir: string;
let portal: PortalPage;

onRealStack(SHOTS, (on) => {
  ({ stack, browser } = on);
});
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-portal-'));
  const operator = await Operator.login(stack);
  ({ client } = await enrolTerminal({ index: 1, dir, webUrl: stack.urls.webUrl, operator }));
});
afterAll(() => rm(dir, { recursive: true, force: true }));
afterEach(async ({ task }) => {
  await pictureOfFailure(portal.page, task, SHOTS);
  await portal.close();
});

async function open(init: Partial<PortalPageInit>): Promise<void> {
  portal = await PortalPage.open({ browser, webUrl: stack.urls.webUrl, ...init });
}

/** The box's app, as far as a visit knows it: it shows views and takes what was chosen. */
class App {
  readonly #id: string;
  #taken = 0;

  private constructor(id: string) {
    this.#id = id;
  }

  static async startedBy(page: PortalPage): Promise<App> {
    await expect.poll(() => page.launches(), SOON).toHaveLength(1);
    const [launch] = await page.launches();
    expect(launch).toMatchObject({ package: APP, className: site.app.className });
    const { id, entry } = await client.joinPortal(launch?.extras['token'] ?? '');
    expect(entry).toBe('community');
    return new App(id);
  }

  async shows(view: PurchaseView): Promise<void> {
    await client.syncPortal(this.#id, { view: { ...view }, taken: this.#taken });
  }

  async ends(): Promise<void> {
    await client.syncPortal(this.#id, { taken: this.#taken, end: true });
  }

  async takes(command: PortalCommand): Promise<void> {
    const next = async (): Promise<PortalCommand | undefined> => {
      const { commands, followed } = await client.syncPortal(this.#id, { taken: this.#taken });
      expect(followed).toBe(true);
      const [first] = commands;
      if (first !== undefined) this.#taken = first.no;
      return first?.command;
    };
    await expect.poll(next, SOON).toEqual(command);
  }
}

const view = (name: string): PurchaseView => {
  const found = SAMPLE_VIEWS[name];
  if (found === undefined) throw new Error(`There is no sample ${name}.`);
  return found;
};

describe("a portal's page", () => {
  it.each(Object.entries(MIDDLEWARE))(
    'starts the app on the middleware of %s, and the household buys on the page',
    async (_name, middleware) => {
      const backUrl = `${stack.urls.webUrl}/healthz`;
      const query = `entry=community&backurl=${encodeURIComponent(backUrl)}`;
      await open({ middleware, installed: [APP], query });
      const app = await App.startedBy(portal);
      await app.shows(view('wait'));
      await portal.reads('请把电卡插进读卡器');
      await app.shows(view('who'));
      await portal.reads('这是您的电卡吗？', '张*');
      await portal.press('Enter');
      await app.takes({ type: 'confirm-card' });
      await app.shows(view('amount'));
      await portal.reads('充多少？');
      await portal.press('ArrowRight');
      expect(await portal.focused()).toBe('fen10000');
      await portal.press('Enter');
      await app.takes({ type: 'choose-amount', faceFen: 10_000 });
      const codeUrl = `https://pay.example.com/p/${'Ab3-'.repeat(5)}xy`;
      await app.shows({ ...view('pay'), screen: 'pay', channel: 'alipay', codeUrl } as PurchaseView);
      await portal.reads('请用手机扫码付款', '还有');
      expect(await readCode(browser, portal.page)).toBe(codeUrl);
      await portal.press('ArrowLeft', 'Enter');
      await app.takes({ type: 'choose-channel', channel: 'wechat' });
      await app.shows(view('selling'));
      await portal.reads('已收到 50.00 元');
      await app.shows(view('writing'));
      await portal.reads('请不要拔卡', '写进卡里');
      await app.shows(view('done'));
      await portal.reads('写好了');
      await portal.press('Backspace');
      await app.takes({ type: 'finish' });
      await app.ends();
      await portal.shows('over');
      await portal.press('Enter');
      await portal.page.waitForURL(backUrl);
    },
  );

  it('takes an amount by digits, and speaks Uyghur from right to left', async () => {
    await open({ middleware: MIDDLEWARE.amt, installed: [APP], query: 'entry=community', size: 'sd' });
    const app = await App.startedBy(portal);
    await app.shows(view('amount'));
    await portal.reads('充多少？');
    await portal.press('ArrowUp', 'Enter');
    await portal.reads('قانچىلىك قاچىلايسىز؟');
    expect(await portal.page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    await portal.press('ArrowDown');
    const first = await portal.focused();
    await portal.press('ArrowRight', 'ArrowRight', 'ArrowRight');
    expect([first, await portal.focused()]).toEqual(['fen20000', 'fen5000']);
    await portal.press('Digit6', 'Digit5', 'Enter');
    await app.takes({ type: 'choose-amount', faceFen: 6500 });
  });

  it.each([
    ['old', '这个机顶盒太旧了', { userAgent: OLD_BOX, middleware: MIDDLEWARE.huawei, installed: [APP] }],
    ['none', '这里打不开充值应用', {}],
    ['absent', '电视上还没有装充值应用', { middleware: MIDDLEWARE.amt }],
  ])('%s: sends to the phone’s pages by a code', async (screen, words, init) => {
    await open(init);
    await portal.shows(screen);
    await portal.reads(words, '没有扣钱。');
    const address = await readCode(browser, portal.page);
    expect(address).toBe(`${stack.urls.webUrl}/p/`);
    expect((await fetch(address)).status).toBe(200);
  });

  it('says that the app did not open where the middleware says that all is well, and tries again', async () => {
    await open({ middleware: MIDDLEWARE.huawei, installed: [], query: 'entry=community' });
    await portal.shows('opening');
    await portal.shows('failed');
    expect(await portal.launches()).toEqual([]);
    expect(await readCode(browser, portal.page)).toBe(`${stack.urls.webUrl}/p/`);
    await portal.press('Enter');
    await portal.shows('opening');
  });
});
