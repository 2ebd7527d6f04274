import process from 'node:process';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { heartbeat, type Heartbeat } from '@bianmin/purchase/api/heartbeat';
import { BeatCounts } from '@bianmin/purchase/terminal/beat-counts';
import { hostHeartbeats } from './heartbeat.ts';

it('says with each beat whether it was told to sell nothing, and hands over what came with the answer', async () => {
  const clock = new ManualClock();
  const sent: Heartbeat[] = [];
  const given: (readonly string[])[] = [];
  let blocked = false;
  const beats = hostHeartbeats({
    ...{ counts: new BeatCounts(), clock, random: () => 0, dataDir: tmpdir() },
    slots: { slots: () => [] },
    status: () => ({ clock: null, blocked }),
    send: (beat) => {
      sent.push(beat);
      return Promise.resolve({ nextMs: 60_000, commands: ['a command'] });
    },
    onCommands: (commands) => given.push(commands),
  });
  beats.start();
  const next = async (): Promise<number> => {
    await clock.advance(60_000);
    return sent.length;
  };
  await expect.poll(next).toBeGreaterThan(0);
  const before = sent.length;
  blocked = true;
  await expect.poll(next).toBeGreaterThan(before);
  await beats.stop();
  expect([sent[0]?.blocked, sent.at(-1)?.blocked]).toEqual([false, true]);
  const on = { linux: 'linux', win32: 'windows' }[process.platform as string];
  expect(sent[0]?.platform).toBe(on);
  expect(given[0]).toEqual(['a command']);
  expect(heartbeat.parse(sent.at(-1))).toMatchObject({ blocked: true });
  // An older kiosk says nothing of it.
  expect(heartbeat.parse({ version: '0.1.0', readers: [] })).not.toHaveProperty('blocked');
});
