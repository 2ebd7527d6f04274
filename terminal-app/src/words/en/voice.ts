import type { VoiceKey } from '../zh-CN/voice.ts';

export const voice: Readonly<Record<VoiceKey, string>> = {
  'voice.mute': 'Sound off',
};
