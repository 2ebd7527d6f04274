import type { Clock } from '@bianmin/card/clock';
import type { Dialect } from './dialect.ts';
import type { NormalFaults } from './faults-request.ts';
import { Faults } from './faults.ts';
import { Ledger } from './ledger.ts';
import type { WalletName } from './model.ts';
import { Notifier } from './notifier.ts';
import type { BookState } from './snapshot.ts';
import { World } from './world.ts';

/** One wallet: what it booked, whom it tells, what its payers do, and what goes wrong with it. */
export interface Book {
  readonly wallet: WalletName;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly faults: Faults;
  readonly world: World;
}

export interface BookInit {
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Called after every change, for the snapshot. */
  readonly changed: () => void;
  /** What an earlier run left. */
  readonly state?: BookState | undefined;
  /** Knobs as they are at the start and after `reset`. */
  readonly faults?: NormalFaults | undefined;
  /** Called each time when a call gets no answer. */
  readonly onSilence?: (() => void) | undefined;
  /** ms; the dialect's by default. */
  readonly ackTimeoutMs?: number | undefined;
}

export function openBook(init: BookInit): Book {
  const { dialect, clock, changed, state, faults: normal, ackTimeoutMs, onSilence } = init;
  const faults = new Faults(normal);
  if (onSilence !== undefined) faults.onSilence = onSilence;
  const ledger = new Ledger({
    rules: dialect.rules,
    numbers: dialect.numbers,
    now: () => clock.now(),
    changed,
    closesOnExpiry: () => faults.settings.expiry === 'close',
    state: state?.ledger,
  });
  const notifier = new Notifier({
    clock,
    dialect,
    faults,
    changed,
    deliveries: state?.deliveries,
    ackTimeoutMs: ackTimeoutMs ?? dialect.ackTimeoutMs,
  });
  const parts = { wallet: dialect.wallet, dialect, clock, ledger, notifier, faults };
  return { ...parts, world: new World(parts) };
}

export function stateOf({ ledger, notifier }: Book): BookState {
  return { ledger: ledger.state, deliveries: [...notifier.deliveries] };
}
