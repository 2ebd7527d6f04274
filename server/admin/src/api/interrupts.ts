/**
 * What a person must do in the middle of a call before it can go on: log in again, or confirm that it is still them. The
 * pages register how they ask; each resolves to true where the call may be tried again, and false where the person gave up.
 */
export interface Interrupts {
  logIn(): Promise<boolean>;
  confirm(): Promise<boolean>;
  /** Password and second factor. */
  confirmBoth(): Promise<boolean>;
}

let registered: Interrupts = {
  logIn: () => Promise.resolve(false),
  confirm: () => Promise.resolve(false),
  confirmBoth: () => Promise.resolve(false),
};
/** Calls that are interrupted at the same moment ask once. */
const asking: Partial<Record<keyof Interrupts, Promise<boolean>>> = {};

export function onInterrupt(interrupts: Interrupts): void {
  registered = interrupts;
}

export function interrupt(kind: keyof Interrupts): Promise<boolean> {
  asking[kind] ??= registered[kind]().finally(() => {
    delete asking[kind];
  });
  return asking[kind];
}
