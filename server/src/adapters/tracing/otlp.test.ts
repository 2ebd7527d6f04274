import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { runWithTrace } from '@bianmin/purchase/node/trace';
import { openOtlpCollector, type OtlpCollector } from '../../testing/otlp-collector.ts';
import { gridTold } from '../../gateways/observed/grid-spans.ts';
import { tracingFrom } from '../../config/tracing.ts';
import { otlpTracing } from './otlp.ts';
import { asSpan, tellEnded, type FinishedSpan } from './span.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const clock = new ManualClock();

describe('spans by OTLP', () => {
  let collector: OtlpCollector;
  beforeEach(async () => {
    collector = await openOtlpCollector();
  });
  afterEach(() => collector.close());

  it('reach a collector with their trace, their parent, their time and what may be said of them', async () => {
    const tracing = otlpTracing({ endpoint: `${collector.endpoint}/`, service: 'bianmin-web', clock });
    tracing.sink({
      ...{
        traceId: TRACE,
        spanId: 'a'.repeat(16),
        parentId: 'b'.repeat(16),
        name: 'grid sell',
        kind: 'client',
      },
      ...{
        ms: 1500.5,
        failed: true,
        facts: { 'bianmin.operation': 'sell', 'http.response.status_code': 200 },
      },
    });
    await tracing.close();
    const endNs = BigInt(clock.now()) * 1_000_000n;
    expect(collector.spans).toEqual([
      {
        ...{ service: 'bianmin-web', traceId: TRACE, spanId: 'a'.repeat(16), parentId: 'b'.repeat(16) },
        ...{ name: 'grid sell', kind: 3, startNs: endNs - 1_500_500_000n, endNs, failed: true },
        facts: { 'bianmin.operation': 'sell', 'http.response.status_code': 200 },
      },
    ]);
  });

  it('hold nothing up and break nothing where no collector is there', async () => {
    await collector.close();
    const tracing = otlpTracing({ endpoint: collector.endpoint, service: 'bianmin-web', clock });
    for (let no = 0; no < 3_000; no += 1) {
      tracing.sink({
        ...{ traceId: TRACE, spanId: 'a'.repeat(16), name: 'x', kind: 'internal', ms: 1 },
        ...{ failed: false, facts: {} },
      });
    }
    await tracing.close();
  });

  it('are not made where no address is configured', async () => {
    const of = { service: 'bianmin-web', clock };
    expect(await tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: undefined }, of)).toBeUndefined();
    const tracing = await tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }, of);
    await tracing?.close();
    expect(tracing).toBeDefined();
  });
});

describe('what is a span', () => {
  const told: FinishedSpan[] = [];
  const sink = (span: FinishedSpan): void => void told.push(span);
  beforeEach(() => {
    told.length = 0;
  });

  it('is under the one that it belongs to, and failed where it threw', async () => {
    await runWithTrace(TRACE, async () => {
      const work = asSpan(sink, { name: 'advance order', facts: { 'bianmin.order_no': '26' } }, async () => {
        await Promise.resolve();
        const { onCall } = gridTold({ onCall: () => undefined, onBreaker: () => undefined }, sink);
        onCall({ operation: 'sell', outcome: 'unknown', ms: 5, cryptoMs: 1 });
        throw new Error('no answer');
      });
      await expect(work).rejects.toThrow('no answer');
    });
    const [grid, order] = told;
    expect(grid).toMatchObject({ name: 'grid sell', traceId: TRACE, failed: true, parentId: order?.spanId });
    expect(order).toMatchObject({ name: 'advance order', traceId: TRACE, failed: true, parentId: undefined });
  });

  it('is nothing without a trace, and nothing without a sink', async () => {
    tellEnded(sink, { name: 'x', kind: 'client', ms: 1, failed: false, facts: {} });
    expect(told).toEqual([]);
    const metrics = { onCall: () => undefined, onBreaker: () => undefined };
    expect(gridTold(metrics, undefined)).toBe(metrics);
    expect(await asSpan(undefined, { name: 'x', facts: {} }, () => Promise.resolve(7))).toBe(7);
  });
});
