import type { WordKey } from '../words/words.ts';
import {
  challengeStep,
  identifyStep,
  speedStep,
  triesAgainStep,
  triesStep,
  zonesStep,
} from './card-steps.ts';
import { fastStep, noticesStep, powerStep, questionsStep, readerStep, replugStep } from './reader-steps.ts';
import type { Observation } from './report-form.ts';
import type { Visit } from './visit.ts';

export interface Step {
  readonly id: string;
  /** What the person is told. */
  readonly words: WordKey;
  /** Whether it needs the person's hands or answers. */
  readonly person: boolean;
  run(visit: Visit): Promise<Observation[]>;
}

const step = (id: keyof typeof RUNS, person = false): Step => ({
  ...{ id, person, words: `accept.step.${id}` as const },
  run: RUNS[id],
});

const RUNS = {
  reader: readerStep,
  questions: questionsStep,
  power: powerStep,
  tries: triesStep,
  identify: identifyStep,
  zones: zonesStep,
  speed: speedStep,
  challenge: challengeStep,
  notices: noticesStep,
  fast: fastStep,
  replug: replugStep,
  'tries-again': triesAgainStep,
} as const;

/** The visit, in order: what needs nobody first, and what may leave the reader confused last but one. */
export const STEPS: readonly Step[] = [
  ...[step('reader'), step('questions', true), step('power'), step('identify'), step('tries'), step('zones')],
  ...[step('speed'), step('challenge'), step('notices', true), step('fast', true), step('replug', true)],
  step('tries-again'),
];
