import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../bytes/hex.ts';
import { tripleDes } from './node/triple-des.ts';
import {
  deriveCode,
  diversify,
  externalAuth,
  internalAuth,
  purseMac,
  retailMac,
  updateMac,
} from './cos-crypto.ts';

const MASTER = bytes('00112233445566778899AABBCCDDEEFF');
const SERIAL = bytes('6501000000000042');

describe('card cryptography', () => {
  it('gives single DES with equal halves: FIPS example key and block', () => {
    // FIPS 81 appendix B1: key 0123456789ABCDEF, "Now is t" → 3FA40E8A984D4815.
    const key = bytes('0123456789ABCDEF0123456789ABCDEF');
    expect(hex(tripleDes.encrypt(key, bytes('4E6F772069732074')))).toBe('3FA40E8A984D4815');
    expect(hex(tripleDes.decrypt(key, bytes('3FA40E8A984D4815')))).toBe('4E6F772069732074');
  });

  it('computes the retail MAC of the worked example in ICAO Doc 9303-11, appendix D.3', () => {
    const mac = retailMac(tripleDes, {
      key: bytes('7962D9ECE03D1ACD4C76089DCE131543'),
      iv: new Uint8Array(8),
      message: bytes('72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2'),
    });
    expect(hex(mac)).toBe('5F1448EEA8AD90A7');
  });

  it('gives each serial its own keys and codes', () => {
    const key = diversify(tripleDes, MASTER, SERIAL);
    expect(key).toHaveLength(16);
    expect(hex(key.slice(0, 3))).toBe(hex(deriveCode(tripleDes, MASTER, SERIAL, 3)));
    expect(hex(diversify(tripleDes, MASTER, bytes('6501000000000043')))).not.toBe(hex(key));
  });

  it('answers challenges by encryption', () => {
    const random = bytes('0102030405060708');
    expect(hex(tripleDes.decrypt(MASTER, internalAuth(tripleDes, MASTER, random)))).toBe(hex(random));
    expect(hex(externalAuth(tripleDes, MASTER, random))).toBe(hex(internalAuth(tripleDes, MASTER, random)));
  });

  it('binds an update to challenge, header and data', () => {
    const update = {
      challenge: bytes('01020304'),
      header: bytes('04D682000C'),
      data: bytes('0000138800000007'),
    };
    const mac = updateMac(tripleDes, MASTER, update);
    expect(mac).toHaveLength(4);
    for (const other of [
      { ...update, challenge: bytes('01020305') },
      { ...update, header: bytes('04D683000C') },
      { ...update, data: bytes('0000138800000008') },
    ]) {
      expect(hex(updateMac(tripleDes, MASTER, other))).not.toBe(hex(mac));
    }
  });

  it('binds a purse to card, meter, customer, amount and count', () => {
    const purse = {
      serial: SERIAL,
      meterNo: bytes('000012345678'),
      customerNo: bytes('650100004321'),
      amountFen: 5000,
      count: 7,
    };
    const mac = hex(purseMac(tripleDes, MASTER, purse));
    expect(mac).toHaveLength(8);
    expect(hex(purseMac(tripleDes, MASTER, { ...purse, amountFen: 5001 }))).not.toBe(mac);
    expect(hex(purseMac(tripleDes, MASTER, { ...purse, count: 8 }))).not.toBe(mac);
    expect(hex(purseMac(tripleDes, MASTER, { ...purse, meterNo: purse.customerNo }))).not.toBe(mac);
  });
});
