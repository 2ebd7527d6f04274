import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import type { Households } from './households.ts';
import type { PhoneState, PhoneVisit } from './phone-visit.ts';
import type { BoxSettings } from './settings.ts';
import type { BoxStatus } from './status.ts';

/** All of the box that is behind its screens. */
export interface Box {
  readonly view: PurchaseView;
  readonly status: BoxStatus;
  /** What the family chose last, as far as it could be read. */
  readonly settings: Partial<BoxSettings>;
  onView(listener: (view: PurchaseView) => void): void;
  onStatus(listener: (status: BoxStatus) => void): void;
  /** The remote's back key, where the shell has it. */
  onBack(listener: () => void): void;
  /** Whether a portal's page follows, or may in a moment. */
  readonly isVisited: boolean;
  /** A visit is over, or could not be joined, or none was asked for. */
  onUnvisited(listener: () => void): void;
  command(command: PurchaseCommand): void;
  readonly households: Households;
  /** A phone as a second screen. */
  readonly phone: Pick<PhoneVisit, 'open' | 'decline' | 'leave'>;
  onPhone(listener: (state: PhoneState | null) => void): void;
  /** Asks again for readers, such as one that was not allowed. */
  findReaders(): void;
  /** New keys in place of lost ones; the box is then one that is not accepted yet. Fails with a `BoxError`. */
  renewKeys(): Promise<void>;
  saveSettings(settings: BoxSettings): void;
  speak(text: string, language: string): void;
  /** Whether a newer version is there; the shell goes on with it by itself. */
  update(): Promise<'none' | 'available' | 'installing'>;
  /** Back to the portal, or to live TV. */
  leave(): void;
}
