import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderNo as orderNoSchema } from '@bianmin/purchase/api/scalars';
import { CardSessions, CARD_SESSION_MS, type CardSession } from './card-session.ts';
import { newOrderNo, orderNoOf, madeAt, extraPaymentNo, paymentNo, refundNo } from '../model/order-no.ts';
import { ReceiptCodes } from './receipt.ts';

describe('numbers', () => {
  it("carry China's time, and fit every channel", () => {
    const no = newOrderNo(new Date('2026-02-28T17:05:09Z'), () => 42);
    expect(no).toBe('260301010509000042');
    expect(orderNoSchema.safeParse(no).success).toBe(true);
    const longest = refundNo(extraPaymentNo(paymentNo(no, 20), 99), 'requested');
    expect(longest).toMatch(/^[A-Za-z0-9_]{6,32}$/u);
  });

  it('tell when their order was made', () => {
    expect(madeAt('260301010509000042')).toEqual(new Date('2026-02-28T17:05:09Z'));
    expect(madeAt('269901010509000042')).toBeUndefined();
    expect(madeAt('2603010105090000420')).toBeUndefined();
  });

  it.each([
    ['260301010509000042p1', '260301010509000042'],
    ['260301010509000042p12r3', '260301010509000042'],
    ['260301010509000042p1x1r1', '260301010509000042'],
    ['260301010509000042p1s12', '260301010509000042'],
    ['260301010509000042', undefined],
    ['26030101050900004p1', undefined],
    ['x260301010509000042p1', undefined],
  ])('%s belongs to %s', (number, order) => expect(orderNoOf(number)).toBe(order));
});

describe('receipt codes', () => {
  const codes = new ReceiptCodes(Buffer.alloc(32, 1));

  it('lead back to their order, read aloud in any case and spacing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{18}$/), (no) => {
        const code = codes.codeOf(no);
        return (
          codes.orderNoOf(code) === no && codes.orderNoOf(code.toLowerCase().replaceAll('-', ' ')) === no
        );
      }),
    );
  });

  it('cannot be made up or mistyped', () => {
    const code = codes.codeOf('260301010509000042');
    expect(new ReceiptCodes(Buffer.alloc(32, 2)).orderNoOf(code)).toBeUndefined();
    expect(codes.orderNoOf(code.replace(/^./u, '1'))).toBeUndefined();
    for (const bad of ['', 'UUUU-UUUU-UUUU-UUUU', code.slice(1)])
      expect(codes.orderNoOf(bad)).toBeUndefined();
  });
});

describe('card sessions', () => {
  const session: CardSession = {
    terminalId: 'kiosk-a',
    customerNo: '650100123456',
    meterNo: '000000000001',
    chip: 'SLE4442',
    serial: '00000000000000AB',
    imageDigest: 'a'.repeat(64),
    count: 2,
    previousInserted: true,
    meterSaidAt: null,
    masked: { name: '张*', address: '天山区**', customerNo: '****3456' },
    minFen: 100,
    maxFen: 50_000,
  };

  it('show nothing of themselves in Redis, and open only by their handle on their terminal', async () => {
    const kept = new Map<string, string>();
    const sessions = new CardSessions({
      put: (key, value, ttlMs) => {
        expect(ttlMs).toBe(CARD_SESSION_MS);
        kept.set(key, value);
        return Promise.resolve();
      },
      putNew: () => Promise.reject(new Error('A session takes no place from another.')),
      get: (key) => Promise.resolve(kept.get(key) ?? null),
      getAll: () => Promise.reject(new Error('A session is asked for alone.')),
    });
    const handle = await sessions.open(session, new Date(5));
    const dump = JSON.stringify([...kept]);
    for (const secret of [handle, session.customerNo, session.meterNo, session.serial, session.terminalId]) {
      expect(dump).not.toContain(secret);
    }
    expect(await sessions.find(handle, 'kiosk-a')).toEqual(session);
    expect(await sessions.find(handle, 'kiosk-b')).toBeNull();
    expect(await sessions.find('x'.repeat(43), 'kiosk-a')).toBeNull();
    expect(await sessions.holds('kiosk-a', session.serial)).toBe(true);
    expect(await sessions.holds('kiosk-b', session.serial)).toBe(false);
  });
});
