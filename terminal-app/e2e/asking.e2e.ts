import { afterAll, describe, expect, it } from 'vitest';
import { inWorker } from './in-worker.ts';
import type { KioskSample } from './kiosk-sample.ts';
import { KIOSK_SAMPLES } from './kiosk-samples.ts';
import { SampledKiosk } from './sampled-kiosk.ts';
import { serveRenderer } from './static-renderer.ts';

/** The kiosk's page where a resident is asked if they are still there; when that is asked: flow-remote.test.ts. */

let renderer: Awaited<ReturnType<typeof serveRenderer>>;
let kiosk: SampledKiosk;
const WHO = KIOSK_SAMPLES['who-asking'] as KioskSample;

inWorker.beforeAll(async ({ browser }) => {
  renderer = await serveRenderer();
  const init = { size: 'portrait', language: 'zh-CN', large: false } as const;
  kiosk = await SampledKiosk.open({ browser, url: renderer.url, ...init });
});
afterAll(async () => {
  expect(kiosk.errors).toEqual([]);
  await kiosk.close();
  renderer.close();
});

const press = (words: string) => kiosk.page.getByRole('button', { name: words, exact: true }).click();

describe('a kiosk that asks whether anybody is still there', () => {
  it('says until when, and leaves the screen as it is', async () => {
    await kiosk.show(WHO);
    const { page } = kiosk;
    await expect
      .poll(() => page.locator('.asking').innerText())
      .toMatch(/您还在吗？\s*2[5-7] 秒后离开这一页/u);
    expect(await page.getByText('这是您家吗？').isVisible()).toBe(true);
    expect(await kiosk.commands()).toEqual([]);
  });

  it('is answered by its button', async () => {
    await press('我还在');
    expect(await kiosk.commands()).toEqual([{ type: 'stay' }]);
  });

  it('is answered by any other touch, and the touch does what it is for', async () => {
    await press('是我的');
    expect(await kiosk.commands()).toEqual([{ type: 'stay' }, { type: 'stay' }, { type: 'confirm-card' }]);
  });

  it('asks inside help, too, and asks no more once it was answered', async () => {
    await kiosk.show(WHO);
    await press('帮助');
    await kiosk.page.locator('dialog .asking').waitFor();
    await kiosk.show(KIOSK_SAMPLES['who'] as KioskSample);
    expect(await kiosk.page.locator('.asking').count()).toBe(0);
    const before = await kiosk.commands();
    await kiosk.page.getByText('这是您的电卡吗？').click();
    expect(await kiosk.commands()).toEqual(before);
  });
});
