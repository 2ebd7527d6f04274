import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { Mutex } from './mutex.ts';

/** Work that ends when a test says so. */
function held(log: string[], name: string) {
  let end: () => void = () => undefined;
  const waits = new Promise<void>((resolve) => (end = resolve));
  const work = async (): Promise<string> => {
    log.push(`${name} begins`);
    await waits;
    log.push(`${name} ends`);
    return name;
  };
  return { work, end };
}

describe('work that is done one at a time', () => {
  it('is done in the order of asking, and each gets its own answer', async () => {
    const log: string[] = [];
    const mutex = new Mutex();
    const first = held(log, 'first');
    const second = held(log, 'second');
    second.end();
    const answers = Promise.all([mutex.run(first.work), mutex.run(second.work)]);
    await settled();
    expect(log).toEqual(['first begins']);
    first.end();
    expect(await answers).toEqual(['first', 'second']);
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('goes on after work that failed, which tells only who asked for it', async () => {
    const mutex = new Mutex();
    const broken = mutex.run(() => Promise.reject(new Error('broken')));
    const next = mutex.run(() => Promise.resolve('next'));
    await expect(broken).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });

  it('is waited for until its end, well or not', async () => {
    const log: string[] = [];
    const mutex = new Mutex();
    await mutex.idle();
    const work = held(log, 'work');
    void mutex.run(work.work);
    void mutex.idle().then(() => log.push('idle'));
    await settled();
    expect(log).toEqual(['work begins']);
    work.end();
    await settled();
    expect(log).toEqual(['work begins', 'work ends', 'idle']);
    const broken = mutex.run(() => Promise.reject(new Error('broken')));
    await expect(Promise.all([mutex.idle(), broken.catch(() => 'told')])).resolves.toEqual([
      undefined,
      'told',
    ]);
  });
});
