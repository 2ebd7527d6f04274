/** How loud the screen speaks: not at all, for a resident before it, for a noisy room. */
export const VOICE_LEVELS = ['off', 'normal', 'loud'] as const;
export type VoiceLevel = (typeof VOICE_LEVELS)[number];
