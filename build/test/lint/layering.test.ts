import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { importedPath } from '../../kit/imported-path.mjs';
import { layerProblem, partOf, PARTS } from './layers.mjs';
import { SERVER_ROOMS } from './server-rooms.mjs';

const ROOT = join(import.meta.dirname, '../../..');
// The project's own configuration; fixtures are ignored by it and looked at here.
const eslint = new ESLint({ cwd: ROOT, ignore: false });

async function rulesBroken(text: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: join(ROOT, filePath) });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

describe('the linter, as the project configures it', () => {
  it('fails on an import that goes up, be it of a type', async () => {
    const upward = `import type { CardImage } from '../meter-card/image.ts';\nexport type A = CardImage;\n`;
    expect(await rulesBroken(upward, 'shared/card/src/chip/region.ts')).toContain('bianmin/layering');
    const downward = `import type { CardSlot } from '../reader/slot.ts';\nexport type A = CardSlot;\n`;
    expect(await rulesBroken(downward, 'shared/card/src/chip/region.ts')).not.toContain('bianmin/layering');
  });

  it('fails on a promise that is not awaited', async () => {
    const floating = `export function a(): void {\n  Promise.resolve(1);\n}\n`;
    expect(await rulesBroken(floating, 'build/kit/process/cache.ts')).toContain(
      '@typescript-eslint/no-floating-promises',
    );
  });

  it('fails on Node and on time in the portable part of shared/', async () => {
    const text = `import { join } from 'node:path';\nexport const a = join(process.cwd(), String(Date.now()));\n`;
    expect(await rulesBroken(text, 'shared/card/src/chip/region.ts')).toEqual(
      expect.arrayContaining(['no-restricted-imports', 'no-restricted-globals', 'no-restricted-syntax']),
    );
  });
});

describe('the layers', () => {
  it.each([
    ['shared/card/src/framing/ccid/encode.ts', 'shared/card/src/reader/slot.ts'],
    ['shared/card/src/bytes/hex.ts', 'shared/card/src/usb/ports.ts'],
    ['shared/card/src/chip/cpu/driver.ts', 'shared/card/src/testing/chips/cpu/card.ts'],
    ['shared/purchase/src/api/order.ts', 'shared/purchase/src/purchase/step.ts'],
    ['terminal-app/src/renderer/App.vue', 'shared/card/src/chip/contract.ts'],
    ['terminal-app/src/host/main.ts', 'server/src/orders/model/order.ts'],
    ['server/src/orders/desk/orders.ts', 'server/sandbox/grid/main.ts'],
    ['server/src/main-web.ts', 'server/src/testing/config.ts'],
    ['server/src/orders/store/mongo-orders.ts', 'server/src/web/app.ts'],
    ['server/src/gateways/payment/wechat.ts', 'server/src/orders/model/order.ts'],
    ['shared/card/src/clock.ts', 'shared/purchase/src/api/time.ts'],
    ['shared/card/src/reader/slot.test.ts', 'shared/purchase/src/purchase/ports.ts'],
    ['shared/card/src/testing/secrets.ts', 'shared/purchase/src/testing/purchase-rig.ts'],
    ['shared/purchase/src/purchase/flow.test.ts', 'terminal-app/src/host/main.ts'],
    ['shared/purchase/src/testing/purchase-rig.ts', 'server/src/testing/app.ts'],
  ])('keep %s from %s', (from, to) => {
    expect(layerProblem(from, to)).toMatch(/may not import/);
  });

  it.each([
    ['shared/card/src/reader/ccid-slot.ts', 'shared/card/src/framing/ccid/encode.ts'],
    ['shared/purchase/src/purchase/step.ts', 'shared/card/src/meter-card/write.ts'],
    ['server/src/web/app.test.ts', 'server/src/testing/app.ts'],
    ['server/sandbox/grid/main.ts', 'shared/card/src/testing/chips/sle4442/card.ts'],
    ['build/run/dev/stack.ts', 'server/sandbox/grid/keys.ts'],
  ])('let %s import %s', (from, to) => {
    expect(layerProblem(from, to)).toBeUndefined();
  });

  it('have no ring in the server: each room knows only rooms that stand before it, and every folder is of one', async () => {
    const rooms = Object.keys(SERVER_ROOMS);
    for (const [n, [room, may]] of Object.entries(SERVER_ROOMS).entries())
      expect(
        may.filter((each) => !rooms.slice(0, n).includes(each)),
        room,
      ).toEqual([]);
    const sources = await readdir(join(ROOT, 'server/src'), { recursive: true });
    const nowhere = sources.filter(
      (path) => path.endsWith('.ts') && partOf(`server/src/${path}`) === undefined,
    );
    expect(nowhere).toEqual([]);
  });

  it('name only parts that exist', () => {
    const names = new Set(PARTS.map(({ name }) => name));
    const named = PARTS.flatMap(({ may = [], mayNot = [] }) => [...may, ...mayNot]);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it('resolve what is written without looking at the disk', () => {
    expect(importedPath('shared/card/src/chip/cpu/driver.ts', '../../errors.ts')).toBe(
      'shared/card/src/errors.ts',
    );
    expect(importedPath('server/src/config/deps.ts', '@bianmin/card/clock')).toBe('shared/card/src/clock.ts');
    expect(importedPath('server/src/config/deps.ts', '@bianmin/purchase/api/order')).toBe(
      'shared/purchase/src/api/order.ts',
    );
    expect(importedPath('server/src/config/deps.ts', 'mongoose')).toBeUndefined();
    expect(partOf('shared/card/src/testing/node/triple-des.ts')?.name).toBe('testing');
  });
});
