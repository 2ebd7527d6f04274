import { beforeEach, expect, it } from 'vitest';
import { recogniseBuiltIn } from '@bianmin/card/meter-card/built-in-layouts';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { FakeSlot } from '@bianmin/card/testing/fake-slots';
import type { TerminalCardSession } from '../api/card-session.ts';
import { ENDING_SHOWN_MS, IDLE_POLL_MS, RemoteCardTerminal } from './terminal.ts';
import type { RemoteCardView } from './view.ts';

const SESSION: TerminalCardSession = {
  id: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
  kind: 'inspect',
  state: 'open',
  askedBy: 'anna',
  reason: 'The meter refuses the card.',
  serial: null,
  subject: null,
  expiresInMs: 60_000,
  serverKey: null,
  step: null,
  answered: 0,
  end: null,
};

let clock: ManualClock;
let session: TerminalCardSession | null;
let told: string[];
let views: RemoteCardView[];
let remote: RemoteCardTerminal;
beforeEach(() => {
  clock = new ManualClock();
  session = SESSION;
  told = [];
  views = [];
  const state = (next: Partial<TerminalCardSession>): Promise<TerminalCardSession> => {
    session = { ...SESSION, ...next };
    return Promise.resolve(session);
  };
  remote = new RemoteCardTerminal({
    recognise: recogniseBuiltIn,
    api: {
      cardSession: (id) => Promise.resolve(session?.state === 'closed' && id === undefined ? null : session),
      consent: () => state({ state: 'working' }),
      stepResult: () => state({}),
      endCardSession: (_id, end) => {
        told.push(end);
        return state({ state: 'closed', end });
      },
    },
    lender: { lend: () => true, giveBack: () => undefined, slots: () => [new FakeSlot()] },
    journal: new MemoryJournal(),
    clock,
    unseal: () => Promise.reject(new Error('There are no steps here.')),
    seal: () => Promise.reject(new Error('There are no steps here.')),
    onView: (view) => views.push(view),
  });
  remote.start();
  return () => remote.stop();
});

const seen = (): ReturnType<typeof expect.poll> => expect.poll(() => remote.view);

it('says on its screen who asks, why and for what, and goes on saying so while it works', async () => {
  const words = { kind: 'inspect', askedBy: 'anna', reason: 'The meter refuses the card.' };
  await seen().toEqual({ state: 'asked', ...words, busy: false });
  await remote.command('yes');
  await seen().toEqual({ state: 'working', ...words, card: 'none', doing: null, progress: null, done: 0 });
});

it('puts an ending away when the person has seen it, and by itself when they have left', async () => {
  await seen().toMatchObject({ state: 'asked' });
  await remote.command('yes');
  await remote.command('stop');
  await seen().toEqual({ state: 'ended', end: 'declined' });
  expect(told).toEqual(['declined']);
  for (let passed = IDLE_POLL_MS; passed < ENDING_SHOWN_MS; passed += IDLE_POLL_MS) {
    await expect.poll(() => clock.sleepers).toBe(1);
    clock.jump(IDLE_POLL_MS);
    expect(remote.view).toEqual({ state: 'ended', end: 'declined' });
  }
  await expect.poll(() => clock.sleepers).toBe(1);
  clock.jump(IDLE_POLL_MS);
  await seen().toEqual({ state: 'none' });
  expect(views.map(({ state }) => state)).toEqual(['asked', 'working', 'ended', 'none']);
});

it('says why a session failed, where the server says it', async () => {
  await seen().toMatchObject({ state: 'asked' });
  await remote.command('yes');
  await seen().toMatchObject({ state: 'working' });
  session = { ...SESSION, state: 'closed', end: 'failed', failure: 'grid.key-refused' };
  remote.kick();
  await seen().toEqual({ state: 'ended', end: 'failed', failure: 'grid.key-refused' });
});

it('ends a session whose time is over although the server cannot be asked', async () => {
  await seen().toMatchObject({ state: 'asked' });
  await remote.command('yes');
  await seen().toMatchObject({ state: 'working' });
  session = null;
  await expect.poll(() => clock.sleepers).toBe(1);
  clock.jump(60_000);
  await seen().toEqual({ state: 'ended', end: 'expired' });
});
