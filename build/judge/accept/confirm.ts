import { seen, type Report } from '@bianmin/card/cli/accept/report-form';

/** What a report says of a line of docs/unproven.md. */
export interface Verdict {
  /** As it stands in that line: `accept:ID`. */
  readonly id: string;
  /** `open`: a step that it takes was left out. */
  readonly state: 'confirmed' | 'contradicted' | 'open';
  /** What speaks against it, or is missing. */
  readonly because: readonly string[];
}

interface Line {
  readonly id: string;
  /** Whether the report is about it at all. */
  readonly about: (report: Report) => boolean;
  /** What must have been seen, and be true. */
  readonly takes: readonly string[];
}

const READ = ['power.same', 'zones.same', 'tries.same'] as const;
const drivenBy =
  (...ways: readonly string[]) =>
  (report: Report): boolean =>
    ways.includes(String(seen(report, 'reader.driven')));

/** Each line that a report can settle. */
export const LINES: readonly Line[] = [
  { id: 'card', about: isReal, takes: READ },
  {
    id: 'omnikey',
    about: (report) =>
      seen(report, 'reader.memory-dialect') === 'omnikey' && seen(report, 'chip.name') !== 'CPU',
    takes: READ,
  },
  {
    id: 'usb-reader',
    about: drivenBy('ccid-usb'),
    takes: ['power.same', 'notice.out', 'notice.in', 'fast.session-over', 'replug.gone', 'replug.back'],
  },
  { id: 'hid-reader', about: drivenBy('hid'), takes: [...READ, 'replug.back'] },
  { id: 'old-acr38', about: (report) => seen(report, 'reader.model') === 'acr38u', takes: READ },
  { id: 'at88sc1602', about: (report) => seen(report, 'chip.name') === 'AT88SC1602', takes: READ },
];

/** A simulated card or reader settles nothing. */
export function isReal(report: Report): boolean {
  return drivenBy('ccid-usb', 'hid', 'pcsc')(report);
}

/** What a report settles of what is not proven. */
export function verdicts(report: Report): Verdict[] {
  if (!isReal(report)) return [];
  return LINES.filter(({ about }) => about(report)).map(({ id, takes }) => {
    const against = takes.filter((each) => seen(report, each) === false);
    const missing = takes.filter((each) => seen(report, each) === undefined);
    if (against.length > 0) return { id, state: 'contradicted', because: against };
    return missing.length > 0
      ? { id, state: 'open', because: missing }
      : { id, state: 'confirmed', because: [] };
  });
}

/** What becomes a fixture: without who made it, or what they wrote. */
export function fixtureOf(report: Report): Report {
  const steps = report.steps.filter(({ id }) => id !== 'questions').map(({ reason: _, ...step }) => step);
  return { ...report, by: 'accepted', steps };
}

/** `CHIP-MODEL-DATE`, for a file. */
export function fixtureName(report: Report): string {
  const parts = [seen(report, 'chip.name'), seen(report, 'reader.model'), report.date];
  return parts
    .map((part) =>
      String(part ?? 'unknown')
        .toLowerCase()
        .replace(/[^a-z0-9]+/gu, '-'),
    )
    .join('-');
}
