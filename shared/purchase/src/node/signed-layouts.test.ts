import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { ReleaseSigners, signer, times } from '../testing/node/release-signers.ts';
import { coSign, draft } from './co-signed.ts';
import { signText } from './signed-document.ts';
import { LAYOUTS_TYP, noOlder, openFormerLayouts, openLayouts } from './signed-layouts.ts';
import { RELEASE_TYP } from './signed-release.ts';

const signers = new ReleaseSigners();
const [a, b] = signers.three;

function failure(run: () => unknown): string | undefined {
  try {
    run();
    return 'nothing went wrong';
  } catch (error) {
    return codeOf(error);
  }
}

const signed = (json: unknown, typ = LAYOUTS_TYP): string =>
  [a, b].reduce(
    (sum, { privateKey: key }) => coSign(sum, { typ, key }),
    draft({ format: 2, ...times(), document: json }),
  );
const document = (over: object = {}) => ({ format: 1, version: 2, layouts: BOTH_MAKERS.layouts, ...over });

describe('signed card layouts', () => {
  it('come out as they were signed, with when they were', () => {
    expect(openLayouts(signers.signLayouts(BOTH_MAKERS), signers.root)).toEqual({
      layouts: BOTH_MAKERS,
      times: times(),
    });
  });

  it('are refused where two of the signers have not signed these very bytes', () => {
    const { payload, signatures } = JSON.parse(signers.signLayouts(BOTH_MAKERS)) as Record<string, unknown>;
    const other = JSON.parse(signed(document({ version: 3 }))) as { payload: string };
    for (const bad of [
      signers.signLayouts(BOTH_MAKERS, { by: [a] }),
      signers.signLayouts(BOTH_MAKERS, { by: [a, signer()] }),
      signed(document(), RELEASE_TYP),
      JSON.stringify({ payload: other.payload, signatures }),
      JSON.stringify({ payload }),
      signText(JSON.stringify(document()), { typ: 'bianmin-card-layouts+jws', key: a.privateKey }),
      '',
    ]) {
      expect(failure(() => openLayouts(bad, signers.root))).toBe('layouts.unsigned');
    }
  });

  it('that one key signed alone are still read by where they were kept', () => {
    const former = signText(JSON.stringify(document()), {
      typ: 'bianmin-card-layouts+jws',
      key: a.privateKey,
    });
    const key = createPublicKey(a.privateKey);
    expect(openFormerLayouts(former, key)).toEqual(BOTH_MAKERS);
    expect(failure(() => openFormerLayouts(former, createPublicKey(b.privateKey)))).toBe('layouts.unsigned');
  });

  it.each<[string, object]>([
    ['of another format', document({ format: 2 })],
    ['of version 0', document({ version: 0 })],
    ['without layouts', document({ layouts: [] })],
    ['with more than is known', document({ more: true })],
    ['that are none', {}],
    ['with fewer tries to guard', withDialect({ leastTries: 4 })],
    [
      'with a MAC of other commands',
      withDialect({ mac: { cla: 0x00, length: 4, challengeLength: 4, challengeServes: 'session' } }),
    ],
    ['with another master file', withDialect({ directories: { mf: 0x3f01, df01: 0xdf01 } })],
  ])('are refused %s', (_, json) => {
    expect(failure(() => openLayouts(signed(json), signers.root))).toBe('layouts.malformed');
  });

  it('are refused where a driver may not work by them, by who signs and by who opens', () => {
    const [first, ...rest] = BOTH_MAKERS.layouts;
    const layouts = [{ ...first, regions: [{ zone: 'main', offset: 0, length: 8 }] }, ...rest];
    expect(failure(() => openLayouts(signed(document({ layouts })), signers.root))).toBe('layouts.unsafe');
    expect(failure(() => signers.signLayouts({ version: 2, layouts: layouts as never }))).toBe(
      'layouts.unsafe',
    );
  });

  it('follow none but an earlier version', () => {
    expect(noOlder(BOTH_MAKERS, BUILT_IN_LAYOUTS)).toBe(BOTH_MAKERS);
    expect(failure(() => noOlder(BUILT_IN_LAYOUTS, BOTH_MAKERS))).toBe('layouts.older');
    expect(failure(() => noOlder({ ...BOTH_MAKERS }, BOTH_MAKERS))).toBe('layouts.older');
  });
});

function withDialect(over: object): object {
  const layouts = BOTH_MAKERS.layouts.map((layout) =>
    layout.dialect === undefined ? layout : { ...layout, dialect: { ...layout.dialect, ...over } },
  );
  return document({ layouts });
}
