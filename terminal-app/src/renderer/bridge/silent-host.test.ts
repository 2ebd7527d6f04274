import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkedBridge } from './linked-bridge.ts';
import { SILENT_MS, watchSilence } from './silent-host.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A host whose answers wait until `thaw`. */
function frozenHost() {
  const calls: string[] = [];
  const waiting: (() => void)[] = [];
  let link: (up: boolean) => void = () => undefined;
  const host: LinkedBridge = {
    call: (name) => {
      calls.push(name);
      return new Promise((resolve) => {
        waiting.push(() => {
          resolve(null);
        });
      });
    },
    on: () => () => undefined,
    onLink: (listener) => {
      link = listener;
      listener(false);
      return () => undefined;
    },
  };
  const bridge = watchSilence(host);
  const links: boolean[] = [];
  bridge.onLink((up) => links.push(up));
  return {
    ...{ bridge, calls, links },
    open: (up = true) => {
      link(up);
    },
    async thaw() {
      for (const answer of waiting.splice(0)) answer();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

describe('a host that stands still', () => {
  it('is away once it owes the page an answer, and there again with it', async () => {
    const { bridge, links, open, thaw } = frozenHost();
    open();
    const painted = bridge.call('page.painted', null);
    await vi.advanceTimersByTimeAsync(SILENT_MS - 1);
    expect(links).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(1);
    expect(links).toEqual([false, true, false]);
    await thaw();
    await painted;
    expect(links).toEqual([false, true, false, true]);
  });

  it('is handed no press meanwhile', async () => {
    const { bridge, calls, open, thaw } = frozenHost();
    open();
    void bridge.call('page.painted', null);
    await vi.advanceTimersByTimeAsync(SILENT_MS);
    await expect(bridge.call('purchase.command', { type: 'confirm-card' })).rejects.toThrow('link.down');
    expect(calls).toEqual(['page.painted']);
    await thaw();
    void bridge.call('purchase.command', { type: 'confirm-card' });
    expect(calls).toEqual(['page.painted', 'purchase.command']);
  });

  it('that takes long over a press is none', async () => {
    const { bridge, links, open } = frozenHost();
    open();
    void bridge.call('printer.print', { orderNo: '260115100000000001', language: 'en' });
    await vi.advanceTimersByTimeAsync(SILENT_MS * 10);
    expect(links).toEqual([false, true]);
  });

  it('is away as before where its link is down, and nobody is told twice', async () => {
    const { bridge, links, open } = frozenHost();
    open();
    open(false);
    void bridge.call('page.painted', null);
    await vi.advanceTimersByTimeAsync(SILENT_MS);
    expect(links).toEqual([false, true, false]);
  });
});
