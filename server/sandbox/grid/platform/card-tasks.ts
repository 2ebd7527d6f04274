import type {
  GridCardTask,
  GridNextStep,
  GridStepReport,
  GridTaskEnd,
} from '../../../src/gateways/grid/card-tasks.ts';
import { Refused } from './refusal.ts';

/** Tasks that one answer holds. */
const MOST_WANTED = 16;

/** A card session that the grid wants, with all that it asked and heard. */
export interface CardTaskEntry extends GridCardTask {
  /** What it asks, one after the other; what is not asked yet may be added to. */
  readonly steps: readonly StepWanted[];
  /** More steps may be added: when all are asked, it has the agent wait. */
  readonly open: boolean;
  readonly heard: readonly Heard[];
  readonly end: Omit<GridTaskEnd, 'taskNo'> | null;
}

export type StepWanted = Readonly<{ do: string }> & Readonly<Record<string, unknown>>;

/** One report of the agent's, and what it was told to do next. */
interface Heard extends Pick<GridStepReport, 'done' | 'answer'> {
  readonly next: GridNextStep;
}

/** The grid's book of the cards that it drives at terminals. What was answered once is answered so again. */
export class CardTaskBook {
  readonly #tasks: Map<string, CardTaskEntry>;
  #terminals: readonly string[] = [];

  constructor(stored: readonly CardTaskEntry[]) {
    this.#tasks = new Map(stored.map((task) => [task.taskNo, task]));
  }

  list(): CardTaskEntry[] {
    return [...this.#tasks.values()];
  }

  /** Terminals that the agent asked about last. */
  get terminals(): readonly string[] {
    return this.#terminals;
  }

  /** Fails with `other`. */
  get(taskNo: string): CardTaskEntry {
    const task = this.#tasks.get(taskNo);
    if (task === undefined) throw new Refused('other', 'There is no such task.');
    return task;
  }

  want(task: Omit<CardTaskEntry, 'taskNo' | 'heard' | 'end'>): CardTaskEntry {
    const taskNo = `T${String(this.#tasks.size + 1).padStart(8, '0')}`;
    return this.#put({ ...task, taskNo, heard: [], end: null });
  }

  /** More steps for a task that is not over; the last ones where `open` is false. */
  add(taskNo: string, steps: readonly StepWanted[], open: boolean): CardTaskEntry {
    const task = this.#going(taskNo);
    return this.#put({ ...task, steps: [...task.steps, ...steps], open });
  }

  /** What was not begun yet, at these terminals. */
  wanted(terminals: readonly string[]): GridCardTask[] {
    this.#terminals = terminals;
    return this.list()
      .filter(({ terminalId, heard, end }) => {
        return end === null && heard.length === 0 && terminals.includes(terminalId);
      })
      .slice(0, MOST_WANTED)
      .map(({ steps: _, open: __, heard: ___, end: ____, ...task }) => task);
  }

  step({ taskNo, done, answer }: GridStepReport): GridNextStep {
    const task = this.#going(taskNo);
    const known = task.heard.find((heard) => heard.done === done);
    if (known !== undefined && JSON.stringify(known.answer) !== JSON.stringify(answer)) {
      throw new Refused('duplicate', 'This step had another answer.');
    }
    if (known !== undefined && known.next.next !== 'wait') return known.next;
    const newest = task.heard.at(-1)?.done ?? -1;
    if (done < newest) throw new Refused('duplicate', 'A later step was answered already.');
    const next = nextOf(task, { done, answer });
    const heard = task.heard.filter((turn) => turn !== known);
    this.#put({ ...task, heard: [...heard, { done, answer, next }] });
    return next;
  }

  /** The first one counts. */
  end({ taskNo, ...end }: GridTaskEnd): void {
    const task = this.get(taskNo);
    if (task.end === null) this.#put({ ...task, end });
  }

  /** As after a restart from an older copy of the books. */
  forgetEnd(taskNo: string): void {
    this.#put({ ...this.get(taskNo), end: null });
  }

  #going(taskNo: string): CardTaskEntry {
    const task = this.get(taskNo);
    if (task.end !== null) throw new Refused('other', 'This task is over.');
    return task;
  }

  #put(task: CardTaskEntry): CardTaskEntry {
    this.#tasks.set(task.taskNo, task);
    return task;
  }
}

/** The stages of a write are steps that the agent puts by itself, so that numbers may be left out here. */
function nextOf(
  task: CardTaskEntry,
  { done, answer }: Pick<GridStepReport, 'done' | 'answer'>,
): GridNextStep {
  if (answer?.ok === false) return { next: 'finish' };
  const asked = task.heard.filter(({ next }) => next.next === 'step').length;
  const command = task.steps[asked];
  if (command !== undefined) return { next: 'step', n: done + 1, command: { ...command } };
  return { next: task.open ? 'wait' : 'finish' };
}
