import { describe, expect, it } from 'vitest';
import { HeadSeal } from '../access/head-seal.ts';
import { householdKey } from '../money/discount/desk.ts';
import { ReceiptCodes } from '../orders/desk/receipt.ts';
import { SealedLinks } from '../orders/desk/sealed-links.ts';
import { holderSpellings, openHolder, sealHolder } from './holder.ts';
import { KeyedDigest } from './keyed-digest.ts';
import { KeyRing, versionOf } from './key-ring.ts';
import { NumberSeal } from './sealed-number.ts';
import { SecretSeal } from './secret-seal.ts';

const [OLD, NEW] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
const NO = '650100000001';
const ORDER = '261126120000000001';

/** A ring of both, in the midst of a change: it seals under the version that is named. */
function changing(sealing: 1 | 2): KeyRing {
  const ring = new KeyRing(
    new Map([
      [2, NEW],
      [1, OLD],
    ]),
  );
  ring.sealWith(sealing);
  return ring;
}

describe('what was made before there were versions', () => {
  it('is version 1, and is made as it was: an earlier server and a later one read each other', () => {
    expect(new NumberSeal(OLD).seal(NO)).toBe('aerFlKKPvXZwBwyshPXbrzVz-Vu0DThxGWcv7w');
    const secret = 'USs9dYpx4H1QKWJ6mqkcq90LlBFI7XSDIc8m7Qb-6vGDChzUE2B_sD3BFsA';
    expect(new SecretSeal(OLD, 'bianmin second factors').open(secret, 'u1')).toBe('JBSWY3DPEHPK3PXP');
    expect(householdKey(OLD)('g', NO)).toBe('eimfJqmykGeZg26bVZxW7ehtVZWo5-l7QrV4Mz7Fma8');
    expect(new HeadSeal(OLD).of({ writer: 'w', n: 3, digest: 'd' })).toBe(
      '-RqEfRU5VpinbJl_2CzyBB4KGIzrVn8uPEVnYDN_qk4',
    );
    expect(new ReceiptCodes(OLD).codeOf(ORDER)).toBe('77XM-TAC2-T401-13AG');
    expect(new SealedLinks({ keys: OLD, purpose: 'bianmin receipt links', base: '' }).tokenOf(ORDER)).toBe(
      'jMK9ut27yMHKCHiPqDUD-Q',
    );
  });

  it('opens in a ring that has its key, whatever is sealed under now', () => {
    for (const sealing of [1, 2] as const) {
      expect(new NumberSeal(changing(sealing)).open(new NumberSeal(OLD).seal(NO))).toBe(NO);
    }
  });
});

describe('a ring', () => {
  it('seals under its oldest version until it is told another: that one every process has', () => {
    const ring = new KeyRing(
      new Map([
        [3, NEW],
        [2, OLD],
      ]),
    );
    expect([ring.sealing, ring.versions]).toEqual([2, [2, 3]]);
    expect(() => {
      ring.sealWith(1);
    }).toThrow(expect.objectContaining({ code: 'keys.missing', context: { version: 1 } }));
  });

  it('names the version in what it seals, and is found by every spelling of a number', () => {
    const seal = new NumberSeal(changing(2));
    expect(seal.seal(NO)).toMatch(/^2\.[\w-]+$/u);
    expect(seal.spellings(NO)).toEqual([seal.seal(NO), new NumberSeal(OLD).seal(NO)]);
    expect(seal.open(seal.seal(NO))).toBe(NO);
    expect([seal.isCurrent(seal.seal(NO)), seal.isCurrent(new NumberSeal(OLD).seal(NO))]).toEqual([
      true,
      false,
    ]);
    expect(new NumberSeal(OLD).spellings(NO)).toEqual([new NumberSeal(OLD).seal(NO)]);
  });

  it('says which version is missing, and opens nothing under another key', () => {
    const sealed = new NumberSeal(changing(2)).seal(NO);
    expect(() => new NumberSeal(OLD).open(sealed)).toThrow(
      expect.objectContaining({ code: 'keys.missing', context: { version: 2 } }),
    );
    const bare = versionOf(sealed).bare;
    expect(() => new NumberSeal(OLD).open(bare)).toThrow(/cannot be opened/u);
    expect(() => new SecretSeal(OLD, 'p').open(new SecretSeal(NEW, 'p').seal('s', 'u'), 'u')).toThrow();
  });

  it('has a key of its own for each purpose and version', () => {
    const ring = changing(1);
    const keys = [1, 2].flatMap((version) =>
      ['a', 'b'].map((purpose) => ring.key(version, purpose).toString('hex')),
    );
    expect(new Set(keys).size).toBe(4);
  });

  it('tells its secrets to nobody who prints it', () => {
    const ring = changing(2);
    expect(JSON.stringify({ ring })).not.toMatch(/(?:07){4}|(?:7,){4}|BwcHBw/u);
    expect(String(Object.values(ring))).not.toMatch(/(?:7,){4}/u);
    expect(ring.secretTexts()).toContain('08'.repeat(32));
  });
});

describe('what is handed out', () => {
  it('is good while its version is here, new ones are of the newest', () => {
    const paper = new ReceiptCodes(OLD).codeOf(ORDER);
    const [both, without] = [new ReceiptCodes(changing(2)), new ReceiptCodes(changing(2).only(2))];
    expect(both.codeOf(ORDER)).not.toBe(paper);
    expect([both.orderNoOf(paper), both.orderNoOf(both.codeOf(ORDER))]).toEqual([ORDER, ORDER]);
    expect(without.orderNoOf(paper)).toBeUndefined();
  });

  it('is so of links, too', () => {
    const linksOf = (keys: KeyRing) => new SealedLinks({ keys, purpose: 'bianmin pay links', base: '' });
    const old = linksOf(changing(1)).tokenOf(ORDER);
    expect(linksOf(changing(2)).orderNoOf(old)).toBe(ORDER);
    expect(linksOf(changing(2)).tokenOf(ORDER)).not.toBe(old);
    expect(linksOf(changing(2).only(2)).orderNoOf(old)).toBeUndefined();
  });
});

describe('a digest', () => {
  it('fits under any version that is here, and names it', () => {
    const form = { encoding: 'hex', length: 16 } as const;
    const [old, now] = [new KeyedDigest(changing(1), 'p', form), new KeyedDigest(changing(2), 'p', form)];
    expect(now.of('x')).toMatch(/^2\.[\da-f]{16}$/u);
    expect([now.fits('x', old.of('x')), now.fits('x', now.of('x')), now.fits('y', old.of('x'))]).toEqual([
      true,
      true,
      false,
    ]);
    expect(new KeyedDigest(OLD, 'p', form).fits('x', now.of('x'))).toBe(false);
  });
});

describe('who holds an account', () => {
  const HOLDER = 'ab'.repeat(16);

  it('is sealed, and found as earlier servers kept it, too', () => {
    const seal = new NumberSeal(changing(2));
    const stored = sealHolder(seal, HOLDER);
    expect(stored).not.toContain(HOLDER);
    expect([openHolder(seal, stored), openHolder(seal, HOLDER)]).toEqual([HOLDER, HOLDER]);
    expect(holderSpellings(seal, HOLDER)).toEqual(expect.arrayContaining([stored, HOLDER]));
  });

  it('is kept as it was while an earlier server may read it', () => {
    const ring = changing(1);
    ring.sealsAll = false;
    expect(sealHolder(new NumberSeal(ring), HOLDER)).toBe(HOLDER);
  });
});
