import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@bianmin/card/testing/random';
import { inWorker } from './in-worker.ts';
import type { KioskSample } from './kiosk-sample.ts';
import { KIOSK_SAMPLES } from './kiosk-samples.ts';
import { SampledKiosk } from './sampled-kiosk.ts';
import { serveRenderer } from './static-renderer.ts';

/** A “reader” that is also a keyboard types whatever it likes, faster than hands. */

const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const STROKES = 40;
const MODIFIERS = ['Control', 'Alt', 'Meta', 'Shift'] as const;
const KEYS = [
  ...'0123456789aceijlnopqrstuvwxyz+-=[]/',
  ...['Tab', 'Enter', 'Space', 'Escape', 'Backspace', 'Delete', 'Insert', 'ContextMenu'],
  ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'],
  ...Array.from({ length: 12 }, (_, i) => `F${i + 1}`),
  ...['BrowserBack', 'BrowserRefresh', 'BrowserHome', 'LaunchMail', 'PrintScreen', 'AltGraph'],
];
/** What a program or a browser goes by. */
const CHORDS = [
  ...[
    'Control+r',
    'Control+Shift+r',
    'Control+w',
    'Control+Shift+i',
    'Control+Shift+j',
    'Control+p',
    'Control+o',
  ],
  ...[
    'Control+s',
    'Control+u',
    'Control+l',
    'Control+n',
    'Control+t',
    'Control+Tab',
    'Control+0',
    'Control+=',
  ],
  ...['Alt+F4', 'Alt+ArrowLeft', 'Alt+Home', 'Alt+d', 'Meta+r', 'Meta+l', 'F5', 'F11', 'F12', 'Shift+F10'],
];

let renderer: Awaited<ReturnType<typeof serveRenderer>>;
let kiosk: SampledKiosk;
let dialogs = 0;

inWorker.beforeAll(async ({ browser }) => {
  renderer = await serveRenderer();
  const init = { size: 'landscape', language: 'zh-CN', large: false } as const;
  kiosk = await SampledKiosk.open({ browser, url: renderer.url, ...init });
  kiosk.page.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
});
afterAll(async () => {
  expect(kiosk.errors).toEqual([]);
  await kiosk.close();
  renderer.close();
});

/** The next strokes of a seed: keys alone, and keys with others held. */
function strokes(random: () => number): string[] {
  return Array.from({ length: STROKES }, () => {
    const key = KEYS[random() % KEYS.length] ?? 'Enter';
    const held = random() % 3 === 0 ? MODIFIERS.filter(() => random() % 2 === 0) : [];
    return [...held, key].join('+');
  });
}

async function type(page: Page, keys: readonly string[]): Promise<void> {
  // A key that this Chromium has no name for is one that it does not hear either.
  for (const key of keys) await page.keyboard.press(key).catch(() => undefined);
}

/** What must be as it was: the document, its address, the windows; and what the page asked its host to do. */
async function state() {
  const { page } = kiosk;
  const mark = await page.evaluate(() => {
    const marked = window as unknown as { mark?: number };
    return (marked.mark ??= Math.random());
  });
  const windows = page.context().pages().length;
  const asked = (await kiosk.calls()).filter((name) => !ROUTINE.has(name));
  return {
    mark,
    url: page.url(),
    windows,
    dialogs,
    asked,
    screen: await kiosk.page.locator('.stage h1').allInnerTexts(),
  };
}

/** What a page asks by itself. */
const ROUTINE: ReadonlySet<string> = new Set([
  ...['host.status', 'purchase.view', 'remote-card.view', 'staff.view', 'page.painted', 'receipt.link'],
]);

/** One of each screen that is a resident's, and those on which something lies over it. */
const residents = Object.entries(KIOSK_SAMPLES).filter(([name, { staff, view, act, remote }], at, all) => {
  if (staff !== undefined || name.startsWith('staff') || view.screen === 'cash-staff') return false;
  const first = all.findIndex(([, each]) => each.staff === undefined && each.view.screen === view.screen);
  return first === at || act !== undefined || remote !== undefined || name.endsWith('-asking');
});

describe(`a keyboard at a resident's screen (seed ${SEED})`, () => {
  it.each(residents.map(([name, sample], at) => ({ name, sample, at })))(
    '$name: nothing is asked of the host, nothing pressed, nothing left',
    async ({ sample, at }) => {
      const { page } = kiosk;
      await kiosk.show(sample);
      const before = await state();
      const random = seededRandom(SEED + at);
      // F9 leads staff to their number and PIN, and a digit is a digit there: its own test is below.
      const keys = [...CHORDS, ...strokes(random)].filter((key) => key !== 'F9' && key !== 'Shift+F9');
      await type(page, keys);
      expect(await state()).toEqual(before);
    },
  );
});

describe('a keyboard at the way into staff mode', () => {
  const SIGN_IN = '工作人员登录';
  const wait: KioskSample = {
    ...(KIOSK_SAMPLES['wait'] as KioskSample),
    answers: { 'staff.enter': { ok: false, fault: 'bad-pin' } },
  };

  it('is asked for number and PIN by F9, and by no chord of it', async () => {
    const { page } = kiosk;
    await kiosk.show(wait);
    await type(page, ['Control+F9', 'Alt+F9', 'Meta+F9']);
    expect(await page.getByText(SIGN_IN).count()).toBe(0);
    await type(page, ['F9']);
    await page.getByText(SIGN_IN).waitFor();
  });

  it('comes no further than to what the host refuses, whatever it types', async () => {
    const { page } = kiosk;
    const before = await state();
    const random = seededRandom(SEED);
    const digits = () => [...String(random()).padStart(12, '0').slice(0, 12), 'Enter'];
    await type(page, [...digits(), ...CHORDS, ...digits(), ...CHORDS]);
    const after = await state();
    expect(new Set(after.asked.slice(before.asked.length))).toEqual(new Set(['staff.enter']));
    expect({ ...after, asked: [], screen: [] }).toEqual({ ...before, asked: [], screen: [] });
    expect(await page.locator('.desk').count()).toBe(0);
  });

  it('gives way to a card at once', async () => {
    await kiosk.say(KIOSK_SAMPLES['who'] as KioskSample);
    await kiosk.page.getByText('这是您的电卡吗？').waitFor();
  });
});

it('where a PIN is asked in a purchase, digits are digits, and chords are nothing', async () => {
  const { page } = kiosk;
  const [sample] = Object.values(KIOSK_SAMPLES).filter(
    ({ view }) => view.screen === 'cash-staff' && !view.busy,
  );
  await kiosk.show(sample as KioskSample);
  const before = await state();
  await type(page, [...CHORDS, 'Tab', 'Tab', 'Space', ...'48151']);
  expect(await page.locator('.typed').innerText()).toBe('48151');
  expect(await state()).toEqual(before);
});
