/** What Uyghur is drawn with on paper. Full stops, digits and spaces are in the second: without it a system font would draw them. */
export const UYGHUR_FONTS = ['arabic', 'latin'].map((letters) => {
  const file = `noto-naskh-arabic-${letters}-400-normal.woff2`;
  /** The file beside the built program, and where it comes from. */
  return { file, module: `@fontsource/noto-naskh-arabic/files/${file}`, family: `Receipt Naskh ${letters}` };
});
