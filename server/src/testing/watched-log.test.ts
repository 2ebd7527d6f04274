import { expect, it } from 'vitest';
import { FAKE_CARD_CODE, plainPlan } from './fake-card.ts';
import { givesCodeAway } from './watched-log.ts';

it('notices the code in a line, alone or within a command, and takes no other for it', () => {
  for (const text of [FAKE_CARD_CODE, `FF20000004${FAKE_CARD_CODE}`, 'c0 de 5e a1', '[192,222,94,161]']) {
    expect(givesCodeAway(`{"level":"info","msg":"${text}"}`), text).toBe(true);
  }
  expect(givesCodeAway('{"level":"info","msg":"C0DE5EA2"}')).toBe(false);
});

it('is the code of the plans that the fakes give', () => {
  const plan = plainPlan({ orderNo: '1', serial: '0'.repeat(16), count: 2, faceFen: 100 });
  expect(JSON.stringify(plan)).toContain(FAKE_CARD_CODE);
});
