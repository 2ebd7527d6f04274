import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BUILT_IN_LAYOUTS } from '@bianmin/shared/meter-card/built-in-layouts';
import { signLayouts } from '@bianmin/shared/node/signed-layouts';
import { BOTH_MAKERS } from '@bianmin/shared/testing/second-maker';
import { layoutsInForce } from './card-layouts.ts';

const [ours, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
if (ours === undefined || other === undefined) throw new Error('no keys');
const textOf = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'layouts-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the card layouts of a server', () => {
  it('are the built-in ones where it names no others, and terminals are given none', () => {
    expect(layoutsInForce({ CARD_LAYOUTS_FILE: undefined, RELEASE_PUBLIC_KEY: undefined })).toEqual({
      layouts: BUILT_IN_LAYOUTS,
    });
  });

  it('are read from the file that was signed, and from no other', () => {
    const path = join(folder, 'layouts.jws');
    const document = signLayouts(BOTH_MAKERS, ours.privateKey);
    writeFileSync(path, `${document}\n`);
    const from = (file: string, key: KeyObject | undefined) => () =>
      layoutsInForce({
        CARD_LAYOUTS_FILE: file,
        RELEASE_PUBLIC_KEY: key === undefined ? undefined : textOf(key),
      });
    expect(from(path, ours.publicKey)()).toEqual({ layouts: BOTH_MAKERS, document });
    expect(from(path, other.publicKey)).toThrow(/has not signed/);
    expect(from(join(folder, 'none'), ours.publicKey)).toThrow(/ENOENT/);
    expect(from(path, undefined)).toThrow(/needs RELEASE_PUBLIC_KEY/);
  });
});
