import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryEphemeral } from '../../testing/memory-ephemeral.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { RefusedKeys } from './refused-keys.ts';
import { sealPlan } from './seal-plan.ts';

const SRC = join(import.meta.dirname, '../..');
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing/'))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }));

/** Files of the product that hold what is looked for, in alphabetical order. */
function holding(what: RegExp): string[] {
  return FILES.filter(({ text }) => what.test(text))
    .map(({ file }) => file)
    .sort();
}

/** Where a plan or a stage comes from the grid. Each of these seals it by a permit, and nothing else can. */
const FROM_GRID = {
  writePlan: ['orders/desk/card-writes.ts'],
  cancelPlan: ['orders/desk/card-undos.ts'],
  replaceCard: ['people/staff/replacements.ts'],
  authorise: ['orders/desk/card-undos.ts', 'orders/desk/card-writes.ts', 'people/staff/replacements.ts'],
} as const;

describe('the ways by which a plan leaves', () => {
  it.each(Object.entries(FROM_GRID))(
    'are known: the grid is asked by %s in so many places',
    (call, places) => {
      expect(holding(new RegExp(`\\bgrid\\.${call}\\(`, 'u'))).toEqual(places);
    },
  );

  it('all pass what asks the breaker: a permit is made in one place, and what seals wants one', () => {
    expect(holding(/\bas KeyPermit\b|: KeyPermit = /u)).toEqual(['orders/desk/refused-keys.ts']);
    const sealing = ['orders/desk/card-undos.ts', 'orders/desk/card-writes.ts', 'orders/desk/seal-plan.ts'];
    expect(holding(/\bsealPlan\(/u)).toEqual([...sealing, 'people/staff/replacements.ts']);
    expect(holding(/\bsealPlanStep\(/u)).toEqual(['cards/remote/steps.ts', 'orders/desk/seal-plan.ts']);
  });

  it('are not gone round: what seals any text is used for nothing else than the keys of beats', () => {
    const users = ['fleet/terminals/beat-keys.ts', 'kernel/seal-text.ts', 'orders/desk/seal-plan.ts'];
    expect(holding(/\bsealText\b/u)).toEqual(users);
    expect(holding(/\bCompactEncrypt\b/u)).toEqual([]);
  });

  it('end in an answer of one form, and no other route gives one', () => {
    expect(holding(/\bresponse: sealedPlan\b/u)).toEqual([
      'orders/desk/card-write-routes.ts',
      'people/staff/card-routes.ts',
      'people/staff/terminal-routes.ts',
    ]);
  });
});

describe('a plan', () => {
  const { plan } = samplePurchase('CPU', { cipher: tripleDes, seed: 5 });
  const keys = new RefusedKeys({ ephemeral: new MemoryEphemeral(new ManualClock()), log: watchedLog() });
  const permitFor = (serial: string, lastTry: boolean) =>
    keys.permit({ chip: plan.chip, serial, imageDigest: 'd' }, { lastTry });

  it('leaves for no other card than its permit is for', async () => {
    const { sealKey } = await fakeTerminal('kiosk-a');
    const permit = await permitFor('6501000000000001', false);
    await expect(sealPlan(plan, permit, { sealKey })).rejects.toMatchObject({ code: 'grid.refused' });
  });

  it('says of the last try what its permit says, and at its first stage alone', async () => {
    const kiosk = await fakeTerminal('kiosk-a');
    const said = async (stage: number, lastTry: boolean) => {
      const made = { ...plan, stage, lastTry: true as const };
      const sealed = await sealPlan(made, await permitFor(plan.serial, lastTry), kiosk);
      return (await kiosk.open({ lease: 1, leaseMs: 1, sealed })).lastTry;
    };
    expect([await said(0, false), await said(0, true), await said(1, true)]).toEqual([
      undefined,
      true,
      undefined,
    ]);
  });
});
