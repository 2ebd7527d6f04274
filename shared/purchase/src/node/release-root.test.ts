import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { ReleaseSigners, rootContent, signedRoot, signer, times } from '../testing/node/release-signers.ts';
import { coSign, keyIdOf } from './co-signed.ts';
import {
  draftRoot,
  openFirstRoot,
  openNextRoot,
  openRootChain,
  ROOT_TYP,
  rootOfOneKey,
  signRoot,
} from './release-root.ts';
import { LAYOUTS_TYP } from './signed-layouts.ts';
import { openRelease, RELEASE_TYP, signRelease } from './signed-release.ts';

const signers = new ReleaseSigners();
const [a, b, c] = signers.three;
const stranger = signer();
const file = { name: 'box.apk', bytes: 1, sha256: 'ab'.repeat(32), sha512: `${'A'.repeat(86)}==` };
const manifest = {
  ...{ kind: 'box' as const, version: '1.2.3', notes: '', files: [file] },
  box: { versionCode: 2000, signerSha256: 'ab'.repeat(32) },
};

function failure(run: () => unknown): string | undefined {
  try {
    run();
    return 'nothing went wrong';
  } catch (error) {
    return codeOf(error);
  }
}

describe('a document of several signers', () => {
  it('opens where two of three have signed it, whichever two', () => {
    for (const by of [[a, b], [b, c], [c, a], signers.three]) {
      expect(openRelease(signers.sign(manifest, { by }), signers.root)).toMatchObject(manifest);
    }
  });

  it('does not open for one of them, not for one twice, nor for one and a stranger', () => {
    const alone = signers.sign(manifest, { by: [a] });
    expect(openRelease(alone, signers.root)).toBeUndefined();
    // ECDSA has chance in it: a second signature of the same key is another one.
    const twice = JSON.parse(alone) as { payload: string; signatures: unknown[] };
    const again = JSON.parse(signers.sign(manifest, { by: [a] })) as typeof twice;
    twice.signatures.push(...again.signatures);
    expect(openRelease(JSON.stringify(twice), signers.root)).toBeUndefined();
    expect(openRelease(signers.sign(manifest, { by: [a, stranger] }), signers.root)).toBeUndefined();
    // Signed by a stranger under another's name.
    const named = alone.replaceAll(headerOf(a), headerOf(b));
    expect(openRelease(named, signers.root)).toBeUndefined();
  });

  it('does not open where two have signed different contents, or as something else', () => {
    const one = JSON.parse(signers.sign(manifest, { by: [a] })) as { signatures: unknown[] };
    const other = JSON.parse(signers.sign({ ...manifest, notes: 'other' }, { by: [b] })) as typeof one;
    const mixed = JSON.stringify({ ...one, signatures: [...one.signatures, ...other.signatures] });
    expect(openRelease(mixed, signers.root)).toBeUndefined();
    for (const typ of [ROOT_TYP, LAYOUTS_TYP, 'bianmin-release+jws']) {
      const document = coSign(signers.sign(manifest, { by: [a] }), { typ, key: b.privateKey });
      expect(openRelease(document, signers.root)).toBeUndefined();
    }
  });

  it('does not open where a byte was changed, and never fails for what is none', () => {
    const good = signers.sign(manifest);
    const { payload } = JSON.parse(good) as { payload: string };
    const changed = Buffer.from(
      Buffer.from(payload, 'base64url').toString('utf8').replace('1.2.3', '1.2.4'),
    ).toString('base64url');
    const bad = [
      good.replace(payload, changed),
      good.replace('"signatures"', '"more":1,"signatures"'),
      'a.b.c',
      '',
      '{}',
      'null',
      '{"payload":"e30","signatures":[]}',
    ];
    for (const each of bad) expect(openRelease(each, signers.root), each).toBeUndefined();
  });

  it('is signed once by each, however often they are asked', () => {
    const once = signers.sign(manifest, { by: [a] });
    expect(signRelease(once, a.privateKey)).toBe(once);
  });

  it('may be good for a time alone that has an end', () => {
    for (const days of [400, -1, -2]) expect(() => signers.sign(manifest, { at: times(0, days) })).toThrow();
  });
});

describe('a root', () => {
  it('takes the place of another by the signatures of both', () => {
    const d = signer();
    const root = openNextRoot(next([a, b, d], [a, b]), signers.root);
    expect(root.version).toBe(2);
    // Who signs no more counts no more.
    expect(openRelease(signers.sign(manifest, { by: [a, c] }), root)).toBeUndefined();
    expect(openRelease(signers.sign(manifest, { by: [b, d] }), root)).toBeDefined();
  });

  it.each([
    ['one of the signers before and all of its own', 2, [a, stranger]],
    ['its own signers alone', 2, [stranger]],
  ] as const)('is not taken that was signed by %s', (_, version, by) => {
    const own: typeof signers.three = [stranger, signer(), signer()];
    const document = next(own, [...by, ...own], version);
    expect(failure(() => openNextRoot(document, signers.root))).toBe('trust.root-unsigned');
  });

  it('is not taken that the signers before have signed, and too few of its own', () => {
    const document = next([a, signer(), signer()], [a, b]);
    expect(failure(() => openNextRoot(document, signers.root))).toBe('trust.root-unsigned');
  });

  it('is neither skipped nor taken back', () => {
    expect(failure(() => openNextRoot(next(signers.three, [a, b], 3), signers.root))).toBe(
      'trust.root-order',
    );
    expect(failure(() => openNextRoot(signers.document, signers.root))).toBe('trust.root-order');
    const second = openNextRoot(next(signers.three, [a, b]), signers.root);
    expect(failure(() => openNextRoot(signers.document, second))).toBe('trust.root-order');
  });

  it('has three keys of the curve at least, each once, and needs two signers at least', () => {
    const content = rootContent(signers.three);
    for (const wrong of [
      { ...content, threshold: 1 },
      { ...content, threshold: 4 },
      { ...content, keys: content.keys.slice(0, 2) },
      { ...content, keys: [...content.keys.slice(0, 2), content.keys[0]] },
      { ...content, keys: content.keys.map((key) => ({ ...key, y: 'A'.repeat(43) })) },
      { ...content, ...times(0, 2000) },
    ]) {
      expect(() => draftRoot(wrong as never), JSON.stringify(wrong)).toThrow();
    }
  });

  it('that is built in or set up is one that its own signers have signed', () => {
    expect(openFirstRoot(signers.document).version).toBe(1);
    const alone = signRoot(draftRoot(rootContent(signers.three)), a.privateKey);
    expect(failure(() => openFirstRoot(alone))).toBe('trust.root-unsigned');
    expect(failure(() => openFirstRoot('{}'))).toBe('trust.root-malformed');
  });

  it('is the last of a file, each of which follows the one before', () => {
    const second = next(signers.three, [a, c]);
    expect(openRootChain(`${signers.document}\n${second}\n`).root.version).toBe(2);
    const third = next([stranger, signer(), signer()], [stranger], 3);
    expect(failure(() => openRootChain([signers.document, second, third].join('\n')))).toBe(
      'trust.root-unsigned',
    );
    expect(failure(() => openRootChain(''))).toBe('trust.root-malformed');
  });
});

describe('a terminal that was set up when one key signed', () => {
  it('gets over to the root that this key has signed too, and to no other', () => {
    const before = rootOfOneKey(a.publicKey);
    expect(openNextRoot(signers.document, before).version).toBe(1);
    const others = new ReleaseSigners();
    expect(failure(() => openNextRoot(others.document, before))).toBe('trust.root-unsigned');
    const alone = signRoot(draftRoot(rootContent(signers.three)), a.privateKey);
    expect(failure(() => openNextRoot(alone, before))).toBe('trust.root-unsigned');
  });

  it('is lost to who stole that key no more, once it has the first root', () => {
    const thief = signer();
    const own: typeof signers.three = [a, thief, signer()];
    const first = signedRoot(rootContent(own), [a, thief]);
    // Until then it cannot tell: a package is born with a root.
    expect(openNextRoot(first, rootOfOneKey(a.publicKey)).version).toBe(1);
    expect(failure(() => openNextRoot(first, signers.root))).toBe('trust.root-order');
    expect(failure(() => openNextRoot(next(own, [a, thief]), signers.root))).toBe('trust.root-unsigned');
  });

  it('takes no release of that key alone, nor of two before it knows the root', () => {
    const before = rootOfOneKey(a.publicKey);
    expect(openRelease(signers.sign(manifest, { by: [a] }), before)).toBeUndefined();
    expect(openRelease(signers.sign(manifest), before)).toBeUndefined();
  });

  it('is told no other kind of key', () => {
    expect(() => rootOfOneKey('AAAA')).toThrow(TypeError);
  });
});

function next(signed: typeof signers.three, by: readonly (typeof a)[], version = 2): string {
  return signedRoot(rootContent(signed, { version }), by);
}

function headerOf({ privateKey }: typeof a): string {
  const header = { alg: 'ES256', typ: RELEASE_TYP, kid: keyIdOf(privateKey) };
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}
