import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandedKiosk } from '../../testing/commanded-kiosk.ts';

let kiosk: CommandedKiosk;
beforeEach(async () => {
  kiosk = await CommandedKiosk.open();
});
afterEach(() => kiosk.close());

describe('what a kiosk is told', () => {
  it('is done once, whatever comes again, and answered', async () => {
    const reload = await kiosk.command('reload-content');
    await kiosk.beat(reload, reload);
    await kiosk.beat(reload);
    expect(kiosk.done).toEqual(['reload']);
    expect(kiosk.heard[0]).toEqual([reload.id, { outcome: 'done' }]);
    // Asked again, the server did not hear: it is told once more, and nothing is done.
    expect(kiosk.heard.every(([id]) => id === reload.id)).toBe(true);
    expect(kiosk.faults).toEqual([]);
  });

  it('waits until the kiosk is idle, within its time', async () => {
    kiosk.moment = { busy: true, idleMs: 0 };
    const [reload, late] = [
      await kiosk.command('reload-content'),
      await kiosk.command('reload-content', { ttlS: 60 }),
    ];
    await kiosk.beat(reload, late);
    kiosk.moment = { busy: false, idleMs: 30_000 };
    await kiosk.beat();
    expect(kiosk.done).toEqual([]);
    await kiosk.clock.advance(60_000);
    await kiosk.beat();
    expect(kiosk.heard).toEqual([[late.id, { outcome: 'failed', code: 'command.expired' }]]);
    kiosk.moment = { busy: false, idleMs: 60_000 };
    await kiosk.beat();
    expect(kiosk.done).toEqual(['reload']);
    expect(kiosk.heard.at(-1)).toEqual([reload.id, { outcome: 'done' }]);
  });

  it('to start again is answered by the next start, and never done twice', async () => {
    const restart = await kiosk.command('restart');
    await kiosk.take(restart);
    await kiosk.clock.advance(1_000);
    expect(kiosk.done).toEqual(['restart']);
    await kiosk.restarted();
    await kiosk.beat(restart);
    await kiosk.restarted();
    await kiosk.beat(restart);
    expect(kiosk.done).toEqual(['restart']);
    expect(new Set(kiosk.heard.map(([id, result]) => `${id} ${JSON.stringify(result)}`))).toEqual(
      new Set([`${restart.id} {"outcome":"done"}`]),
    );
  });

  it('to start again is failed where the program is still there', async () => {
    const restart = await kiosk.command('restart');
    await kiosk.take(restart);
    await kiosk.clock.advance(1_000);
    await kiosk.clock.advance(120_000);
    await kiosk.beat();
    expect(kiosk.heard).toEqual([[restart.id, { outcome: 'failed', code: 'command.no-restart' }]]);
  });

  it('is refused where this shell cannot, or it is of no known kind', async () => {
    await kiosk.restarted({ shell: {} });
    const all = [
      await kiosk.command('restart'),
      await kiosk.command('screenshot'),
      await kiosk.command('dance'),
    ];
    await kiosk.beat(...all);
    expect(kiosk.heard.map(([, { outcome, code }]) => [outcome, code])).toEqual([
      ['refused', 'command.unsupported'],
      ['refused', 'command.unsupported'],
      ['refused', 'command.unknown'],
    ]);
  });

  it('is answered when the server is back, also after a start', async () => {
    const block = await kiosk.command('block');
    await kiosk.take(block);
    kiosk.away = true;
    await kiosk.clock.advance(1_000);
    await kiosk.beat();
    expect([kiosk.blocked, kiosk.heard]).toEqual([true, []]);
    await kiosk.restarted();
    kiosk.away = false;
    await kiosk.beat();
    expect(kiosk.heard).toEqual([[block.id, { outcome: 'done' }]]);
  });

  it('sends a report, and its log cut to what is taken', async () => {
    const [report, log] = [await kiosk.command('run-diagnostics'), await kiosk.command('resend-logs')];
    await kiosk.beat(report, log);
    expect(Object.fromEntries(kiosk.heard)).toEqual({
      [report.id]: { outcome: 'done', reportNo: '00000042' },
      [log.id]: { outcome: 'done', log: ['{"level":30}', 'x'.repeat(600)] },
    });
    // A log is not kept on this machine a second time.
    expect(await readFile(join(kiosk.folder, 'commands.json'), 'utf8')).not.toContain('level');
  });

  it('sends what a support archive is made of, and keeps it nowhere else', async () => {
    const archive = await kiosk.command('support-archive');
    await kiosk.beat(archive);
    expect(kiosk.heard).toEqual([[archive.id, { outcome: 'done', support: expect.any(Object) as unknown }]]);
    expect(await readFile(join(kiosk.folder, 'commands.json'), 'utf8')).not.toContain('host is up');
  });

  it('to send a log that was interrupted is answered as that', async () => {
    const log = await kiosk.command('resend-logs');
    await kiosk.take(log);
    kiosk.away = true;
    await kiosk.clock.advance(1_000);
    await kiosk.restarted();
    kiosk.away = false;
    await kiosk.beat();
    expect(kiosk.heard).toEqual([[log.id, { outcome: 'failed', code: 'command.interrupted' }]]);
  });

  it('is not done where it cannot be noted first', async () => {
    const file = join(kiosk.folder, 'file');
    await writeFile(file, '');
    await kiosk.restarted({ dataDir: file });
    kiosk.hearKey();
    await kiosk.beat(await kiosk.command('reload-content'));
    expect([kiosk.done, kiosk.heard]).toEqual([[], []]);
    expect(kiosk.faults.length).toBeGreaterThan(0);
  });
});
