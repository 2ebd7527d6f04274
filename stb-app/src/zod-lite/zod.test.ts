import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { runs } from '@bianmin/card/testing/property-runs';
import { arbitraryOf } from './arbitrary.testing.ts';

/** The box's reader of answers beside zod, on every schema that its pages come with. */

type Module = Readonly<Record<string, unknown>>;

const MODULES: Readonly<Record<string, () => Promise<Module>>> = {
  card: () => import('../../../shared/purchase/src/api/card.ts'),
  image: () => import('../../../shared/purchase/src/api/card-image.ts'),
  session: () => import('../../../shared/purchase/src/api/card-session.ts'),
  float: () => import('../../../shared/purchase/src/api/float.ts'),
  home: () => import('../../../shared/purchase/src/api/home.ts'),
  order: () => import('../../../shared/purchase/src/api/order.ts'),
  portal: () => import('../../../shared/purchase/src/api/portal.ts'),
  problem: () => import('../../../shared/purchase/src/api/problem.ts'),
  quote: () => import('../../../shared/purchase/src/api/quote.ts'),
  remote: () => import('../../../shared/purchase/src/api/remote.ts'),
  scalars: () => import('../../../shared/purchase/src/api/scalars.ts'),
  terminal: () => import('../../../shared/purchase/src/api/terminal.ts'),
  plan: () => import('../../../shared/card/src/meter-card/plan.ts'),
  dump: () => import('../../../shared/card/src/cli/dump-form.ts'),
  pcsc: () => import('../../../shared/card/src/node/pcsc-messages.ts'),
  sandbox: () => import('../../../shared/card/src/usb/remote.ts'),
};

async function schemasOf(): Promise<Map<string, z.ZodType>> {
  const found = new Map<string, z.ZodType>();
  for (const [name, load] of Object.entries(MODULES)) {
    for (const [key, value] of Object.entries(await load())) {
      if (typeof value === 'object' && value !== null && 'safeParse' in value) {
        found.set(`${name}.${key}`, value as z.ZodType);
      }
    }
  }
  return found;
}

// The card layer has its own kinds everywhere; zod is in their place here.
const KINDS = '../../../shared/card/src/schema/kinds.ts';
vi.doMock(KINDS, async () => ({ ...(await import('zod')).z }));
// A test before this one, in this worker, may have loaded them.
vi.resetModules();
const whole = await schemasOf();
vi.doUnmock(KINDS);
vi.resetModules();
vi.doMock('zod', () => import('./zod.ts'));
const least = await schemasOf();
vi.doUnmock('zod');
// A test that loads these modules next, in this worker, gets them with the whole of zod.
vi.resetModules();

/** Paths of faults; of a union that nothing fits, only where it stands. */
function verdict(schema: z.ZodType, value: unknown): { ok: true; data: unknown } | { ok: false } {
  const result = schema.safeParse(value);
  return result.success ? { ok: true, data: result.data } : { ok: false };
}

describe('the least of zod', () => {
  it('has every schema that zod has', () => {
    expect([...least.keys()]).toEqual([...whole.keys()]);
    expect(least.size).toBeGreaterThan(66);
  });

  it.each([...whole.keys()])('%s takes and refuses what zod does, and gives the same', (name) => {
    const zod = whole.get(name) as z.ZodType;
    const ours = least.get(name) as z.ZodType;
    expect(zod).not.toBe(ours);
    let taken = 0;
    fc.assert(
      fc.property(arbitraryOf(zod), (value) => {
        const expected = verdict(zod, value);
        expect(verdict(ours, value)).toEqual(expected);
        if (expected.ok) taken += 1;
      }),
      { numRuns: runs(150) },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('says where the fault is', () => {
    const schema = least.get('order.orderView') as z.ZodType;
    const view = fc.sample(arbitraryOf(whole.get('order.orderView') as z.ZodType, 'valid'), 1)[0] as object;
    const result = schema.safeParse({ ...view, payment: { no: 'x', channel: 'coins' } });
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([
      'payment.channel',
      'payment.status',
      'payment.codeUrl',
      'payment.expiresAt',
    ]);
    expect(() => schema.parse(null)).toThrow('not an object');
  });
});
