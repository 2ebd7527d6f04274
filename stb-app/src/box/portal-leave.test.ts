import { describe, expect, it, vi } from 'vitest';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { Box } from './box.ts';
import { runBehindPortal } from './reader-mode.ts';

describe('leaving', () => {
  function hidden() {
    const tellView: ((view: PurchaseView) => void)[] = [];
    const tellOver: (() => void)[] = [];
    const box = {
      view: { screen: 'pay' } as PurchaseView,
      status: { terminal: 'accepted' } as Box['status'],
      isVisited: false,
      onView: (listener: (view: PurchaseView) => void) => void tellView.push(listener),
      onStatus: () => undefined,
      onUnvisited: (listener: () => void) => void tellOver.push(listener),
      leave: vi.fn(),
    };
    runBehindPortal(box);
    const shows = (screen: PurchaseView['screen']): void => {
      box.view = { screen } as PurchaseView;
      for (const tell of tellView) tell(box.view);
    };
    return { box, shows, over: () => tellOver.forEach((tell) => tell()) };
  }

  it('waits for money and for a card that is being written', () => {
    const { box, shows, over } = hidden();
    over();
    for (const screen of ['pay', 'selling', 'writing'] as const) {
      shows(screen);
      expect(box.leave, screen).not.toHaveBeenCalled();
    }
    shows('done');
    shows('wait');
    expect(box.leave).toHaveBeenCalledTimes(1);
  });

  it('is not done before a visit was asked for', () => {
    const { box, shows, over } = hidden();
    shows('wait');
    expect(box.leave).not.toHaveBeenCalled();
    over();
    expect(box.leave).toHaveBeenCalledTimes(1);
  });
});
