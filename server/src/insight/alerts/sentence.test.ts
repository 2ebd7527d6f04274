import { describe, expect, it } from 'vitest';
import { ALERT_RULES, type AlertRule } from '@bianmin/purchase/api/alert-rules';
import { CHINESE } from './chinese.ts';
import { ENGLISH } from './english.ts';
import { MOST } from './order-facts.ts';
import { HALTS, STRAINS, type Told } from './sentence.ts';

const FACTORS = [
  ...['password', 'code', 'recovery-code', 'passkey', 'setup-link', 'invitation', 'break-glass', 'pin'],
  ...['enrol-code', 'binding-code', 'proof', 'unlock'],
];
/** Facts as rules give them, all at once: a rule takes its own. */
const FACTS = {
  ...{
    state: 'failed',
    why: 'reconcile.bill-unsound',
    percent: 61,
    yuan: 450,
    days: 2.5,
    of: 8,
    most: 1_000,
  },
  ...{ ends: '2026-03-01', code: 'box@1.2.0', step: 2, cause: 'errors', name: 'anna', hours: 50 },
  ...{ minutes: 12, names: 'm1:27017 m2:27017' },
};

/** What of a rule makes another sentence of it. */
const KINDS: Readonly<Partial<Record<AlertRule, readonly Partial<Told>[]>>> = {
  'reconcile.day-late': [
    { subject: '2026-03-01', facts: { ...FACTS, state: 'never', why: '' } },
    { subject: '2026-03-01' },
  ],
  'channel.down': ['wechat', 'alipay', 'bestpay', 'gone'].map((subject) => ({ subject })),
  'channel.failing': ['wechat', 'alipay', 'bestpay', 'gone'].map((subject) => ({ subject })),
  'grid.credit-gone': [{ count: 0 }, {}],
  'certificate.expiring': [{ facts: { ...FACTS, days: -1 } }, {}],
  'rollout.halted': [...HALTS, 'later'].map((cause) => ({ facts: { ...FACTS, cause } })),
  'access.guessing': [...FACTORS, 'later'].map((subject) => ({ subject })),
  'store.strained': [...STRAINS, 'later'].map((subject) => ({ subject })),
};

const all: readonly Told[] = ALERT_RULES.flatMap((rule) =>
  (KINDS[rule] ?? [{}]).flatMap((kind) =>
    [1, 7, MOST].map((count) => ({ rule, subject: 'subject', facts: FACTS, count, ...kind })),
  ),
);
const CHINESE_LETTERS = /[\p{Script=Han}，。；：、（）【】]/u;

describe('what is wrong, of every kind of alert', () => {
  it.each(all)('is said in its own letters in each language: $rule $subject $count', (told) => {
    const [chinese, english] = [CHINESE[told.rule](told), ENGLISH[told.rule](told)];
    expect(english).not.toMatch(CHINESE_LETTERS);
    // What a later server found, this one gives by its name alone.
    if (told.subject !== 'later') expect(chinese).toMatch(/\p{Script=Han}/u);
    for (const said of [chinese, english]) expect(said).not.toMatch(/undefined|NaN|^$|\s$|\[object/);
  });

  it('speaks of one as of one', () => {
    const one = (rule: AlertRule): string => ENGLISH[rule]({ rule, subject: 's', facts: FACTS, count: 1 });
    expect(one('order.paid-not-sold')).toBe('1 order');
    expect(one('channel.down')).toBe('s does not answer; 1 server process no longer offers it');
    expect(one('grid.credit-gone')).toBe('The grid sells no more; 1 paid order waits for it');
  });

  it('names a word of an object that every object has as it is', () => {
    const told = { rule: 'store.strained', subject: 'constructor', facts: {}, count: 1 } as const;
    expect([CHINESE[told.rule](told), ENGLISH[told.rule](told)]).toEqual(['constructor', 'constructor']);
  });
});
