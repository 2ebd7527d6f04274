import { beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_VIEWS } from '../../terminal-app/e2e/sample-views.ts';
import { amt } from './fakes/amt.ts';
import site from './site.json' with { type: 'json' };
import { PortalInVm } from './testing/page.ts';
import { FakeServer, VISIT } from './testing/server.ts';

const KEY = { ok: 13, back: 8, left: 37, digit: (n: number) => 48 + n };

let server: FakeServer;
let page: PortalInVm;
beforeEach(async () => {
  server = new FakeServer();
  const box = { installed: [site.app.package], started: () => undefined };
  page = await PortalInVm.open({ server: server.answer, box: { STBAppManager: amt(box) } });
});

function show(view: object): void {
  server.show(view);
  page.advance(1000);
}

const sample = (name: string): object => SAMPLE_VIEWS[name] ?? {};
const polls = (): number => page.asked.filter(({ method }) => method === 'GET').length;

describe('a visit on the page', () => {
  it('is asked about with its key each second, and about what is newer only', () => {
    show(sample('who'));
    expect(page.screen?.name).toBe('who');
    const before = polls();
    page.advance(10_000);
    expect(polls() - before).toBe(10);
    expect(page.asked.at(-1)).toMatchObject({
      address: `/v1/portal/sessions/${VISIT.id}?after=1`,
      key: VISIT.key,
    });
  });

  it('is asked about ever less while the server does not answer, and says so from the second time', () => {
    show(sample('who'));
    server.isAway = true;
    page.advance(1000);
    expect(page.screen?.lines?.join()).not.toContain('网络断了');
    const before = polls();
    page.advance(60_000);
    expect(polls() - before).toBeLessThan(10);
    expect(page.screen?.lines?.join()).toContain('网络断了');
    server.isAway = false;
    page.advance(15_000);
    expect(page.screen?.lines?.join()).not.toContain('网络断了');
  });

  it('brings the household’s choice for the revision that it saw, once for two presses', () => {
    show(sample('who'));
    page.choose('yes');
    page.choose('yes');
    expect(server.commands).toEqual([{ for: 1, command: { type: 'confirm-card' } }]);
    show(sample('amount'));
    page.choose('fen5000');
    expect(server.commands.at(-1)).toEqual({ for: 2, command: { type: 'choose-amount', faceFen: 5000 } });
  });

  it('takes an amount by digits, in what one may buy, and back takes the digits away first', () => {
    show(sample('amount'));
    page.press(KEY.digit(0));
    expect(page.screen?.name).toBe('amount');
    page.press(KEY.digit(6));
    expect(page.screen?.choices?.map(({ id }) => id)).toEqual(['erase']);
    page.press(KEY.digit(5));
    page.choose('ok');
    expect(server.commands).toEqual([{ for: 1, command: { type: 'choose-amount', faceFen: 6500 } }]);
    page.press(KEY.back);
    expect(page.screen?.name).toBe('amount');
    page.advance(5000);
    page.press(KEY.back);
    expect(server.commands.at(-1)).toEqual({ for: 1, command: { type: 'back' } });
  });

  it('does nothing at “back” while money is on its way, and presses in no time are one', () => {
    show(sample('writing'));
    page.press(KEY.back);
    expect([server.commands, page.backs]).toEqual([[], 0]);
    show(sample('who'));
    page.press(KEY.back);
    page.pressNow(KEY.back);
    expect(server.commands).toHaveLength(1);
  });

  it.each([
    ...['wait', 'reading', 'who', 'who-arrears', 'who-new', 'amount', 'pay', 'pay-preparing', 'pay-closing'],
    ...['selling', 'writing', 'done', 'done-resumed', 'pulled-paid', 'pulled-unpaid', 'other-card', 'resume'],
    ...['grid-silent', 'refund', 'refund-done', 'expired'],
  ])('draws %s', (name) => {
    show(sample(name));
    expect(page.screen?.name).not.toBe('look');
    expect(JSON.stringify(page.screen)).not.toMatch(/undefined|NaN/);
  });

  it('sends to the app for screens that it does not know', () => {
    show({ screen: 'cash-staff', orderNo: '1' });
    expect(page.screen?.name).toBe('look');
    show({ screen: 'problem', code: 'of-next-year', moneySafe: 'nothing-taken' });
    expect(page.screen?.name).toBe('look');
  });

  it('says every problem of the app by its own words, and that the money is safe', () => {
    const problem = { screen: 'problem', orderNo: null, moneySafe: 'nothing-taken', staffCode: 'x' };
    show({ ...problem, code: 'not-yet-used', canRetry: false });
    expect(page.screen).toMatchObject({
      title: '上次买的电还没有插到电表里',
      lines: ['请先把卡插进电表，再来买', '没有扣钱。'],
    });
  });

  it('is over when the app left or the server forgot it, and begins again', () => {
    show(sample('done'));
    server.state = 'ended';
    page.advance(1000);
    expect(page.screen?.name).toBe('over');
    page.choose('again');
    server.isOver = true;
    page.advance(1000);
    expect(page.screen?.name).toBe('over');
  });
});

describe('keys', () => {
  it.each([8, 27, 640, 24, 399, 4, 65_535, 280])('%i is back', (code) => {
    show(sample('who'));
    page.press(code);
    expect(server.commands).toEqual([{ for: 1, command: { type: 'back' } }]);
  });

  it('an event of the box is taken out of its queue and is no press', async () => {
    let taken = 0;
    const other = await PortalInVm.open({
      server: server.answer,
      box: { Utility: { getEvent: () => String((taken += 1)) } },
    });
    other.pressNow(768);
    other.pressNow(768);
    expect([taken, other.backs]).toEqual([2, 0]);
  });

  it('arrows go to what lies that way, in both directions of writing', () => {
    const at = (left: number, top: number): object => ({
      left,
      top,
      right: left + 100,
      bottom: top + 50,
    });
    const places = [at(0, 0), at(150, 0), at(0, 100), at(400, -200)];
    const go = (from: number, direction: string): unknown => page.call('nearest', places, from, direction);
    expect([go(0, 'right'), go(1, 'left'), go(0, 'down'), go(2, 'up')]).toEqual([1, 0, 2, 0]);
    expect([go(0, 'left'), go(0, 'up')]).toEqual([0, 3]);
  });
});
