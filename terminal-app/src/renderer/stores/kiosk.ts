import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import type { HostStatus } from '../../ipc/map.ts';
import { stopOf } from '../../ipc/stop.ts';
import type { LinkedBridge } from '../bridge/linked-bridge.ts';

/** What the host says, as it says it; the renderer keeps no truth of its own about a purchase. */
export const useKiosk = defineStore('kiosk', () => {
  const view = shallowRef<PurchaseView>({ screen: 'reading' });
  const status = shallowRef<HostStatus | null>(null);
  const linked = ref(false);
  let bridge: LinkedBridge | undefined;

  async function refresh(host: LinkedBridge): Promise<void> {
    const [newView, newStatus] = await Promise.all([
      host.call('purchase.view', null),
      host.call('host.status', null),
    ]);
    view.value = newView;
    status.value = newStatus;
  }

  function start(host: LinkedBridge): void {
    bridge = host;
    host.on('purchase.view', (next) => {
      view.value = next;
    });
    host.on('host.status', (next) => {
      status.value = next;
    });
    host.onLink((up) => {
      linked.value = up;
      // A refresh that fails means that the link went down again: its own return brings the next one.
      if (up) refresh(host).catch(() => undefined);
    });
  }

  /** A command that cannot be delivered is dropped: the screen shows the host's own state when it is back. */
  function send(command: PurchaseCommand): void {
    bridge?.call('purchase.command', command).catch(() => undefined);
  }

  /** Whatever somebody does says that they are here. */
  function answer(): void {
    if (view.value.asking !== undefined) send({ type: 'stay' });
  }

  function insertCard(cardId: string): void {
    bridge?.call('sandbox.insert', { cardId }).catch(() => undefined);
  }

  function ejectCard(): void {
    bridge?.call('sandbox.eject', null).catch(() => undefined);
  }

  const away = computed(() => !linked.value || status.value?.server === 'away');
  /** Told while nobody is in a purchase: nothing of one depends on this machine's clock. */
  const clockWrong = computed(() => view.value.screen === 'wait' && status.value?.clock?.wrong === true);
  /** It sells nothing at the moment, and nobody has an order open. */
  const stopped = computed(() => stopOf(view.value, status.value));
  return { view, status, away, clockWrong, stopped, start, send, answer, insertCard, ejectCard };
});
