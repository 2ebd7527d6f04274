import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openAnswer, provenText } from './answer.ts';
import { failureOf } from './failure.ts';
import { bestpayProfile } from './profile.ts';
import type { BestpayProfile } from './profile.ts';
import { signed, signedText } from './signing.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const profile = bestpayProfile.parse({});

function withSign(
  fields: Record<string, unknown>,
  algorithm: 'SHA1withRSA' | 'SHA256withRSA' = 'SHA256withRSA',
): Record<string, unknown> {
  return { ...fields, sign: signed(signedText(fields, 'written'), privateKey, algorithm) };
}
const proves = (fields: Record<string, unknown>, by: BestpayProfile = profile): boolean =>
  provenText(fields, by, [publicKey]) !== undefined;

describe('what Bestpay signs', () => {
  it('is sorted, with nested names sorted, slashes as they are and null as a word', () => {
    const fields = {
      success: true,
      result: { outTradeNo: 'a1', codeUrl: 'https://a.b/c?d=1&e=2', list: [{ z: 1, a: '翼' }], memo: null },
      errorCode: null,
      sign: 'dropped',
    };
    const result =
      '{"codeUrl":"https://a.b/c?d=1&e=2","list":[{"a":"翼","z":1}],"memo":null,"outTradeNo":"a1"}';
    expect(signedText(fields, 'written')).toBe(`errorCode=null&result=${result}&success=true`);
    expect(signedText(fields, 'left-out')).toBe(`result=${result}&success=true`);
  });

  it('is proved by either algorithm, or by the one that the profile names', () => {
    const sha256 = bestpayProfile.parse({ signing: { answers: ['SHA256withRSA'] } });
    for (const algorithm of ['SHA1withRSA', 'SHA256withRSA'] as const) {
      const fields = withSign({ a: '1' }, algorithm);
      expect(proves(fields)).toBe(true);
      expect(proves(fields, sha256)).toBe(algorithm === 'SHA256withRSA');
    }
  });

  it('proves nothing when a field or the signature is another, or has a second spelling', () => {
    const fields = withSign({ amount: '100', paid: 'SUCCESS' });
    const { sign } = fields as { sign: string };
    expect(proves({ ...fields, amount: '1' })).toBe(false);
    expect(proves({ ...fields, more: '1' })).toBe(false);
    expect(proves({ ...fields, sign: `${sign}\n` })).toBe(false);
    expect(proves({ ...fields, sign: [sign] })).toBe(false);
    expect(proves({ amount: '100', paid: 'SUCCESS' })).toBe(false);
  });

  it('cannot be read in two ways: one field that holds another, under the genuine signature', () => {
    const { sign } = withSign({ amount: '100', notifyType: 'PAY', tradeStatus: 'FAIL' });
    expect(proves({ amount: '100', notifyType: 'PAY&tradeStatus=FAIL', sign })).toBe(false);
    expect(proves(withSign({ subject: 'x&tradeStatus=SUCCESS' }))).toBe(false);
  });
});

describe('what an answer means', () => {
  const codes = { busy: ['B'], poor: ['P'], notFound: ['N'], refused: ['R'] };
  const own = bestpayProfile.parse({ codes });
  const meant = (fields: Record<string, unknown>, isSigned = true): string | undefined => {
    const raw = Buffer.from(JSON.stringify(isSigned ? withSign(fields) : fields));
    const answer = openAnswer(raw, own, [publicKey]);
    return answer === undefined
      ? 'no answer'
      : failureOf(answer, { operation: 'refund', at: null }, own)?.code;
  };

  it.each<[string | null, boolean, string]>([
    ['R', true, 'payment.refused'],
    ['N', true, 'payment.refused'],
    ['R', false, 'payment.unknown'],
    ['B', true, 'payment.unavailable'],
    ['P', true, 'payment.unavailable'],
    ['API100001', false, 'payment.unavailable'],
    ['SOMETHING_NEW', true, 'payment.unknown'],
    [null, true, 'payment.unknown'],
  ])('code %s, signed %s: %s', (errorCode, isSigned, expected) => {
    expect(meant({ success: false, errorCode, result: null }, isSigned)).toBe(expected);
  });

  it('is a success by the field and the values of the profile, and by the result’s own code', () => {
    expect(meant({ success: true, result: {} })).toBeUndefined();
    expect(meant({ success: 'true', result: {} })).toBeUndefined();
    expect(meant({ success: true, result: {} }, false)).toBe('payment.unknown');
    expect(meant({ success: true, result: { resultCode: 'R' } })).toBe('payment.refused');
    expect(meant({ returnCode: '0000', result: {} })).toBe('no answer');
    const other = bestpayProfile.parse({ success: { field: 'returnCode', values: ['0000'] } });
    const raw = Buffer.from(JSON.stringify(withSign({ returnCode: '0000', result: {} })));
    expect(openAnswer(raw, other, [publicKey])).toMatchObject({ success: true, signed: true });
  });

  it.each(['', 'null', '[]', '"text"', 'Bad Gateway', '{"success":{}}'])('is not %j', (text) => {
    expect(openAnswer(Buffer.from(text), profile, [publicKey])).toBeUndefined();
  });
});
