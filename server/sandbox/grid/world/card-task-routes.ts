import { z } from 'zod';
import { gridCardTask } from '../../../src/gateways/grid/card-tasks.ts';
import type { CardTaskEntry } from '../platform/card-tasks.ts';
import { Refused } from '../platform/refusal.ts';
import type { World } from './world.ts';
import { WorldError } from './world-error.ts';

const steps = z.array(z.looseObject({ do: z.string().min(1).max(16) })).max(32);

/** A look at whatever card there is, unless said otherwise. */
export const wantedBody = z.strictObject({
  ...gridCardTask.omit({ taskNo: true }).shape,
  kind: gridCardTask.shape.kind.default('inspect'),
  orderNo: gridCardTask.shape.orderNo.default(null),
  serial: gridCardTask.shape.serial.default(null),
  askedBy: gridCardTask.shape.askedBy.default('李工'),
  reason: gridCardTask.shape.reason.default('电表报错，看看卡'),
  minutes: gridCardTask.shape.minutes.default(10),
  commands: gridCardTask.shape.commands.default(['identify', 'read', 'read-card', 'tries']),
  steps: steps.default([{ do: 'identify' }, { do: 'read-card' }]),
  /** More steps are to come. */
  open: z.boolean().default(false),
});
export const stepsBody = z.strictObject({ steps: steps.default([]), open: z.boolean().default(false) });

export function wantCardTask(world: World, body: z.output<typeof wantedBody>): CardTaskEntry {
  const task = world.cardTasks.want(body);
  world.onChange();
  return task;
}

/** Fails with 409 where the task is over, or never was. */
export function addSteps(world: World, taskNo: string, body: z.output<typeof stepsBody>): CardTaskEntry {
  try {
    const task = world.cardTasks.add(taskNo, body.steps, body.open);
    world.onChange();
    return task;
  } catch (error) {
    if (error instanceof Refused) throw new WorldError(409, error.message);
    throw error;
  }
}
