/** One way to look at a screen. */
export interface Look<Language, Frame> {
  readonly language: Language;
  /** Whatever else a screen is measured in: a size, a text size. */
  readonly frame: Frame;
  /** Of this screen in this language: what is judged once a language is judged here. */
  readonly first: boolean;
}

export interface LookInit<Language, Frame> {
  readonly languages: readonly Language[];
  readonly frames: readonly Frame[];
  /** The place of the screen among its like: neighbours meet their languages in other frames. */
  readonly at: number;
  /** Every language in every frame. */
  readonly all: boolean;
}

/**
 * What a screen is looked at in: every language and every frame at least once, in as few looks as that takes. As many
 * neighbours as there are frames have between them seen every language in every frame.
 */
export function looksAt<Language, Frame>(init: LookInit<Language, Frame>): Look<Language, Frame>[] {
  const { languages, frames, at, all } = init;
  const steps = all
    ? languages.flatMap((language) => frames.map((frame) => ({ language, frame })))
    : Array.from({ length: Math.max(languages.length, frames.length) }, (_, step) => ({
        language: languages[step % languages.length] as Language,
        frame: frames[(step + at) % frames.length] as Frame,
      }));
  const seen = new Set<Language>();
  return steps.map((step) => {
    const first = !seen.has(step.language);
    seen.add(step.language);
    return { ...step, first };
  });
}

/**
 * Whether the whole matrix is looked at: nightly (`SCREENS=all`), and where pictures are taken, which need each language in
 * the same frame.
 */
export function looksAtAll(env: NodeJS.ProcessEnv = process.env): boolean {
  const wanted = env['SCREENS'];
  if (wanted !== undefined && wanted !== 'all')
    throw new Error(`SCREENS is "${wanted}"; it may be "all", or not be set.`);
  return wanted === 'all' || takesPictures(env);
}

/** Whether the pictures in the documents are taken anew. */
export function takesPictures(env: NodeJS.ProcessEnv = process.env): boolean {
  return env['UPDATE_SCREENSHOTS'] !== undefined;
}
