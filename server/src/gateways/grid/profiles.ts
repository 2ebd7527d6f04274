/** Names of the adapters: what `GRID_PROFILE` may be, and what each gateway says it is. */
export const GRID_PROFILES = ['collection-v1', 'agent-string'] as const;
export type GridProfile = (typeof GRID_PROFILES)[number];
