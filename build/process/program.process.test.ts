import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Program } from './program.ts';
import { runToEnd } from './run-to-end.ts';

const node = (script: string, ready: RegExp, timeoutMs = 10_000) =>
  Program.start({ name: 'child', command: process.execPath, args: ['-e', script], ready, timeoutMs });

describe('Program', () => {
  it('waits for the ready line and ends on SIGTERM', async () => {
    const { program, match } = await node(
      `console.log('noise'); console.log('ready 42'); setInterval(() => {}, 1e6)`,
      /ready (\d+)/,
    );
    expect(match[1]).toBe('42');
    expect(program.exit).toBeUndefined();
    await program.stop();
    expect(program.exit).toEqual({ code: null, signal: 'SIGTERM' });
    expect(program.stopping).toBe(true);
  });

  it('kills what does not end in time', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1e6)`;
    const { program } = await node(stubborn, /ready/);
    await program.stop(50);
    expect(program.exit?.signal).toBe('SIGKILL');
  });

  it('says how a program ended that never was ready, and what it had said', async () => {
    await expect(node(`console.error('no such thing'); process.exit(3)`, /ready/)).rejects.toThrow(
      /ended with 3 before it was ready.*no such thing/s,
    );
    await expect(node(`setInterval(() => {}, 1e6)`, /ready/, 200)).rejects.toThrow(/not ready after 200 ms/);
  });

  it.runIf(process.platform === 'linux')(
    'does not outlive the process that started it, be that killed',
    async () => {
      const inner = `console.log('inner ' + process.pid); setInterval(() => {}, 1e6)`;
      const outer = `
      const { Program } = await import(${JSON.stringify(new URL('program.ts', import.meta.url).href)});
      const { program, match } = await Program.start({
        name: 'inner', command: process.execPath, args: ['-e', ${JSON.stringify(inner)}], ready: /inner (\\d+)/,
      });
      console.log('inner is ' + match[1]);
      setInterval(() => {}, 1e6);`;
      const { program, match } = await Program.start({
        name: 'outer',
        command: process.execPath,
        args: ['--import', 'tsx', '--input-type=module', '-e', outer],
        ready: /inner is (\d+)/,
      });
      await program.kill();
      // In a container nobody may collect the dead: a zombie is gone, too.
      const gone = () => {
        const status = existsSync(`/proc/${match[1] ?? ''}/status`)
          ? readFileSync(`/proc/${match[1] ?? ''}/status`, 'utf8')
          : 'State: gone';
        return !/^State:\s+[RSD]/m.test(status);
      };
      await expect.poll(gone, { timeout: 10_000 }).toBe(true);
    },
  );
});

describe.runIf(process.platform === 'linux')('a program of several processes', () => {
  const begun = async (): Promise<{ program: Program; inner: string }> => {
    const { program, match } = await Program.start({
      name: 'outer',
      command: '/bin/sh',
      args: ['-c', 'sleep 1000 & echo "inner is $!"; wait'],
      ready: /inner is (\d+)/,
    });
    return { program, inner: match[1] ?? '' };
  };
  /** As the kernel has it: S sleeps, T stands still; Z or nothing: it is gone. */
  const stateOf = (pid: string): string => {
    const path = `/proc/${pid}/status`;
    return existsSync(path) ? (/^State:\s+(\w)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '') : '';
  };

  it('stands still and goes on as a whole', async () => {
    const { program, inner } = await begun();
    const goOn = program.standStill();
    await expect.poll(() => stateOf(inner)).toBe('T');
    goOn();
    await expect.poll(() => stateOf(inner)).toBe('S');
    await program.kill();
  });

  it('is killed as a whole', async () => {
    const { program, inner } = await begun();
    await program.kill();
    await expect.poll(() => stateOf(inner)).toMatch(/^Z?$/);
  });
});

describe('runToEnd', () => {
  it('keeps code and output, and does not throw for a program that is not there', async () => {
    const ran = await runToEnd(process.execPath, ['-e', `console.log('a'); process.exit(4)`]);
    expect(ran).toMatchObject({ code: 4, output: 'a\n' });
    expect((await runToEnd('/no/such/program', [])).code).toBe(127);
  });
});
