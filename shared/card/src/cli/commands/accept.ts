import { join } from 'node:path';
import { codeOf } from '../../errors.ts';
import { usage } from '../args.ts';
import { REPORT_FORMAT, type Report, type ReportStep } from '../accept/report-form.ts';
import { formatReport, openReport, reportKey } from '../accept/signed-report.ts';
import { STEPS, type Step } from '../accept/steps.ts';
import type { Visit } from '../accept/visit.ts';
import { EXIT } from '../exit.ts';
import { chooseSlot } from '../readers.ts';
import { give, withReaders, type Command, type Run } from '../run.ts';

/**
 * Leads a person through a card and a reader, by reading alone, and writes one signed report. What was done is kept step by
 * step: given the same file again, it goes on where it ended.
 */
export const accept: Command = async (run) => {
  const [path] = run.args.names;
  if (path === undefined) throw usage('accept takes a FILE for its report');
  const kept = await run.io.files.read(path);
  const begun = kept === undefined ? undefined : openReport(path, kept);
  if (begun?.signedBy !== undefined) {
    give(run, { file: path, finished: true }, [run.words.say('accept.finished', { file: path })]);
    return EXIT.done;
  }
  const report = begun?.report ?? newReport(run);
  await withReaders(run, async (readers) => {
    const visit: Visit = {
      ...{ run, readers, tries: {}, exchanges: report.exchanges },
      found: await chooseSlot(readers, run.args.text['reader']),
      ask: (key) => run.io.ask?.(run.words.say(key)) ?? Promise.resolve(undefined),
      tell: (key) => {
        tell(run, run.words.say(key));
      },
    };
    for (const [at, step] of STEPS.entries()) {
      if (report.steps.some(({ id, state }) => id === step.id && state !== 'failed')) continue;
      tell(
        run,
        run.words.say('accept.step', { at: at + 1, of: STEPS.length, what: run.words.say(step.words) }),
      );
      const done = await carriedOut(visit, step);
      report.steps = [...report.steps.filter(({ id }) => id !== step.id), done];
      await run.io.files.write(path, formatReport(report));
      tell(run, run.words.say(`accept.${done.state}`, { reason: done.reason ?? '' }));
    }
  });
  const key = await reportKey(run.io.files, keyPathOf(run));
  await run.io.files.write(path, formatReport(report, key));
  const failed = report.steps.filter(({ state }) => state === 'failed').map(({ id }) => id);
  give(run, { file: path, finished: true, failed }, [run.words.say('accept.written', { file: path })]);
  return failed.length === 0 ? EXIT.done : EXIT.no;
};

function newReport({ io, args }: Run): Report {
  return {
    format: REPORT_FORMAT,
    date: new Date(io.clock.now()).toISOString().slice(0, 10),
    by: args.text['by'] ?? io.env['USER'] ?? io.env['USERNAME'] ?? 'unknown',
    ...{ steps: [], exchanges: [] },
  };
}

/** A step that fails is told of, and the next one is begun: a report of a bad reader is worth having. */
async function carriedOut(visit: Visit, step: Step): Promise<ReportStep> {
  const { id, person } = step;
  const answer = person ? await visit.ask('accept.ready') : '';
  if (answer === undefined) return { id, state: 'skipped', reason: 'nobody to ask', observations: [] };
  const skip = /^s(?:\s+(?<reason>.*))?$/iu.exec(answer.trim());
  if (skip !== null) {
    const reason = skip.groups?.['reason']?.slice(0, 200).replace(/\d{5,}/gu, '#') ?? 'skipped';
    return { id, state: 'skipped', reason, observations: [] };
  }
  try {
    return { id, state: 'done', observations: await step.run(visit) };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { id, state: 'failed', reason: code, observations: [] };
  }
}

/** To the person, beside the one value that a program reads. */
function tell(run: Run, line: string): void {
  (run.json ? run.io.err : run.io.out)(line);
}

function keyPathOf({ io: { env }, args }: Run): string {
  const home = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? env['USERPROFILE'] ?? '.', '.config');
  return args.text['key'] ?? join(home, 'bianmin-card-report.pem');
}
