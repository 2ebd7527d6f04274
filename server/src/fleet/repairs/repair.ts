import type { RepairFault, REPAIR_DEEDS } from '@bianmin/purchase/api/repairs';
import { ProblemError } from '../../kernel/problem.ts';
import type { Terminal } from '../store/terminals.ts';

export interface RepairPerson {
  readonly id: string;
  readonly name: string;
}

interface RepairStep {
  readonly did: (typeof REPAIR_DEEDS)[number];
  readonly at: Date;
  readonly by: RepairPerson;
  /** Of `handed`: to whom. */
  readonly to?: RepairPerson;
  readonly text: string;
}

/** A repair order (报修单): a terminal that somebody has to go to. A terminal has one that is open at most. */
export interface Repair {
  /** The terminal's id and which of its repairs, from 1. */
  readonly _id: string;
  readonly terminalId: string;
  readonly no: number;
  /** As the terminal is called, and where it stands; once it is over, as it was then. */
  readonly name: string;
  readonly address?: string;
  readonly orgPath?: readonly string[];
  readonly fault: RepairFault;
  readonly status: 'open' | 'done';
  readonly owner: RepairPerson | null;
  /** The oldest first. */
  readonly steps: readonly RepairStep[];
  readonly openedAt: Date;
  readonly updatedAt: Date;
  /** Every change is a compare-and-set on it. */
  readonly version: number;
}

/** A terminal as whoever goes there looks for it. */
export type RepairPlace = Pick<Terminal, '_id' | 'name' | 'address' | 'orgPath'>;

/** What somebody says at a moment. */
export interface Said {
  readonly by: RepairPerson;
  readonly at: Date;
  readonly text: string;
}

/** Further words are for the trail: a repair stays one small document. */
const MAX_STEPS = 200;

/** The one after `last`, which is over; null: the terminal's first. */
export function reported(
  terminal: RepairPlace,
  last: Pick<Repair, 'no'> | null,
  { fault, ...said }: Said & { readonly fault: RepairFault },
): Repair {
  const no = (last?.no ?? 0) + 1;
  const { _id: terminalId, name, address, orgPath } = terminal;
  return {
    ...{ _id: `${terminalId}-${no}`, terminalId, no, name },
    ...(address === undefined ? {} : { address }),
    ...(orgPath === undefined ? {} : { orgPath }),
    ...{ fault, status: 'open', owner: null, steps: [{ did: 'reported', ...said }] },
    ...{ openedAt: said.at, updatedAt: said.at, version: 1 },
  };
}

/** Also of one that is over: what is learnt later belongs to it. The same words again, as after a lost answer, change nothing. */
export function noted(repair: Repair, said: Said): Repair {
  const last = repair.steps.at(-1);
  if (last?.text === said.text && last.by.id === said.by.id) return repair;
  return changed(repair, { did: 'noted', ...said });
}

/** Of a report: one that was ended meanwhile stays as it is. */
export function notedWhileOpen(repair: Repair, said: Said): Repair {
  return repair.status === 'open' ? noted(repair, said) : repair;
}

/** From now on `to` answers for it. The same again changes nothing. Throws `repair.done`. */
export function handed(repair: Repair, to: RepairPerson, { by, at }: Omit<Said, 'text'>): Repair {
  refuseDone(repair);
  if (repair.owner?.id === to.id) return repair;
  const step: RepairStep =
    to.id === by.id ? { did: 'taken', by, at, text: '' } : { did: 'handed', by, at, to, text: '' };
  return changed(repair, step, { owner: to });
}

/** It works again. The same words again, as after a lost answer, change nothing. Throws `repair.done`. */
export function done(repair: Repair, said: Said): Repair {
  const last = repair.steps.at(-1);
  if (last?.did === 'done' && last.text === said.text && last.by.id === said.by.id) return repair;
  refuseDone(repair);
  return changed(repair, { did: 'done', ...said }, { status: 'done' });
}

function changed(
  repair: Repair,
  step: RepairStep,
  more: Partial<Pick<Repair, 'owner' | 'status'>> = {},
): Repair {
  // How it began stays.
  const [first, ...rest] = [...repair.steps, step];
  const steps = first === undefined ? [] : [first, ...rest.slice(1 - MAX_STEPS)];
  return { ...repair, ...more, steps, updatedAt: step.at, version: repair.version + 1 };
}

function refuseDone({ status }: Repair): void {
  if (status === 'open') return;
  throw new ProblemError({
    code: 'repair.done',
    message: 'This repair is over. If the terminal is broken again, report it again.',
  });
}
