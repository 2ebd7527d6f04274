import type { CommitteeFloat, FloatEntry } from '../money/float/float.ts';
import { openShiftOf, type Shift } from '../money/float/shift.ts';

/** Floats in memory, with the store's compare-and-set. */
export class MemoryFloatStore {
  readonly floats = new Map<string, CommitteeFloat>();
  readonly #booked = new Map<string, FloatEntry>();

  get(id: string): Promise<CommitteeFloat | null> {
    return Promise.resolve(this.floats.get(id) ?? null);
  }

  byTerminal(terminalId: string): Promise<CommitteeFloat | null> {
    const found = [...this.floats.values()].find(({ terminals }) => terminals.includes(terminalId));
    return Promise.resolve(found ?? null);
  }

  replace(before: CommitteeFloat, after: CommitteeFloat): Promise<'replaced' | 'conflict'> {
    if (this.floats.get(before._id)?.version !== before.version) return Promise.resolve('conflict');
    this.floats.set(after._id, after);
    return Promise.resolve('replaced');
  }

  booked(id: string): Promise<FloatEntry | null> {
    return Promise.resolve(this.#booked.get(id) ?? null);
  }

  withShift(of: Pick<Shift, 'staff' | 'terminalId'>): Promise<CommitteeFloat | null> {
    const found = [...this.floats.values()].find((float) => openShiftOf(float, of) !== undefined);
    return Promise.resolve(found ?? null);
  }

  shiftsBefore(before: Date): Promise<{ readonly float: string; readonly shift: Shift }[]> {
    const all = [...this.floats.values()].flatMap(({ _id, shifts = [] }) =>
      shifts.map((shift) => ({ float: _id, shift })),
    );
    return Promise.resolve(all.filter(({ shift }) => shift.openedAt < before));
  }

  hasSlip(float: string, slip: string): Promise<boolean> {
    const found = [...this.#booked.values()].some((entry) => entry.float === float && entry.slip === slip);
    return Promise.resolve(found);
  }

  book(entries: readonly FloatEntry[]): Promise<void> {
    for (const entry of entries) if (!this.#booked.has(entry._id)) this.#booked.set(entry._id, entry);
    return Promise.resolve();
  }

  /** Wherever each is by now, once. */
  entries(): FloatEntry[] {
    const recent = [...this.floats.values()].flatMap((float) => float.recent);
    return [...new Map([...this.#booked.values(), ...recent].map((entry) => [entry._id, entry])).values()];
  }
}
