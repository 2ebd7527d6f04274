import { writeFile } from 'node:fs/promises';
import type { Attack, Outcome } from './attack.ts';
import type { World } from './world.ts';

/** What became of an attack, without its defence and with it. */
export interface AttackRow {
  readonly attack: string;
  readonly name: string;
  /** It got through without its defence, and did not get through with it. */
  readonly stopped: boolean;
  readonly how: string;
}

/** How an attempt ended, or why it could not be made. */
export type Tried = Outcome | { readonly error: string };

async function tried(attack: Attack, world: World): Promise<Tried> {
  try {
    return await attack.attempt(world);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Each without its own defence and no other: the switch names it while it is tried. */
export async function tryUndefended(
  attacks: readonly Attack[],
  init: { readonly world: World; readonly switchFile: string; readonly report: (line: string) => void },
): Promise<Map<string, Tried>> {
  const { world, switchFile, report } = init;
  const outcomes = new Map<string, Tried>();
  for (const attack of attacks) {
    await writeFile(switchFile, attack.attack);
    const { removesAtProxy = [] } = attack;
    const attempt = (): Promise<Tried> => tried(attack, world);
    const outcome =
      removesAtProxy.length === 0 ? await attempt() : await world.behind(removesAtProxy, attempt);
    await writeFile(switchFile, '');
    outcomes.set(attack.attack, outcome);
    report(`without its defence  ${attack.attack}: ${wordsOf(outcome)}`);
  }
  return outcomes;
}

export async function tryDefended(
  attacks: readonly Attack[],
  init: { readonly world: World; readonly report: (line: string) => void },
): Promise<Map<string, Tried>> {
  const outcomes = new Map<string, Tried>();
  for (const attack of attacks) {
    const outcome = await tried(attack, init.world);
    outcomes.set(attack.attack, outcome);
    init.report(`as it is shipped  ${attack.attack}: ${wordsOf(outcome)}`);
  }
  return outcomes;
}

function wordsOf(outcome: Tried): string {
  if ('error' in outcome) return `could not be tried: ${outcome.error}`;
  return `${outcome.through ? 'through' : 'stopped'}: ${outcome.how}`;
}

/** `without` absent: its changes do not fit the product's source, as `misfit` says. */
export function rowOf(
  { attack, name }: Attack,
  of: {
    readonly misfit?: string | undefined;
    readonly without?: Tried | undefined;
    readonly with?: Tried | undefined;
  },
): AttackRow {
  const fails = (how: string): AttackRow => ({ attack, name, stopped: false, how });
  if (of.misfit !== undefined) return fails(`its defence cannot be removed: ${of.misfit}`);
  if (of.without === undefined || of.with === undefined) return fails('it was not tried');
  if ('error' in of.without) return fails(`without its defence it could not be tried: ${of.without.error}`);
  if (!of.without.through) return fails(`without its defence it does not succeed either: ${of.without.how}`);
  if ('error' in of.with) return fails(`it could not be tried: ${of.with.error}`);
  if (of.with.through) return fails(`it gets through: ${of.with.how}`);
  return { attack, name, stopped: true, how: `${of.with.how}; without its defence: ${of.without.how}` };
}
