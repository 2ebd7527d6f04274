import fc from 'fast-check';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueInMs, nameOf, namesOfSeries, newestOf, spareOf, timeOf } from './series.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = new Date('2026-12-01T08:00:00Z');
const ago = (ms: number): string => nameOf(new Date(NOW.getTime() - ms));

describe('a series', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bianmin-series-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('names its backups by their time, and knows no other folder as its own', async () => {
    expect(nameOf(new Date('2026-12-01T07:46:05.999Z'))).toBe('20261201T074605Z');
    expect(timeOf('20261201T074605Z')).toEqual(new Date('2026-12-01T07:46:05Z'));
    for (const other of ['20261301T074605Z', '.making-20261201T074605Z', 'notes', '20261201']) {
      expect(timeOf(other)).toBeUndefined();
    }
    for (const name of ['20261201T074605Z', '20261130T074605Z', '.making-20261201T084605Z', 'notes']) {
      await mkdir(join(folder, name));
    }
    expect(await namesOfSeries(folder)).toEqual(['20261130T074605Z', '20261201T074605Z']);
    expect(await newestOf(folder)).toBe('20261201T074605Z');
    expect(await readdir(folder)).toHaveLength(4);
  });

  it('says when there is none', async () => {
    await writeFile(join(folder, 'notes'), '');
    await expect(newestOf(folder)).rejects.toMatchObject({ code: 'backup.none' });
    await expect(newestOf(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'backup.none' });
  });

  it('is due at even times, also where a process begins again', async () => {
    const at = { now: NOW.getTime(), everyMs: 6 * HOUR };
    expect(await dueInMs(join(folder, 'nowhere'), at)).toBe(0);
    await mkdir(join(folder, ago(2 * HOUR)));
    expect(await dueInMs(folder, at)).toBe(4 * HOUR);
    expect(await dueInMs(folder, { ...at, everyMs: HOUR })).toBe(0);
    // A clock that was ahead puts off nothing for longer than usual.
    await mkdir(join(folder, ago(-30 * DAY)));
    expect(await dueInMs(folder, at)).toBe(6 * HOUR);
  });
});

describe('what may go', () => {
  it('is nothing of two days, all but one of a day for two weeks, all but one of a week for a quarter', () => {
    const made = Array.from({ length: 4 * 150 }, (_, n) => ago((4 * 150 - 1 - n) * 6 * HOUR));
    const spare = new Set(spareOf(made, NOW));
    const kept = made.filter((name) => !spare.has(name));
    const ages = kept.map((name) => NOW.getTime() - (timeOf(name)?.getTime() ?? 0));
    expect(ages.filter((age) => age <= 2 * DAY)).toHaveLength(9);
    expect(ages.filter((age) => age > 2 * DAY && age <= 14 * DAY).length).toBeGreaterThanOrEqual(12);
    expect(ages.filter((age) => age > 14 * DAY).length).toBeGreaterThanOrEqual(11);
    expect(kept.length).toBeLessThanOrEqual(9 + 13 + 13);
  });

  it('never the newest, never what was already kept, whenever backups were made', () => {
    const ages = fc.uniqueArray(fc.integer({ min: 0, max: 400 * 24 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(ages, (hours) => {
        const names = hours.map((each) => ago(each * HOUR)).toSorted();
        const kept = names.filter((name) => !spareOf(names, NOW).includes(name));
        expect(kept.at(-1)).toBe(names.at(-1));
        expect(spareOf(kept, NOW)).toEqual([]);
      }),
    );
  });

  it('keeps of each of the last twelve weeks one, however the series is thinned as it grows', () => {
    let names: string[] = [];
    for (let at = -120 * DAY; at <= 0; at += 6 * HOUR) {
      const now = new Date(NOW.getTime() + at);
      names = [...names, nameOf(now)];
      const spare = spareOf(names, now);
      names = names.filter((name) => !spare.includes(name));
    }
    for (let week = 2; week < 12; week += 1) {
      const within = names.filter((name) => {
        const age = NOW.getTime() - (timeOf(name)?.getTime() ?? 0);
        return age > week * 7 * DAY && age <= (week + 2) * 7 * DAY;
      });
      expect(within.length).toBeGreaterThanOrEqual(1);
    }
  });
});
