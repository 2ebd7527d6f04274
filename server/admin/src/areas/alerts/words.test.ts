import { expect, it } from 'vitest';
import { LIMIT_NAMES } from '@bianmin/purchase/api/alert-limits';
import { ALERT_RULES } from '@bianmin/purchase/api/alert-rules';
import { flat } from '../../words/area-words.ts';
import { words } from './words.ts';

it.each(['zh-CN', 'en'] as const)(
  'every alert and every limit has a name, and no other thing has one: %s',
  (language) => {
    const named = Object.keys(flat(words[language], 'alerts'));
    const of = (group: string): string[] =>
      named
        .filter((key) => key.startsWith(`${group}.`))
        .map((key) => key.slice(group.length + 1))
        .toSorted();
    expect(of('alerts.rule')).toEqual(ALERT_RULES.toSorted());
    expect(of('alerts.limit')).toEqual(LIMIT_NAMES.toSorted());
  },
);
