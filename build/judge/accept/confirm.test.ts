import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMAT, type Report } from '@bianmin/card/cli/accept/report-form';
import { fixtureName, fixtureOf, isReal, LINES, verdicts } from './confirm.ts';

const UNPROVEN = readFileSync(join(import.meta.dirname, '../../../docs/unproven.md'), 'utf8');

/** A report that has seen this. */
function reportOf(seen: Record<string, boolean | string | number>): Report {
  const observations = Object.entries(seen).map(([id, value]) => ({ id, value }));
  return {
    ...{ format: REPORT_FORMAT, date: '2026-12-01', by: 'somebody', exchanges: [] },
    steps: [
      { id: 'zones', state: 'done', reason: 'said', observations },
      { id: 'questions', state: 'done', observations: [{ id: 'answer.label', value: 'a label' }] },
    ],
  };
}

const GOOD = {
  ...{
    'chip.name': 'SLE4442',
    'reader.model': 'acr39u',
    'reader.driven': 'ccid-usb',
    'reader.memory-dialect': 'acs',
  },
  ...{ 'power.same': true, 'zones.same': true, 'tries.same': true, 'notice.out': true, 'notice.in': true },
  ...{ 'fast.session-over': true, 'replug.gone': true, 'replug.back': true },
};
const states = (seen: Parameters<typeof reportOf>[0]) =>
  Object.fromEntries(verdicts(reportOf(seen)).map(({ id, state }) => [id, state]));

describe('what a report settles', () => {
  it.each(LINES.map(({ id }) => id))('%s names a line of docs/unproven.md', (id) => {
    expect(UNPROVEN.split('\n').filter((line) => line.includes(`\`accept:${id}\``))).toHaveLength(1);
  });

  it.each([
    ['over USB', {}, { card: 'confirmed', 'usb-reader': 'confirmed' }],
    ['through the service', { 'reader.driven': 'pcsc' }, { card: 'confirmed' }],
    ['over HID', { 'reader.driven': 'hid' }, { card: 'confirmed', 'hid-reader': 'confirmed' }],
    ['simulated', { 'reader.driven': 'simulated' }, {}],
    ['in the sandbox', { 'reader.driven': 'sandbox' }, {}],
    [
      'of an old ACR38',
      { 'reader.model': 'acr38u' },
      { card: 'confirmed', 'usb-reader': 'confirmed', 'old-acr38': 'confirmed' },
    ],
    [
      'of an OMNIKEY',
      { 'reader.memory-dialect': 'omnikey' },
      { card: 'confirmed', 'usb-reader': 'confirmed', omnikey: 'confirmed' },
    ],
    [
      'of an OMNIKEY with a CPU card',
      { 'reader.memory-dialect': 'omnikey', 'chip.name': 'CPU' },
      { card: 'confirmed', 'usb-reader': 'confirmed' },
    ],
    [
      'of a 1602',
      { 'chip.name': 'AT88SC1602' },
      { card: 'confirmed', 'usb-reader': 'confirmed', at88sc1602: 'confirmed' },
    ],
    ['whose zones changed', { 'zones.same': false }, { card: 'contradicted', 'usb-reader': 'confirmed' }],
    ['that costs a try', { 'tries.same': false }, { card: 'contradicted', 'usb-reader': 'confirmed' }],
    ['without a notice', { 'notice.out': false }, { card: 'confirmed', 'usb-reader': 'contradicted' }],
  ])('a report %s', (_what, change, settled) => {
    expect(states({ ...GOOD, ...change })).toEqual(settled);
  });

  it('leaves open what a step was left out for, and says which', () => {
    const { 'replug.back': _, ...without } = GOOD;
    expect(verdicts(reportOf(without))).toEqual([
      { id: 'card', state: 'confirmed', because: [] },
      { id: 'usb-reader', state: 'open', because: ['replug.back'] },
    ]);
  });

  it('becomes a fixture without who made it and what they wrote', () => {
    const fixture = fixtureOf(reportOf(GOOD));
    expect(JSON.stringify(fixture)).not.toMatch(/somebody|said|label/u);
    expect(fixtureName(fixture)).toBe('sle4442-acr39u-2026-12-01');
    expect(isReal(fixture)).toBe(true);
  });
});
