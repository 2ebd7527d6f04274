import type { Clock } from '@bianmin/card/clock';
import type { AccessMarkStore } from './store/marks.ts';
import type { User, UserStore } from './store/users.ts';

/**
 * Whether there ever was a second person. It is known for good: whoever shuts everybody else out is not the first person again,
 * who may make the second one alone.
 */
export class Persons {
  readonly #marks: AccessMarkStore;
  readonly #users: UserStore;
  readonly #clock: Clock;

  constructor(init: { marks: AccessMarkStore; users: UserStore; clock: Clock }) {
    this.#marks = init.marks;
    this.#users = init.users;
    this.#clock = init.clock;
  }

  /** At start: what users there are says of installations from before it was kept, and what a crash cut off is finished. */
  async prepare(): Promise<void> {
    const users = await this.#users.any();
    // Nobody knows when an installation of before began: its first day is over.
    if (users) await this.#marks.set({ _id: 'installed', at: new Date(0) });
    const mark = await this.#marks.get('second-person');
    if (mark?.userId !== undefined) await this.#letIn(mark.userId);
    if (mark !== null || !users) return;
    const been = (await this.#users.countOf('active')) + (await this.#users.countOf('disabled'));
    if (been > 1) await this.#marks.set({ _id: 'second-person', at: this.#now() });
  }

  /** The first user of all is there: the first day begins. */
  async began(): Promise<void> {
    await this.#marks.set({ _id: 'installed', at: this.#now() });
  }

  async secondHasBeen(): Promise<boolean> {
    return (await this.#marks.get('second-person')) !== null;
  }

  /** Somebody else is let in who is not the first. */
  async hadSecond(): Promise<void> {
    await this.#marks.set({ _id: 'second-person', at: this.#now() });
  }

  /** Lets a proposed user in as the second person ever; null where there was one before, or another is just let in. */
  async letSecondIn(userId: string): Promise<User | null> {
    const first = await this.#marks.set({ _id: 'second-person', at: this.#now(), userId });
    return first ? this.#letIn(userId) : null;
  }

  /**
   * Whether this is the second person ever, let in by the first alone, who has their link still and never came: nobody could allow
   * them another, and the first has no more by it than by the link that they made then.
   */
  async isSecondToCome({ _id, lastLoginAt, mustChange }: User): Promise<boolean> {
    if (lastLoginAt !== undefined || mustChange === true) return false;
    return (await this.#marks.get('second-person'))?.userId === _id;
  }

  async #letIn(userId: string): Promise<User | null> {
    const user = await this.#users.get(userId);
    if (user?.status !== 'proposed') return null;
    const set = { status: 'active', activeSince: this.#now() } as const;
    return this.#users.edit(userId, user.version ?? 0, set);
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
