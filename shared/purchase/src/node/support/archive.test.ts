import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import type { Diagnostics } from '../../api/diagnostics.ts';
import type { TerminalSupport } from '../../api/support.ts';
import { openSupport, packSupport } from './archive.ts';

const PARTS: TerminalSupport = {
  ...{ kind: 'kiosk', at: '2026-03-01T00:00:00.000Z', version: '1.0.0', machine: null, system: null },
  settings: [{ name: 'PORT', state: 'shown', value: '8080' }],
  ...{ readers: null, journal: { entries: [] }, lines: [], log: ['{"message":"host is up"}'] },
};

describe('a support archive', () => {
  it('is opened again as it was packed, and the same parts are the same bytes', () => {
    const packed = packSupport(PARTS);
    expect(openSupport(packed).parts).toEqual(PARTS);
    expect(packSupport(PARTS)).toEqual(packed);
  });

  it('names its files with their digests, first', () => {
    const packed = packSupport(PARTS);
    const [first, ...names] = Object.keys(unzipSync(packed));
    expect(first).toBe('manifest.json');
    expect(openSupport(packed).manifest.files.map(({ name }) => name)).toEqual(names);
  });

  it('looks through what a terminal of another version let pass', () => {
    const machine: Diagnostics = {
      ...{ at: PARTS.at, fingerprint: 'AbCdEfGh1234', terminalId: `t${'a1'.repeat(15)}`, uptimeS: 1 },
      readers: [{ name: 'ACS ACR39U of 古丽娜尔', card: 'none', lastChip: 'SLE4442' }],
      versions: { app: '1.0.0', node: null, electron: null, chromium: null, system: 'Android 13899887766' },
      server: { link: 'online', lastAnswerAt: null, roundTripMs: null, skewMs: null },
      ...{ disk: null, journal: null, screen: { name: 'wait', problem: null } },
      faults: [
        {
          ...{ at: PARTS.at, where: 'shell', code: 'card.unknown', times: 1 },
          sentence: 'The code A1B2C3 of 6501 9988 7766 is at https://pay.example/p/secret-Link-abcdefghi.',
        },
      ],
    };
    const { parts } = openSupport(
      packSupport({ ...PARTS, machine, log: ['{"message":"pin 918273","pin":"918273"}', 'no line'] }),
    );
    expect(parts.log).toEqual(['{"message":"pin …"}']);
    expect(parts).toMatchObject({
      machine: {
        ...{ fingerprint: machine.fingerprint, terminalId: machine.terminalId },
        readers: [{ name: 'ACS ACR39U of …', lastChip: 'SLE4442' }],
        versions: { system: 'Android …' },
        faults: [{ code: 'card.unknown', sentence: 'The code … of … is at https://pay.example/…' }],
      },
    });
    expect(packSupport(parts)).toEqual(packSupport(openSupport(packSupport(parts)).parts));
  });

  it('takes nothing that its schema does not name', () => {
    expect(() => packSupport({ ...PARTS, pin: '918273' } as never)).toThrow();
  });

  it.each<[string, Uint8Array, string]>([
    ['no archive', strToU8('hello'), 'support.not-readable'],
    ['another ZIP', zipSync({ 'a.txt': strToU8('a') }), 'support.not-readable'],
    [
      'one that was changed',
      zipSync({ ...unzipSync(packSupport(PARTS)), 'log.jsonl': strToU8('{}\n') }),
      'support.not-readable',
    ],
    ['one that unpacks to too much', zipSync({ 'a.txt': new Uint8Array(2_000_000) }), 'support.too-large'],
  ])('is not %s', (_, bytes, code) => {
    let said: unknown;
    try {
      openSupport(bytes);
    } catch (error) {
      said = codeOf(error);
    }
    expect(said).toBe(code);
  });
});
