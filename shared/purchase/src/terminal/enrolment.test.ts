import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '../api/client-error.ts';
import type { EnrolResponse } from '../api/terminal.ts';
import { Enrolment } from './enrolment.ts';

const BUSY = new ApiError({ code: 'server.busy', message: '', status: 503, retryAfterMs: 90_000 });

function rig(answers: (EnrolResponse['status'] | 'away' | 'busy')[]) {
  const clock = new ManualClock();
  const told: (string | null)[] = [];
  let asked = 0;
  const enrolment = new Enrolment({
    clock,
    enrol: () => {
      const status = answers[asked++] ?? 'accepted';
      if (status === 'busy') return Promise.reject(BUSY);
      if (status === 'away') return Promise.reject(new Error('away'));
      return Promise.resolve({ terminalId: 't1', status });
    },
    onTerminal: (id) => told.push(id),
    onFault: () => undefined,
  });
  return { clock, enrolment, told, asked: () => asked };
}

describe('enrolment', () => {
  it('asks until it is accepted, and then no more', async () => {
    const { clock, enrolment, told, asked } = rig(['away', 'pending', 'accepted']);
    enrolment.ask();
    await clock.advance(120_000);
    expect(told).toEqual([null, 't1']);
    expect(asked()).toBe(3);
  });

  it('asks when a besieged server says', async () => {
    const { clock, enrolment, asked } = rig(['busy', 'accepted']);
    enrolment.ask();
    await clock.advance(89_999);
    expect(asked()).toBe(1);
    await clock.advance(1);
    expect(asked()).toBe(2);
  });

  it('asks again when it is told to', async () => {
    const { clock, enrolment, asked } = rig(['accepted', 'pending', 'accepted']);
    enrolment.ask();
    enrolment.ask();
    await settled();
    expect(asked()).toBe(1);
    enrolment.ask();
    await clock.advance(60_000);
    expect(asked()).toBe(3);
  });

  it('holds the start up for the first answer, and not for ever', async () => {
    const quick = rig(['pending']);
    await quick.enrolment.first(3_000);
    expect(quick.asked()).toBe(1);
    const clock = new ManualClock();
    const silent = new Enrolment({
      clock,
      enrol: () => new Promise(() => undefined),
      ...{ onTerminal: () => undefined, onFault: () => undefined },
    });
    const started = silent.first(3_000);
    await clock.advance(3_000);
    await started;
  });

  it('ends when the host does', async () => {
    const { enrolment, clock, asked } = rig(['away', 'away']);
    enrolment.ask();
    await settled();
    await enrolment.stop();
    await clock.advance(60_000);
    expect(asked()).toBe(1);
  });
});
