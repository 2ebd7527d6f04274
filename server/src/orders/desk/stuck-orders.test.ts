import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { Cases } from '../../cases/cases.ts';
import { AskedGauges } from '../../adapters/metrics/asked.ts';
import { orderGauges } from '../../insight/metrics/work.ts';
import { MemoryCaseStore } from '../../testing/memory-cases.ts';
import { fakeTerminal, OrderWorld } from '../../testing/order-world.ts';
import { NO_FAULTS, type Fault } from '../../testing/faults.ts';

describe('an order that moves for longer than its horizon', () => {
  it('is a case, a metric and a line in the log, once', async () => {
    const sink: { cases?: Cases } = {};
    const world = await OrderWorld.open({
      cases: { open: (report) => sink.cases?.open(report) ?? Promise.resolve() },
    });
    sink.cases = new Cases({ store: new MemoryCaseStore(), clock: world.clock });
    const kiosk = await fakeTerminal('kiosk-a');
    const silent: Partial<Record<string, Fault>> = { sell: 'lost-answer', queryOriginal: 'lost-request' };
    world.grid.fault = (operation) => silent[operation] ?? 'none';
    const order = await world.paid(kiosk, world.household());
    await world.pass(85 * 60_000, 60_000);
    expect(await sink.cases.list({ limit: 5 }, WHOLE_PROVINCE)).toEqual([]);
    await world.pass(30 * 60_000, 60_000);
    expect(await sink.cases.list({ limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
      { kind: 'stuck', orderNo: order._id, key: 'sale', facts: { state: 'grid-silent' } },
    ]);
    expect(await world.registry.metrics()).toContain('bianmin_orders_stuck_total{fact="sale"} 1');
    const gauges = new Registry();
    const asked = new AskedGauges({ registry: gauges, clock: world.clock, log: pino({ level: 'silent' }) });
    orderGauges(asked, { store: world.services.store, clock: world.clock });
    const metrics = await gauges.metrics();
    const age = /^bianmin_orders_oldest_moving_seconds (\d+)/mu.exec(metrics)?.[1];
    expect(Number(age)).toBeGreaterThanOrEqual(115 * 60);
    expect(metrics).toContain('bianmin_orders{state="grid-silent"} 1');
    world.grid.fault = NO_FAULTS;
    await world.pass(30 * 60_000, 60_000);
    expect((await world.now(order)).state).toBe('sold');
    expect(await gauges.metrics()).toContain('bianmin_orders_oldest_moving_seconds 0');
  });
});
