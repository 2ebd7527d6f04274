import { describe, expect, it } from 'vitest';
import { parseOptions, USAGE } from './options.ts';

describe('the options of npm run dev', () => {
  it('keep its data beside the data of npm start unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      ...{ data: '.data/live', portBase: 8180, window: true, inspect: false, help: false },
    });
    expect(parseOptions(['--data', 'x', '--port-base', '9000', '--no-window', '--inspect'])).toEqual({
      ...{ data: 'x', portBase: 9000, window: false, inspect: true, help: false },
    });
  });

  it.each([['--ports', '1'], ['more'], ['--port-base', 'many'], ['--port-base', '80'], ['--data', '']])(
    'refuse %s %s',
    (...args) => {
      expect(() => parseOptions(args)).toThrow(/--?\w|more/);
    },
  );

  it('are all in the help', () => {
    for (const option of ['--data', '--port-base', '--no-window', '--inspect', '--help']) {
      expect(USAGE).toContain(`  ${option} `);
    }
  });
});
