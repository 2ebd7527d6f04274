import type { VoiceKey } from '../zh-CN/voice.ts';

/** Machine-drafted; not yet signed off by a native reader. */
export const voice: Readonly<Record<VoiceKey, string>> = {
  'voice.mute': 'ئاۋازنى ئېتىش',
};
