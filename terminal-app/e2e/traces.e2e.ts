import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStack } from '../../build/run/dev/stack.ts';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { openKiosk } from '../../build/judge/journey/kiosk.ts';
import { Operator } from '../../build/run/dev/operator.ts';
import { runJourney } from '../../build/judge/journey/purchase.ts';
import { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { openOtlpCollector, type OtlpCollector } from '../../server/src/testing/otlp-collector.ts';

/** All that a span may say. */
const FACTS = [
  ...['bianmin.channel', 'bianmin.operation', 'bianmin.order_no', 'bianmin.outcome', 'bianmin.sale_no'],
  ...['error.type', 'http.request.method', 'http.response.status_code', 'http.route'],
];

let collector: OtlpCollector;
let stack: Stack;
beforeAll(async () => {
  collector = await openOtlpCollector();
  stack = await startStack({
    kiosk: false,
    env: { server: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint } },
  });
});
afterAll(async () => {
  await stack.close();
  await collector.close();
});

it('a purchase is one trace from the kiosk’s button to the grid’s serial, and says nothing of whose it is', async () => {
  const sandbox = new SandboxClient(stack.urls);
  const operator = await Operator.login(stack);
  let log = '';
  const kiosk = await openKiosk({
    ...{ stack, operator, readerId: 'traces-1', logLevel: 'debug' },
    logTo: { write: (text) => void (log += text) },
  });
  await runJourney({ kiosk, sandbox, chip: 'CPU', amountFen: 5000, channel: 'wechat' });
  await kiosk.close();
  const sold = () => collector.spans.find(({ facts }) => facts['bianmin.sale_no'] !== undefined);
  await expect.poll(sold).toBeDefined();
  const traceId = sold()?.traceId ?? '';
  const buttons = log
    .split('\n')
    .filter((line) => line.includes('bianmin.button'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(buttons.map((line) => line['trace.id'])).toContain(traceId);
  const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId);
  await expect
    .poll(() => ofTrace().map(({ name }) => name))
    .toEqual(
      expect.arrayContaining([
        ...['POST /v1/terminal/orders', 'advance order', 'wechat create', 'grid sell', 'the grid sold'],
        'POST /v1/notify/:channel',
      ]),
    );
  // The sale is under the work on the order, and every parent that is one of ours is there.
  const byId = new Map(ofTrace().map((span) => [span.spanId, span]));
  const parentOf = (name: string) =>
    byId.get(ofTrace().find((span) => span.name === name)?.parentId ?? '')?.name;
  expect(['advance order', 'POST /v1/notify/:channel']).toContain(parentOf('the grid sold'));
  expect(parentOf('grid sell')).toBe(parentOf('the grid sold'));
  expect(new Set(ofTrace().map(({ service }) => service))).toContain('bianmin-web');
  for (const { facts, name } of collector.spans) {
    const { 'bianmin.order_no': orderNo = '', 'bianmin.sale_no': _sale, ...others } = facts;
    expect(
      Object.keys(facts).filter((key) => !FACTS.includes(key)),
      name,
    ).toEqual([]);
    expect(String(orderNo), name).toMatch(/^(?:\d{18})?$/);
    // A household, a meter, a card or a person would show as a number or as words that are not ours.
    for (const value of Object.values(others)) expect(String(value), name).toMatch(/^[\w.:/-]+$/);
    expect(JSON.stringify(others), name).not.toMatch(/\d{6}|heartbeat/);
  }
  expect(collector.text()).not.toMatch(/customerNo|customer_no|DPoP|Bearer|eyJ|codeUrl|weixin:\/\/|[一-鿿]/u);
});
