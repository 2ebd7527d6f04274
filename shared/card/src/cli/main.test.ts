import { describe, expect, it } from 'vitest';
import { FakeIo } from './fake-io.ts';

describe('the command line', () => {
  it.each([
    ['', 0],
    ['help', 0],
    ['dump --help', 0],
    ['dumb', 2],
    ['dump --jso', 2],
    ['dump file', 2],
    ['diff a', 2],
    ['diff a b', 2],
    ['record', 2],
    ['record f --fixture g --simulate CPU', 2],
    ['record --fixture ../g --simulate CPU', 2],
    ['replay', 2],
    ['write --simulate CPU', 2],
    ['write --simulate CPU --plan nowhere', 2],
    ['change-code --simulate CPU', 2],
    ['identify --simulate SLE9999', 2],
    ['identify --simulate CPU:x', 2],
    ['readers --via bluetooth', 2],
    ['readers --sandbox localhost', 2],
    ['help --lang fr', 2],
    ['identify --simulate CPU --reader 2', 3],
  ])('`%s` ends with %i', async (line, expected) => {
    const io = new FakeIo();
    const { code, out, err } = await io.run(line);
    expect(code).toBe(expected);
    expect(out === '').toBe(expected !== 0);
    if (expected !== 0) expect(err).toMatch(/\[cli\.[a-z-]+\]$/);
  });

  it('speaks the language that is asked for, else the one of the environment', async () => {
    const io = new FakeIo();
    expect((await io.run('identify --simulate CPU')).out).toContain('Chip: CPU');
    expect((await io.run('identify --simulate CPU --lang zh-CN')).out).toContain('芯片：CPU');
    io.env = { LANG: 'zh_CN.UTF-8' };
    expect((await io.run('identify --simulate CPU')).out).toContain('芯片：CPU');
    expect((await io.run('dumb')).err).toContain('看不懂');
    expect((await io.run('identify --simulate CPU --lang en')).out).toContain('Chip: CPU');
  });

  it('gives programs an error as JSON on standard output', async () => {
    const { code, out, err } = await new FakeIo().run('dump --json --reader 9 --simulate CPU');
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'cli.which-reader' } });
  });

  it('lists readers, for people and for programs', async () => {
    const io = new FakeIo();
    expect(await io.run('readers --simulate CPU')).toMatchObject({
      code: 0,
      out: '1  ACS ACR38U-CCID (slot 0)\n   model acr38u-ccid, simulated\n   a card is in it, memory cards by the acs commands',
    });
    expect(JSON.parse((await io.run('readers --simulate CPU --json')).out)).toMatchObject({
      readers: [{ number: 1, driven: 'simulated', card: true, memoryDialect: 'acs' }],
      faults: [],
    });
  });

  it('says so where there is no reader, with what could not be opened', async () => {
    const io = new FakeIo();
    io.openReaders = () =>
      Promise.resolve({
        slots: () => [],
        onChange: () => () => undefined,
        faults: [{ where: 'usb', error: new Error('no such bus') }],
        close: () => Promise.resolve(),
      });
    expect(await io.run('readers')).toMatchObject({
      code: 3,
      out: expect.stringContaining('no such bus') as string,
    });
    expect(await io.run('dump')).toMatchObject({
      code: 3,
      err: expect.stringContaining('[cli.no-reader]') as string,
    });
  });
});
