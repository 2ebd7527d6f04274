import { pino, type Logger } from 'pino';

/** One line of a log, as a program reads it. */
export type ToldLine = Readonly<Record<string, unknown>>;

/** A log of which a test reads what was said. */
export function toldLog(): { log: Logger; lines: ToldLine[] } {
  const lines: ToldLine[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as ToldLine);
  return { log: pino({ level: 'trace' }, { write }), lines };
}
