import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { BUILT_IN_LAYOUTS } from '../meter-card/built-in-layouts.ts';
import { BOTH_MAKERS } from '../testing/second-maker.ts';
import { signText } from './signed-document.ts';
import { noOlder, openLayouts, signLayouts } from './signed-layouts.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const TYP = 'bianmin-card-layouts+jws';

function failure(run: () => unknown): string | undefined {
  try {
    run();
    return 'nothing went wrong';
  } catch (error) {
    return codeOf(error);
  }
}

const signed = (document: unknown, typ = TYP): string =>
  signText(typeof document === 'string' ? document : JSON.stringify(document), { typ, key: privateKey });
const document = (over: object = {}) => ({ format: 1, version: 2, layouts: BOTH_MAKERS.layouts, ...over });

describe('signed card layouts', () => {
  it('come out as they were signed, with one spelling', () => {
    const jws = signLayouts(BOTH_MAKERS, privateKey);
    expect(openLayouts(jws, publicKey)).toEqual(BOTH_MAKERS);
    expect(jws.split('.').slice(0, 2)).toEqual(signLayouts(BOTH_MAKERS, privateKey).split('.').slice(0, 2));
  });

  it('are refused where the release key has not signed these very bytes', () => {
    const jws = signLayouts(BOTH_MAKERS, privateKey);
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const forged = Buffer.from(JSON.stringify(document({ version: 3 }))).toString('base64url');
    for (const bad of [
      signLayouts(BOTH_MAKERS, other.privateKey),
      signed(document(), 'bianmin-release+jws'),
      `${header}.${forged}.${signature}`,
      `${header}.${payload}`,
      `${jws}.`,
      '',
      signed('{'),
    ]) {
      expect(failure(() => openLayouts(bad, publicKey))).toBe('layouts.unsigned');
    }
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
    expect(failure(() => openLayouts(signed(json), publicKey))).toBe('layouts.malformed');
  });

  it('are refused where a driver may not work by them, by who signs and by who opens', () => {
    const [first, ...rest] = BOTH_MAKERS.layouts;
    const layouts = [{ ...first, regions: [{ zone: 'main', offset: 0, length: 8 }] }, ...rest];
    expect(failure(() => openLayouts(signed(document({ layouts })), publicKey))).toBe('layouts.unsafe');
    expect(failure(() => signLayouts({ version: 2, layouts: layouts as never }, privateKey))).toBe(
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
