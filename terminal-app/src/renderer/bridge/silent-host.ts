import type { LinkedBridge } from './linked-bridge.ts';

/** The host answers the page's sign of life at once: one that has not for so long stands still, ms. */
export const SILENT_MS = 4_000;

/**
 * A host that stands still leaves its link open. While it owes the page an answer, this bridge says that it is away, and takes no
 * press: one that waits in a pipe would be done when nobody expects it any more.
 */
export function watchSilence(host: LinkedBridge): LinkedBridge {
  const listeners = new Set<(linked: boolean) => void>();
  let open = false;
  let silent = false;

  function change(next: { readonly open?: boolean; readonly silent?: boolean }): void {
    const before = open && !silent;
    open = next.open ?? open;
    silent = next.silent ?? silent;
    const linked = open && !silent;
    if (linked !== before) for (const listener of listeners) listener(linked);
  }

  async function owed<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      change({ silent: true });
    }, SILENT_MS);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      change({ silent: false });
    }
  }

  host.onLink((up) => {
    change({ open: up });
  });
  return {
    call: (name, request) => {
      if (name === 'page.painted') return owed(host.call(name, request));
      return silent ? Promise.reject(new Error('link.down')) : host.call(name, request);
    },
    on: (name, listener) => host.on(name, listener),
    onLink: (listener) => {
      listeners.add(listener);
      listener(open && !silent);
      return () => listeners.delete(listener);
    },
  };
}
