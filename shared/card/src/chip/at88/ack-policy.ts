/**
 * How long a host polls for a chip's acknowledge after it began an EEPROM cycle. A poll is START, one command byte,
 * STOP: never a whole command, which the chip might carry out each time.
 */
export interface AckPolicy {
  /** Between two polls, ms. */
  readonly everyMs: number;
  /** After which the cycle is over whatever the line says, ms: the wait that polling falls back to. */
  readonly limitMs: number;
}

/**
 * A public driver polls every 5 ms (R:sqf-ice/Mygit smartcard/MEMORY/at88sc1608.c), which for a card that never
 * acknowledges makes 400 ms. Another author found that the acknowledge of many cards cannot be seen in practice and
 * waits 20 ms, twice the longest write cycle (comment in the public STM32 file AT1608.c, 2007).
 */
export const AT88_ACK_POLICY: AckPolicy = { everyMs: 5, limitMs: 20 };

/** What follows `polls` polls without an acknowledge. */
export function afterSilentPolls(polls: number, policy: AckPolicy = AT88_ACK_POLICY): 'poll-again' | 'go-on' {
  return polls * policy.everyMs < policy.limitMs ? 'poll-again' : 'go-on';
}
