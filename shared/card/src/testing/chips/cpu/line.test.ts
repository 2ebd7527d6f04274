import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import { D3 } from '../../../chip/cpu/dialects.ts';
import { parseAtr } from '../../../framing/atr.ts';
import { encodePps, judgePps } from '../../../framing/pps.ts';
import { tripleDes } from '../../node/triple-des.ts';
import { SimulatedCpuCard, type SimulatedCpuInit } from './card.ts';
import { cpuAtr, CpuLine, PPS_POLICIES } from './line.ts';

const SERIAL = fromHex('6501000000000042');
const KEYS = { internal: new Uint8Array(16), external: new Uint8Array(16), mac: new Uint8Array(16) };
const card = (init: Partial<SimulatedCpuInit> = {}): SimulatedCpuCard =>
  new SimulatedCpuCard({ cipher: tripleDes, keys: KEYS, files: {}, ...init });

describe('answers to reset of CPU cards', () => {
  it('are proper ones for every protocol, speed and place of the serial', () => {
    for (const fiDi of [undefined, 0x95, 0x18]) {
      const speed = fiDi === undefined ? {} : { fiDi };
      expect(parseAtr(cpuAtr('T0', speed))).toMatchObject({
        protocols: [0],
        fiDi: fiDi ?? 0x11,
        deviations: [],
      });
      expect(parseAtr(cpuAtr('T1', speed))).toMatchObject({ protocols: [1], ifsc: 254, fiDi: fiDi ?? 0x11 });
      const both = parseAtr(cpuAtr('T0', { ...speed, bothProtocols: true }));
      expect(both).toMatchObject({ protocols: [0, 1], protocol: 0, ifsc: 254, deviations: [] });
    }
    expect(toHex(cpuAtr('T0', { fiDi: 0x95 }))).toBe('3B78950000444C435055010000');
    expect(toHex(cpuAtr('T1', { fiDi: 0x95 })).slice(0, 14)).toBe('3B98958131FE45');
  });

  it('of dialect D3 carry the serial at bytes 5 to 12, where meters look for it', () => {
    const atr = cpuAtr('T0', { atrSerial: SERIAL });
    expect(toHex(atr)).toBe('3B69000080' + toHex(SERIAL));
    expect(parseAtr(atr).deviations).toEqual([]);
  });

  it('carry no serial that would lie elsewhere', () => {
    expect(() => cpuAtr('T1', { atrSerial: SERIAL })).toThrow(RangeError);
    expect(() => cpuAtr('T0', { atrSerial: SERIAL, fiDi: 0x95 })).toThrow(RangeError);
    expect(() => cpuAtr('T0', { atrSerial: SERIAL.slice(1) })).toThrow(RangeError);
    expect(() => card({ dialect: D3 })).toThrow(RangeError);
    expect(() => card({ atrSerial: SERIAL })).toThrow(RangeError);
    expect(() => new CpuLine({ protocol: 'T1', bothProtocols: true })).toThrow(RangeError);
  });
});

describe('a request for a speed', () => {
  const request = encodePps({ protocol: 0, fiDi: 0x95 });
  const answers = (init: Partial<SimulatedCpuInit>, asked = request): string | undefined => {
    const one = card({ fiDi: 0x95, ...init });
    one.powerOn();
    const answer = one.answerPps(asked);
    return answer === undefined ? undefined : toHex(answer);
  };

  it.each([
    ['accept', 'FF10957A', { agreed: true, fiDi: 0x95 }],
    ['decline-speed', 'FF00FF', { agreed: true, fiDi: 0x11 }],
    ['other-speed', 'FF10947B', { agreed: false, reason: 'fi-di' }],
  ] as const)('is answered by the card’s way: %s', (pps, hex, judgement) => {
    expect(answers({ pps })).toBe(hex);
    expect(judgePps(request, fromHex(hex))).toMatchObject(judgement);
  });

  it('gets no answer from a silent card, for another protocol, or where it is none', () => {
    expect(answers({ pps: 'silent' })).toBeUndefined();
    expect(answers({}, encodePps({ protocol: 1, fiDi: 0x95 }))).toBeUndefined();
    expect(answers({}, encodePps({ protocol: 2 }))).toBeUndefined();
    for (const hex of ['', 'FF', 'FF10957B', '00A4000002']) expect(answers({}, fromHex(hex))).toBeUndefined();
  });

  it('for more than the card can is answered without speed; for what it has anyway, with it', () => {
    expect(answers({}, encodePps({ protocol: 0, fiDi: 0x96 }))).toBe('FF00FF');
    expect(answers({}, encodePps({ protocol: 0, fiDi: 0x11 }))).toBe('FF1011FE');
    expect(answers({}, encodePps({ protocol: 0 }))).toBe('FF00FF');
  });

  it('may choose T=1 on a card that offers both, until the next reset', () => {
    const one = card({ bothProtocols: true });
    one.powerOn();
    expect(one.protocol).toBe('T0');
    expect(one.transmit(fromHex('00B0990000')).length).toBe(2);
    one.powerOn();
    expect(one.answerPps(encodePps({ protocol: 1 }))).toEqual(encodePps({ protocol: 1 }));
    expect(one.protocol).toBe('T1');
    const random = new Uint8Array(8);
    expect(one.transmit(Uint8Array.of(0x00, 0x88, 0x00, 0x01, 0x08, ...random)).length).toBe(10);
    one.powerOn();
    expect(one.protocol).toBe('T0');
  });

  it('once agreed on makes the line faster, by the ratio of Fi and Di', () => {
    const time = (fast: boolean): number => {
      const one = card({ fiDi: 0x95 });
      one.powerOn();
      if (fast) one.answerPps(request);
      one.resetUsage();
      one.transmit(fromHex('00B0990108'));
      return one.usage.busMs;
    };
    expect(time(true) / time(false)).toBeCloseTo(512 / 16 / 372, 9);
  });
});

it('a snapshot keeps line, speed, dialect and serial', () => {
  const lines: Partial<SimulatedCpuInit>[] = [
    {},
    { protocol: 'T1', fiDi: 0x18 },
    { bothProtocols: true },
    { dialect: D3, atrSerial: SERIAL },
    ...PPS_POLICIES.map((pps) => ({ fiDi: 0x95, pps })),
  ];
  for (const line of lines) {
    const one = card(line);
    const again = SimulatedCpuCard.restore(one.snapshot(), tripleDes);
    expect(again.snapshot()).toEqual(one.snapshot());
    expect(again.powerOn()).toEqual(one.powerOn());
    const request = encodePps({ protocol: line.protocol === 'T1' ? 1 : 0, fiDi: 0x95 });
    expect(again.answerPps(request)).toEqual(one.answerPps(request));
  }
});
