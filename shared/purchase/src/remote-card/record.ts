import { HIDDEN } from '@bianmin/card/transcript/hidden';
import { MAX_EXCHANGES, type RecordedExchange } from './messages.ts';

/** Hex digits of a command's header with its length, and of a status word. */
const HEADER_DIGITS = 10;
const STATUS_DIGITS = 4;

/**
 * An exchange as it may be kept: which command, and what status word came. On top of the transcript's rules, which hide
 * codes and keys, every data byte is hidden: card contents are not stored.
 */
export function keptExchange([command, answer]: RecordedExchange): RecordedExchange {
  return [
    command.slice(0, HEADER_DIGITS) + hidden(command.slice(HEADER_DIGITS)),
    answer.startsWith('!') ? answer : hidden(answer.slice(0, -STATUS_DIGITS)) + answer.slice(-STATUS_DIGITS),
  ];
}

/** The first of them, and how many more there were. */
export function keptExchanges(exchanges: readonly RecordedExchange[]): {
  readonly exchanges: RecordedExchange[];
  readonly more: number;
} {
  const kept = exchanges.slice(0, MAX_EXCHANGES).map(keptExchange);
  return { exchanges: kept, more: exchanges.length - kept.length };
}

function hidden(digits: string): string {
  return HIDDEN.repeat(digits.length / 2);
}
