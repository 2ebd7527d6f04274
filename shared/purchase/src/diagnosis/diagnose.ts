import type { Diagnosis } from '../api/diagnosis.ts';
import { actOf } from './act.ts';
import type { DiagnosisFacts } from './facts.ts';
import { moneyOf } from './money.ts';
import { powerOf } from './power.ts';

/** Why a household did not get its electricity, or that it did: where its money is, where that is, and the one thing to do. Pure. */
export function diagnose(facts: DiagnosisFacts): Diagnosis {
  const found = { money: moneyOf(facts), power: powerOf(facts) };
  return { at: facts.now.toISOString(), ...found, act: actOf(facts, found) };
}
