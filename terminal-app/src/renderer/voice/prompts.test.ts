import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '@bianmin/purchase/api/language';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { SAMPLE_REMOTE_CARD_VIEWS } from '../../../e2e/sample-remote-card-views.ts';
import { SAMPLE_VIEWS } from '../../../e2e/sample-views.ts';
import { PHRASES } from './phrases.ts';
import { FORGOTTEN_EVERY_MS, promptFor, promptForRemote, promptForStop } from './prompts.ts';
import type { Prompt } from './prompts.ts';
import { allParts, textOf, utteranceOf } from './utterance.ts';

function said(view: PurchaseView | undefined, language: (typeof LANGUAGES)[number] = 'zh-CN'): string {
  if (view === undefined) throw new Error('There is no such sample.');
  const utterance = utteranceOf(language, promptFor(view).sentences);
  if (utterance === null) throw new Error('It cannot be said.');
  return textOf(utterance);
}

/** Every moment that the samples show, of both kinds. */
const PROMPTS: readonly (readonly [string, Prompt])[] = [
  ...Object.entries(SAMPLE_VIEWS).map(([name, view]) => [name, promptFor(view)] as const),
  ...Object.entries(SAMPLE_REMOTE_CARD_VIEWS).flatMap(([name, view]) =>
    view.state === 'none' ? [] : [[name, promptForRemote(view)] as const],
  ),
  ...(['blocked', 'rejected', 'suspended', 'retired'] as const).flatMap((stop) =>
    (['wait', 'problem'] as const).map(
      (screen) => [`${stop} ${screen}`, promptForStop(stop, { screen })] as const,
    ),
  ),
];

describe('what a screen says aloud', () => {
  it.each([
    ['wait', '请把电卡插进读卡器。'],
    ['who', '这是您的电卡吗？请看屏幕，对的话，请点是我的。'],
    ['amount', '充多少？请在屏幕上点一个金额。'],
    ['pay', '请用手机扫码付款。一共四十七元五角。'],
    ['pay-closing', '请不要再付款。正在确认有没有付款，请稍等。'],
    ['selling', '已收到五十元。请不要拔卡。'],
    ['writing', '正在写卡，请不要拔卡。'],
    ['done', '写好了。请拔卡，回家插进电表。'],
    ['who-asking', '您还在吗？'],
    ['done-forgotten', '您的卡还在读卡器里，请拿走。'],
    ['pulled-paid', '卡被拔出来了。钱没有丢，请把同一张卡插回来。'],
    ['problem-card-mute', '读不到这张卡。请拔出来，金色芯片朝上再插一次；还不行就擦一擦芯片。没有扣钱。'],
    ['resume', '有五十元已经付过钱，还没写进卡里。不用再付钱，现在就可以写。'],
    ['refund-cash', '没有充成，请退还现金五十元。由工作人员当面退还，不用再付钱。'],
    ['selling-phone-paid', '已收到五十元。请不要拔卡。手机已经付过款了。不要收现金，收了的请退还。'],
    ['expired-cash', '付款码过期了，没有扣钱。还要充值的话，请再来一次。现金没有记上账，请退还。'],
    ['crediting-account', '已收到五十元。正在充到账户，一般不到一分钟。'],
    ['credited-account', '已入账户。不用插卡，钱已经在账户里。'],
    ['credited-account-off', '已入账户。不用插卡，钱已经在账户里。'],
    ['credited-bill', '电费已经交好了。'],
    ['cash-take', '请付现金五十元。'],
    ['done-cash-back', '写好了。请拔卡，回家插进电表。请退还现金五十元。'],
  ])('on %s', (name, text) => {
    expect(said(SAMPLE_VIEWS[name])).toBe(text);
  });

  it('where a session from afar ended: what, why where a purchase would say so, and what to do', () => {
    const saidOf = (failure: string | undefined): string => {
      const view = { state: 'ended', end: 'failed', ...(failure === undefined ? {} : { failure }) } as const;
      const utterance = utteranceOf('zh-CN', promptForRemote(view).sentences);
      return utterance === null ? '' : textOf(utterance);
    };
    const rest = '没做完的，再插同一张卡还可以接着做；请告诉工作人员。';
    expect(saidOf('grid.key-refused')).toBe(`远程操作没有做完。电力公司现在很忙。${rest}`);
    expect(saidOf('card.key-refused')).toBe(`远程操作没有做完。这张卡不能再试了。${rest}`);
    for (const other of [undefined, 'order.closed']) expect(saidOf(other)).toBe(`远程操作没有做完。${rest}`);
  });

  it('where it sells nothing: when it is touched, and what can be finished here only where it can', () => {
    const text = (prompt: Prompt): string => {
      const utterance = utteranceOf('zh-CN', prompt.sentences);
      return utterance === null ? '' : textOf(utterance);
    };
    const alone = promptForStop('blocked', { screen: 'wait' });
    expect(alone.onTouch).toBe(true);
    expect(text(alone)).toMatch(/^这台机器暂停服务。请到别的机器充值，或打电话问工作人员。已经付了钱/);
    const cut = promptForStop('suspended', { screen: 'wait' });
    expect([cut.onTouch, text(cut)]).toEqual([
      true,
      '这台机器暂停服务。请到别的机器充值，或打电话问工作人员。',
    ]);
    const turnedAway = promptForStop('blocked', { screen: 'problem' });
    expect(turnedAway.onTouch).toBeUndefined();
    expect(text(turnedAway)).toMatch(/没有扣钱。$/);
  });

  it('in English and Uyghur has the amount where the language wants it', () => {
    expect(said(SAMPLE_VIEWS['selling'], 'en')).toBe('fifty yuan received. Please leave the card in.');
    expect(said(SAMPLE_VIEWS['selling'], 'ug')).toMatch(/^ئەللىك يۈەن تاپشۇرۇۋېلىندى\./);
  });

  it('has no name, address, number, balance or code of anybody', () => {
    for (const language of LANGUAGES) {
      for (const [name, { sentences }] of PROMPTS) {
        const utterance = utteranceOf(language, sentences);
        expect(utterance, name).not.toBeNull();
        const text = utterance === null ? '' : textOf(utterance);
        // Amounts are words by now, so that a digit would be one of theirs; "6" is the length of the phone's number.
        expect(text.replace(/6/g, ''), `${name} ${language}`).not.toMatch(
          /\d|[{}*]|天山|zhang|R7K2|undefined/,
        );
      }
    }
  });

  it('is a pure matter of few words', () => {
    for (const [name, { sentences }] of PROMPTS) {
      const utterance = utteranceOf('zh-CN', sentences);
      expect(utterance === null ? '' : textOf(utterance).length, name).toBeLessThan(70);
    }
  });

  it('is nothing while staff type and while something is fetched', () => {
    for (const name of [
      'pay-preparing',
      'cash-staff-wrong',
      'cash-staff-busy',
      'cash-take-busy',
      'proof-busy',
    ]) {
      const view = SAMPLE_VIEWS[name];
      expect(view && promptFor(view).sentences, name).toEqual([]);
    }
  });

  it('of a write is one moment, whatever its phase; of the code as well, whatever its quote', () => {
    const writing = SAMPLE_VIEWS['writing'] as Extract<PurchaseView, { screen: 'writing' }>;
    expect(promptFor({ ...writing, phase: 'read-back', progress: 0.9 })).toEqual(promptFor(writing));
    const { quote: _, ...pay } = SAMPLE_VIEWS['pay'] as Extract<PurchaseView, { screen: 'pay' }>;
    expect(promptFor({ ...pay, expiresAt: 1 })).toEqual(promptFor(SAMPLE_VIEWS['pay'] as PurchaseView));
  });

  it('of a forgotten card comes again and again', () => {
    expect(promptFor(SAMPLE_VIEWS['done-forgotten'] as PurchaseView).everyMs).toBe(FORGOTTEN_EVERY_MS);
  });

  it.each([0.5, -100])('is nothing at all where its amount is none: %d fen', (paidFen) => {
    const pay = SAMPLE_VIEWS['pay'] as Extract<PurchaseView, { screen: 'pay' }>;
    expect(utteranceOf('zh-CN', promptFor({ ...pay, paidFen }).sentences)).toBeNull();
  });
});

describe.each(LANGUAGES)('the parts of %s', (language) => {
  const parts = allParts(language);
  const ids = new Set(parts.map(({ id }) => id));

  it('are each one thing, and a file’s name', () => {
    expect(ids.size).toBe(parts.length);
    for (const { id, text } of parts) {
      expect(id).toMatch(/^[\w-]+(?:\.[\w-]+)*$/);
      expect(text, id).not.toMatch(/[{}]|^[\s，,،]|[\s，,،]$|^$/);
    }
  });

  it('are all that any screen says', () => {
    for (const [name, { sentences }] of PROMPTS) {
      const utterance = utteranceOf(language, sentences);
      for (const { id, text } of utterance?.sentences.flat() ?? []) {
        expect(parts, name).toContainEqual({ id, text });
      }
    }
  });

  it('are said by some screen, each phrase of them', () => {
    const keys = new Set(PROMPTS.flatMap(([, { sentences }]) => sentences.map(({ key }) => key)));
    expect(PHRASES.filter((key) => !keys.has(key))).toEqual([]);
  });
});
