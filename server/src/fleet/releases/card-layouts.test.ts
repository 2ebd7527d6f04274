import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ReleaseSigners } from '@bianmin/shared/testing/node/release-signers';
import { BOTH_MAKERS } from '@bianmin/shared/testing/second-maker';
import { cardLayoutRoutes, readLayouts, type ServedLayouts } from './card-layouts.ts';

const signers = new ReleaseSigners();
const folder = mkdtempSync(join(tmpdir(), 'layouts-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const document = signers.signLayouts(BOTH_MAKERS);

async function answer(served: ServedLayouts | undefined, have: number, root?: number): Promise<unknown> {
  const [route] = cardLayoutRoutes(served);
  return route?.handler({ query: { have, root } } as never) as unknown;
}

describe('the card layouts of a server', () => {
  it('are read from the file that was signed, and from no other', () => {
    const path = join(folder, 'layouts.signed.json');
    writeFileSync(path, `${document}\n`);
    expect(readLayouts(path, signers.root)).toEqual({ version: 2, document });
    expect(() => readLayouts(path, new ReleaseSigners().root)).toThrow(/Too few of the signers/);
    expect(() => readLayouts(join(folder, 'none'), signers.root)).toThrow(/ENOENT/);
  });

  it('are given to a terminal that keeps an earlier version alone', async () => {
    const served = { version: 2, document };
    expect(await answer(served, 1, 1)).toEqual({ document });
    expect(await answer(served, 2, 1)).toBeUndefined();
    expect(await answer(served, 3, 1)).toBeUndefined();
    expect(await answer(undefined, 0, 1)).toBeUndefined();
  });

  it('are not given to a terminal of before roots, which could not open them', async () => {
    expect(await answer({ version: 2, document }, 1)).toBeUndefined();
  });
});
