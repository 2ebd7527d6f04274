import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { Program, type ProgramInit } from './program.ts';
import { runToEnd } from './run-to-end.ts';

const node = (script: string, ready: RegExp, more: Partial<ProgramInit> = {}) =>
  Program.start({ name: 'child', command: process.execPath, args: ['-e', script], ready, ...more });

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

  it('goes on where the disk of its log is full, and keeps its last lines', async () => {
    const says = `console.log('ready'); setTimeout(() => console.log('later'), 100); setInterval(() => {}, 1e6)`;
    const { program } = await node(says, /ready/, { log: '/dev/full' });
    await expect.poll(() => program.tail()).toContain('later');
    expect(program.exit).toBeUndefined();
    await program.stop();
  });

  it('is ended at once by a line after which it is not to be trusted', async () => {
    const says = `console.log('ready'); setTimeout(() => console.error('x PANIC y'), 50); setInterval(() => {}, 1e6)`;
    const { program } = await node(says, /ready/, { deadly: /PANIC/ });
    expect((await program.exited).signal).toBe('SIGKILL');
    expect(program.stopping).toBe(false);
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
  });

  it('waits for one that takes an hour, and says meanwhile that it does', async () => {
    // The stand-in is ready when this server lets it be.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const lines: string[] = [];
      const progress = (line: string): void => void lines.push(line);
      const script = `require('net').connect(${port}, '127.0.0.1').once('data', () => { console.log('ready'); })`;
      const starting = node(script, /ready/, { progress });
      const [socket] = (await once(server, 'connection')) as [Socket];
      vi.advanceTimersByTime(3_600_000);
      expect(lines.slice(0, 2)).toEqual(['still waiting for child (5 s)', 'still waiting for child (15 s)']);
      socket.write('go');
      const { program } = await starting;
      expect(program.exit).toBeUndefined();
      vi.useRealTimers();
      await program.kill();
    } finally {
      vi.useRealTimers();
      server.close();
    }
  });

  it('ends one whose wait is aborted', async () => {
    const signal = AbortSignal.timeout(200);
    await expect(node(`setInterval(() => {}, 1e6)`, /ready/, { signal })).rejects.toThrow(
      /ended with SIGTERM before it was ready/,
    );
  });

  it.runIf(process.platform === 'linux')(
    'does not outlive the process that started it, be that killed',
    async () => {
      // Nothing but SIGKILL ends it.
      const inner = `process.on('SIGTERM', () => {}); console.log('inner ' + process.pid); setInterval(() => {}, 1e6)`;
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
      // In a container the dead may not be collected: a zombie is gone, too.
      const gone = () => {
        const status = existsSync(`/proc/${match[1] ?? ''}/status`)
          ? readFileSync(`/proc/${match[1] ?? ''}/status`, 'utf8')
          : 'State: gone';
        return !/^State:\s+[RSD]/m.test(status);
      };
      await expect.poll(gone).toBe(true);
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
