import type { Page } from 'playwright-core';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { RemoteCardView } from '@bianmin/purchase/remote-card/view';
import type { HostCall, HostCalls, HostStatus } from '../src/ipc/map.ts';
import type { StaffView } from '../src/ipc/staff.ts';

/** A screen of the kiosk as its user may find it. */
export interface KioskSample {
  readonly view: PurchaseView;
  readonly remote?: RemoteCardView;
  /** What differs from `SAMPLE_STATUS`. */
  readonly status?: Partial<HostStatus>;
  readonly staff?: StaffView;
  /** Of staff mode, whose screens may be denser. */
  readonly dense?: true;
  /** What calls answer; null where nothing is said. */
  readonly answers?: { readonly [K in HostCall]?: HostCalls[K]['response'] };
  /** What the person presses first. */
  readonly act?: (page: Page) => Promise<void>;
}
