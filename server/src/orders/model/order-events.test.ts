import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyChange } from './change.ts';
import { ORDER_EVENTS } from './order-events.ts';
import { policyOf } from './policy.ts';
import { testConfig } from '../../testing/config.ts';
import { SAMPLE_TIME, sampleOrder } from '../../testing/order-samples.ts';

const page = readFileSync(new URL('../../../../docs/order.md', import.meta.url), 'utf8');

describe('every edge has a named event', () => {
  it('each is told of in docs/order.md, and none that does not exist', () => {
    const section = page.slice(
      page.indexOf('## Events'),
      page.indexOf('\n## ', page.indexOf('## Events') + 1),
    );
    const listed = [...section.matchAll(/^- `([a-z.-]+)`/gmu)].map(([, name]) => name);
    expect(listed).toEqual([...ORDER_EVENTS]);
  });

  it('a change without one is refused: nothing would tell that anything happened', () => {
    const init = { now: SAMPLE_TIME, policy: policyOf(testConfig()) };
    const silent = { set: { attention: 'late-sale' as const }, events: [] };
    expect(() => applyChange(sampleOrder(), silent, init)).toThrow('event');
  });
});
