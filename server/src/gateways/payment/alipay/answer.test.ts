import { AlipaySdk } from 'alipay-sdk';
import { describe, expect, it } from 'vitest';
import { certificateNumber, sign } from '../../../../sandbox/wallet/alipay/signing.ts';
import { testAlipayKeys } from '../../../testing/alipay-harness.ts';
import { openAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { failureOf } from './failure.ts';
import { trustOf } from './keys.ts';

const keys = testAlipayKeys();
const METHOD = 'alipay.trade.query';
const trust = trustOf(keys.publicKeyMode.publicKey, keys.certificateMode.certificate);
const paid = '{"code":"10000","msg":"Success","trade_status":"TRADE_SUCCESS","url":"https:\\/\\/a.b"}';
const waiting = paid.replace('TRADE_SUCCESS', 'WAIT_BUYER_PAY');
const member = (content: string, name = 'alipay_trade_query_response'): string => `"${name}":${content}`;
const signed = (content: string, privateKey = keys.publicKeyMode.privateKey): string =>
  `"sign":"${sign(content, privateKey)}"`;

function open(...members: string[]): Answer | undefined {
  return openAnswer(METHOD, Buffer.from(`{${members.join(',')}}`), trust);
}

describe('an answer of Alipay', () => {
  it('is proved by either key, and read from the bytes that were signed', () => {
    const number = certificateNumber(keys.certificateMode.certificate);
    const byCertificate = signed(waiting, keys.certificateMode.privateKey);
    expect(open(member(waiting), signed(waiting))).toMatchObject({ signed: true, code: '10000' });
    expect(open(member(waiting), `"alipay_cert_sn":"${number}"`, byCertificate)).toMatchObject({
      signed: true,
    });
    expect(open(member(waiting), `"alipay_cert_sn":"${number}"`, signed(waiting))).toMatchObject({
      signed: false,
    });
    expect(open(member(waiting), `"alipay_cert_sn":"unknown"`, byCertificate)).toMatchObject({
      signed: false,
    });
  });

  it('is one that the official library proves as well', () => {
    const sdk = new AlipaySdk({
      appId: keys.appId,
      privateKey: keys.app.privateKey,
      keyType: 'PKCS8',
      alipayPublicKey: keys.publicKeyMode.publicKey,
    });
    const raw = `{${member(waiting)},${signed(waiting)}}`;
    const signature = sign(waiting, keys.publicKeyMode.privateKey);
    expect(() => sdk.checkResponseSign(raw, 'alipay_trade_query_response', signature, '')).not.toThrow();
  });

  it('proves nothing when any one bit of it is another', () => {
    const raw = Buffer.from(`{${member(waiting)},${signed(waiting)}}`);
    const passed: number[] = [];
    for (let bit = 0; bit < raw.length * 8; bit += 1) {
      const changed = Buffer.from(raw);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const answer = openAnswer(METHOD, changed, trust);
      if (answer?.signed === true) passed.push(bit);
    }
    expect(passed).toEqual([]);
  });

  it('cannot be read in two ways: the genuine part beside another of its name', () => {
    expect(open(member(waiting), member(paid), signed(waiting))).toBeUndefined();
    expect(open(member(paid), member(waiting), signed(waiting))).toBeUndefined();
    expect(open(member(`{"x":${waiting}}`), signed(waiting))?.signed).toBe(false);
    expect(open(member(paid), member(waiting, 'other'), signed(waiting))?.signed).toBe(false);
  });

  it.each(['', 'null', '[]', 'Bad Gateway', '{"other_response":{"code":"10000"}}'])('is not %j', (text) => {
    expect(openAnswer(METHOD, Buffer.from(text), trust)).toBeUndefined();
  });
});

describe('what an answer means', () => {
  const answer = (code: string, subCode: string | undefined, isSigned = true): Answer => ({
    code,
    subCode,
    signed: isSigned,
    fields: {},
  });

  it.each<[string, string | undefined, boolean, string | undefined]>([
    ['10000', undefined, true, undefined],
    ['10000', undefined, false, 'payment.unknown'],
    ['10003', undefined, true, 'payment.unknown'],
    ['20000', 'aop.unknow-error', true, 'payment.unknown'],
    ['40004', 'ACQ.SYSTEM_ERROR', true, 'payment.unknown'],
    ['40004', 'ACQ.TRADE_NOT_EXIST', true, 'payment.refused'],
    ['40004', 'ACQ.TRADE_NOT_EXIST', false, 'payment.unknown'],
    ['40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', true, 'payment.unavailable'],
    ['40004', 'ACQ.ACCESS_FORBIDDEN', true, 'payment.unavailable'],
    ['40004', 'ACQ.ACCESS_FORBIDDEN', false, 'payment.unknown'],
    ['40005', 'isv.app-call-limited', true, 'payment.unavailable'],
    ['40002', 'isv.invalid-app-id', false, 'payment.unavailable'],
    ['40002', 'isv.invalid-signature', true, 'payment.unavailable'],
    ['40006', 'isv.insufficient-isv-permissions', false, 'payment.unavailable'],
    ['40001', 'isv.missing-parameter', true, 'payment.refused'],
  ])('%s %s, signed %s: %s', (code, subCode, isSigned, expected) => {
    const failure = failureOf(answer(code, subCode, isSigned), 'query', null);
    expect(failure?.code).toBe(expected);
  });
});
