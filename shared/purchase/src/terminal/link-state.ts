/** Whether the server answered when it was last asked. */
export type LinkState = 'online' | 'away';
