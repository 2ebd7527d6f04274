import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { SealedLinks } from './sealed-links.ts';

const base = 'https://pay.example/p/';
const purpose = 'bianmin pay links';
const links = new SealedLinks({ keys: Buffer.alloc(32, 1), purpose, base });
const orderNo = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map((n) => n.toString().padStart(18, '0'));

describe("an order's pay link", () => {
  it('is short and names no order', () => {
    const url = links.urlOf('261126120000000001');
    expect(url).toMatch(/^https:\/\/pay\.example\/p\/[\w-]{22}$/);
    expect(url).not.toContain('261126');
  });

  it('leads back to its order, whichever that is', () => {
    fc.assert(fc.property(orderNo, (no) => links.orderNoOf(links.tokenOf(no)) === no));
  });

  it('with one character changed leads nowhere', () => {
    const token = links.tokenOf('261126120000000001');
    fc.assert(
      fc.property(fc.nat(21), fc.constantFrom(...'ABab01_-'), (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        return changed === token || links.orderNoOf(changed) === undefined;
      }),
    );
  });

  it.each(['', 'x', 'index.html', 'A'.repeat(22), '\u4ee3'.repeat(22)])('is not %j', (token) => {
    expect(links.orderNoOf(token)).toBeUndefined();
  });

  it('of another server leads nowhere here', () => {
    const other = new SealedLinks({ keys: Buffer.alloc(32, 2), purpose, base });
    expect(links.orderNoOf(other.tokenOf('261126120000000001'))).toBeUndefined();
  });

  it('of one purpose opens nothing of another', () => {
    const receipts = new SealedLinks({
      ...{ keys: Buffer.alloc(32, 1), purpose: 'bianmin receipt links', base: `${base}r/` },
    });
    expect(receipts.orderNoOf(links.tokenOf('261126120000000001'))).toBeUndefined();
    expect(receipts.urlOf('261126120000000001')).toMatch(/^https:\/\/pay\.example\/p\/r\/[\w-]{22}$/);
  });
});
