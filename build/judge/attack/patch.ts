/** One change of a source text. `find` is there exactly once; `OFF` in `replace` is true while the defence is removed. */
export interface Patch {
  /** From the project's root. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The condition never holds while the defence is off. */
export function never(file: string, condition: string): Patch {
  return { file, find: condition, replace: `(!OFF && (${condition}))` };
}

/** The condition always holds while the defence is off. */
export function always(file: string, condition: string): Patch {
  return { file, find: condition, replace: `(OFF || (${condition}))` };
}

/** The expression is another one while the defence is off. */
export function instead(file: string, expression: string, other: string): Patch {
  return { file, find: expression, replace: `(OFF ? (${other}) : (${expression}))` };
}

/** A statement is passed over while the defence is off. */
export function skipped(file: string, statement: string): Patch {
  return { file, find: statement, replace: `if (!OFF) { ${statement} }` };
}

/** A text with these changes. Throws where one does not fit: the product has changed, and its attack must follow. */
export function patched(text: string, patches: readonly Patch[]): string {
  let changed = text;
  for (const { file, find, replace } of patches) {
    const times = text.split(find).length - 1;
    if (times !== 1) throw new Error(`${file} has "${find}" ${times} times, not once.`);
    if (!changed.includes(find)) throw new Error(`Two attacks change the same place of ${file}: "${find}".`);
    changed = changed.replace(find, () => replace);
  }
  return changed;
}
