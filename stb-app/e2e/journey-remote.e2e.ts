import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onFamilyTv, type FamilyTv } from './family-tv.ts';

/** A keyboard for a remote: amounts, the way back, and presses that bounce. Built pages, real server. */

const SHOTS = join(import.meta.dirname, '../dist/tv-journey');

let at: FamilyTv;
onFamilyTv('box-remote', SHOTS, (now) => {
  at = now;
});

describe('the remote', () => {
  it('types an amount with its digits, and "back" takes one away', async () => {
    const { bench, tv, readerId } = at;
    const home = await bench.household('SLE4442');
    await tv.begins();
    await bench.sandbox.insert(readerId, home.cardId);
    await tv.reads('这是您的电卡吗？');
    await tv.press('ok');
    await tv.reads('充多少？');
    await tv.type('305');
    await tv.press('back');
    await tv.reads('30 元');
    expect(await tv.focused()).toBe('就充这些');
    await tv.press('ok');
    await tv.reads('30.00 元');
    await tv.press('back');
    await tv.reads('充多少？');
    await tv.press('back');
    await tv.reads('这是您的电卡吗？');
    await tv.press('back');
    await tv.begins();
  });

  it('goes back over help and settings, and out of the app at the end', async () => {
    const { tv, box } = at;
    await tv.begins();
    await tv.choose('帮助');
    await tv.reads('需要帮忙吗？', '0991-95598');
    await tv.press('back');
    await tv.choose('设置');
    await tv.choose('ئۇيغۇرچە');
    await tv.reads('تەڭشەك');
    expect(await tv.page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    await tv.choose('中文');
    await tv.press('back');
    box.shell.left = undefined;
    await tv.press('back');
    await expect.poll(() => box.shell.left).toBeNull();
  });

  it('counts a press that bounces once', async () => {
    const { tv } = at;
    await tv.begins();
    await tv.focus('设置');
    await tv.press('ok');
    await tv.focus('ئۇيغۇرچە');
    const [first, second] = await tv.page.evaluate(() => {
      const seen: string[] = [];
      for (let press = 0; press < 2; press++) {
        const event = new KeyboardEvent('keydown', { bubbles: true });
        Object.defineProperty(event, 'keyCode', { value: 39 });
        document.dispatchEvent(event);
        seen.push(document.activeElement?.textContent?.trim() ?? '');
      }
      return seen;
    });
    expect(second).toBe(first);
    await tv.press('back');
  });

  it('may be a box’s own: the shell’s event goes back, too', async () => {
    const { tv, box } = at;
    await tv.begins();
    await tv.choose('帮助');
    await tv.reads('需要帮忙吗？');
    box.shell.event({ name: 'back' });
    await tv.page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});
