import { collectFacts } from '../doctor/collect.ts';
import type { Facts } from '../doctor/facts.ts';
import type { Finding, Severity } from '../doctor/finding.ts';
import { vidPid } from '../doctor/hex-id.ts';
import { judge } from '../doctor/rules.ts';
import { EXIT } from '../exit.ts';
import { give, type Command } from '../run.ts';
import type { Words } from '../words/words.ts';

const MARKS: Readonly<Record<Severity, string>> = { ok: '✓', note: '·', problem: '✗' };

/** Says what stands between this machine and its readers, and what to do about it. */
export const doctor: Command = async (run) => {
  const facts = await collectFacts(run.io.system);
  const findings = judge(facts);
  const said = findings.map((finding) => ({ ...finding, ...sentences(finding, run.words) }));
  give(run, { facts, findings: said }, [
    ...pluggedLines(facts, run.words),
    ...said.flatMap(({ severity, device, what, do: advice, lines = [] }) => [
      `${MARKS[severity]} ${device === undefined ? '' : `${device}: `}${what}`,
      ...(advice === '' ? [] : [`  ${advice}`]),
      ...lines.map((line) => `    ${line}`),
    ]),
  ]);
  return findings.some(({ severity }) => severity === 'problem') ? EXIT.no : EXIT.done;
};

/** As `lsusb` lists them, with the model of those that are readers. */
function pluggedLines({ plugged, devices }: Facts, { say }: Words): string[] {
  if (plugged.length === 0) return [];
  return [
    say('doctor.plugged'),
    ...plugged.map((each) => {
      const model = devices.find(({ id }) => id === each.id)?.model;
      const reader = model === undefined ? '' : ` (${say('doctor.as-reader', { model })})`;
      return `  ${each.id}  ${vidPid(each)}  ${each.name}${reader}`;
    }),
    '',
  ];
}

function sentences({ id, values }: Finding, { say }: Words): { what: string; do: string } {
  return { what: say(`doctor.${id}`, values), do: say(`doctor.${id}.do`, values) };
}
