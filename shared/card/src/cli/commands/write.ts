import { builtInLayout } from '../../meter-card/built-in-layouts.ts';
import { writePlanSchema } from '../../meter-card/plan.ts';
import { knownLayout, readCard } from '../../meter-card/read.ts';
import { writeCard, type Authorise } from '../../meter-card/write.ts';
import { usage } from '../args.ts';
import { memoryReaderOf, openCard, withSession } from '../card.ts';
import { CliError } from '../error.ts';
import { EXIT } from '../exit.ts';
import { PlanJournal } from '../plan-journal.ts';
import { previewOf, type Preview } from '../plan-preview.ts';
import { give, readJson, withSlot, type Command, type Run } from '../run.ts';
import { runLines } from './diff.ts';

/** How long one write may take, ms. */
const LEASE_MS = 5 * 60_000;

/** Shows what a plan would change; with `--yes` writes it, tear-safe, and reads it back. */
export const write: Command = (run) =>
  withSlot(run, async ({ slot }, { sample }) => {
    const path = run.args.text['plan'];
    if (path === undefined) throw usage('write takes --plan FILE');
    const plan =
      path === 'sample' && sample !== undefined
        ? sample.plan
        : await readJson(run, path, (json) => writePlanSchema.safeParse(json));
    const agreed = run.args.flags.has('yes');
    return withSession(slot, async (session) => {
      const { driver } = await openCard(session, memoryReaderOf(slot));
      const layout = knownLayout({ driver, layout: builtInLayout(driver.chip) });
      const image = await readCard(driver, session.atr, layout);
      const preview = previewOf(plan, image);
      const lines = previewLines(run, preview);
      if (!agreed) {
        give(run, { written: false, ...preview }, [...lines, run.words.say('write.not-agreed')]);
        return EXIT.done;
      }
      if (!run.json) run.io.out(lines.join('\n'));
      const journal = new PlanJournal(run.io.files, path);
      await writeCard({
        ...{ driver, layout, atr: session.atr, plan, image, journal, clock: run.io.clock },
        lease: { no: 1, expiresAtMonotonic: run.io.clock.monotonic() + LEASE_MS },
        authorise: sample?.authorise ?? noGrid,
      });
      await journal.remove(plan.orderNo);
      give(run, { written: true, ...preview }, [run.words.say('write.done')]);
      return EXIT.done;
    });
  });

function previewLines(run: Run, { changes, codes, continues }: Preview): string[] {
  const { say } = run.words;
  return [
    ...(changes.length === 0 && !continues ? [say('write.nothing')] : []),
    ...changes.flatMap(({ zone, runs }) => [
      say('diff.zone', { zone, runs: runs.length }),
      ...runs.flatMap(runLines),
    ]),
    ...(codes === 0 ? [] : [say('write.codes', { codes })]),
    ...(continues ? [say('write.continues')] : []),
  ];
}

function noGrid(_: Authorise): Promise<never> {
  return Promise.reject(
    new CliError({
      code: 'cli.grid-needed',
      message: 'This plan goes on at the grid, which this tool does not know; buy at a terminal instead.',
    }),
  );
}
