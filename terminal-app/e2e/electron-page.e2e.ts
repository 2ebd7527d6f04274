import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { servePage } from '../src/upkeep/serve-page.ts';
import { inWorker } from './in-worker.ts';
import { KIOSK_SAMPLES } from './kiosk-samples.ts';
import { SampledKiosk } from './sampled-kiosk.ts';
import { RENDERER } from './static-renderer.ts';

let browser: Browser;
let server: Server;
let url: string;

inWorker.beforeAll(async ({ browser: chromium }) => {
  browser = chromium;
  // What Electron's scheme would answer, over HTTP.
  const answer = servePage(RENDERER);
  server = createServer((request, response) => {
    void answer(new Request(`bianmin://kiosk${request.url ?? '/'}`)).then(async (answered) => {
      response.writeHead(answered.status, Object.fromEntries(answered.headers));
      response.end(Buffer.from(await answered.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

describe('the page as Electron serves it', () => {
  it('shows every screen under its policy, without an error', async () => {
    const kiosk = await SampledKiosk.open({ browser, url, size: 'portrait', language: 'ug', large: false });
    const samples = Object.values(KIOSK_SAMPLES);
    expect(samples.length).toBeGreaterThan(5);
    for (const sample of samples) await kiosk.show(sample);
    expect(kiosk.errors).toEqual([]);
    await kiosk.close();
  });

  it('prints nothing, shows no dialog and opens no window, whatever its scripts ask', async () => {
    const page = await browser.newPage();
    const said: string[] = [];
    const dialogs: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.type());
      void dialog.dismiss();
    });
    await page.goto(url);
    const opened = await page.evaluate(() => {
      window.print();
      alert('a');
      return [confirm('b'), prompt('c'), window.open('about:blank')];
    });
    expect(opened).toEqual([false, null, null]);
    expect(dialogs).toEqual([]);
    for (const call of ['print()', 'alert()', 'confirm()', 'prompt()']) {
      expect(said.some((line) => line.includes(`Ignored call to '${call}'`))).toBe(true);
    }
    await page.close();
  });

  it('reaches no address but its own', async () => {
    const page = await browser.newPage();
    await page.goto(url);
    const reached = await page.evaluate(async () => {
      const tries = [fetch('http://127.0.0.1:9/'), fetch('https://elsewhere.example/')];
      return Promise.all(
        tries.map((attempt) =>
          attempt.then(
            () => true,
            () => false,
          ),
        ),
      );
    });
    expect(reached).toEqual([false, false]);
    await page.close();
  });
});
