import { describe, expect, it } from 'vitest';
import {
  currentSpanId,
  currentTraceId,
  joinTrace,
  laterTraceId,
  newSpanId,
  parentSpanIdOf,
  runWithSpan,
  runWithTrace,
  traceHeaders,
  traceIdOf,
} from './trace.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a traceparent', () => {
  it.each([
    [`00-${ID}-${SPAN}-01`, ID],
    [`00-${ID}-${SPAN}-00`, ID],
    [`cc-${ID}-${SPAN}-01-what-comes-later`, ID],
    [`cc-${ID}-${SPAN}-01`, ID],
    [`00-${ID}-${SPAN}-01-more`, undefined],
    [`cc-${ID}-${SPAN}-01.more`, undefined],
    [`ff-${ID}-${SPAN}-01`, undefined],
    [`00-${'0'.repeat(32)}-${SPAN}-01`, undefined],
    [`00-${ID}-${'0'.repeat(16)}-01`, undefined],
    [`00-${ID.toUpperCase()}-${SPAN}-01`, undefined],
    [`00-${ID}-${SPAN}-1`, undefined],
    [`00-${ID.slice(1)}-${SPAN}-01`, undefined],
    [` 00-${ID}-${SPAN}-01`, undefined],
    [`cc-${ID}-${SPAN}-01-${'x'.repeat(300)}`, undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s gives %s', (header, traceId) => {
    expect(traceIdOf(header)).toBe(traceId);
  });

  it('goes on with the trace under a new span', () => {
    expect(traceHeaders()).toEqual({});
    const sent = runWithTrace(ID, () =>
      [traceHeaders(), traceHeaders()].map(({ traceparent }) => traceparent),
    );
    expect(sent.map(traceIdOf)).toEqual([ID, ID]);
    expect(new Set(sent).size).toBe(2);
  });
});

it('joins what it turns out to belong to, also for what asks later, and nothing else does', async () => {
  const later = await runWithTrace('a'.repeat(32), async () => {
    const ask = laterTraceId();
    await Promise.resolve();
    joinTrace(undefined);
    expect(currentTraceId()).toBe('a'.repeat(32));
    joinTrace(ID);
    return ask;
  });
  expect(later()).toBe(ID);
  joinTrace(ID);
  expect(currentTraceId()).toBeUndefined();
  expect(runWithTrace('b'.repeat(32), currentTraceId)).toBe('b'.repeat(32));
});

it('names the span that asks, and the one that asked', () => {
  expect(parentSpanIdOf(`00-${ID}-${SPAN}-01`)).toBe(SPAN);
  expect(parentSpanIdOf(`00-${ID}-${'0'.repeat(16)}-01`)).toBeUndefined();
  expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/);
  runWithTrace(ID, () => {
    expect(currentSpanId()).toBeUndefined();
    runWithSpan(SPAN, () => {
      expect([currentSpanId(), traceHeaders().traceparent]).toEqual([SPAN, `00-${ID}-${SPAN}-01`]);
      // What the work turns out to belong to holds for all of it.
      joinTrace('c'.repeat(32));
    });
    expect(currentTraceId()).toBe('c'.repeat(32));
  });
  expect(runWithSpan(SPAN, currentSpanId)).toBeUndefined();
});
