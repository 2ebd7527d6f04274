import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reachable, type Outside } from './download.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-download-'));
});
afterEach(() => rm(dir, { recursive: true }));

function outside(over: Partial<Outside> & { asked?: string[] }): Outside {
  return {
    env: {},
    now: () => 1_000_000_000_000,
    fetch: (url) => {
      over.asked?.push(url);
      return Promise.reject(new Error('no network'));
    },
    ...over,
  };
}

describe("the download of MongoDB's own server", () => {
  it('is tried where its archive answers', async () => {
    const open = outside({ fetch: () => Promise.resolve({ ok: true }) });
    expect(await reachable('https://x/', join(dir, 'failed'), open)).toBeNull();
  });

  it('is not asked about again for a day after a no', async () => {
    const asked: string[] = [];
    const memory = join(dir, 'failed');
    let now = 1_000_000_000_000;
    const wall = outside({ asked, now: () => now });
    expect(await reachable('https://x/', memory, wall)).toMatch(/cannot be downloaded/);
    now += 23 * 3_600_000;
    expect(await reachable('https://x/', memory, wall)).toMatch(/less than a day ago/);
    expect(asked).toHaveLength(1);
    now += 2 * 3_600_000;
    await reachable('https://x/', memory, wall);
    expect(asked).toHaveLength(2);
  });

  it('is left alone where BIANMIN_NO_DOWNLOAD is set', async () => {
    const asked: string[] = [];
    const off = outside({ asked, env: { BIANMIN_NO_DOWNLOAD: '1' } });
    expect(await reachable('https://x/', join(dir, 'failed'), off)).toMatch(/forbids/);
    expect(asked).toEqual([]);
  });
});
