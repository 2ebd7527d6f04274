import { describe, expect, it } from 'vitest';
import type { Region } from '../region.ts';
import { D1, D2, D3, DIALECTS, SAFE_ORDER } from './dialects.ts';
import { fileFor, fileOf, zoneOf } from './dialect.ts';

describe.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))('dialect %s', (_id, dialect) => {
  it('names each file once, by zone and by role', () => {
    for (const file of dialect.files) {
      expect(fileOf(dialect, zoneOf(file))).toBe(file);
      expect(fileFor(dialect, file.role)).toBe(file);
      expect(file.sfi).toBeGreaterThan(0);
      expect(file.sfi).toBeLessThan(31);
    }
  });

  it('has zones that name its files and nothing else', () => {
    for (const zone of ['main', 'mf:02', 'df01:7', 'df02:01', 'df01:05x', ''])
      expect(fileOf(dialect, zone)).toBeUndefined();
  });

  it('has its fields and its serial within its files', () => {
    const { serial } = dialect;
    const regions: readonly Region[] = Object.values<Region>({ ...dialect.fields });
    for (const region of serial.in === 'file' ? [...regions, serial.region] : regions) {
      expect(region.offset + region.length).toBeLessThanOrEqual(fileOf(dialect, region.zone)?.length ?? 0);
    }
  });

  it('takes its files in pieces that make the whole and are within its limits', () => {
    for (const { pieces, length, update } of dialect.files) {
      const known = pieces ?? [length];
      expect(known.reduce((sum, piece) => sum + piece, 0)).toBe(length);
      if (pieces === undefined) continue;
      expect(Math.max(...pieces)).toBeLessThanOrEqual(dialect.maxRead);
      if (update !== 'never') expect(Math.max(...pieces)).toBeLessThanOrEqual(dialect.maxUpdate);
    }
    // Lc and Le of a short APDU.
    expect(dialect.maxRead).toBeLessThanOrEqual(256);
    expect(dialect.maxUpdate + dialect.mac.length).toBeLessThanOrEqual(255);
  });

  it('writes only roles that it has, and every role that a purchase may touch is in the safe order', () => {
    for (const role of dialect.sourceOrder) expect(fileFor(dialect, role)).toBeDefined();
    for (const { role, update } of dialect.files) expect(SAFE_ORDER.includes(role)).toBe(update === 'mac');
  });

  it('says what of it is unconfirmed', () => {
    expect(dialect.unconfirmed.length).toBeGreaterThan(0);
  });
});

it('the safe order empties the return file first and counts last', () => {
  expect(SAFE_ORDER[0]).toBe('return');
  expect(SAFE_ORDER.at(-1)).toBe('purse');
});

it.each([
  // The commands of the public sources, taken apart: SFI, bytes of data.
  ['04D6810031', D1, 'parameters'],
  ['04D682000C', D1, 'purse'],
  ['04D6850035', D1, 'return'],
  ['04D68400CB', D2, 'tariff-spare'],
  ['04D6860036', D2, 'return'],
  ['04D6850035', D3, 'return'],
] as const)('%s writes what %o says', (header, dialect, role) => {
  const bytes = Buffer.from(header, 'hex');
  const file = fileFor(dialect, role);
  expect(file?.sfi).toBe((bytes[2] ?? 0) & 0x1f);
  expect(file?.length).toBe((bytes[4] ?? 0) - dialect.mac.length);
});
