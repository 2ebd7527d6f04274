import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run dev -- [options]: the whole stack; pages and server follow the sources.

  --data DIR        where all is kept (.data/live; made if it is not there)
  --port-base N     the first of 20 ports in a row (8180); one that is taken is replaced by another
  --no-window       open no window, also where there is a screen
  --inspect         web, worker, kiosk and TV take a debugger, on ports that are printed
  --help            this
`;

export interface LiveOptions {
  readonly data: string;
  readonly portBase: number;
  readonly window: boolean;
  readonly inspect: boolean;
  readonly help: boolean;
}

/** Throws, with a sentence, for an option that there is not. */
export function parseOptions(args: readonly string[]): LiveOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: '.data/live' },
      'port-base': { type: 'string', default: '8180' },
      'no-window': { type: 'boolean', default: false },
      inspect: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const portBase = Number(values['port-base']);
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_516) {
    throw new Error(`--port-base ${values['port-base']} is no port from 1024 to 65516.`);
  }
  if (values.data === '') throw new Error('--data names no folder.');
  return {
    portBase,
    data: values.data,
    window: !values['no-window'],
    inspect: values.inspect,
    help: values.help,
  };
}
