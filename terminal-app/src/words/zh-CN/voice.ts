export const voice = {
  'voice.label': '声音',
  'voice.off': '静音',
  'voice.loud': '大声',

  // Said, never shown: what the screen says by its picture or its place.
  'say.who': '请看屏幕，对的话，请点是我的',
  'say.amount': '请在屏幕上点一个金额',
  'say.pay': '一共 {yuan} 元',
  'say.cash-staff': '请等工作人员来收现金',
  'say.cash-take': '请付现金 {yuan} 元',
  'say.writing': '正在写卡，请不要拔卡',
  'say.bill-paid': '电费已经交好了',
  'say.remote-asked': '工作人员想从远处操作电卡，请看屏幕',
} as const;

export type VoiceKey = keyof typeof voice;
