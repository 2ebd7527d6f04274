const FILE = 'noto-naskh-arabic-arabic-400-normal.woff2';

/** What Uyghur is drawn with on paper: the file beside the built program, and where it comes from. */
export const UYGHUR_FONT = { file: FILE, module: `@fontsource/noto-naskh-arabic/files/${FILE}` } as const;
