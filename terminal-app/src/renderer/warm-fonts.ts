/** Letters of each file that Uyghur is written with: its own, and the digits and signs between them. */
const UYGHUR = 'ئۇيغۇرچە 0:';
const WEIGHTS = [400, 700] as const;

/**
 * Reads the fonts of the languages that are not shown, while nobody waits: whoever presses theirs would otherwise see it come
 * in another font first, and the whole screen laid out twice.
 */
export async function warmFonts(fonts: Pick<FontFaceSet, 'ready' | 'load'>): Promise<void> {
  // What is on the screen comes first.
  await fonts.ready;
  for (const weight of WEIGHTS) await fonts.load(`${weight} 1rem 'Noto Naskh Arabic'`, UYGHUR);
}
