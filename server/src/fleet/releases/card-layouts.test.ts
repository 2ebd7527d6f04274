import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { signLayouts } from '@bianmin/shared/node/signed-layouts';
import { BOTH_MAKERS } from '@bianmin/shared/testing/second-maker';
import { cardLayoutRoutes, readLayouts, type ServedLayouts } from './card-layouts.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const folder = mkdtempSync(join(tmpdir(), 'layouts-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const document = signLayouts(BOTH_MAKERS, privateKey);

async function answer(served: ServedLayouts | undefined, have: number): Promise<unknown> {
  const [route] = cardLayoutRoutes(served);
  return route?.handler({ query: { have } } as never) as unknown;
}

describe('the card layouts of a server', () => {
  it('are read from the file that was signed, and from no other', () => {
    const path = join(folder, 'layouts.jws');
    writeFileSync(path, `${document}\n`);
    expect(readLayouts(path, publicKey)).toEqual({ version: 2, document });
    expect(() => readLayouts(path, other.publicKey)).toThrow(/has not signed/);
    expect(() => readLayouts(join(folder, 'none'), publicKey)).toThrow(/ENOENT/);
  });

  it('are given to a terminal that keeps an earlier version alone', async () => {
    const served = { version: 2, document };
    expect(await answer(served, 1)).toEqual({ document });
    expect(await answer(served, 2)).toBeUndefined();
    expect(await answer(served, 3)).toBeUndefined();
    expect(await answer(undefined, 0)).toBeUndefined();
  });
});
