import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { layoutsInForce } from './card-layouts.ts';

const signers = new ReleaseSigners();
const folder = mkdtempSync(join(tmpdir(), 'layouts-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the card layouts of a server', () => {
  it('are the built-in ones where it names no others, and terminals are given none', () => {
    expect(layoutsInForce({ CARD_LAYOUTS_FILE: undefined, RELEASE_ROOT_FILE: undefined })).toEqual({
      layouts: BUILT_IN_LAYOUTS,
    });
  });

  it('are read from the file that its signers signed, and from no other', () => {
    const path = join(folder, 'layouts.signed.json');
    const document = signers.signLayouts(BOTH_MAKERS);
    writeFileSync(path, `${document}\n`);
    const rootsOf = (of: ReleaseSigners, name: string): string => {
      const file = join(folder, name);
      writeFileSync(file, `${of.document}\n`);
      return file;
    };
    const from = (file: string, roots: string | undefined) => () =>
      layoutsInForce({ CARD_LAYOUTS_FILE: file, RELEASE_ROOT_FILE: roots });
    const ours = rootsOf(signers, 'roots.jsonl');
    expect(from(path, ours)()).toEqual({ layouts: BOTH_MAKERS, document });
    expect(from(path, rootsOf(new ReleaseSigners(), 'others.jsonl'))).toThrow(/Too few of the signers/);
    expect(from(join(folder, 'none'), ours)).toThrow(/ENOENT/);
    expect(from(path, undefined)).toThrow(/needs RELEASE_ROOT_FILE/);
  });
});
