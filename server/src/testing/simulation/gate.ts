import { CodedError } from '@bianmin/card/errors';
import type { Dice } from '@bianmin/card/testing/dice';
import type { Turns } from './turns.ts';
import type { Weather } from './weather.ts';

/** What is thrown in a process that has died: it stood between what it had done and what it would have done next. */
export class Died extends Error {}

/** What a client of Redis throws, and no error of ours. */
export class Unreachable extends Error {}

/** What is part of it: a refusal, an answer that never came, a death. Anything else is a fault of ours. */
export function isMishap(error: unknown): boolean {
  return error instanceof CodedError || error instanceof Died || error instanceof Unreachable;
}

/** Where a process goes out: each call waits twice, and at each the process may die. */
export class Gate {
  readonly #init: {
    readonly name: string;
    readonly turns: Turns;
    readonly dice: Dice;
    readonly weather: Weather;
    /** The process dies now. */
    readonly die: () => void;
  };
  /** Nothing passes any more. */
  dead = false;

  constructor(init: { name: string; turns: Turns; dice: Dice; weather: Weather; die: () => void }) {
    this.#init = init;
  }

  /** Before it is worked on, and before its answer is heard. */
  async pass<T>(operation: string, call: () => Promise<T>): Promise<T> {
    await this.#way(operation, 'goes');
    this.#mayDie();
    try {
      const answer = await call();
      this.#mayDie();
      await this.#way(operation, 'answers');
      return answer;
    } catch (error) {
      await this.#way(operation, 'fails');
      throw error;
    }
  }

  async #way(operation: string, what: string): Promise<void> {
    const { name, turns, weather } = this.#init;
    this.#check();
    if (weather.calm) return;
    await turns.wait(`${name} ${operation} ${what}`, weather.delayMs(operation));
    this.#check();
  }

  #mayDie(): void {
    const { weather, dice, die } = this.#init;
    if (!weather.calm && dice.chance(weather.deaths)) die();
    this.#check();
  }

  #check(): void {
    if (this.dead) throw new Died(`${this.#init.name} is dead.`);
  }
}

/** The same part as a process sees it: these operations pass its gate, each by what it is `called` there. */
export function through<T extends object>(
  part: T,
  gate: Gate,
  operations: readonly (keyof T & string)[],
  called: (operation: string) => string = (operation) => operation,
): T {
  const gated: ReadonlySet<string | symbol> = new Set(operations);
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (!gated.has(name)) return call;
      return (...args: unknown[]) => gate.pass(called(String(name)), () => call(...args));
    },
  });
}
