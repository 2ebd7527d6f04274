import type { Checks } from './checks.ts';
import type { Line } from './lines.ts';

const SERVICES = ['bianmin-kiosk', 'bianmin-web', 'bianmin-worker'];

/** Each order's lines on host, web and worker, by its number; every one has the trace of its visit, from the button to the grid's serial. */
export function storiesOf(lines: readonly Line[], checks: Checks): Map<string, string> {
  const traces = new Map<string, string>();
  const sold = lines.filter((line) => line['bianmin.saleNo'] !== undefined);
  checks.that('two orders were sold', sold.length === 2, sold.length);
  for (const { 'bianmin.orderNo': orderNo, 'trace.id': traceId, 'bianmin.saleNo': saleNo } of sold) {
    const no = String(orderNo);
    const trace = String(traceId);
    traces.set(no, trace);
    checks.that(`the grid's serial of ${no} is in its line`, /^\S+$/.test(String(saleNo)), saleNo);
    const about = lines.filter((line) => line['bianmin.orderNo'] === orderNo);
    const strays = about.filter((line) => line['trace.id'] !== trace);
    checks.that(`every line of ${no} has its trace`, strays.length === 0, strays);
    const together = lines.filter((line) => line['trace.id'] === trace);
    const services = [...new Set(together.map((line) => String(line['service.name'])))].sort();
    checks.that(`the trace of ${no} goes through all`, services.join() === SERVICES.join(), services);
    const buttons = together.filter((line) => line['bianmin.button'] !== undefined);
    checks.that(`the trace of ${no} begins with a button`, buttons.length > 0);
    const notified = together.filter((line) => line['bianmin.route'] === '/v1/notify/:channel');
    checks.that(`the wallet's notification of ${no} is in its trace`, notified.length > 0);
  }
  checks.that('each visit has a trace of its own', new Set(traces.values()).size === traces.size);
  const beats = lines.filter((line) => String(line['bianmin.route']).includes('heartbeat'));
  const taken = beats.filter((line) => [...traces.values()].includes(String(line['trace.id'])));
  checks.that('beats belong to no visit', taken.length === 0, taken);
  return traces;
}
