import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { RemoteCardCommand, RemoteCardView } from '@bianmin/purchase/remote-card/view';
import type { LinkedBridge } from '../bridge/linked-bridge.ts';

export type ShownRemoteCard = Exclude<RemoteCardView, { state: 'none' }>;

/** What the host says of a remote card session. */
export const useRemoteCard = defineStore('remote-card', () => {
  const view = shallowRef<RemoteCardView>({ state: 'none' });
  let bridge: LinkedBridge | undefined;

  async function refresh(host: LinkedBridge): Promise<void> {
    view.value = await host.call('remote-card.view', null);
  }

  function start(host: LinkedBridge): void {
    bridge = host;
    host.on('remote-card.view', (next) => {
      view.value = next;
    });
    host.onLink((up) => {
      // A refresh that fails means that the link went down again: its own return brings the next one.
      if (up) refresh(host).catch(() => undefined);
    });
  }

  /** A command that cannot be delivered is dropped: the screen shows the host's own state when it is back. */
  function send(command: RemoteCardCommand): void {
    bridge?.call('remote-card.command', { command }).catch(() => undefined);
  }

  return { view, start, send };
});

/** Whether the session has the screen; asking never takes it from a resident who is being served. */
export function shownOver(purchase: PurchaseView, remote: RemoteCardView): ShownRemoteCard | null {
  if (remote.state === 'none') return null;
  return remote.state === 'asked' && purchase.screen !== 'wait' ? null : remote;
}
