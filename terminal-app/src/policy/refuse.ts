import type { EventEmitter } from 'node:events';
import type { Refusals } from './permissions.ts';

/** Answers each of Electron's events that these name with a refusal, by its callback where it has one. */
export function refuse(emitter: EventEmitter, refusals: Refusals): void {
  for (const [name, answers] of Object.entries(refusals)) {
    emitter.on(name, (event: { preventDefault(): void }, ...rest: unknown[]) => {
      event.preventDefault();
      const answer = rest.find((value) => typeof value === 'function');
      answer?.(...answers);
    });
  }
}
