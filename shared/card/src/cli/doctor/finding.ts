export type Severity = 'ok' | 'note' | 'problem';

/** Every finding that there is; the words have a sentence for what it is, and one for what to do where there is any. */
export const FINDINGS = [
  'no-usb',
  'no-reader',
  'reader',
  'unknown-model',
  'cpu-only',
  'node-missing',
  'no-rights',
  'held',
  'held-unseen',
  'kernel-driver',
  'pcscd-owns',
  'pcscd-would-own',
  'pcscd-closed',
  'pcscd-none',
  'package-missing',
  'package-absent',
  'package-other-node',
  'library-missing',
  'node-too-old',
  'hidden-processes',
  'windows',
  'macos',
  'other-platform',
] as const;
export type FindingId = (typeof FINDINGS)[number];

export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** Which reader it is about. */
  readonly device?: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Lines to put into a file or to run, as they are. */
  readonly lines?: readonly string[];
}
