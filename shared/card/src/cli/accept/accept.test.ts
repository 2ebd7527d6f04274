import { describe, expect, it } from 'vitest';
import { reads } from '../../chip/reading-session.ts';
import { METER_CHIPS } from '../../testing/meter-files.ts';
import { kindOfCommand } from '../../testing/node/hostile/command-kind.ts';
import { toHex } from '../../bytes/hex.ts';
import { holds } from '../fake-io.ts';
import { AcceptingIo } from './accepting-io.ts';
import { seen, type Report } from './report-form.ts';
import { openReport } from './signed-report.ts';
import { STEPS } from './steps.ts';

const KEY = '/home/clerk/.config/bianmin-card-report.pem';
const reportOf = (io: AcceptingIo): { report: Report; signedBy?: string } =>
  openReport('r.json', io.saved.get('r.json') ?? '');
const states = ({ steps }: Report): Record<string, string> =>
  Object.fromEntries(
    steps.map(({ id, state, reason }) => [id, reason === undefined ? state : `${state}: ${reason}`]),
  );

describe.each(METER_CHIPS)('a visit with a %s', (chip) => {
  it('does every step by reading alone, and signs what it saw', async () => {
    const io = new AcceptingIo(chip);
    io.answers = { 'Who made': 'ACS', 'What is printed': '国家电网 6501234567', 'Which province': '新疆' };
    const before = io.sample.card.tries.map(({ left }) => left);
    expect(await io.visit('accept r.json --by tester')).toMatchObject({ code: 0, err: '' });
    const { report, signedBy } = reportOf(io);
    expect(signedBy).toMatch(/^[0-9a-f]{64}$/);
    expect(states(report)).toEqual(Object.fromEntries(STEPS.map(({ id }) => [id, 'done'])));
    const about = [
      'chip.name',
      'power.same',
      'zones.same',
      'tries.same',
      'notice.out',
      'notice.in',
      'replug.back',
    ];
    expect(about.map((id) => seen(report, id))).toEqual([chip, true, true, true, true, true, true]);
    expect([seen(report, 'fast.session-over'), seen(report, 'answer.label')]).toEqual([true, '国家电网 #']);
    expect(seen(report, 'challenge.differs')).toBe(chip === 'CPU' ? true : undefined);
    // Nothing that tries a code or a key, and nothing that writes, was ever sent to the card.
    expect(io.sent.length).toBeGreaterThan(10);
    expect(new Set(io.sent.map(kindOfCommand))).not.toContain('code');
    expect(new Set(io.sent.map(kindOfCommand))).not.toContain('write');
    expect(io.sample.card.tries.map(({ left }) => left)).toEqual(before);
  });

  it('keeps no code and no number, and nothing that stands on the card', async () => {
    const io = new AcceptingIo(chip);
    await io.visit('accept r.json');
    const text = io.saved.get('r.json') ?? '';
    const { plan, codes } = io.sample;
    expect(text).not.toContain(plan.serial);
    for (const { code } of codes) expect(holds(text, code)).toBe(false);
    const { report } = reportOf(io);
    const hex = report.exchanges.map(([command, answer]) => [
      command.slice(10),
      answer.startsWith('!') ? '' : answer.slice(0, -4),
    ]);
    expect(hex.flat().filter((part) => !/^(?:XX)*$/.test(part))).toEqual([]);
    expect(report.exchanges.length).toBeGreaterThan(5);
  });
});

describe('a visit', () => {
  it('goes on where it ended, with the same file, and is then finished', async () => {
    const io = new AcceptingIo('SLE4442');
    const write = io.files.write.bind(io.files);
    let writes = 0;
    // Power goes after the fourth step.
    Object.assign(io.files, {
      write: (path: string, text: string) =>
        ++writes > 4 ? Promise.reject(new Error('no power')) : write(path, text),
    });
    expect(await io.visit('accept r.json')).toMatchObject({ code: 70 });
    expect(Object.keys(states(reportOf(io).report))).toEqual(STEPS.slice(0, 4).map(({ id }) => id));
    expect(reportOf(io).signedBy).toBeUndefined();
    Object.assign(io.files, { write });
    const { code, out } = await io.visit('accept r.json');
    expect(code).toBe(0);
    expect(out).not.toContain('The reader is found');
    expect(out).toContain('The counters of tries are read');
    expect(reportOf(io).signedBy).toBeDefined();
    const said = (await io.visit('accept r.json')).out;
    expect(said).toContain('finished report');
  });

  it('leaves out what the person leaves out, with their reason', async () => {
    const io = new AcceptingIo('SLE4428');
    let asked = 0;
    const { ask } = io;
    Object.assign(io, {
      ask: (question: string) =>
        question.startsWith('Enter') && ++asked === 4
          ? Promise.resolve('s glued in 12345678')
          : ask(question),
    });
    expect((await io.visit('accept r.json')).code).toBe(0);
    expect(states(reportOf(io).report)).toMatchObject({ replug: 'skipped: glued in #', fast: 'done' });
  });

  it('leaves out what needs hands where nobody is there, and gives a program one value', async () => {
    const io = new AcceptingIo('CPU');
    Object.assign(io, { ask: undefined });
    const { code, out } = await io.visit('accept r.json --json');
    expect([code, JSON.parse(out)]).toEqual([0, { file: 'r.json', finished: true, failed: [] }]);
    const { notices, questions, zones } = states(reportOf(io).report);
    expect([notices, questions, zones]).toEqual(['skipped: nobody to ask', 'skipped: nobody to ask', 'done']);
  });

  it.each([
    ['a reader that stalls', { stall: true }],
    ['a reader that hangs', { hang: true }],
    ['a card that leaves', { removeAfterApdus: 3 }],
    ['a mute card', { muteAtVoltages: 7 }],
  ] as const)('with %s goes on, and says what failed', async (_what, faults) => {
    const io = new AcceptingIo('SLE4442', { ...faults });
    const { code } = await io.visit('accept r.json');
    const { report, signedBy } = reportOf(io);
    expect(report.steps).toHaveLength(STEPS.length);
    expect(signedBy).toBeDefined();
    const failed = report.steps.filter(({ state }) => state === 'failed');
    expect(code).toBe(failed.length === 0 ? 0 : 1);
    expect(failed.every(({ reason }) => /^[a-z]+\.[a-z-]+$/.test(reason ?? ''))).toBe(true);
    expect(new Set(io.sent.map(kindOfCommand))).not.toContain('code');
  });
});

it('a mute card fails what needs it, and nothing else', async () => {
  const io = new AcceptingIo('SLE4442', { muteAtVoltages: 7 });
  expect((await io.visit('accept r.json')).code).toBe(1);
  const { reader, power, zones, replug } = states(reportOf(io).report);
  expect([reader, power, zones, replug]).toEqual([
    ...['done', 'failed: reader.mute', 'failed: reader.mute', 'done'],
  ]);
});

describe('the signature', () => {
  it('is of one key, made once and kept beside, and no other text passes', async () => {
    const io = new AcceptingIo('SLE4442');
    await io.visit('accept r.json');
    const { signedBy } = reportOf(io);
    expect(io.saved.get(KEY)).toContain('PRIVATE KEY');
    const text = io.saved.get('r.json') ?? '';
    expect(text).not.toContain('PRIVATE KEY');
    await io.visit('accept second.json');
    expect(openReport('x', io.saved.get('second.json') ?? '').signedBy).toBe(signedBy);
    const open = (change: (text: string) => string) => () => openReport('x', change(text));
    expect(open((t) => t.replace('"SLE4442"', '"SLE4428"'))).toThrow('signature');
    expect(
      open((t) => t.replace(/"value": "[A-Za-z0-9+/]{8}/, (m) => m.slice(0, -8) + 'AAAAAAAA')),
    ).toThrow();
    expect(open((t) => t.replace('bianmin-acceptance/1', 'bianmin-acceptance/2'))).toThrow('/format');
    expect(open(() => '{')).toThrow('JSON');
  });

  it('is not made with what is no key', async () => {
    const io = new AcceptingIo('SLE4442');
    io.saved.set(KEY, 'something else');
    const { code, err } = await io.visit('accept r.json');
    expect(code).toBe(2);
    expect(err).not.toContain('something else');
    expect(io.saved.get(KEY)).toBe('something else');
  });
});

it('a command that does more than read is not sent, whatever asks for it', () => {
  const more = [
    'FF20000003FFFFFF',
    'FFD00020020102',
    'FFD1000801AA',
    'FFD2000103123456',
    'FF82000008',
    'FF84000008',
    '0020000008',
    '0082000008',
    '04D6810008',
    '00D6810008',
    '80D4000008',
    '00240000',
    '0088000008',
    'FF70076B07A605A0033300FF00',
    'FF70076B07A605A003390000 00',
    'FF70076B07A605A103F2FD0000',
    'FF70076B07A605A103300000',
    'FFD6000001AA',
  ];
  const bytes = (text: string) =>
    Uint8Array.from(text.replaceAll(' ', '').match(/../g) ?? [], (pair) => parseInt(pair, 16));
  expect(more.filter((text) => reads(bytes(text)))).toEqual([]);
  const fine = [
    'FFB0000010',
    'FFA400000106',
    'FFB1000004',
    '00A40000023F00',
    '0084000008',
    '00B0810010',
    'FF70076B07A605A00330000000',
    'FF70076B07A605A1030E000000',
  ];
  expect(fine.filter((text) => !reads(bytes(text))).map((text) => toHex(bytes(text)))).toEqual([]);
});
