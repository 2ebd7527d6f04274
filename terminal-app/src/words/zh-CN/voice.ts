export const voice = {
  'voice.mute': '关闭声音',
} as const;

export type VoiceKey = keyof typeof voice;
