import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { KeyRing } from '../kernel/key-ring.ts';
import { KnownDevices } from './devices.ts';

const secrets = (...versions: number[]): KeyRing =>
  new KeyRing(new Map(versions.map((version) => [version, Buffer.alloc(32, version)])));
const anna = { _id: 'anna' };

/** A browser, which keeps what it is given. */
function browser(): Context {
  const jar = new Map<string, string>();
  const append = (_header: string, cookie: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*);/u.exec(cookie) ?? [];
    jar.set(name, value);
  };
  return { append, cookies: { get: (name: string) => jar.get(name) } } as unknown as Context;
}

describe('a browser that somebody was in', () => {
  it('is known to them alone, for half a year', () => {
    const clock = new ManualClock();
    const devices = new KnownDevices({ secret: secrets(1), clock });
    const ctx = browser();
    expect(devices.find(ctx, anna)).toBeUndefined();
    devices.know(ctx, anna._id);
    expect(devices.find(ctx, anna)).toMatch(/^[\w-]{22}$/u);
    expect(devices.find(ctx, { _id: 'boris' })).toBeUndefined();
    expect(devices.find(browser(), anna)).toBeUndefined();
    clock.jump(180 * 86_400_000);
    expect(devices.find(ctx, anna)).toBeUndefined();
  });

  it('is known still under a next secret, and a stranger without the one that signed', () => {
    const clock = new ManualClock();
    const both = secrets(1, 2);
    const devices = new KnownDevices({ secret: both, clock });
    const [before, after] = [browser(), browser()];
    devices.know(before, anna._id);
    both.sealWith(2);
    devices.know(after, anna._id);
    expect(devices.find(before, anna)).toBeDefined();
    expect(devices.find(after, anna)).toBeDefined();
    const next = new KnownDevices({ secret: secrets(2), clock });
    expect(next.find(before, anna)).toBeUndefined();
    expect(next.find(after, anna)).toBeDefined();
  });
});
