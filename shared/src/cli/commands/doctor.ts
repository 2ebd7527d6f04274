import { collectFacts } from '../doctor/collect.ts';
import { judge, type Finding, type Severity } from '../doctor/rules.ts';
import { EXIT } from '../exit.ts';
import { give, type Command } from '../run.ts';
import type { Words } from '../words/words.ts';

const MARKS: Readonly<Record<Severity, string>> = { ok: '✓', note: '·', problem: '✗' };

/** Says what stands between this machine and its readers, and what to do about it. */
export const doctor: Command = async (run) => {
  const facts = await collectFacts(run.io.system);
  const findings = judge(facts);
  const said = findings.map((finding) => ({ ...finding, ...sentences(finding, run.words) }));
  give(
    run,
    { facts, findings: said },
    said.flatMap(({ severity, device, what, do: advice, lines = [] }) => [
      `${MARKS[severity]} ${device === undefined ? '' : `${device}: `}${what}`,
      ...(advice === '' ? [] : [`  ${advice}`]),
      ...lines.map((line) => `    ${line}`),
    ]),
  );
  return findings.some(({ severity }) => severity === 'problem') ? EXIT.no : EXIT.done;
};

function sentences({ id, values }: Finding, { say }: Words): { what: string; do: string } {
  return { what: say(`doctor.${id}`, values), do: say(`doctor.${id}.do`, values) };
}
