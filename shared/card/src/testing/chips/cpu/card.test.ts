import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { isIsoAtr } from '../../../chip/cpu/atr.ts';
import {
  externalAuthenticate,
  macedUpdateBinary,
  macedUpdateHeader,
  updateBinary,
} from '../../../chip/cpu/commands.ts';
import { tripleDes } from '../../node/triple-des.ts';
import { externalAuth, internalAuth, updateMac } from '../../cos-crypto.ts';
import { SimulatedCpuCard } from './card.ts';
import { cpuAtr, type CardProtocol } from './line.ts';

const KEYS = {
  internal: bytes('000102030405060708090A0B0C0D0E0F'),
  external: bytes('101112131415161718191A1B1C1D1E1F'),
  mac: bytes('202122232425262728292A2B2C2D2E2F'),
};
const SERIAL = '6501000000000042';
const PURSE = { sfi: 2, offset: 0 };

function cardOn(protocol: CardProtocol = 'T1'): {
  card: SimulatedCpuCard;
  send: (apdu: string | Uint8Array) => string;
} {
  const files = { 'mf:19': bytes(`00${SERIAL}`), 'df01:02': bytes('0000006400000007') };
  const card = new SimulatedCpuCard({ cipher: tripleDes, keys: KEYS, files, protocol });
  card.powerOn();
  return { card, send: (apdu) => hex(card.transmit(typeof apdu === 'string' ? bytes(apdu) : apdu)) };
}

type Send = (apdu: string | Uint8Array) => string;

function authenticate(send: Send): string {
  const challenge = bytes(send('0084000008').slice(0, 16));
  return send(externalAuthenticate(2, externalAuth(tripleDes, KEYS.external, challenge)));
}

function maced(send: Send, data: Uint8Array, target = PURSE): Uint8Array {
  const challenge = bytes(send('0084000004').slice(0, 8));
  const header = macedUpdateHeader(target, data.length);
  return macedUpdateBinary(target, data, updateMac(tripleDes, KEYS.mac, { challenge, header, data }));
}

describe('the simulated CPU card', () => {
  it('gives proper answers to reset', () => {
    for (const protocol of ['T0', 'T1'] as const) expect(isIsoAtr(cpuAtr(protocol))).toBe(true);
    expect(hex(cpuAtr('T0'))).toBe('3B680000444C435055010000');
    expect(hex(cpuAtr('T1'))).toBe('3B888131FE45444C435055010000CC');
  });

  it('reads its serial under the MF and its purse under DF01 without rights', () => {
    const { send } = cardOn();
    expect(send('00B0990108')).toBe(`${SERIAL}9000`);
    expect(send('00B0820008')).toBe('6A82');
    expect(send('00A4000002DF01')).toBe('9000');
    expect(send('00B0820008')).toBe('00000064000000079000');
    expect(send('00B0990108')).toBe('6A82');
  });

  it('proves itself to a challenge', () => {
    const { send } = cardOn();
    const random = bytes('0102030405060708');
    expect(send('00880001080102030405060708')).toBe(
      `${hex(internalAuth(tripleDes, KEYS.internal, random))}9000`,
    );
  });

  it('changes the purse only after external authentication and with a right MAC', () => {
    const { card, send } = cardOn();
    send('00A4000002DF01');
    const data = bytes('0000138800000008');
    expect(send(updateBinary(PURSE, data))).toBe('6987');
    expect(send(maced(send, data))).toBe('6982');
    expect(authenticate(send)).toBe('9000');
    const wrong = maced(send, data);
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
    expect(send(wrong)).toBe('6988');
    expect(send(maced(send, data))).toBe('9000');
    expect(hex(card.files.get('df01:02') ?? bytes(''))).toBe('0000138800000008');
  });

  it('lets one challenge serve several updates of a session', () => {
    const { send } = cardOn();
    send('00A4000002DF01');
    authenticate(send);
    const challenge = bytes(send('0084000004').slice(0, 8));
    for (const sfi of [1, 5]) {
      const target = { sfi, offset: 0 };
      const data = bytes('AABB');
      const header = macedUpdateHeader(target, 2);
      const mac = updateMac(tripleDes, KEYS.mac, { challenge, header, data });
      expect(send(macedUpdateBinary(target, data, mac))).toBe('9000');
    }
  });

  it.each([
    ['a reset', (card: SimulatedCpuCard) => void card.powerOn()],
    ['a selection', (card: SimulatedCpuCard) => void card.transmit(bytes('00A40000023F00'))],
  ])('loses its security state at %s', (_name, lose) => {
    const { card, send } = cardOn();
    send('00A4000002DF01');
    authenticate(send);
    lose(card);
    send('00A4000002DF01');
    expect(send(maced(send, bytes('0000000000000000')))).toBe('6982');
  });

  it('counts failed authentications, gives all tries back for a right one, and locks at the end', () => {
    const { card, send } = cardOn();
    send('00A4000002DF01');
    const wrong = '00820002080000000000000000';
    send('0084000008');
    expect(send(wrong)).toBe('63C7');
    expect(send(wrong)).toBe('6984');
    expect(authenticate(send)).toBe('9000');
    expect(card.externalTries).toBe(0xff);
    for (let left = 7; left >= 0; left--) {
      send('0084000008');
      expect(send(wrong)).toBe(`63C${left}`);
    }
    expect(authenticate(send)).toBe('6983');
  });

  it('over T=0 keeps answers for GET RESPONSE and corrects lengths', () => {
    const { send } = cardOn('T0');
    const answer = hex(internalAuth(tripleDes, KEYS.internal, bytes('0102030405060708')));
    expect(send('00880001080102030405060708')).toBe('6108');
    expect(send('00C0000010')).toBe('6C08');
    expect(send('00C0000008')).toBe(`${answer}9000`);
    expect(send('00C0000008')).toBe('6985');
    expect(send('00B0990000')).toBe('6C09');
    expect(send('00B0990009')).toBe(`00${SERIAL}9000`);
  });

  it('refuses what it does not know', () => {
    const { send } = cardOn();
    expect(send('80E0000000')).toBe('6E00');
    expect(send('00E0000000')).toBe('6D00');
    expect(send('00B0')).toBe('6700');
    expect(send('00A4000002DF09')).toBe('6A82');
  });

  it('comes back whole from a snapshot', () => {
    const { card } = cardOn('T0');
    expect(SimulatedCpuCard.restore(card.snapshot(), tripleDes).snapshot()).toEqual(card.snapshot());
  });
});
