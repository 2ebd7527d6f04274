/** The staff code of a card that could be sold to were the terminal not blocked from afar. */
export const BLOCKED_CODE = 'terminal.blocked';
